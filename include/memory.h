/*
 * Memory: where the core gets it from. The face links the process heap, the tests an allocator that
 * fails on demand.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* n > 0 bytes, not zeroed, or NULL. */
void *memory_take(size_t n);

/* Gives back what memory_take gave, or NULL. The caller has wiped it. */
void memory_give(void *at);

#endif
