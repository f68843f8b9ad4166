/*
 * Offer: the rest of an I/O, left to a caller who has a slot to be told of it; and the next I/O,
 * which shows what he did with it.
 */
#include "unseal.h"

#include "count.h"
#include "ntlm.h"

/* Bytes that no two places of a stream have in common: a signature's checksum and number. */
#define PROOF ((size_t)4 * NTLM_SIGNATURE)

/* RFC 1964: tag, length of up to four octets, mechanism, algorithms, number. */
#define NUMBERED ((size_t)1 + 4 + 11 + 8 + 8)

/* What of the I/O is left for the caller: behind the prefix, if he strips that himself. */
static struct span extra_of(struct unseal *unseal)
{
    const struct settings_prefix *own = &unseal->rule.own;
    struct span rest = frame_rest(&unseal->stream.walk);
    struct length length = frame_measure(&unseal->rule, unseal->io.order, rest, false);

    unseal->context->first = 0;
    if (!own->size)
        return length.verdict == LENGTH_OPEN ? span_rest(rest, length.prefix) : rest;
    if (!own->stripped)
        return rest;
    if (length.verdict == LENGTH_KNOWN)
        unseal->context->first = length.block;
    return span_rest(rest, own->size);
}

static bool may_offer(const struct unseal *unseal)
{
    const struct context *context = unseal->context;
    enum settings_deliver deliver = unseal->settings->deliver;
    bool slot = unseal->io.spare || unseal->io.stale;

    if (!slot || deliver == SETTINGS_DELIVER_COALESCE || unseal->io.order == FRAME_TOKEN_APART)
        return false;
    if (context->coalesce && deliver != SETTINGS_DELIVER_EXTRA)
        return false;
    return !context->pending.n && !context->held.settled && (!context->held.n || unseal->again) &&
           unseal->stream.walking && !unseal->stream.gathered;
}

/*
 * May the rest begin with a part of the application's own bytes? Whoever presents it again, or
 * never looks at it, has a token at the start of what he brings.
 */
static bool begins_early(const struct unseal *unseal)
{
    const struct frame_rule *rule = &unseal->rule;
    struct span rest = frame_rest(&unseal->stream.walk);

    return !rule->own.size && frame_exact(rule, unseal->io.order) &&
           frame_measure(rule, unseal->io.order, rest, false).verdict == LENGTH_SHORT;
}

bool unseal_offer(struct unseal *unseal)
{
    struct context *context = unseal->context;
    struct frame_walk ahead = unseal->stream.walk;
    size_t start = ahead.start;
    struct span block;

    if (!may_offer(unseal))
        return false;
    if (frame_next(&ahead, &block) == FRAME_STEP_PARTIAL &&
        (unseal->settings->partial != SETTINGS_PARTIAL_REPORT || begins_early(unseal)))
        return false;
    unseal->extra = extra_of(unseal);
    unseal->stream.walk.start = (size_t)(unseal->extra.at - unseal->stream.walk.input.at);
    if (unseal->extra.n == 0 || unseal->extra.n > unseal->stream.limit ||
        !stream_keep(&unseal->stream)) {
        hold_drop(&context->held);
        unseal->stream.walk.start = start;
        unseal->extra = (struct span){0};
        unseal->again = unseal->stream.again = false;
        return false;
    }
    context->bare = !unseal->rule.own.size || unseal->rule.own.stripped;
    context->told = context->held.n;
    context->announced = true;
    return true;
}

/* Bytes from a block's start on up to the end of its number, at most; the kind may be unknown yet.
 */
static size_t telling(const struct unseal *unseal)
{
    enum frame_kind kind = unseal->rule.kind;
    bool kerberos = kind == FRAME_KERBEROS || kind == FRAME_UNKNOWN;

    return unseal->rule.own.size + (kerberos ? NUMBERED : NTLM_SIGNATURE);
}

/*
 * Does the I/O start with what the caller was told of? A signature never comes twice in a stream,
 * so that the beginning is proof enough; comparing all of it at every call would cost fragments
 * times bytes. Fewer bytes than a signature prove nothing: then they are taken for the same if
 * there are as many, unless this caller was seen to bring only new ones.
 */
static bool presented_again(const struct unseal *unseal, struct span input)
{
    const struct context *context = unseal->context;
    struct span kept = hold_bytes(&context->held);
    struct span told = span_rest(kept, kept.n - context->told);
    size_t n = told.n < input.n ? told.n : input.n;

    if (n > PROOF)
        n = PROOF;
    if (n == 0 || memcmp(told.at, input.at, n) != 0)
        return false;
    return n >= telling(unseal) || (n == told.n && (context->announced || !context->brings_new));
}

void unseal_recognise(struct unseal *unseal)
{
    struct context *context = unseal->context;
    bool again;

    unseal->again = false;
    unseal->first = 0;
    if (context) {
        unseal->closed = context->closed;
        context->closed = false;
    }
    if (!context || !context->told)
        return;
    again = presented_again(unseal, unseal->io.input);
    if (again && context->announced) {
        unseal->again = true;
        unseal->first = context->first;
        return;
    }
    if (again) {
        /* All that he was told of, and more: it is taken from his memory, as if never seen. */
        hold_trim(&context->held, context->held.n - context->told);
        unseal->first = context->held.n || !context->bare ? 0 : context->first;
        context->told = 0;
        return;
    }
    if (context->announced) {
        unseal->closed = context->coalesce = true;
        context->announced = false;
        context->told = 0;
        count_add(COUNT_EXTRA_IGNORED, 1);
    } else {
        context->brings_new = true;
    }
}
