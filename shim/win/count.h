/*
 * Count: what the shim has done so far. Always on.
 */
#ifndef COUNT_H
#define COUNT_H

#include "shim.h"

enum count {
    COUNT_CALLS,
    COUNT_UNTOUCHED,
    COUNT_MERGED,
    COUNT_SPLIT,
    COUNT_EXTRA,
    COUNT_EXTRA_IGNORED,
    COUNT_HELD,
    COUNT_PENDING,
    COUNT_LOST,
    COUNT_ALTERED,
    COUNT_VERIFIED,
    COUNT_FAULTS,
    COUNT_CONFIGURED,
    COUNT_EXACT,
    COUNT_KEYLESS,
    COUNT_RETIRED,
    COUNT_COUNT
};

void count_add(enum count which, ULONG n);

uint32_t count_sum(enum count which);

#endif
