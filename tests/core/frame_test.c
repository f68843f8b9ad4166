/*
 * Frame: real blocks of both kinds, each way an application may frame them, every grouping and
 * every cut; and what must not be taken for a boundary.
 */
#include "test.h"

#include "frame.h"
#include "ntlm.h"
#include "recording.h"
#include "scan.h"

#define AHEAD 4 /* blocks in an I/O, at most one more than these */

/* The search, counted. */
static size_t searched;
size_t __real_scan_version(const unsigned char *at, size_t n, size_t from);
size_t __wrap_scan_version(const unsigned char *at, size_t n, size_t from);

size_t __wrap_scan_version(const unsigned char *at, size_t n, size_t from)
{
    size_t found = __real_scan_version(at, n, from);

    searched += found < n ? found - from + 4 : n > from ? n - from : 0;
    return found;
}

/* The application's prefixes. */
static void le32(unsigned char *at, size_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(n >> 8 * i);
}

static void be32(unsigned char *at, size_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(n >> (24 - 8 * i));
}

static void none(unsigned char *at, size_t n)
{
    (void)at;
    (void)n;
}

static void token_size(unsigned char *at, size_t n)
{
    (void)n;
    le32(at, NTLM_SIGNATURE);
}

static void le32_all(unsigned char *at, size_t n)
{
    le32(at, n + 4);
}

static void total_and_token_size(unsigned char *at, size_t n)
{
    le32(at, n + 4);
    le32(at + 4, NTLM_SIGNATURE);
}

static void parts_and_token_size(unsigned char *at, size_t n)
{
    le32(at, n);
    le32(at + 4, NTLM_SIGNATURE);
}

static const struct prefix {
    const char *name;
    size_t n;
    void (*write)(unsigned char *at, size_t block);
} prefixes[] = {
    {"no prefix", 0, none},
    {"token size", 4, token_size},
    {"rest le", 4, le32},
    {"rest be", 4, be32},
    {"all le", 4, le32_all},
    {"total and token size", 8, total_and_token_size},
    {"parts and token size", 8, parts_and_token_size},
};

/* One direction of a recording as it travels: prefix, block, prefix, block, ... */
struct stream {
    unsigned char bytes[1 << 16];
    size_t start[RECORDING_BLOCKS], end[RECORDING_BLOCKS]; /* of the blocks */
    size_t blocks;
};

static struct stream *stream_of(const struct recording *recording, bool to_client,
                                const struct prefix *prefix, enum frame_order order)
{
    static struct stream stream;
    size_t at = 0;

    stream.blocks = 0;
    for (size_t i = 0; i < recording->blocks; i++) {
        struct span sealed = recording->block[i].sealed;
        size_t turn = order == FRAME_TOKEN_LAST ? NTLM_SIGNATURE : 0;

        if (recording->block[i].to_client != to_client)
            continue;
        assert_true(at + prefix->n + sealed.n <= sizeof stream.bytes);
        prefix->write(stream.bytes + at, sealed.n);
        at += prefix->n;
        memcpy(stream.bytes + at, sealed.at + turn, sealed.n - turn);
        memcpy(stream.bytes + at + sealed.n - turn, sealed.at, turn);
        stream.start[stream.blocks] = at;
        stream.end[stream.blocks++] = at += sealed.n;
    }
    return &stream;
}

static struct span head_of(struct span input, enum frame_order order)
{
    return order == FRAME_TOKEN_LAST && input.n >= NTLM_SIGNATURE
               ? span_rest(input, input.n - NTLM_SIGNATURE)
               : span_head(input, NTLM_SIGNATURE);
}

/* The I/O from the start of block `first` to the byte `cut` falls into exactly its true blocks. */
static void cuts_right(const struct stream *stream, const struct frame_rule *rule,
                       enum frame_order order, size_t first, size_t cut, const char *what)
{
    size_t base = stream->start[first], i = first;
    struct span input = test_guarded(stream->bytes + base, cut - base), block;
    struct frame_walk walk;

    searched = 0;
    frame_begin(&walk, rule, order, head_of(input, order), input);
    while (frame_next(&walk, &block) == FRAME_STEP_BLOCK) {
        if (block.at != input.at + (stream->start[i] - base) ||
            block.n != stream->end[i] - stream->start[i])
            fail_msg("%s: from %zu to byte %zu: block %zu at %zu is %zu bytes, not %zu", what,
                     first, cut, i, (size_t)(block.at - input.at), block.n,
                     stream->end[i] - stream->start[i]);
        i++;
    }
    /* Whatever is left has no further whole signature behind its own. */
    if (block.at != input.at + (stream->start[i] - base) || block.n != cut - stream->start[i] ||
        (i + 1 < stream->blocks && stream->start[i + 1] + NTLM_SIGNATURE <= cut))
        fail_msg("%s: from %zu to byte %zu: ends with block %zu, %zu bytes", what, first, cut, i,
                 block.n);
    assert_true(searched <= 3 * input.n + 64 * (i - first + 1));
}

