/*
 * HMAC. See hmac.h.
 */
#include "hmac.h"

#include "bytes.h"

/* The key, padded with zeros to a block, each byte XORed with `pad`. */
static void key_block(struct md5 *md5, struct span key, unsigned char pad)
{
    unsigned char block[MD5_BLOCK];

    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (i < key.n ? key.at[i] : 0) ^ pad;
    md5_begin(md5);
    md5_add(md5, block, sizeof block);
    bytes_wipe(block, sizeof block);
}

void hmac_begin(struct hmac *hmac, struct span key)
{
    key_block(&hmac->inner, key, 0x36);
    key_block(&hmac->outer, key, 0x5c);
}

void hmac_add(struct hmac *hmac, const unsigned char *at, size_t n)
{
    md5_add(&hmac->inner, at, n);
}

void hmac_end(struct hmac *hmac, unsigned char digest[MD5_DIGEST])
{
    md5_end(&hmac->inner, digest);
    md5_add(&hmac->outer, digest, MD5_DIGEST);
    md5_end(&hmac->outer, digest);
}
