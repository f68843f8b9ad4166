/*
 * Guard: the forbidden page on Windows. See test.h.
 */
#include <windows.h>

#include "test.h"

#define AREA ((size_t)1 << 21)

struct span test_guarded(const void *bytes, size_t n)
{
    static unsigned char *area;

    if (!area) {
        DWORD was;

        area = VirtualAlloc(NULL, AREA + 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
        assert_non_null(area);
        assert_true(VirtualProtect(area + AREA, 4096, PAGE_NOACCESS, &was));
    }
    assert_true(n <= AREA);
    if (n)
        memcpy(area + AREA - n, bytes, n);
    return (struct span){area + AREA - n, n};
}
