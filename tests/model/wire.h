/*
 * Wire: everything that the peer of a plan sends, and what it means.
 */
#ifndef WIRE_H
#define WIRE_H

#include "plan.h"

#define WIRE_CONTEXT 1 /* of the fake provider */

struct wire_block {
    size_t start; /* of its prefix */
    size_t token; /* of the block */
    size_t end;
    size_t text_end; /* bytes of text up to here */
};

struct wire {
    unsigned char *bytes, *text;
    size_t n, text_n;
    unsigned blocks;
    bool unlucky;  /* a token looks as if a prefix stood at its end, and has no text to change */
    size_t spoilt; /* the byte that was changed on its way; 0: none */
    size_t head;   /* bytes of TOKEN in the program's layout */
    struct wire_block block[PLAN_BLOCKS];
};

/* Where everything will be. */
struct wire wire_layout(const struct plan *plan);

/* Seals it all, on the fake provider's context WIRE_CONTEXT. One at a time. */
const struct wire *wire_seal(const struct plan *plan);

/* The block that holds the byte `at`, its prefix included; the number of blocks at the end. */
unsigned wire_block_at(const struct wire *wire, size_t at);

/* Does a block (or the prefix in front of it) begin there, or the stream end? */
bool wire_meets(const struct wire *wire, size_t at);

/* Where a read that begins at `start` and might end at `end` does: the peer waits for a message. */
size_t wire_stop(const struct plan *plan, const struct wire *wire, size_t start, size_t end);

#endif
