/*
 * Memory of the core, from the process heap; and the four functions that a compiler calls by itself
 * where there is no C runtime.
 */
#include <stddef.h>

#include "memory.h"
#include "shim.h"

void *memory_take(size_t n)
{
    return HeapAlloc(GetProcessHeap(), 0, n);
}

void memory_give(void *at)
{
    if (at)
        HeapFree(GetProcessHeap(), 0, at);
}

/* String instructions: short, and the fastest way to move memory on machines of the last decade. */

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    void *at = to;

    __asm__ __volatile__("rep movsb" : "+D"(at), "+S"(from), "+c"(n) : : "memory");
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    void *at = to;

    __asm__ __volatile__("rep stosb" : "+D"(at), "+c"(n) : "a"(byte) : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    const unsigned char *last = (const unsigned char *)from + n;
    unsigned char *at = (unsigned char *)to + n;

    if ((size_t)((unsigned char *)to - (const unsigned char *)from) >= n)
        return memcpy(to, from, n);
    while (n--)
        *--at = *--last;
    return to;
}

int memcmp(const void *left, const void *right, size_t n)
{
    const unsigned char *a = left, *b = right;

    for (; n; n--, a++, b++)
        if (*a != *b)
            return *a - *b;
    return 0;
}

void *memchr(const void *at, int byte, size_t n)
{
    const unsigned char *p = at;

    for (; n; n--, p++)
        if (*p == (unsigned char)byte)
            return (void *)(size_t)p;
    return NULL;
}
