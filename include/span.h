/*
 * Span: borrowed memory and its length. A span owns nothing, and its functions never compute an
 * address outside it: a length that is too large is cut to what is there.
 */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>

struct span {
    unsigned char *at;
    size_t n;
};

/* The first n bytes. */
static inline struct span span_head(struct span s, size_t n)
{
    return (struct span){s.at, n < s.n ? n : s.n};
}

/* What follows the first n bytes. */
static inline struct span span_rest(struct span s, size_t n)
{
    return n < s.n ? (struct span){s.at + n, s.n - n} : (struct span){s.at ? s.at + s.n : s.at, 0};
}

#endif
