/*
 * Unseal: one DecryptMessage or UnsealMessage call, from the caller's descriptor to the status.
 */
#ifndef UNSEAL_H
#define UNSEAL_H

#include "context.h"
#include "secbuf.h"
#include "settings.h"
#include "shim.h"
#include "stream.h"

typedef __typeof__(&DecryptMessage) unseal_fn;

struct unseal {
    unseal_fn provider; /* the real function of the caller's choice */
    PCtxtHandle handle; /* the caller's arguments */
    PSecBufferDesc desc;
    ULONG number;
    PULONG qop;

    const struct settings *settings;
    struct secbuf io;
    struct context *context; /* taken, or NULL */
    struct frame_rule rule;  /* the context's, under the settings */
    bool again;              /* the I/O starts with what an EXTRA slot announced */
    size_t first; /* length of the I/O's first block, if the caller was told of it without
                     its prefix; or 0 */
    bool closed;  /* what is held ends with an I/O, and this one begins with a block */

    /* Of a repair: */
    struct stream stream;
    struct stream_block block; /* the one at work */
    ULONG blocks;              /* given to the provider */
    ULONG placed;              /* of these, such as lay in the I/O */
    ULONG calls;               /* of the provider that count for its sequence number */
    ULONG unsealed;            /* blocks that it accepted */
    ULONG qop_joint;           /* the quality of protection of all of them */
    bool starved;              /* we had no memory for it */
    bool split;                /* a part of a block was kept before, or is now */
    bool partial;              /* what is left of the I/O is in the hold */
    struct span room;          /* where plaintext may go: inside the presented memory */
    size_t have;               /* plaintext at its start */
    struct span extra;         /* the tail left to the caller, in his memory */
};

SECURITY_STATUS unseal_message(unseal_fn provider, PCtxtHandle handle, PSecBufferDesc desc,
                               ULONG number, PULONG qop);

/* With the caller's own descriptor (inner.c). */
SECURITY_STATUS unseal_pass(struct unseal *unseal);

/* Unseals the call's blocks one by one (repair.c). */
SECURITY_STATUS unseal_repair(struct unseal *unseal);

/* The same for Schannel's way of calling (record.c). */
SECURITY_STATUS unseal_records(struct unseal *unseal);

/* One block through the provider; its plaintext lies where its ciphertext was (inner.c). */
SECURITY_STATUS unseal_block(struct unseal *unseal, struct span *plain);

/* The same from a copy, of which nothing remains: *refused if this is no whole block. */
SECURITY_STATUS unseal_trial(struct unseal *unseal, struct span *plain, bool *refused);

/*
 * Does the I/O start with what an earlier call told the caller of? Sets `again`, or forgets the
 * copy that he did present again, or learns that he never does (offer.c). To be called once a call.
 */
void unseal_recognise(struct unseal *unseal);

/*
 * Leaves the rest of the I/O to the caller, if he has a slot to be told so, and keeps a copy in
 * case that he does not look. False: it has to be dealt with now.
 */
bool unseal_offer(struct unseal *unseal);

/* Where plaintext may go. A provider's stream answer will say better where it starts (room.c). */
struct span room_of(const struct unseal *unseal);

/*
 * Puts a plaintext behind those that are there; without room for it, all of them wait. False: no
 * memory.
 */
bool room_join(struct unseal *unseal, struct span plain);

/* Fills the caller's descriptor in (answer.c). */
void answer_delivery(struct unseal *unseal);
SECURITY_STATUS answer_missing(struct unseal *unseal);
SECURITY_STATUS answer_dead(struct unseal *unseal);

/* Counts a call that was not left alone. */
void answer_count(const struct unseal *unseal);

#endif
