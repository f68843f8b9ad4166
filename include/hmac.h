/*
 * HMAC: RFC 2104, with MD5. Plain state: what has been keyed once may be copied for each message.
 */
#ifndef HMAC_H
#define HMAC_H

#include "md5.h"
#include "span.h"

struct hmac {
    struct md5 inner;
    struct md5 outer; /* has its key's block already */
};

/* Up to 64 bytes of key. */
void hmac_begin(struct hmac *hmac, struct span key);
void hmac_add(struct hmac *hmac, const unsigned char *at, size_t n);
void hmac_end(struct hmac *hmac, unsigned char digest[MD5_DIGEST]);

#endif
