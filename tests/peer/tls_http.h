/*
 * tls_http.h: the smallest HTTPS server. It answers one GET with the body that
 * tls_text.h describes, each text in a record of its own, and closes with close_notify.
 */
#ifndef TLS_HTTP_H
#define TLS_HTTP_H

#include <openssl/ssl.h>

/* NULL, or what failed. */
const char *tls_http_serve(SSL_CTX *context, int fd);

#endif