static void every_cut(const struct stream *stream, const struct frame_rule *rule, const char *what)
{
    for (size_t first = 0; first < stream->blocks; first++) {
        size_t last = first + AHEAD < stream->blocks ? first + AHEAD : stream->blocks - 1;

        for (size_t i = first; i <= last; i++)
            for (size_t cut = i == first ? stream->start[i] : stream->end[i - 1] + 1;
                 cut <= stream->end[i];
                 cut += cut > stream->start[i] + 40 && cut + 60 < stream->end[i] ? 29 : 1)
                cuts_right(stream, rule, FRAME_TOKEN_FIRST, first, cut, what);
    }
}

static void every_grouping(const struct stream *stream, const struct frame_rule *rule,
                           const char *what)
{
    for (size_t first = 0; first < stream->blocks; first++)
        for (size_t last = first; last < stream->blocks && last <= first + 20; last++)
            cuts_right(stream, rule, FRAME_TOKEN_LAST, first, stream->end[last], what);
}

static void every_recording(enum frame_order order)
{
    static const char *const files[] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                        "tests/data/ntlm-lmkey.txt"};
    char what[100];

    for (size_t f = 0; f < 3; f++) {
        const struct recording *recording = recording_load(files[f]);
        enum frame_kind kind = recording->flags & NTLM_ESS ? FRAME_ESS : FRAME_NT4;

        for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
            for (unsigned variant = 0; variant < 8; variant++) {
                struct frame_rule rule = {variant & 1 ? kind : FRAME_UNSURE,
                                          variant & 2 ? (unsigned char)prefixes[p].n
                                                      : FRAME_PREFIX_UNKNOWN};
                struct stream *stream = stream_of(recording, variant & 4, &prefixes[p], order);

                snprintf(what, sizeof what, "%s, %s, %u", files[f], prefixes[p].name, variant);
                if (order == FRAME_TOKEN_FIRST)
                    every_cut(stream, &rule, what);
                else
                    every_grouping(stream, &rule, what);
            }
        }
    }
}

static void real_streams_fall_into_their_blocks_at_every_cut(void **state)
{
    (void)state;
    every_recording(FRAME_TOKEN_FIRST);
}

static void real_streams_with_the_token_last_too(void **state)
{
    (void)state;
    every_recording(FRAME_TOKEN_LAST);
}

/* Made-up I/Os, for what real streams do not show. */
struct header {
    size_t at;
    uint32_t pad;
    uint32_t number;
};

static void put(unsigned char *at, struct header header)
{
    le32(at + header.at, NTLM_VERSION);
    le32(at + header.at + NTLM_PAD_AT, header.pad);
    memset(at + header.at + 8, 0xEE, 4);
    le32(at + header.at + NTLM_NUMBER_AT, header.number);
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
#define UNKNOWN FRAME_PREFIX_UNKNOWN
    {"the number wraps",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 9, ~0u},
     {{50, 7, 0}},
     50},
    {"two blocks without data",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_FIRST,
     32,
     {0, 9, 4},
     {{16, 7, 5}},
     16},
    {"the same number is an imitation",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 9, 3},
     {{50, 7, 3}},
     100},
    {"so is the next but one",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 9, 3},
     {{50, 7, 5}},
     100},
    {"a signature that is not whole",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_FIRST,
     65,
     {0, 9, 3},
     {{50, 7, 4}},
     65},
    {"a context that does not seal",
     {FRAME_WHOLE, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 9, 3},
     {{50, 7, 4}},
     100},
    {"its own signature overlaps nothing",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 9, 3},
     {{8, 1, 4}},
     100},
    {"nt 4, zero bytes in both",
     {FRAME_NT4, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 0, 77},
     {{50, 0, 99}},
     50},
    {"nt 4, zero bytes in the first only",
     {FRAME_NT4, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 0, 77},
     {{50, 5, 99}},
     100},
    {"nt 4, a weak match is taken",
     {FRAME_NT4, UNKNOWN},
     FRAME_TOKEN_FIRST,
     100,
     {0, 5, 77},
     {{50, 6, 99}},
     50},
    {"nt 4, a weak match, known prefix, none there",
     {FRAME_NT4, 4},
     FRAME_TOKEN_FIRST,
     100,
     {0, 5, 77},
     {{50, 6, 99}},
     100},
    {"nt 4, no room for the known prefix",
     {FRAME_NT4, 8},
     FRAME_TOKEN_FIRST,
     100,
     {0, 0, 77},
     {{20, 0, 99}},
     100},
    {"unsure, the numbered one wins over the other before it",
     {FRAME_UNSURE, UNKNOWN},
     FRAME_TOKEN_FIRST,
     200,
     {0, 0, 7},
     {{50, 0, 99}, {120, 1, 8}},
     120},
    {"unsure: 32 bits are no evidence",
     {FRAME_UNSURE, UNKNOWN},
     FRAME_TOKEN_FIRST,
     200,
     {0, 5, 7},
     {{50, 6, 99}},
     200},
    {"unsure, no number anywhere",
     {FRAME_UNSURE, UNKNOWN},
     FRAME_TOKEN_FIRST,
     200,
     {0, 0, 7},
     {{50, 0, 99}, {120, 0, 11}},
     50},
    {"apart: 64 bits will do",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_APART,
     100,
     {0, 9, 3},
     {{40, 7, 4}},
     40},
    {"apart: no data before it",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_APART,
     100,
     {0, 9, 3},
     {{0, 7, 4}},
     0},
    {"apart: zero bytes in both are 64 bits too",
     {FRAME_NT4, UNKNOWN},
     FRAME_TOKEN_APART,
     100,
     {0, 0, 3},
     {{40, 0, 44}},
     40},
    {"apart: 32 bits are no evidence",
     {FRAME_NT4, UNKNOWN},
     FRAME_TOKEN_APART,
     100,
     {0, 9, 3},
     {{40, 7, 44}},
     100},
    {"apart, unsure: 32 bits are no evidence",
     {FRAME_UNSURE, UNKNOWN},
     FRAME_TOKEN_APART,
     100,
     {0, 9, 3},
     {{40, 7, 44}},
     100},
    {"last: a number too far back",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_LAST,
     100,
     {84, 9, 30},
     {{34, 7, 20}},
     100},
    {"last: the number before",
     {FRAME_ESS, UNKNOWN},
     FRAME_TOKEN_LAST,
     100,
     {84, 9, 30},
     {{34, 7, 29}},
     50},
    {"last: wraps", {FRAME_ESS, UNKNOWN}, FRAME_TOKEN_LAST, 100, {84, 9, 0}, {{34, 7, ~0u}}, 50},
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
                                               : head_of(input, row->order);
        frame_begin(&walk, &row->rule, row->order, head, input);
        step = frame_next(&walk, &block);
        if (block.n != row->block || (step == FRAME_STEP_WHOLE) != (row->block == row->n))
            fail_msg("%s: step %d, %zu bytes", row->name, step, block.n);
    }
}

