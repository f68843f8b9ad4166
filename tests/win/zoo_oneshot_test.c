/*
 * Zoo_oneshot: programs to which one read is one record of Schannel's. They lose what is behind
 * the first one, or stop where a record is not all there; Schannel=repair is for them. And what
 * that setting does to the others.
 */
#include "zoo.h"

#define WILD ((SecBuffer){0xBEEF, SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD})

enum oneshot_drops {
    ONESHOT_ALL,      /* what is behind a record, always */
    ONESHOT_BUT_STEP, /* not what is behind one that asks for a handshake step */
    ONESHOT_PARTIAL,  /* only what is not a whole record, and goes on */
    ONESHOT_BOTH,     /* that and what is behind a record, and goes on */
};

static int start(void **state)
{
    (void)state;
    test_fail_memory(0);
    return 0;
}

/* The one element of this type, or NULL. */
static PSecBuffer find(SecBuffer a[4], ULONG type)
{
    for (int i = 0; i < 4; i++)
        if (a[i].BufferType == type)
            return &a[i];
    return NULL;
}

/* One call; gives the bytes that it presents again, which are then first in its memory. */
static size_t one_call(struct zoo *zoo, size_t n, enum oneshot_drops drops, SECURITY_STATUS *status)
{
    SecBuffer a[4] = {{(ULONG)n, SECBUFFER_DATA, zoo->memory}, WILD, WILD, WILD};
    PSecBuffer data, extra;
    size_t left;

    *status = zoo_unseal(zoo, a, 4, zoo->memory, n);
    data = find(a, SECBUFFER_DATA);
    extra = find(a, SECBUFFER_EXTRA);
    if (*status < 0)
        return 0;
    if (data) {
        zoo_take(zoo, data->pvBuffer, data->cbBuffer);
        if (drops == ONESHOT_ALL)
            ((char *)data->pvBuffer)[data->cbBuffer] = 0; /* to print it */
    }
    if (*status == SEC_I_RENEGOTIATE)
        zoo_step(zoo);
    if (!extra || *status == SEC_I_CONTEXT_EXPIRED || drops == ONESHOT_ALL ||
        (drops != ONESHOT_PARTIAL && *status != SEC_I_RENEGOTIATE))
        return 0;
    left = extra->cbBuffer;
    memmove(zoo->memory, extra->pvBuffer, left);
    return left;
}

static void oneshot(struct zoo *zoo, enum oneshot_drops drops)
{
    bool goes_on = drops == ONESHOT_PARTIAL || drops == ONESHOT_BOTH;
    size_t n;

    while ((n = zoo_recv(zoo, zoo->memory, ZOO_MEMORY))) {
        SECURITY_STATUS status = SEC_E_OK;

        while (n)
            n = one_call(zoo, n, drops, &status);
        if (status == SEC_I_CONTEXT_EXPIRED ||
            (status < 0 && !(goes_on && status == SEC_E_INCOMPLETE_MESSAGE)))
            return;
    }
}

/* Z7: what is not one whole record ends it; it writes a NUL behind the text. */
static void z07_run(struct zoo *zoo)
{
    oneshot(zoo, ONESHOT_ALL);
}

static void z07_step_run(struct zoo *zoo)
{
    oneshot(zoo, ONESHOT_BUT_STEP);
}

/* As winhttp where its second read fails: keeps what is behind a record, drops what is incomplete.
 */
static void dropper_run(struct zoo *zoo)
{
    oneshot(zoo, ONESHOT_PARTIAL);
}

/* As hostap: a copy for each call, of which it keeps nothing. */
static void copier_run(struct zoo *zoo)
{
    oneshot(zoo, ONESHOT_BOTH);
}

