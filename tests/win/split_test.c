/*
 * Split: blocks that come in pieces, and what is kept of them between the calls (Partial=hold).
 */
#include "read.h"
#include "wire.h"

#define LETTERS 40

static void be32_present(void)
{
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true};
}

/* The piece is kept: no call of the provider, nothing written but DATA's length and memory. */
static void is_held(struct io *io)
{
    struct io asked = *io;
    size_t head = io->a[0].cbBuffer;
    unsigned calls = fake_calls;
    bool stream = io->a[0].BufferType == SECBUFFER_STREAM;

    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(fake_calls, calls);
    asked.a[1].cbBuffer = 0;
    if (stream)
        asked.a[1].pvBuffer = io->a[0].pvBuffer;
    else
        memset(asked.bytes + head, 0, io->n - head);
    assert_memory_equal(io->a, asked.a, sizeof io->a);
    assert_memory_equal(io->bytes, asked.bytes, sizeof io->bytes);
}

static void less_than_a_signature_is_kept_and_its_range_zeroed(void **state)
{
    for (size_t n = 1; n <= 15; n++)
        for (size_t token = 1; token <= n; token++) {
            wire_start(state);
            wire_seal(&wire, LETTERS);
            is_held(read_part(1, token, wire.bytes, n));
            assert_int_equal(wire_close(&wire), n);
            is_held(read_stream(1, wire.bytes, n));
            assert_int_equal(wire_close(&wire), n);
        }
}

static void a_split_block_arrives_less_what_has_no_room(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        struct sspishim_status before = caller_status();
        struct io *io;

        wire_start(state);
        wire_seal(&wire, LETTERS);
        is_held(read_part(1, 16, wire.bytes, n));
        io = read_part(1, 16, wire.bytes + n, wire.n - n);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_ptr_equal(io->a[1].pvBuffer, io->bytes + 16);
        assert_int_equal(io->a[1].cbBuffer, LETTERS - n);
        assert_memory_equal(io->bytes + 16, wire.text, LETTERS - n);
        assert_int_equal(fake_calls, 1);
        assert_int_equal(caller_status().split - before.split, 2);
        assert_int_equal(caller_status().held - before.held, 1);
        assert_int_equal(caller_status().pending - before.pending, 1);
        assert_int_equal(wire_close(&wire), n);
    }
}

static void a_later_merge_has_room_for_what_waits(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        wire_start(state);
        wire_seal(&wire, LETTERS);
        wire_seal(&wire, 3);
        wire_seal(&wire, 5);
        wire_present(&wire, &caller, 0, n);
        wire_present(&wire, &caller, n, wire.ends[0]);
        wire_got(&wire, &caller, LETTERS - n);
        wire_present(&wire, &caller, wire.ends[0], wire.n);
        wire_got(&wire, &caller, wire.text_n);
        assert_int_equal(fake_calls, 3);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void a_stream_gets_all_of_a_split_block_at_once(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        wire_start(state);
        wire_caller(&wire, &caller, CALLER_STREAM);
        wire_seal(&wire, LETTERS);
        wire_present(&wire, &caller, 0, n);
        wire_present(&wire, &caller, n, wire.n);
        wire_got(&wire, &caller, LETTERS);
        assert_int_equal(wire_close(&wire), 0);
    }
}

/* A split first block, then others in the same read, none of which is cut. */
static void a_read_may_complete_a_block_and_bring_more(void **state)
{
    for (unsigned shape = 0; shape < CALLER_SHAPES; shape++)
        for (size_t n = 1; n <= 15; n++) {
            if (shape == CALLER_LAST || shape == CALLER_APART)
                continue;
            wire_start(state);
            wire_caller(&wire, &caller, shape);
            for (unsigned i = 0; i < 4; i++)
                wire_seal(&wire, LETTERS + i);
            wire_present(&wire, &caller, 0, n);
            wire_present(&wire, &caller, n, wire.n);
            wire_got(&wire, &caller, wire.text_n);
            assert_int_equal(fake_calls, 4);
        }
}

