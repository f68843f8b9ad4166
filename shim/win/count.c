/*
 * Count. See count.h.
 *
 * The counters of a busy server are written by many threads at once. Each thread writes to one of
 * several copies, a cache line or more apart, and a reader adds them up.
 */
#include "count.h"

#define COPIES 16 /* a power of two */

static struct {
    volatile LONG of[COUNT_COUNT];
} __attribute__((aligned(64))) copies[COPIES];

void count_add(enum count which, ULONG n)
{
    /* Thread ids are multiples of four. */
    unsigned mine = GetCurrentThreadId() / 4 % COPIES;

    __atomic_fetch_add(&copies[mine].of[which], (LONG)n, __ATOMIC_RELAXED);
}

uint32_t count_sum(enum count which)
{
    uint32_t n = 0;

    for (unsigned i = 0; i < COPIES; i++)
        n += (uint32_t)__atomic_load_n(&copies[i].of[which], __ATOMIC_RELAXED);
    return n;
}
