/*
 * Hostile_krb: Kerberos refuses without harm, so that a connection goes on; here it does so at the
 * worst moments.
 */
#include "read.h"

#include "fake_krb.h"

#define TOKEN 60

static void start_krb(void)
{
    fake_reset(FAKE_ESS);
    fake_krb_install(1, FAKE_KRB_4121, 7);
}

static ULONG present_number;

/* One I/O, TOKEN first, of n bytes. */
static SECURITY_STATUS present(struct io *io, const unsigned char *from, size_t n, ULONG token)
{
    io->desc = (SecBufferDesc){SECBUFFER_VERSION, 2, io->a};
    io->handle = fake_handle(1);
    if (n < token)
        token = (ULONG)n;
    memset(io->bytes, 0xC7, sizeof io->bytes);
    memcpy(io->bytes, from, io->n = n);
    io->a[0] = (SecBuffer){token, SECBUFFER_TOKEN, io->bytes};
    io->a[1] = (SecBuffer){(ULONG)n - token, SECBUFFER_DATA, io->bytes + token};
    return shim_DecryptMessage(&io->handle, &io->desc, present_number, NULL);
}

static size_t seal(const char *text, unsigned char *at)
{
    return fake_krb_seal(1, text, strlen(text), at);
}

static void gives(const struct io *io, const char *text)
{
    assert_int_equal(io->a[1].cbBuffer, strlen(text));
    assert_memory_equal(io->a[1].pvBuffer, text, strlen(text));
}

/* Blocks "one" and a bad "two"; "one" arrives. */
static void refuse_the_second(struct io *io, size_t prefix)
{
    unsigned char bytes[256];
    size_t n = seal("one", bytes);

    memcpy(bytes + n, (unsigned char[]){0, 0, 0, TOKEN + 3}, prefix);
    n += prefix;
    n += seal("two", bytes + n);
    bytes[n - 1] ^= 1;
    assert_int_equal(present(io, bytes, n, TOKEN), SEC_E_OK);
    gives(io, "one");
}

static void a_refusal_of_the_last_block_is_told_once(void **state)
{
    static struct io io;
    unsigned char bytes[128];

    (void)state;
    start_krb();
    refuse_the_second(&io, 0);
    fake_krb_install(1, FAKE_KRB_4121, 8); /* the refused one never was */
    assert_int_equal(present(&io, bytes, seal("three", bytes), TOKEN), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(present(&io, bytes, seal("four", bytes), TOKEN), SEC_E_OK);
    gives(&io, "thre");
    assert_int_equal(present(&io, bytes, seal("five", bytes), TOKEN), SEC_E_OK);
    gives(&io, "efou");
    assert_int_equal(fake_calls, 5);
}

static void a_stripped_read_kept_across_a_refusal_is_known_to_be_stripped(void **state)
{
    static struct io io;
    unsigned char bytes[128];

    (void)state;
    start_krb();
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true, .stripped = true};
    refuse_the_second(&io, 4);
    fake_krb_install(1, FAKE_KRB_4121, 8);
    assert_int_equal(present(&io, bytes, seal("three", bytes), TOKEN), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(present(&io, bytes, seal("four", bytes), TOKEN), SEC_E_OK);
    gives(&io, "thre");
    assert_int_equal(present(&io, bytes, seal("x", bytes), TOKEN), SEC_E_OK);
    gives(&io, "e");
    assert_int_equal(fake_calls, 5);
}

/* 92 letters of a text wait, and a refusal behind them. */
static void wait_before_a_refusal(struct io *io)
{
    unsigned char bytes[512] = {0, 0, 0, TOKEN + 100, [4 + TOKEN + 100 + 3] = TOKEN};
    char text[101];

    start_krb();
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true};
    memset(text, 'x', 100);
    text[100] = 0;
    seal(text, bytes + 4);
    assert_int_equal(present(io, bytes, TOKEN + 100, TOKEN), SEC_E_OK);
    gives(io, "");
    assert_int_equal(present(io, bytes + TOKEN + 100, 4 + 4 + TOKEN, TOKEN), SEC_E_OK);
    gives(io, "xxxxxxxx");
}

/* The caller never leaves room for what waits. */
static void what_is_kept_behind_a_refusal_is_bounded(void **state)
{
    static struct io io;
    static const unsigned char noise[TOKEN];
    struct sspishim_status before;
    CtxtHandle handle = fake_handle(1);

    (void)state;
    wait_before_a_refusal(&io);
    fake_settings.max_held = 1000;
    before = caller_status();
    for (int i = 0; i < 100; i++)
        assert_int_equal(present(&io, noise, TOKEN, TOKEN), SEC_E_OK);
    shim_DeleteSecurityContext(&handle);
    assert_true(caller_status().lost - before.lost <= 1000);
}

