/*
 * Zoo_message: programs that hand what they read to NTLM without a frame of their own around it,
 * after the old sample and otherwise. Reads that hold several blocks are repaired by default.
 */
#include "zoo.h"

static int start(void **state)
{
    (void)state;
    test_fail_memory(0);
    return 0;
}

static size_t le32(const unsigned char *at)
{
    return at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* Z9: reads until the peer closes, goes by its own length and does not care for the status.
 * `text`: takes what it got for a string. */
static void z09(struct zoo *zoo, bool text)
{
    unsigned char *at = zoo->memory + 4;
    size_t n = 0, more;
    SecBuffer a[2];

    while ((more = zoo_recv(zoo, zoo->memory + n, ZOO_MEMORY - n)))
        n += more;
    if (n < 4 + zoo->token || le32(zoo->memory) != zoo->token)
        return;
    zoo_token_first(zoo, a, at, n - 4);
    zoo_unseal(zoo, a, 2, at, n - 4);
    at += zoo->token;
    n -= 4 + zoo->token;
    zoo_take(zoo, at, text ? strnlen((char *)at, n) : n);
}

static void z09_text_run(struct zoo *zoo)
{
    z09(zoo, true);
}

static void z09_binary_run(struct zoo *zoo)
{
    z09(zoo, false);
}

/* Z10: one read, one call, and it goes by the length that comes back. A token's length that cannot
 * be true, where the sample would run wild, ends it. */
static void z10_run(struct zoo *zoo)
{
    size_t n, size;

    while ((n = zoo_recv(zoo, zoo->memory, ZOO_MEMORY))) {
        SecBuffer a[2];

        size = n >= 4 ? le32(zoo->memory) : ZOO_MEMORY;
        if (size != zoo->token || size > n - 4)
            return;
        zoo_token_first(zoo, a, zoo->memory + 4, n - 4);
        if (zoo_unseal(zoo, a, 2, zoo->memory + 4, n - 4) != SEC_E_OK)
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    }
}

/* Z11: the token is last, and it goes by its own length. */
static void z11(struct zoo *zoo, bool text)
{
    unsigned char *at = zoo->memory;
    size_t n, own;

    zoo->no_qop = true;
    while ((n = zoo_recv(zoo, at, ZOO_MEMORY)) >= zoo->token) {
        SecBuffer a[2] = {{(ULONG)n - zoo->token, SECBUFFER_DATA, at},
                          {zoo->token, SECBUFFER_TOKEN, at + n - zoo->token}};

        own = n - zoo->token;
        if (zoo_unseal(zoo, a, 2, at, n) != SEC_E_OK)
            return;
        zoo_take(zoo, at, text ? strnlen((char *)at, own) : own);
    }
}

static void z11_text_run(struct zoo *zoo)
{
    z11(zoo, true);
}

static void z11_binary_run(struct zoo *zoo)
{
    z11(zoo, false);
}

/* Z12: STREAM and a DATA of nothing, no qop, a number of its own. */
static void z12_run(struct zoo *zoo)
{
    size_t n;

    zoo->number = 1;
    zoo->no_qop = true;
    while ((n = zoo_recv(zoo, zoo->memory, ZOO_MEMORY))) {
        SecBuffer a[2] = {{(ULONG)n, SECBUFFER_STREAM, zoo->memory}, {0, SECBUFFER_DATA, NULL}};
        SecBuffer asked = a[0];

        if (zoo_unseal(zoo, a, 2, zoo->memory, n) != SEC_E_OK)
            return;
        if (memcmp(&a[0], &asked, sizeof asked) || a[1].BufferType != SECBUFFER_DATA)
            zoo->broken = "STREAM is not what it was";
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    }
}

#define BOTH .packages = ZOO_NTLM | ZOO_DCE
static const struct zoo_animal z09_text = {.run = z09_text_run, BOTH, .prefix = ZOO_TOKEN_LE32};
static const struct zoo_animal z09_binary = {.run = z09_binary_run, BOTH, .prefix = ZOO_TOKEN_LE32};
static const struct zoo_animal z10 = {.run = z10_run, BOTH, .prefix = ZOO_TOKEN_LE32};
static const struct zoo_animal z11_text = {.run = z11_text_run, BOTH, .token_last = true};
static const struct zoo_animal z11_binary = {.run = z11_binary_run, BOTH, .token_last = true};
static const struct zoo_animal z12 = {.run = z12_run, BOTH};

/* However it arrives, Z9 has it all in one: garbage without the shim, every word with it. */
static const char *prints_all(const struct zoo_pair *pair)
{
    const struct zoo *plain = pair->plain, *shim = pair->shim;

    if (plain->calls[0].status == SEC_E_OK)
        return "the provider took it";
    return shim->got_n == pair->stream->text_n &&
                   !memcmp(shim->got, pair->stream->text, shim->got_n)
               ? NULL
               : "it does not print what was sent";
}

/* The same by its own length: the words, and zeros where the headers were. */
static const char *zeros_behind(const struct zoo_pair *pair)
{
    const struct zoo *shim = pair->shim;
    size_t n = pair->stream->text_n;

    if (shim->got_n != pair->stream->n - 4 - shim->token ||
        memcmp(shim->got, pair->stream->text, n))
        return "what was sent is not at the start";
    for (size_t i = n; i < shim->got_n; i++)
        if (shim->got[i])
            return "there are other bytes behind it";
    return NULL;
}

/* Nothing wrong is taken for right, and it is not all. */
static const char *stops_early(const struct zoo_pair *pair)
{
    const struct zoo *plain = pair->plain, *shim = pair->shim;

    if (pair->fit == ZOO_BLOCKS)
        return zoo_works(pair);
    if (pair->fit == ZOO_WHOLE_BLOCKS)
        return zoo_repaired(pair);
    if (shim->got_n < plain->got_n || shim->got_n >= pair->stream->text_n)
        return "it got less than without the shim, or all";
    return memcmp(shim->got, pair->stream->text, shim->got_n) ? "it got something wrong" : NULL;
}

/* All that is genuine; what is behind it, Kerberos's, may wait for a call that does not come. */
static const char *genuine(const struct zoo_pair *pair)
{
    if (pair->shim->got_n != pair->stream->text_n)
        return "not all that is genuine";
    return zoo_begins(pair) ? NULL : "it got something wrong";
}

/* As repaired; and the provider saw numbers without a gap. */
static const char *repaired_in_step(const struct zoo_pair *pair)
{
    for (unsigned i = 0; i < fake_calls; i++)
        if (fake_call[i].number != 1 + i)
            return "a number is out of step";
    return zoo_repaired(pair);
}

static void z09_sdk_sample_prints_all(void **state)
{
    (void)state;
    zoo_each(&z09_text, zoo_plain, ZOO_ALL, prints_all);
    zoo_each(&z09_text, zoo_empty, ZOO_ALL, prints_all);
    zoo_each(&z09_text, zoo_forged, ZOO_ALL, prints_all);
}

static void z09_sdk_sample_with_binary_sees_zeros(void **state)
{
    (void)state;
    zoo_each(&z09_binary, zoo_plain, ZOO_ALL, zeros_behind);
    zoo_each(&z09_binary, zoo_empty, ZOO_ALL, zeros_behind);
}

static void z10_sdk_port_is_repaired_of_merges(void **state)
{
    (void)state;
    zoo_each(&z10, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z10, zoo_empty, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z10, zoo_forged, ZOO_EXACT, zoo_works);
    zoo_each(&z10, zoo_forged, ZOO_MERGED, genuine);
}

static void z10_sdk_port_is_not_helped_with_splits(void **state)
{
    (void)state;
    zoo_each(&z10, zoo_plain, ZOO_CUT, stops_early);
    zoo_each(&z10, zoo_empty, ZOO_CUT, stops_early);
}

static void z11_token_last_is_repaired_of_merges(void **state)
{
    (void)state;
    zoo_each(&z11_text, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z11_text, zoo_empty, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
}

static void z11_token_last_with_binary_is_untouched_when_exact(void **state)
{
    (void)state;
    zoo_each(&z11_binary, zoo_plain, ZOO_EXACT, zoo_works);
    zoo_each(&z11_binary, zoo_empty, ZOO_EXACT, zoo_works);
    zoo_each(&z11_binary, zoo_forged, ZOO_EXACT, zoo_works);
}

static void z12_stream_is_repaired_of_merges(void **state)
{
    (void)state;
    zoo_each(&z12, zoo_plain, ZOO_EXACT | ZOO_MERGED, repaired_in_step);
    zoo_each(&z12, zoo_empty, ZOO_EXACT | ZOO_MERGED, repaired_in_step);
    zoo_each(&z12, zoo_forged, ZOO_EXACT, zoo_works);
    zoo_each(&z12, zoo_forged, ZOO_MERGED, genuine);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, start)
    TEST(z09_sdk_sample_prints_all),
    TEST(z09_sdk_sample_with_binary_sees_zeros),
    TEST(z10_sdk_port_is_repaired_of_merges),
    TEST(z10_sdk_port_is_not_helped_with_splits),
    TEST(z11_token_last_is_repaired_of_merges),
    TEST(z11_token_last_with_binary_is_untouched_when_exact),
    TEST(z12_stream_is_repaired_of_merges),
};

TEST_MAIN("zoo_message", tests)
