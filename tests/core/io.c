/*
 * I/O. See io.h.
 */
#include "io.h"

#include "ntlm.h"
#include "scan.h"

/* The linker puts this in the place of the search (--wrap), and calls that the real one. */
size_t __real_scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word);
size_t __wrap_scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word);

size_t io_searched;

size_t __wrap_scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word)
{
    size_t found = __real_scan_word(at, n, from, word);

    io_searched += found < n ? found - from + 4 : n > from ? n - from : 0;
    return found;
}

void io_le32(unsigned char *at, size_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(n >> 8 * i);
}

void io_be32(unsigned char *at, size_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(n >> (24 - 8 * i));
}

struct span io_head(struct span input, enum frame_order order)
{
    return order == FRAME_TOKEN_LAST && input.n >= NTLM_SIGNATURE
               ? span_rest(input, input.n - NTLM_SIGNATURE)
               : span_head(input, NTLM_SIGNATURE);
}