static void of_known_length_every_two_cuts_are_told(void **state)
{
    for (size_t n = 1; n < 3 * (4 + 16) + 9; n++)
        for (size_t m = n + 1; m <= 3 * (4 + 16) + 9; m++) {
            wire_start(state);
            be32_present();
            wire_seal(&wire, 5);
            wire_seal(&wire, 0);
            wire_seal(&wire, 4);
            wire_fill(&wire, 8);
            wire_present(&wire, &caller, 0, n);
            wire_present(&wire, &caller, n, m);
            wire_present(&wire, &caller, m, wire.n);
            assert_int_equal(caller.status, SEC_E_OK);
            wire_got(&wire, &caller, wire.text_n);
            assert_int_equal(fake_calls, 8);
            assert_int_equal(wire_close(&wire), 0);
        }
}

static void a_known_tail_behind_a_block_is_kept_in_silence(void **state)
{
    for (size_t n = 1; n <= 4 + 16 + 6; n++) {
        struct io *io;

        wire_start(state);
        be32_present();
        wire_seal(&wire, LETTERS);
        wire_seal(&wire, 7);
        io = read_part(1, 16, wire.bytes, wire.ends[0] + n);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(io->a[1].cbBuffer, LETTERS);
        assert_memory_equal(io->bytes + 16, wire.text, LETTERS);
        read_zero_behind(io, LETTERS);
        assert_int_equal(fake_calls, 1);
        assert_int_equal(wire_close(&wire), n);
    }
}

static void a_reborn_handle_gets_nothing_that_was_kept(void **state)
{
    for (size_t n = 1; n <= 15; n++)
        for (int completed = 0; completed < 2; completed++) {
            struct sspishim_status before = caller_status();

            wire_start(state);
            wire_seal(&wire, LETTERS);
            wire_present(&wire, &caller, 0, n);
            if (completed)
                wire_present(&wire, &caller, n, wire.n);
            fake_value = fake_handle(1);
            assert_int_equal(shim_InitializeSecurityContextA(NULL, NULL, NULL, 0, 0, 0, NULL, 0,
                                                             &fake_value, NULL, NULL, NULL),
                             SEC_E_OK);
            assert_int_equal(caller_status().lost - before.lost, n);
            memset(&wire, 0, sizeof wire);
            wire.context = 1;
            fake[1].sealed = fake[1].unsealed = 0;
            fake[1].seal_at = fake[1].unseal_at = 0;
            wire_seal(&wire, 3);
            wire_seal(&wire, 4);
            caller.got_n = 0;
            wire_present(&wire, &caller, 0, wire.n);
            wire_got(&wire, &caller, 7);
        }
}

static void every_allocation_may_fail(void **state)
{
    for (unsigned fail = 1; fail < 12; fail++)
        for (size_t n = 1; n <= 15; n += 7) {
            wire_start(state);
            be32_present();
            for (unsigned i = 0; i < 6; i++)
                wire_seal(&wire, LETTERS);
            wire_fill(&wire, 9);
            test_fail_memory(fail);
            for (unsigned i = 0; i < 5 && caller.status == SEC_E_OK; i++)
                wire_present(&wire, &caller, i ? wire.ends[i - 1] + n : 0, wire.ends[i] + n);
            if (caller.status == SEC_E_OK)
                wire_present(&wire, &caller, wire.ends[4] + n, wire.n);
            assert_memory_equal(caller.got, wire.text, caller.got_n);
            if (caller.status == SEC_E_OK) {
                assert_int_equal(caller.got_n, wire.text_n);
                continue;
            }
            assert_int_equal(caller.status, SEC_E_INSUFFICIENT_MEMORY);
            wire_present(&wire, &caller, wire.ends[7], wire.n);
            assert_int_not_equal(caller.status, SEC_E_OK);
        }
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, wire_start, wire_stop)
    TEST(less_than_a_signature_is_kept_and_its_range_zeroed),
    TEST(a_split_block_arrives_less_what_has_no_room),
    TEST(a_later_merge_has_room_for_what_waits),
    TEST(a_stream_gets_all_of_a_split_block_at_once),
    TEST(a_read_may_complete_a_block_and_bring_more),
    TEST(of_known_length_every_two_cuts_are_told),
    TEST(a_known_tail_behind_a_block_is_kept_in_silence),
    TEST(a_reborn_handle_gets_nothing_that_was_kept),
    TEST(every_allocation_may_fail),
};

TEST_MAIN("split", tests)
