/*
 * Stream. See stream.h.
 */
#include "stream.h"

#include "length.h"
#include "ntlm.h"

void stream_begin(struct stream *stream, const struct frame_rule *rule, struct hold *hold,
                  bool *bare, size_t limit)
{
    *stream = (struct stream){.rule = rule, .hold = hold, .bare = bare, .limit = limit};
}

void stream_feed(struct stream *stream, enum frame_order order, struct span head, struct span input,
                 bool again)
{
    stream->order = frame_wire_order(stream->rule->kind, order, head);
    stream->input = input;
    stream->head = head;
    stream->again = again;
    stream->walking = again || hold_bytes(stream->hold).n == 0;
    if (stream->walking)
        frame_begin(&stream->walk, stream->rule, order, head, input);
}

/* Where a signature of this order is, in bytes that lie together. */
static struct span head_of(enum frame_order order, struct span bytes)
{
    if (order == FRAME_TOKEN_LAST && bytes.n > NTLM_SIGNATURE)
        return span_rest(bytes, bytes.n - NTLM_SIGNATURE);
    return span_head(bytes, NTLM_SIGNATURE);
}

static void walk_over(struct stream *stream, struct span bytes, bool middle)
{
    frame_begin(&stream->walk, stream->rule, stream->order, head_of(stream->order, bytes), bytes);
    stream->walk.middle = middle || stream->order == FRAME_TOKEN_APART; /* the tokens lie with it */
    stream->walking = true;
}

/* Moves up to n bytes of the I/O to the hold. STREAM_BLOCK: that many were there. */
static enum stream_step move(struct stream *stream, size_t n)
{
    struct span bytes = span_head(stream->input, n);
    size_t kept = hold_bytes(stream->hold).n;

    if (bytes.n > stream->limit || kept > stream->limit - bytes.n)
        return STREAM_FULL;
    if (!hold_append(stream->hold, bytes))
        return STREAM_STARVED;
    stream->input = span_rest(stream->input, bytes.n);
    return bytes.n == n ? STREAM_BLOCK : STREAM_PARTIAL;
}

/* The first block in the hold has this length: completes it. */
static enum stream_step complete(struct stream *stream, struct length length,
                                 struct stream_block *block)
{
    size_t total = length.prefix + length.block, kept = hold_bytes(stream->hold).n;
    enum stream_step step = STREAM_BLOCK;

    stream->walk.missing = 0;
    if (kept < total) {
        stream->closed = false;
        /* Judged now, not when all of it has come. */
        if (total > stream->limit)
            return STREAM_FULL;
        step = move(stream, total - kept);
        stream->walk.missing = total - hold_bytes(stream->hold).n;
    }
    if (step != STREAM_BLOCK)
        return step;
    block->bytes = span_rest(span_head(hold_bytes(stream->hold), total), length.prefix);
    block->kept = true;
    block->spent = total;
    return hold_bytes(stream->hold).n > total || stream->input.n ? STREAM_BLOCK : STREAM_LAST;
}

static enum stream_step next_walked(struct stream *stream, struct stream_block *block);

/* The next block begins in the hold. */
static enum stream_step next_kept(struct stream *stream, struct stream_block *block)
{
    struct length length;
    enum stream_step step;

    for (;;) {
        struct span kept = hold_bytes(stream->hold);
        bool bare = *stream->bare;

        length = frame_measure(stream->rule, stream->order, kept, bare);
        if (bare && stream->first)
            length = (struct length){.verdict = LENGTH_KNOWN, .block = stream->first};
        if (length.verdict == LENGTH_KNOWN)
            return complete(stream, length, block);
        if (length.verdict == LENGTH_BAD)
            return STREAM_FULL;
        if (length.verdict == LENGTH_OPEN) {
            step = stream->closed ? STREAM_BLOCK : move(stream, stream->input.n);
            if (step != STREAM_BLOCK)
                return step;
            walk_over(stream, hold_bytes(stream->hold), !bare);
            stream->gathered = true;
            return next_walked(stream, block);
        }
        stream->closed = false;
        step = move(stream, length.need - kept.n);
        stream->walk.missing = 1;
        if (step != STREAM_BLOCK)
            return step;
    }
}

/* The walk over a hold that is an I/O of its own is over, or has to go on into the one at hand. */
static void leave_hold(struct stream *stream, bool closed)
{
    stream->walking = stream->gathered = false;
    stream->closed = closed;
}

static enum stream_step next_walked(struct stream *stream, struct stream_block *block)
{
    struct span rest = frame_rest(&stream->walk);
    enum frame_step step = frame_next(&stream->walk, &block->bytes);

    block->kept = stream->gathered;
    block->spent = rest.n;
    switch (step) {
    case FRAME_STEP_BLOCK:
        block->spent = rest.n - frame_rest(&stream->walk).n;
        return STREAM_BLOCK;
    case FRAME_STEP_PARTIAL:
        if (stream->gathered && stream->closed) {
            leave_hold(stream, false);
            return next_kept(stream, block);
        }
        if (stream->gathered)
            return STREAM_PARTIAL;
        if (rest.n > stream->limit || stream->walk.missing > stream->limit - rest.n)
            return STREAM_FULL;
        return stream_keep(stream) ? STREAM_PARTIAL : STREAM_STARVED;
    default:
        if (stream->gathered && stream->closed) {
            leave_hold(stream, true);
            return stream->input.n ? STREAM_BLOCK : STREAM_LAST;
        }
        return step == FRAME_STEP_LAST ? STREAM_LAST : STREAM_WHOLE;
    }
}

enum stream_step stream_next(struct stream *stream, struct stream_block *block)
{
    *block = (struct stream_block){0};
    if (!stream->walking && hold_bytes(stream->hold).n)
        return next_kept(stream, block);
    if (!stream->walking) {
        frame_begin(&stream->walk, stream->rule, stream->order, stream->head, stream->input);
        stream->walk.middle = !stream->closed;
        stream->walking = true;
        stream->closed = false;
    }
    return next_walked(stream, block);
}

void stream_all(struct stream *stream, struct stream_block *block)
{
    bool kept = !stream->walking || stream->gathered;
    struct span bytes = kept ? hold_bytes(stream->hold) : frame_rest(&stream->walk);

    *block = (struct stream_block){.bytes = bytes, .kept = kept, .spent = bytes.n};
}

static size_t end_of(const struct frame_walk *walk, struct span block)
{
    return (size_t)(block.at - walk->input.at) + block.n;
}

void stream_spend(struct stream *stream, const struct stream_block *block, struct span plain)
{
    if (!block->kept) {
        /* The walk is still before the last one, whose end it did not see. */
        if (stream->walk.start < end_of(&stream->walk, block->bytes))
            stream->walk.start = end_of(&stream->walk, block->bytes);
        return;
    }
    hold_settle(stream->hold, block->spent, plain);
    *stream->bare = false;
    stream->first = 0;
}

bool stream_keep(struct stream *stream)
{
    const struct settings_prefix *own = &stream->rule->own;
    struct span rest = stream->walking ? frame_rest(&stream->walk) : stream->input;

    if (stream->gathered)
        return true;
    if (stream->again) {
        hold_consume(stream->hold, stream->walk.start);
        hold_trim(stream->hold, rest.n);
        rest = span_rest(rest, hold_bytes(stream->hold).n);
    }
    if (!hold_append(stream->hold, rest))
        return false;
    if (stream->walking)
        *stream->bare = !stream->walk.middle && (own->stripped || !own->size);
    return true;
}

size_t stream_missing(const struct stream *stream)
{
    return stream->walk.missing ? stream->walk.missing : 1;
}
