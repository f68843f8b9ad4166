/*
 * Frame: made-up I/Os, for what real streams do not show, and what must not be taken for a
 * boundary.
 */
#include "test.h"

#include "frame.h"
#include "io.h"
#include "ntlm.h"

struct header {
    size_t at;
    uint32_t pad;
    uint32_t number;
};

static void put(unsigned char *at, struct header header)
{
    io_le32(at + header.at, NTLM_VERSION);
    io_le32(at + header.at + NTLM_PAD_AT, header.pad);
    memset(at + header.at + 8, 0xEE, 4);
    io_le32(at + header.at + NTLM_NUMBER_AT, header.number);
}

/* A row: an I/O of n bytes with signatures in it, and the length of the first block cut off it. */
static const struct row {
    const char *name;
    struct frame_rule rule;
    enum frame_order order;
    size_t n;
    struct header own, other[2];
    size_t block; /* n: one block */
} rows[] = {
/* clang-format off: a row a line */
#define ESS                                                                                        \
    {                                                                                              \
        .kind = FRAME_ESS, .prefix = FRAME_PREFIX_UNKNOWN                                          \
    }
#define NT4                                                                                        \
    {                                                                                              \
        .kind = FRAME_NT4, .prefix = FRAME_PREFIX_UNKNOWN                                          \
    }
#define UNSURE                                                                                     \
    {                                                                                              \
        .kind = FRAME_UNSURE, .prefix = FRAME_PREFIX_UNKNOWN                                       \
    }
#define WHOLE                                                                                      \
    {                                                                                              \
        .kind = FRAME_WHOLE, .prefix = FRAME_PREFIX_UNKNOWN                                        \
    }
#define NT4_PREFIX(n)                                                                              \
    {                                                                                              \
        .kind = FRAME_NT4, .prefix = n                                                             \
    }
#define FIRST FRAME_TOKEN_FIRST
#define LAST  FRAME_TOKEN_LAST
#define APART FRAME_TOKEN_APART
    {"the number wraps", ESS, FIRST, 100, {0, 9, ~0u}, {{50, 7, 0}}, 50},
    {"two blocks without data", ESS, FIRST, 32, {0, 9, 4}, {{16, 7, 5}}, 16},
    {"the same number is an imitation", ESS, FIRST, 100, {0, 9, 3}, {{50, 7, 3}}, 100},
    {"so is the next but one", ESS, FIRST, 100, {0, 9, 3}, {{50, 7, 5}}, 100},
    {"a signature that is not whole", ESS, FIRST, 65, {0, 9, 3}, {{50, 7, 4}}, 65},
    {"a context that does not seal", WHOLE, FIRST, 100, {0, 9, 3}, {{50, 7, 4}}, 100},
    {"its own signature overlaps nothing", ESS, FIRST, 100, {0, 9, 3}, {{8, 1, 4}}, 100},
    {"nt 4, zero bytes in both", NT4, FIRST, 100, {0, 0, 77}, {{50, 0, 99}}, 50},
    {"nt 4, zero bytes in the first only", NT4, FIRST, 100, {0, 0, 77}, {{50, 5, 99}}, 100},
    {"nt 4, a weak match is taken", NT4, FIRST, 100, {0, 5, 77}, {{50, 6, 99}}, 50},
    {"nt 4, a weak match, known prefix, none there",
     NT4_PREFIX(4),
     FIRST,
     100,
     {0, 5, 77},
     {{50, 6, 99}},
     100},
    {"nt 4, no room for the known prefix",
     NT4_PREFIX(8),
     FIRST,
     100,
     {0, 0, 77},
     {{20, 0, 99}},
     100},
    {"unsure, the numbered one wins over the other before it",
     UNSURE,
     FIRST,
     200,
     {0, 0, 7},
     {{50, 0, 99}, {120, 1, 8}},
     120},
    {"unsure: 32 bits are no evidence", UNSURE, FIRST, 200, {0, 5, 7}, {{50, 6, 99}}, 200},
    {"unsure, no number anywhere", UNSURE, FIRST, 200, {0, 0, 7}, {{50, 0, 99}, {120, 0, 11}}, 50},
    {"apart: 64 bits will do", ESS, APART, 100, {0, 9, 3}, {{40, 7, 4}}, 40},
    {"apart: no data before it", ESS, APART, 100, {0, 9, 3}, {{0, 7, 4}}, 0},
    {"apart: zero bytes in both are 64 bits too", NT4, APART, 100, {0, 0, 3}, {{40, 0, 44}}, 40},
    {"apart: 32 bits are no evidence", NT4, APART, 100, {0, 9, 3}, {{40, 7, 44}}, 100},
    {"apart, unsure: 32 bits are no evidence", UNSURE, APART, 100, {0, 9, 3}, {{40, 7, 44}}, 100},
    {"last: a number too far back", ESS, LAST, 100, {84, 9, 30}, {{34, 7, 20}}, 100},
    {"last: the number before", ESS, LAST, 100, {84, 9, 30}, {{34, 7, 29}}, 50},
    {"last: wraps", ESS, LAST, 100, {84, 9, 0}, {{34, 7, ~0u}}, 50},
    /* clang-format on */
};

