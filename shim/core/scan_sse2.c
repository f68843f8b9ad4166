/*
 * Scan for x86-64, where every machine has SSE2. See scan.h.
 *
 * 32 positions a turn: a position is a candidate if the first two bytes of the pattern are there;
 * the two after those are looked at only then, which in ciphertext is once in 65,536 positions.
 */
#include <emmintrin.h>

#include "scan.h"

static unsigned candidates(const unsigned char *p, __m128i first, __m128i second)
{
    __m128i one = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), first);
    __m128i two = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + 1)), second);

    return (unsigned)_mm_movemask_epi8(_mm_and_si128(one, two));
}

size_t scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word)
{
    unsigned char w[4] = {(unsigned char)word, (unsigned char)(word >> 8),
                          (unsigned char)(word >> 16), (unsigned char)(word >> 24)};
    __m128i first = _mm_set1_epi8((char)w[0]), second = _mm_set1_epi8((char)w[1]);
    size_t p = from;

    /* 32 positions and the three bytes behind the last one must be inside. */
    while (p < n && n - p >= 35) {
        uint32_t found = candidates(at + p, first, second) |
                         (uint32_t)candidates(at + p + 16, first, second) << 16;

        for (; found; found &= found - 1) {
            size_t at_bit = p + (unsigned)__builtin_ctz(found);

            if (at[at_bit + 2] == w[2] && at[at_bit + 3] == w[3])
                return at_bit;
        }
        p += 32;
    }
    for (; p < n && n - p >= 4; p++)
        if (at[p] == w[0] && at[p + 1] == w[1] && at[p + 2] == w[2] && at[p + 3] == w[3])
            return p;
    return n;
}
