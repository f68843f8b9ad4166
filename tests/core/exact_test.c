/*
 * Exact: the streams that gss-ntlmssp sealed, each cut and joined in every way.
 */
#include "side.h"
#include "test.h"

static void cuts_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++)
        for (size_t n = 0; n < side_sealed(i).n; n++) {
            struct exact exact = side.before[i];

            side_partial(&exact, test_guarded(side_sealed(i).at, n), i % 2 ? side_any : side_none);
            side_partial(&exact, test_guarded(side_sealed(i).at, n), i % 2 ? side_any : side_none);
            side_whole(&exact, side_sealed(i), i % 2 ? side_any : side_none, side_sealed(i).n);
        }
}

static void every_block_is_found_after_every_cut(void **state)
{
    (void)state;
    side_each(cuts_of_side);
}

static void pieces_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct exact exact = side.before[i];

        for (size_t n = 0; n < side_sealed(i).n; n++)
            side_partial(&exact, span_head(side_sealed(i), n), side_any);
        side_whole(&exact, side_sealed(i), side_any, side_sealed(i).n);
        /* The end of what had come is the only place that each byte brought. */
        assert_true(exact.judged - side.before[i].judged <= side_sealed(i).n);
    }
}

static void every_block_is_found_byte_by_byte(void **state)
{
    (void)state;
    side_each(pieces_of_side);
}

/* The application's bytes: a length, or that and the token's size. */
static size_t put_gap(unsigned char *at, size_t k, size_t n)
{
    const unsigned char bytes[8] = {0, 0, (unsigned char)(n >> 8), (unsigned char)n, MAC_SIGNATURE};

    memcpy(at, bytes, k);
    return k;
}

#define JOINED 6
static unsigned char stream[1 << 18];

/*
 * The blocks from `first` on, joined, `n` bytes of it: all that are whole come out, and the last is
 * found once the rest is there. `ends`: where each one ends.
 */
static void joined(unsigned first, const size_t *ends, size_t k, size_t n)
{
    struct exact exact = side.before[first];
    size_t at = 0;

    for (unsigned i = first; i < first + JOINED; i++) {
        size_t end = ends[i - first];
        struct span seen = test_guarded(stream + at, n > at ? n - at : 0);
        struct span all = {stream + at, ends[JOINED - 1] - at};

        if (end > n) {
            side_partial(&exact, seen, side_any);
            side_whole(&exact, all, side_any, end - at);
            return;
        }
        side_whole(&exact, seen, side_any, end - at);
        side_advance(&exact, i);
        at = end + k;
    }
}

/* Puts the blocks from `first` on into the stream. */
static void join(unsigned first, size_t k, size_t ends[JOINED])
{
    size_t n = 0;

    for (unsigned i = 0; i < JOINED; i++) {
        struct span block = side_sealed(first + i);

        if (i)
            n += put_gap(stream + n, k, block.n);
        memcpy(stream + n, block.at, block.n);
        ends[i] = n += block.n;
    }
}

/* Every cut of short joins, and of long ones those around the blocks' ends. */
static void cut_joined(unsigned first, size_t k)
{
    size_t ends[JOINED], n, i = 0;

    join(first, k, ends);
    n = ends[JOINED - 1];
    for (size_t cut = 0; cut <= n; cut++) {
        while (i + 1 < JOINED && cut > ends[i] + 40)
            i++;
        if (n > 1000 && cut + 40 < ends[i] && cut > 40)
            cut = ends[i] - 40;
        joined(first, ends, k, cut);
    }
}

static void joins_of_side(void)
{
    for (unsigned first = 0; first + JOINED <= side.blocks; first++)
        for (size_t k = 0; k <= 8; k += 4)
            cut_joined(first, k);
}

static void joined_blocks_are_found_after_every_cut(void **state)
{
    (void)state;
    side_each(joins_of_side);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_block_is_found_after_every_cut),
    cmocka_unit_test(every_block_is_found_byte_by_byte),
    cmocka_unit_test(joined_blocks_are_found_after_every_cut),
};

TEST_MAIN("exact", tests)
