/*
 * Scan: the one search that touches every byte of every message, so it exists twice and the build
 * links one: scan.c (any machine) or scan_sse2.c (x86-64, where SSE2 is the baseline).
 */
#ifndef SCAN_H
#define SCAN_H

#include <stddef.h>

/*
 * The lowest offset p >= from at which the bytes 01 00 00 00 stand whole within at[0..n), or n.
 * They are the version field that starts every NTLM message signature ([MS-NLMP] 2.2.2.9).
 */
size_t scan_version(const unsigned char *at, size_t n, size_t from);

#endif
