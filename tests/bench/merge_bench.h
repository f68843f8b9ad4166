/*
 * merge_bench.h: how the cost of a merged I/O grows with the number of its blocks.
 */
#ifndef MERGE_BENCH_H
#define MERGE_BENCH_H

#include "shim.h"

/* On the context with this value, which is alive. */
bool merge_measure(ULONG_PTR lower);

#endif
