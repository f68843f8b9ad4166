/*
 * Zoo_stream: what the peers of the zoo send, and the pieces in which it arrives.
 */
#ifndef ZOO_STREAM_H
#define ZOO_STREAM_H

#include "zoo.h"

/* Seals these blocks on context 1, which is of the package, in the way that the animal expects. */
void zoo_stream_seal(struct zoo_stream *stream, const struct zoo_animal *animal, unsigned package,
                     const int *blocks);

/* In how many ways it can be cut into pieces of one kind: 1 ... */
size_t zoo_stream_places(const struct zoo_stream *stream, unsigned pieces);

/* Where the pieces end in the way `at` (1 ...). */
enum zoo_fit zoo_stream_cut(const struct zoo_stream *stream, unsigned pieces, size_t at,
                            size_t *cuts);

#endif
