/*
 * Hostile: callers of NTLM and Schannel at their worst: elements cut where nobody cuts them, slots
 * used and not used by turns, memory that ends at the wrong moment.
 */
#include "read.h"

#include "fake_tls.h"

/* A block behind its length (BE32, the rest). */
static size_t seal_framed(const char *text, unsigned char *at)
{
    size_t n = strlen(text), block = fake_seal(1, text, n, at + 4);

    memcpy(at, (unsigned char[]){0, 0, 0, (unsigned char)block}, 4);
    return 4 + block;
}

static void set_prefix(bool stripped)
{
    fake_settings.prefix = (struct settings_prefix){.size = 4, .big = true, .stripped = stripped};
}

/* TOKEN of this size in front of DATA, over n bytes of a stream; a slot if `elements` is 3. */
static void present(struct io *io, const unsigned char *from, size_t n, ULONG token, ULONG elements)
{
    memset(io->bytes, 0xC7, sizeof io->bytes);
    memcpy(io->bytes, from, io->n = n);
    io->a[0] = (SecBuffer){token, SECBUFFER_TOKEN, io->bytes};
    io->a[1] = (SecBuffer){(ULONG)n - token, SECBUFFER_DATA, io->bytes + token};
    io->a[2] = (SecBuffer){0xBEEF, SECBUFFER_EMPTY, io->bytes};
    io->desc.cBuffers = elements;
}

static void gives(const struct io *io, const char *text)
{
    assert_int_equal(io->a[1].cbBuffer, strlen(text));
    assert_memory_equal(io->a[1].pvBuffer, text, strlen(text));
}

/* Texts "a", "bb", "ccc" in one read, and a TOKEN that reaches over parts of them, or over all. */
static void a_token_too_long_costs_no_byte(void **state)
{
    for (ULONG token = 17; token <= 54; token++) {
        unsigned char bytes[64];
        char got[8] = "";
        struct io *io;
        size_t have;

        read_start(state);
        io = read_blocks(1, 3);
        memcpy(bytes, io->bytes, io->n);
        present(io, bytes, io->n, token, 2);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(fake[1].unsealed, 3);
        memcpy(got, io->a[1].pvBuffer, have = io->a[1].cbBuffer);
        io = read_blocks(1, 1);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(io->a[1].cbBuffer, 1);
        got[have++] = (char)io->bytes[16];
        assert_int_equal(have, token <= 48 ? 7 : 1 + 54 - token);
        assert_memory_equal(got, "abbcccd", have);
    }
}

/* What the provider takes without the shim it takes with it. */
static void a_token_behind_its_data_may_be_longer_than_a_signature(void **state)
{
    struct io *io = read_blocks(1, 0);

    (void)state;
    fake[1].token_last = true;
    io->n = fake_seal(1, "one", 3, io->bytes);
    io->n += fake_seal(1, "two", 3, io->bytes + io->n);
    io->a[0] = (SecBuffer){16, SECBUFFER_TOKEN, io->bytes + io->n - 16};
    io->a[1] = (SecBuffer){(ULONG)io->n - 16, SECBUFFER_DATA, io->bytes};
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "onetwo");
    io->n = fake_seal(1, "text", 4, io->bytes) + 8;
    io->a[0] = (SecBuffer){24, SECBUFFER_TOKEN, io->bytes + 4};
    io->a[1] = (SecBuffer){4, SECBUFFER_DATA, io->bytes};
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "text");
    assert_ptr_equal(fake_call[2].desc, &io->desc);
}

static void what_was_left_alone_comes_before_a_token_that_lies_apart(void **state)
{
    unsigned char token[16];
    struct io *io = read_blocks(1, 2);

    (void)state;
    io->desc.cBuffers = 3;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EXTRA);
    io = read_blocks(1, 1);
    memcpy(token, io->bytes, 16);
    io->a[0].pvBuffer = token;
    memset(io->bytes, 0xC7, 16);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "b");
    io = read_blocks(1, 2);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "bcdee");
}

/* Prefixes stripped: the tail comes back, its last block not yet whole. */
static void the_part_behind_a_tail_presented_again_has_its_prefix(void **state)
{
    unsigned char stream[256], tail[256];
    struct io *io = read_blocks(1, 0);
    size_t n = 0;

    (void)state;
    set_prefix(true);
    n += seal_framed("first", stream);
    n += seal_framed("second", stream + n);
    n += seal_framed("third", stream + n);
    present(io, stream + 4, n - 4 - 3, 16, 3);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "first");
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EXTRA);
    memcpy(tail, io->a[2].pvBuffer, io->a[2].cbBuffer);
    present(io, tail, io->a[2].cbBuffer, 16, 3);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "second");
    assert_int_equal(io->a[2].BufferType, SECBUFFER_EMPTY);
    present(io, stream + n - 3, 3, 3, 3);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    n = seal_framed("fourth", stream);
    present(io, stream + 4, n - 4, 16, 2);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    gives(io, "thirdf");
}

