/*
 * Report: callers to whom a message in pieces is called incomplete (Partial=report).
 */
#include "fake_krb.h"
#include "read.h"
#include "wire.h"

#define LETTERS 40

static int start(void **state)
{
    wire_start(state);
    fake_settings.partial = SETTINGS_PARTIAL_REPORT;
    return 0;
}

static void start_be32(void **state)
{
    start(state);
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true};
    wire_seal(&wire, LETTERS);
}

static void start_der(void **state)
{
    start(state);
    fake_krb_install(1, FAKE_KRB_DER, 9);
    wire.seal = fake_krb_seal;
    wire_seal(&wire, LETTERS);
}

/* Incomplete, all as it was; a slot (missing is not 0) tells how many bytes are missing. */
static void is_reported(struct io *io, ULONG missing)
{
    struct io asked = *io;
    unsigned calls = fake_calls;

    if (missing) {
        asked.desc.cBuffers = io->desc.cBuffers = 3;
        asked.a[2] = (SecBuffer){missing, SECBUFFER_MISSING, NULL};
    }
    assert_int_equal(read_unseal(io), SEC_E_INCOMPLETE_MESSAGE);
    assert_int_equal(fake_calls, calls);
    assert_memory_equal(io, &asked, sizeof asked);
}

/* All of the wire's texts, in one read. */
static void arrives(struct io *io)
{
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(io->a[1].cbBuffer, wire.text_n);
    assert_memory_equal(io->a[1].pvBuffer, wire.text, wire.text_n);
}

static void a_piece_is_incomplete_and_left_as_it_was(void **state)
{
    for (ULONG slot = 0; slot < 2; slot++)
        for (size_t n = 1; n <= 15; n++) {
            start(state);
            wire_seal(&wire, LETTERS);
            is_reported(read_part(1, 7, wire.bytes, n), slot);
            assert_int_equal(wire_close(&wire), n);
            is_reported(read_stream(1, wire.bytes, n), slot);
        }
}

static void missing_is_the_true_count_where_a_prefix_tells(void **state)
{
    for (size_t n = 1; n < 4 + 16 + LETTERS; n++) {
        start_be32(state);
        is_reported(read_part(1, 16, wire.bytes, n), n < 4 ? 1 : (ULONG)(wire.n - n));
    }
}

static void missing_is_the_true_count_where_der_tells(void **state)
{
    const size_t header = 2 + 13; /* with the mechanism and the kind of token */

    start_der(state);
    for (size_t n = 1; n < wire.n; n++) {
        start_der(state);
        is_reported(read_part(1, 45, wire.bytes, n), n < header ? 1 : (ULONG)(wire.n - n));
    }
}

