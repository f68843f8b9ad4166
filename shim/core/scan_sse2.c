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

/* The lowest candidate that holds the whole word, as an offset from p, or 32. */
static unsigned first_whole(const unsigned char *p, unsigned found, uint32_t word)
{
    for (; found; found &= found - 1) {
        unsigned bit = (unsigned)__builtin_ctz(found);

        if (p[bit + 2] == (unsigned char)(word >> 16) && p[bit + 3] == (unsigned char)(word >> 24))
            return bit;
    }
    return 32;
}

size_t scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word)
{
    __m128i first = _mm_set1_epi8((char)word), second = _mm_set1_epi8((char)(word >> 8));
    size_t p = from;
    unsigned bit;

    /* The positions of a turn and the three bytes behind the last one must be inside. */
    for (; p < n && n - p >= 35; p += 32) {
        bit = first_whole(
            at + p,
            candidates(at + p, first, second) | candidates(at + p + 16, first, second) << 16, word);
        if (bit < 32)
            return p + bit;
    }
    for (; p < n && n - p >= 4 && n >= 19; p += 16) {
        /* The last turn looks at some positions again, in which there was nothing. */
        size_t q = p < n - 19 ? p : n - 19;

        bit = first_whole(at + q, candidates(at + q, first, second) >> (p - q) << (p - q), word);
        if (bit < 32)
            return q + bit;
    }
    for (; p < n && n - p >= 4; p++)
        if (first_whole(at + p,
                        at[p] == (unsigned char)word && at[p + 1] == (unsigned char)(word >> 8),
                        word) == 0)
            return p;
    return n;
}
