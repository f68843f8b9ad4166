/*
 * CRC-32 of IEEE 802.3, which signs the messages of NT 4's NTLM.
 */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of n more bytes behind those that gave `crc`; the first come behind 0. */
uint32_t crc32_add(uint32_t crc, const unsigned char *at, size_t n);

#endif
