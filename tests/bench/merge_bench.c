/*
 * merge_bench.c: see merge_bench.h. Both ways of delivery: the blocks of an I/O put together, and
 * one by one through an EXTRA slot that the caller presents again. Each I/O is consumed, so many
 * copies of it are laid out first and only the calls are timed.
 */
#include "merge_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ntlm.h"
#include "null_provider.h"
#include "timing.h"

#define MERGE_TEXT   32
#define MERGE_BLOCK  (NTLM_SIGNATURE + MERGE_TEXT)
#define MERGE_MOST   4096
#define MERGE_ROUNDS 31

/* Consumes one I/O and tells how many bytes of text it gave. */
typedef size_t (*merge_fn)(PCtxtHandle context, unsigned char *input, size_t n);

static size_t consume_joined(PCtxtHandle context, unsigned char *input, size_t n)
{
    SecBuffer part[2] = {{NTLM_SIGNATURE, SECBUFFER_TOKEN, input},
                         {(ULONG)n - NTLM_SIGNATURE, SECBUFFER_DATA, input + NTLM_SIGNATURE}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, part};
    ULONG quality;

    return shim_DecryptMessage(context, &list, 0, &quality) == SEC_E_OK ? part[1].cbBuffer : 0;
}

static size_t consume_extra(PCtxtHandle context, unsigned char *input, size_t n)
{
    size_t texts = 0;

    while (n) {
        SecBuffer part[4] = {{NTLM_SIGNATURE, SECBUFFER_TOKEN, input},
                             {(ULONG)n - NTLM_SIGNATURE, SECBUFFER_DATA, input + NTLM_SIGNATURE}};
        SecBufferDesc list = {SECBUFFER_VERSION, 4, part};
        ULONG quality;

        if (shim_DecryptMessage(context, &list, 0, &quality) != SEC_E_OK)
            return 0;
        texts += part[1].cbBuffer;
        n = part[2].BufferType == SECBUFFER_EXTRA ? part[2].cbBuffer : 0;
        input = part[2].pvBuffer;
    }
    return texts;
}

struct merge {
    CtxtHandle context;
    const unsigned char *stream; /* MERGE_MOST blocks */
    unsigned char *copies;       /* room for as many */
};

/* Nanoseconds per byte of I/Os of that many blocks; less than 0 if a text was lost. */
static double merge_group(struct merge *merge, unsigned blocks, merge_fn consume)
{
    size_t n = (size_t)blocks * MERGE_BLOCK, copies = MERGE_MOST / blocks, texts = 0;
    double start, ns;

    for (size_t i = 0; i < copies; i++)
        memcpy(merge->copies + i * n, merge->stream, n);
    start = timing_now();
    for (size_t i = 0; i < copies; i++)
        texts += consume(&merge->context, merge->copies + i * n, n);
    ns = timing_now() - start;
    return texts == copies * blocks * MERGE_TEXT ? ns / (double)(copies * n) : -1;
}

static bool merge_row(struct merge *merge, unsigned blocks)
{
    static const merge_fn consume[] = {consume_joined, consume_extra};
    double ns[MERGE_ROUNDS];
    bool good = true;

    printf("%-8u", blocks);
    for (size_t i = 0; i < 2; i++) {
        for (int round = 0; round < MERGE_ROUNDS; round++) {
            ns[round] = merge_group(merge, blocks, consume[i]);
            good = good && ns[round] >= 0;
        }
        printf(" %9.2f", timing_spread(ns, MERGE_ROUNDS).median);
    }
    printf("\n");
    return good;
}

bool merge_measure(ULONG_PTR lower)
{
    static const unsigned blocks[] = {1, 16, 256, MERGE_MOST};
    unsigned char *stream = malloc(MERGE_MOST * MERGE_BLOCK);
    struct merge merge = {null_handle(lower), stream, malloc(MERGE_MOST * MERGE_BLOCK)};
    bool good = stream && merge.copies;

    printf("\nMerged I/Os of blocks with %d bytes of text, ns per byte\n%-8s %9s %9s\n", MERGE_TEXT,
           "blocks", "joined", "EXTRA");
    for (unsigned i = 0; good && i < MERGE_MOST; i++)
        null_block(stream + (size_t)i * MERGE_BLOCK, MERGE_TEXT, i);
    for (size_t i = 0; good && i < sizeof blocks / sizeof *blocks; i++)
        good = merge_row(&merge, blocks[i]);
    free(stream);
    free(merge.copies);
    return timing_check(good, "every text of a merged I/O came out");
}
