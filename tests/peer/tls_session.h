/*
 * tls_session.h: one TLS connection of the test server. OpenSSL writes into memory, so that a
 * sealed byte leaves only when the plan says so, and input is read record by record, so that
 * bytes outside TLS (the client's acknowledgements) can stand between two records.
 * Functions answer 0, or -1 when the connection is of no more use.
 */
#ifndef TLS_SESSION_H
#define TLS_SESSION_H

#include <openssl/ssl.h>
#include <stddef.h>

struct tls_session {
    int fd;
    SSL *ssl;
    BIO *in;
    BIO *out;
};

int tls_session_open(struct tls_session *session, SSL_CTX *context, int fd);
int tls_session_handshake(struct tls_session *session);
int tls_session_write(struct tls_session *session, const void *text, size_t size);
int tls_session_read(struct tls_session *session, void *text, size_t size);
int tls_session_close(struct tls_session *session);

/* Sends the first `size` bytes that are sealed and not yet sent; 0: all of them. */
int tls_session_send(struct tls_session *session, size_t size);

/* Bytes outside TLS, behind what is sealed and not yet sent. */
int tls_session_insert(struct tls_session *session, const void *bytes, size_t size);

/* Spoils the last sealed byte that is not yet sent. */
int tls_session_flip(struct tls_session *session);

#endif
