/*
 * Side: one direction of a recording, as its receiver sees it, and what exact_find has to say of
 * it.
 */
#ifndef SIDE_H
#define SIDE_H

#include "exact.h"
#include "recording.h"

struct side {
    const struct recording *recording;
    bool to_client, ess;
    unsigned order[RECORDING_BLOCKS], blocks;
    struct exact before[RECORDING_BLOCKS + 1]; /* each of its blocks */
};
extern struct side side;

extern const char *const side_files[3];
extern const struct exact_gap side_any, side_none; /* 0, 4 or 8 bytes between blocks; none */

/* From now on it is this one. Each of its blocks has been found. */
void side_begin(const char *file, bool to_client);

/* For all of them. */
void side_each(void (*run)(void));

struct span side_sealed(unsigned i);

/* The block `i` has been unsealed, and what the other end sealed after it has passed. */
void side_advance(struct exact *exact, unsigned i);

/* These bytes begin with a whole block of n bytes; or with none. */
void side_whole(struct exact *exact, struct span at, struct exact_gap gap, size_t n);
void side_partial(struct exact *exact, struct span at, struct exact_gap gap);

#endif
