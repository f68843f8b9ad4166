/*
 * Repair: rows of the contract that whole connections (deliver_test) do not show one by one.
 */
#include "read.h"

/* The three blocks of a read with a free slot, whose tail nobody looks at. */
static void leave_a_tail(ULONG number)
{
    struct io *io = read_blocks(1, 3);

    io->desc.cBuffers = 3;
    assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, number, NULL), SEC_E_OK);
    read_delivers(io, "a");
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EXTRA);
}

static void stream_answers_inside_the_stream_and_leaves_the_rest(void **state)
{
    struct io *io = read_blocks(1, 2);
    unsigned char kept[64], storage[8] = "storage";
    SecBuffer stream = {(ULONG)io->n, SECBUFFER_STREAM, io->bytes};

    (void)state;
    memcpy(kept, io->bytes, io->n);
    io->a[0] = stream;
    io->a[1] = (SecBuffer){sizeof storage, SECBUFFER_DATA, storage};
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abb");
    assert_memory_equal(&io->a[0], &stream, sizeof stream);
    assert_string_equal(storage, "storage");
    /* Behind the three letters the second block's signature is still there. */
    assert_memory_equal(io->bytes + 19, kept + 19, 14);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(fake_call[i].elements, 2);
        assert_int_equal(fake_call[i].before[0].BufferType, SECBUFFER_STREAM);
        assert_int_equal(fake_call[i].before[1].BufferType, SECBUFFER_DATA);
    }
}

static void bytes_taken_for_padding_belong_to_the_blocks(void **state)
{
    (void)state;
    for (ULONG padding = 0; padding <= 35; padding++) {
        struct io *io;

        read_start(state);
        io = read_blocks(1, 3);
        io->desc.cBuffers = 3;
        io->a[1].cbBuffer -= padding;
        io->a[2] = (SecBuffer){padding, SECBUFFER_PADDING, io->bytes + io->n - padding};
        assert_int_equal(read_unseal(io), SEC_E_OK);
        read_delivers(io, "abbccc");
        read_zero_behind(io, 6);
    }
}

static void what_is_pending_comes_before_any_failure(void **state)
{
    struct io *io;

    (void)state;
    leave_a_tail(0);
    io = read_blocks(1, 1);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "b"); /* room for one; "bcccd" waits */
    io = read_blocks(1, 1);
    io->bytes[16] ^= 1;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "b");
    assert_int_equal(fake_calls, 5);
    io = read_blocks(1, 2);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "cccd");
    read_zero_behind(io, 4);
    assert_int_equal(read_unseal(read_blocks(1, 1)), SEC_E_MESSAGE_ALTERED);
    assert_int_equal(fake_calls, 5);
}

static void a_tail_left_alone_moves_the_numbers_only_when_it_is_unsealed(void **state)
{
    struct io *io;

    (void)state;
    leave_a_tail(5);
    for (ULONG number = 6; number <= 7; number++) {
        io = read_blocks(1, 1);
        assert_int_equal(shim_DecryptMessage(&io->handle, &io->desc, number, NULL), SEC_E_OK);
    }
    assert_int_equal(fake_calls, 5);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(fake_call[i].number, 5 + i);
}

static void out_of_step_answers_every_shape_and_touches_no_other(void **state)
{
    struct io *io = read_blocks(1, 2);
    unsigned char kept[512];
    SecBuffer record;

    (void)state;
    io->bytes[16 + 1 + 16] ^= 1;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    io = read_blocks(1, 1);
    memcpy(kept, io->bytes, io->n);
    record = io->a[0] = (SecBuffer){(ULONG)io->n, SECBUFFER_DATA, io->bytes};
    io->a[1] = io->a[2] = io->a[3] = (SecBuffer){0};
    io->desc.cBuffers = 4;
    assert_int_equal(read_unseal(io), SEC_E_MESSAGE_ALTERED);
    assert_memory_equal(&io->a[0], &record, sizeof record);
    assert_memory_equal(io->bytes, kept, io->n);
    assert_int_equal(fake_calls, 2);
}

static void a_caller_that_did_not_look_is_not_asked_again(void **state)
{
    struct sspishim_status before = caller_status();
    struct io *io;

    (void)state;
    leave_a_tail(0);
    read_unseal(read_blocks(1, 1));
    for (int again = 0; again < 2; again++) {
        io = read_blocks(1, 3);
        io->desc.cBuffers = 3;
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(io->a[2].BufferType, SECBUFFER_EMPTY);
    }
    assert_int_equal(caller_status().extra_ignored - before.extra_ignored, 1);
    assert_int_equal(caller_status().extra - before.extra, 1);
}

