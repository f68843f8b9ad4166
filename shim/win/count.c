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
<<<<<<< HEAD

uint32_t SSPISHIM_CALL shim_SspiShimStatus(struct sspishim_status *status, uint32_t size)
{
    if (!status || size < sizeof *status)
        return sizeof *status;
    *status = (struct sspishim_status){
        .size = sizeof *status,
        .version = VERSION_MAJOR << 16 | VERSION_MINOR << 8 | VERSION_PATCH,
        .calls = sum(COUNT_CALLS),
        .untouched = sum(COUNT_UNTOUCHED),
        .merged = sum(COUNT_MERGED),
        .split = sum(COUNT_SPLIT),
        .extra = sum(COUNT_EXTRA),
        .extra_ignored = sum(COUNT_EXTRA_IGNORED),
        .held = sum(COUNT_HELD),
        .pending = sum(COUNT_PENDING),
        .lost = sum(COUNT_LOST),
        .altered = sum(COUNT_ALTERED),
        .verified = sum(COUNT_VERIFIED),
    };
    return sizeof *status;
}
=======
>>>>>>> config
