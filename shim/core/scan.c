/*
 * Scan for machines without SSE2 (the i686 DLLs run on a 486). See scan.h.
 *
 * The last byte of the pattern is looked at first: in ciphertext it is not zero 255 times of 256,
 * and then the search moves on by four bytes, or by three where the byte could be the pattern's 01.
 */
#include "scan.h"

size_t scan_version(const unsigned char *at, size_t n, size_t from)
{
    size_t p = from;

    while (p < n && n - p >= 4) {
        if (at[p + 3] != 0)
            p += at[p + 3] == 1 ? 3 : 4;
        else if (at[p + 2] != 0)
            p += at[p + 2] == 1 ? 2 : 3;
        else if (at[p + 1] != 0)
            p += at[p + 1] == 1 ? 1 : 2;
        else if (at[p] != 1)
            p += 1;
        else
            return p;
    }
    return n;
}
