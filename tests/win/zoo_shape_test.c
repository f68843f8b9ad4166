/*
 * Zoo_shape: programs that care whose memory an answer lies in, lay their arrays out as nobody else
 * does, or call by another name. The shim changes nothing of it.
 */
#include "zoo.h"

#define LOOSE    SECBUFFER_READONLY
#define SIGNED   SECBUFFER_READONLY_WITH_CHECKSUM
#define OWN_PART 1024 /* of the caller's memory, for each part of a block */

static int start(void **state)
{
    (void)state;
    test_fail_memory(0);
    return 0;
}

static size_t le16(const unsigned char *at)
{
    return at[0] | (size_t)at[1] << 8;
}

/* Z8: gives what Schannel answered back as if it had been lent. */
static void z08_record_run(struct zoo *zoo)
{
    size_t have = 0, more = 1;

    while (more) {
        SecBuffer a[4] = {{(ULONG)have, SECBUFFER_DATA, zoo->memory}};
        SECURITY_STATUS status = SEC_E_INCOMPLETE_MESSAGE;

        if (have)
            status = zoo_unseal(zoo, a, 4, zoo->memory, have);
        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            more = zoo_recv(zoo, zoo->memory + have, ZOO_MEMORY - have);
            have += more;
            continue;
        }
        if (status != SEC_E_OK)
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
        if (a[1].pvBuffer != zoo->memory + FAKE_TLS_HEADER)
            zoo->broken = "what it gives back is not what it was without the shim";
        REAL(FreeContextBuffer)(a[1].pvBuffer);
        have = a[3].BufferType == SECBUFFER_EXTRA ? a[3].cbBuffer : 0;
        memmove(zoo->memory, zoo->memory + FAKE_TLS_HEADER + FAKE_TLS_TRAILER + a[1].cbBuffer,
                have);
    }
}

/* The parts of one block, each to memory of its own; the padding is part 2. */
static bool read_parts(struct zoo *zoo, SecBuffer part[3])
{
    unsigned char sizes[6];

    if (!zoo_recv_all(zoo, sizes, sizeof sizes))
        return false;
    for (int i = 0; i < 3; i++) {
        part[i].pvBuffer = zoo->memory + i * OWN_PART;
        part[i].cbBuffer = (ULONG)le16(sizes + 2 * i);
        if (!zoo_recv_all(zoo, part[i].pvBuffer, part[i].cbBuffer))
            return false;
    }
    return true;
}

/* Z13, and the other half of Z8: the parts lie apart; `data` is later freed by its address. */
static void apart(struct zoo *zoo, ULONG elements)
{
    SecBuffer a[3] = {{0}};

    zoo->number = 1;
    while (read_parts(zoo, a)) {
        void *data = a[1].pvBuffer;

        a[0].BufferType = SECBUFFER_TOKEN;
        a[1].BufferType = SECBUFFER_DATA;
        a[2].BufferType = SECBUFFER_PADDING;
        if (zoo_unseal(zoo, a, elements, zoo->memory, 3 * OWN_PART) != SEC_E_OK)
            return;
        if (a[1].pvBuffer != data)
            zoo->broken = "what it frees is not what it allocated";
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    }
}

static void z13_two_run(struct zoo *zoo)
{
    apart(zoo, 2);
}

static void z13_three_run(struct zoo *zoo)
{
    apart(zoo, 3);
}

/* Z14: header, stub, header, token: what is only signed between what is sealed. */
static void z14_run(struct zoo *zoo)
{
    unsigned char *at = zoo->memory;

    while (zoo_recv_all(zoo, at, 6)) {
        size_t n = le16(at + 2), padding = le16(at + 4);
        SecBuffer a[4] = {{6, SECBUFFER_DATA | SIGNED, at},
                          {(ULONG)n, SECBUFFER_DATA, at + 6},
                          {(ULONG)padding, SECBUFFER_DATA | LOOSE, at + 6 + n + 16},
                          {16, SECBUFFER_TOKEN, at + 6 + n}};

        if (!zoo_recv_all(zoo, at + 6, n + 16 + padding) ||
            zoo_unseal(zoo, a, 4, at, 6 + n + 16 + padding) != SEC_E_OK)
            return;
        zoo_take(zoo, at + 6, n);
    }
}

