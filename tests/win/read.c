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

struct io *read_part(unsigned context, size_t token, const void *bytes, size_t n)
{
    static struct io ios[2];
    static unsigned turn;
    struct io *io = &ios[turn = !turn];
    size_t head = token < n ? token : n;

    assert_true(n <= sizeof io->bytes);
    *io = (struct io){.n = n, .desc = {SECBUFFER_VERSION, 2, io->a}};
    io->handle = fake_handle(context);
    memcpy(io->bytes, bytes, n);
    io->a[0] = (SecBuffer){(ULONG)head, SECBUFFER_TOKEN, io->bytes};
    io->a[1] = (SecBuffer){(ULONG)(n - head), SECBUFFER_DATA, io->bytes + head};
    io->a[2] = (SecBuffer){0xBEEF, SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD};
    return io;
}

struct io *read_stream(unsigned context, const void *bytes, size_t n)
{
    struct io *io = read_part(context, n, bytes, n);

    io->a[0].BufferType = SECBUFFER_STREAM;
    io->a[1] = (SecBuffer){0, SECBUFFER_DATA, NULL};
    return io;
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
