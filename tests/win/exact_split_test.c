/*
 * Exact splits: streams that gss-ntlmssp sealed, cut anywhere, at both ends, where the provider
 * gives the session key. What each read has to deliver is worked out from the cuts alone: all texts
 * that have come whole, in order, as far as its memory goes.
 */
#include "end.h"
#include "test.h"

static unsigned char bytes[1 << 17], texts[1 << 17];

/* What a program of this shape should have got so far. */
struct due {
    size_t come;      /* texts that have come whole */
    size_t delivered; /* of their bytes */
};

static size_t room_of(const struct end *end, size_t n)
{
    if (end->shape == CALLER_STREAM)
        return n;
    return n < 16 ? 0 : n - 16;
}

/* Presents a read that brings the texts up to `come`. */
static void present(struct end *end, struct due *due, const unsigned char *at, size_t n,
                    size_t come)
{
    size_t waits, room = room_of(end, n);

    caller_present(end->caller, at, n);
    assert_int_equal(end->caller->status, SEC_E_OK);
    due->come = come;
    waits = due->come - due->delivered;
    due->delivered += waits < room ? waits : room;
    assert_int_equal(end->caller->got_n, due->delivered);
}

/* All texts, one behind the other. */
static size_t gather_texts(const struct end *end, size_t upto[RECORDING_BLOCKS])
{
    size_t n = 0;

    for (unsigned i = 0; i < end->blocks; i++) {
        struct span text = end_text(end, i);

        if (text.n)
            memcpy(texts + n, text.at, text.n);
        upto[i] = n += text.n;
    }
    return n;
}

/* At the end: what was got is right, and what is lost is what could not be delivered. */
static void close_end(struct end *end, const struct due *due)
{
    ULONG lost = caller_status().lost;
    CtxtHandle handle = end->caller->handle;

    assert_memory_equal(end->caller->got, texts, due->delivered);
    shim_DeleteSecurityContext(&handle);
    assert_int_equal(caller_status().lost - lost, due->come - due->delivered);
}

/* Every block comes in two reads, cut behind its byte `cut`, or whole if it is shorter. */
static void cut_at(struct end *end, size_t cut)
{
    size_t upto[RECORDING_BLOCKS], all;
    struct due due = {0};

    end_begin(end, 0);
    all = gather_texts(end, upto);
    for (unsigned i = 0; i < end->blocks; i++) {
        struct span sealed = end_sealed(end, i);
        bool whole = cut >= sealed.n;

        end_send(end, i);
        if (!whole)
            present(end, &due, sealed.at, cut, i ? upto[i - 1] : 0);
        present(end, &due, sealed.at + (whole ? 0 : cut), whole ? sealed.n : sealed.n - cut,
                upto[i]);
    }
    assert_int_equal(due.come, all);
    assert_int_equal(fake_calls, end->blocks);
    close_end(end, &due);
}

static void each_end(void (*run)(struct end *), bool client)
{
    for (unsigned i = 0; i < 2 * END_FILES; i++) {
        struct end end = {.recording = recording_load(end_files[i / 2]),
                          .client = client,
                          .keyed = true,
                          .shape = i % 2 ? CALLER_STREAM : CALLER_FIRST};

        run(&end);
    }
}

/* All cuts of short blocks; of long ones the beginning, and then some. */
static void all_cuts(struct end *end)
{
    size_t longest = 0;

    end_begin(end, 0);
    for (unsigned i = 0; i < end->blocks; i++)
        if (end_sealed(end, i).n > longest)
            longest = end_sealed(end, i).n;
    for (size_t cut = 1; cut < longest; cut += cut < 80 ? 1 : 97)
        cut_at(end, cut);
}

static void every_cut_at_the_server(void **state)
{
    (void)state;
    each_end(all_cuts, false);
}

static void every_cut_at_the_client(void **state)
{
    (void)state;
    each_end(all_cuts, true);
}

/* The texts that have come whole with the first n bytes of the stream. */
static size_t come_with(const struct end *end, const size_t *upto, size_t n)
{
    size_t at = 0, come = 0;

    for (unsigned i = 0; i < end->blocks; i++) {
        at += end_sealed(end, i).n;
        if (at > n)
            break;
        come = upto[i];
    }
    return come;
}

/* The whole stream in reads of this size, whatever is in them. */
static void in_reads_of(struct end *end, size_t size)
{
    size_t upto[RECORDING_BLOCKS], all;
    struct due due = {0};

    end_begin(end, 0);
    gather_texts(end, upto);
    all = end_gather(end, 0, end->blocks, bytes);
    for (size_t at = 0; at < all; at += size) {
        size_t n = all - at < size ? all - at : size;

        present(end, &due, bytes + at, n, come_with(end, upto, at + n));
    }
    assert_int_equal(fake_calls, end->blocks);
    close_end(end, &due);
}

