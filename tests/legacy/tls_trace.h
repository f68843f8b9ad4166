/*
 * tls_trace.h: prints what a TLS client sees of SSPI, in words that are the same in every run:
 * no addresses, only offsets into the client's memory, and no number that comes out of ciphertext.
 */
#ifndef TLS_TRACE_H
#define TLS_TRACE_H

#include "tls_api.h"

#include <stdbool.h>

/* The bytes that a call was given, and the room behind its first byte. */
struct tls_input {
    const unsigned char *bytes;
    size_t size;
    size_t room;
};

/* What an uninitialised SecBuffer holds. */
#define TLS_TRACE_WILD_PV ((void *)(ULONG_PTR)0xdeadbeef)
#define TLS_TRACE_WILD_CB 0xfeedfaceu

const char *tls_trace_type(ULONG type);
void tls_trace_buffers(const SecBufferDesc *message, const struct tls_input *input);

/* KIND:SIZE of each whole record, and how many bytes follow. */
void tls_trace_records(const struct tls_input *input);

#endif
