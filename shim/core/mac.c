/*
 * Mac. See mac.h.
 */
#include "mac.h"

#include "bytes.h"
#include "crc32.h"
#include "ntlm.h"

#define CHUNK 512 /* of plaintext, on the stack for as long as it takes to hash it */

/* With ESS a signature has half of the HMAC's bytes, 2.2.2.9.2; without it RandomPad, checksum and
 * number are encrypted, 2.2.2.9.1. */
#define CHECKSUM    8
#define CHECKSUM_AT 4
#define TRAILER     12

void mac_begin(struct mac *mac, const struct sealing *sealing, uint32_t number)
{
    unsigned char at[4];

    /* Not as one literal: some compilers build it on the stack first, keys and all. */
    mac->ess = sealing->ess;
    mac->exchanged = sealing->exchanged;
    mac->fresh = sealing->fresh;
    mac->number = sealing->ess ? number : sealing->number;
    mac->stream = sealing->stream;
    mac->text = sealing->keyed;
    mac->crc = 0;
    mac->n = 0;
    bytes_put_le32(at, number);
    if (mac->ess)
        hmac_add(&mac->text, at, sizeof at);
}

void mac_add(struct mac *mac, const unsigned char *at, size_t n)
{
    unsigned char text[CHUNK];
    size_t most = n < CHUNK ? n : CHUNK;

    mac->n += n;
    while (n) {
        size_t part = n < CHUNK ? n : CHUNK;

        rc4_apply(&mac->stream, at, text, part);
        if (mac->ess)
            hmac_add(&mac->text, text, part);
        else
            mac->crc = crc32_add(mac->crc, text, part);
        at += part;
        n -= part;
    }
    bytes_wipe(text, most);
}

static bool fits_ess(const struct mac *mac, const unsigned char *signature)
{
    unsigned char digest[MD5_DIGEST];
    struct hmac text = mac->text;
    struct rc4 stream;
    bool fits;

    hmac_end(&text, digest);
    if (mac->exchanged) {
        stream = mac->stream;
        rc4_apply(&stream, digest, digest, CHECKSUM);
        bytes_wipe(&stream, sizeof stream);
    }
    fits = memcmp(digest, signature + CHECKSUM_AT, CHECKSUM) == 0 &&
           bytes_le32(signature + NTLM_NUMBER_AT) == mac->number;
    bytes_wipe(&text, sizeof text);
    bytes_wipe(digest, sizeof digest);
    return fits;
}

/* The number that the signature has, if it fits; it is encrypted. If not it is nobody's. */
static bool open_nt4(const struct mac *mac, const unsigned char *signature, uint32_t *number)
{
    unsigned char open[TRAILER];
    struct rc4 stream = mac->stream;
    uint32_t ahead;
    bool fits;

    rc4_apply(&stream, signature + NTLM_PAD_AT, open, TRAILER);
    ahead = bytes_le32(open + 8) - mac->number;
    fits = bytes_le32(open + 4) == mac->crc && ahead <= (mac->fresh ? 2 : 0);
    if (fits)
        *number = mac->number + ahead;
    bytes_wipe(&stream, sizeof stream);
    bytes_wipe(open, sizeof open);
    return fits;
}

bool mac_fits(const struct mac *mac, const unsigned char signature[MAC_SIGNATURE])
{
    uint32_t number;

    if (bytes_le32(signature) != NTLM_VERSION)
        return false;
    return mac->ess ? fits_ess(mac, signature) : open_nt4(mac, signature, &number);
}

void mac_accept(const struct mac *mac, const unsigned char signature[MAC_SIGNATURE],
                struct sealing *sealing)
{
    uint32_t number = mac->number;

    if (!mac->ess)
        open_nt4(mac, signature, &number);
    sealing->stream = mac->stream;
    sealing->number = number;
    sealing->fresh = false;
    sealing_skip(sealing, 0, 1);
}
