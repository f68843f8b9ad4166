/*
 * Mac: is a ciphertext, up to here, one whole message? It is decrypted and hashed as it comes,
 * every byte once, and can be asked at any length. What it decrypts it shows to nobody.
 */
#ifndef MAC_H
#define MAC_H

#include "sealing.h"

#define MAC_SIGNATURE 16

struct mac {
    bool ess;
    bool exchanged;
    bool fresh;
    uint32_t number;   /* ESS: as the signature says; otherwise as is expected */
    struct rc4 stream; /* behind the ciphertext so far */
    struct hmac text;  /* ESS */
    uint32_t crc;      /* otherwise */
    size_t n;          /* bytes so far */
};

/* A message that is sealed next; `number`: with ESS the one in its signature, otherwise not used.
 */
void mac_begin(struct mac *mac, const struct sealing *sealing, uint32_t number);

/* n more bytes of ciphertext, which stay as they are. */
void mac_add(struct mac *mac, const unsigned char *at, size_t n);

/*
 * Does this signature fit what has been added? In 64 bits; the first four bytes of the checksum
 * without ESS (RandomPad) may be anything. Nothing changes, the work does not depend on n.
 */
bool mac_fits(const struct mac *mac, const unsigned char signature[MAC_SIGNATURE]);

/* It fitted, and the sealing goes on behind it. */
void mac_accept(const struct mac *mac, const unsigned char signature[MAC_SIGNATURE],
                struct sealing *sealing);

#endif