static void what_does_not_start_with_a_signature_is_one_block(void **state)
{
    static const struct frame_rule rule = {FRAME_UNSURE, FRAME_PREFIX_UNKNOWN};
    unsigned char bytes[64];

    (void)state;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct frame_walk walk;
        struct span input, block;

        memset(bytes, 0, sizeof bytes);
        put(bytes, (struct header){0, 0, 0});
        put(bytes, (struct header){32, 0, 1});
        bytes[0] = n < NTLM_SIGNATURE ? 1 : 2;
        input = test_guarded(bytes, n);
        frame_begin(&walk, &rule, FRAME_TOKEN_FIRST, span_head(input, NTLM_SIGNATURE), input);
        assert_int_equal(frame_next(&walk, &block), FRAME_STEP_WHOLE);
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
            kinds[variant % 3], (unsigned char[]){FRAME_PREFIX_UNKNOWN, 0, 4, 8}[variant / 3 % 4]};
        enum frame_order order = variant / 12 % 3;
        unsigned stride = (unsigned[]){4, 16, 20, 24}[variant / 36 % 4];
        bool numbered = variant / 144 % 2;
        struct frame_walk walk;
        struct span input = {bytes, N}, block;
        size_t blocks = 1;

        for (size_t i = 0; i + 24 <= N; i += stride) {
            le32(bytes + i, stride == 4 ? 1 : 40000);
            if (stride >= 16)
                put(bytes, (struct header){i + stride - 16, numbered ? 0 : 3,
                                           (uint32_t)(numbered ? i / stride : i * 77)});
        }
        put(bytes, (struct header){order == FRAME_TOKEN_LAST ? N - 16 : 0, numbered ? 0 : 3, 0});
        searched = 0;
        frame_begin(&walk, &rule, order, head_of(input, order), input);
        while (frame_next(&walk, &block) == FRAME_STEP_BLOCK)
            blocks++;
        if (searched > 6 * (size_t)N + 64 * blocks)
            fail_msg("variant %u: %zu bytes searched, %zu blocks", variant, searched, blocks);
    }
}

static void a_proven_boundary_is_learned(void **state)
{
    struct frame_rule rule = {FRAME_UNSURE, FRAME_PREFIX_UNKNOWN};
    unsigned char bytes[100] = {0};
    struct span input = {bytes, sizeof bytes}, block;
    struct frame_walk walk;

    (void)state;
    memset(bytes, 0xD7, sizeof bytes);
    put(bytes, (struct header){0, 9, 3});
    le32(bytes + 46, 16);
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
    cmocka_unit_test(real_streams_fall_into_their_blocks_at_every_cut),
    cmocka_unit_test(real_streams_with_the_token_last_too),
    cmocka_unit_test(made_up_streams_fall_as_their_rows_say),
    cmocka_unit_test(what_does_not_start_with_a_signature_is_one_block),
    cmocka_unit_test(hostile_input_is_searched_linearly),
    cmocka_unit_test(a_proven_boundary_is_learned),
};

TEST_MAIN("frame", tests)
