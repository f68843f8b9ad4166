/*
 * Context: the table. See context.h.
 *
 * 64 stripes, each a hash table of its own behind a lock word. A lock is held for a walk along one
 * bucket or, rarely, while a stripe's buckets are spread over twice as many; never while the
 * provider, the heap or the loader is called. A zeroed stripe is ready for use: nothing has to be
 * done in DllMain, and nothing can fail there (InitializeCriticalSection can, before Vista).
 */
#include "context.h"

#include "bytes.h"
#include "count.h"
#include "memory.h"
#include "ntlm.h"

#define STRIPES 64
#define BUCKETS 16 /* of a stripe at first; a power of two, as is every later number */

static struct stripe {
    ULONG lock;
    ULONG n;               /* contexts */
    ULONG buckets;         /* of `more` */
    struct context **more; /* once there are too many for `first`; owned */
    struct context *first[BUCKETS];
} __attribute__((aligned(64))) stripes[STRIPES];

static void lock(struct stripe *stripe)
{
    for (unsigned tries = 0; __atomic_exchange_n(&stripe->lock, 1, __ATOMIC_ACQUIRE); tries++)
        if (tries > 100)
            Sleep(tries > 200); /* 0: to equals; 1: also to a holder of lower priority */
}

static void unlock(struct stripe *stripe)
{
    __atomic_store_n(&stripe->lock, 0, __ATOMIC_RELEASE);
}

/* Handles are addresses or small indices; the high bits of a product depend on all of theirs. */
static ULONG hash(const CtxtHandle *value)
{
    ULONGLONG lower = value->dwLower, upper = value->dwUpper;
    ULONG folded = (ULONG)lower ^ (ULONG)(lower >> 32) * 0x85EBCA6Bu ^ (ULONG)upper * 0xC2B2AE35u ^
                   (ULONG)(upper >> 32) * 0x27D4EB2Fu;

    folded *= 0x9E3779B1u;
    return folded ^ folded >> 15;
}

static struct stripe *stripe_of(ULONG hash)
{
    return &stripes[hash % STRIPES];
}

static ULONG buckets_of(const struct stripe *stripe)
{
    return stripe->more ? stripe->buckets : BUCKETS;
}

static struct context **bucket_of(struct stripe *stripe, ULONG hash)
{
    struct context **all = stripe->more ? stripe->more : stripe->first;

    return &all[hash / STRIPES & (buckets_of(stripe) - 1)];
}

/* The link that points to the context with this value, or the one that ends its bucket. */
static struct context **link_of(struct stripe *stripe, ULONG hash, const CtxtHandle *value)
{
    struct context **link = bucket_of(stripe, hash);

    while (*link &&
           ((*link)->value.dwLower != value->dwLower || (*link)->value.dwUpper != value->dwUpper))
        link = &(*link)->next;
    return link;
}

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

static struct context *unlink_from(struct stripe *stripe, struct context **link)
{
    struct context *context = *link;

    if (!context)
        return NULL;
    *link = context->next;
    stripe->n--;
    return drop_reference(context);
}

static void link_to(struct stripe *stripe, ULONG hash, struct context *context)
{
    struct context **bucket = bucket_of(stripe, hash);

    context->next = *bucket;
    *bucket = context;
    stripe->n++;
}

static bool crowded(const struct stripe *stripe)
{
    return stripe->n > 2 * buckets_of(stripe);
}

/* Under the lock: `more` takes over. Gives back the buckets that it replaces. */
static struct context **spread(struct stripe *stripe, struct context **more, ULONG buckets)
{
    struct context **from = stripe->more ? stripe->more : stripe->first;
    struct context **old = stripe->more;
    ULONG was = buckets_of(stripe);
    struct context *context;

    stripe->more = more;
    stripe->buckets = buckets;
    for (ULONG i = 0; i < was; i++) {
        while ((context = from[i])) {
            struct context **to = bucket_of(stripe, hash(&context->value));

            from[i] = context->next;
            context->next = *to;
            *to = context;
        }
    }
    return old;
}

static void widen(struct stripe *stripe)
{
    ULONG buckets = buckets_of(stripe) * 4;
    struct context **more = memory_take(buckets * sizeof *more);

    if (!more)
        return; /* longer walks, nothing worse */
    memset(more, 0, buckets * sizeof *more);
    lock(stripe);
    if (crowded(stripe) && buckets_of(stripe) < buckets)
        more = spread(stripe, more, buckets);
    unlock(stripe);
    memory_give(more);
}

/* Puts `born` (which may be NULL) in the place of any context with that value. */
static void replace(const CtxtHandle *value, struct context *born)
{
    ULONG h = hash(value);
    struct stripe *stripe = stripe_of(h);
    struct context *gone;
    bool wider;

    lock(stripe);
    gone = unlink_from(stripe, link_of(stripe, h, value));
    if (born)
        link_to(stripe, h, born);
    wider = crowded(stripe);
    unlock(stripe);
    if (gone)
        destroy(gone);
    if (wider)
        widen(stripe);
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
    ULONG h = hash(from);
    struct stripe *stripe = stripe_of(h);
    struct context *before;

    lock(stripe);
    before = *link_of(stripe, h, from);
    if (before && before->judged) {
        context->judged = true;
        context->rule.kind = before->rule.kind;
    }
    unlock(stripe);
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
    ULONG h = hash(value);
    struct stripe *stripe = stripe_of(h);
    DWORD me = GetCurrentThreadId();

    for (unsigned tries = 0;; tries++) {
        struct context *found;
        DWORD owner;

        lock(stripe);
        found = *link_of(stripe, h, value);
        owner = found ? found->owner : 0;
        if (found && owner == 0) {
            found->owner = me;
            found->references++;
        }
        unlock(stripe);
        if (!found || owner == 0)
            return found;
        if (owner == me)
            return NULL;
        Sleep(tries > 10);
    }
}

struct context *context_make(const CtxtHandle *value)
{
    struct context *born = create(value), *known = NULL;
    ULONG h = hash(value);
    struct stripe *stripe = stripe_of(h);

    if (!born)
        return NULL;
    born->owner = GetCurrentThreadId();
    born->references++;
    lock(stripe);
    known = *link_of(stripe, h, value);
    if (!known)
        link_to(stripe, h, born);
    unlock(stripe);
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
    stripe = stripe_of(hash(&context->value));
    lock(stripe);
    context->owner = 0;
    context = drop_reference(context);
    unlock(stripe);
    if (context)
        destroy(context);
}
