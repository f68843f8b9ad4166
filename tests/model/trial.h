/*
 * Trial: runs a plan and holds every call against the contract. What the program took must be the
 * beginning of what was sealed, at every moment, and as long as the documents say.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "plan.h"

/* What happened, over all plans. */
struct trial_tally {
    uint64_t plans, ios;
    uint64_t bytes;                  /* of the wire */
    uint64_t merged;                 /* I/Os with bytes of more than one block */
    uint64_t split;                  /* ... that begin or end inside a block */
    uint64_t pending;                /* ... after which text waited for room */
    uint64_t held;                   /* ... after which a part of a block was kept */
    uint64_t reported;               /* ... answered SEC_E_INCOMPLETE_MESSAGE */
    uint64_t extra;                  /* ... answered with SECBUFFER_EXTRA */
    uint64_t limits;                 /* plans that ended at the limit of their framing */
    uint64_t damaged;                /* ... that ended at the block that was changed on its way */
    uint64_t capped;                 /* ... at MaxHeld */
    uint64_t starved;                /* ... in which an allocation failed */
    uint64_t framing[PLAN_FRAMINGS]; /* I/Os of each */
    uint64_t keyed;                  /* ... whose blocks are told apart by the session key */
};
extern struct trial_tally trial_tally;

extern bool trial_trace; /* each call is printed */

/* NULL if all was right, or what was not. */
const char *trial_plan(const struct plan *plan);

#endif
