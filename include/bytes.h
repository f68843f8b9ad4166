/*
 * Bytes: numbers in foreign byte order, wiping, rotating. The four functions of <string.h> that a
 * freestanding compiler wants anyway are the only others that the core uses.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t bytes_le16(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t bytes_le32(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint32_t bytes_be32(const unsigned char *p)
{
    return p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
}

static inline uint64_t bytes_be64(const unsigned char *p)
{
    return (uint64_t)bytes_be32(p) << 32 | bytes_be32(p + 4);
}

static inline void bytes_put_le32(unsigned char *to, uint32_t n)
{
    for (int i = 0; i < 4; i++, n >>= 8)
        to[i] = (unsigned char)n;
}

/* Zeroes n bytes in a way that the compiler may not leave out, even before a free. */
void bytes_wipe(void *at, size_t n);

/* Moves the first `by` of n bytes (by <= n) behind the rest, in place, in time linear in n. */
void bytes_rotate(unsigned char *at, size_t n, size_t by);

/* Exchanges n bytes of two areas that do not overlap. */
void bytes_swap(unsigned char *a, unsigned char *b, size_t n);

#endif
