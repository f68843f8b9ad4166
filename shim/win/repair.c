/*
 * Repair: an I/O that is not one block and nothing else. Its blocks are unsealed one by one, in
 * wire order, and their plaintexts put together in the caller's memory. What earlier calls left
 * comes first: plaintext that had no room, then ciphertext that was kept. What cannot be a whole
 * block yet is kept.
 *
 * The provider decides: nothing is delivered that it has not accepted, and the first block that it
 * refuses ends the call, after what was good before it has been delivered. An NTLM stream is out of
 * step from then on. Kerberos refuses without harm: the status answers the next call, and what
 * was not unsealed is served after that.
 */
#include "bytes.h"
#include "count.h"
#include "ntlm.h"
#include "unseal.h"

#define OUT_OF_MEMORY SEC_E_INSUFFICIENT_MEMORY

/* Our own lack of memory; a provider may say the same of itself. */
static SECURITY_STATUS starve(struct unseal *unseal)
{
    unseal->starved = true;
    return OUT_OF_MEMORY;
}

static bool harmless(const struct unseal *unseal)
{
    return unseal->rule.kind == FRAME_KERBEROS;
}

/*
 * The block at work, which `step` gave. *refused: a trial showed that it is not whole yet. What was
 * unsealed in the hold comes before everything that is unsealed in the I/O, and after what is
 * pending.
 */
static SECURITY_STATUS unseal_one(struct unseal *unseal, enum stream_step step, bool *refused)
{
    struct context *context = unseal->context;
    bool trial = step == STREAM_WHOLE && unseal->rule.kind == FRAME_KERBEROS &&
                 unseal->settings->kerberos_trial && unseal->io.order != FRAME_TOKEN_APART;
    struct span plain = {unseal->block.bytes.at, 0};
    SECURITY_STATUS status;

    *refused = false;
    if (!unseal->block.kept && !hold_hand_over(&context->held, &context->pending))
        return starve(unseal);
    status = trial ? unseal_trial(unseal, &plain, refused) : unseal_block(unseal, &plain);
    if (*refused)
        return SEC_E_OK;
    if (status == SEC_E_OK && !unseal->block.kept && !room_join(unseal, plain))
        return starve(unseal);
    if (status == SEC_E_OK && step != STREAM_WHOLE && unseal->stream.walking)
        frame_learn(&context->rule, &unseal->stream.walk);
    stream_spend(&unseal->stream, &unseal->block, plain);
    return status;
}

/* Everything that is kept goes to the provider as one block, and nothing is told apart any more. */
static SECURITY_STATUS give_up(struct unseal *unseal)
{
    bool refused;

    stream_all(&unseal->stream, &unseal->block);
    unseal->rule.kind = unseal->context->rule.kind = FRAME_WHOLE;
    return unseal_one(unseal, STREAM_LAST, &refused);
}

static SECURITY_STATUS unseal_input(struct unseal *unseal)
{
    enum stream_step step;
    SECURITY_STATUS status;
    bool refused;

    do {
        step = stream_next(&unseal->stream, &unseal->block);
        unseal->split |= unseal->block.kept;
        if (step == STREAM_STARVED)
            return starve(unseal);
        if (step == STREAM_FULL) {
            status = give_up(unseal);
            /* The I/O behind what was kept is one more block. */
            if (status != SEC_E_OK || !unseal->block.kept || !unseal->stream.input.n)
                return status;
            step = STREAM_BLOCK;
            continue;
        }
        unseal->partial = step == STREAM_PARTIAL;
        if (unseal->partial)
            return SEC_E_OK;
        status = unseal_one(unseal, step, &refused);
        if (refused) {
            unseal->partial = true;
            return stream_keep(&unseal->stream) ? SEC_E_OK : starve(unseal);
        }
        if (status != SEC_E_OK)
            return status;
    } while (step == STREAM_BLOCK && !unseal_offer(unseal));
    return SEC_E_OK;
}

/* What was unsealed before a refusal comes before it. */
static SECURITY_STATUS deliver_pending(struct unseal *unseal)
{
    unseal->have = hold_lead(&unseal->context->pending, unseal->room, 0);
    answer_delivery(unseal);
    return SEC_E_OK;
}

/*
 * The receive after a refusal. Where that harmed nothing it is told once, and what this call brings
 * is served by the next one.
 */
static SECURITY_STATUS answer_refusal(struct unseal *unseal)
{
    struct context *context = unseal->context;
    SECURITY_STATUS status = context->late;
    size_t kept = context->held.n + context->pending.n, max = unseal->settings->max_held;
    bool more = context->pending.n;

    /* Nothing more may be kept: the stream ends with what waits, and the refusal. */
    if (status != SEC_E_OK && (kept > max || unseal->io.input.n > max - kept))
        context->dead = status;
    if (context->dead)
        return more ? deliver_pending(unseal) : answer_dead(unseal);
    if (!context->held.n)
        context->bare = unseal->rule.own.stripped;
    context->closed = unseal->rule.own.stripped;
    if (!hold_append(&context->held, unseal->io.input))
        return context->dead = OUT_OF_MEMORY;
    if (more)
        return deliver_pending(unseal);
    context->late = SEC_E_OK;
    context->told = unseal->io.input.n;
    return status;
}