/* A good one: presents everything again. Data of no bytes are the end for some (`strict`). */
static void drains(struct zoo *zoo, bool strict)
{
    size_t have = 0, more;

    while ((more = zoo_recv(zoo, zoo->memory + have, ZOO_MEMORY - have))) {
        SECURITY_STATUS status = SEC_E_OK;

        for (have += more; have && status != SEC_E_INCOMPLETE_MESSAGE;) {
            SecBuffer a[4] = {{(ULONG)have, SECBUFFER_DATA, zoo->memory}};

            status = zoo_unseal(zoo, a, 4, zoo->memory, have);
            if (status == SEC_E_INCOMPLETE_MESSAGE)
                break;
            if (status < 0 || (strict && status == SEC_E_OK && !a[1].cbBuffer))
                return;
            if (a[0].BufferType != SECBUFFER_STREAM_HEADER || a[1].BufferType != SECBUFFER_DATA ||
                a[2].BufferType != SECBUFFER_STREAM_TRAILER)
                zoo->broken = "an element is not what it has to be";
            zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
            have = a[3].BufferType == SECBUFFER_EXTRA ? a[3].cbBuffer : 0;
            memmove(zoo->memory, a[3].pvBuffer ? a[3].pvBuffer : zoo->memory, have);
            if (status == SEC_I_RENEGOTIATE)
                zoo_step(zoo);
            if (status == SEC_I_CONTEXT_EXPIRED)
                return;
        }
    }
}

static void drains_run(struct zoo *zoo)
{
    drains(zoo, false);
}

static void strict_run(struct zoo *zoo)
{
    drains(zoo, true);
}

#define REPAIR .packages = ZOO_TLS, .set = zoo_schannel_repair
static const struct zoo_animal z07 = {.run = z07_run, .packages = ZOO_TLS};
static const struct zoo_animal z07_repair = {.run = z07_run, REPAIR};
static const struct zoo_animal z07_step_repair = {.run = z07_step_run, REPAIR};
static const struct zoo_animal dropper = {.run = dropper_run, .packages = ZOO_TLS};
static const struct zoo_animal dropper_repair = {.run = dropper_run, REPAIR};
static const struct zoo_animal copier = {.run = copier_run, .packages = ZOO_TLS};
static const struct zoo_animal copier_repair = {.run = copier_run, REPAIR};
static const struct zoo_animal drains_repair = {.run = drains_run, REPAIR};
static const struct zoo_animal strict_repair = {.run = strict_run, REPAIR};

/* What is behind a message that asks for a step is the program's, which drops it. */
static const char *loses_behind_a_step(const struct zoo_pair *pair)
{
    const struct zoo *shim = pair->shim;

    if (pair->fit == ZOO_BLOCKS)
        return zoo_works(pair);
    if (shim->got_n >= pair->stream->text_n)
        return "it is all there";
    return memcmp(shim->got, pair->stream->text, shim->got_n) ? "it got something wrong" : NULL;
}

/* Good without the shim; with it nothing is wrong or twice, but some of it may come late. */
static const char *at_most_late(const struct zoo_pair *pair)
{
    size_t n = pair->shim->got_n;

    if (pair->plain->got_n != pair->stream->text_n)
        return "does not work without the shim";
    if (memcmp(pair->shim->got, pair->stream->text, n))
        return "it got something wrong";
    return n + pair->shim->lost == pair->stream->text_n ? NULL : "something is gone";
}

/* It takes an answer without data for the end. */
static const char *stops_at_no_data(const struct zoo_pair *pair)
{
    if (pair->plain->got_n != pair->stream->text_n)
        return "does not work without the shim";
    if (pair->fit != ZOO_PARTS_OF_BLOCKS)
        return pair->shim->got_n == pair->stream->text_n ? NULL : "not all of what was whole";
    return pair->shim->got_n < pair->stream->text_n ? NULL : "it is all there";
}

static void z07_one_shot_is_untouched_by_default(void **state)
{
    (void)state;
    zoo_each(&z07, zoo_plain, ZOO_ALL, zoo_lossy);
    zoo_each(&z07, zoo_empty, ZOO_ALL, zoo_lossy);
    zoo_each(&z07, zoo_tickets, ZOO_ALL, zoo_lossy);
    zoo_each(&z07, zoo_closed, ZOO_MERGED, zoo_lossy);
    zoo_each(&z07, zoo_forged, ZOO_ALL, zoo_same);
}

