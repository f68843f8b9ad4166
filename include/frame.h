/*
 * Frame: where does the first sealed block of an I/O end?
 *
 * A sealed NTLM block carries no length. What can be seen is where the next one begins: the version
 * 01 00 00 00 and, with extended session security, the next sequence number in clear: a 64-bit
 * match. The NT 4 kind encrypts its number; where the I/O's own header has the four zero bytes that
 * [MS-NLMP] 3.4.4.1 puts behind the version, they are part of the match (64 bits again), otherwise
 * the version alone must do (32 bits, a weak match).
 *
 * The number that is looked for is that of the I/O's own first header plus one, never a count kept
 * across calls, so that nothing that happened before can put the search out of step.
 *
 * The search finds where a block begins, not whether the last one is complete. Each byte of an I/O
 * is searched at most three times, whatever is in it.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum frame_kind {
    FRAME_UNSURE, /* sealed NTLM, handshake not seen: 64-bit matches, ESS before NT 4 */
    FRAME_ESS,    /* sealed NTLM with extended session security */
    FRAME_NT4,    /* sealed NTLM without */
    FRAME_WHOLE,  /* nothing may be concluded from the bytes: every I/O is one block */
};

enum frame_order {
    FRAME_TOKEN_FIRST, /* signature, data */
    FRAME_TOKEN_LAST,  /* data, signature */
    FRAME_TOKEN_APART, /* the first signature lies elsewhere, the I/O starts with its data */
};

enum frame_step {
    FRAME_STEP_BLOCK, /* this block is complete, another one begins behind it */
    FRAME_STEP_WHOLE, /* this is the rest of the I/O, to be taken as one block */
};

#define FRAME_PREFIX_UNKNOWN 0xFF

/* What is known of one receive direction. Starts as {kind, FRAME_PREFIX_UNKNOWN}. */
struct frame_rule {
    enum frame_kind kind;
    unsigned char prefix; /* bytes of the application's framing between two blocks: 0, 4, 8 */
};

/* One pass over one I/O. Plain state, no memory of its own. */
struct frame_walk {
    struct span input;    /* the I/O, in wire order */
    enum frame_kind kind; /* as the rule, or as the first boundary decided */
    enum frame_order order;
    size_t start;    /* where the block to be cut next begins */
    size_t header;   /* bytes at start that are its signature: 16, or 0 where it is elsewhere */
    uint32_t number; /* FRAME_ESS: the sequence number of that block */
    bool numbered;   /* false in FRAME_TOKEN_LAST until the first boundary is found */
    bool padded;     /* FRAME_NT4: the I/O's own header has the four zero bytes */
    unsigned char prefix; /* as the rule, or as the boundaries of this I/O showed */
};

/*
 * Starts a walk. `head` is the I/O's own signature: its first 16 bytes, its last 16, or the token
 * that lies apart. Anything else than a signature there makes the I/O one block.
 */
void frame_begin(struct frame_walk *walk, const struct frame_rule *rule, enum frame_order order,
                 struct span head, struct span input);

/* Cuts the next block off the I/O. After FRAME_STEP_WHOLE the walk is over. */
enum frame_step frame_next(struct frame_walk *walk, struct span *block);

/* The bytes not yet cut; they start at a block. */
struct span frame_rest(const struct frame_walk *walk);

/*
 * Tells the rule what a walk found. To be called when the provider has unsealed a block that ended
 * at a boundary of this walk: only then is the guess a fact.
 */
void frame_learn(struct frame_rule *rule, const struct frame_walk *walk);

#endif
