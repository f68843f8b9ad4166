/*
 * Sealer. See sealer.h.
 */
#include "sealer.h"

#include <string.h>

#include <nettle/hmac.h>
#include <nettle/md5.h>

#define FLAG_LM_KEY   0x00000080u
#define FLAG_ESS      0x00080000u
#define FLAG_128      0x20000000u
#define FLAG_KEY_EXCH 0x40000000u
#define FLAG_56       0x80000000u

/* 3.4.5.2 and 3.4.5.3: the magic constants are hashed with their NUL. */
static void derive(const unsigned char *key, size_t n, bool server, const char *purpose,
                   unsigned char to[16])
{
    struct md5_ctx md5;
    char magic[80] = "session key to ";

    strcat(magic, server ? "server-to-client " : "client-to-server ");
    strcat(magic, purpose);
    strcat(magic, " key magic constant");
    md5_init(&md5);
    md5_update(&md5, n, key);
    md5_update(&md5, strlen(magic) + 1, (const uint8_t *)magic);
    md5_digest(&md5, 16, to);
}

void sealer_begin(struct sealer *sealer, uint32_t flags, const unsigned char key[16], bool server)
{
    unsigned char seal[16];
    size_t n = flags & FLAG_128 ? 16 : flags & FLAG_56 ? 7 : 5;

    memset(sealer, 0, sizeof *sealer);
    sealer->ess = flags & FLAG_ESS;
    sealer->exchanged = flags & FLAG_KEY_EXCH;
    if (sealer->ess) {
        derive(key, 16, server, "signing", sealer->sign);
        derive(key, n, server, "sealing", sealer->seal);
        arcfour_set_key(&sealer->rc4, 16, sealer->seal);
        return;
    }
    memcpy(seal, key, 16);
    if (flags & FLAG_LM_KEY && flags & FLAG_56)
        memcpy(seal + 7, "\xA0", 1);
    else if (flags & FLAG_LM_KEY)
        memcpy(seal + 5, "\xE5\x38\xB0", 3);
    arcfour_set_key(&sealer->rc4, flags & FLAG_LM_KEY ? 8 : 16, seal);
}

static void put32(unsigned char *to, uint32_t n)
{
    for (int i = 0; i < 4; i++, n >>= 8)
        to[i] = (unsigned char)n;
}

uint32_t sealer_crc(struct span text)
{
    uint32_t crc = 0xFFFFFFFFu;

    for (size_t i = 0; i < text.n; i++) {
        crc ^= text.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void sign(struct sealer *sealer, struct span text, unsigned char checksum[8])
{
    struct hmac_md5_ctx hmac;
    unsigned char number[4];

    put32(number, sealer->number);
    hmac_md5_set_key(&hmac, 16, sealer->sign);
    hmac_md5_update(&hmac, 4, number);
    hmac_md5_update(&hmac, text.n, text.at);
    hmac_md5_digest(&hmac, 8, checksum);
}

/* What stands behind the version, for a text that has been sealed or opened by now. */
static void trailer(struct sealer *sealer, struct span text, unsigned char to[12])
{
    if (sealer->ess) {
        sign(sealer, text, to);
        if (sealer->exchanged)
            arcfour_crypt(&sealer->rc4, 8, to, to);
        put32(to + 8, sealer->number);
    } else {
        put32(to, 0);
        put32(to + 4, sealer_crc(text));
        put32(to + 8, sealer->number);
        arcfour_crypt(&sealer->rc4, 12, to, to);
        put32(to, 0);
    }
    sealer->number++;
}

size_t sealer_seal(struct sealer *sealer, struct span text, unsigned char *to)
{
    arcfour_crypt(&sealer->rc4, text.n, to + 16, text.at);
    put32(to, 1);
    trailer(sealer, text, to + 4);
    return text.n + 16;
}

bool sealer_open(struct sealer *sealer, const unsigned char signature[16], unsigned char *at,
                 size_t n)
{
    unsigned char want[16];
    size_t from = sealer->ess ? 4 : 8; /* nobody looks at RandomPad */

    put32(want, 1);
    arcfour_crypt(&sealer->rc4, n, at, at);
    trailer(sealer, (struct span){at, n}, want + 4);
    return memcmp(signature, want, 4) == 0 && memcmp(signature + from, want + from, 16 - from) == 0;
}
