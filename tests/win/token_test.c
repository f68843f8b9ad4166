/*
 * Token: those of Kerberos, of RFC 4121 (plain and DCE style) and of RFC 1964, merged and split.
 */
#include "fake_krb.h"
#include "read.h"
#include "wire.h"

#define FIRST   ((ULONGLONG)0x1122334455667788)
#define LETTERS 100

static void merges_arrive(enum fake_krb_kind kind, enum caller_shape shape, ULONGLONG number)
{
    for (unsigned blocks = 2; blocks <= 20; blocks++) {
        wire_kerberos(&wire, &caller, kind, shape, number);
        wire_seal(&wire, 3);
        for (unsigned i = 0; i < blocks; i++)
            wire_seal(&wire, 1 + i * 53 % 331);
        wire_seal(&wire, 7);
        wire_present(&wire, &caller, 0, wire.ends[0]);
        wire_present(&wire, &caller, wire.ends[0], wire.ends[blocks]);
        wire_present(&wire, &caller, wire.ends[blocks], wire.n);
        assert_int_equal(caller.status, SEC_E_OK);
        wire_got(&wire, &caller, wire.text_n);
        assert_int_equal(fake_calls, blocks + 2);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void merges_arrive_in_every_kind_and_shape(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < FAKE_KRB_KINDS; kind++)
        for (unsigned shape = 0; shape < CALLER_SHAPES; shape++)
            if (kind < FAKE_KRB_DER || (shape != CALLER_APART && shape != CALLER_LAST))
                merges_arrive(kind, shape, FIRST);
}

static void the_first_number_may_be_any_and_wrap(void **state)
{
    static const ULONGLONG numbers[] = {
        0,     1,     0x7FFFFFFF, 0xFFFFFFFE,  0xFFFFFFFF,           ~7ull,
        ~1ull, ~0ull, 1ull << 63, 0xFFFFFFull, 0x0504020304050607ull};

    (void)state;
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        merges_arrive(FAKE_KRB_4121, CALLER_FIRST, numbers[i]);
        merges_arrive(FAKE_KRB_DCE, CALLER_LAST, numbers[i]);
    }
}

/* A block that tells the token's size, one that is cut at n, and one with room for the rest. */
static void less_than_the_token_is_kept(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind <= FAKE_KRB_DCE; kind++)
        for (size_t n = 1; n < fake_krb_token(kind, 0); n++) {
            wire_kerberos(&wire, &caller, kind, CALLER_FIRST, FIRST);
            wire_seal(&wire, 1);
            wire_seal(&wire, LETTERS);
            wire_fill(&wire, 4);
            wire_present(&wire, &caller, 0, wire.ends[0]);
            wire_present(&wire, &caller, wire.ends[0], wire.ends[0] + n);
            wire_got(&wire, &caller, 1);
            wire_present(&wire, &caller, wire.ends[0] + n, wire.ends[1]);
            wire_got(&wire, &caller, 1 + LETTERS - n);
            wire_present(&wire, &caller, wire.ends[1], wire.n);
            assert_int_equal(caller.status, SEC_E_OK);
            wire_got(&wire, &caller, wire.text_n);
            assert_int_equal(fake_calls, 4);
            assert_int_equal(wire_close(&wire), 0);
        }
}

static void der_is_told_at_every_two_cuts(void **state)
{
    static const size_t texts[] = {1, 5, LETTERS, 300};

    (void)state;
    for (unsigned t = 1; t < 4; t++)
        for (size_t n = 1; n < 700; n++) {
            enum caller_shape shape = n % 2 ? CALLER_FIRST : CALLER_STREAM;
            size_t m;

            wire_kerberos(&wire, &caller, FAKE_KRB_DER, shape, FIRST);
            wire_seal(&wire, texts[t]);
            wire_seal(&wire, texts[t - 1] + 1);
            wire_fill(&wire, 16);
            if (n >= wire.ends[1])
                break;
            m = n + 1 + n * 7 % 90;
            wire_present(&wire, &caller, 0, n);
            wire_present(&wire, &caller, n, m);
            wire_present(&wire, &caller, m, wire.n);
            assert_int_equal(caller.status, SEC_E_OK);
            wire_got(&wire, &caller, wire.text_n);
            assert_int_equal(fake_calls, 16);
        }
}