static void presented_again_elsewhere_it_is_taken_once(void **state)
{
    for (size_t n = 1; n < 4 + 16 + LETTERS; n++) {
        start_be32(state);
        is_reported(read_part(1, 16, wire.bytes, n), 0);
        arrives(read_part(1, 16, wire.bytes, wire.n));
        assert_int_equal(fake_calls, 1);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void presented_again_and_longer_each_time_it_is_taken_once(void **state)
{
    for (size_t step = 1; step < 30; step++) {
        start_be32(state);
        for (size_t n = step; n < wire.n; n += step)
            is_reported(read_part(1, 16, wire.bytes, n), 0);
        arrives(read_part(1, 16, wire.bytes, wire.n));
        assert_int_equal(fake_calls, 1);
        start_der(state);
        for (size_t n = step; n < wire.n; n += step)
            is_reported(read_part(1, 45, wire.bytes, n), 0);
        arrives(read_part(1, 45, wire.bytes, wire.n));
        assert_int_equal(fake_calls, 1);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void a_block_alone_presented_again_goes_on_untouched(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        struct io *io;

        start(state);
        wire_seal(&wire, LETTERS);
        is_reported(read_part(1, 16, wire.bytes, n), 0);
        io = read_part(1, 16, wire.bytes, wire.n);
        arrives(io);
        assert_ptr_equal(fake_call[0].desc, &io->desc);
    }
}

/* The pieces do not begin alike here: the first bytes of a prefix do, and have their own row. */
static void new_bytes_alone_complete_the_block(void **state)
{
    for (size_t n = 4; n < 4 + 16 + LETTERS; n++)
        for (size_t m = n + 1; m <= 4 + 16 + LETTERS; m++) {
            start_be32(state);
            if (wire.bytes[n] == 0 || (m < wire.n && wire.bytes[m] == 0))
                continue;
            wire_fill(&wire, 6);
            is_reported(read_part(1, 16, wire.bytes, n), 0);
            if (m < wire.ends[0])
                is_reported(read_part(1, 16, wire.bytes + n, m - n), 0);
            else
                m = n;
            wire_present(&wire, &caller, m, wire.n);
            assert_int_equal(caller.status, SEC_E_OK);
            wire_got(&wire, &caller, LETTERS);
            assert_int_equal(fake_calls, 6);
            if (m == n)
                break;
        }
}

/* A piece of zeroes, then more of them: the same ones, or the next? */
static void few_bytes_alike_are_the_same_until_new_ones_were_seen(void **state)
{
    for (int seen = 0; seen < 2; seen++) {
        start_be32(state);
        wire_fill(&wire, 4); /* room for what waits */
        wire_seal(&wire, 3);
        wire_fill(&wire, 9);
        is_reported(read_part(1, 16, wire.bytes, 20), 0);
        wire_present(&wire, &caller, seen ? 20 : 0, wire.ends[3]);
        wire_got(&wire, &caller, LETTERS);
        is_reported(read_part(1, 16, wire.bytes + wire.ends[3], 1), 0);
        /* Not having seen it, the shim waits for the length that it sees: in vain. */
        wire_present(&wire, &caller, wire.ends[3] + 1, wire.n);
        assert_memory_equal(caller.got, wire.text, caller.got_n);
        assert_int_equal(caller.got_n == wire.text_n, seen);
        assert_int_equal(caller.status == SEC_E_OK, seen);
        start_be32(state);
        is_reported(read_part(1, 16, wire.bytes, 2), 0);
        is_reported(read_part(1, 16, wire.bytes, 3), 0);
        arrives(read_part(1, 16, wire.bytes, wire.n));
    }
}

static void a_slot_that_still_says_missing_may_be_used_again(void **state)
{
    SecBuffer said;
    struct io *io;

    start_be32(state);
    io = read_part(1, 16, wire.bytes, 10);
    is_reported(io, (ULONG)wire.n - 10);
    said = io->a[2];
    io = read_part(1, 16, wire.bytes, 22);
    io->a[2] = said;
    is_reported(io, (ULONG)wire.n - 22);
    said = io->a[2];
    io = read_part(1, 16, wire.bytes, wire.n);
    io->a[2] = said;
    io->desc.cBuffers = 3;
    arrives(io);
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EMPTY);
    assert_int_equal(io->a[2].cbBuffer, 0);
    assert_int_equal(fake_calls, 1);
}

static void a_tail_behind_a_text_is_kept_or_left_in_a_slot(void **state)
{
    for (int slot = 0; slot < 2; slot++)
        for (size_t n = 1; n < 4 + 16 + 6; n++) {
            struct io *io;

            start_be32(state);
            wire_seal(&wire, 6);
            io = read_part(1, 16, wire.bytes, wire.ends[0] + n);
            io->desc.cBuffers = slot ? 3 : 2;
            assert_int_equal(read_unseal(io), SEC_E_OK);
            assert_int_equal(io->a[1].cbBuffer, LETTERS);
            assert_memory_equal(io->bytes + 16, wire.text, LETTERS);
            if (!slot) {
                read_zero_behind(io, LETTERS);
                wire_fill(&wire, 4);
                wire_present(&wire, &caller, wire.ends[0] + n, wire.n);
                assert_memory_equal(caller.got, wire.text + LETTERS, 6);
                assert_int_equal(caller.got_n, 6);
                continue;
            }
            assert_int_equal(io->a[2].BufferType, SECBUFFER_EXTRA);
            assert_ptr_equal(io->a[2].pvBuffer, io->bytes + wire.ends[0]);
            assert_int_equal(io->a[2].cbBuffer, n);
            assert_memory_equal(io->a[2].pvBuffer, wire.bytes + wire.ends[0], n);
            io = read_part(1, 16, wire.bytes + wire.ends[0], n);
            is_reported(io, n < 4 ? 1 : (ULONG)(wire.n - wire.ends[0] - n));
            io = read_part(1, 16, wire.bytes + wire.ends[0], wire.n - wire.ends[0]);
            assert_int_equal(read_unseal(io), SEC_E_OK);
            assert_int_equal(io->a[1].cbBuffer, 6);
            assert_memory_equal(io->bytes + 16, wire.text + LETTERS, 6);
            assert_int_equal(fake_calls, 2);
        }
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, wire_stop)
    TEST(a_piece_is_incomplete_and_left_as_it_was),
    TEST(missing_is_the_true_count_where_a_prefix_tells),
    TEST(missing_is_the_true_count_where_der_tells),
    TEST(presented_again_elsewhere_it_is_taken_once),
    TEST(presented_again_and_longer_each_time_it_is_taken_once),
    TEST(a_block_alone_presented_again_goes_on_untouched),
    TEST(new_bytes_alone_complete_the_block),
    TEST(few_bytes_alike_are_the_same_until_new_ones_were_seen),
    TEST(a_slot_that_still_says_missing_may_be_used_again),
    TEST(a_tail_behind_a_text_is_kept_or_left_in_a_slot),
};

TEST_MAIN("report", tests)
