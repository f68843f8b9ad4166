/*
 * Frame: real blocks of both kinds, each way an application may frame them, every grouping and
 * every cut.
 */
#include "test.h"

#include "frame.h"
#include "io.h"
#include "ntlm.h"
#include "recording.h"

#define AHEAD 4 /* blocks in an I/O, at most one more than these */

/* The application's prefixes. */
static void none(unsigned char *at, size_t n)
{
    (void)at;
    (void)n;
}

static void token_size(unsigned char *at, size_t n)
{
    (void)n;
    io_le32(at, NTLM_SIGNATURE);
}

static void le32_all(unsigned char *at, size_t n)
{
    io_le32(at, n + 4);
}

static void total_and_token_size(unsigned char *at, size_t n)
{
    io_le32(at, n + 4);
    io_le32(at + 4, NTLM_SIGNATURE);
}

static void parts_and_token_size(unsigned char *at, size_t n)
{
    io_le32(at, n);
    io_le32(at + 4, NTLM_SIGNATURE);
}

static const struct prefix {
    const char *name;
    size_t n;
    void (*write)(unsigned char *at, size_t block);
} prefixes[] = {
    {"no prefix", 0, none},
    {"token size", 4, token_size},
    {"rest le", 4, io_le32},
    {"rest be", 4, io_be32},
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

/* The I/O from the start of block `first` to the byte `cut` falls into exactly its true blocks. */
static void cuts_right(const struct stream *stream, const struct frame_rule *rule,
                       enum frame_order order, size_t first, size_t cut, const char *what)
{
    size_t base = stream->start[first], i = first;
    struct span input = test_guarded(stream->bytes + base, cut - base), block;
    struct frame_walk walk;

    io_searched = 0;
    frame_begin(&walk, rule, order, io_head(input, order), input);
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
    assert_true(io_searched <= 3 * input.n + 64 * (i - first + 1));
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

static void every_rule(const char *file, const struct prefix *prefix, enum frame_order order)
{
    const struct recording *recording = recording_load(file);
    enum frame_kind kind = recording->flags & NTLM_ESS ? FRAME_ESS : FRAME_NT4;
    char what[100];

    for (unsigned variant = 0; variant < 8; variant++) {
        struct frame_rule rule = {.kind = variant & 1 ? kind : FRAME_UNSURE,
                                  .prefix = variant & 2 ? (unsigned char)prefix->n
                                                        : FRAME_PREFIX_UNKNOWN};
        struct stream *stream = stream_of(recording, variant & 4, prefix, order);

        snprintf(what, sizeof what, "%s, %s, %u", file, prefix->name, variant);
        if (order == FRAME_TOKEN_FIRST)
            every_cut(stream, &rule, what);
        else
            every_grouping(stream, &rule, what);
    }
}

static void every_recording(enum frame_order order)
{
    static const char *const files[] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                        "tests/data/ntlm-lmkey.txt"};

    for (size_t f = 0; f < 3; f++)
        for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++)
            every_rule(files[f], &prefixes[p], order);
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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(real_streams_fall_into_their_blocks_at_every_cut),
    cmocka_unit_test(real_streams_with_the_token_last_too),
};

TEST_MAIN("frame_stream", tests)
