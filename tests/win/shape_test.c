/*
 * Shape: what the shim must leave to the provider, with the caller's own descriptor.
 */
#include "read.h"

/* A row: what the context is known to be, and whether a merge may be told apart. */
static void only_sealing_ntlm_contexts_are_told_apart(void **state)
{
    static const struct {
        ULONG flags, trailer;
        bool repaired;
    } rows[] = {{ISC_RET_CONFIDENTIALITY, 16, true},
                {ISC_RET_INTEGRITY, 16, false},
                {ISC_RET_CONFIDENTIALITY | ISC_RET_DATAGRAM, 16, false},
                {ISC_RET_CONFIDENTIALITY, 60, false},
                {ISC_RET_CONFIDENTIALITY, 0, false},
                {0, 16, false}};

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct io *io;

        fake_reset(FAKE_ESS);
        fake[1].flags = rows[i].flags;
        fake[1].trailer = rows[i].trailer;
        fake[1].package = NULL; /* it cannot say: the trailer tells */
        io = read_blocks(1, 2);
        assert_int_equal(read_unseal(io), rows[i].repaired ? SEC_E_OK : SEC_E_MESSAGE_ALTERED);
        assert_int_equal(fake_calls, rows[i].repaired ? 2 : 1);
        assert_true(fake_queries >= 1);
        /* Judged once. */
        fake_queries = 0;
        read_unseal(read_blocks(1, 2));
        assert_int_equal(fake_queries, 0);
    }
}

static void *address(struct io *io, LONG at)
{
    return at == -1 ? NULL : at == -2 ? (void *)~(ULONG_PTR)7 : io->bytes + at;
}

/* A row: how two blocks are presented in a shape that is not ours; the call goes on untouched. */
static void what_is_not_understood_goes_on_untouched(void **state)
{
    static const struct {
        ULONG elements;
        struct {
            ULONG type, n;
            LONG at; /* offset in the read; -1: NULL; -2: the last eight bytes that can be */
        } a[4];
    } rows[] = {
        {2, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 0xFFFFFFFA, 16}}}, /* recv 10 */
        {2, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 0x7FFFFFF0, 16}}},
        {2, {{SECBUFFER_TOKEN, 16, -1}, {SECBUFFER_DATA, 19, 16}}},
        {2, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 19, -2}}},
        {2, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA | SECBUFFER_READONLY, 19, 16}}},
        {2,
         {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, 19, 16}}},
        {3, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 1, 16}, {SECBUFFER_DATA, 18, 17}}},
        {3, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 19, 16}, {SECBUFFER_PKG_PARAMS, 4, 0}}},
        {3, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 19, 16}, {SECBUFFER_EXTRA, 4, 0}}},
        {3, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 19, 16}, {SECBUFFER_TOKEN, 16, 0}}},
        {3, {{SECBUFFER_TOKEN, 16, 0}, {SECBUFFER_DATA, 19, 16}, {SECBUFFER_PADDING, 4, 0}}},
        {4, {{SECBUFFER_DATA, 35, 0}, {0, 9, 0}, {0, 9, 0}, {0, 9, 0}}},
        {1, {{SECBUFFER_DATA, 35, 0}}},
        {1, {{SECBUFFER_TOKEN, 35, 0}}},
        {1, {{SECBUFFER_STREAM, 35, 0}}},
        {3, {{SECBUFFER_STREAM, 35, 0}, {SECBUFFER_DATA, 0, -1}, {SECBUFFER_TOKEN, 16, 0}}},
        {0, {{0, 0, 0}}},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct io *io;
        SecBuffer asked[4] = {{0}};

        fake_reset(FAKE_ESS);
        io = read_blocks(1, 2);
        fake_says[0] = SEC_E_DECRYPT_FAILURE; /* it must not look at these itself */
        io->desc.cBuffers = rows[i].elements;
        for (unsigned k = 0; k < rows[i].elements; k++)
            asked[k] = io->a[k] =
                (SecBuffer){rows[i].a[k].n, rows[i].a[k].type, address(io, rows[i].a[k].at)};
        assert_int_equal(read_unseal(io), SEC_E_DECRYPT_FAILURE);
        assert_int_equal(fake_calls, 1);
        assert_ptr_equal(fake_call[0].desc, &io->desc);
        assert_memory_equal(fake_call[0].before, asked, rows[i].elements * sizeof *asked);
        assert_memory_equal(io->a, asked, rows[i].elements * sizeof *asked);
        assert_int_equal(fake_queries, 0);
    }
}

static void absurd_arguments_are_the_providers_business(void **state)
{
    struct io *io = read_blocks(1, 2);
    SecBufferDesc none = {SECBUFFER_VERSION, 2, NULL}, many = {SECBUFFER_VERSION, ~0u, io->a};

    (void)state;
    assert_int_equal(shim_DecryptMessage(NULL, &io->desc, 0, NULL), SEC_E_INVALID_HANDLE);
    assert_int_equal(shim_DecryptMessage(&io->handle, NULL, 0, NULL), SEC_E_INVALID_TOKEN);
    assert_int_equal(shim_DecryptMessage(&io->handle, &none, 0, NULL), SEC_E_INVALID_TOKEN);
    fake_says[3] = SEC_E_INTERNAL_ERROR;
    assert_int_equal(shim_DecryptMessage(&io->handle, &many, 0, NULL), SEC_E_INTERNAL_ERROR);
    assert_ptr_equal(fake_call[3].desc, &many);
    assert_int_equal(shim_VerifySignature(NULL, NULL, 0, NULL), SEC_E_INVALID_HANDLE);
}

static void an_array_longer_than_any_caller_needs_goes_on_untouched(void **state)
{
    struct io *io = read_blocks(1, 2);
    SecBuffer many[17] = {io->a[0], io->a[1]};
    SecBufferDesc desc = {SECBUFFER_VERSION, 17, many};

    (void)state;
    fake_says[0] = SEC_E_DECRYPT_FAILURE;
    assert_int_equal(shim_DecryptMessage(&io->handle, &desc, 0, NULL), SEC_E_DECRYPT_FAILURE);
    assert_ptr_equal(fake_call[0].desc, &desc);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(only_sealing_ntlm_contexts_are_told_apart),
    TEST(what_is_not_understood_goes_on_untouched),
    TEST(absurd_arguments_are_the_providers_business),
    TEST(an_array_longer_than_any_caller_needs_goes_on_untouched),
};

TEST_MAIN("shape", tests)
