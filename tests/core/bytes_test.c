/*
 * Bytes: every small case of the two in-place exchanges against the obvious way.
 */
#include "test.h"

#include "bytes.h"

static void rotate_moves_the_first_bytes_behind_the_rest(void **state)
{
    unsigned char at[24], want[24];

    (void)state;
    for (size_t n = 0; n <= 20; n++) {
        for (size_t by = 0; by <= n; by++) {
            for (size_t i = 0; i < n; i++) {
                at[i] = (unsigned char)i;
                want[(i + n - by) % n] = (unsigned char)i;
            }
            bytes_rotate(at, n, by);
            assert_memory_equal(at, want, n);
        }
    }
}

static void swap_exchanges(void **state)
{
    unsigned char a[5] = "abcd", b[5] = "wxyz";

    (void)state;
    bytes_swap(a, b, 3);
    assert_string_equal(a, "wxyd");
    assert_string_equal(b, "abcz");
}

static void wipe_zeroes_all_of_it(void **state)
{
    unsigned char at[7] = {1, 2, 3, 4, 5, 6, 7}, want[7] = {0, 0, 0, 0, 0, 0, 7};

    (void)state;
    bytes_wipe(at, 6);
    assert_memory_equal(at, want, 7);
    bytes_wipe(NULL, 0);
}

static void numbers_are_read_in_both_orders(void **state)
{
    static const unsigned char at[4] = {0x81, 2, 3, 0xF4};

    (void)state;
    assert_int_equal(bytes_le32(at), 0xF4030281u);
    assert_int_equal(bytes_be32(at), 0x810203F4u);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rotate_moves_the_first_bytes_behind_the_rest),
    cmocka_unit_test(swap_exchanges),
    cmocka_unit_test(wipe_zeroes_all_of_it),
    cmocka_unit_test(numbers_are_read_in_both_orders),
};

TEST_MAIN("bytes", tests)
