/*
 * cost_bench.c: what the shim itself costs, with a provider that does nothing: the untouched path
 * next to the direct call, the search in it, the look-up with many contexts alive, and how a merged
 * I/O's cost grows with its length (merge_bench.c). Only allocations are judged, never times.
 */
#include "merge_bench.h"
#include "null_provider.h"
#include "timing.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "frame.h"
#include "ntlm.h"

#define COST_POOL   65536 /* bytes of different blocks, so that no branch is learnt by heart */
#define COST_ROUNDS 31
#define COST_LOWER  0x10000

struct pool {
    unsigned size; /* of a text */
    unsigned mask; /* number of blocks - 1; a power of two */
    unsigned calls;
    unsigned refused;
    unsigned char *blocks;
};

static const struct {
    const char *label;
    unsigned size, calls;
} cost_rows[] = {{"64 B", 64, 4000}, {"1 KiB", 1024, 1000}, {"16 KiB", 16384, 200}};

#define COST_ROWS (sizeof cost_rows / sizeof *cost_rows)

static bool pool_fill(struct pool *pool, unsigned size, unsigned calls)
{
    size_t n = COST_POOL / size;

    *pool = (struct pool){.size = size, .mask = (unsigned)n - 1, .calls = calls};
    pool->blocks = malloc(n * (NTLM_SIGNATURE + size));
    for (size_t i = 0; pool->blocks && i < n; i++)
        null_block(pool->blocks + i * (NTLM_SIGNATURE + size), size, (unsigned)i);
    return pool->blocks;
}

static unsigned char *pool_block(const struct pool *pool, unsigned i)
{
    return pool->blocks + (size_t)(i & pool->mask) * (NTLM_SIGNATURE + pool->size);
}

static double unseal_group(void *argument, ways_fn call)
{
    struct pool *pool = argument;
    CtxtHandle context = null_handle(COST_LOWER);
    double start = timing_now();

    for (unsigned i = 0; i < pool->calls; i++) {
        unsigned char *block = pool_block(pool, i);
        SecBuffer part[2] = {{NTLM_SIGNATURE, SECBUFFER_TOKEN, block},
                             {pool->size, SECBUFFER_DATA, block + NTLM_SIGNATURE}};
        SecBufferDesc list = {SECBUFFER_VERSION, 2, part};
        ULONG quality;

        pool->refused += call(&context, &list, 0, &quality) != SEC_E_OK;
    }
    return (timing_now() - start) / pool->calls;
}

static bool measure_untouched(void)
{
    static struct ways ways;
    unsigned long before = null_allocations;
    bool good = true;

    ways_set(&ways, (ways_fn)real_slots[REAL_DecryptMessage], shim_DecryptMessage);
    printf("\nA provider that does nothing, one block a call; ns per call, medians of %d groups\n",
           WAYS_ROUNDS);
    ways_print_head();
    for (size_t i = 0; good && i < COST_ROWS; i++) {
        struct pool pool;

        good = pool_fill(&pool, cost_rows[i].size, cost_rows[i].calls) &&
               ways_run(&ways, unseal_group, &pool) && pool.refused == 0;
        free(pool.blocks);
        if (good)
            ways_print(&ways, cost_rows[i].label);
    }
    good = timing_check(good, "every call went through");
    return timing_check(null_allocations == before, "no allocation on the untouched path") && good;
}

static double search_group(const struct pool *pool, unsigned *found)
{
    static const struct frame_rule rule = {.kind = FRAME_ESS, .prefix = FRAME_PREFIX_UNKNOWN};
    double start = timing_now();

    for (unsigned i = 0; i < pool->calls; i++) {
        struct span block, input = {pool_block(pool, i), NTLM_SIGNATURE + pool->size};
        struct frame_walk walk;

        frame_begin(&walk, &rule, FRAME_TOKEN_FIRST, span_head(input, NTLM_SIGNATURE), input);
        *found += frame_next(&walk, &block) != FRAME_STEP_WHOLE;
    }
    return (timing_now() - start) / pool->calls;
}

static bool measure_search(void)
{
    unsigned found = 0;

    printf("\nThe search for a second block, nothing else\n");
    printf("%-8s %9s %9s\n", "text", "ns", "bytes/ns");
    for (size_t i = 0; i < COST_ROWS; i++) {
        double ns[COST_ROUNDS], median;
        struct pool pool;

        if (!pool_fill(&pool, cost_rows[i].size, cost_rows[i].calls))
            return false;
        for (int round = 0; round < COST_ROUNDS; round++)
            ns[round] = search_group(&pool, &found);
        free(pool.blocks);
        median = timing_spread(ns, COST_ROUNDS).median;
        printf("%-8s %9.1f %9.2f\n", cost_rows[i].label, median,
               (NTLM_SIGNATURE + cost_rows[i].size) / median);
    }
    return timing_check(found == 0, "no second block in a single one");
}

#define LOOKUP_MAX   100000
#define LOOKUP_CALLS 2000

/* Looks contexts up in an order that jumps about (`step` has no factor in common with n). */
static double lookup_group(unsigned n, ULONG_PTR stride, unsigned step, unsigned *missed)
{
    static unsigned at;
    double start = timing_now();

    for (unsigned i = 0; i < LOOKUP_CALLS; i++) {
        CtxtHandle value = null_handle(COST_LOWER + stride * (at % n));
        struct context *context = context_take(&value);

        *missed += context == NULL;
        context_give(context);
        at += step;
    }
    return (timing_now() - start) / LOOKUP_CALLS;
}

static double lookup_median(unsigned n, ULONG_PTR stride, unsigned step, unsigned *missed)
{
    double ns[COST_ROUNDS];

    for (int round = 0; round < COST_ROUNDS; round++)
        ns[round] = lookup_group(n, stride, step, missed);
    return timing_spread(ns, COST_ROUNDS).median;
}

/* One context is looked up again and again, then all of them in turn: the caches make that slower.
 */
static bool measure_lookup(void)
{
    static const unsigned alive[] = {1, 1000, LOOKUP_MAX};
    static const ULONG_PTR stride[] = {1, 0x60}; /* Schannel's indices, NTLM's addresses */
    unsigned missed = 0, born = 0;

    printf("\nLook-up of a context: take and give, ns\n%-9s %12s %12s %12s %12s\n", "alive",
           "index, one", "index, all", "addr., one", "addr., all");
    for (size_t row = 0; row < 3; row++) {
        printf("%-9u", alive[row]);
        for (size_t i = 0; i < 2; i++) {
            for (unsigned k = 0; k < alive[row]; k++)
                born += null_birth(COST_LOWER + stride[i] * k);
            printf(" %12.1f", lookup_median(alive[row], stride[i], 0, &missed));
            printf(" %12.1f", lookup_median(alive[row], stride[i], 7919, &missed));
            for (unsigned k = 0; k < alive[row]; k++)
                null_death(COST_LOWER + stride[i] * k);
        }
        printf("\n");
    }
    return timing_check(missed == 0 && born == 2 * (1 + 1000 + LOOKUP_MAX),
                        "every context was found");
}

int main(void)
{
    bool good;

    good = timing_check(null_birth(COST_LOWER), "a context is born");
    good = measure_untouched() && good;
    good = measure_search() && good;
    good = merge_measure(COST_LOWER) && good;
    null_death(COST_LOWER);
    good = measure_lookup() && good;
    return good ? 0 : 1;
}
