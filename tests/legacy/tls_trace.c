/*
 * tls_trace.c: words for SecBuffers and TLS records, see tls_trace.h.
 * A client that has lost its place takes ciphertext for a record header. The length in it is
 * random, so it is printed as "?", here and where Schannel tells how much is missing.
 */
#include "tls_trace.h"

#include <stdio.h>

#define TLS_TRACE_HEADER 5

const char *tls_trace_type(ULONG type)
{
    static const struct {
        ULONG type;
        const char *name;
    } names[] = {
        {SECBUFFER_EMPTY, "EMPTY"},   {SECBUFFER_DATA, "DATA"},
        {SECBUFFER_TOKEN, "TOKEN"},   {SECBUFFER_MISSING, "MISSING"},
        {SECBUFFER_EXTRA, "EXTRA"},   {SECBUFFER_STREAM_HEADER, "HEADER"},
        {SECBUFFER_STREAM, "STREAM"}, {SECBUFFER_STREAM_TRAILER, "TRAILER"},
        {SECBUFFER_ALERT, "ALERT"},   {SECBUFFER_DATA | SECBUFFER_READONLY, "DATA(RO)"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].type == type)
            return names[i].name;
    return "OTHER";
}

/* Are the bytes a record's header, or too few to say? */
static bool tls_trace_is_header(const unsigned char *bytes, size_t size)
{
    return size < TLS_TRACE_HEADER ||
           (bytes[0] >= 20 && bytes[0] <= 23 && bytes[1] == 3 && bytes[2] <= 4);
}

static void tls_trace_place(const void *place, const struct tls_input *input)
{
    const unsigned char *at = place;

    if (!place)
        printf("@NULL");
    else if (place == TLS_TRACE_WILD_PV)
        printf("@wild");
    else if (at >= input->bytes && at <= input->bytes + input->room)
        printf("@%lu", (unsigned long)(at - input->bytes));
    else
        printf("@elsewhere");
}

void tls_trace_buffers(const SecBufferDesc *message, const struct tls_input *input)
{
    bool placed = tls_trace_is_header(input->bytes, input->size);

    for (ULONG i = 0; i < message->cBuffers; i++) {
        const SecBuffer *buffer = &message->pBuffers[i];

        printf("%s%s", i ? ", " : " ", tls_trace_type(buffer->BufferType));
        if (!buffer->BufferType && !buffer->cbBuffer && !buffer->pvBuffer)
            continue;
        if (buffer->BufferType == SECBUFFER_MISSING && !placed)
            printf(" ?");
        else if (buffer->cbBuffer == TLS_TRACE_WILD_CB)
            printf(" wild");
        else
            printf(" %lu", buffer->cbBuffer);
        tls_trace_place(buffer->pvBuffer, input);
    }
}

void tls_trace_records(const struct tls_input *input)
{
    const unsigned char *at = input->bytes;
    size_t left = input->size;

    printf(" {");
    while (left >= TLS_TRACE_HEADER && tls_trace_is_header(at, left)) {
        size_t size = TLS_TRACE_HEADER + (at[3] << 8 | at[4]);

        printf(" %u:%u", at[0], (unsigned)size);
        if (size > left)
            break;
        at += size;
        left -= size;
    }
    if (left > 0)
        printf(" %u", (unsigned)left);
    printf(" }");
}
