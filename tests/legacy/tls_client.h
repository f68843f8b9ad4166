/*
 * tls_client.h: one TLS connection of the Schannel client: its socket, its context, and the
 * bytes that it has received and not yet used (`have` bytes at `start`).
 * What is done and what comes back is printed, step by step, see tls_trace.h.
 */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include "tls_inbox.h"
#include "tls_style.h"

#define TLS_CLIENT_ROOM (1u << 18)

/* Bytes behind the input of a call that must not change, nor depend on where the input lies. */
#define TLS_CLIENT_GUARD 64u

struct tls_client {
    struct tls_style style;
    SOCKET socket;
    CredHandle credentials;
    CtxtHandle context;
    SecPkgContext_StreamSizes sizes;
    SecBuffer array[TLS_STYLE_BUFFERS]; /* DecryptMessage's, kept from call to call */
    size_t start;
    size_t have;
    struct tls_inbox inbox;
    unsigned errors; /* refusals other than SEC_E_INCOMPLETE_MESSAGE */
    unsigned spoken; /* texts sealed by us */
    unsigned char bytes[TLS_CLIENT_ROOM + TLS_CLIENT_GUARD];
};

/* Each gives 0, or -1 when the connection is of no more use. */
int tls_client_connect(struct tls_client *client, unsigned port, const char *plan);
int tls_client_acquire(struct tls_client *client);
int tls_client_handshake(struct tls_client *client);
int tls_client_receive(struct tls_client *client);
int tls_client_speak(struct tls_client *client, size_t size);
int tls_client_acknowledge(struct tls_client *client);

void tls_client_query(struct tls_client *client);
void tls_client_shutdown(struct tls_client *client);
void tls_client_close(struct tls_client *client);

/* Uses the first `size` bytes up. */
void tls_client_consume(struct tls_client *client, size_t size);

/* DecryptMessage on what the client has; `used` are the bytes that need not be given again. */
SECURITY_STATUS tls_unseal(struct tls_client *client, size_t *used);

#endif
