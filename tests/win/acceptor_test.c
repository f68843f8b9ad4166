/*
 * Acceptor: both ends of a connection, on streams that gss-ntlmssp sealed: the server's context,
 * born with the AUTHENTICATE message in its input, and the client's, with that in its output.
 */
#include "end.h"
#include "test.h"

static unsigned char bytes[1 << 16];

/* Reads of `many` blocks, behind a first one of fewer, so that they begin anywhere. */
static void grouped(struct end *end, unsigned many)
{
    for (unsigned first = 1; first <= many; first++) {
        unsigned at = 0, to = first;

        end_begin(end, 0);
        for (; at < end->blocks; at = to, to = at + many) {
            if (to > end->blocks)
                to = end->blocks;
            caller_present(end->caller, bytes, end_gather(end, at, to, bytes));
        }
        end_got(end, 0, end->blocks);
        assert_int_equal(fake_calls, end->blocks);
        assert_int_equal(fake_queries, 1); /* for the session key */
    }
}

static void each_end(void (*run)(struct end *), bool client)
{
    static const enum caller_shape shapes[] = {CALLER_FIRST, CALLER_STREAM};

    for (unsigned f = 0; f < END_FILES; f++)
        for (unsigned s = 0; s < 2; s++)
            for (unsigned p = 0; p < END_PREFIXES; p++) {
                struct end end = {.recording = recording_load(end_files[f]),
                                  .client = client,
                                  .prefix = (enum end_prefix)p,
                                  .shape = shapes[s]};

                run(&end);
            }
}

static void all_groupings(struct end *end)
{
    for (unsigned many = 1; many <= 20; many++)
        grouped(end, many);
}

/* Each block cut below its signature; the next one comes with its rest, and makes room for it. */
static void all_splits(struct end *end)
{
    end_begin(end, 0);
    for (unsigned from = 0; from + 1 < end->blocks; from++)
        for (size_t n = 1; n <= 15; n++) {
            size_t all;

            end_begin(end, from);
            all = end_gather(end, from, from + 2, bytes);
            caller_present(end->caller, bytes, n);
            assert_int_equal(end->caller->status, SEC_E_OK);
            assert_int_equal(fake_calls, 0);
            caller_present(end->caller, bytes + n, all - n);
            end_got(end, from, from + 2);
        }
}

static void merges_arrive_at_the_server(void **state)
{
    (void)state;
    each_end(all_groupings, false);
}

static void merges_arrive_at_the_client(void **state)
{
    (void)state;
    each_end(all_groupings, true);
}

static void splits_arrive_at_the_server(void **state)
{
    (void)state;
    each_end(all_splits, false);
}

static void splits_arrive_at_the_client(void **state)
{
    (void)state;
    each_end(all_splits, true);
}

static void a_block_of_the_other_direction_is_refused(void **state)
{
    struct end end = {.recording = recording_load(end_files[0])}, other = end;
    size_t n;

    (void)state;
    other.client = true;
    end_begin(&other, 0);
    end_begin(&end, 0);
    n = end_gather(&other, 0, 1, bytes);
    caller_present(end.caller, bytes, n);
    assert_int_equal(end.caller->status, SEC_E_MESSAGE_ALTERED);
    n = end_gather(&end, 0, 1, bytes);
    caller_present(end.caller, bytes, n);
    assert_int_equal(end.caller->status, SEC_E_MESSAGE_ALTERED);
    assert_int_equal(end.caller->got_n, 0);
}

static int stop(void **state)
{
    (void)state;
    fake_reset(FAKE_ESS);
    test_memory_all_back();
    return 0;
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, stop)
    TEST(merges_arrive_at_the_server),
    TEST(merges_arrive_at_the_client),
    TEST(splits_arrive_at_the_server),
    TEST(splits_arrive_at_the_client),
    TEST(a_block_of_the_other_direction_is_refused),
};

TEST_MAIN("acceptor", tests)
