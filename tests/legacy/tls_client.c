/*
 * tls_client.c: the Schannel client's connection (tls_client.h): TCP, what goes out, and the end.
 * The handshake stands in tls_handshake.c, DecryptMessage in tls_unseal.c.
 */
#include "tls_client.h"
#include "tls_trace.h"
#include "../peer/tls_text.h"

#include <schannel.h>
#include <stdio.h>

static int tls_client_send(struct tls_client *client, const void *bytes, size_t size)
{
    return send(client->socket, bytes, (int)size, 0) == (int)size ? 0 : -1;
}

int tls_client_connect(struct tls_client *client, unsigned port, const char *plan)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((u_short)port)};
    size_t size = strlen(plan);
    unsigned char head[4] = {(unsigned char)size, (unsigned char)(size >> 8)};
    int on = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (client->socket == INVALID_SOCKET ||
        connect(client->socket, (struct sockaddr *)&to, sizeof to)) {
        printf("  connect: error %d\n", WSAGetLastError());
        return -1;
    }
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof on);
    return tls_client_send(client, head, sizeof head) || tls_client_send(client, plan, size) ? -1
                                                                                             : 0;
}

void tls_client_consume(struct tls_client *client, size_t size)
{
    client->start += size;
    client->have -= size;
    if (client->have == 0)
        client->start = 0;
    if (!client->style.walk || client->start > TLS_CLIENT_ROOM / 2) {
        memmove(client->bytes, client->bytes + client->start, client->have);
        client->start = 0;
    }
}

int tls_client_receive(struct tls_client *client)
{
    unsigned char *to = client->bytes + client->start + client->have;
    size_t room = TLS_CLIENT_ROOM - client->start - client->have;
    int got = recv(client->socket, (char *)to, (int)room, 0);
    struct tls_input input = {to, got > 0 ? (size_t)got : 0, room};

    if (!client->style.quiet) {
        printf("  receive %d", got);
        if (got > 0)
            tls_trace_records(&input);
        printf(", kept %u\n", (unsigned)client->have);
    }
    client->have += input.size;
    return got > 0 ? 0 : -1;
}

int tls_client_speak(struct tls_client *client, size_t size)
{
    static unsigned char record[TLS_CLIENT_GUARD + TLS_TEXT_MAX];
    ULONG header = client->sizes.cbHeader, trailer = client->sizes.cbTrailer;
    SecBuffer buffer[4] = {
        {header, SECBUFFER_STREAM_HEADER, record},
        {(ULONG)size, SECBUFFER_DATA, record + header},
        {trailer, SECBUFFER_STREAM_TRAILER, record + header + size},
        {0, SECBUFFER_EMPTY, NULL},
    };
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffer};
    struct tls_input room = {record, 0, sizeof record};
    SECURITY_STATUS status;

    if (header + size + trailer > sizeof record)
        return -1;
    tls_text_fill((char *)record + header, size, client->spoken++);
    status = tls_api->EncryptMessage(&client->context, 0, &message, 0);
    printf("  encrypt %u: %08lx,", (unsigned)size, status);
    tls_trace_buffers(&message, &room);
    printf("\n");
    if (status)
        return -1;
    return tls_client_send(client, record,
                           buffer[0].cbBuffer + buffer[1].cbBuffer + buffer[2].cbBuffer);
}

int tls_client_acknowledge(struct tls_client *client)
{
    return client->style.sealed ? tls_client_speak(client, TLS_STYLE_ACK)
                                : tls_client_send(client, "k", 1);
}

/* The close_notify is made, looked at and not sent: the server has read its plan to the end. */
void tls_client_shutdown(struct tls_client *client)
{
    DWORD what = SCHANNEL_SHUTDOWN;
    SecBuffer in = {sizeof what, SECBUFFER_TOKEN, &what}, out = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc control = {SECBUFFER_VERSION, 1, &in}, token = {SECBUFFER_VERSION, 1, &out};
    SECURITY_STATUS status = tls_api->ApplyControlToken(&client->context, &control);
    ULONG flags = 0;
    TimeStamp expiry;

    printf("  shutdown: %08lx", status);
    status = tls_api->InitializeSecurityContext(
        &client->credentials, &client->context, NULL,
        ISC_REQ_STREAM | ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY, 0, 0, NULL, 0,
        &client->context, &token, &flags, &expiry);
    printf(", initialize: %08lx, out %lu\n", status, out.cbBuffer);
    if (status >= 0 && out.pvBuffer)
        tls_api->FreeContextBuffer(out.pvBuffer);
}

/* A handle of zeros is refused; the deleted one would end Wine 8's Schannel with a fault. */
void tls_client_close(struct tls_client *client)
{
    size_t used;

    printf("  delete: %08lx\n", tls_api->DeleteSecurityContext(&client->context));
    memset(&client->context, 0, sizeof client->context);
    tls_unseal(client, &used);
    printf("  free: %08lx\n", tls_api->FreeCredentialsHandle(&client->credentials));
}
