/*
 * Stream: blocks that tell their length, of each framing, in reads of every size; and the same with
 * each allocation failing. What signatures show is in frame_stream_test and in the model.
 */
#include "test.h"

#include "io.h"
#include "ntlm.h"
#include "stream.h"

static const size_t texts[] = {0, 1, 40, 300, 5, 0, 90};
#define TEXTS (sizeof texts / sizeof *texts)

struct framing {
    const char *name;
    struct frame_rule rule;
};

/* A stream of sealed blocks; only their first bytes matter here, the rest is their number. */
struct sealed {
    unsigned char bytes[2000];
    size_t n;
    size_t start[TEXTS], end[TEXTS]; /* of the blocks, behind their prefixes */
};

static void put(struct sealed *sealed, const void *bytes, size_t n, int fill)
{
    assert_true(sealed->n + n <= sizeof sealed->bytes);
    if (bytes)
        memcpy(sealed->bytes + sealed->n, bytes, n);
    else
        memset(sealed->bytes + sealed->n, fill, n);
    sealed->n += n;
}

static void put_number(struct sealed *sealed, const struct settings_prefix *own, size_t n)
{
    unsigned char at[4];

    for (unsigned i = 0; i < own->size; i++)
        at[i] = (unsigned char)(n >> 8 * (own->big ? own->size - 1u - i : i));
    put(sealed, at, own->size, 0);
}

static void seal(struct sealed *sealed, const struct frame_rule *rule, size_t i)
{
    static const unsigned char der[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12,
                                        0x01, 0x02, 0x02, 0x02, 0x01, 0x11, 0x00};
    size_t n = texts[i];
    const struct settings_prefix *own = &rule->own;

    if (own->size && !(own->stripped && i == 0))
        put_number(sealed, own,
                   NTLM_SIGNATURE + n + (own->counts == SETTINGS_COUNTS_ALL ? own->size : 0));
    sealed->start[i] = sealed->n;
    if (rule->kind == FRAME_KERBEROS) {
        unsigned char head[4] = {0x60, 0x82, (unsigned char)((n + 44) >> 8),
                                 (unsigned char)(n + 44)};

        put(sealed, head, sizeof head, 0);
        put(sealed, der, sizeof der, 0);
        put(sealed, NULL, n + 44 - sizeof der, (int)i);
    } else if (rule->kind == FRAME_TLS) {
        unsigned char head[5] = {0x17, 3, 3, (unsigned char)(n >> 8), (unsigned char)n};

        put(sealed, head, sizeof head, 0);
        put(sealed, NULL, n, (int)i);
    } else {
        put(sealed, "\1\0\0\0aaaabbbb", 12, 0);
        put(sealed, NULL, 4 + n, (int)i);
    }
    sealed->end[i] = sealed->n;
}

static const struct framing framings[] = {
#define OWN(size, big, stripped, counts)                                                           \
    {                                                                                              \
        .kind = FRAME_ESS, .prefix = FRAME_PREFIX_UNKNOWN, .own = { size, big, stripped, counts }  \
    }
    {"be32", OWN(4, true, false, SETTINGS_COUNTS_REST)},
    {"le32, itself too", OWN(4, false, false, SETTINGS_COUNTS_ALL)},
    {"be16", OWN(2, true, false, SETTINGS_COUNTS_REST)},
    {"le16, itself too", OWN(2, false, false, SETTINGS_COUNTS_ALL)},
    {"DER", {.kind = FRAME_KERBEROS, .prefix = FRAME_PREFIX_UNKNOWN}},
    {"TLS", {.kind = FRAME_TLS, .prefix = FRAME_PREFIX_UNKNOWN}},
};

struct receiver {
    const char *name;
    const struct sealed *sealed;
    struct hold hold;
    bool bare;
    size_t got; /* blocks */
};

/* One read. Its blocks are the next ones of the stream; false without memory. */
static bool receive(struct receiver *to, const struct frame_rule *rule, struct span read)
{
    struct stream stream;
    struct stream_block block;
    enum stream_step step;

    stream_begin(&stream, rule, &to->hold, &to->bare, 1 << 20);
    stream_feed(&stream, FRAME_TOKEN_FIRST, span_head(read, NTLM_SIGNATURE), read, false);
    while ((step = stream_next(&stream, &block)) == STREAM_BLOCK || step == STREAM_LAST) {
        size_t at = to->sealed->start[to->got], n = to->sealed->end[to->got] - at;

        if (block.bytes.n != n || memcmp(block.bytes.at, to->sealed->bytes + at, n) != 0)
            fail_msg("%s: block %zu is another one, of %zu bytes", to->name, to->got,
                     block.bytes.n);
        to->got++;
        stream_spend(&stream, &block, span_head(block.bytes, 0));
        if (step == STREAM_LAST)
            return true;
    }
    if (step != STREAM_PARTIAL && step != STREAM_STARVED)
        fail_msg("%s: step %d after block %zu", to->name, step, to->got);
    return step == STREAM_PARTIAL;
}

static void in_reads_of(const struct framing *framing, size_t size, unsigned fail)
{
    struct sealed sealed = {.n = 0};
    struct receiver to = {.name = framing->name, .sealed = &sealed};
    bool fed = true;

    for (size_t i = 0; i < TEXTS; i++)
        seal(&sealed, &framing->rule, i);
    test_fail_memory(fail);
    for (size_t at = 0; at < sealed.n && fed; at += size) {
        size_t n = sealed.n - at < size ? sealed.n - at : size;

        fed = receive(&to, &framing->rule, test_guarded(sealed.bytes + at, n));
    }
    if (fed && to.got != TEXTS)
        fail_msg("%s: %zu blocks in reads of %zu", framing->name, to.got, size);
    assert_true(fed || fail);
    if (fed)
        assert_int_equal(to.hold.n, 0);
    hold_drop(&to.hold);
    test_memory_all_back();
}

static void blocks_come_whole_in_reads_of_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof framings / sizeof *framings; i++)
        for (size_t size = 1; size <= 900; size++)
            in_reads_of(&framings[i], size, 0);
}

static void without_memory_nothing_else_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof framings / sizeof *framings; i++)
        for (size_t size = 1; size <= 200; size += 7)
            for (unsigned fail = 1; fail <= 12; fail++)
                in_reads_of(&framings[i], size, fail);
}

static void a_length_past_the_limit_is_judged_with_its_header(void **state)
{
    const struct frame_rule *rule = &framings[0].rule;
    unsigned char bytes[30] = {0, 0x20, 0, 0, 1};
    struct span read = {bytes, sizeof bytes};
    struct stream_block block;
    struct stream stream;
    struct hold hold = {0};
    bool bare = false;

    (void)state;
    for (size_t cut = 0; cut <= 4; cut++) {
        struct span first = span_head(read, cut);

        if (cut)
            assert_true(hold_append(&hold, first));
        stream_begin(&stream, rule, &hold, &bare, 1 << 20);
        stream_feed(&stream, FRAME_TOKEN_FIRST, span_rest(read, cut), span_rest(read, cut), false);
        assert_int_equal(stream_next(&stream, &block), STREAM_FULL);
        stream_all(&stream, &block);
        assert_int_equal(block.kept, cut > 0);
        hold_drop(&hold);
    }
    test_memory_all_back();
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(blocks_come_whole_in_reads_of_every_size),
    cmocka_unit_test(without_memory_nothing_else_comes),
    cmocka_unit_test(a_length_past_the_limit_is_judged_with_its_header),
};

TEST_MAIN("stream", tests)
