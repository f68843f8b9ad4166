/*
 * Unseal: one DecryptMessage or UnsealMessage call, from the caller's descriptor to the status.
 */
#ifndef UNSEAL_H
#define UNSEAL_H

#include "context.h"
#include "secbuf.h"
#include "shim.h"

typedef __typeof__(&DecryptMessage) unseal_fn;

struct unseal {
    unseal_fn provider; /* the real function of the caller's choice */
    PCtxtHandle handle; /* the caller's arguments */
    PSecBufferDesc desc;
    ULONG number;
    PULONG qop;

    struct secbuf io;
    struct frame_walk walk;
    struct context *context; /* taken, or NULL */
    bool again;              /* the I/O starts with what an EXTRA slot announced */

    /* Of a repair: */
    bool first;        /* the block at work is the first of the I/O */
    ULONG calls;       /* of the provider */
    ULONG unsealed;    /* blocks that it accepted */
    ULONG qop_joint;   /* the quality of protection of all of them */
    struct span room;  /* where plaintext may go: inside the presented memory */
    size_t have;       /* plaintext at its start */
    struct span extra; /* the tail left to the caller, in his memory */
};

SECURITY_STATUS unseal_message(unseal_fn provider, PCtxtHandle handle, PSecBufferDesc desc,
                               ULONG number, PULONG qop);

/* Unseals the call's blocks one by one (repair.c). */
SECURITY_STATUS unseal_repair(struct unseal *unseal);

#endif