/* Prefixes stripped, parts reported: the length of a tail's block is known until it has come. */
static void a_tail_reported_twice_keeps_its_length(void **state)
{
    for (int new_only = 0; new_only < 2; new_only++) {
        unsigned char stream[256];
        struct io *io = read_blocks(1, 0);
        size_t first, n;

        read_start(state);
        set_prefix(true);
        fake_settings.partial = SETTINGS_PARTIAL_REPORT;
        first = seal_framed("first", stream);
        n = first + seal_framed("second block", stream + first);
        present(io, stream + 4, first + 4 + 18 - 4, 16, 3);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        gives(io, "first");
        assert_int_equal(io->a[2].cbBuffer, 18);
        for (size_t have = 18, from = 0; have < 28; from = new_only ? have : 0, have += 5) {
            present(io, stream + first + 4 + from, have - from, have - from < 16 ? 5 : 16, 3);
            assert_int_equal(read_unseal(io), SEC_E_INCOMPLETE_MESSAGE);
            assert_int_equal(io->a[2].cbBuffer, 28 - have);
        }
        assert_int_equal(fake_calls, 1);
        n -= first + 4;
        if (new_only)
            present(io, stream + first + 4 + 23, n - 23, 5, 3);
        else
            present(io, stream + first + 4, n, 16, 3);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(fake_calls, 2);
        assert_int_equal(fake[1].unsealed, 2);
        if (!new_only)
            gives(io, "second block");
    }
}

/* No memory for a context: nothing can be kept, so that nothing may be taken for kept. */
static void a_part_that_cannot_be_kept_is_an_error(void **state)
{
    struct io *io = read_blocks(1, 1);
    SecBuffer asked[2] = {{10, SECBUFFER_TOKEN, io->bytes}, {0, SECBUFFER_DATA, io->bytes + 10}};

    (void)state;
    memcpy(io->a, asked, sizeof asked);
    test_fail_memory(1);
    assert_int_equal(read_unseal(io), SEC_E_INSUFFICIENT_MEMORY);
    assert_int_equal(io->a[1].cbBuffer, 0);
    assert_int_equal(fake_calls, 0);
}

static void set_record(struct io *io, const unsigned char *from, size_t n)
{
    memset(io->bytes, 0xC7, sizeof io->bytes);
    memcpy(io->bytes, from, io->n = n);
    io->a[0] = (SecBuffer){(ULONG)n, SECBUFFER_DATA, io->bytes};
    io->a[1] = io->a[2] = io->a[3] = (SecBuffer){0};
    io->desc.cBuffers = 4;
}

/* The first record of a stream is held but for its last byte. */
static size_t hold_a_record(struct io *io, unsigned char *stream)
{
    char text[100];
    size_t n;

    fake_tls_make(1);
    fake_settings.schannel_repair = true;
    memset(text, 'x', sizeof text);
    n = fake_tls_seal(1, FAKE_TLS_TEXT, text, sizeof text, stream);
    set_record(io, stream, n - 1);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    return n;
}

static void what_is_left_behind_a_handshake_message_stays_as_it_is(void **state)
{
    unsigned char stream[512];
    struct io *io = read_blocks(1, 0);
    size_t n = hold_a_record(io, stream), from = n - 1, last;

    (void)state;
    n += fake_tls_seal(1, FAKE_TLS_TICKET, "", 0, stream + n);
    last = n;
    n += fake_tls_seal(1, FAKE_TLS_TEXT, "after", 5, stream + n);
    set_record(io, stream + from, n - from);
    assert_int_equal(read_unseal(io), SEC_I_RENEGOTIATE);
    assert_int_equal(io->a[3].BufferType, SECBUFFER_EXTRA);
    assert_int_equal(io->a[3].cbBuffer, n - last);
    assert_ptr_equal(io->a[3].pvBuffer, io->bytes + (last - from));
    assert_memory_equal(io->a[3].pvBuffer, stream + last, n - last);
    assert_true(io->a[1].cbBuffer <= last - from - 5);
}

static void records_that_wait_come_before_a_refusal(void **state)
{
    unsigned char stream[512];
    struct io *io = read_blocks(1, 0);
    size_t n = hold_a_record(io, stream), got;

    (void)state;
    memset(stream + n, 0x55, 20);
    set_record(io, stream + n - 1, 21);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(io->a[1].cbBuffer, 16);
    for (got = 16; got < 100; got += io->a[1].cbBuffer) {
        memset(stream, 0x55, 60);
        set_record(io, stream, 60);
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(io->a[1].BufferType, SECBUFFER_DATA);
        assert_int_equal(((char *)io->a[1].pvBuffer)[0], 'x');
    }
    assert_int_equal(got, 100);
    set_record(io, stream, 60);
    assert_int_equal(read_unseal(io), SEC_E_DECRYPT_FAILURE);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(a_token_too_long_costs_no_byte),
    TEST(a_token_behind_its_data_may_be_longer_than_a_signature),
    TEST(what_was_left_alone_comes_before_a_token_that_lies_apart),
    TEST(the_part_behind_a_tail_presented_again_has_its_prefix),
    TEST(a_tail_reported_twice_keeps_its_length),
    TEST(a_part_that_cannot_be_kept_is_an_error),
    TEST(what_is_left_behind_a_handshake_message_stays_as_it_is),
    TEST(records_that_wait_come_before_a_refusal),
};

TEST_MAIN("hostile", tests)
