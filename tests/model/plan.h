/*
 * Plan: one case of the model, in full: what the peer seals, where the network cuts, how the
 * program calls, what may go wrong. A run depends on nothing else, so a plan is a row of rows.c.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "settings.h"

#define PLAN_BLOCKS 50
#define PLAN_READS  400
#define PLAN_TEXT   70000

enum plan_framing {
    PLAN_ESS, /* NTLM with extended session security */
    PLAN_NT4, /* NTLM without */
    PLAN_PAD, /* the same with random bytes behind the version: a match of 32 bits */
    PLAN_RFC4121,
    PLAN_DCE, /* RFC 4121 with EC 16 */
    PLAN_DER,
    PLAN_FRAMINGS
};

enum plan_shape { PLAN_FIRST, PLAN_LAST, PLAN_APART, PLAN_PADDED, PLAN_STREAM, PLAN_SHAPES };

enum plan_slots {
    PLAN_NO_SLOT,
    PLAN_HONOURS, /* EMPTY slots, and EXTRA is presented again */
    PLAN_IGNORES, /* EMPTY slots, set up anew for each call, never looked at */
    PLAN_KEEPS,   /* the same array for all calls, never looked at */
    PLAN_SLOTS
};

struct plan {
    uint32_t seed; /* of the texts, and of the memory that fails */
    enum plan_framing framing;
    enum plan_shape shape;
    enum plan_slots slots;
    struct settings_prefix prefix; /* in front of each block */
    bool configured;               /* the shim was told of it; if not, it is always stripped */
    bool eight;                    /* not configured: the token size stands behind the length */
    enum settings_partial partial;
    enum settings_deliver deliver;
    bool fresh;        /* after SEC_E_INCOMPLETE_MESSAGE only what came since is presented */
    bool bait;         /* texts whose ciphertext looks like a header, but not the next one */
    bool unseen;       /* the shim has not seen the handshake */
    uint32_t flags;    /* NTLM: NegotiateFlags of a context that seals as [MS-NLMP] says and gives
                          its session key; 0: the fakes' own way, and no key */
    bool server;       /* ... the program is the server */
    bool off;          /* ... Exact=off */
    bool mixed;        /* single blocks have their token copied elsewhere, now and then */
    uint32_t number;   /* MessageSeqNo of the first call; 0: the program does not count */
    uint32_t max_held; /* 0: as by default */
    uint32_t fail;     /* one allocation of so many fails; 0: none */
    uint32_t damaged;  /* 1 + the block that was changed on its way; 0: none */
    uint64_t sends;    /* with `flags`, bit i: the program seals a message itself, with NT 4's NTLM
                          before the peer seals block i, otherwise before read i */
    uint32_t blocks, text[PLAN_BLOCKS]; /* the length of each text */
    uint32_t reads, read[PLAN_READS];   /* bytes; the last one again and again */
};

/* Bytes in front of each block. */
static inline size_t plan_prefix(const struct plan *plan)
{
    return plan->prefix.size ? plan->prefix.size + (plan->eight ? 4u : 0u) : 0;
}

/* Is the first prefix of a read not in the presented memory? */
static inline bool plan_strips(const struct plan *plan)
{
    return plan->prefix.size && (plan->prefix.stripped || !plan->configured);
}

static inline bool plan_is_ntlm(const struct plan *plan)
{
    return plan->framing <= PLAN_PAD;
}

/* May the shim learn where blocks end from the session key? */
static inline bool plan_exact(const struct plan *plan)
{
    return plan->flags && !plan->off && !plan->unseen &&
           !(plan->configured && plan->prefix.counts != SETTINGS_COUNTS_TOKEN);
}

/* ... and is it of use, in this shape? */
static inline bool plan_sees(const struct plan *plan)
{
    return plan_exact(plan) && plan->shape != PLAN_LAST && plan->shape != PLAN_APART;
}

/* Has the program sealed something before the peer sealed block i, from the same key stream? */
static inline bool plan_sends(const struct plan *plan, unsigned i)
{
    return plan->flags && plan->framing == PLAN_NT4 && plan->sends >> i & 1;
}

/* A random case. */
void plan_random(struct plan *plan, uint64_t seed);

/* As a row of rows.c. */
void plan_print(const struct plan *plan, FILE *to);

#endif
