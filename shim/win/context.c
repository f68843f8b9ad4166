/*
 * Context: its birth, its death and who has it in between. See context.h.
 */
#include "context.h"

#include "bytes.h"
#include "count.h"
#include "directory.h"
#include "exact.h"
#include "key.h"
#include "memory.h"
#include "ntlm.h"

/*
 * The next receive has to go through the key stream of all that was sealed: of this many bytes in a
 * blink, of more in a pause that nobody would understand. Also, sums must not wrap.
 */
#define SENT_MAX ((size_t)1 << 26)

static void destroy(struct context *context)
{
    ULONG lost = (ULONG)(context->held.n + context->held.settled + context->pending.n);

    if (lost)
        count_add(COUNT_LOST, lost);
    hold_drop(&context->held);
    hold_drop(&context->pending);
    if (context->rule.exact)
        key_drop(context->rule.exact, context->flags);
    bytes_wipe(context, sizeof *context);
    memory_give(context);
}

/* Under the stripe's lock. The caller destroys what it gets, outside the lock. */
static struct context *drop_reference(struct context *context)
{
    return --context->references == 0 ? context : NULL;
}

/* Puts `born` (which may be NULL) in the place of any context with that value. */
static void replace(const CtxtHandle *value, struct context *born)
{
    struct stripe *stripe = directory_lock(value);
    struct context *gone = directory_remove(stripe, value);

    if (gone)
        gone = drop_reference(gone);
    if (born)
        directory_put(stripe, born);
    directory_unlock(stripe);
    if (gone)
        destroy(gone);
}

static struct context *create(const CtxtHandle *value)
{
    struct context *context = memory_take(sizeof *context);

    if (context)
        *context = (struct context){
            .value = *value,
            .references = 1,
            .rule = {.kind = FRAME_UNKNOWN, .prefix = FRAME_PREFIX_UNKNOWN},
        };
    return context;
}

static enum frame_kind kind_of(ULONG flags)
{
    if (!(flags & NTLM_SEAL) || flags & NTLM_DATAGRAM)
        return FRAME_WHOLE;
    return flags & NTLM_ESS ? FRAME_ESS : FRAME_NT4;
}

/* What an earlier leg of the same handshake has judged. */
static void inherit(struct context *context, const CtxtHandle *from)
{
    struct stripe *stripe = directory_lock(from);
    const struct context *before = directory_find(stripe, from);

    if (before && before->judged) {
        context->judged = true;
        context->rule.kind = before->rule.kind;
    }
    directory_unlock(stripe);
}

ULONG context_flags(const CtxtHandle *value, bool *used)
{
    struct stripe *stripe = directory_lock(value);
    const struct context *context = directory_find(stripe, value);
    ULONG flags = context ? context->flags : 0;

    *used = context && context->used;
    directory_unlock(stripe);
    return flags;
}

void context_born(const CtxtHandle *value, const struct birth *birth)
{
    struct context *context = create(value);

    if (context)
        context->used = birth->used;
    if (context && birth->flags) {
        context->judged = true;
        context->flags = birth->flags;
        context->rule.kind = kind_of(birth->flags);
        context->rule.exact = birth->exact;
    } else if (context && birth->from) {
        inherit(context, birth->from);
    }
    if (!context && birth->exact)
        key_drop(birth->exact, birth->flags);
    if (birth->from)
        context_died(birth->from);
    replace(value, context);
}

void context_died(const CtxtHandle *value)
{
    replace(value, NULL);
}

/*
 * What was sealed since the last receive has moved the key stream, too. Where a send goes on at
 * this moment, or the order of a send and a receive could not be seen, its place is lost.
 */
static void settle(struct context *context, bool uncertain, size_t bytes, ULONG messages)
{
    struct exact *exact = context->rule.exact;

    if (!exact)
        return;
    key_trust(exact, context->flags);
    if (uncertain)
        exact_retire(exact);
    else if (messages)
        exact_passed(exact, bytes, messages);
}

struct context *context_take(const CtxtHandle *value)
{
    DWORD me = GetCurrentThreadId();

    for (unsigned tries = 0;; tries++) {
        struct stripe *stripe = directory_lock(value);
        struct context *found = directory_find(stripe, value);
        DWORD owner = found ? found->owner : 0;
        bool mine = found && owner == 0, uncertain = mine && (found->uncertain || found->sending);
        size_t bytes = mine ? found->sent_bytes : 0;
        ULONG messages = mine ? found->sent : 0;

        if (mine) {
            found->owner = me;
            found->references++;
            found->used = true;
            found->sent_bytes = found->sent = 0;
        }
        directory_unlock(stripe);
        if (mine)
            settle(found, uncertain, bytes, messages);
        if (!found || mine)
            return found;
        if (owner == me)
            return NULL;
        Sleep(tries > 10);
    }
}

struct context *context_make(const CtxtHandle *value)
{
    struct context *born = create(value), *known;
    struct stripe *stripe;

    if (!born)
        return NULL;
    born->owner = GetCurrentThreadId();
    born->references++;
    stripe = directory_lock(value);
    known = directory_find(stripe, value);
    if (!known)
        directory_put(stripe, born);
    directory_unlock(stripe);
    if (!known)
        return born;
    destroy(born);
    return context_take(value);
}

/* What a receive has shown of the session key. */
static void note(struct context *context)
{
    struct exact *exact = context->rule.exact;

    if (context->uncertain)
        exact_retire(exact);
    key_note(exact, context->flags);
    if (exact->retired && !context->retired) {
        context->retired = true;
        count_add(COUNT_RETIRED, 1);
    }
}

void context_give(struct context *context)
{
    struct stripe *stripe;

    if (!context)
        return;
    stripe = directory_lock(&context->value);
    if (context->rule.exact)
        note(context);
    context->owner = 0;
    context = drop_reference(context);
    directory_unlock(stripe);
    if (context)
        destroy(context);
}

struct context *context_send(const CtxtHandle *value)
{
    struct stripe *stripe;
    struct context *context;

    if (!key_shared())
        return NULL;
    stripe = directory_lock(value);
    context = directory_find(stripe, value);
    if (context && (!context->rule.exact || context->flags & NTLM_ESS))
        context = NULL;
    if (context) {
        context->references++;
        context->sending++;
        context->used = true;
        context->uncertain |= context->owner != 0;
    }
    directory_unlock(stripe);
    return context;
}

void context_sent(struct context *context, bool known, size_t n)
{
    struct stripe *stripe = directory_lock(&context->value);

    known = known && n <= SENT_MAX - context->sent_bytes && context->sent < SENT_MAX / 16;
    context->sending--;
    context->uncertain |= !known;
    if (known) {
        context->sent++;
        context->sent_bytes += n;
    }
    context = drop_reference(context);
    directory_unlock(stripe);
    if (context)
        destroy(context);
}
