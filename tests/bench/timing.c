/*
 * timing.c: see timing.h. QueryPerformanceCounter under Wine counts tenths of microseconds, so that
 * only groups of calls can be timed with it.
 */
#include "timing.h"

#include <windows.h>
#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double timing_now(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER now;

    if (!frequency.QuadPart)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

struct timing_spread timing_spread(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return (struct timing_spread){values[n / 4], values[n / 2], values[n - 1 - n / 4]};
}

/* QEMU's translator signs the leaf of hypervisors; hardware virtualisation shows another name. */
static bool emulated(void)
{
    const char *said = getenv("SSPISHIM_I386");
    unsigned eax, leaf[3] = {0};

    if (sizeof(void *) == 4 && said && strcmp(said, "qemu") == 0)
        return true;
    __cpuid(0x40000000, eax, leaf[0], leaf[1], leaf[2]);
    return memcmp(leaf, "TCGTCGTCGTCG", sizeof leaf) == 0;
}

void timing_print_machine(void)
{
    unsigned name[13] = {0};

    for (unsigned i = 0; i < 3; i++)
        __get_cpuid(0x80000002 + i, &name[4 * i], &name[4 * i + 1], &name[4 * i + 2],
                    &name[4 * i + 3]);
    printf("CPU: %s\n", (const char *)name);
    if (emulated())
        printf("EMULATED CPU: these figures are QEMU's; they say nothing of a real machine.\n");
}

bool timing_check(bool good, const char *what)
{
    printf("%s: %s\n", good ? "ok" : "FAILED", what);
    return good;
}
