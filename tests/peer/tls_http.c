/*
 * tls_http.c: one GET over TLS, see tls_http.h. The header and the first two texts travel
 * in one send(), the others in a second one, so that the client meets merged records.
 */
#include "tls_http.h"
#include "tls_session.h"
#include "tls_text.h"

#define TLS_HTTP_TOGETHER 2

static int tls_http_read_request(struct tls_session *session)
{
    static const char end[] = "\r\n\r\n";
    size_t matched = 0;

    while (end[matched]) {
        char byte;

        if (tls_session_read(session, &byte, 1))
            return -1;
        matched = byte == end[matched] ? matched + 1 : byte == end[0];
    }
    return 0;
}

static int tls_http_answer(struct tls_session *session)
{
    char text[TLS_TEXT_BODY_SIZE];
    int size = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                        "Content-Length: %d\r\nConnection: close\r\n\r\n",
                        TLS_TEXT_BODY_COUNT * TLS_TEXT_BODY_SIZE);

    if (tls_session_write(session, text, (size_t)size))
        return -1;
    for (unsigned i = 0; i < TLS_TEXT_BODY_COUNT; i++) {
        tls_text_fill(text, sizeof text, i);
        if (tls_session_write(session, text, sizeof text))
            return -1;
        if (i + 1 == TLS_HTTP_TOGETHER && tls_session_send(session, 0))
            return -1;
    }
    return tls_session_close(session) || tls_session_send(session, 0) ? -1 : 0;
}

const char *tls_http_serve(SSL_CTX *context, int fd)
{
    struct tls_session session;

    /* Wine 8's winhttp cannot speak TLS 1.3: it takes the trailer for longer than it is. */
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    if (tls_session_open(&session, context, fd) || tls_session_handshake(&session) ||
        tls_session_send(&session, 0))
        return "handshake";
    if (tls_http_read_request(&session))
        return "request";
    if (tls_http_answer(&session))
        return "answer";
    SSL_free(session.ssl);
    return NULL;
}
