/*
 * Exact: the streams that gss-ntlmssp sealed, each cut and joined in every way.
 */
#include "test.h"

#include "exact.h"
#include "recording.h"

static const char *const files[] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                    "tests/data/ntlm-lmkey.txt"};
static const struct exact_gap any = {3, {0, 4, 8}}, none = {1, {0}};

/* One direction of a recording, as its receiver sees it. */
struct side {
    const struct recording *recording;
    bool to_client, ess;
    unsigned order[RECORDING_BLOCKS], blocks;
    struct exact before[RECORDING_BLOCKS + 1]; /* each of its blocks */
};
static struct side side;

static struct span sealed(unsigned i)
{
    return side.recording->block[side.order[i]].sealed;
}

/* Without extended session security both directions draw from one key stream. */
static void pass_others(struct exact *exact, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to && !side.ess; i++)
        if (side.recording->block[i].to_client != side.to_client)
            exact_passed(exact, side.recording->block[i].text.n, 1);
}

/* The block `i` has been unsealed, and what the other end sealed after it has passed. */
static void advance(struct exact *exact, unsigned i)
{
    unsigned next = i + 1 < side.blocks ? side.order[i + 1] : (unsigned)side.recording->blocks;

    exact_unsealed(exact, sealed(i).n);
    pass_others(exact, side.order[i], next);
}

/* These bytes begin with a block of n bytes, whole. */
static void whole(struct exact *exact, struct span at, struct exact_gap gap, size_t n)
{
    size_t found = 0;

    assert_int_equal(exact_find(exact, at, gap, &found), EXACT_BLOCK);
    assert_int_equal(found, n);
    /* Asked once more it says the same. */
    assert_int_equal(exact_find(exact, at, gap, &found), EXACT_BLOCK);
    assert_int_equal(found, n);
}

static void partial(struct exact *exact, struct span at, struct exact_gap gap)
{
    size_t found;

    assert_int_equal(exact_find(exact, at, gap, &found), EXACT_PARTIAL);
}

static void begin_side(const char *file, bool to_client)
{
    const struct recording *recording = recording_load(file);
    struct exact exact;

    side = (struct side){.recording = recording, .to_client = to_client};
    side.ess = recording->flags & NTLM_ESS;
    for (unsigned i = 0; i < recording->blocks; i++)
        if (recording->block[i].to_client == to_client)
            side.order[side.blocks++] = i;
    exact_begin(&exact, recording->flags, recording->key,
                to_client ? SEALING_SERVER : SEALING_CLIENT);
    pass_others(&exact, 0, side.order[0]);
    for (unsigned i = 0; i < side.blocks; i++) {
        side.before[i] = exact;
        whole(&exact, sealed(i), any, sealed(i).n);
        advance(&exact, i);
    }
    side.before[side.blocks] = exact;
}

static void each_side(void (*run)(void))
{
    for (unsigned f = 0; f < sizeof files / sizeof *files; f++)
        for (int to_client = 0; to_client < 2; to_client++) {
            begin_side(files[f], to_client);
            run();
        }
}

static void cuts_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++)
        for (size_t n = 0; n < sealed(i).n; n++) {
            struct exact exact = side.before[i];

            partial(&exact, test_guarded(sealed(i).at, n), i % 2 ? any : none);
            partial(&exact, test_guarded(sealed(i).at, n), i % 2 ? any : none);
            whole(&exact, sealed(i), i % 2 ? any : none, sealed(i).n);
        }
}

static void every_block_is_found_after_every_cut(void **state)
{
    (void)state;
    each_side(cuts_of_side);
}

static void pieces_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct exact exact = side.before[i];

        for (size_t n = 0; n < sealed(i).n; n++)
            partial(&exact, span_head(sealed(i), n), any);
        whole(&exact, sealed(i), any, sealed(i).n);
        /* The end of what had come is the only place that each byte brought. */
        assert_true(exact.judged - side.before[i].judged <= sealed(i).n);
    }
}

static void every_block_is_found_byte_by_byte(void **state)
{
    (void)state;
    each_side(pieces_of_side);
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
            partial(&exact, seen, any);
            whole(&exact, all, any, end - at);
            return;
        }
        whole(&exact, seen, any, end - at);
        advance(&exact, i);
        at = end + k;
    }
}

static void joins_of_side(void)
{
    for (unsigned first = 0; first + JOINED <= side.blocks; first++)
        for (size_t k = 0; k <= 8; k += 4) {
            size_t ends[JOINED], n = 0;

            for (unsigned i = 0; i < JOINED; i++) {
                struct span block = sealed(first + i);

                if (i)
                    n += put_gap(stream + n, k, block.n);
                memcpy(stream + n, block.at, block.n);
                ends[i] = n += block.n;
            }
            /* Every cut of short joins, and of long ones those around the blocks' ends. */
            for (size_t cut = 0, i = 0; cut <= n; cut++) {
                while (i + 1 < JOINED && cut > ends[i] + 40)
                    i++;
                if (n > 1000 && cut + 40 < ends[i] && cut > 40)
                    cut = ends[i] - 40;
                joined(first, ends, k, cut);
            }
        }
}

static void joined_blocks_are_found_after_every_cut(void **state)
{
    (void)state;
    each_side(joins_of_side);
}

/* RandomPad is encrypted by some and zeroed by others, and nobody looks at it. */
static bool counts(size_t byte)
{
    return side.ess || byte < NTLM_PAD_AT || byte >= NTLM_PAD_AT + 4;
}

