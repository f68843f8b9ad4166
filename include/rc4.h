/*
 * RC4: the key stream of NTLM's sealing. Plain state; a copy goes on by itself.
 */
#ifndef RC4_H
#define RC4_H

#include <stddef.h>

#include "span.h"

struct rc4 {
    unsigned char box[256];
    unsigned char i, j;
};

/* 1 to 256 bytes of key. */
void rc4_begin(struct rc4 *rc4, struct span key);

/* XORs n bytes with the key stream; `from` and `to` are the same or do not overlap. */
void rc4_apply(struct rc4 *rc4, const unsigned char *from, unsigned char *to, size_t n);

/* Moves past n bytes of the key stream. */
void rc4_skip(struct rc4 *rc4, size_t n);

#endif
