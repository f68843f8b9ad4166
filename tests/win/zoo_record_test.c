/*
 * Zoo_record: programs that do all that Schannel asks for, each in its manner. They must not be
 * able to tell that the shim is there.
 */
#include "zoo.h"

#define WILD ((SecBuffer){0xBEEF, SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD})

static int start(void **state)
{
    (void)state;
    test_fail_memory(0);
    return 0;
}

static void ask(SecBuffer a[4], unsigned char *at, size_t n, SecBuffer spare)
{
    a[0] = (SecBuffer){(ULONG)n, SECBUFFER_DATA, at};
    a[1] = a[2] = a[3] = spare;
}

static bool opened(SECURITY_STATUS status)
{
    return status == SEC_E_OK || status == SEC_I_RENEGOTIATE || status == SEC_I_CONTEXT_EXPIRED;
}

/* Z1: drains in a loop, every element in its place, EXTRA by its count. */
static bool z01_open(struct zoo *zoo, size_t *have)
{
    SecBuffer a[4];
    SECURITY_STATUS status;

    ask(a, zoo->memory, *have, (SecBuffer){0});
    status = zoo_unseal(zoo, a, 4, zoo->memory, *have);
    if (!opened(status)) {
        *have = status == SEC_E_INCOMPLETE_MESSAGE ? *have : ZOO_MEMORY; /* full: the end */
        return false;
    }
    if (a[0].BufferType != SECBUFFER_STREAM_HEADER || a[1].BufferType != SECBUFFER_DATA ||
        a[2].BufferType != SECBUFFER_STREAM_TRAILER)
        zoo->broken = "an element is not what it has to be";
    zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    if (a[3].BufferType == SECBUFFER_EXTRA)
        memmove(zoo->memory, zoo->memory + *have - a[3].cbBuffer, a[3].cbBuffer);
    *have = a[3].BufferType == SECBUFFER_EXTRA ? a[3].cbBuffer : 0;
    if (status == SEC_I_RENEGOTIATE)
        zoo_step(zoo);
    return *have && status != SEC_I_CONTEXT_EXPIRED;
}

static void z01_run(struct zoo *zoo)
{
    size_t have = 0, more;

    while (have < ZOO_MEMORY && (more = zoo_recv(zoo, zoo->memory + have, ZOO_MEMORY - have))) {
        have += more;
        while (z01_open(zoo, &have))
            ;
    }
}

/* Z2: one array for good, its first pointer set once, EXTRA through its pointer. */
static void z02_run(struct zoo *zoo)
{
    SecBuffer a[4] = {{0, 0, zoo->memory}, WILD, WILD, WILD};
    size_t have = 0, more = 1;

    while (more) {
        SECURITY_STATUS status;

        a[0].BufferType = SECBUFFER_DATA;
        a[0].cbBuffer = (ULONG)have;
        a[1].BufferType = a[2].BufferType = a[3].BufferType = SECBUFFER_EMPTY;
        status = have ? zoo_unseal(zoo, a, 4, zoo->memory, have)
                      : (SECURITY_STATUS)SEC_E_INCOMPLETE_MESSAGE;
        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            more = zoo_recv(zoo, zoo->memory + have, ZOO_MEMORY - have);
            have += more;
            continue;
        }
        if (!opened(status))
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
        have = a[3].BufferType == SECBUFFER_EXTRA ? a[3].cbBuffer : 0;
        memmove(zoo->memory, a[3].pvBuffer, have);
        if (status == SEC_I_RENEGOTIATE)
            zoo_step(zoo);
        if (status == SEC_I_CONTEXT_EXPIRED)
            return;
    }
}

/* Z3: goes on behind the last record without moving it; plaintext as an offset into its own
 * memory; reads what element 1 says is missing, or one byte. */
static void z03_run(struct zoo *zoo)
{
    size_t at = 0, have = 0, more = 1, want = 1;

    while (more) {
        SecBuffer a[4];
        SECURITY_STATUS status = SEC_E_INCOMPLETE_MESSAGE;
        size_t off;

        ask(a, zoo->memory + at, have, (SecBuffer){0});
        if (have)
            status = zoo_unseal(zoo, a, 4, zoo->memory + at, have);
        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            if (have && a[1].BufferType == SECBUFFER_MISSING)
                want = a[1].cbBuffer;
            memmove(zoo->memory, zoo->memory + at, have);
            at = 0;
            more = zoo_recv(zoo, zoo->memory + have, have ? want : ZOO_MEMORY);
            have += more;
            continue;
        }
        if (!opened(status))
            return;
        off = (size_t)((unsigned char *)a[1].pvBuffer - zoo->memory);
        if (off < at || off > at + have || a[1].cbBuffer > at + have - off) {
            zoo->broken = "the plaintext is not where the slice is";
            return;
        }
        zoo_take(zoo, zoo->memory + off, a[1].cbBuffer);
        at += have;
        have = a[3].BufferType == SECBUFFER_EXTRA ? a[3].cbBuffer : 0;
        at -= have;
        if (status == SEC_I_RENEGOTIATE)
            zoo_step(zoo);
        more = status != SEC_I_CONTEXT_EXPIRED;
    }
}

