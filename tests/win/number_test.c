/*
 * Number: the sequence numbers and qualities of protection that the provider and the caller see.
 * A caller that counts counts calls, the provider counts blocks: whatever was merged, split or
 * kept, the provider's numbers follow each other.
 */
#include "read.h"
#include "wire.h"

#define FIRST 5

static void numbers_follow_each_other(unsigned calls)
{
    assert_int_equal(fake_calls, calls);
    for (unsigned i = 0; i < calls; i++)
        assert_int_equal(fake_call[i].number, caller.number ? FIRST + i : 0);
}

static void be32_present(void)
{
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true};
}

/* Reads of `step` bytes each: merges, splits and text that waits, all in one. */
static void run(void **state, size_t step, enum caller_shape shape, ULONG first)
{
    wire_start(state);
    wire_caller(&wire, &caller, shape);
    caller.number = first;
    be32_present();
    for (unsigned i = 0; i < 12; i++)
        wire_seal(&wire, i * 5 % 19);
    for (size_t at = 0; at < wire.n; at += step)
        wire_present(&wire, &caller, at, at + step < wire.n ? at + step : wire.n);
    assert_int_equal(caller.status, SEC_E_OK);
    assert_memory_equal(caller.got, wire.text, caller.got_n);
    assert_int_equal(caller.got_n + wire_close(&wire), wire.text_n);
    numbers_follow_each_other(12);
}

static void number_0_stays_0_in_merges_and_splits(void **state)
{
    for (size_t step = 1; step < 200; step++) {
        run(state, step, CALLER_FIRST, 0);
        run(state, step, CALLER_STREAM, 0);
    }
}

static void a_counting_callers_numbers_follow_each_other(void **state)
{
    for (size_t step = 1; step < 200; step++) {
        run(state, step, CALLER_FIRST, FIRST);
        run(state, step, CALLER_STREAM, FIRST);
    }
}

static void each_merged_block_adds_one(void **state)
{
    static const unsigned blocks[] = {1, 3, 1, 2, 1, 20, 1};
    unsigned at = 0, k = 0;

    wire_start(state);
    caller.number = FIRST;
    while (wire.blocks < 29)
        wire_seal(&wire, wire.blocks % 4);
    for (unsigned i = 0; i < 7; i++) {
        k += blocks[i];
        wire_present(&wire, &caller, at, wire.ends[k - 1]);
        at = (unsigned)wire.ends[k - 1];
    }
    numbers_follow_each_other(29);
    wire_got(&wire, &caller, wire.text_n);
}

static void each_kept_piece_takes_one_away(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        wire_start(state);
        caller.number = FIRST;
        wire_seal(&wire, 20);
        wire_seal(&wire, 20);
        wire_present(&wire, &caller, 0, n);
        wire_present(&wire, &caller, n, wire.ends[0]);
        wire_present(&wire, &caller, wire.ends[0], wire.n);
        assert_int_equal(caller.number, FIRST + 3);
        numbers_follow_each_other(2);
    }
}

/* He who is told that the message is incomplete does not count the call. */
static void a_reported_piece_changes_nothing(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        wire_start(state);
        fake_settings.partial = SETTINGS_PARTIAL_REPORT;
        wire_seal(&wire, 20);
        wire_seal(&wire, 20);
        caller.number = FIRST;
        wire_present(&wire, &caller, 0, n);
        assert_int_equal(caller.status, SEC_E_INCOMPLETE_MESSAGE);
        caller.number = FIRST;
        wire_present(&wire, &caller, 0, wire.ends[0]);
        wire_present(&wire, &caller, wire.ends[0], wire.n);
        numbers_follow_each_other(2);
        wire_got(&wire, &caller, 40);
    }
}

static void untouched_calls_go_on_with_the_drift_and_verify_without(void **state)
{
    struct io *io;

    wire_start(state);
    wire_seal(&wire, 2);
    wire_seal(&wire, 2);
    wire_seal(&wire, 2);
    wire_seal(&wire, 2);
    caller.number = FIRST;
    wire_present(&wire, &caller, 0, wire.ends[2]);
    io = read_part(1, 16, wire.bytes + wire.ends[2], wire.n - wire.ends[2]);
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, FIRST + 1, NULL), SEC_E_OK);
    assert_ptr_equal(fake_call[3].desc, &io->desc);
    numbers_follow_each_other(4);
    assert_int_equal(shim_VerifySignature(&io->handle, &io->desc, FIRST + 2, NULL), SEC_E_OK);
    assert_int_equal(fake_call[0].number, FIRST + 2);
}

static void a_reborn_handle_counts_anew(void **state)
{
    wire_start(state);
    wire_seal(&wire, 2);
    wire_seal(&wire, 2);
    caller.number = FIRST;
    wire_present(&wire, &caller, 0, wire.n);
    fake_value = fake_handle(1);
    shim_ImportSecurityContextA(NULL, NULL, NULL, &fake_value);
    caller.number = 100;
    wire_seal(&wire, 2);
    wire_present(&wire, &caller, wire.ends[1], wire.n);
    assert_int_equal(fake_call[2].number, 100);
}

/* Three blocks, of which the first is cut at n (0: not at all); call `odd` says unencrypted. */
static void qop_of(void **state, size_t n, unsigned odd, ULONG want)
{
    wire_start(state);
    for (unsigned i = 0; i < 3; i++)
        wire_seal(&wire, 20);
    if (odd < 3)
        fake_qop[odd] = SECQOP_WRAP_NO_ENCRYPT;
    caller.wants_qop = true;
    caller.qop = 0x5A5A5A5A;
    wire_present(&wire, &caller, 0, n);
    assert_int_equal(caller.qop, 0x5A5A5A5A); /* nothing was unsealed yet */
    wire_present(&wire, &caller, n, wire.n);
    assert_int_equal(caller.qop, want);
    wire_got(&wire, &caller, 60);
}

static void one_unencrypted_block_speaks_for_all(void **state)
{
    for (size_t n = 0; n <= 15; n += 5) {
        qop_of(state, n, 3, 0);
        for (unsigned odd = 0; odd < 3; odd++)
            qop_of(state, n, odd, SECQOP_WRAP_NO_ENCRYPT);
    }
}

static void a_null_qop_stays_null_in_every_call(void **state)
{
    wire_start(state);
    be32_present();
    while (wire.blocks < 12)
        wire_seal(&wire, 9);
    for (size_t at = 0, step = 41; at < wire.n; at += step)
        wire_present(&wire, &caller, at, at + step < wire.n ? at + step : wire.n);
    assert_int_equal(fake_calls, 12);
    for (unsigned i = 0; i < 12; i++)
        assert_null(fake_call[i].qop);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, wire_start, wire_stop)
    TEST(number_0_stays_0_in_merges_and_splits),
    TEST(a_counting_callers_numbers_follow_each_other),
    TEST(each_merged_block_adds_one),
    TEST(each_kept_piece_takes_one_away),
    TEST(a_reported_piece_changes_nothing),
    TEST(untouched_calls_go_on_with_the_drift_and_verify_without),
    TEST(a_reborn_handle_counts_anew),
    TEST(one_unencrypted_block_speaks_for_all),
    TEST(a_null_qop_stays_null_in_every_call),
};

TEST_MAIN("number", tests)
