/*
 * Zoo_partial: callers that the first table of the zoo forgot: those to whom NTLM's blocks come in
 * pieces. Where the frame's length is known by setting, nothing is lost,
 * in the ways of each; without it a piece of a block looks like a block.
 */
#include "zoo.h"

static int start(void **state)
{
    (void)state;
    test_fail_memory(0);
    return 0;
}

enum partial_keeps {
    PARTIAL_NOTHING, /* the next call brings new bytes only */
    PARTIAL_ALL,     /* after INCOMPLETE_MESSAGE all of it again, elsewhere in its memory */
};

#define ELSEWHERE (ZOO_MEMORY / 2)

/* TOKEN and DATA over whatever was read. */
static void raw(struct zoo *zoo, enum partial_keeps keeps)
{
    unsigned char *at = zoo->memory;
    size_t have = 0, more;

    while ((more = zoo_recv(zoo, at + have, ELSEWHERE - have))) {
        SecBuffer a[2];
        SECURITY_STATUS status;

        have += more;
        zoo_token_first(zoo, a, at, have);
        status = zoo_unseal(zoo, a, 2, at, have);
        if (status == SEC_E_OK)
            zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
        else if (status != SEC_E_INCOMPLETE_MESSAGE)
            return;
        if (status == SEC_E_OK || keeps == PARTIAL_NOTHING) {
            have = 0;
            continue;
        }
        memcpy(at == zoo->memory ? at + ELSEWHERE : zoo->memory, at, have);
        at = at == zoo->memory ? at + ELSEWHERE : zoo->memory;
    }
}

static void new_only_run(struct zoo *zoo)
{
    raw(zoo, PARTIAL_NOTHING);
}

static void again_run(struct zoo *zoo)
{
    raw(zoo, PARTIAL_ALL);
}

/* STREAM over whatever was read, new bytes only. */
static void stream_run(struct zoo *zoo)
{
    size_t n;

    while ((n = zoo_recv(zoo, zoo->memory, ZOO_MEMORY))) {
        SecBuffer a[2] = {{(ULONG)n, SECBUFFER_STREAM, zoo->memory}, {0, SECBUFFER_DATA, NULL}};
        SECURITY_STATUS status = zoo_unseal(zoo, a, 2, zoo->memory, n);

        if (status == SEC_E_OK)
            zoo_take(zoo, a[1].pvBuffer ? a[1].pvBuffer : zoo->memory, a[1].cbBuffer);
        else if (status != SEC_E_INCOMPLETE_MESSAGE)
            return;
    }
}

/* Reads the frame's length, then takes each read for the rest of the frame. */
static void framed_run(struct zoo *zoo)
{
    unsigned char length[4];

    while (zoo_recv_all(zoo, length, sizeof length)) {
        for (size_t n, left = length[3]; left; left -= n) {
            SecBuffer a[2];

            n = zoo_recv(zoo, zoo->memory, left);
            if (!n)
                return;
            zoo_token_first(zoo, a, zoo->memory, n);
            if (zoo_unseal(zoo, a, 2, zoo->memory, n) != SEC_E_OK)
                return;
            zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
        }
    }
}

#define BOTH   .packages = ZOO_NTLM | ZOO_DCE
#define LENGTH .prefix = ZOO_REST_BE32
static const struct zoo_animal bare = {.run = new_only_run, BOTH};
static const struct zoo_animal bare_stream = {.run = stream_run, BOTH};
static const struct zoo_animal bare_again = {.run = again_run, BOTH, .set = zoo_report};
static const struct zoo_animal new_hold = {.run = new_only_run, BOTH, LENGTH, .set = zoo_prefix};
static const struct zoo_animal new_report = {
    .run = new_only_run, BOTH, LENGTH, .set = zoo_prefix_report};
static const struct zoo_animal again = {.run = again_run, BOTH, LENGTH, .set = zoo_prefix_report};
static const struct zoo_animal stream = {.run = stream_run, BOTH, LENGTH, .set = zoo_prefix};
static const struct zoo_animal framed = {
    .run = framed_run, BOTH, LENGTH, .set = zoo_prefix_stripped};
static const struct zoo_animal der = {.run = stream_run, .packages = ZOO_DER};

/* Merges are repaired, and no piece of a block is taken for right. */
static const char *merges_only(const struct zoo_pair *pair)
{
    if (pair->fit != ZOO_PARTS_OF_BLOCKS)
        return zoo_repaired(pair);
    if (!zoo_begins(pair) || pair->shim->got_n < pair->plain->got_n)
        return "it got something wrong, or less than without the shim";
    return NULL;
}