/* Z15: a plain one, of which only the name of the call is looked at. */
static void z15_message_run(struct zoo *zoo)
{
    size_t n;

    while ((n = zoo_recv(zoo, zoo->memory, ZOO_MEMORY))) {
        SecBuffer a[2];

        zoo_token_first(zoo, a, zoo->memory, n);
        if (zoo_unseal(zoo, a, 2, zoo->memory, n) != SEC_E_OK)
            return;
        zoo_take(zoo, a[1].pvBuffer, a[1].cbBuffer);
    }
}

#define BOTH .packages = ZOO_NTLM | ZOO_DCE
static const struct zoo_animal z08_record = {.run = z08_record_run, .packages = ZOO_TLS};
static const struct zoo_animal z13_two = {.run = z13_two_run, BOTH, .prefix = ZOO_PARTS};
static const struct zoo_animal z13_three = {.run = z13_three_run, BOTH, .prefix = ZOO_PARTS};
static const struct zoo_animal z14 = {.run = z14_run, .prefix = ZOO_PARTS, .token_last = true};
static const struct zoo_animal z15_record = {
    .run = z08_record_run, .packages = ZOO_TLS, .old = true};
static const struct zoo_animal z15_message = {.run = z15_message_run, BOTH, .old = true};

/* Every call reached the provider by the name that the program used. */
static bool by_its_old_name(void)
{
    for (unsigned i = 0; i < fake_calls; i++)
        if (!fake_call[i % FAKE_CALLS].unseal)
            return false;
    return fake_calls > 0;
}

static const char *works_by_its_old_name(const struct zoo_pair *pair)
{
    return by_its_old_name() ? zoo_works(pair) : "DecryptMessage was called";
}

static const char *repaired_by_its_old_name(const struct zoo_pair *pair)
{
    return by_its_old_name() ? zoo_repaired(pair) : "DecryptMessage was called";
}

static void z08_freed_record_is_the_same_pointer(void **state)
{
    (void)state;
    zoo_each(&z08_record, zoo_plain, ZOO_ALL, zoo_works);
    zoo_each(&z08_record, zoo_empty, ZOO_ALL, zoo_works);
    zoo_each(&z08_record, zoo_forged, ZOO_ALL, zoo_works);
}

static void z08_freed_data_is_the_same_pointer(void **state)
{
    (void)state;
    zoo_each(&z13_two, zoo_plain, ZOO_EXACT | ZOO_MERGED, zoo_works);
}

static void z13_parts_in_memory_of_their_own_are_untouched(void **state)
{
    const struct zoo_animal *const both[] = {&z13_two, &z13_three};

    (void)state;
    for (int i = 0; i < 2; i++) {
        zoo_each(both[i], zoo_plain, ZOO_ALL, zoo_works);
        zoo_each(both[i], zoo_empty, ZOO_ALL, zoo_works);
    }
}

static void z14_rpc_is_untouched(void **state)
{
    (void)state;
    zoo_each(&z14, zoo_plain, ZOO_ALL, zoo_works);
    zoo_each(&z14, zoo_empty, ZOO_ALL, zoo_works);
    zoo_each(&z14, zoo_forged, ZOO_ALL, zoo_works);
}

static void z15_old_name_is_the_same(void **state)
{
    (void)state;
    zoo_each(&z15_record, zoo_plain, ZOO_ALL, works_by_its_old_name);
    zoo_each(&z15_message, zoo_plain, ZOO_EXACT | ZOO_MERGED, repaired_by_its_old_name);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, start)
    TEST(z08_freed_record_is_the_same_pointer),
    TEST(z08_freed_data_is_the_same_pointer),
    TEST(z13_parts_in_memory_of_their_own_are_untouched),
    TEST(z14_rpc_is_untouched),
    TEST(z15_old_name_is_the_same),
};

TEST_MAIN("zoo_shape", tests)
