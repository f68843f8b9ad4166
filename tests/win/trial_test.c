/*
 * Trial: Kerberos with KerberosTrial=1, where the last block of a read is tried from a copy.
 */
#include "read.h"
#include "wire.h"

#define FIRST   ((ULONGLONG)0x1122334455667788)
#define LETTERS 90

static void begin(enum fake_krb_kind kind, enum caller_shape shape)
{
    wire_kerberos(&wire, &caller, kind, shape, FIRST);
    fake_settings.kerberos_trial = true;
}

/* A block that tells the token's size, then three, cut at n and m, then room for what waits. */
static void cut_at(enum fake_krb_kind kind, enum caller_shape shape, size_t n, size_t m)
{
    size_t at;

    begin(kind, shape);
    wire_seal(&wire, 2);
    wire_seal(&wire, LETTERS);
    wire_seal(&wire, 30);
    wire_seal(&wire, 61);
    wire_fill(&wire, 8);
    at = wire.ends[0];
    wire_present(&wire, &caller, 0, at);
    wire_present(&wire, &caller, at, at + n);
    if (m > n)
        wire_present(&wire, &caller, at + n, at + m);
    else
        m = n;
    wire_present(&wire, &caller, at + m, wire.n);
    if (caller.status || caller.got_n != wire.text_n)
        print_message("kind %d shape %d cuts %u %u\n", kind, shape, (unsigned)n, (unsigned)m);
    assert_int_equal(caller.status, SEC_E_OK);
    wire_got(&wire, &caller, wire.text_n);
    assert_int_equal(wire_close(&wire), 0);
}

static void every_cut_is_told(enum caller_shape shape, size_t token)
{
    for (unsigned kind = 0; kind <= FAKE_KRB_DCE; kind++)
        for (size_t n = 1; n < 3 * token + LETTERS + 91; n++) {
            cut_at(kind, shape, n, 0);
            cut_at(kind, shape, n, n + 1 + n * 7 % 90);
        }
}

static void a_cut_anywhere_is_told_token_first(void **state)
{
    (void)state;
    every_cut_is_told(CALLER_FIRST, 60);
}

static void a_cut_anywhere_is_told_in_a_stream(void **state)
{
    (void)state;
    every_cut_is_told(CALLER_STREAM, 60);
}

/* What a provider may do to what it refuses. */
static void spoil(void)
{
    const SecBuffer *data = &fake_call[fake_calls - 1].before[1];

    memset(data->pvBuffer, 0x55, data->cbBuffer);
}

static void a_refused_trial_leaves_the_callers_memory(void **state)
{
    (void)state;
    for (size_t n = 61; n < 60 + LETTERS; n++) {
        struct io *io, asked;

        begin(FAKE_KRB_4121, CALLER_FIRST);
        fake_settings.partial = SETTINGS_PARTIAL_REPORT;
        wire_seal(&wire, LETTERS);
        io = read_part(1, 60, wire.bytes, n);
        asked = *io;
        fake_during = spoil;
        assert_int_equal(read_unseal(io), SEC_E_INCOMPLETE_MESSAGE);
        assert_memory_equal(io, &asked, sizeof asked);
        assert_int_equal(fake_calls, 1);
        fake_during = NULL;
        io = read_part(1, 60, wire.bytes, wire.n);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(io->a[1].cbBuffer, LETTERS);
        assert_memory_equal(io->bytes + 60, wire.text, LETTERS);
    }
}

static void a_trial_that_is_no_refusal_of_pieces_is_not_kept(void **state)
{
    static const SECURITY_STATUS said[] = {SEC_E_OUT_OF_SEQUENCE, SEC_E_CONTEXT_EXPIRED};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct io *io;

        begin(FAKE_KRB_4121, CALLER_FIRST);
        wire_seal(&wire, LETTERS);
        fake_says[0] = said[i];
        io = read_part(1, 60, wire.bytes, wire.n);
        assert_int_equal(read_unseal(io), said[i]);
        assert_int_equal(fake_calls, 1);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void a_kept_piece_and_its_rest_count_once(void **state)
{
    struct io *io;

    (void)state;
    begin(FAKE_KRB_4121, CALLER_FIRST);
    wire_seal(&wire, LETTERS);
    io = read_part(1, 60, wire.bytes, 100);
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, 5, NULL), SEC_E_OK);
    assert_int_equal(io->a[1].cbBuffer, 0);
    io = read_part(1, 30, wire.bytes + 100, wire.n - 100);
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, 6, NULL), SEC_E_OK);
    assert_int_equal(fake_call[1].number, 5);
    assert_int_equal(fake_calls, 2);
    assert_int_equal(io->a[1].cbBuffer, 20);
    assert_int_equal(wire_close(&wire), LETTERS - 20);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, wire_stop)
    TEST(a_cut_anywhere_is_told_token_first),
    TEST(a_cut_anywhere_is_told_in_a_stream),
    TEST(a_refused_trial_leaves_the_callers_memory),
    TEST(a_trial_that_is_no_refusal_of_pieces_is_not_kept),
    TEST(a_kept_piece_and_its_rest_count_once),
};

TEST_MAIN("trial", tests)
