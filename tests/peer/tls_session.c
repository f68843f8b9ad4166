/*
 * tls_session.c: one TLS connection over memory BIOs, see tls_session.h.
 * The last flight of the handshake is left unsent: the plan decides what travels with it.
 */
#include "tls_session.h"
#include "net.h"

#include <stdlib.h>

#define TLS_SESSION_HEADER 5
#define TLS_SESSION_RECORD 0xffff

int tls_session_open(struct tls_session *session, SSL_CTX *context, int fd)
{
    session->fd = fd;
    session->ssl = SSL_new(context);
    session->in = BIO_new(BIO_s_mem());
    session->out = BIO_new(BIO_s_mem());
    if (!session->ssl || !session->in || !session->out)
        return -1;
    SSL_set_bio(session->ssl, session->in, session->out);
    SSL_set_accept_state(session->ssl);
    return 0;
}

static int tls_session_read_record(struct tls_session *session)
{
    unsigned char record[TLS_SESSION_HEADER + TLS_SESSION_RECORD];
    size_t size;

    if (net_read(session->fd, record, TLS_SESSION_HEADER))
        return -1;
    size = (size_t)record[3] << 8 | record[4];
    if (net_read(session->fd, record + TLS_SESSION_HEADER, size))
        return -1;
    size += TLS_SESSION_HEADER;
    return BIO_write(session->in, record, (int)size) == (int)size ? 0 : -1;
}

/* A call into OpenSSL gave `result`: gets what it waits for. */
static int tls_session_feed(struct tls_session *session, int result)
{
    if (SSL_get_error(session->ssl, result) != SSL_ERROR_WANT_READ)
        return -1;
    return tls_session_send(session, 0) || tls_session_read_record(session) ? -1 : 0;
}

int tls_session_handshake(struct tls_session *session)
{
    int result;

    while ((result = SSL_do_handshake(session->ssl)) != 1)
        if (tls_session_feed(session, result))
            return -1;
    return 0;
}

int tls_session_write(struct tls_session *session, const void *text, size_t size)
{
    return SSL_write(session->ssl, text, (int)size) == (int)size ? 0 : -1;
}

int tls_session_read(struct tls_session *session, void *text, size_t size)
{
    char *at = text;

    while (size > 0) {
        int result = SSL_read(session->ssl, at, (int)size);

        if (result <= 0 && tls_session_feed(session, result))
            return -1;
        if (result > 0) {
            at += result;
            size -= (size_t)result;
        }
    }
    return 0;
}

int tls_session_close(struct tls_session *session)
{
    return SSL_shutdown(session->ssl) < 0 ? -1 : 0;
}

int tls_session_send(struct tls_session *session, size_t size)
{
    size_t ready = BIO_ctrl_pending(session->out);
    char *bytes;
    int failed;

    if (size == 0 || size > ready)
        size = ready;
    if (size == 0)
        return 0;
    bytes = malloc(size);
    failed = !bytes || BIO_read(session->out, bytes, (int)size) != (int)size ||
             net_write(session->fd, bytes, size);
    free(bytes);
    return failed ? -1 : 0;
}

int tls_session_insert(struct tls_session *session, const void *bytes, size_t size)
{
    return BIO_write(session->out, bytes, (int)size) == (int)size ? 0 : -1;
}

int tls_session_flip(struct tls_session *session)
{
    char *bytes;
    long size = BIO_get_mem_data(session->out, &bytes);

    if (size <= 0)
        return -1;
    bytes[size - 1] ^= 1;
    return 0;
}
