/*
 * Unseal: the contract's rows one by one, each on a context of its own.
 */
#include "read.h"

static void one_block_reaches_the_provider_with_the_callers_own_descriptor(void **state)
{
    struct io *io = read_blocks(1, 1);
    ULONG qop;
    SecBuffer asked[2] = {io->a[0], io->a[1]};
    struct sspishim_status before = caller_status();

    (void)state;
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, 5, &qop), SEC_E_OK);
    assert_int_equal(fake_calls, 1);
    assert_ptr_equal(fake_call[0].desc, &io->desc);
    assert_ptr_equal(fake_call[0].qop, &qop);
    assert_int_equal(fake_call[0].number, 5);
    assert_memory_equal(fake_call[0].before, asked, sizeof asked);
    assert_int_equal(fake_queries, 0);
    assert_int_equal(test_memory_asked(), 0);
    assert_int_equal(caller_status().untouched - before.untouched, 1);
    read_delivers(io, "a");
}

static void a_null_qop_stays_null(void **state)
{
    struct io *io = read_blocks(1, 1);

    (void)state;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_null(fake_call[0].qop);
    io = read_blocks(1, 2);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_null(fake_call[1].qop);
    assert_null(fake_call[2].qop);
}

static void merged_blocks_follow_each_other_and_the_rest_is_zero(void **state)
{
    struct io *io = read_blocks(1, 3);

    (void)state;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abbccc");
    read_zero_behind(io, 6);
    assert_int_equal(fake_calls, 3);
    assert_int_equal(fake_call[1].elements, 2);
    assert_int_equal(caller_status().altered, 0);
}

static void the_old_name_calls_the_old_name(void **state)
{
    struct io *io = read_blocks(1, 2);

    (void)state;
    assert_int_equal(shim_UnsealMessage(&io->handle, &io->desc, 0, NULL), SEC_E_OK);
    read_delivers(io, "abb");
    assert_true(fake_call[0].unseal && fake_call[1].unseal);
}

static void the_array_order_of_the_caller_is_kept(void **state)
{
    struct io *io = read_blocks(1, 2);
    SecBuffer token = io->a[0];

    (void)state;
    io->a[0] = io->a[1];
    io->a[1] = token;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(io->a[0].cbBuffer, 3);
    assert_int_equal(fake_call[1].before[0].BufferType, SECBUFFER_DATA);
    assert_int_equal(fake_call[1].before[1].BufferType, SECBUFFER_TOKEN);
}

static void reserved_type_bits_are_no_hindrance_and_come_back(void **state)
{
    struct io *io = read_blocks(1, 2);

    (void)state;
    io->a[1].BufferType |= 0x20000000;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abb");
    assert_int_equal(io->a[1].BufferType, SECBUFFER_DATA | 0x20000000);
}

static void numbers_go_on_with_the_callers_plus_what_was_merged(void **state)
{
    static const ULONG want[] = {5, 6, 7, 8, 9, 10, 11};
    struct io *io = NULL;
    unsigned calls = 0;

    (void)state;
    for (ULONG number = 5, blocks = 1; blocks <= 3; blocks++, number++) {
        io = read_blocks(1, blocks);
        assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, number, NULL), SEC_E_OK);
        calls += blocks;
    }
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, 8, NULL), SEC_E_MESSAGE_ALTERED);
    for (unsigned i = 0; i <= calls; i++)
        assert_int_equal(fake_call[i].number, want[i]);
}

static void number_0_stays_0(void **state)
{
    (void)state;
    read_unseal(read_blocks(1, 3));
    read_unseal(read_blocks(1, 1));
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(fake_call[i].number, 0);
}

static void verify_signature_keeps_the_callers_number_and_is_counted(void **state)
{
    struct io *io = read_blocks(1, 3);
    struct sspishim_status before = caller_status();

    (void)state;
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, 5, NULL), SEC_E_OK);
    assert_int_equal(shim_VerifySignature(&io->handle, &io->desc, 6, NULL), SEC_E_OK);
    assert_int_equal(fake_call[0].number, 6);
    assert_int_equal(fake_verified, 1);
    assert_int_equal(caller_status().verified - before.verified, 1);
}

static void qops_that_differ_report_the_unencrypted_one(void **state)
{
    static const struct {
        ULONG said[3], want;
    } rows[] = {{{0, 0, 0}, 0},
                {{SECQOP_WRAP_NO_ENCRYPT, 0, 0}, SECQOP_WRAP_NO_ENCRYPT},
                {{0, SECQOP_WRAP_NO_ENCRYPT, 0}, SECQOP_WRAP_NO_ENCRYPT},
                {{0, 0, SECQOP_WRAP_NO_ENCRYPT}, SECQOP_WRAP_NO_ENCRYPT}};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct io *io;
        ULONG qop = 0x5A5A5A5A;

        fake_reset(FAKE_ESS);
        memcpy(fake_qop, rows[i].said, sizeof rows[i].said);
        io = read_blocks(1, 3);
        assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, 0, &qop), SEC_E_OK);
        assert_int_equal(qop, rows[i].want);
    }
}

