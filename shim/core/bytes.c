/*
 * Bytes. See bytes.h.
 */
#include "bytes.h"

void bytes_wipe(void *at, size_t n)
{
    /* An empty asm that claims to read the memory: the store before it must happen. */
    if (n) {
        memset(at, 0, n);
        __asm__ __volatile__("" : : "r"(at) : "memory");
    }
}

static void reverse(unsigned char *at, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        unsigned char kept = at[i];

        at[i] = at[n - 1 - i];
        at[n - 1 - i] = kept;
    }
}

void bytes_rotate(unsigned char *at, size_t n, size_t by)
{
    if (by == 0 || by >= n)
        return;
    reverse(at, by);
    reverse(at + by, n - by);
    reverse(at, n);
}

void bytes_swap(unsigned char *a, unsigned char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char kept = a[i];

        a[i] = b[i];
        b[i] = kept;
    }
}
