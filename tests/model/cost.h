/*
 * Cost: what the shim does with bytes, counted. Its calls of memcpy and the like are diverted here
 * in its objects (model.mk), the search and the loops of bytes.c by the linker.
 */
#ifndef COST_H
#define COST_H

#include <stddef.h>
#include <stdint.h>

struct cost {
    uint64_t moved;    /* bytes copied, moved, exchanged, zeroed */
    uint64_t searched; /* bytes looked at */
    uint64_t hashed;   /* bytes decrypted and hashed to see where a block ends */
    uint64_t taken;    /* bytes of memory asked for */
};
extern struct cost cost;

/* Runs the checks; gives how many passed and adds those that did not to *failed. */
unsigned cost_check(unsigned *failed);

#endif
