/*
 * Cap: what may be kept of one context (MaxHeld), and what becomes of more.
 */
#include "read.h"
#include "wire.h"

#define LETTERS 40

static void be32_present(void)
{
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true};
}

/* Nothing is told apart any more: two blocks in one call are the provider's own business. */
static void is_whole_from_now_on(void)
{
    unsigned calls = fake_calls;
    struct io *io = read_blocks(1, 2);

    read_unseal(io);
    assert_int_equal(fake_calls, calls + 1);
    assert_ptr_equal(fake_call[calls].desc, &io->desc);
}

static void too_long_a_block_is_the_providers_once_its_header_is_there(void **state)
{
    for (size_t n = 1; n < 4 + 16 + LETTERS; n++) {
        struct io *io;
        SECURITY_STATUS status;

        wire_start(state);
        be32_present();
        fake_settings.max_held = 4 + 16 + LETTERS - 1;
        wire_seal(&wire, LETTERS);
        if (n < 4)
            assert_int_equal(read_unseal(read_part(1, 16, wire.bytes, n)), SEC_E_OK);
        io = n < 4 ? read_part(1, 16, wire.bytes + n, 4 - n) : read_part(1, 16, wire.bytes, n);
        status = read_unseal(io);
        assert_int_equal(fake_calls, 1);
        assert_int_equal(status, n < 16 ? SEC_E_BUFFER_TOO_SMALL : SEC_E_MESSAGE_ALTERED);
        is_whole_from_now_on();
        assert_int_equal(wire_close(&wire), 0);
    }
}

static void a_dribble_is_kept_up_to_the_cap(void **state)
{
    wire_start(state);
    be32_present();
    fake_settings.max_held = 4 + 16 + LETTERS;
    wire_seal(&wire, LETTERS);
    for (size_t i = 0; i < wire.n; i++) {
        assert_int_equal(fake_calls, 0);
        wire_present(&wire, &caller, i, i + 1);
        assert_int_equal(caller.status, SEC_E_OK);
    }
    assert_int_equal(fake_calls, 1);
    assert_int_equal(wire_close(&wire), LETTERS);
}

static void text_that_waits_counts_against_the_cap(void **state)
{
    wire_start(state);
    be32_present();
    fake_settings.max_held = 4 + 16 + LETTERS;
    wire_seal(&wire, LETTERS);
    wire_seal(&wire, LETTERS - 24);
    wire_present(&wire, &caller, 0, 30); /* then there is room for 14 */
    wire_present(&wire, &caller, 30, wire.ends[0]);
    wire_got(&wire, &caller, LETTERS - 26);
    wire_present(&wire, &caller, wire.ends[0], wire.ends[0] + 4);
    assert_int_equal(caller.status, SEC_E_OK);
    assert_int_equal(fake_calls, 2); /* 36 bytes are more than 60 - 26 */
    wire_present(&wire, &caller, wire.ends[0] + 4, wire.n);
    assert_int_equal(fake_calls, 2);
    assert_memory_equal(caller.got, wire.text, caller.got_n);
    assert_true(caller.got_n <= LETTERS);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, wire_start, wire_stop)
    TEST(too_long_a_block_is_the_providers_once_its_header_is_there),
    TEST(a_dribble_is_kept_up_to_the_cap),
    TEST(text_that_waits_counts_against_the_cap),
};

TEST_MAIN("cap", tests)