static void a_slot_that_still_says_extra_may_be_used_again(void **state)
{
    unsigned char tail[128];
    struct io *io = read_blocks(1, 3);

    (void)state;
    io->desc.cBuffers = 3;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    memcpy(tail, io->a[2].pvBuffer, io->n = io->a[2].cbBuffer);
    memcpy(io->bytes, tail, io->n);
    io->a[0] = (SecBuffer){16, SECBUFFER_TOKEN, io->bytes};
    io->a[1] = (SecBuffer){(ULONG)io->n - 16, SECBUFFER_DATA, io->bytes + 16};
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "bb");
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EXTRA);
    assert_ptr_equal(io->a[2].pvBuffer, io->bytes + 18);
    assert_int_equal(io->a[2].cbBuffer, io->n - 18);
}

static void a_tail_may_come_back_block_by_block(void **state)
{
    struct sspishim_status before = caller_status();
    unsigned char tail[37];
    struct io *io;

    (void)state;
    leave_a_tail(0);
    /* The same three sealed anew are the same bytes; the first one, 1 + 8 key bytes, is unsealed.
     */
    io = read_blocks(1, 0);
    fake[1] = (struct fake){.kind = FAKE_ESS};
    fake_seal(1, "a", 1, tail);
    fake_seal(1, "bb", 2, tail);
    fake_seal(1, "ccc", 3, tail + 18);
    fake[1].unsealed = 1;
    fake[1].unseal_at = 9;
    for (int i = 0; i < 2; i++) {
        io->n = 18 + (size_t)i;
        memcpy(io->bytes, tail + 18 * i, io->n);
        io->a[0] = (SecBuffer){16, SECBUFFER_TOKEN, io->bytes};
        io->a[1] = (SecBuffer){(ULONG)io->n - 16, SECBUFFER_DATA, io->bytes + 16};
        assert_int_equal(read_unseal(io), SEC_E_OK);
        read_delivers(io, i ? "ccc" : "bb");
    }
    assert_int_equal(caller_status().extra_ignored, before.extra_ignored);
    assert_int_equal(caller_status().untouched - before.untouched, 2);
}

/* Seals a text of four letters so that the ciphertext is these four bytes. */
static void seal_to(unsigned char *at, const unsigned char ciphertext[4])
{
    struct fake kept = fake[1];
    unsigned char text[4] = {0};

    fake_seal(1, text, 4, at);
    for (int i = 0; i < 4; i++)
        text[i] = at[16 + i] ^ ciphertext[i];
    fake[1] = kept;
    fake_seal(1, text, 4, at);
    assert_memory_equal(at + 16, ciphertext, 4);
}

static void a_stream_proven_to_have_no_prefixes_has_none(void **state)
{
    static const unsigned char like_a_length[4] = {0x00, 0x40, 0x00, 0x00};
    struct io *io;

    (void)state;
    assert_int_equal(read_unseal(read_blocks(1, 2)), SEC_E_OK);
    io = read_blocks(1, 0);
    seal_to(io->bytes, like_a_length);
    io->n = 20 + fake_seal(1, "next", 4, io->bytes + 20);
    io->a[1].cbBuffer = (ULONG)io->n - 16;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(io->a[1].cbBuffer, 8);
    assert_memory_equal(io->bytes + 20, "next", 4);
}

static void a_provider_that_says_too_much_is_cut_to_its_block(void **state)
{
    struct io *io = read_blocks(1, 3);

    (void)state;
    fake_longer = 100;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abbccc");
    read_zero_behind(io, 6);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(stream_answers_inside_the_stream_and_leaves_the_rest),
    TEST(bytes_taken_for_padding_belong_to_the_blocks),
    TEST(what_is_pending_comes_before_any_failure),
    TEST(a_tail_left_alone_moves_the_numbers_only_when_it_is_unsealed),
    TEST(out_of_step_answers_every_shape_and_touches_no_other),
    TEST(a_caller_that_did_not_look_is_not_asked_again),
    TEST(a_slot_that_still_says_extra_may_be_used_again),
    TEST(a_tail_may_come_back_block_by_block),
    TEST(a_stream_proven_to_have_no_prefixes_has_none),
    TEST(a_provider_that_says_too_much_is_cut_to_its_block),
};

TEST_MAIN("repair", tests)
