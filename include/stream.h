/*
 * Stream: the bytes kept from earlier I/Os and the I/O at hand, as one. It gives the blocks of both
 * in wire order, each in one piece: where it lies in the I/O, or, if a part of it was kept, in the
 * hold, to which just so much of the I/O is moved as the block lacks (all of the I/O, where the
 * block's end has to be searched for).
 *
 * An unfinished block at the end is put into the hold. Every byte of an I/O is moved at most once.
 */
#ifndef STREAM_H
#define STREAM_H

#include "frame.h"
#include "hold.h"

enum stream_step {
    STREAM_BLOCK,   /* a block, and more follows it */
    STREAM_LAST,    /* a block, and nothing follows it */
    STREAM_WHOLE,   /* the rest, to be taken as one block; it may be unfinished */
    STREAM_PARTIAL, /* nothing more: what is left is in the hold */
    STREAM_FULL,    /* the hold may not take what is left, or it cannot be a block */
    STREAM_STARVED, /* no memory for what is left */
};

struct stream_block {
    struct span bytes; /* without the application's prefix */
    bool kept;         /* it lies in the hold */
    size_t spent;      /* bytes of the hold that are done with it */
};

struct stream {
    struct frame_walk walk;        /* over the I/O, or over the hold */
    const struct frame_rule *rule; /* borrowed, as the next two */
    struct hold *hold;
    bool *bare;        /* the hold starts behind the prefix of its first block */
    size_t first;      /* length of the hold's first block, if known though `bare`; or 0 */
    size_t limit;      /* bytes that the hold may have */
    struct span input; /* what of the I/O is neither in the hold nor under the walk */
    struct span head;  /* the I/O's own signature */
    enum frame_order order;
    bool walking;  /* the walk has begun */
    bool gathered; /* the I/O is in the hold, and the walk goes over that */
    bool again;    /* the hold has a copy of the I/O's beginning */
    bool closed; /* the hold is an I/O of its own: its end is a block's end, as far as can be seen,
                    and the I/O at hand begins with a block. May be set after stream_feed */
};

/*
 * Starts with an I/O. `head` as in frame_begin. With `again` the hold's bytes are the same as the
 * I/O's first ones (or the I/O the same as the hold's first ones): they are not to be used twice.
 */
void stream_begin(struct stream *stream, const struct frame_rule *rule, struct hold *hold,
                  bool *bare, size_t limit);
void stream_feed(struct stream *stream, enum frame_order order, struct span head, struct span input,
                 bool again);

/* The next block. What lies in the hold is good until stream_spend. */
enum stream_step stream_next(struct stream *stream, struct stream_block *block);

/* After STREAM_FULL: what could not go on, as one block. */
void stream_all(struct stream *stream, struct stream_block *block);

/* A block is done with. Where it was kept, its text (of no bytes if it has none) settles there. */
void stream_spend(struct stream *stream, const struct stream_block *block, struct span plain);

/* Puts the part of the I/O that no block was cut from into the hold. False: no memory. */
bool stream_keep(struct stream *stream);

/* Bytes that an unfinished block lacks at least; 1 if not known. */
size_t stream_missing(const struct stream *stream);

#endif
