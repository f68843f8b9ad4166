/*
 * Test: what the host tests of the core share. Input that ends at a forbidden page, and memory that
 * fails on demand, must come back wiped, and must all come back.
 */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "span.h"

/* A copy of n bytes whose last one is the last before a page that faults. One at a time. */
struct span test_guarded(const void *bytes, size_t n);

/* From now on the allocation number `nth` (1 is the next) fails, and only that; 0: none does. */
void test_fail_memory(unsigned nth);

/* Allocations asked for since then. */
unsigned test_memory_asked(void);

/* Pieces that are allocated now. */
unsigned test_memory_out(void);

/* Fails the test if anything is still allocated. */
void test_memory_all_back(void);

/* A repeatable random number. */
uint32_t test_random(void);

/* Runs the tests and prints the closing line `name: N passed, M failed`. */
int test_run(const char *name, const struct CMUnitTest *tests, size_t n);

#define TEST_MAIN(name, tests)                                                                     \
    int main(void)                                                                                 \
    {                                                                                              \
        return test_run(name, tests, sizeof(tests) / sizeof *(tests));                             \
    }

#endif
