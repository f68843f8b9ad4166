/*
 * Crypt: RC4, MD5, HMAC and CRC-32 against the vectors of their standards and against nettle, in
 * pieces of all sizes, on input that ends at a forbidden page.
 */
#include "test.h"

#include <nettle/arcfour.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>

#include "crc32.h"
#include "hmac.h"
#include "md5.h"
#include "rc4.h"
#include "sealer.h"

#define MOST 8192
static unsigned char text[MOST];

static uint32_t below(uint32_t n)
{
    return test_random() % n;
}

static void make_text(size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)test_random();
}

/* A random part of what is left: short ones, and now and then all. */
static size_t piece(size_t left)
{
    size_t n = below(4) ? below(150) : below(MOST);

    return n < left ? n : left;
}

/* Digests as their standards write them. */
static void same(const unsigned char *bytes, const char *hex, size_t n)
{
    char written[2 * MD5_DIGEST + 1];

    for (size_t i = 0; i < n; i++)
        sprintf(written + 2 * i, "%02x", bytes[i]);
    assert_string_equal(written, hex);
}

static void md5_vectors_of_rfc_1321(void **state)
{
    static const struct {
        const char *text, *digest;
    } rows[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char digest[MD5_DIGEST];
        struct md5 md5;

        md5_begin(&md5);
        md5_add(&md5, (const unsigned char *)rows[i].text, strlen(rows[i].text));
        md5_end(&md5, digest);
        same(digest, rows[i].digest, sizeof digest);
    }
}

/* Those whose key is not longer than a block. */
static void hmac_vectors_of_rfc_2202(void **state)
{
    static const struct {
        const char *key;
        size_t key_n;
        const char *text;
        size_t text_n;
        const char *digest;
    } rows[] = {
#define N(string) string, sizeof(string) - 1
#define TEN(c)    c c c c c c c c c c
#define FIFTY(c)  TEN(c) TEN(c) TEN(c) TEN(c) TEN(c)
        {N("\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb\xb"), N("Hi There"),
         "9294727a3638bb1c13f48ef8158bfc9d"},
        {N("Jefe"), N("what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738"},
        {N(TEN("\xaa") "\xaa\xaa\xaa\xaa\xaa\xaa"), N(FIFTY("\xdd")),
         "56be34521d144c88dbb8c733f0e8b3f6"},
        {N("\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"),
         N(FIFTY("\xcd")), "697eaf0aca3a3aea3a75164746ffaa79"},
        {N("\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc\xc"), N("Test With Truncation"),
         "56461ef2342edc00f9bab995690efd4c"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char digest[MD5_DIGEST];
        struct hmac hmac;

        hmac_begin(&hmac, (struct span){(unsigned char *)(size_t)rows[i].key, rows[i].key_n});
        hmac_add(&hmac, (const unsigned char *)rows[i].text, rows[i].text_n);
        hmac_end(&hmac, digest);
        same(digest, rows[i].digest, sizeof digest);
    }
}

static void rc4_vectors_of_rfc_6229(void **state)
{
    static const struct {
        size_t key_n, at;
        const char *stream;
    } rows[] = {
        {5, 0, "b2396305f03dc027ccc3524a0a1118a8"},     {5, 16, "6982944f18fc82d589c403a47a0d0919"},
        {5, 4096, "ff25b58995996707e51fbdf08b34d875"},  {16, 0, "9ac7cc9a609d1ef7b2932899cde41b97"},
        {16, 4096, "a36a4c301ae8ac13610ccbc12256cacc"},
    };
    unsigned char key[16], stream[16];

    (void)state;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)(i + 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rc4 rc4;

        rc4_begin(&rc4, (struct span){key, rows[i].key_n});
        rc4_skip(&rc4, rows[i].at);
        memset(stream, 0, sizeof stream);
        rc4_apply(&rc4, stream, stream, sizeof stream);
        same(stream, rows[i].stream, sizeof stream);
    }
}

/* With each length of key: some of the stream is used, some skipped; a copy follows each step. */
static void rc4_is_that_of_nettle(void **state)
{
    (void)state;
    for (size_t key_n = 1; key_n <= 256; key_n++) {
        static unsigned char want[MOST], got[MOST], skipped[MOST];
        struct arcfour_ctx other;
        struct rc4 rc4;

        make_text(key_n);
        arcfour_set_key(&other, key_n, text);
        rc4_begin(&rc4, test_guarded(text, key_n));
        for (unsigned i = 0; i < 30; i++) {
            size_t n = piece(i % 10 ? 300 : MOST);
            struct rc4 copy = rc4;
            struct span from;

            make_text(n);
            from = test_guarded(text, n);
            arcfour_crypt(&other, n, want, text);
            rc4_apply(&rc4, from.at, got, n);
            assert_memory_equal(got, want, n);
            rc4_apply(&copy, text, text, n);
            assert_memory_equal(text, want, n);
            assert_memory_equal(&copy, &rc4, sizeof rc4);
            n = piece(300);
            arcfour_crypt(&other, n, skipped, skipped);
            rc4_skip(&rc4, n);
        }
    }
}

static void digest_in_pieces(size_t n, const unsigned char *want)
{
    unsigned char digest[MD5_DIGEST];
    size_t at = 0, part;
    struct md5 md5, copy;

    md5_begin(&md5);
    while (at < n) {
        part = piece(n - at);
        if (below(3) == 0) {
            /* The one that has been copied is led astray, and the copy goes on. */
            copy = md5;
            md5_add(&md5, text, below(100));
            md5 = copy;
        }
        md5_add(&md5, test_guarded(text + at, part).at, part);
        at += part;
    }
    md5_end(&md5, digest);
    assert_memory_equal(digest, want, sizeof digest);
}

static void md5_is_that_of_nettle(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        size_t n = i < 300 ? i : below(MOST);
        unsigned char want[MD5_DIGEST];
        struct md5_ctx other;

        make_text(n);
        md5_init(&other);
        md5_update(&other, n, text);
        md5_digest(&other, sizeof want, want);
        digest_in_pieces(n, want);
    }
}

