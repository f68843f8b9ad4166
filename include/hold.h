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

#define HOLD_MAX ((size_t)1 << 20) /* bytes a context may keep */

struct hold {
    unsigned char *base; /* owned */
    size_t cap;          /* bytes at base */
    size_t from;         /* where the kept bytes start */
    size_t n;            /* kept bytes; from + n <= cap */
};

/* The kept bytes, to be changed in place; good until the next call that is not hold_bytes. */
struct span hold_bytes(const struct hold *hold);

/* Adds bytes at the end. False, and nothing changed, without memory or past HOLD_MAX. */
bool hold_append(struct hold *hold, struct span bytes);

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
