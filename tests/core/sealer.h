/*
 * Sealer: one end of an NTLM session that seals messages, made from nettle's algorithms and the
 * facts of [MS-NLMP] 3.4, without a line of the shim's.
 */
#ifndef SEALER_H
#define SEALER_H

#include <stdbool.h>
#include <stdint.h>

#include <nettle/arcfour.h>

#include "span.h"

struct sealer {
    bool ess, exchanged;
    uint32_t number;
    unsigned char sign[16], seal[16]; /* ESS */
    struct arcfour_ctx rc4;
};

void sealer_begin(struct sealer *sealer, uint32_t flags, const unsigned char key[16], bool server);

/* Writes signature and ciphertext; gives their length, 16 more than the text's. */
size_t sealer_seal(struct sealer *sealer, struct span text, unsigned char *to);

/*
 * The other end's part: decrypts the n bytes at `at`, in place, and goes on to the next message.
 * Does the signature fit? If not, it is out of step with whoever sealed them.
 */
bool sealer_open(struct sealer *sealer, const unsigned char signature[16], unsigned char *at,
                 size_t n);

/* CRC-32, bit by bit: nothing of it can be wrong in the same way as a table. */
uint32_t sealer_crc(struct span text);

#endif
