/*
 * Scan for machines without SSE2 (the i686 DLLs run on a 486). See scan.h.
 *
 * The last byte of the pattern is looked at first. One that the pattern does not have, as nearly
 * every byte of ciphertext, lets the search move on by four places; else it moves until that byte
 * could be the pattern's.
 */
#include "scan.h"

size_t scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word)
{
    unsigned char w0 = (unsigned char)word, w1 = (unsigned char)(word >> 8);
    unsigned char w2 = (unsigned char)(word >> 16), w3 = (unsigned char)(word >> 24);
    size_t p = from;

    while (p < n && n - p >= 4) {
        unsigned char last = at[p + 3];

        if (last == w3 && at[p] == w0 && at[p + 1] == w1 && at[p + 2] == w2)
            return p;
        if (last == w2)
            p += 1;
        else if (last == w1)
            p += 2;
        else
            p += last == w0 ? 3 : 4;
    }
    return n;
}
