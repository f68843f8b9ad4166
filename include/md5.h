/*
 * MD5: RFC 1321. Plain state; a copy goes on by itself.
 */
#ifndef MD5_H
#define MD5_H

#include <stddef.h>
#include <stdint.h>

#define MD5_DIGEST 16
#define MD5_BLOCK  64

struct md5 {
    uint32_t state[4];
    uint64_t n; /* bytes so far */
    unsigned char part[MD5_BLOCK];
};

void md5_begin(struct md5 *md5);
void md5_add(struct md5 *md5, const unsigned char *at, size_t n);

/* Nothing may be added afterwards. */
void md5_end(struct md5 *md5, unsigned char digest[MD5_DIGEST]);

#endif
