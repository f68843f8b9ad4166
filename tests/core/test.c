/*
 * Test: the part that is the same on the host and on Windows. See test.h.
 */
#include "test.h"

#include "memory.h"

/* Threads ask, too. */
static unsigned asked, fails, out;

void test_fail_memory(unsigned nth)
{
    asked = 0;
    fails = nth;
}

unsigned test_memory_asked(void)
{
    return asked;
}

unsigned test_memory_out(void)
{
    return out;
}

void test_memory_all_back(void)
{
    assert_int_equal(out, 0);
}

void *memory_take(size_t n)
{
    size_t *block;

    assert_true(n > 0);
    if (__atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED) == fails)
        return NULL;
    block = malloc(sizeof *block + n);
    assert_non_null(block);
    *block = n;
    memset(block + 1, 0xA5, n);
    __atomic_add_fetch(&out, 1, __ATOMIC_RELAXED);
    return block + 1;
}

void memory_give(void *at)
{
    size_t *block = (size_t *)at - 1;

    if (!at)
        return;
    for (size_t i = 0; i < *block; i++)
        assert_int_equal(((unsigned char *)at)[i], 0);
    __atomic_sub_fetch(&out, 1, __ATOMIC_RELAXED);
    free(block);
}

uint32_t test_random(void)
{
    static uint64_t state = 0x9E3779B97F4A7C15u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

int test_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
    int failed = _cmocka_run_group_tests(name, tests, n, NULL, NULL);

    printf("%s%s: %d passed, %d failed\n", name, TEST_ARCH, (int)n - failed, failed);
    return failed != 0;
}
