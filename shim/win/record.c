/*
 * Record: Schannel for callers to whom one read is one record, who drop the EXTRA buffer and the
 * part of a record. Only by setting: to every other caller the provider does all this itself.
 *
 * Each record of what was kept and of the I/O goes to the provider by itself. The plaintexts follow
 * each other behind the first header's five bytes, and an unfinished record is kept. A status that
 * informs (a handshake message came, the peer closed) ends the call at once: what lies behind that
 * record is left to the caller as EXTRA, untouched, since the handshake may want it, and nothing is
 * kept across it.
 */
#include "bytes.h"
#include "count.h"
#include "unseal.h"

#define HEADER   5
#define ELEMENTS 4

static PSecBuffer element(SecBuffer inner[ELEMENTS], ULONG type)
{
    for (unsigned i = 0; i < ELEMENTS; i++)
        if (inner[i].BufferType == type)
            return &inner[i];
    return NULL;
}

/* The part of the provider's answer of this type, if it lies within the record. */
static struct span part_of(SecBuffer inner[ELEMENTS], ULONG type, struct span record)
{
    const SecBuffer *buffer = element(inner, type);
    ULONG_PTR at = buffer ? (ULONG_PTR)buffer->pvBuffer - (ULONG_PTR)record.at : 0;

    if (!buffer || at > record.n)
        return span_head(record, 0);
    return span_head(span_rest(record, at), buffer->cbBuffer);
}

/* One record through the provider. */
static SECURITY_STATUS unseal_record(struct unseal *unseal, struct span *plain)
{
    struct span record = unseal->block.bytes;
    SecBuffer inner[ELEMENTS] = {{(ULONG)record.n, unseal->io.data->BufferType, record.at}};
    SecBufferDesc desc = {unseal->desc->ulVersion, ELEMENTS, inner};
    SECURITY_STATUS status;

    status = unseal->provider(unseal->handle, &desc, unseal->number, unseal->qop);
    unseal->blocks++;
    *plain = span_head(record, 0);
    if (status < 0) {
        count_add(COUNT_ALTERED, 1);
        return status;
    }
    *plain = part_of(inner, SECBUFFER_DATA, record);
    unseal->unsealed++;
    if (status != SEC_E_OK) {
        bool kept = unseal->block.kept;
        struct span behind = kept ? unseal->stream.input : frame_rest(&unseal->stream.walk);
        size_t left = kept ? 0 : part_of(inner, SECBUFFER_EXTRA, record).n;

        if (behind.n + left)
            unseal->extra = (struct span){behind.at - left, behind.n + left};
    }
    return status;
}

static void take(struct unseal *unseal, struct span plain)
{
    if (!unseal->block.kept) {
        plain = span_head(plain, unseal->room.n - unseal->have);
        memmove(unseal->room.at + unseal->have, plain.at, plain.n);
        unseal->have += plain.n;
        plain.n = 0;
    }
    stream_spend(&unseal->stream, &unseal->block, plain);
}

/* The I/O is no sequence of records, or more than may be kept: from now on it is as it comes. */
static SECURITY_STATUS give_up(struct unseal *unseal)
{
    struct span plain;
    SECURITY_STATUS status;

    unseal->context->rule.kind = FRAME_WHOLE;
    stream_all(&unseal->stream, &unseal->block);
    unseal->stream.walk.start = unseal->stream.walk.input.n;
    status = unseal_record(unseal, &plain);
    take(unseal, plain);
    return status;
}

static SECURITY_STATUS unseal_input(struct unseal *unseal)
{
    struct hold *held = &unseal->context->held, *pending = &unseal->context->pending;
    enum stream_step step;
    SECURITY_STATUS status;
    struct span plain;

    do {
        step = stream_next(&unseal->stream, &unseal->block);
        unseal->split |= unseal->block.kept;
        unseal->partial = step == STREAM_PARTIAL;
        if (unseal->partial)
            return SEC_E_OK;
        if (step == STREAM_STARVED || (!unseal->block.kept && !hold_hand_over(held, pending)))
            return SEC_E_INSUFFICIENT_MEMORY;
        if (step == STREAM_FULL || step == STREAM_WHOLE)
            return give_up(unseal);
        status = unseal_record(unseal, &plain);
        take(unseal, plain);
    } while (status == SEC_E_OK && step == STREAM_BLOCK);
    return status;
}

