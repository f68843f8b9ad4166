/*
 * Hold: order, bounds, wiping (memory_give checks it), and no memory.
 */
#include "test.h"

#include "hold.h"

static struct span text(const char *s)
{
    return (struct span){(unsigned char *)(size_t)s, strlen(s)};
}

static void holds(const struct hold *hold, const char *want)
{
    assert_int_equal(hold_bytes(hold).n, strlen(want));
    if (*want)
        assert_memory_equal(hold_bytes(hold).at, want, strlen(want));
}

static void appends_and_consumes_in_order(void **state)
{
    struct hold hold = {0};

    (void)state;
    assert_true(hold_append(&hold, text("abc")));
    assert_true(hold_append(&hold, text("")));
    assert_true(hold_append(&hold, text("defg")));
    holds(&hold, "abcdefg");
    hold_consume(&hold, 2);
    holds(&hold, "cdefg");
    hold_trim(&hold, 4);
    holds(&hold, "cdef");
    hold_trim(&hold, 9);
    holds(&hold, "cdef");
    hold_consume(&hold, 9);
    holds(&hold, "");
    test_memory_all_back();
}

static void an_empty_hold_has_no_memory(void **state)
{
    struct hold hold = {0};

    (void)state;
    assert_true(hold_append(&hold, text("abc")));
    hold_trim(&hold, 0);
    assert_null(hold.base);
    hold_drop(&hold);
    hold_consume(&hold, 0);
    test_memory_all_back();
}

static void a_long_life_of_small_pieces_asks_for_memory_rarely(void **state)
{
    struct hold hold = {0};
    unsigned char piece[10];

    (void)state;
    test_fail_memory(0);
    for (unsigned i = 0; i < 20000; i++) {
        memset(piece, (int)(i % 251), sizeof piece);
        assert_true(hold_append(&hold, (struct span){piece, sizeof piece}));
        if (i >= 50) {
            memset(piece, (int)((i - 50) % 251), sizeof piece);
            assert_memory_equal(hold_bytes(&hold).at, piece, sizeof piece);
            hold_consume(&hold, sizeof piece);
        }
    }
    /* 200,000 bytes went through; moving all 500 kept ones each time would be 20,000 requests. */
    assert_true(test_memory_asked() < 500);
    hold_drop(&hold);
    test_memory_all_back();
}

static void sizes_that_cannot_be_are_refused(void **state)
{
    struct hold hold = {0};

    (void)state;
    assert_true(hold_append(&hold, text("abc")));
    assert_false(hold_append(&hold, (struct span){hold.base, SIZE_MAX}));
    assert_false(hold_append(&hold, (struct span){hold.base, SIZE_MAX / 2}));
    holds(&hold, "abc");
    hold_drop(&hold);
    test_memory_all_back();
}

static void what_is_reserved_needs_no_memory_later(void **state)
{
    unsigned char more[5000] = {0};
    struct hold hold = {0};

    (void)state;
    test_fail_memory(0);
    assert_true(hold_append(&hold, text("abc")));
    assert_true(hold_reserve(&hold, sizeof more));
    test_fail_memory(1);
    assert_true(hold_append(&hold, (struct span){more, sizeof more}));
    assert_int_equal(hold_bytes(&hold).n, 3 + sizeof more);
    test_fail_memory(1);
    assert_false(hold_reserve(&hold, 1 << 20));
    test_fail_memory(0);
    hold_drop(&hold);
    test_memory_all_back();
}

static void without_memory_nothing_changes(void **state)
{
    unsigned char more[600] = {0};
    struct hold hold = {0};

    (void)state;
    test_fail_memory(1);
    assert_false(hold_append(&hold, text("abc")));
    holds(&hold, "");
    test_fail_memory(0);
    assert_true(hold_append(&hold, text("abc")));
    test_fail_memory(1);
    assert_false(hold_append(&hold, (struct span){more, sizeof more}));
    holds(&hold, "abc");
    test_fail_memory(0);
    hold_drop(&hold);
    test_memory_all_back();
}

/* held bytes a, b, c, ... before have bytes A, B, C, ... in room places. */
static void leads(size_t held, size_t have, size_t size)
{
    unsigned char all[64], want[64], *room;
    struct hold hold = {0};
    size_t used, fits = held + have < size ? held + have : size;

    for (size_t i = 0; i < held; i++)
        want[i] = all[i] = (unsigned char)('a' + i);
    if (held)
        assert_true(hold_append(&hold, (struct span){all, held}));
    memset(all, '.', sizeof all);
    for (size_t i = 0; i < have; i++)
        want[held + i] = all[i] = (unsigned char)('A' + i);
    room = test_guarded(all, size).at;
    used = hold_lead(&hold, (struct span){room, size}, have);
    assert_int_equal(used, fits);
    assert_memory_equal(room, want, fits);
    for (size_t i = fits; i < size; i++)
        assert_int_equal(room[i], '.');
    assert_int_equal(hold.n, held + have - fits);
    if (hold.n)
        assert_memory_equal(hold_bytes(&hold).at, want + fits, hold.n);
    hold_drop(&hold);
}

static void leads_with_every_mixture_of_sizes(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 13; size++)
        for (size_t have = 0; have <= size; have++)
            for (size_t held = 0; held <= 26; held++)
                leads(held, have, size);
    test_memory_all_back();
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(appends_and_consumes_in_order),
    cmocka_unit_test(an_empty_hold_has_no_memory),
    cmocka_unit_test(a_long_life_of_small_pieces_asks_for_memory_rarely),
    cmocka_unit_test(sizes_that_cannot_be_are_refused),
    cmocka_unit_test(what_is_reserved_needs_no_memory_later),
    cmocka_unit_test(without_memory_nothing_changes),
    cmocka_unit_test(leads_with_every_mixture_of_sizes),
};

TEST_MAIN("hold", tests)
