/*
 * Hostile: callers of NTLM and Schannel at their worst: elements cut where nobody cuts them, slots
 * used and not used by turns, memory that ends at the wrong moment.
 */
#include "read.h"

#include "fake_tls.h"

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

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(what_was_left_alone_comes_before_a_token_that_lies_apart),
};

TEST_MAIN("hostile", tests)
