/*
 * Read. See read.h.
 */
#include "read.h"

struct io *read_blocks(unsigned context, unsigned blocks)
{
    static struct io io;

    io = (struct io){.desc = {SECBUFFER_VERSION, 2, io.a}, .handle = fake_handle(context)};
    for (unsigned i = 0; i < blocks; i++) {
        unsigned char text[32];

        memset(text, 'a' + (int)fake[context].sealed % 26, sizeof text);
        io.n += fake_seal(context, text, i + 1, io.bytes + io.n);
    }
    io.a[0] = (SecBuffer){16, SECBUFFER_TOKEN, io.bytes};
    io.a[1] = (SecBuffer){(ULONG)io.n - 16, SECBUFFER_DATA, io.bytes + 16};
    io.a[2] = (SecBuffer){0xBEEF, SECBUFFER_EMPTY, io.bytes};
    return &io;
}

SECURITY_STATUS read_unseal(struct io *io)
{
    return shim_DecryptMessage(&io->handle, &io->desc, 0, NULL);
}

void read_delivers(const struct io *io, const char *text)
{
    assert_ptr_equal(io->a[1].pvBuffer, io->bytes + 16);
    assert_int_equal(io->a[1].cbBuffer, strlen(text));
    assert_memory_equal(io->bytes + 16, text, strlen(text));
}

void read_zero_behind(const struct io *io, size_t n)
{
    for (size_t i = 16 + n; i < io->n; i++)
        assert_int_equal(io->bytes[i], 0);
}

int read_start(void **state)
{
    (void)state;
    fake_reset(FAKE_ESS);
    test_fail_memory(0);
    return 0;
}
