/*
 * Answer: what the caller finds in his descriptor and his memory after a repair.
 */
#include "bytes.h"
#include "count.h"
#include "unseal.h"

/* The slot that told of something before and was never reset, or the first free one. */
static PSecBuffer slot_of(const struct unseal *unseal)
{
    return unseal->io.stale ? unseal->io.stale : unseal->io.spare;
}

static void fill_slot(PSecBuffer slot, ULONG type, struct span bytes)
{
    slot->BufferType = type | (slot->BufferType & SECBUFFER_ATTRMASK);
    slot->pvBuffer = bytes.at;
    slot->cbBuffer = (ULONG)bytes.n;
}

/* The slot tells of the rest, or is what it was before we first used it. */
static void answer_slot(struct unseal *unseal)
{
    PSecBuffer slot = slot_of(unseal);

    if (slot && unseal->extra.n) {
        fill_slot(slot, SECBUFFER_EXTRA, unseal->extra);
        unseal->context->offered = true;
        count_add(COUNT_EXTRA, 1);
    } else if (unseal->io.stale) {
        fill_slot(slot, SECBUFFER_EMPTY, (struct span){0});
    }
}

void answer_delivery(struct unseal *unseal)
{
    PSecBuffer data = unseal->io.data;
    struct span unused = span_rest(unseal->room, unseal->have);

    data->cbBuffer = (ULONG)unseal->have;
    if (unseal->io.shape == SECBUF_STREAM)
        data->pvBuffer = unseal->room.at;
    else if (!unseal->extra.n)
        bytes_wipe(unused.at, unused.n); /* some callers go by the length that they presented */
    if (unseal->qop && unseal->unsealed)
        *unseal->qop = unseal->qop_joint;
    answer_slot(unseal);
}

/* The caller's memory is as it was; a free slot says how much is missing. */
SECURITY_STATUS answer_missing(struct unseal *unseal)
{
    PSecBuffer slot = slot_of(unseal);

    if (slot) {
        fill_slot(slot, SECBUFFER_MISSING, (struct span){NULL, stream_missing(&unseal->stream)});
        unseal->context->offered = true;
    }
    return SEC_E_INCOMPLETE_MESSAGE;
}

/* The direction is out of step for good: nothing but the provider's own last word comes out. */
SECURITY_STATUS answer_dead(struct unseal *unseal)
{
    PSecBuffer data = unseal->io.data;

    if (unseal->io.shape == SECBUF_MESSAGE)
        bytes_wipe(data->pvBuffer, data->cbBuffer);
    data->cbBuffer = 0;
    return unseal->context->dead;
}

void answer_count(const struct unseal *unseal)
{
    const struct context *context = unseal->context;

    if (unseal->blocks + unseal->partial > 1 || unseal->extra.n)
        count_add(COUNT_MERGED, 1);
    if (unseal->split || unseal->partial)
        count_add(COUNT_SPLIT, 1);
    if (unseal->partial && context->held.n)
        count_add(COUNT_HELD, 1);
    if (context->pending.n)
        count_add(COUNT_PENDING, 1);
}
