/*
 * Secbuf. See secbuf.h.
 */
#include "secbuf.h"

#include "ntlm.h"

#define ELEMENTS_MAX 16         /* more than any caller of these shapes was seen to use */
#define TOTAL_MAX    0x7FFFFFFF /* callers compute cb = n - 16 without a look at n */

/* Puts an element into its place; false where the place is taken or the type has none. */
static bool place(struct secbuf *secbuf, PSecBuffer buffer, unsigned *empty)
{
    PSecBuffer *at;

    /* Memory that may not be written, or that is only signed, is RPC's way: several parts. */
    if (buffer->BufferType & (SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM))
        return false;
    switch (buffer->BufferType & ~SECBUFFER_ATTRMASK) {
    case SECBUFFER_EMPTY:
        ++*empty;
        if (!secbuf->spare)
            secbuf->spare = buffer;
        return true;
    case SECBUFFER_DATA:
        at = &secbuf->data;
        break;
    case SECBUFFER_TOKEN:
        at = &secbuf->token;
        break;
    case SECBUFFER_STREAM:
        at = &secbuf->stream;
        break;
    case SECBUFFER_PADDING:
        at = &secbuf->padding;
        break;
    case SECBUFFER_EXTRA:
    case SECBUFFER_MISSING:
        at = &secbuf->stale;
        break;
    default:
        return false;
    }
    if (*at)
        return false;
    *at = buffer;
    return true;
}

/* Can this memory exist? Says nothing of whether it is mapped. */
static bool possible(const SecBuffer *buffer)
{
    ULONG_PTR at = (ULONG_PTR)buffer->pvBuffer;

    return buffer->cbBuffer == 0 ||
           (at && buffer->cbBuffer <= TOTAL_MAX && at + buffer->cbBuffer >= at);
}

static bool meets(const SecBuffer *first, const SecBuffer *second)
{
    return (ULONG_PTR)first->pvBuffer + first->cbBuffer == (ULONG_PTR)second->pvBuffer;
}

static bool read_stream(struct secbuf *secbuf)
{
    if (secbuf->token || secbuf->padding || !possible(secbuf->stream))
        return false;
    secbuf->order = FRAME_TOKEN_FIRST;
    secbuf->input = secbuf_span(secbuf->stream);
    secbuf->head = span_head(secbuf->input, NTLM_SIGNATURE);
    return true;
}

static bool read_message(struct secbuf *secbuf)
{
    const SecBuffer *token = secbuf->token, *data = secbuf->data, *padding = secbuf->padding;
    ULONG behind = padding ? padding->cbBuffer : 0;

    if (!possible(token) || !possible(data) || token->cbBuffer > TOTAL_MAX - data->cbBuffer)
        return false;
    if (behind && (!possible(padding) || !meets(data, padding) ||
                   behind > TOTAL_MAX - data->cbBuffer - token->cbBuffer))
        return false;
    secbuf->head = secbuf_span(token);
    if (meets(token, data) || (data->cbBuffer == 0 && !behind && !meets(data, token))) {
        secbuf->order = FRAME_TOKEN_FIRST;
        secbuf->elsewhere = data->pvBuffer && !meets(token, data);
        secbuf->input = (struct span){token->pvBuffer, token->cbBuffer + data->cbBuffer + behind};
    } else if (meets(data, token) && !behind) {
        secbuf->order = FRAME_TOKEN_LAST;
        secbuf->input = (struct span){data->pvBuffer, data->cbBuffer + token->cbBuffer};
    } else {
        secbuf->order = FRAME_TOKEN_APART;
        secbuf->input = (struct span){data->pvBuffer, data->cbBuffer + behind};
    }
    return true;
}

static void read_record(struct secbuf *secbuf)
{
    secbuf->shape = SECBUF_RECORD;
    secbuf->order = FRAME_TOKEN_FIRST;
    if (possible(secbuf->data))
        secbuf->input = secbuf_span(secbuf->data);
}

void secbuf_read(struct secbuf *secbuf, PSecBufferDesc desc)
{
    unsigned empty = 0;

    *secbuf = (struct secbuf){.shape = SECBUF_OTHER, .desc = desc};
    if (!desc || !desc->pBuffers || desc->cBuffers > ELEMENTS_MAX)
        return;
    for (ULONG i = 0; i < desc->cBuffers; i++)
        if (!place(secbuf, &desc->pBuffers[i], &empty))
            return;
    if (!secbuf->data)
        return;
    if (secbuf->stream)
        secbuf->shape = read_stream(secbuf) ? SECBUF_STREAM : SECBUF_OTHER;
    else if (secbuf->token)
        secbuf->shape = read_message(secbuf) ? SECBUF_MESSAGE : SECBUF_OTHER;
    else if (empty >= 3 && !secbuf->padding)
        read_record(secbuf);
}