/* The documented answer, in the array order of the DATA element and the first three EMPTY ones. */
static void fill_array(const struct unseal *unseal, size_t end)
{
    struct span input = unseal->io.input, header = span_head(input, HEADER);
    struct span behind = span_rest(span_head(input, end), header.n + unseal->have);
    const struct {
        ULONG type;
        struct span bytes;
    } parts[ELEMENTS] = {{SECBUFFER_STREAM_HEADER, header},
                         {SECBUFFER_DATA, {input.at + header.n, unseal->have}},
                         {SECBUFFER_STREAM_TRAILER, behind},
                         {unseal->extra.n ? SECBUFFER_EXTRA : SECBUFFER_EMPTY, unseal->extra}};
    unsigned next = 0;

    for (ULONG i = 0; i < unseal->desc->cBuffers && next < ELEMENTS; i++) {
        PSecBuffer slot = &unseal->desc->pBuffers[i];
        ULONG bits = slot->BufferType & SECBUFFER_ATTRMASK, type = slot->BufferType & ~bits;

        if (type != SECBUFFER_DATA && type != SECBUFFER_EMPTY)
            continue;
        *slot =
            (SecBuffer){(ULONG)parts[next].bytes.n, parts[next].type | bits, parts[next].bytes.at};
        next++;
    }
}

static SECURITY_STATUS deliver(struct unseal *unseal, SECURITY_STATUS status)
{
    struct context *context = unseal->context;
    size_t end = unseal->io.input.n - unseal->extra.n;
    bool good = unseal->unsealed || context->pending.n || context->held.settled;

    if (status < 0 && !good)
        return status;
    if (status < 0) {
        context->dead = status;
        status = SEC_E_OK;
    }
    hold_hand_over(&context->held, &context->pending);
    /* What is left to the caller is not to be written to. */
    unseal->room = span_head(unseal->room, end < HEADER ? 0 : end - HEADER);
    if (unseal->have > unseal->room.n)
        unseal->have = unseal->room.n;
    unseal->have = hold_lead(&context->pending, unseal->room, unseal->have);
    /* A handshake message lies in the record that told of it: the caller hands that on. */
    if (status == SEC_E_OK) {
        struct span unused = span_rest(unseal->room, unseal->have);

        bytes_wipe(unused.at, unused.n);
    }
    fill_array(unseal, end);
    return status;
}

/* A record and nothing else, and nothing left from before: the caller's own call. */
static bool single(const struct unseal *unseal)
{
    const struct context *context = unseal->context;
    struct frame_walk walk;
    struct span block;
    enum frame_step step;

    if (context && (context->held.n || context->held.settled || context->pending.n))
        return false;
    frame_begin(&walk, &unseal->rule, FRAME_TOKEN_FIRST, unseal->io.input, unseal->io.input);
    step = frame_next(&walk, &block);
    return step == FRAME_STEP_LAST || step == FRAME_STEP_WHOLE ||
           (step == FRAME_STEP_PARTIAL && unseal->settings->partial == SETTINGS_PARTIAL_REPORT);
}

static SECURITY_STATUS repair(struct unseal *unseal)
{
    struct context *context = unseal->context;
    size_t kept = context->pending.n + context->held.settled, max = unseal->settings->max_held;
    bool report = unseal->settings->partial == SETTINGS_PARTIAL_REPORT;
    SECURITY_STATUS status;

    unseal->room = span_rest(unseal->io.input, HEADER);
    if (context->dead)
        return deliver(unseal, SEC_E_OK);
    stream_begin(&unseal->stream, &unseal->rule, &context->held, &context->bare,
                 max > kept ? max - kept : 0);
    stream_feed(&unseal->stream, FRAME_TOKEN_FIRST, unseal->io.input, unseal->io.input, false);
    status = unseal_input(unseal);
    if (unseal->partial && report && unseal->stream.walking) {
        unseal->extra = frame_rest(&unseal->stream.walk);
        hold_consume(&context->held, context->held.n);
    }
    status = deliver(unseal, status);
    answer_count(unseal);
    return status;
}

SECURITY_STATUS unseal_records(struct unseal *unseal)
{
    struct context *context = unseal->context;
    bool ours = !context || context->rule.kind == FRAME_UNKNOWN;
    bool waits = context && (context->pending.n || context->held.settled);

    unseal->rule = (struct frame_rule){.kind = ours ? FRAME_TLS : FRAME_WHOLE};
    if (unseal->context && unseal->context->dead)
        return unseal->context->pending.n && unseal->io.input.n ? repair(unseal)
                                                                : unseal->context->dead;
    if ((!ours && !waits) || !unseal->io.input.n || single(unseal))
        return unseal_pass(unseal);
    if (!unseal->context)
        unseal->context = context_make(unseal->handle);
    return unseal->context ? repair(unseal) : unseal_pass(unseal);
}