/* What the call's provider calls mean for a caller that counts. */
static void count_drift(struct unseal *unseal, SECURITY_STATUS status)
{
    if (unseal->calls || status == SEC_E_OK)
        unseal->context->drift += unseal->calls - 1;
}

/* After a refusal behind good blocks: nothing of the stream may be lost where it can go on. */
static SECURITY_STATUS note_refusal(struct unseal *unseal, SECURITY_STATUS status)
{
    struct context *context = unseal->context;

    if (!unseal->starved && !(unseal->unsealed || context->pending.n)) {
        if (!unseal->block.kept || unseal->rule.kind == FRAME_WHOLE)
            return status;
        /* A block of an earlier call: what this one brought is not to go with it. */
        if (harmless(unseal) && stream_keep(&unseal->stream))
            context->told = context->held.n < unseal->io.input.n ? 0 : unseal->io.input.n;
        else
            context->dead = status;
        return status;
    }
    if (!harmless(unseal) || unseal->starved || !stream_keep(&unseal->stream))
        context->dead = status;
    else
        context->late = status;
    return status;
}

static SECURITY_STATUS deliver(struct unseal *unseal, SECURITY_STATUS status, size_t told)
{
    struct context *context = unseal->context;
    bool good = unseal->unsealed || context->pending.n;

    if (status != SEC_E_OK && !good)
        return context->dead ? answer_dead(unseal) : status;
    hold_hand_over(&context->held, &context->pending);
    if (!good && unseal->settings->partial == SETTINGS_PARTIAL_REPORT) {
        context->told = (unseal->again ? 0 : told) + unseal->io.input.n;
        return answer_missing(unseal);
    }
    if (unseal->unsealed == 0 && unseal->io.shape == SECBUF_STREAM)
        unseal->room = unseal->io.input;
    unseal->have = hold_lead(&context->pending, unseal->room, unseal->have);
    answer_delivery(unseal);
    return SEC_E_OK;
}

/* The length of the first block in the hold, where that is known though its prefix is not there. */
static size_t first_kept(const struct unseal *unseal)
{
    const struct context *context = unseal->context;

    if (!context->held.n || !context->bare)
        return 0;
    return unseal->stream.first ? unseal->stream.first : unseal->first;
}

static SECURITY_STATUS repair(struct unseal *unseal)
{
    struct context *context = unseal->context;
    size_t pending = context->pending.n + context->held.settled, told = context->told;
    size_t max = unseal->settings->max_held;
    SECURITY_STATUS status;

    unseal->room = room_of(unseal);
    if (context->dead || context->late) {
        status = answer_refusal(unseal);
        count_drift(unseal, status);
        return status;
    }
    stream_begin(&unseal->stream, &unseal->rule, &context->held, &context->bare,
                 max > pending ? max - pending : 0);
    stream_feed(&unseal->stream, unseal->io.order, unseal->io.head, unseal->io.input,
                unseal->again);
    unseal->stream.closed = unseal->closed;
    unseal->stream.first = context->held.n && context->bare ? context->first : 0;
    unseal->stream.walk.first = unseal->first;
    status = unseal_input(unseal);
    if (!unseal->extra.n)
        context->first = first_kept(unseal);
    if (unseal->again && !unseal->extra.n && !unseal->partial && status == SEC_E_OK)
        hold_consume(&context->held, unseal->io.input.n);
    context->told =
        context->announced && !unseal->partial && status == SEC_E_OK ? context->held.n : 0;
    context->announced = context->told;
    if (status != SEC_E_OK) {
        status = note_refusal(unseal, status);
        if (unseal->again && !context->late)
            hold_consume(&context->held, unseal->io.input.n);
    }
    status = deliver(unseal, status, told);
    count_drift(unseal, status);
    answer_count(unseal);
    return status;
}

SECURITY_STATUS unseal_repair(struct unseal *unseal)
{
    /* Stands in for a context that there is no memory for: this call is served all the same, but
     * nothing may be kept. */
    struct context spare = {.rule = unseal->rule, .coalesce = true};
    bool stateless = !unseal->context;
    SECURITY_STATUS status;

    if (stateless)
        unseal->context = &spare;
    status = repair(unseal);
    if (stateless) {
        ULONG lost = (ULONG)(spare.held.n + spare.held.settled + spare.pending.n);

        count_add(COUNT_LOST, lost);
        if (lost && status == SEC_E_OK && !unseal->extra.n) {
            spare.dead = OUT_OF_MEMORY;
            status = answer_dead(unseal);
        }
        hold_drop(&spare.held);
        hold_drop(&spare.pending);
        unseal->context = NULL;
    }
    return status;
}
