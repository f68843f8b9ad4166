/*
 * Context: what the shim knows of one security context.
 *
 * A handle is two words that may be copied, so the value is the key (a dwLower of 0 is a value).
 * Values are used again: each birth starts a new object, and what the old one kept is gone.
 *
 * Ownership. The directory holds one reference, each context_take another. context_take also makes
 * the thread the only one to receive on the context until context_give; threads that seal are never
 * held up. A context may be removed while it is taken; it is freed at the last give.
 *
 * `value`, `flags` and the pointer rule.exact stay as they are from birth to death. What stands
 * before `judged` is under the lock of the directory; all the rest may be touched by the taker
 * only.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include "frame.h"
#include "hold.h"
#include "shim.h"

struct context {
    struct context *next; /* in its bucket; this and the next three are the directory's */
    CtxtHandle value;     /* by which it is found */
    ULONG references;
    DWORD owner;       /* thread that has taken it, or 0 */
    ULONG sending;     /* calls that seal at this moment, where they count (context_send) */
    ULONG sent;        /* messages that were sealed since the last receive */
    size_t sent_bytes; /* of text in them */
    bool uncertain;    /* what they did to the provider's key stream cannot be told */
    bool used;         /* a receive, or a send that counts, has begun */

    bool judged;            /* rule.kind is final */
    ULONG flags;            /* NegotiateFlags; 0: not seen */
    struct frame_rule rule; /* how its blocks are told apart; rule.exact is owned */
    bool retired;           /* it has been counted that rule.exact is */
    struct hold held;       /* ciphertext that waits for the rest of its block, or that the caller
                               may present again */
    bool bare;              /* held starts behind its first block's prefix */
    bool closed;            /* held ends with an I/O, and the next one is to begin with a block */
    size_t told;            /* bytes at the end of held that the caller was told of: he may present
                               them again */
    bool announced;         /* in a slot that became SECBUFFER_EXTRA */
    size_t first;           /* length of the first block in held, told by the prefix that is not
                               there; 0: not known */
    bool brings_new;        /* this caller was seen not to present again what he was told of */
    bool coalesce;          /* this caller does not look at SECBUFFER_EXTRA */
    bool offered;           /* one of its slots was turned into EXTRA or MISSING */
    struct hold pending;    /* plaintext that had no room yet; comes before what is held */
    SECURITY_STATUS dead;   /* not SEC_E_OK: the answer to every later receive */
    SECURITY_STATUS late;   /* not SEC_E_OK: the answer to the next receive, once */
    ULONG drift;            /* provider calls made minus calls of a caller that counts */
};

/* What a handshake leg told. */
struct birth {
    const CtxtHandle *from; /* the value that this leg continued, or NULL */
    ULONG flags;            /* NegotiateFlags of an NTLM message in this leg or before; 0: none */
    bool used;              /* the context was used before */
    struct exact *exact;    /* what the session key tells, or NULL; the context will own it */
};

/* A context with this value exists from now on, with nothing kept from any earlier one. */
void context_born(const CtxtHandle *value, const struct birth *birth);

/* The NegotiateFlags that were seen for this context so far, or 0; and was it used already? */
ULONG context_flags(const CtxtHandle *value, bool *used);

/* The context with this value, if any, is gone; what it kept is counted as lost. */
void context_died(const CtxtHandle *value);

/*
 * Finds and takes; NULL if the value is unknown, or if this thread has it already (a provider that
 * comes back to us). Waits while another thread has it: two receivers on one context are against
 * the rules of SSPI, and must not crash.
 */
struct context *context_take(const CtxtHandle *value);

/* The same, and an unknown value is born first. NULL without memory, too. */
struct context *context_make(const CtxtHandle *value);

/* Gives back what take or make gave, or NULL. */
void context_give(struct context *context);

/*
 * A message is about to be sealed. NT 4's NTLM has one key stream for both directions, so there it
 * matters to the receiver; NULL where it does not. Nobody waits: if a receive on the same context
 * goes on at any time between the two calls, the order of both in the provider is uncertain.
 */
struct context *context_send(const CtxtHandle *value);

/* It has been, with n bytes of text; or, not `known`, nobody can say. Gives back. */
void context_sent(struct context *context, bool known, size_t n);

#endif
