/*
 * Program: one that unseals what it read, in the ways that programs do. It presents each read in
 * memory of just that size, and forgets that memory when it reads again.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "provider.h"
#include "wire.h"

/* One call, before and after. */
struct program_call {
    size_t start, end;     /* the bytes of the wire that are presented */
    unsigned char *memory; /* where: end - start bytes */
    unsigned char *apart;  /* the token's own memory, or NULL */
    PSecBuffer array;      /* token or stream, data, padding, slots */
    SecBuffer asked[5];    /* the same before the call */
    SecBufferDesc desc;
    SECURITY_STATUS status;
};

struct program {
    const struct plan *plan;
    const struct wire *wire;
    SecBuffer array[5];
    ULONG number, qop;
    bool even; /* the last call left nothing to come */
};

/* Lays the bytes out, calls, and leaves the rest to program_end. */
void program_call(struct program *program, struct program_call *call, size_t start, size_t end);

/* The slot that was answered with this type, or NULL. */
const SecBuffer *program_slot(const struct program_call *call, ULONG type);

/* Gives the memory back: who touches it later is caught by the sanitizer. */
void program_end(struct program_call *call);

#endif
