/*
 * Host: what the process heap and kernel32 are to the shim, and the memory that fails.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From now on one allocation of `rate` fails, as the seed says; 0: none. */
void host_fail_memory(uint32_t rate, uint32_t seed);

extern unsigned host_failed; /* allocations that failed since then */
extern unsigned host_out;    /* pieces that are allocated now */
extern bool host_dirty;      /* a piece came back that was not wiped */

#endif