static void made_up_streams_fall_as_their_rows_say(void **state)
{
    static const struct header nothing;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        unsigned char bytes[256], own[NTLM_SIGNATURE];
        struct frame_walk walk;
        struct span input, block, head;
        enum frame_step step;

        memset(bytes, 0xD7, sizeof bytes);
        put(own, (struct header){0, row->own.pad, row->own.number});
        if (row->order != FRAME_TOKEN_APART)
            put(bytes, row->own);
        for (int k = 0; k < 2; k++)
            if (memcmp(&row->other[k], &nothing, sizeof nothing))
                put(bytes, row->other[k]);
        input = test_guarded(bytes, row->n);
        head = row->order == FRAME_TOKEN_APART ? (struct span){own, sizeof own}
                                               : io_head(input, row->order);
        frame_begin(&walk, &row->rule, row->order, head, input);
        step = frame_next(&walk, &block);
        if (block.n != row->block || (step == FRAME_STEP_WHOLE) != (row->block == row->n))
            fail_msg("%s: step %d, %zu bytes", row->name, step, block.n);
    }
}

static void what_does_not_start_with_a_signature_is_one_block(void **state)
{
    static const struct frame_rule rule = {.kind = FRAME_UNSURE, .prefix = FRAME_PREFIX_UNKNOWN};
    unsigned char bytes[64];

    (void)state;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct frame_walk walk;
        struct span input, block;

        memset(bytes, 0, sizeof bytes);
        put(bytes, (struct header){0, 0, 0});
        put(bytes, (struct header){32, 0, 1});
        bytes[0] = 2;
        input = test_guarded(bytes, n);
        frame_begin(&walk, &rule, FRAME_TOKEN_FIRST, span_head(input, NTLM_SIGNATURE), input);
        assert_int_equal(frame_next(&walk, &block), n ? FRAME_STEP_WHOLE : FRAME_STEP_PARTIAL);
        assert_int_equal(block.n, n);
    }
}

static void less_than_a_signature_is_a_part_of_a_block(void **state)
{
    static const struct frame_rule rule = {.kind = FRAME_ESS, .prefix = FRAME_PREFIX_UNKNOWN};
    unsigned char bytes[NTLM_SIGNATURE];

    (void)state;
    put(bytes, (struct header){0, 7, 3});
    for (size_t n = 1; n <= NTLM_SIGNATURE; n++) {
        struct frame_walk walk;
        struct span input = test_guarded(bytes, n), block;

        frame_begin(&walk, &rule, FRAME_TOKEN_FIRST, input, input);
        assert_int_equal(frame_next(&walk, &block),
                         n < NTLM_SIGNATURE ? FRAME_STEP_PARTIAL : FRAME_STEP_WHOLE);
        assert_int_equal(block.n, n);
    }
}

/*
 * A peer that fills an I/O with all the signatures, lengths and almost-matches that fit must not
 * make the search quadratic. Bytes are counted, not time.
 */
static void hostile_input_is_searched_linearly(void **state)
{
    enum { N = 1 << 18 };
    static unsigned char bytes[N];
    static const unsigned char kinds[] = {FRAME_UNSURE, FRAME_ESS, FRAME_NT4};

    (void)state;
    for (unsigned variant = 0; variant < 288; variant++) {
        struct frame_rule rule = {
            .kind = kinds[variant % 3],
            .prefix = (unsigned char[]){FRAME_PREFIX_UNKNOWN, 0, 4, 8}[variant / 3 % 4]};
        enum frame_order order = variant / 12 % 3;
        unsigned stride = (unsigned[]){4, 16, 20, 24}[variant / 36 % 4];
        bool numbered = variant / 144 % 2;
        struct frame_walk walk;
        struct span input = {bytes, N}, block;
        size_t blocks = 1;

        for (size_t i = 0; i + 24 <= N; i += stride) {
            io_le32(bytes + i, stride == 4 ? 1 : 40000);
            if (stride >= 16)
                put(bytes, (struct header){i + stride - 16, numbered ? 0 : 3,
                                           (uint32_t)(numbered ? i / stride : i * 77)});
        }
        put(bytes, (struct header){order == FRAME_TOKEN_LAST ? N - 16 : 0, numbered ? 0 : 3, 0});
        io_searched = 0;
        frame_begin(&walk, &rule, order, io_head(input, order), input);
        while (frame_next(&walk, &block) == FRAME_STEP_BLOCK)
            blocks++;
        if (io_searched > 6 * (size_t)N + 64 * blocks)
            fail_msg("variant %u: %zu bytes io_searched, %zu blocks", variant, io_searched, blocks);
    }
}

static void a_proven_boundary_is_learned(void **state)
{
    struct frame_rule rule = {.kind = FRAME_UNSURE, .prefix = FRAME_PREFIX_UNKNOWN};
    unsigned char bytes[100] = {0};
    struct span input = {bytes, sizeof bytes}, block;
    struct frame_walk walk;

    (void)state;
    memset(bytes, 0xD7, sizeof bytes);
    put(bytes, (struct header){0, 9, 3});
    io_le32(bytes + 46, 16);
    put(bytes, (struct header){50, 7, 4});
    frame_begin(&walk, &rule, FRAME_TOKEN_FIRST, span_head(input, 16), input);
    assert_int_equal(frame_next(&walk, &block), FRAME_STEP_BLOCK);
    assert_int_equal(block.n, 46);
    assert_int_equal(frame_rest(&walk).n, 50);
    frame_learn(&rule, &walk);
    assert_int_equal(rule.kind, FRAME_ESS);
    assert_int_equal(rule.prefix, 4);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(made_up_streams_fall_as_their_rows_say),
    cmocka_unit_test(what_does_not_start_with_a_signature_is_one_block),
    cmocka_unit_test(less_than_a_signature_is_a_part_of_a_block),
    cmocka_unit_test(hostile_input_is_searched_linearly),
    cmocka_unit_test(a_proven_boundary_is_learned),
};

TEST_MAIN("frame", tests)
