/*
 * Repair: an I/O that is not one block and nothing else. Its blocks are unsealed one by one, in
 * wire order, in the caller's memory, and their plaintexts put together where the first one lies.
 * What earlier calls left comes first.
 *
 * The provider decides: nothing is delivered that it has not accepted, and the first block that it
 * refuses ends the direction (an NTLM stream is out of step from then on), after what was good
 * before it has been delivered.
 */
#include "unseal.h"

#include "bytes.h"
#include "count.h"
#include "ntlm.h"

/* Where plaintext may go. A provider's stream answer will say better where it starts. */
static struct span room_of(const struct secbuf *io)
{
    struct span room;

    if (io->shape == SECBUF_STREAM)
        return span_rest(io->input, NTLM_SIGNATURE);
    room = secbuf_span(io->data);
    if (io->padding)
        room.n += io->padding->cbBuffer;
    return room;
}

/* The two elements of one provider call, in the caller's order; gives the DATA one. */
static PSecBuffer lay_out(const struct unseal *unseal, struct span block, SecBuffer inner[2])
{
    const struct secbuf *io = &unseal->io;
    PSecBuffer first = io->shape == SECBUF_STREAM ? io->stream : io->token;
    PSecBuffer token = &inner[first > io->data], data = &inner[first < io->data];
    struct span head = span_head(block, NTLM_SIGNATURE), rest = span_rest(block, head.n);

    *token = *first;
    *data = *io->data;
    if (io->shape == SECBUF_STREAM) {
        head = block;
    } else if (unseal->first && block.n == io->input.n) {
        return data; /* the whole I/O: the caller's own idea of where its token ends */
    } else if (io->order == FRAME_TOKEN_LAST) {
        rest = span_head(block, block.n - head.n);
        head = span_rest(block, rest.n);
    } else if (unseal->first && io->order == FRAME_TOKEN_APART) {
        head = secbuf_span(first);
        rest = block;
    }
    token->pvBuffer = head.at;
    token->cbBuffer = (ULONG)head.n;
    if (io->shape == SECBUF_MESSAGE) {
        data->pvBuffer = rest.at;
        data->cbBuffer = (ULONG)rest.n;
    }
    return data;
}

/*
 * The plaintext of a provider's answer, never more than fits where its ciphertext was: Wine 8's
 * Kerberos leaves cbBuffer as it came, even where the plaintext is shorter.
 */
static struct span plaintext_in(struct span ciphertext, const SecBuffer *data)
{
    ULONG_PTR at = (ULONG_PTR)data->pvBuffer - (ULONG_PTR)ciphertext.at;
    struct span plain = secbuf_span(data);

    if (!plain.at)
        return (struct span){ciphertext.at, 0};
    return span_head(plain, at <= ciphertext.n ? ciphertext.n - at : ciphertext.n);
}

static void join_qop(struct unseal *unseal, ULONG qop)
{
    if (unseal->unsealed == 0 || qop == SECQOP_WRAP_NO_ENCRYPT)
        unseal->qop_joint = qop;
}

static SECURITY_STATUS unseal_block(struct unseal *unseal, struct span block, struct span *plain)
{
    SecBuffer inner[2];
    SecBufferDesc desc = {unseal->desc->ulVersion, 2, inner};
    PSecBuffer data = lay_out(unseal, block, inner);
    struct span ciphertext = unseal->io.shape == SECBUF_STREAM ? block : secbuf_span(data);
    ULONG number = unseal->number, qop = unseal->qop ? *unseal->qop : 0;
    SECURITY_STATUS status;

    if (number)
        number += unseal->context->drift + unseal->calls;
    status = unseal->provider(unseal->handle, &desc, number, unseal->qop ? &qop : NULL);
    unseal->calls++;
    if (status != SEC_E_OK) {
        /* What lies there now may be plaintext that nobody has vouched for. */
        bytes_wipe(ciphertext.at, ciphertext.n);
        count_add(COUNT_ALTERED, 1);
        return status;
    }
    *plain = plaintext_in(ciphertext, data);
    join_qop(unseal, qop);
    unseal->unsealed++;
    return SEC_E_OK;
}

/*
 * The caller did not look at the EXTRA slot: what it announced is unsealed where the copy lies, and
 * becomes plaintext that waits for room.
 */
static SECURITY_STATUS unseal_copy(struct unseal *unseal)
{
    struct context *context = unseal->context;
    bool last = unseal->io.order == FRAME_TOKEN_LAST;
    struct span copy = hold_bytes(&context->copy), block, plain;
    struct span head = last && copy.n >= NTLM_SIGNATURE ? span_rest(copy, copy.n - NTLM_SIGNATURE)
                                                        : span_head(copy, NTLM_SIGNATURE);
    SECURITY_STATUS status = SEC_E_OK;
    enum frame_step step = FRAME_STEP_BLOCK;
    struct frame_walk walk;
    size_t have = 0;

    count_add(COUNT_EXTRA_IGNORED, 1);
    context->coalesce = true;
    frame_begin(&walk, &context->rule, last ? FRAME_TOKEN_LAST : FRAME_TOKEN_FIRST, head, copy);
    while (step == FRAME_STEP_BLOCK && status == SEC_E_OK) {
        step = frame_next(&walk, &block);
        status = unseal_block(unseal, block, &plain);
        if (status != SEC_E_OK)
            break;
        memmove(copy.at + have, plain.at, plain.n);
        have += plain.n;
    }
    hold_trim(&context->copy, have);
    context->pending = context->copy;
    context->copy = (struct hold){0};
    return status;
}

