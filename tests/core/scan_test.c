/*
 * Scan: linked once with each of the two implementations, against the obvious loop.
 */
#include "test.h"

#include "bytes.h"
#include "scan.h"

/* NTLM's version, the start of a Kerberos token, and patterns that begin again within themselves.
 */
static const char *const words[] = {"\1\0\0\0", "\5\4\7\xFF", "\1\1\1\1", "\0\1\0\1", "\1\1\0\1"};
#define WORDS (sizeof words / sizeof *words)

static size_t obvious(const unsigned char *at, size_t n, size_t from, const char *word)
{
    for (size_t p = from; p + 4 <= n; p++)
        if (memcmp(at + p, word, 4) == 0)
            return p;
    return n;
}

static void agree(const unsigned char *bytes, size_t n, const char *word)
{
    struct span at = test_guarded(bytes, n);

    for (size_t from = 0; from <= n + 1; from++)
        assert_int_equal(scan_word(at.at, n, from, bytes_le32((const unsigned char *)word)),
                         obvious(at.at, n, from, word));
}

static void finds_the_pattern_at_every_place_of_every_length(void **state)
{
    unsigned char bytes[120];

    (void)state;
    for (size_t w = 0; w < WORDS; w++) {
        for (size_t n = 0; n <= 110; n++) {
            memset(bytes, 0xCC, sizeof bytes);
            agree(bytes, n, words[w]);
            for (size_t p = 0; p + 4 <= n; p++) {
                memset(bytes, 0xCC, sizeof bytes);
                memcpy(bytes + p, words[w], 4);
                agree(bytes, n, words[w]);
            }
        }
    }
}

static void near_misses_do_not_hide_it(void **state)
{
    unsigned char bytes[150];

    (void)state;
    /* Only the bytes that matter, so that nearly every place is half a match. */
    for (int round = 0; round < 8000; round++) {
        size_t n = test_random() % sizeof bytes;

        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)(test_random() % 5 ? test_random() % 2 * (round % 2) : 1);
        agree(bytes, n, words[round % WORDS]);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(finds_the_pattern_at_every_place_of_every_length),
    cmocka_unit_test(near_misses_do_not_hide_it),
};

TEST_MAIN(SUITE, tests)
