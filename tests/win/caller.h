/*
 * Caller: a program that unseals what it read, in one of the ways that programs do. What it gets is
 * collected, and every call is checked for what must hold always: answers inside the presented
 * memory, nothing written around it, nothing touched after the return.
 */
#ifndef CALLER_H
#define CALLER_H

#include "fake.h"

#include "sspishim.h"

enum caller_shape {
    CALLER_FIRST,  /* TOKEN, DATA: one piece of memory */
    CALLER_LAST,   /* DATA, TOKEN: one piece of memory */
    CALLER_APART,  /* TOKEN in memory of its own */
    CALLER_PADDED, /* TOKEN, DATA, PADDING of no bytes */
    CALLER_STREAM, /* STREAM, DATA without memory */
    CALLER_SHAPES
};

enum caller_slots {
    CALLER_NO_SLOT,
    CALLER_HONOURS, /* EMPTY slots, and EXTRA is presented again */
    CALLER_IGNORES, /* EMPTY slots, set up anew for each call, never looked at */
    CALLER_KEEPS,   /* the same array for all calls, only TOKEN and DATA set, never looked at */
    CALLER_SLOTS
};

struct caller {
    enum caller_shape shape;
    enum caller_slots slots;
    size_t token; /* bytes of TOKEN; 0: NTLM's 16 */
    CtxtHandle handle;
    ULONG number; /* MessageSeqNo of the next call; 0: does not count */
    bool wants_qop;
    ULONG qop;              /* last one */
    SECURITY_STATUS status; /* of the last call */
    SecBuffer array[5];
    unsigned char got[1 << 17];
    size_t got_n;
};

/* Presents one read. Goes on until the caller would read again, or fails. */
void caller_present(struct caller *caller, const unsigned char *bytes, size_t n);

/* The shim's counters. */
struct sspishim_status caller_status(void);

#endif
