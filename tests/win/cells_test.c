/*
 * Cells: those of docs/callers.md that no other suite shows.
 */
#include "read.h"
#include "wire.h"

#define LETTERS 40

static void token_last_in_pieces_comes_late(void **state)
{
    for (size_t n = 1; n < LETTERS + 16; n++) {
        wire_start(state);
        fake[1].token_last = true;
        wire_caller(&wire, &caller, CALLER_LAST);
        for (unsigned i = 0; i < 4; i++)
            wire_seal(&wire, LETTERS);
        wire_fill(&wire, 9);
        wire_present(&wire, &caller, 0, wire.ends[1]); /* a merge: now the package is known */
        wire_present(&wire, &caller, wire.ends[1], wire.ends[1] + n);
        wire_got(&wire, &caller, 2 * LETTERS);
        wire_present(&wire, &caller, wire.ends[1] + n, wire.ends[2]);
        wire_present(&wire, &caller, wire.ends[2], wire.n);
        assert_int_equal(caller.status, SEC_E_OK);
        wire_got(&wire, &caller, wire.text_n);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void one_array_for_good_gets_pieces_late(void **state)
{
    for (size_t n = 1; n < LETTERS + 20; n++) {
        wire_start(state);
        fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true};
        caller.slots = CALLER_KEEPS;
        wire_seal(&wire, LETTERS);
        wire_fill(&wire, 37);
        wire_present(&wire, &caller, 0, n);
        wire_got(&wire, &caller, 0);
        wire_present(&wire, &caller, n, wire.ends[0]);
        /* In one of these its slot is used and not looked at. */
        for (unsigned i = 0; i < 36; i += 6)
            wire_present(&wire, &caller, wire.ends[i], wire.ends[i + 6]);
        assert_int_equal(caller.status, SEC_E_OK);
        wire_got(&wire, &caller, wire.text_n);
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void a_piece_by_the_old_name_is_completed_by_it(void **state)
{
    struct io *io;

    (void)state;
    wire_seal(&wire, LETTERS);
    io = read_part(1, 10, wire.bytes, 10);
    assert_int_equal(shim_UnsealMessage(&io->handle, &io->desc, 0, NULL), SEC_E_OK);
    assert_int_equal(io->a[1].cbBuffer, 0);
    io = read_part(1, 16, wire.bytes + 10, wire.n - 10);
    assert_int_equal(shim_UnsealMessage(&io->handle, &io->desc, 0, NULL), SEC_E_OK);
    assert_int_equal(io->a[1].cbBuffer, LETTERS - 10);
    assert_memory_equal(io->a[1].pvBuffer, wire.text, LETTERS - 10);
    assert_true(fake_calls == 1 && fake_call[0].unseal);
}

/* The program takes the first four bytes of each read for a length, also in the midst of a block.
 */
static void a_length_taken_off_a_piece_is_not_helped(void **state)
{
    (void)state;
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true, .stripped = true};
    for (unsigned i = 0; i < 3; i++)
        wire_seal(&wire, LETTERS);
    wire_present(&wire, &caller, 0, wire.ends[0] + 30);
    wire_got(&wire, &caller, LETTERS);
    wire_present(&wire, &caller, wire.ends[0] + 34, wire.ends[1]);
    assert_int_equal(caller.status, SEC_E_OK);
    wire_got(&wire, &caller, LETTERS);
    wire_present(&wire, &caller, wire.ends[1], wire.n);
    assert_int_equal(caller.status, SEC_E_MESSAGE_ALTERED);
    wire_got(&wire, &caller, LETTERS);
}

static void rpc_over_kerberos_is_untouched(void **state)
{
    static const size_t texts[] = {0, 1, LETTERS};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        unsigned char bytes[200] = {0}, kept[200];
        CtxtHandle handle = fake_handle(1);
        SecBuffer a[4], asked[4];
        SecBufferDesc desc = {SECBUFFER_VERSION, 4, a};

        wire_start(state);
        fake_krb_install(1, FAKE_KRB_DCE, 5);
        fake_krb_seal(1, "0123456789012345678901234567890123456789", texts[i], bytes + 8);
        a[0] = (SecBuffer){8, SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, bytes};
        a[1] = (SecBuffer){(ULONG)texts[i], SECBUFFER_DATA, bytes + 84};
        a[2] = (SecBuffer){8, SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, bytes + 190};
        a[3] = (SecBuffer){76, SECBUFFER_TOKEN, bytes + 8};
        memcpy(asked, a, sizeof a);
        memcpy(kept, bytes, sizeof bytes);
        fake_says[0] = SEC_E_OUT_OF_SEQUENCE;
        assert_int_equal(shim_DecryptMessage(&handle, &desc, 3, NULL), SEC_E_OUT_OF_SEQUENCE);
        assert_true(fake_calls == 1 && fake_call[0].desc == &desc && fake_call[0].number == 3);
        assert_memory_equal(a, asked, sizeof a);
        assert_memory_equal(bytes, kept, sizeof bytes);
    }
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, wire_start)
    TEST(token_last_in_pieces_comes_late),
    TEST(one_array_for_good_gets_pieces_late),
    TEST(a_piece_by_the_old_name_is_completed_by_it),
    TEST(a_length_taken_off_a_piece_is_not_helped),
    TEST(rpc_over_kerberos_is_untouched),
};

TEST_MAIN("cells", tests)