/* The first message is not flipped: its number may be 1 instead of 0. */
static void flips_of_side(void)
{
    for (unsigned i = 1; i + 1 < side.blocks; i++) {
        struct span block = sealed(i);
        size_t found, bits = block.n < 100 ? 8 : 1;

        memcpy(stream, block.at, block.n);
        memcpy(stream + block.n, sealed(i + 1).at, MAC_SIGNATURE);
        for (size_t bit = 0; bit < block.n * bits; bit++) {
            struct exact alone = side.before[i], joint = side.before[i];
            unsigned char *byte = stream + bit / bits;

            if (!counts(bit / bits))
                continue;
            *byte ^= (unsigned char)(1 << bit % 8);
            assert_int_not_equal(exact_find(&alone, (struct span){stream, block.n}, any, &found),
                                 EXACT_BLOCK);
            /* The next header shows that it will never come. */
            assert_int_equal(
                exact_find(&alone, (struct span){stream, block.n + MAC_SIGNATURE}, any, &found),
                EXACT_RETIRED);
            assert_int_equal(
                exact_find(&joint, (struct span){stream, block.n + MAC_SIGNATURE}, any, &found),
                EXACT_RETIRED);
            *byte ^= (unsigned char)(1 << bit % 8);
        }
    }
}

static void flipped_bits_are_no_block(void **state)
{
    (void)state;
    each_side(flips_of_side);
}

/* A block once more, or one left out. With ESS the number tells at once. */
static void replays_of_side(void)
{
    for (unsigned i = 1; i < side.blocks; i++) {
        struct exact again = side.before[i], ahead = side.before[i - 1];
        size_t found;

        assert_int_equal(exact_find(&again, sealed(i - 1), any, &found),
                         side.ess ? EXACT_RETIRED : EXACT_PARTIAL);
        if (i > 1)
            assert_int_equal(exact_find(&ahead, sealed(i), any, &found),
                             side.ess ? EXACT_RETIRED : EXACT_PARTIAL);
    }
}

static void replayed_blocks_are_no_block(void **state)
{
    (void)state;
    each_side(replays_of_side);
}

/* A caller that has been told of it brings other bytes, or fewer: it starts anew. */
static void other_bytes_start_anew(void **state)
{
    struct exact exact;

    (void)state;
    begin_side(files[1], true);
    exact = side.before[0];
    partial(&exact, span_head(sealed(0), sealed(0).n - 1), any);
    partial(&exact, span_head(sealed(0), MAC_SIGNATURE + 1), any);
    partial(&exact, span_head(sealed(1), MAC_SIGNATURE + 2), any);
    whole(&exact, sealed(0), any, sealed(0).n);
}

static void is_wiped(const struct exact *exact)
{
    struct exact zero = {.retired = true, .waited = exact->waited};
    size_t found;

    assert_memory_equal(exact, &zero, sizeof zero);
    assert_int_equal(exact_find((struct exact *)exact, sealed(0), any, &found), EXACT_RETIRED);
}

static void what_disagrees_retires_and_is_wiped(void **state)
{
    struct exact exact, part;

    (void)state;
    begin_side(files[1], true);
    exact = side.before[0];
    whole(&exact, sealed(0), any, sealed(0).n);
    part = exact;
    exact_unsealed(&part, sealed(0).n + 1);
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
    partial(&part, span_head(sealed(0), 20), any);
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
    begin_side(files[0], true);
    exact_begin(&exact, side.recording->flags, side.recording->key, SEALING_SERVER);
    assert_true(exact.trusted);
    partial(&exact, span_head(sealed(0), 20), any);
    assert_true(exact.waited);
    other = exact;
    exact_retire(&other);
    assert_true(other.waited);
    whole(&exact, sealed(0), any, sealed(0).n);
    exact_unsealed(&exact, sealed(0).n);
    assert_false(exact.waited);

    exact_begin(&exact, side.recording->flags, side.recording->key, SEALING_SERVER);
    exact.trusted = false;
    assert_int_equal(exact_find(&exact, span_head(sealed(0), 20), any, &found), EXACT_DOUBT);
    assert_false(exact.waited);
    whole(&exact, sealed(0), any, sealed(0).n);
    exact_unsealed(&exact, sealed(0).n);
    assert_true(exact.proven);
    partial(&exact, span_head(sealed(1), 17), any);
    assert_false(exact.waited);
}

/* What it was not asked about moves it all the same. */
static void unasked_of_side(void)
{
    struct exact exact = side.before[0];

    for (unsigned i = 0; i < side.blocks; i++) {
        if (i % 3 == 0)
            whole(&exact, sealed(i), any, sealed(i).n);
        advance(&exact, i);
        assert_false(exact.retired);
    }
}

static void blocks_that_were_not_asked_about_are_counted(void **state)
{
    (void)state;
    each_side(unasked_of_side);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_block_is_found_after_every_cut),
    cmocka_unit_test(every_block_is_found_byte_by_byte),
    cmocka_unit_test(joined_blocks_are_found_after_every_cut),
    cmocka_unit_test(flipped_bits_are_no_block),
    cmocka_unit_test(replayed_blocks_are_no_block),
    cmocka_unit_test(other_bytes_start_anew),
    cmocka_unit_test(what_disagrees_retires_and_is_wiped),
    cmocka_unit_test(who_is_not_trusted_has_to_prove_himself),
    cmocka_unit_test(blocks_that_were_not_asked_about_are_counted),
};

TEST_MAIN("exact", tests)