/* Both have seen as many bytes as nobody wants to wait for. */
static void md5_counts_in_64_bits(void **state)
{
    static const uint64_t counts[] = {1u << 29, (uint64_t)1 << 32, 0x123456789ABCC0u};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        unsigned char want[MD5_DIGEST], digest[MD5_DIGEST];
        struct md5_ctx other;
        struct md5 md5;

        md5_init(&other);
        md5_begin(&md5);
        other.count = counts[i] / MD5_BLOCK;
        md5.n = counts[i];
        md5_update(&other, 5, text);
        md5_add(&md5, text, 5);
        md5_digest(&other, sizeof want, want);
        md5_end(&md5, digest);
        assert_memory_equal(digest, want, sizeof digest);
    }
}

/* Keyed once, copied for each text. */
static void hmac_is_that_of_nettle(void **state)
{
    (void)state;
    for (size_t key_n = 0; key_n <= MD5_BLOCK; key_n++) {
        struct hmac_md5_ctx other;
        struct hmac keyed;

        make_text(key_n);
        hmac_md5_set_key(&other, key_n, text);
        hmac_begin(&keyed, test_guarded(text, key_n));
        for (unsigned i = 0; i < 20; i++) {
            unsigned char want[MD5_DIGEST], digest[MD5_DIGEST];
            size_t n = below(i % 10 ? 200 : MOST), cut = n ? below((uint32_t)n) : 0;
            struct hmac hmac = keyed;

            make_text(n);
            hmac_md5_update(&other, n, text);
            hmac_md5_digest(&other, sizeof want, want);
            hmac_add(&hmac, text, cut);
            hmac_add(&hmac, test_guarded(text + cut, n - cut).at, n - cut);
            hmac_end(&hmac, digest);
            assert_memory_equal(digest, want, sizeof digest);
        }
    }
}

static void crc32_is_that_of_the_division(void **state)
{
    (void)state;
    /* The check value of the catalogues. */
    assert_int_equal(crc32_add(0, (const unsigned char *)"123456789", 9), 0xCBF43926u);
    for (unsigned i = 0; i < 2000; i++) {
        size_t n = i < 300 ? i : below(i % 10 ? 300 : MOST), at = 0, part;
        uint32_t crc = 0;

        make_text(n);
        for (; at < n; at += part) {
            part = piece(n - at);
            crc = crc32_add(crc, test_guarded(text + at, part).at, part);
        }
        assert_int_equal(crc, sealer_crc((struct span){text, n}));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(md5_vectors_of_rfc_1321), cmocka_unit_test(hmac_vectors_of_rfc_2202),
    cmocka_unit_test(rc4_vectors_of_rfc_6229), cmocka_unit_test(rc4_is_that_of_nettle),
    cmocka_unit_test(md5_is_that_of_nettle),   cmocka_unit_test(md5_counts_in_64_bits),
    cmocka_unit_test(hmac_is_that_of_nettle),  cmocka_unit_test(crc32_is_that_of_the_division),
};

TEST_MAIN("crypt", tests)
