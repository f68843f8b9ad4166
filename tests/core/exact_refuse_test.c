/*
 * Exact, where something is wrong: altered and replayed blocks, other bytes than before, a provider
 * that disagrees.
 */
#include "side.h"
#include "test.h"

static unsigned char stream[1 << 16];

/* RandomPad is encrypted by some and zeroed by others, and nobody looks at it. */
static bool counts(size_t byte)
{
    return side.ess || byte < NTLM_PAD_AT || byte >= NTLM_PAD_AT + 4;
}

/* The first message is not flipped: its number may be 1 instead of 0. */
static void flips_of_side(void)
{
    for (unsigned i = 1; i + 1 < side.blocks; i++) {
        struct span block = side_sealed(i);
        size_t found, bits = block.n < 100 ? 8 : 1;

        memcpy(stream, block.at, block.n);
        memcpy(stream + block.n, side_sealed(i + 1).at, MAC_SIGNATURE);
        for (size_t bit = 0; bit < block.n * bits; bit++) {
            struct exact alone = side.before[i], joint = side.before[i];
            unsigned char *byte = stream + bit / bits;

            if (!counts(bit / bits))
                continue;
            *byte ^= (unsigned char)(1 << bit % 8);
            assert_int_not_equal(
                exact_find(&alone, (struct span){stream, block.n}, side_any, &found), EXACT_BLOCK);
            /* The next header shows that it will never come. */
            assert_int_equal(exact_find(&alone, (struct span){stream, block.n + MAC_SIGNATURE},
                                        side_any, &found),
                             EXACT_RETIRED);
            assert_int_equal(exact_find(&joint, (struct span){stream, block.n + MAC_SIGNATURE},
                                        side_any, &found),
                             EXACT_RETIRED);
            *byte ^= (unsigned char)(1 << bit % 8);
        }
    }
}

static void flipped_bits_are_no_block(void **state)
{
    (void)state;
    side_each(flips_of_side);
}

/* A block once more, or one left out. With ESS the number tells at once. */
static void replays_of_side(void)
{
    for (unsigned i = 1; i < side.blocks; i++) {
        struct exact again = side.before[i], ahead = side.before[i - 1];
        size_t found;

        assert_int_equal(exact_find(&again, side_sealed(i - 1), side_any, &found),
                         side.ess ? EXACT_RETIRED : EXACT_PARTIAL);
        if (i > 1)
            assert_int_equal(exact_find(&ahead, side_sealed(i), side_any, &found),
                             side.ess ? EXACT_RETIRED : EXACT_PARTIAL);
    }
}

static void replayed_blocks_are_no_block(void **state)
{
    (void)state;
    side_each(replays_of_side);
}

/* A caller that has been told of it brings other bytes, or fewer: it starts anew. */
static void other_bytes_start_anew(void **state)
{
    struct exact exact;

    (void)state;
    side_begin(side_files[1], true);
    exact = side.before[0];
    side_partial(&exact, span_head(side_sealed(0), side_sealed(0).n - 1), side_any);
    side_partial(&exact, span_head(side_sealed(0), MAC_SIGNATURE + 1), side_any);
    side_partial(&exact, span_head(side_sealed(1), MAC_SIGNATURE + 2), side_any);
    side_whole(&exact, side_sealed(0), side_any, side_sealed(0).n);
}

static void is_wiped(const struct exact *exact)
{
    struct exact zero = {.retired = true, .waited = exact->waited};
    size_t found;

    assert_memory_equal(exact, &zero, sizeof zero);
    assert_int_equal(exact_find((struct exact *)exact, side_sealed(0), side_any, &found),
                     EXACT_RETIRED);
}

static void what_disagrees_retires_and_is_wiped(void **state)
{
    struct exact exact, part;

    (void)state;
    side_begin(side_files[1], true);
    exact = side.before[0];
    side_whole(&exact, side_sealed(0), side_any, side_sealed(0).n);
    part = exact;
    exact_unsealed(&part, side_sealed(0).n + 1);
    is_wiped(&part);
    part = exact;
    exact_unsealed(&part, MAC_SIGNATURE - 1);
    is_wiped(&part);
    part = exact;
    exact_passed(&part, 5, 1);
    is_wiped(&part);
    part = exact;
    exact_verified(&part, false);
    is_wiped(&part);
    part = side.before[0];
    side_partial(&part, span_head(side_sealed(0), 20), side_any);
    exact_unsealed(&part, 20);
    is_wiped(&part);
    exact_unsealed(&part, 20);
    exact_passed(&part, 5, 1);
    is_wiped(&part);
}

/* Before a block has proven that the key is understood, a partial one is not believed for ever. */
static void who_is_not_trusted_has_to_prove_himself(void **state)
{
    struct exact exact, other;
    size_t found;

    (void)state;
    side_begin(side_files[0], true);
    exact_begin(&exact, side.recording->flags, side.recording->key, SEALING_SERVER);
    assert_true(exact.trusted);
    side_partial(&exact, span_head(side_sealed(0), 20), side_any);
    assert_true(exact.waited);
    other = exact;
    exact_retire(&other);
    assert_true(other.waited);
    side_whole(&exact, side_sealed(0), side_any, side_sealed(0).n);
    exact_unsealed(&exact, side_sealed(0).n);
    assert_false(exact.waited);

    exact_begin(&exact, side.recording->flags, side.recording->key, SEALING_SERVER);
    exact.trusted = false;
    assert_int_equal(exact_find(&exact, span_head(side_sealed(0), 20), side_any, &found),
                     EXACT_DOUBT);
    assert_false(exact.waited);
    side_whole(&exact, side_sealed(0), side_any, side_sealed(0).n);
    exact_unsealed(&exact, side_sealed(0).n);
    assert_true(exact.proven);
    side_partial(&exact, span_head(side_sealed(1), 17), side_any);
    assert_false(exact.waited);
}

/* What it was not asked about moves it all the same. */
static void unasked_of_side(void)
{
    struct exact exact = side.before[0];

    for (unsigned i = 0; i < side.blocks; i++) {
        if (i % 3 == 0)
            side_whole(&exact, side_sealed(i), side_any, side_sealed(i).n);
        side_advance(&exact, i);
        assert_false(exact.retired);
    }
}

static void blocks_that_were_not_asked_about_are_counted(void **state)
{
    (void)state;
    side_each(unasked_of_side);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(flipped_bits_are_no_block),
    cmocka_unit_test(replayed_blocks_are_no_block),
    cmocka_unit_test(other_bytes_start_anew),
    cmocka_unit_test(what_disagrees_retires_and_is_wiped),
    cmocka_unit_test(who_is_not_trusted_has_to_prove_himself),
    cmocka_unit_test(blocks_that_were_not_asked_about_are_counted),
};

TEST_MAIN("exact_refuse", tests)
