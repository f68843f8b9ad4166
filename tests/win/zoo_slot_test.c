/*
 * Zoo_slot: callers of NTLM with free elements in their arrays, of which no table of callers told:
 * those that take EXTRA and MISSING for what they are, and those that never look.
 */
#include "zoo.h"

static int start(void **state)
{
    (void)state;
    test_fail_memory(0);
    return 0;
}

/* One free slot: EXTRA is kept and drained, MISSING says how much it reads next. */
static void slot_run(struct zoo *zoo)
{
    size_t have = 0, want = ZOO_MEMORY, more;

    while ((more = zoo_recv(zoo, zoo->memory + have, want))) {
        SECURITY_STATUS status = SEC_E_OK;

        for (have += more; have && status == SEC_E_OK;) {
            SecBuffer a[3];

            zoo_token_first(zoo, a, zoo->memory, have);
            a[2] = (SecBuffer){0xBEEF, SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD};
            status = zoo_unseal(zoo, a, 3, zoo->memory, have);
            want = a[2].BufferType == SECBUFFER_MISSING ? a[2].cbBuffer : ZOO_MEMORY - have;
            if (status != SEC_E_OK)
                continue;
            zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
            more = a[2].BufferType == SECBUFFER_EXTRA ? a[2].cbBuffer : 0;
            memmove(zoo->memory, zoo->memory + have - more, more);
            have = more;
            want = ZOO_MEMORY - have;
        }
        if (status != SEC_E_OK && status != SEC_E_INCOMPLETE_MESSAGE)
            return;
    }
}

/* One array for good, free slots in it that it never looks at. */
static void persistent_run(struct zoo *zoo)
{
    SecBuffer a[4] = {{0}};
    size_t n;

    while ((n = zoo_recv(zoo, zoo->memory, ZOO_MEMORY))) {
        zoo_token_first(zoo, a, zoo->memory, n);
        if (zoo_unseal(zoo, a, 4, zoo->memory, n) != SEC_E_OK)
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    }
}

#define BOTH .packages = ZOO_NTLM | ZOO_DCE
static const struct zoo_animal bare_slot = {.run = slot_run, BOTH};
static const struct zoo_animal bare_persistent = {.run = persistent_run, BOTH};
static const struct zoo_animal slot = {
    .run = slot_run, BOTH, .prefix = ZOO_REST_BE32, .set = zoo_prefix_report};

/* The program is none that works without the shim: its frames are before its tokens. */
static const char *enabled(const struct zoo_pair *pair)
{
    if (pair->plain->got_n)
        return "it works without the shim";
    return pair->shim->got_n == pair->stream->text_n && zoo_begins(pair) && !pair->shim->lost
               ? NULL
               : "not repaired";
}

/* What was offered in the slot comes first at the next call; after the last one it stays. */
static const char *one_read_late(const struct zoo_pair *pair)
{
    if (pair->fit == ZOO_BLOCKS)
        return zoo_works(pair);
    return zoo_begins(pair) && (pair->shim->lost || pair->shim->got_n == pair->stream->text_n)
               ? NULL
               : "something is wrong or gone";
}

static void z22_slot_honoured_is_repaired_by_default(void **state)
{
    (void)state;
    zoo_each(&bare_slot, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&bare_slot, zoo_empty, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
}

static void z22_slot_with_missing_is_repaired_by_prefix_and_report(void **state)
{
    (void)state;
    zoo_each(&slot, zoo_plain, ZOO_ALL, enabled);
    zoo_each(&slot, zoo_empty, ZOO_ALL, enabled);
}

static void z23_persistent_array_comes_one_read_late(void **state)
{
    (void)state;
    zoo_each(&bare_persistent, zoo_plain, ZOO_EXACT | ZOO_MERGED, one_read_late);
    zoo_each(&bare_persistent, zoo_empty, ZOO_EXACT | ZOO_MERGED, one_read_late);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, start)
    TEST(z22_slot_honoured_is_repaired_by_default),
    TEST(z22_slot_with_missing_is_repaired_by_prefix_and_report),
    TEST(z23_persistent_array_comes_one_read_late),
};

TEST_MAIN("zoo_slot", tests)
