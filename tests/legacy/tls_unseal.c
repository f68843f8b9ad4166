/*
 * tls_unseal.c: one DecryptMessage of the Schannel client, with the array that its style asks
 * for, and everything printed that the call did: status, qop, array, last error, and whether
 * memory changed outside the plaintext.
 */
#include "tls_client.h"
#include "tls_trace.h"

#include <stdio.h>

#define TLS_UNSEAL_MARK  0xa5
#define TLS_UNSEAL_QOP   0x51ul
#define TLS_UNSEAL_ERROR 77ul

struct tls_unsealed {
    SecBufferDesc message;
    SECURITY_STATUS status;
    ULONG qop;
    ULONG error;
    const SecBuffer *plain; /* NULL: none */
};

static unsigned char tls_unseal_before[TLS_CLIENT_ROOM + TLS_CLIENT_GUARD];

static void tls_unseal_spare(SecBuffer *buffer, enum tls_spare spare)
{
    if (spare == TLS_SPARE_STALE)
        return;
    buffer->cbBuffer = spare == TLS_SPARE_WILD ? TLS_TRACE_WILD_CB : 0;
    buffer->pvBuffer = spare == TLS_SPARE_WILD ? TLS_TRACE_WILD_PV : NULL;
}

/* The SecBuffers that are not EMPTY share the input, see `cut`. Callers of the kind that cuts do
 * not look first whether there is enough: a size below zero is what they pass, and it is kept. */
static void tls_unseal_fill(struct tls_client *client)
{
    const struct tls_layout *layout = client->style.layout;
    unsigned char *at = client->bytes + client->start;
    size_t left = client->have;
    size_t size = layout->cut < 0 ? left + layout->cut : layout->cut ? (size_t)layout->cut : left;

    for (ULONG i = 0; i < layout->count; i++) {
        SecBuffer *buffer = &client->array[i];

        buffer->BufferType = layout->type[i];
        if (!layout->type[i]) {
            tls_unseal_spare(buffer, layout->spare);
            continue;
        }
        buffer->pvBuffer = left ? at : NULL;
        buffer->cbBuffer = (ULONG)size;
        at += size;
        left -= size;
        size = left;
    }
}

static SECURITY_STATUS tls_unseal_call(struct tls_client *client, SecBufferDesc *message,
                                       ULONG *qop)
{
    DECRYPT_MESSAGE_FN call = tls_api->DecryptMessage;

    if (client->style.unseal)
        call = (DECRYPT_MESSAGE_FN)tls_api->Reserved4;
    return call(&client->context, message, 0, client->style.noqop ? NULL : qop);
}

static const SecBuffer *tls_unseal_find(const SecBufferDesc *message, ULONG type)
{
    for (ULONG i = 0; i < message->cBuffers; i++)
        if (message->pBuffers[i].BufferType == type)
            return &message->pBuffers[i];
    return NULL;
}

/* Where did a byte change that is no plaintext? NULL: nowhere. */
static const char *tls_unseal_strayed(const struct tls_client *client, const SecBuffer *plain)
{
    const unsigned char *input = client->bytes + client->start, *end = input + client->have;
    const unsigned char *first = plain ? plain->pvBuffer : NULL;
    const char *where = NULL;

    for (const unsigned char *at = client->bytes; at < end + TLS_CLIENT_GUARD; at++) {
        if (*at == tls_unseal_before[at - client->bytes] ||
            (first && at >= first && at < first + plain->cbBuffer))
            continue;
        if (at < input || at >= end)
            return "OTHER MEMORY";
        where = "OTHER INPUT";
    }
    return where;
}

static void tls_unseal_text(struct tls_client *client, const SecBuffer *plain)
{
    const char *first = (const char *)client->bytes + client->start, *at;

    if (!plain || plain->cbBuffer == 0)
        return;
    at = plain->pvBuffer;
    if (at < first || at > first + client->have ||
        plain->cbBuffer > (size_t)(first + client->have - at)) {
        printf(", OUTSIDE OF THE INPUT");
        client->inbox.wrong++;
        return;
    }
    tls_inbox_take(&client->inbox, at, plain->cbBuffer, client->style.quiet);
}

static void tls_unseal_print(const struct tls_client *client, const struct tls_unsealed *result)
{
    struct tls_input input = {client->bytes + client->start, client->have,
                              TLS_CLIENT_ROOM - client->start};
    const char *strayed = tls_unseal_strayed(client, result->plain);

    printf("  decrypt %u: %08lx, qop %lx,", (unsigned)client->have, result->status, result->qop);
    tls_trace_buffers(&result->message, &input);
    if (result->error != TLS_UNSEAL_ERROR)
        printf(", last error %lu", result->error);
    if (strayed)
        printf(", %s CHANGED", strayed);
}

SECURITY_STATUS tls_unseal(struct tls_client *client, size_t *used)
{
    size_t end = client->start + client->have;
    struct tls_unsealed result = {
        .message = {SECBUFFER_VERSION, client->style.layout->count, client->array},
        .qop = TLS_UNSEAL_QOP};
    const SecBuffer *extra;

    tls_unseal_fill(client);
    memset(client->bytes + end, TLS_UNSEAL_MARK, TLS_CLIENT_GUARD);
    memcpy(tls_unseal_before, client->bytes, end + TLS_CLIENT_GUARD);
    SetLastError(TLS_UNSEAL_ERROR);
    result.status = tls_unseal_call(client, &result.message, &result.qop);
    result.error = GetLastError();
    if (result.status >= 0)
        result.plain = tls_unseal_find(&result.message, SECBUFFER_DATA);
    extra = tls_unseal_find(&result.message, SECBUFFER_EXTRA);
    *used = client->have - (extra && extra->cbBuffer < client->have ? extra->cbBuffer : 0);
    if (!client->style.quiet)
        tls_unseal_print(client, &result);
    tls_unseal_text(client, result.plain);
    if (!client->style.quiet)
        printf("\n");
    return result.status;
}