/* Z4: reads a header, and then just what element 0 says is missing. No data is the end. */
static void z04_run(struct zoo *zoo)
{
    size_t have = 0, want = FAKE_TLS_HEADER;

    while (want && zoo_recv_all(zoo, zoo->memory + have, want)) {
        SecBuffer a[4];
        SECURITY_STATUS status;

        have += want;
        ask(a, zoo->memory, have, WILD);
        status = zoo_unseal(zoo, a, 4, zoo->memory, have);
        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            want = a[0].BufferType == SECBUFFER_MISSING ? a[0].cbBuffer : 0;
            continue;
        }
        if (!opened(status) || a[3].BufferType == SECBUFFER_EXTRA)
            return;
        if (status == SEC_I_RENEGOTIATE)
            zoo_step(zoo);
        if (status == SEC_I_CONTEXT_EXPIRED || (status == SEC_E_OK && !a[1].cbBuffer))
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
        have = 0;
        want = FAKE_TLS_HEADER;
    }
}

/* Z5: one record, then it turns to other things. It takes the plaintext only when it comes back,
 * through the pointer that it kept, and reads behind EXTRA through that one's. */
static void z05_run(struct zoo *zoo)
{
    SecBuffer plain = {0}, left = {0, 0, zoo->memory};
    bool partial = true;

    for (;;) {
        SecBuffer a[4];
        SECURITY_STATUS status;
        unsigned char *at = left.pvBuffer;
        size_t more = 0;

        zoo_take(zoo, plain.pvBuffer ? plain.pvBuffer : at, plain.cbBuffer);
        plain = (SecBuffer){0};
        if (partial && !(more = zoo_recv(zoo, at + left.cbBuffer, 512)))
            return;
        left.cbBuffer += (ULONG)more;
        ask(a, at, left.cbBuffer, WILD);
        status = zoo_unseal(zoo, a, 4, at, left.cbBuffer);
        partial = status == SEC_E_INCOMPLETE_MESSAGE;
        if (partial)
            continue;
        if (!opened(status))
            return;
        plain = a[1];
        partial = a[3].BufferType != SECBUFFER_EXTRA;
        left = partial ? (SecBuffer){0, 0, zoo->memory} : a[3];
        if (status == SEC_I_RENEGOTIATE)
            zoo_step(zoo);
        if (status == SEC_I_CONTEXT_EXPIRED)
            return;
    }
}

/* Z6: frames by itself; whatever is not one whole record is an error. */
static void z06_run(struct zoo *zoo)
{
    unsigned char *at = zoo->memory;

    while (zoo_recv_all(zoo, at, FAKE_TLS_HEADER)) {
        size_t body = (size_t)at[3] << 8 | at[4];
        SecBuffer a[4];

        if (!zoo_recv_all(zoo, at + FAKE_TLS_HEADER, body))
            return;
        ask(a, at, FAKE_TLS_HEADER + body, (SecBuffer){0});
        if (zoo_unseal(zoo, a, 4, at, FAKE_TLS_HEADER + body) != SEC_E_OK ||
            a[3].BufferType == SECBUFFER_EXTRA)
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    }
}

static const struct zoo_animal z01 = {.run = z01_run, .packages = ZOO_TLS};
static const struct zoo_animal z02 = {.run = z02_run, .packages = ZOO_TLS};
static const struct zoo_animal z03 = {.run = z03_run, .packages = ZOO_TLS};
static const struct zoo_animal z04 = {.run = z04_run, .packages = ZOO_TLS};
static const struct zoo_animal z05 = {.run = z05_run, .packages = ZOO_TLS};
static const struct zoo_animal z06 = {.run = z06_run, .packages = ZOO_TLS};

/* In all pieces, over all that a peer may send. */
static void everywhere(const struct zoo_animal *animal)
{
    zoo_each(animal, zoo_plain, ZOO_ALL, zoo_works);
    zoo_each(animal, zoo_empty, ZOO_ALL, zoo_works);
    zoo_each(animal, zoo_tickets, ZOO_ALL, zoo_works);
    zoo_each(animal, zoo_closed, ZOO_ALL, zoo_works);
    zoo_each(animal, zoo_forged, ZOO_ALL, zoo_works);
}

/* The same of one that gives up at some of it. */
static void wherever_it_can(const struct zoo_animal *animal)
{
    zoo_each(animal, zoo_plain, ZOO_ALL, zoo_works);
    zoo_each(animal, zoo_empty, ZOO_ALL, zoo_same);
    zoo_each(animal, zoo_tickets, ZOO_ALL, zoo_same);
    zoo_each(animal, zoo_closed, ZOO_ALL, zoo_works);
    zoo_each(animal, zoo_forged, ZOO_ALL, zoo_works);
}

static void z01_fixed_slots_drained_are_untouched(void **state)
{
    (void)state;
    everywhere(&z01);
}

static void z02_persistent_array_is_untouched(void **state)
{
    (void)state;
    everywhere(&z02);
}

static void z03_offset_reader_is_untouched(void **state)
{
    (void)state;
    everywhere(&z03);
}

static void z04_reader_of_what_is_missing_is_untouched(void **state)
{
    (void)state;
    wherever_it_can(&z04);
}

static void z05_one_record_with_kept_pointers_is_untouched(void **state)
{
    (void)state;
    everywhere(&z05);
}

static void z06_exact_records_are_untouched(void **state)
{
    (void)state;
    wherever_it_can(&z06);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, start)
    TEST(z01_fixed_slots_drained_are_untouched),
    TEST(z02_persistent_array_is_untouched),
    TEST(z03_offset_reader_is_untouched),
    TEST(z04_reader_of_what_is_missing_is_untouched),
    TEST(z05_one_record_with_kept_pointers_is_untouched),
    TEST(z06_exact_records_are_untouched),
};

TEST_MAIN("zoo_record", tests)
