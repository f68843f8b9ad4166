/*
 * tls_peer.c: the Linux server of the TLS end-to-end tests (OpenSSL, 127.0.0.1 only).
 *
 *   tls_peer KEY-AND-CERTIFICATE.pem plan | https
 *
 * Prints its port and then serves each connection in a process of its own: either as a plan from
 * the client says (tls_plan.h) or as a plain HTTPS server (tls_http.h). What goes wrong is told
 * on stderr. A connection ends after TLS_PEER_SECONDS at the latest.
 */
#include "net.h"
#include "tls_http.h"
#include "tls_plan.h"

#include <openssl/err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TLS_PEER_SECONDS 20

static SSL_CTX *tls_peer_context(const char *pem)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (!context || SSL_CTX_use_certificate_file(context, pem, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, pem, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        return NULL;
    }
    return context;
}

static const char *tls_peer_plan(SSL_CTX *context, int fd)
{
    struct net_frame plan;
    const char *failed;

    if (net_read_frame(fd, &plan))
        return "plan";
    failed = tls_plan_serve(context, fd, (char *)plan.bytes);
    if (failed)
        fprintf(stderr, "tls_peer: failed at \"%s\"\n", failed);
    free(plan.bytes);
    return failed;
}

/* The client closes first: data of it that nobody has read would turn our FIN into a reset. */
static void tls_peer_drain(int fd)
{
    char byte;

    shutdown(fd, SHUT_WR);
    while (!net_read(fd, &byte, 1))
        ;
}

struct tls_peer {
    SSL_CTX *context;
    int https;
};

static int tls_peer_connection(int fd, void *with)
{
    const struct tls_peer *peer = with;
    const char *failed =
        peer->https ? tls_http_serve(peer->context, fd) : tls_peer_plan(peer->context, fd);

    if (failed)
        ERR_print_errors_fp(stderr);
    tls_peer_drain(fd);
    return failed ? 1 : 0;
}

int main(int count, char **word)
{
    unsigned port;
    struct tls_peer peer;
    int listener;

    if (count != 3 || ((peer.https = !strcmp(word[2], "https")) == 0 && strcmp(word[2], "plan"))) {
        fprintf(stderr, "usage: tls_peer PEM plan|https\n");
        return 2;
    }
    if (!(peer.context = tls_peer_context(word[1])) || (listener = net_listen(&port)) < 0)
        return 1;
    signal(SIGPIPE, SIG_IGN);
    printf("%u\n", port);
    fflush(stdout);
    net_serve(listener, TLS_PEER_SECONDS, tls_peer_connection, &peer);
}
