/*
 * Directory. See directory.h.
 */
#include "directory.h"

#include "bytes.h"
#include "memory.h"

#define STRIPES 64
#define BUCKETS 16 /* of a stripe at first; a power of two, as is every later number */

static struct stripe {
    ULONG lock;
    ULONG hash;            /* under the lock: of the value that it was taken for */
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
static ULONG hash_of(const CtxtHandle *value)
{
    ULONGLONG lower = value->dwLower, upper = value->dwUpper;
    ULONG folded = (ULONG)lower ^ (ULONG)(lower >> 32) * 0x85EBCA6Bu ^ (ULONG)upper * 0xC2B2AE35u ^
                   (ULONG)(upper >> 32) * 0x27D4EB2Fu;

    folded *= 0x9E3779B1u;
    return folded ^ folded >> 15;
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
static struct context **link_of(struct stripe *stripe, const CtxtHandle *value)
{
    struct context **link = bucket_of(stripe, stripe->hash);

    while (*link &&
           ((*link)->value.dwLower != value->dwLower || (*link)->value.dwUpper != value->dwUpper))
        link = &(*link)->next;
    return link;
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
            struct context **to = bucket_of(stripe, hash_of(&context->value));

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

struct stripe *directory_lock(const CtxtHandle *value)
{
    ULONG hash = hash_of(value);
    struct stripe *stripe = &stripes[hash % STRIPES];

    lock(stripe);
    stripe->hash = hash;
    return stripe;
}

void directory_unlock(struct stripe *stripe)
{
    bool wider = crowded(stripe);

    unlock(stripe);
    if (wider)
        widen(stripe);
}

struct context *directory_find(struct stripe *stripe, const CtxtHandle *value)
{
    return *link_of(stripe, value);
}

void directory_put(struct stripe *stripe, struct context *context)
{
    struct context **bucket = bucket_of(stripe, stripe->hash);

    context->next = *bucket;
    *bucket = context;
    stripe->n++;
}

struct context *directory_remove(struct stripe *stripe, const CtxtHandle *value)
{
    struct context **link = link_of(stripe, value), *context = *link;

    if (context) {
        *link = context->next;
        stripe->n--;
    }
    return context;
}