/* The program is none that works without the shim: its frames are before its tokens. */
static const char *enabled(const struct zoo_pair *pair)
{
    if (pair->plain->got_n)
        return "it works without the shim";
    return pair->shim->got_n == pair->stream->text_n && zoo_begins(pair) && !pair->shim->lost
               ? NULL
               : "not repaired";
}

/* So, but the last of it may not have come. */
static const char *enabled_late(const struct zoo_pair *pair)
{
    if (pair->fit != ZOO_PARTS_OF_BLOCKS)
        return enabled(pair);
    return zoo_begins(pair) && pair->shim->got_n + pair->shim->lost == pair->stream->text_n
               ? NULL
               : "something is wrong or gone";
}

/* The length was the program's: from a token on, a piece of the frame looks like all of it. */
static const char *no_worse(const struct zoo_pair *pair)
{
    if (pair->plain->got_n == pair->stream->text_n)
        return zoo_works(pair);
    return zoo_begins(pair) && pair->shim->got_n >= pair->plain->got_n
               ? NULL
               : "it got something wrong, or less than without the shim";
}

/*
 * As enabled_late; but of less than a header of a block it cannot be told whether it came again,
 * and it is taken so. Nothing wrong comes of it, and nothing more.
 */
static const char *enabled_behind_headers(const struct zoo_pair *pair)
{
    const struct zoo_stream *sent = pair->stream;
    size_t block = 0;

    for (unsigned i = 0; i < sent->blocks && sent->ends[i] <= pair->cut; i++)
        block = sent->ends[i];
    return pair->cut - block >= 4 + 16 ? enabled_late(pair)
           : zoo_begins(pair)          ? NULL
                                       : "it got something wrong";
}

static void z18_bare_pieces_are_not_helped(void **state)
{
    (void)state;
    zoo_each(&bare, zoo_plain, ZOO_ALL, merges_only);
    zoo_each(&bare_stream, zoo_plain, ZOO_ALL, merges_only);
    zoo_each(&bare_again, zoo_plain, ZOO_ALL, merges_only);
}

static void z19_new_bytes_only_are_repaired_by_prefix(void **state)
{
    (void)state;
    zoo_each(&new_hold, zoo_plain, ZOO_ALL, enabled_late);
    zoo_each(&new_hold, zoo_empty, ZOO_ALL, enabled_late);
}

static void z19_new_bytes_only_reported_are_repaired_by_prefix(void **state)
{
    (void)state;
    zoo_each(&new_report, zoo_plain, ZOO_EXACT | ZOO_MERGED, enabled);
    zoo_each(&new_report, zoo_plain, ZOO_SPLIT | ZOO_MIXED, enabled_behind_headers);
    zoo_each(&new_report, zoo_empty, ZOO_SPLIT | ZOO_MIXED, enabled_behind_headers);
}

static void z20_presented_again_elsewhere_is_repaired_by_prefix_and_report(void **state)
{
    (void)state;
    zoo_each(&again, zoo_plain, ZOO_ALL, enabled_late);
    zoo_each(&again, zoo_empty, ZOO_ALL, enabled_late);
}

static void z21_stream_is_repaired_by_prefix(void **state)
{
    (void)state;
    zoo_each(&stream, zoo_plain, ZOO_ALL, enabled_late);
    zoo_each(&stream, zoo_empty, ZOO_ALL, enabled_late);
}

static void z21_stream_of_der_is_repaired_by_default(void **state)
{
    (void)state;
    zoo_each(&der, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&der, zoo_plain, ZOO_CUT, zoo_delayed);
    /* Without any text a token looks like one of DCE style, whose length leaves the text out. */
    zoo_each(&der, zoo_empty, ZOO_EXACT, zoo_works);
}

static void z24_framed_short_reads_are_not_helped(void **state)
{
    (void)state;
    zoo_each(&framed, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_works);
    zoo_each(&framed, zoo_plain, ZOO_CUT, no_worse);
    zoo_each(&framed, zoo_empty, ZOO_CUT, no_worse);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, start)
    TEST(z18_bare_pieces_are_not_helped),
    TEST(z19_new_bytes_only_are_repaired_by_prefix),
    TEST(z19_new_bytes_only_reported_are_repaired_by_prefix),
    TEST(z20_presented_again_elsewhere_is_repaired_by_prefix_and_report),
    TEST(z21_stream_is_repaired_by_prefix),
    TEST(z21_stream_of_der_is_repaired_by_default),
    TEST(z24_framed_short_reads_are_not_helped),
};

TEST_MAIN("zoo_partial", tests)
