/*
 * Scan: the one search that touches every byte of every message, so it exists twice and the build
 * links one: scan.c (any machine) or scan_sse2.c (x86-64, where SSE2 is the baseline).
 */
#ifndef SCAN_H
#define SCAN_H

#include <stddef.h>
#include <stdint.h>

/*
 * The lowest offset p >= from at which the four bytes of `word` (the lowest first) stand whole
 * within at[0..n), or n.
 */
size_t scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word);

#endif
