/*
 * Room: the caller's memory, into which the plaintexts of a call go, one behind the other.
 */
#include "ntlm.h"
#include "unseal.h"

/* Where plaintext may go. A provider's stream answer will say better where it starts. */
struct span room_of(const struct unseal *unseal)
{
    const struct secbuf *io = &unseal->io;
    const struct context *context = unseal->context;
    struct span room;

    if (io->shape == SECBUF_STREAM)
        return context->held.n || context->held.settled || context->pending.n
                   ? io->input
                   : span_rest(io->input, NTLM_SIGNATURE);
    room = secbuf_span(io->data);
    if (io->padding)
        room.n += io->padding->cbBuffer;
    return room;
}

/* Bytes behind the plaintexts in the caller's memory that do not reach a block not yet unsealed. */
static size_t left_of(const struct unseal *unseal)
{
    struct span block = unseal->block.bytes;
    size_t left = unseal->room.n - unseal->have;
    ULONG_PTR ahead = (ULONG_PTR)(block.at + block.n) - (ULONG_PTR)unseal->room.at - unseal->have;

    /* A TOKEN that is too long reaches over blocks: their room lies behind them. */
    if (ahead > unseal->io.input.n)
        return 0;
    return left < ahead ? left : ahead;
}

/* Puts a plaintext behind those that are there; without room for it, all of them wait. */
bool room_join(struct unseal *unseal, struct span plain)
{
    struct span *room = &unseal->room, input = unseal->io.input;
    struct hold *pending = &unseal->context->pending;
    ULONG_PTR at = (ULONG_PTR)plain.at - (ULONG_PTR)input.at;

    if (unseal->io.shape == SECBUF_STREAM && unseal->have == 0 && at <= input.n &&
        room->at != input.at)
        *room = span_rest(input, at);
    if (plain.n > left_of(unseal)) {
        if (!hold_reserve(pending, unseal->have + plain.n))
            return false;
        hold_append(pending, span_head(*room, unseal->have));
        unseal->have = 0;
        return hold_append(pending, plain);
    }
    memmove(room->at + unseal->have, plain.at, plain.n);
    unseal->have += plain.n;
    return true;
}
