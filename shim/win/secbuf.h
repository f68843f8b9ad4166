/*
 * Secbuf: a caller's buffer descriptor, understood. Nothing here is changed, no byte of the memory
 * that it names is read, and nothing is kept past the call.
 */
#ifndef SECBUF_H
#define SECBUF_H

#include "frame.h"
#include "shim.h"

enum secbuf_shape {
    SECBUF_OTHER,   /* anything else; also an I/O whose lengths cannot be true */
    SECBUF_MESSAGE, /* TOKEN and DATA, in either order; PADDING and EMPTY allowed */
    SECBUF_STREAM,  /* STREAM and DATA (an output); EMPTY allowed */
    SECBUF_RECORD,  /* DATA and three or more EMPTY: Schannel's way */
};

struct secbuf {
    enum secbuf_shape shape;
    PSecBufferDesc desc; /* the caller's */
    PSecBuffer data;     /* its elements, NULL where it has none */
    PSecBuffer token;
    PSecBuffer stream;
    PSecBuffer padding;
    PSecBuffer spare; /* the first EMPTY */
    PSecBuffer stale; /* an EXTRA or MISSING: one that we made and the caller never reset */

    struct span input; /* the I/O in address order; without the token where that lies apart */

    /* Shapes MESSAGE and STREAM: */
    enum frame_order order;
    struct span head; /* where the I/O's own signature is, if it is an NTLM block */
    bool elsewhere;   /* TOKEN_FIRST: there is no data, and it would not be behind the token */
};

void secbuf_read(struct secbuf *secbuf, PSecBufferDesc desc);

/* The memory of one element. */
static inline struct span secbuf_span(const SecBuffer *buffer)
{
    return (struct span){buffer->pvBuffer, buffer->cbBuffer};
}

#endif
