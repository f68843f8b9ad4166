/*
 * Signature: the search for the place where the next block of an I/O begins, for blocks that do not
 * tell their length (frame.h says what is looked for), and what of the application stands there.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "frame.h"

/*
 * Reads the header of the block at walk->start. False if it is not that of a block of the walk's
 * kind, sealed.
 */
bool signature_read(struct frame_walk *walk, struct span header);

/* The next boundary at or behind `from`, or the I/O's length; and the kind that it proves. */
size_t signature_find(const struct frame_walk *walk, size_t from, enum frame_kind *kind);

#define SIGNATURE_NOT_BELIEVED SIZE_MAX

/* Bytes of the application's framing between the blocks that meet at p, or NOT_BELIEVED. */
size_t signature_prefix(const struct frame_walk *walk, enum frame_kind kind, size_t p);

#endif
