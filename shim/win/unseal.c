/*
 * Unseal: the way of every message, and the decision whether to step in. A call that holds one
 * block, or that the shim does not understand, goes on with the caller's own descriptor.
 */
#include "unseal.h"

#include "count.h"
#include "ntlm.h"

/*
 * A context in whose handshake we saw no NTLM message: does it seal, and is it NTLM? Without a
 * clear yes its blocks are not told apart. Asked once for a context, and only when something in an
 * I/O looks like a second block.
 */
static bool seals(const CtxtHandle *value)
{
    CtxtHandle handle = *value;
    SecPkgContext_Sizes sizes = {0};
    SecPkgContext_Flags flags = {0};

    return REAL(QueryContextAttributesW)(&handle, SECPKG_ATTR_SIZES, &sizes) == SEC_E_OK &&
           sizes.cbSecurityTrailer == NTLM_SIGNATURE &&
           REAL(QueryContextAttributesW)(&handle, SECPKG_ATTR_FLAGS, &flags) == SEC_E_OK &&
           (flags.Flags & ISC_RET_CONFIDENTIALITY) && !(flags.Flags & ISC_RET_DATAGRAM);
}

/* From now on there is a context, unless there is no memory for one, and it has been judged. */
static void judge(struct unseal *unseal)
{
    if (!unseal->context)
        unseal->context = context_make(unseal->handle);
    if (unseal->context && unseal->context->judged)
        return;
    if (!seals(unseal->handle))
        unseal->walk.kind = FRAME_WHOLE;
    if (unseal->context) {
        unseal->context->rule.kind = unseal->walk.kind;
        unseal->context->judged = true;
    }
}

/* Does the I/O hold more than one block? The walk is left at its start. */
static bool merged(struct unseal *unseal)
{
    static const struct frame_rule unsure = {FRAME_UNSURE, FRAME_PREFIX_UNKNOWN};
    const struct secbuf *io = &unseal->io;
    struct frame_walk ahead;
    struct span block;

    frame_begin(&unseal->walk, unseal->context ? &unseal->context->rule : &unsure, io->order,
                io->head, io->input);
    ahead = unseal->walk;
    if (frame_next(&ahead, &block) == FRAME_STEP_WHOLE)
        return false;
    judge(unseal);
    return unseal->walk.kind != FRAME_WHOLE;
}

/*
 * A copy is kept of what an EXTRA slot announced. Does this I/O start with it? A signature's
 * checksum and number never come twice in a stream, so the beginning is proof enough; comparing all
 * of it at every call would cost fragments times bytes.
 */
static bool presented_again(const struct hold *copy, struct span input)
{
    struct span kept = span_head(hold_bytes(copy), 4 * NTLM_SIGNATURE);

    kept = span_head(kept, input.n);
    return kept.n && memcmp(kept.at, input.at, kept.n) == 0;
}

/* Is there something from earlier calls that this one has to settle? */
static bool owes(struct unseal *unseal)
{
    const struct context *context = unseal->context;

    if (!context)
        return false;
    unseal->again = presented_again(&context->copy, unseal->io.input);
    return context->dead != SEC_E_OK || (context->copy.n && !unseal->again) || context->pending.n ||
           unseal->io.stale;
}

static bool understood(const struct unseal *unseal)
{
    const struct secbuf *io = &unseal->io;
    bool ours = unseal->context && unseal->context->offered;

    return (io->shape == SECBUF_MESSAGE || io->shape == SECBUF_STREAM) && io->input.n &&
           (!io->stale || ours);
}

static bool steps_in(struct unseal *unseal)
{
    bool several = merged(unseal);

    return owes(unseal) || several;
}

static SECURITY_STATUS pass(struct unseal *unseal)
{
    struct context *context = unseal->context;
    ULONG number = unseal->number;
    SECURITY_STATUS status;

    if (number && context)
        number += context->drift;
    status = unseal->provider(unseal->handle, unseal->desc, number, unseal->qop);
    if (unseal->again)
        hold_consume(&context->copy, unseal->io.input.n);
    count_add(COUNT_UNTOUCHED, 1);
    if (status == SEC_E_MESSAGE_ALTERED)
        count_add(COUNT_ALTERED, 1);
    return status;
}

SECURITY_STATUS unseal_message(unseal_fn provider, PCtxtHandle handle, PSecBufferDesc desc,
                               ULONG number, PULONG qop)
{
    struct unseal unseal = {.provider = provider,
                            .handle = handle,
                            .desc = desc,
                            .number = number,
                            .qop = qop,
                            .context = handle ? context_take(handle) : NULL};
    SECURITY_STATUS status;

    count_add(COUNT_CALLS, 1);
    secbuf_read(&unseal.io, desc);
    if (!understood(&unseal))
        status = unseal.context && unseal.context->dead ? unseal.context->dead : pass(&unseal);
    else if (handle && steps_in(&unseal))
        status = unseal_repair(&unseal);
    else
        status = pass(&unseal);
    context_give(unseal.context);
    return status;
}

SECURITY_STATUS SEC_ENTRY shim_DecryptMessage(PCtxtHandle handle, PSecBufferDesc desc, ULONG number,
                                              PULONG qop)
{
    return unseal_message(REAL(DecryptMessage), handle, desc, number, qop);
}

SECURITY_STATUS SEC_ENTRY shim_UnsealMessage(PCtxtHandle handle, PSecBufferDesc desc, ULONG number,
                                             PULONG qop)
{
    return unseal_message(REAL(UnsealMessage), handle, desc, number, qop);
}

/* A receive too: it moves the same state, so it is no use once the direction is out of step. */
SECURITY_STATUS SEC_ENTRY shim_VerifySignature(PCtxtHandle handle, PSecBufferDesc desc,
                                               ULONG number, PULONG qop)
{
    struct context *context = handle ? context_take(handle) : NULL;
    SECURITY_STATUS status = context ? context->dead : SEC_E_OK;

    count_add(COUNT_VERIFIED, 1);
    if (status == SEC_E_OK)
        status = REAL(VerifySignature)(handle, desc, number, qop);
    context_give(context);
    return status;
}
