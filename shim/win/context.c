/*
 * Context: its birth, its death and who has it in between. See context.h.
 */
#include "context.h"

#include "bytes.h"
#include "count.h"
#include "directory.h"
#include "memory.h"
#include "ntlm.h"

static void destroy(struct context *context)
{
    ULONG lost = (ULONG)(context->held.n + context->held.settled + context->pending.n);

    if (lost)
        count_add(COUNT_LOST, lost);
    hold_drop(&context->held);
    hold_drop(&context->pending);
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

void context_born(const CtxtHandle *value, const struct birth *birth)
{
    struct context *context = create(value);

    if (context && birth->known) {
        context->judged = true;
        context->rule.kind = kind_of(birth->flags);
    } else if (context && birth->from) {
        inherit(context, birth->from);
    }
    if (birth->from)
        context_died(birth->from);
    replace(value, context);
}

void context_died(const CtxtHandle *value)
{
    replace(value, NULL);
}

struct context *context_take(const CtxtHandle *value)
{
    DWORD me = GetCurrentThreadId();

    for (unsigned tries = 0;; tries++) {
        struct stripe *stripe = directory_lock(value);
        struct context *found = directory_find(stripe, value);
        DWORD owner = found ? found->owner : 0;

        if (found && owner == 0) {
            found->owner = me;
            found->references++;
        }
        directory_unlock(stripe);
        if (!found || owner == 0)
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

void context_give(struct context *context)
{
    struct stripe *stripe;

    if (!context)
        return;
    stripe = directory_lock(&context->value);
    context->owner = 0;
    context = drop_reference(context);
    directory_unlock(stripe);
    if (context)
        destroy(context);
}
