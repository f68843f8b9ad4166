/*
 * tls_inbox.h: the texts (tests/peer/tls_text.h) that have arrived, out of plaintext in pieces of
 * any length: a text may come in several pieces, and a piece may hold several texts. The byte '['
 * stands at the start of each text and nowhere else.
 */
#ifndef TLS_INBOX_H
#define TLS_INBOX_H

#include <stdbool.h>
#include <stddef.h>

#define TLS_INBOX_TEXTS 1024

struct tls_inbox {
    unsigned texts;                       /* begun */
    unsigned wrong;                       /* pieces with a byte that is not the one that was sent */
    unsigned short size[TLS_INBOX_TEXTS]; /* bytes of each that have come */
};

/* The next bytes; what they are is printed, unless quiet. */
void tls_inbox_take(struct tls_inbox *inbox, const char *bytes, size_t size, bool quiet);

/* The lengths of all texts. */
void tls_inbox_print(const struct tls_inbox *inbox);

#endif
