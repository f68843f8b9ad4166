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

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(what_was_left_alone_comes_before_a_token_that_lies_apart),
    TEST(the_part_behind_a_tail_presented_again_has_its_prefix),
};

TEST_MAIN("hostile", tests)
