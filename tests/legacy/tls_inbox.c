/*
 * tls_inbox.c: reads what has arrived, see tls_inbox.h.
 */
#include "tls_inbox.h"
#include "../peer/tls_text.h"

#include <stdio.h>

/* Bytes of one text: those that follow what has come of the last one. */
static bool tls_inbox_fits(struct tls_inbox *inbox, const char *bytes, size_t size)
{
    static char expected[TLS_TEXT_MAX];
    unsigned number = inbox->texts - 1;
    size_t have;

    if (inbox->texts == 0 || inbox->texts > TLS_INBOX_TEXTS)
        return false;
    have = inbox->size[number];
    if (size > sizeof expected - have)
        return false;
    tls_text_fill(expected, have + size, number);
    inbox->size[number] = (unsigned short)(have + size);
    return !memcmp(bytes, expected + have, size);
}

void tls_inbox_take(struct tls_inbox *inbox, const char *bytes, size_t size, bool quiet)
{
    while (size > 0) {
        const char *next = size > 1 ? memchr(bytes + 1, '[', size - 1) : NULL;
        size_t piece = next ? (size_t)(next - bytes) : size;
        bool first = *bytes == '[', good;

        inbox->texts += first;
        good = tls_inbox_fits(inbox, bytes, piece);
        inbox->wrong += !good;
        if (!quiet)
            printf(", %s%s %u", good ? "" : "WRONG ", first ? "text" : "more of text",
                   inbox->texts - 1);
        bytes += piece;
        size -= piece;
    }
}

void tls_inbox_print(const struct tls_inbox *inbox)
{
    printf("  arrived:");
    for (unsigned i = 0; i < inbox->texts && i < TLS_INBOX_TEXTS; i++)
        printf(" %u", inbox->size[i]);
    printf("\n");
}
