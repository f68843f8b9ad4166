/*
 * Scan for x86-64, where every machine has SSE2. See scan.h.
 *
 * 32 positions a turn: a position is a candidate if it holds 01 and the next one 00; the two bytes
 * after those are looked at only then, which in ciphertext is once in 65,536 positions.
 */
#include <emmintrin.h>
#include <stdint.h>

#include "scan.h"

static unsigned candidates(const unsigned char *p)
{
    __m128i one = _mm_set1_epi8(1), zero = _mm_setzero_si128();
    __m128i first = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), one);
    __m128i second = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + 1)), zero);

    return (unsigned)_mm_movemask_epi8(_mm_and_si128(first, second));
}

size_t scan_version(const unsigned char *at, size_t n, size_t from)
{
    size_t p = from;

    /* 32 positions and the three bytes behind the last one must be inside. */
    while (p < n && n - p >= 35) {
        uint32_t found = candidates(at + p) | (uint32_t)candidates(at + p + 16) << 16;

        for (; found; found &= found - 1) {
            size_t at_bit = p + (unsigned)__builtin_ctz(found);

            if (at[at_bit + 2] == 0 && at[at_bit + 3] == 0)
                return at_bit;
        }
        p += 32;
    }
    for (; p < n && n - p >= 4; p++)
        if (at[p] == 1 && at[p + 1] == 0 && at[p + 2] == 0 && at[p + 3] == 0)
            return p;
    return n;
}
