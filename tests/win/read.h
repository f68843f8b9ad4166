/*
 * Read: one read of sealed blocks with its descriptor, for the tests of single calls.
 */
#ifndef READ_H
#define READ_H

#include "caller.h"
#include "test.h"

/* TOKEN, DATA and up to two more. */
struct io {
    unsigned char bytes[2048];
    size_t n;
    SecBuffer a[4];
    SecBufferDesc desc;
    CtxtHandle handle;
};

/* A read of `blocks` blocks, text i being i + 1 times the letter 'a' + its number; TOKEN first. */
struct io *read_blocks(unsigned context, unsigned blocks);

/*
 * A read of just these bytes, the first `token` of them (or all) as TOKEN and the rest as DATA. Two
 * of these live at a time.
 */
struct io *read_part(unsigned context, size_t token, const void *bytes, size_t n);

/* The same as STREAM, and DATA without memory. */
struct io *read_stream(unsigned context, const void *bytes, size_t n);

/* DecryptMessage without number and qop. */
SECURITY_STATUS read_unseal(struct io *io);

/* DATA is where it was and holds just this text. */
void read_delivers(const struct io *io, const char *text);

/* The whole presented DATA range behind the first n bytes is zero. */
void read_zero_behind(const struct io *io, size_t n);

/* Set-up of each test: everything as new. */
int read_start(void **state);

#endif