/* Each read that is kept for later is one less that the provider has seen. */
static void reads_kept_behind_a_refusal_count_for_the_number(void **state)
{
    static struct io io;
    unsigned char bytes[256] = {0, 0, 0, TOKEN + 96};
    char text[97];
    ULONG before;

    (void)state;
    wait_before_a_refusal(&io);
    fake_krb_install(1, FAKE_KRB_4121, 8);
    before = fake_calls;
    memset(text, 'y', 96);
    text[96] = 0;
    seal(text, bytes + 4);
    present_number = 3; /* the provider saw two messages in calls 1 and 2 */
    assert_int_equal(present(&io, bytes, 4 + TOKEN + 96, TOKEN), SEC_E_OK);
    bytes[3] = TOKEN + 1;
    present_number = 4;
    seal("z", bytes + 4);
    assert_int_equal(present(&io, bytes, 4 + TOKEN + 1, TOKEN), SEC_E_INVALID_TOKEN);
    seal("w", bytes + 4);
    assert_int_equal(present(&io, bytes, 4 + TOKEN + 1, TOKEN), SEC_E_OK);
    present_number = 0;
    assert_int_equal(fake_calls, before + 3);
    for (ULONG i = 0; i < 3; i++)
        assert_int_equal(fake_call[before + i].number, 3 + i);
}

/* MaxHeld has room for the read that was kept, not for the one behind it, too. */
static void a_read_behind_a_full_hold_is_unsealed_too(void **state)
{
    static struct io io;
    unsigned char bytes[128];

    (void)state;
    start_krb();
    fake_settings.max_held = 100;
    refuse_the_second(&io, 0);
    fake_krb_install(1, FAKE_KRB_4121, 8);
    assert_int_equal(present(&io, bytes, seal("three", bytes), TOKEN), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(present(&io, bytes, seal("fourfour", bytes), TOKEN), SEC_E_OK);
    gives(&io, "threefou");
}

/* A refused call has told nothing of how long tokens are. */
static void a_token_too_long_once_is_not_remembered(void **state)
{
    static struct io io;
    unsigned char bytes[256] = {0};
    size_t n;

    (void)state;
    start_krb();
    n = seal("one", bytes);
    n += seal("two", bytes + n);
    assert_int_equal(present(&io, bytes, n, TOKEN), SEC_E_OK);
    present(&io, bytes, 200, 200);
    present(&io, bytes, 200, 150);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(present(&io, bytes, seal("two", bytes), TOKEN), SEC_E_OK);
        gives(&io, "two");
    }
}

static void a_refused_trial_keeps_the_prefix_too(void **state)
{
    static struct io io;
    unsigned char bytes[128];
    size_t n;

    (void)state;
    start_krb();
    fake_settings.kerberos_trial = true;
    fake_settings.prefix = (struct settings_prefix){.size = 4, .counts = SETTINGS_COUNTS_TOKEN};
    memcpy(bytes, (unsigned char[]){TOKEN, 0, 0, 0}, 4);
    n = 4 + seal("some text", bytes + 4);
    assert_int_equal(present(&io, bytes, n - 3, TOKEN), SEC_E_OK);
    gives(&io, "");
    assert_int_equal(present(&io, bytes + n - 3, 3, TOKEN), SEC_E_OK);
    memcpy(bytes, (unsigned char[]){TOKEN, 0, 0, 0}, 4);
    n = 4 + seal("more text behind it", bytes + 4);
    assert_int_equal(present(&io, bytes, n, TOKEN), SEC_E_OK);
    gives(&io, "some textmore text behi");
}

/* A token apart: what would have to follow a part of a block lies elsewhere. */
static void nothing_is_held_of_a_token_apart(void **state)
{
    static struct io io;
    unsigned char bytes[256], token[TOKEN];
    size_t n;

    (void)state;
    start_krb();
    n = seal("one", bytes);
    n += seal("two", bytes + n) - 20 - 3;
    memcpy(token, bytes, TOKEN);
    io.desc = (SecBufferDesc){SECBUFFER_VERSION, 2, io.a};
    io.handle = fake_handle(1);
    memcpy(io.bytes, bytes + TOKEN, n - TOKEN);
    io.a[0] = (SecBuffer){TOKEN, SECBUFFER_TOKEN, token};
    io.a[1] = (SecBuffer){(ULONG)n - TOKEN, SECBUFFER_DATA, io.bytes};
    assert_int_equal(read_unseal(&io), SEC_E_OK);
    gives(&io, "one");
    assert_int_equal(fake_calls, 2);
    assert_int_equal(present(&io, bytes, seal("x", bytes), TOKEN), SEC_E_INVALID_TOKEN);
    assert_int_equal(fake_calls, 2);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(a_refusal_of_the_last_block_is_told_once),
    TEST(a_stripped_read_kept_across_a_refusal_is_known_to_be_stripped),
    TEST(what_is_kept_behind_a_refusal_is_bounded),
    TEST(reads_kept_behind_a_refusal_count_for_the_number),
    TEST(a_read_behind_a_full_hold_is_unsealed_too),
    TEST(a_token_too_long_once_is_not_remembered),
    TEST(a_refused_trial_keeps_the_prefix_too),
    TEST(nothing_is_held_of_a_token_apart),
};

TEST_MAIN("hostile_krb", tests)
