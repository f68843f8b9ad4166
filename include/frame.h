/*
 * Frame: where does the first sealed block of an I/O end?
 *
 * Some blocks say so themselves or have it said in front of them (length.h). A sealed NTLM block
 * and an RFC 4121 token carry no length; what can be seen is where the next one begins:
 *
 *   NTLM with extended session security   01 00 00 00 and the next sequence number, 64 bits
 *   NTLM of NT 4    its number is encrypted. Where the block's own header has the four zero bytes
 *                   that [MS-NLMP] 3.4.4.1 puts behind the version, they are part of the match (64
 *                   bits again), otherwise the version alone must do (32 bits, a weak match)
 *   RFC 4121        the token's own first eight bytes and its number plus one, 128 bits
 *
 * The number that is looked for is that of the block's own header plus one, never a count kept
 * across calls, so that nothing that happened before can put the search out of step.
 *
 * That search finds where a block begins, not whether the last one is complete. Each byte of an I/O
 * is searched at most three times, whatever is in it.
 *
 * With the session key the end of an NTLM block is known for certain (exact.h), be the next one
 * there or not.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "length.h"
#include "settings.h"
#include "span.h"

enum frame_kind {
    FRAME_UNSURE,   /* sealed NTLM, handshake not seen: 64-bit matches, ESS before NT 4 */
    FRAME_ESS,      /* sealed NTLM with extended session security */
    FRAME_NT4,      /* sealed NTLM without */
    FRAME_WHOLE,    /* nothing may be concluded from the bytes: every I/O is one block */
    FRAME_UNKNOWN,  /* not yet judged: FRAME_UNSURE or FRAME_KERBEROS, whichever it looks like */
    FRAME_KERBEROS, /* RFC 4121 or RFC 1964 tokens */
    FRAME_TLS,      /* records */
};

enum frame_order {
    FRAME_TOKEN_FIRST, /* signature, data */
    FRAME_TOKEN_LAST,  /* data, signature (NTLM; other tokens begin with their header anyway) */
    FRAME_TOKEN_APART, /* the first signature lies elsewhere, the I/O starts with its data */
};

enum frame_step {
    FRAME_STEP_BLOCK,   /* this block is complete, and more follows it */
    FRAME_STEP_LAST,    /* this block is complete, and nothing follows it */
    FRAME_STEP_WHOLE,   /* this is the rest of the I/O, to be taken as one block */
    FRAME_STEP_PARTIAL, /* this is the rest of the I/O, and not a whole block for certain */
};

#define FRAME_PREFIX_UNKNOWN 0xFF

/* What is known of one receive direction. Starts as {kind, FRAME_PREFIX_UNKNOWN}. */
struct frame_rule {
    enum frame_kind kind;
    unsigned char prefix;       /* bytes of the application's framing between two blocks: 0, 4,
                                   8; as seen, where none is configured */
    bool strict;                /* no weak match */
    struct settings_prefix own; /* the application's framing as configured */
    struct exact *exact;        /* knows where blocks end (exact.h); NULL: nobody does. Borrowed: of
                                   the context, whose next block is the one that a walk begins at */
    size_t token;               /* bytes of an RFC 4121 token before its data; 0: not known */
};

/* One pass over one I/O. Plain state, no memory of its own. */
struct frame_walk {
    struct span input; /* the I/O, in wire order */
    struct span head;  /* FRAME_TOKEN_APART and LAST: the I/O's own signature */
    const struct frame_rule *rule;
    enum frame_kind kind; /* as the rule, or as the first boundary decided */
    enum frame_order order;
    bool middle;     /* a block came before: its successor has a prefix, though a read's first
                        has none or is stripped of it. May be set after frame_begin */
    size_t first;    /* length of the first block, if it is known from before; as above */
    size_t start;    /* where the block to be cut next begins, or its prefix */
    size_t missing;  /* FRAME_STEP_PARTIAL: bytes that the block lacks, 1 if not known */
    size_t header;   /* bytes at start that are its signature: 16, or 0 where it is elsewhere */
    uint64_t number; /* the sequence number of that block */
    const unsigned char *own; /* its header */
    bool numbered;            /* false in FRAME_TOKEN_LAST until the first boundary is found */
    bool padded;              /* FRAME_NT4: the I/O's own header has the four zero bytes */
    unsigned char prefix;     /* as the rule, or as the boundaries of this I/O showed */
};

/*
 * Starts a walk. `head` is the I/O's own signature: its first 16 bytes, its last 16, or the token
 * that lies apart. What cannot be a block's beginning makes the I/O one block.
 */
void frame_begin(struct frame_walk *walk, const struct frame_rule *rule, enum frame_order order,
                 struct span head, struct span input);

/* Cuts the next block off the I/O. Only after FRAME_STEP_BLOCK the walk goes on. */
enum frame_step frame_next(struct frame_walk *walk, struct span *block);

/* Where the tokens of this kind are on the wire, if the caller's elements lie in this order. */
enum frame_order frame_wire_order(enum frame_kind kind, enum frame_order order, struct span head);

/* The bytes not yet cut; they start at a block, or at its prefix where one is configured. */
struct span frame_rest(const struct frame_walk *walk);

/* Are the ends of blocks known? The signature has to come first for that. */
bool frame_exact(const struct frame_rule *rule, enum frame_order order);

/*
 * What can be said of the length of a block by its start; `bare`: behind its prefix. Where none is
 * configured and the end of blocks is known exactly, what may stand between two is looked for.
 */
struct length frame_measure(const struct frame_rule *rule, enum frame_order order, struct span at,
                            bool bare);

/*
 * Tells the rule what a walk found. To be called when the provider has unsealed a block that ended
 * at a boundary of this walk: only then is the guess a fact.
 */
void frame_learn(struct frame_rule *rule, const struct frame_walk *walk);

#endif
