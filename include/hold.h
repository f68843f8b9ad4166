/*
 * Hold: bytes that a context keeps from one call to the next, in memory of its own. They are either
 * ciphertext that an EXTRA slot announced, or authenticated plaintext that waits for room. Whatever
 * leaves a hold is wiped behind it. A zeroed struct hold is an empty one.
 */
#ifndef HOLD_H
#define HOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

struct hold {
    unsigned char *base; /* owned */
    size_t cap;          /* bytes at base */
    size_t settled;      /* plaintext at base, see hold_settle; settled <= from */
    size_t from;         /* where the kept bytes start */
    size_t n;            /* kept bytes; from + n <= cap */
};

/* The kept bytes, to be changed in place; good until the next call that is not hold_bytes. */
struct span hold_bytes(const struct hold *hold);

/* Makes room for n more bytes (n <= 2^29), which can then be added for certain. False: no memory.
 */
bool hold_reserve(struct hold *hold, size_t n);

/* Adds bytes at the end. False, and nothing changed, without memory. */
bool hold_append(struct hold *hold, struct span bytes);

/*
 * The first `spent` bytes have been turned into the text `plain`, which lies within them: it moves
 * to the front of the hold's memory, behind others that did, and they are gone.
 */
void hold_settle(struct hold *hold, size_t spent, struct span plain);

/*
 * Puts the texts that settled behind the bytes of `to`. Where that is empty and nothing else is
 * kept here, no memory is needed. False: no memory, and nothing changed.
 */
bool hold_hand_over(struct hold *hold, struct hold *to);

/* Forgets the first n bytes (all, if there are fewer). An emptied hold gives its memory back. */
void hold_consume(struct hold *hold, size_t n);

/* Keeps only the first n bytes. */
void hold_trim(struct hold *hold, size_t n);

/* Wipes and frees. */
void hold_drop(struct hold *hold);

/*
 * Puts the kept bytes in front of the first `have` of room.n bytes (have <= room.n), as far as they
 * fit; what is pushed out at the end is kept in their place. Nothing is allocated, so it cannot
 * fail: what comes out is never more than what goes in. Returns the bytes now used in room.
 */
size_t hold_lead(struct hold *hold, struct span room, size_t have);

#endif
