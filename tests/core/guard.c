/*
 * Guard: the host's forbidden page. See test.h.
 */
#include "test.h"

#include <sys/mman.h>
#include <unistd.h>

#define AREA ((size_t)1 << 21)

struct span test_guarded(const void *bytes, size_t n)
{
    static unsigned char *area;

    if (!area) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);

        area = mmap(NULL, AREA + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(area != MAP_FAILED);
        assert_int_equal(mprotect(area + AREA, page, PROT_NONE), 0);
    }
    assert_true(n <= AREA);
    if (n)
        memcpy(area + AREA - n, bytes, n);
    return (struct span){area + AREA - n, n};
}