/*
 * Leaves the rest of the I/O to the caller, if he has a slot to be told so, and keeps a copy in
 * case that he does not look. False: it has to be unsealed now.
 */
static bool leave_rest(struct unseal *unseal)
{
    struct context *context = unseal->context;
    struct span rest = frame_rest(&unseal->walk);

    if (!(unseal->io.spare || unseal->io.stale) || context->coalesce || context->pending.n ||
        unseal->io.order == FRAME_TOKEN_APART)
        return false;
    if (unseal->again)
        hold_consume(&context->copy, unseal->walk.start);
    if (!hold_append(&context->copy, span_rest(rest, context->copy.n))) {
        hold_consume(&context->copy, rest.n);
        unseal->again = false;
        return false;
    }
    unseal->extra = rest;
    return true;
}

/* Puts a plaintext behind those that are there. It never reaches a block not yet unsealed. */
static void join(struct unseal *unseal, struct span plain)
{
    struct span *room = &unseal->room, input = unseal->io.input;
    ULONG_PTR at = (ULONG_PTR)plain.at - (ULONG_PTR)input.at;

    if (unseal->io.shape == SECBUF_STREAM && unseal->have == 0 && at <= input.n)
        *room = span_rest(input, at);
    plain = span_head(plain, room->n - unseal->have);
    memmove(room->at + unseal->have, plain.at, plain.n);
    unseal->have += plain.n;
}

static SECURITY_STATUS unseal_input(struct unseal *unseal)
{
    struct span block, plain;
    enum frame_step step;
    SECURITY_STATUS status;

    unseal->first = true;
    do {
        step = frame_next(&unseal->walk, &block);
        status = unseal_block(unseal, block, &plain);
        if (unseal->first && step == FRAME_STEP_BLOCK)
            count_add(COUNT_MERGED, 1);
        if (status != SEC_E_OK)
            return status;
        if (step == FRAME_STEP_BLOCK)
            frame_learn(&unseal->context->rule, &unseal->walk);
        join(unseal, plain);
        unseal->first = false;
    } while (step == FRAME_STEP_BLOCK && !leave_rest(unseal));
    return SEC_E_OK;
}

/* The slot tells of the rest, or is what it was before we first used it. */
static void answer_slot(struct unseal *unseal)
{
    PSecBuffer slot = unseal->io.stale ? unseal->io.stale : unseal->io.spare;
    ULONG type = unseal->extra.n ? SECBUFFER_EXTRA : SECBUFFER_EMPTY;

    if (!slot || (!unseal->extra.n && !unseal->io.stale))
        return;
    slot->BufferType = type | (slot->BufferType & SECBUFFER_ATTRMASK);
    slot->pvBuffer = unseal->extra.at;
    slot->cbBuffer = (ULONG)unseal->extra.n;
    if (unseal->extra.n) {
        unseal->context->offered = true;
        count_add(COUNT_EXTRA, 1);
    }
}

static void answer(struct unseal *unseal)
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

/* The direction is out of step for good: nothing but the provider's own last word comes out. */
static SECURITY_STATUS refuse(struct unseal *unseal)
{
    PSecBuffer data = unseal->io.data;

    if (unseal->io.shape == SECBUF_MESSAGE)
        bytes_wipe(data->pvBuffer, data->cbBuffer);
    return unseal->context->dead;
}

static SECURITY_STATUS unseal_all(struct unseal *unseal)
{
    struct context *context = unseal->context;
    SECURITY_STATUS status = SEC_E_OK;

    if (context->dead != SEC_E_OK)
        return refuse(unseal);
    if (context->copy.n && !unseal->again)
        status = unseal_copy(unseal);
    if (status == SEC_E_OK)
        status = unseal_input(unseal);
    if (unseal->calls)
        context->drift += unseal->calls - 1;
    if (unseal->again && !unseal->extra.n)
        hold_consume(&context->copy, unseal->io.input.n);
    return status;
}

static SECURITY_STATUS deliver(struct unseal *unseal, SECURITY_STATUS status)
{
    struct context *context = unseal->context;
    bool good = unseal->unsealed || context->pending.n;

    if (status != SEC_E_OK && !good) {
        if (context->dead != SEC_E_OK)
            unseal->io.data->cbBuffer = 0;
        return status;
    }
    if (status != SEC_E_OK)
        context->dead = status;
    unseal->have = hold_lead(&context->pending, unseal->room, unseal->have);
    if (context->pending.n)
        count_add(COUNT_PENDING, 1);
    answer(unseal);
    return SEC_E_OK;
}

SECURITY_STATUS unseal_repair(struct unseal *unseal)
{
    /* Stands in for a context that there is no memory for: this call is served all the same. */
    struct context spare = {.rule = {FRAME_UNSURE, FRAME_PREFIX_UNKNOWN}, .coalesce = true};
    bool stateless = !unseal->context;
    SECURITY_STATUS status;

    if (stateless)
        unseal->context = &spare;
    unseal->room = room_of(&unseal->io);
    status = deliver(unseal, unseal_all(unseal));
    if (stateless)
        unseal->context = NULL;
    return status;
}
