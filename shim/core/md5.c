/*
 * MD5. See md5.h.
 */
#include "md5.h"

#include "bytes.h"

/* RFC 1321 3.4. F and G in the form that needs one operation less. */
#define F(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define G(x, y, z) ((y) ^ ((z) & ((x) ^ (y))))
#define H(x, y, z) ((x) ^ (y) ^ (z))
#define I(x, y, z) ((y) ^ ((x) | ~(z)))

#define STEP(f, a, b, c, d, k, s, t)                                                               \
    do {                                                                                           \
        (a) += f(b, c, d) + bytes_le32(at + 4 * (k)) + (t);                                        \
        (a) = ((a) << (s) | (a) >> (32 - (s))) + (b);                                              \
    } while (0)

/*
 * Four steps: word k, then each time `by` words on; the shifts of the round. The pointer passes
 * through an asm that may have changed it. Otherwise the compiler keeps words from round to round,
 * and has no other place for them than the stack: there the text would remain.
 */
#define FOUR(f, k, by, s1, s2, s3, s4, t1, t2, t3, t4)                                             \
    do {                                                                                           \
        STEP(f, a, b, c, d, (k)&15, s1, t1);                                                       \
        STEP(f, d, a, b, c, ((k) + (by)) & 15, s2, t2);                                            \
        STEP(f, c, d, a, b, ((k) + 2 * (by)) & 15, s3, t3);                                        \
        STEP(f, b, c, d, a, ((k) + 3 * (by)) & 15, s4, t4);                                        \
        __asm__("" : "+r"(at));                                                                    \
    } while (0)

#define F4(k, t1, t2, t3, t4) FOUR(F, k, 1, 7, 12, 17, 22, t1, t2, t3, t4)
#define G4(k, t1, t2, t3, t4) FOUR(G, k, 5, 5, 9, 14, 20, t1, t2, t3, t4)
#define H4(k, t1, t2, t3, t4) FOUR(H, k, 3, 4, 11, 16, 23, t1, t2, t3, t4)
#define I4(k, t1, t2, t3, t4) FOUR(I, k, 7, 6, 10, 15, 21, t1, t2, t3, t4)

/* t(i) is the whole part of 2^32 times |sin i|. */
static void block(uint32_t state[4], const unsigned char *at)
{
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

    F4(0, 0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee);
    F4(4, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501);
    F4(8, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be);
    F4(12, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821);
    G4(1, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa);
    G4(5, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8);
    G4(9, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed);
    G4(13, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a);
    H4(5, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c);
    H4(1, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70);
    H4(13, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05);
    H4(9, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665);
    I4(0, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039);
    I4(12, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1);
    I4(8, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1);
    I4(4, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391);
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md5_begin(struct md5 *md5)
{
    *md5 = (struct md5){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

void md5_add(struct md5 *md5, const unsigned char *at, size_t n)
{
    size_t have = (size_t)(md5->n % MD5_BLOCK), first = MD5_BLOCK - have;

    md5->n += n;
    if (have && n >= first) {
        memcpy(md5->part + have, at, first);
        block(md5->state, md5->part);
        at += first;
        n -= first;
        have = 0;
    }
    if (!have)
        for (; n >= MD5_BLOCK; at += MD5_BLOCK, n -= MD5_BLOCK)
            block(md5->state, at);
    if (n)
        memcpy(md5->part + have, at, n);
}

void md5_end(struct md5 *md5, unsigned char digest[MD5_DIGEST])
{
    static const unsigned char padding[MD5_BLOCK] = {0x80};
    unsigned char length[8];
    size_t have = (size_t)(md5->n % MD5_BLOCK), room = MD5_BLOCK - sizeof length;

    bytes_put_le32(length, (uint32_t)(md5->n << 3));
    bytes_put_le32(length + 4, (uint32_t)(md5->n >> 29));
    md5_add(md5, padding, have < room ? room - have : MD5_BLOCK + room - have);
    md5_add(md5, length, sizeof length);
    for (int i = 0; i < 4; i++)
        bytes_put_le32(digest + 4 * i, md5->state[i]);
}