static void tokens_that_are_only_signed_are_one_block(void **state)
{
    struct io *io;

    (void)state;
    wire_kerberos(&wire, &caller, FAKE_KRB_4121, CALLER_FIRST, FIRST);
    wire_seal(&wire, LETTERS);
    wire_seal(&wire, LETTERS);
    wire.bytes[2] &= ~2;
    wire.bytes[wire.ends[0] + 2] &= ~2;
    io = read_part(1, wire.token, wire.bytes, wire.n);
    assert_int_equal(read_unseal(io), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(fake_calls, 1);
    assert_ptr_equal(fake_call[0].desc, &io->desc);
    io = read_part(1, 16, wire.bytes, 12); /* nor is there a piece of one */
    assert_int_equal(read_unseal(io), SEC_E_INVALID_TOKEN);
    assert_int_equal(fake_calls, 2);
    assert_ptr_equal(fake_call[1].desc, &io->desc);
}

/*
 * Blocks 0 and 1, a forged block 2, and block 2 itself only in the next call. `again`: the caller
 * presents that once more after the refusal.
 */
static void forged_behind_good(enum fake_krb_kind kind, bool again)
{
    wire_kerberos(&wire, &caller, kind, CALLER_FIRST, FIRST);
    for (unsigned i = 0; i < 4; i++)
        wire_seal(&wire, LETTERS);
    wire_fill(&wire, 8);
    wire.bytes[wire.ends[1] + wire.token + 2] ^= 1;
    wire_present(&wire, &caller, 0, wire.ends[2]);
    wire.bytes[wire.ends[1] + wire.token + 2] ^= 1;
    assert_int_equal(caller.status, SEC_E_OK);
    wire_got(&wire, &caller, 2 * LETTERS);
    wire_present(&wire, &caller, wire.ends[1], wire.ends[2]);
    assert_int_equal(caller.status, SEC_E_MESSAGE_ALTERED);
    assert_int_equal(fake_calls, 3);
    if (again)
        wire_present(&wire, &caller, wire.ends[1], wire.ends[2]);
    wire_present(&wire, &caller, wire.ends[2], wire.n);
    assert_int_equal(caller.status, SEC_E_OK);
    wire_got(&wire, &caller, wire.text_n);
    assert_int_equal(fake_calls, 9);
    assert_int_equal(wire_close(&wire), 0);
}

static void a_refusal_behind_good_blocks_is_told_once_and_nothing_is_lost(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < FAKE_KRB_KINDS; kind++) {
        forged_behind_good(kind, false);
        forged_behind_good(kind, true);
    }
}

/* Block 2 is altered for good, and so 3 comes out of sequence; the others are not to suffer. */
static void each_refusal_is_told_and_costs_its_own_block_alone(void **state)
{
    static const SECURITY_STATUS want[] = {SEC_E_OK, SEC_E_MESSAGE_ALTERED, SEC_E_OUT_OF_SEQUENCE,
                                           SEC_E_OK, SEC_E_OK};

    (void)state;
    for (unsigned kind = 0; kind < FAKE_KRB_KINDS; kind++) {
        size_t at = 0;

        wire_kerberos(&wire, &caller, kind, CALLER_FIRST, FIRST);
        for (unsigned i = 0; i < 7; i++)
            wire_seal(&wire, LETTERS);
        wire_fill(&wire, 16);
        wire.bytes[wire.ends[1] + wire.token + 2] ^= 1;
        for (unsigned call = 0; call < 5; call++) {
            size_t to = call == 4 ? wire.n : wire.ends[3 + call];

            wire_present(&wire, &caller, at, to);
            assert_int_equal(caller.status, want[call]);
            at = to;
        }
        assert_int_equal(caller.got_n, wire.text_n - 2 * LETTERS);
        assert_memory_equal(caller.got, wire.text, 2 * LETTERS);
        assert_memory_equal(caller.got + 2 * LETTERS, wire.text + 4 * LETTERS,
                            caller.got_n - 2 * LETTERS);
    }
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, wire_stop)
    TEST(merges_arrive_in_every_kind_and_shape),
    TEST(the_first_number_may_be_any_and_wrap),
    TEST(less_than_the_token_is_kept),
    TEST(der_is_told_at_every_two_cuts),
    TEST(tokens_that_are_only_signed_are_one_block),
    TEST(a_refusal_behind_good_blocks_is_told_once_and_nothing_is_lost),
    TEST(each_refusal_is_told_and_costs_its_own_block_alone),
};

TEST_MAIN("token", tests)