/* Without extended session security no end may send as it likes: nothing is sent in between. */
static void in_all_reads(struct end *end)
{
    static const size_t sizes[] = {1, 2, 7, 15, 16, 17, 33, 50, 101, 512, 1460, 4096};

    if (end->recording->flags & 0x80000)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            in_reads_of(end, sizes[i]);
}

static void reads_of_every_size_at_the_server(void **state)
{
    (void)state;
    each_end(in_all_reads, false);
}

static void reads_of_every_size_at_the_client(void **state)
{
    (void)state;
    each_end(in_all_reads, true);
}

/* Blocks that come whole, or joined, need no memory. */
static void whole(struct end *end)
{
    end_begin(end, 0);
    test_fail_memory(0);
    for (unsigned i = 0; i < end->blocks; i++) {
        struct span sealed = end_sealed(end, i);

        end_send(end, i);
        caller_present(end->caller, sealed.at, sealed.n);
    }
    end_got(end, 0, end->blocks);
    assert_int_equal(test_memory_asked(), 0);
}

static void whole_blocks_need_no_memory(void **state)
{
    (void)state;
    each_end(whole, false);
    each_end(whole, true);
}

/* So that nothing above passes for another reason. */
static void without_the_key_a_cut_is_the_end(struct end *end)
{
    struct span sealed;

    end->keyed = false;
    end_begin(end, 0);
    sealed = end_sealed(end, 0);
    end_send(end, 0);
    caller_present(end->caller, sealed.at, 20);
    assert_int_equal(end->caller->status, SEC_E_MESSAGE_ALTERED);
    end->keyed = true;
    end_begin(end, 0);
    fake_settings.exact = false;
    end->caller->handle = end_connect(end);
    end_send(end, 0);
    caller_present(end->caller, sealed.at, 20);
    assert_int_equal(end->caller->status, SEC_E_MESSAGE_ALTERED);
}

static void only_the_key_helps(void **state)
{
    (void)state;
    each_end(without_the_key_a_cut_is_the_end, true);
}

/* A flipped bit: held, as it looks like a part; and refused as soon as the next block shows. */
static void altered(struct end *end)
{
    struct span first, second;
    struct sspishim_status before;

    end_begin(end, 0);
    before = caller_status();
    first = end_sealed(end, 0);
    second = end_sealed(end, 1);
    memcpy(bytes, first.at, first.n);
    bytes[16] ^= 4;
    end_send(end, 0);
    caller_present(end->caller, bytes, first.n);
    assert_int_equal(end->caller->status, SEC_E_OK);
    assert_int_equal(end->caller->got_n, 0);
    caller_present(end->caller, second.at, second.n);
    assert_int_equal(end->caller->status, SEC_E_MESSAGE_ALTERED);
    caller_present(end->caller, second.at, second.n);
    assert_int_equal(end->caller->status, SEC_E_MESSAGE_ALTERED);
    assert_int_equal(end->caller->got_n, 0);
    assert_int_equal(fake_calls, 1);
    assert_int_equal(caller_status().retired - before.retired, 1);
}

static void an_altered_block_is_refused_when_the_next_one_comes(void **state)
{
    (void)state;
    each_end(altered, false);
    each_end(altered, true);
}

/* More than may be kept: all of it goes to the provider as one block, as it would have before. */
static void too_long(struct end *end)
{
    struct span sealed;

    end_begin(end, 0);
    fake_settings.max_held = 20;
    sealed = end_sealed(end, 0);
    assert_true(sealed.n > 30);
    end_send(end, 0);
    caller_present(end->caller, sealed.at, 18);
    assert_int_equal(end->caller->status, SEC_E_OK);
    caller_present(end->caller, sealed.at + 18, sealed.n - 18);
    assert_int_equal(end->caller->status, SEC_E_MESSAGE_ALTERED);
}

static void past_the_cap_nothing_is_told_apart(void **state)
{
    (void)state;
    each_end(too_long, true);
}

static int stop(void **state)
{
    (void)state;
    fake_reset(FAKE_ESS);
    assert_int_equal(fake_lent, 0);
    test_memory_all_back();
    return 0;
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, stop)
    TEST(every_cut_at_the_server),
    TEST(every_cut_at_the_client),
    TEST(reads_of_every_size_at_the_server),
    TEST(reads_of_every_size_at_the_client),
    TEST(whole_blocks_need_no_memory),
    TEST(only_the_key_helps),
    TEST(an_altered_block_is_refused_when_the_next_one_comes),
    TEST(past_the_cap_nothing_is_told_apart),
};

TEST_MAIN("exact_split", tests)
