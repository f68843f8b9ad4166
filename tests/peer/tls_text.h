/*
 * tls_text.h: the plaintext of the TLS end-to-end tests, shared by the Linux server and the
 * Windows clients. Text number K of N bytes begins with "[K]" and is filled with one letter, so
 * that a text that is lost, doubled, moved or cut is never taken for the expected one.
 */
#ifndef TLS_TEXT_H
#define TLS_TEXT_H

#include <stdio.h>
#include <string.h>

#define TLS_TEXT_MAX 16384u

/* The body of the HTTPS server: this many texts of this size. */
#define TLS_TEXT_BODY_COUNT 5
#define TLS_TEXT_BODY_SIZE  1500

/* `to` holds `size` bytes. */
static inline void tls_text_fill(char *to, size_t size, unsigned number)
{
    char label[16];
    size_t labelled = (size_t)snprintf(label, sizeof label, "[%u]", number);

    memset(to, 'a' + (int)(number % 26), size);
    memcpy(to, label, labelled < size ? labelled : size);
}

static inline int tls_text_matches(const char *text, size_t size, unsigned number)
{
    static char expected[TLS_TEXT_MAX];

    if (size > sizeof expected)
        return 0;
    tls_text_fill(expected, size, number);
    return !memcmp(text, expected, size);
}

#endif