static void a_bad_first_block_is_the_providers_refusal_and_nothing_else(void **state)
{
    struct io *io = read_blocks(1, 3);
    SecBuffer asked = io->a[1];

    (void)state;
    io->bytes[16] ^= 1;
    assert_int_equal(read_unseal(io), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(fake_calls, 1);
    assert_memory_equal(&io->a[1], &asked, sizeof asked);
    assert_int_equal(io->bytes[16], 0);
    io = read_blocks(1, 1);
    assert_int_equal(read_unseal(io), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(fake_calls, 2);
}

static void good_blocks_before_a_bad_one_arrive_and_then_nothing_more(void **state)
{
    struct io *io = read_blocks(1, 4);
    struct sspishim_status before = caller_status();

    (void)state;
    io->bytes[16 + 1 + 16 + 2 + 16] ^= 1; /* text of the third */
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abb");
    read_zero_behind(io, 3);
    assert_int_equal(fake_calls, 3);
    assert_int_equal(caller_status().altered - before.altered, 1);
    for (int again = 0; again < 2; again++) {
        io = read_blocks(1, 1);
        assert_int_equal(read_unseal(io), SEC_E_MESSAGE_ALTERED);
        assert_int_equal(io->a[1].cbBuffer, 0);
        read_zero_behind(io, 0);
        assert_int_equal(shim_VerifySignature(&io->handle, &io->desc, 0, NULL),
                         SEC_E_MESSAGE_ALTERED);
    }
    assert_int_equal(fake_calls, 3);
    assert_int_equal(fake_verified, 0);
}

static void the_providers_own_status_is_the_last_word(void **state)
{
    struct io *io = read_blocks(1, 3);

    (void)state;
    fake_says[1] = SEC_E_CONTEXT_EXPIRED;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "a");
    assert_int_equal(read_unseal(read_blocks(1, 1)), SEC_E_CONTEXT_EXPIRED);
    assert_int_equal(fake_calls, 2);
}

static void a_reborn_handle_has_nothing_of_the_old_one(void **state)
{
    struct io *io = read_blocks(1, 2);

    (void)state;
    io->bytes[16 + 1 + 16] ^= 1;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(read_unseal(read_blocks(1, 1)), SEC_E_MESSAGE_ALTERED);
    fake_value = fake_handle(1);
    assert_int_equal(shim_ImportSecurityContextA(NULL, NULL, NULL, &io->handle), SEC_E_OK);
    fake[1].sealed = fake[1].unsealed = 0;
    fake[1].seal_at = fake[1].unseal_at = 0;
    io = read_blocks(1, 2);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abb");
}

static void an_empty_slot_gets_the_tail_and_the_first_block_arrives(void **state)
{
    struct io *io = read_blocks(1, 3);
    unsigned char kept[512];
    struct sspishim_status before = caller_status();

    (void)state;
    memcpy(kept, io->bytes, io->n);
    io->desc.cBuffers = 3;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "a");
    assert_int_equal(fake_calls, 1);
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EXTRA);
    assert_ptr_equal(io->a[2].pvBuffer, io->bytes + 17);
    assert_int_equal(io->a[2].cbBuffer, io->n - 17);
    assert_memory_equal(io->bytes + 17, kept + 17, io->n - 17);
    assert_int_equal(caller_status().extra - before.extra, 1);
}

static void without_memory_for_the_copy_the_next_block_is_unsealed_too(void **state)
{
    struct io *io;

    (void)state;
    fake_value = fake_handle(1);
    shim_ImportSecurityContextA(NULL, NULL, NULL, &fake_value);
    io = read_blocks(1, 3);
    io->desc.cBuffers = 3;
    test_fail_memory(1);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abb");
    assert_ptr_equal(io->a[2].pvBuffer, io->bytes + 17 + 18);
    io = read_blocks(1, 1);
    io->desc.cBuffers = 3;
    io->a[2].BufferType = SECBUFFER_EMPTY;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_memory_equal(io->bytes + 16, "c", 1);
}

static void last_error_is_as_found(void **state)
{
    (void)state;
    SetLastError(0x12345678);
    read_unseal(read_blocks(1, 3));
    assert_int_equal(GetLastError(), 0x12345678);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(one_block_reaches_the_provider_with_the_callers_own_descriptor),
    TEST(a_null_qop_stays_null),
    TEST(merged_blocks_follow_each_other_and_the_rest_is_zero),
    TEST(the_old_name_calls_the_old_name),
    TEST(the_array_order_of_the_caller_is_kept),
    TEST(reserved_type_bits_are_no_hindrance_and_come_back),
    TEST(numbers_go_on_with_the_callers_plus_what_was_merged),
    TEST(number_0_stays_0),
    TEST(verify_signature_keeps_the_callers_number_and_is_counted),
    TEST(qops_that_differ_report_the_unencrypted_one),
    TEST(a_bad_first_block_is_the_providers_refusal_and_nothing_else),
    TEST(good_blocks_before_a_bad_one_arrive_and_then_nothing_more),
    TEST(the_providers_own_status_is_the_last_word),
    TEST(a_reborn_handle_has_nothing_of_the_old_one),
    TEST(an_empty_slot_gets_the_tail_and_the_first_block_arrives),
    TEST(without_memory_for_the_copy_the_next_block_is_unsealed_too),
    TEST(last_error_is_as_found),
};

TEST_MAIN("unseal", tests)