static void z07_one_shot_is_repaired_by_setting(void **state)
{
    (void)state;
    zoo_each(&z07_repair, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z07_repair, zoo_empty, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z07_repair, zoo_closed, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z07_repair, zoo_forged, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
}

static void z07_one_shot_cut_is_repaired_late_by_setting(void **state)
{
    (void)state;
    zoo_each(&z07_repair, zoo_plain, ZOO_CUT, zoo_delayed);
    zoo_each(&z07_repair, zoo_empty, ZOO_CUT, zoo_delayed);
}

static void z07_one_shot_loses_what_is_behind_a_ticket(void **state)
{
    (void)state;
    zoo_each(&z07_repair, zoo_tickets, ZOO_EXACT | ZOO_MERGED, loses_behind_a_step);
}

static void z07_one_shot_that_steps_is_repaired_by_setting(void **state)
{
    (void)state;
    zoo_each(&z07_step_repair, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&z07_step_repair, zoo_tickets, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    /* Byte by byte there is never room, and a step drops what waits for some. */
    zoo_each(&z07_step_repair, zoo_tickets, ZOO_SPLIT | ZOO_MIXED, zoo_delayed);
}

static void z16_partial_dropper_is_untouched_by_default(void **state)
{
    (void)state;
    zoo_each(&dropper, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_works);
    zoo_each(&dropper, zoo_tickets, ZOO_EXACT | ZOO_MERGED, zoo_works);
    zoo_each(&dropper, zoo_plain, ZOO_CUT, zoo_same);
}

static void z16_partial_dropper_is_repaired_late_by_setting(void **state)
{
    (void)state;
    zoo_each(&dropper_repair, zoo_plain, ZOO_DRIBBLE, zoo_delayed);
    zoo_each(&dropper_repair, zoo_plain, ZOO_SPLIT, zoo_delayed);
    zoo_each(&dropper_repair, zoo_empty, ZOO_SPLIT, zoo_delayed);
}

static void z17_copier_is_untouched_by_default(void **state)
{
    (void)state;
    zoo_each(&copier, zoo_plain, ZOO_ALL, zoo_lossy);
}

static void z17_copier_is_repaired_by_setting(void **state)
{
    (void)state;
    zoo_each(&copier_repair, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
    zoo_each(&copier_repair, zoo_plain, ZOO_CUT, zoo_delayed);
    zoo_each(&copier_repair, zoo_tickets, ZOO_EXACT | ZOO_MERGED, zoo_repaired);
}

static void z01_drainer_bears_the_setting(void **state)
{
    (void)state;
    zoo_each(&drains_repair, zoo_plain, ZOO_ALL, at_most_late);
    zoo_each(&drains_repair, zoo_empty, ZOO_ALL, at_most_late);
    zoo_each(&drains_repair, zoo_tickets, ZOO_ALL & ~ZOO_DRIBBLE, at_most_late);
    zoo_each(&drains_repair, zoo_closed, ZOO_MERGED, at_most_late);
}

static void z04_setting_is_not_for_those_who_end_at_no_data(void **state)
{
    (void)state;
    zoo_each(&strict_repair, zoo_plain, ZOO_ALL & ~ZOO_MIXED, stops_at_no_data);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, start)
    TEST(z07_one_shot_is_untouched_by_default),
    TEST(z07_one_shot_is_repaired_by_setting),
    TEST(z07_one_shot_cut_is_repaired_late_by_setting),
    TEST(z07_one_shot_loses_what_is_behind_a_ticket),
    TEST(z07_one_shot_that_steps_is_repaired_by_setting),
    TEST(z16_partial_dropper_is_untouched_by_default),
    TEST(z16_partial_dropper_is_repaired_late_by_setting),
    TEST(z17_copier_is_untouched_by_default),
    TEST(z17_copier_is_repaired_by_setting),
    TEST(z01_drainer_bears_the_setting),
    TEST(z04_setting_is_not_for_those_who_end_at_no_data),
};

TEST_MAIN("zoo_oneshot", tests)
