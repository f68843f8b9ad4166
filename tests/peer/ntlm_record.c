/*
 * ntlm_record.c: writes a recording of NTLM sealed blocks for the core tests, made by gss-ntlmssp
 * with both ends in this process.
 *
 *   ntlm_record ess|nt4|lmkey > FILE  NTLM_USER_FILE names the password file; format: the README
 *                                     in tests/data. lmkey is nt4 with NTLMSSP_NEGOTIATE_LM_KEY,
 *                                     that is, with a key cut to 56 bits
 *
 * Every block is unsealed by the other end before it is written. Without extended session
 * security both directions draw from one key stream: the order of the lines is the wire order.
 */
#include "sealer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_MAX    3000
#define RECORD_LM_KEY 0x80u
#define RECORD_OFFER  12 /* NegotiateFlags of the NEGOTIATE message, lowest byte */

static struct sealer record_end[2]; /* the client, the server */

static void record_hex(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    if (size == 0)
        putchar('-');
}

/* Texts that could be taken for something else: a header in clear, repeated bytes, zeros. */
static void record_text(unsigned char *text, size_t size, size_t number)
{
    static const unsigned char header[] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    for (size_t i = 0; i < size; i++)
        text[i] = (unsigned char)(number % 4 == 3 ? 0 : i * 7 + number * 31);
    for (size_t at = 5; number % 3 == 2 && at + 16 <= size; at += 41) {
        memcpy(text + at, header, sizeof header);
        text[at + 12] = (unsigned char)(number + 1);
    }
}

static int record_block(size_t from, size_t size, size_t number)
{
    unsigned char text[RECORD_MAX];
    unsigned char sealed[SEALER_SIGNATURE + RECORD_MAX];
    unsigned char again[RECORD_MAX];

    record_text(text, size, number);
    if (sealer_seal(&record_end[from], text, size, sealed) ||
        sealer_unseal(&record_end[1 - from], sealed, SEALER_SIGNATURE + size, again))
        return -1;
    if (memcmp(text, again, size))
        return fprintf(stderr, "ntlm_record: block %zu came back changed\n", number), -1;
    printf("%s ", from == 0 ? "c2s" : "s2c");
    record_hex(text, size);
    putchar(' ');
    record_hex(sealed, SEALER_SIGNATURE + size);
    putchar('\n');
    return 0;
}

/* gss-ntlmssp makes a level 0 client, its credential included, offer the NT 4 kind alone, and
 * always with LM_KEY, which Wine does not: so that offer is withdrawn on the way. A level 1 server
 * takes all three. */
static int record_log_on(bool ess, bool lm_key)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    uint32_t want = (ess ? SEALER_FLAG_ESS : 0) | (lm_key ? RECORD_LM_KEY : 0);

    setenv("LM_COMPAT_LEVEL", ess ? "1" : "0", 1);
    for (size_t i = 0; i < 2; i++)
        if (sealer_open(&record_end[i], i == 0))
            return -1;
    for (size_t turn = 0; !record_end[1].done; turn = 1 - turn) {
        setenv("LM_COMPAT_LEVEL", turn == 0 && !ess ? "0" : "1", 1);
        if (sealer_step(&record_end[turn], &token, &token))
            return -1;
        if (turn == 0 && !record_end[0].done && !lm_key)
            ((unsigned char *)token.value)[RECORD_OFFER] &= (unsigned char)~RECORD_LM_KEY;
    }
    if ((record_end[0].flags & (SEALER_FLAG_ESS | RECORD_LM_KEY)) != want)
        return fprintf(stderr, "ntlm_record: negotiated %08x\n", record_end[0].flags), -1;
    return 0;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {40, 0,  1,  15,  16, 17,  40, 100, 2,  0,   31, 32, 33, 64,
                                   8,  12, 63, 200, 65, 128, 5,  0,   40, 300, 24, 40, 16};
    const size_t count = sizeof sizes / sizeof *sizes;

    if (argc != 2 || (strcmp(argv[1], "ess") && strcmp(argv[1], "nt4") && strcmp(argv[1], "lmkey")))
        return fprintf(stderr, "usage: ntlm_record ess|nt4|lmkey\n"), 2;
    if (record_log_on(!strcmp(argv[1], "ess"), !strcmp(argv[1], "lmkey")))
        return 1;
    printf("# made by ntlm_record %s: sealed by gss-ntlmssp, see README.md\n", argv[1]);
    printf("flags 0x%08x\nkey ", record_end[0].flags);
    record_hex(record_end[0].key, SEALER_KEY_SIZE);
    putchar('\n');
    /* The server talks more: now and then two or three of its blocks follow each other. */
    for (size_t i = 0; i < count; i++) {
        if (record_block(0, sizes[i], i) || record_block(1, sizes[(i * 5 + 3) % count], i))
            return 1;
        if (i % 6 == 5 && (record_block(1, i, i + 1) || record_block(1, 40, i + 2)))
            return 1;
    }
    for (size_t from = 0; from < 2; from++)
        if (record_block(from, RECORD_MAX, count) || record_block(from, 40, count + 1))
            return 1;
    return 0;
}
