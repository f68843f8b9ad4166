/*
 * Unseal: the way of every message, and the decision whether to step in. A call that holds one
 * block, or that the shim does not understand, goes on with the caller's own descriptor.
 */
#include "unseal.h"

#include "config.h"
#include "count.h"
#include "exact.h"
#include "judge.h"
#include "kerberos.h"
#include "ntlm.h"

/* From now on there is a context, unless there is no memory for one, and it has been judged. */
static void judge(struct unseal *unseal)
{
    enum frame_kind kind;

    if (!unseal->context)
        unseal->context = context_make(unseal->handle);
    if (unseal->context && unseal->context->judged)
        return;
    kind = judge_ask(unseal->handle);
    if (unseal->context) {
        unseal->context->rule.kind = kind;
        unseal->context->judged = true;
        unseal->rule = judge_rule(unseal->context, unseal->settings);
    } else {
        unseal->rule.kind = kind;
    }
}

/*
 * The token's length as the caller sees it. Without data his TOKEN may be a part of one, or more:
 * then it is believed for this call only.
 */
static void note_token(struct unseal *unseal)
{
    const struct secbuf *io = &unseal->io;
    size_t n = io->token ? io->token->cbBuffer : 0;

    if (n && io->data->cbBuffer)
        unseal->rule.token = n;
    if (unseal->rule.token < KERBEROS_TOKEN_MIN)
        unseal->rule.token = KERBEROS_TOKEN_MIN;
    if (unseal->context)
        unseal->context->rule.token = unseal->rule.token;
    if (unseal->rule.token < n)
        unseal->rule.token = n;
}

/* Is the I/O one block, as far as can be seen? */
static bool single(const struct unseal *unseal)
{
    const struct secbuf *io = &unseal->io;
    enum frame_order order = io->order;
    struct frame_walk walk;
    struct span block;
    enum frame_step step;

    frame_begin(&walk, &unseal->rule, order, io->head, io->input);
    walk.first = unseal->first;
    step = frame_next(&walk, &block);
    /* Of a token apart nothing is held: what followed it would come in another place. */
    if (step == FRAME_STEP_PARTIAL && io->elsewhere && io->input.n == NTLM_SIGNATURE)
        return frame_exact(&unseal->rule, order);
    return (step == FRAME_STEP_LAST || step == FRAME_STEP_WHOLE) && block.n == io->input.n;
}

/* Is there something from earlier calls that this one has to settle? */
static bool owes(struct unseal *unseal)
{
    const struct context *context = unseal->context;

    if (!context)
        return false;
    return context->dead || context->late || (context->held.n && !unseal->again) ||
           context->held.settled || context->pending.n || unseal->io.stale;
}

/* Nothing is held for a token apart from its data: a part of it cannot be told from all. */
static bool repairable(const struct unseal *unseal)
{
    return unseal->rule.kind != FRAME_WHOLE &&
           (unseal->io.order != FRAME_TOKEN_APART || !unseal->rule.own.size);
}

/* Can a provider be asked without harm whether it is one block? What is not judged yet may. */
static bool on_trial(const struct unseal *unseal)
{
    enum frame_kind kind = unseal->rule.kind;

    return unseal->settings->kerberos_trial && (kind == FRAME_KERBEROS || kind == FRAME_UNKNOWN);
}

static bool steps_in(struct unseal *unseal)
{
    unseal_recognise(unseal);
    if (owes(unseal)) {
        note_token(unseal);
        return true;
    }
    if (!repairable(unseal))
        return false;
    note_token(unseal);
    if (single(unseal) && !on_trial(unseal))
        return false;
    judge(unseal);
    note_token(unseal); /* of a context that is made only now */
    return repairable(unseal) && (!single(unseal) || on_trial(unseal));
}

static bool understood(const struct unseal *unseal)
{
    const struct secbuf *io = &unseal->io;
    bool ours = unseal->context && unseal->context->offered;

    return (io->shape == SECBUF_MESSAGE || io->shape == SECBUF_STREAM) && io->input.n &&
           (!io->stale || ours);
}

/*
 * Is every byte of the I/O one of a block? A provider of NTLM does not look at what a TOKEN has
 * behind its signature, nor at PADDING: bytes that are in no block, and among which none may end.
 */
static bool is_all_blocks(const struct secbuf *io)
{
    return (!io->token || io->token->cbBuffer <= NTLM_SIGNATURE) &&
           (!io->padding || io->padding->cbBuffer == 0);
}

static SECURITY_STATUS decide(struct unseal *unseal)
{
    if (!unseal->settings->enabled || !unseal->handle)
        return unseal_pass(unseal);
    if (unseal->io.shape == SECBUF_RECORD && unseal->settings->schannel_repair)
        return unseal_records(unseal);
    if (!understood(unseal))
        return unseal->context && unseal->context->dead ? unseal->context->dead
                                                        : unseal_pass(unseal);
    unseal->rule = judge_rule(unseal->context, unseal->settings);
    if (!is_all_blocks(&unseal->io))
        unseal->rule.exact = NULL;
    return steps_in(unseal) ? unseal_repair(unseal) : unseal_pass(unseal);
}

SECURITY_STATUS unseal_message(unseal_fn provider, PCtxtHandle handle, PSecBufferDesc desc,
                               ULONG number, PULONG qop)
{
    struct unseal unseal = {.provider = provider,
                            .handle = handle,
                            .desc = desc,
                            .number = number,
                            .qop = qop,
                            .settings = config_get(),
                            .context = handle ? context_take(handle) : NULL};
    SECURITY_STATUS status;

    count_add(COUNT_CALLS, 1);
    secbuf_read(&unseal.io, desc);
    status = decide(&unseal);
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
    if (status == SEC_E_OK) {
        status = REAL(VerifySignature)(handle, desc, number, qop);
        if (context && context->rule.exact)
            exact_verified(context->rule.exact, status == SEC_E_OK);
    }
    context_give(context);
    return status;
}
