/*
 * Deliver: whole connections. Whatever a caller's way is, and however the blocks were merged, what
 * he ends up with is what was sealed, in order, nothing lost, nothing twice; with each allocation
 * failing in turn, too.
 */
#include "caller.h"
#include "test.h"

#define TEXTS 120

struct prefix {
    const char *name;
    size_t n;
    bool big; /* big-endian length of the rest; else the token size */
};

static const struct prefix prefixes[] = {
    {"no prefix", 0, false}, {"token size", 4, false}, {"length", 4, true}};

static unsigned char sent[1 << 17];
static size_t sent_n;

static size_t text_size(unsigned i)
{
    return i % 11 == 3 ? 0 : i % 17 == 5 ? 700 + i : (i * 37 + 5) % 61;
}

/* Seals text number i; the prefix stands before it. */
static size_t seal(unsigned i, const struct prefix *prefix, unsigned char *at)
{
    size_t n = text_size(i);
    ULONG rest = (ULONG)n + 16, field = prefix->big ? __builtin_bswap32(rest) : 16;

    memcpy(at, &field, prefix->n);
    for (size_t k = 0; k < n; k++)
        sent[sent_n + k] = (unsigned char)(i * 31 + k * 7 + k / 256);
    fake_seal(1, sent + sent_n, n, at + prefix->n);
    sent_n += n;
    return prefix->n + n + 16;
}

/* A handshake's last leg, which tells the kind. */
static CtxtHandle connect_context(enum fake_kind kind)
{
    unsigned char token[64] = "NTLMSSP\0\3";
    ULONG flags = 0x20 | (kind == FAKE_ESS ? 0x80000 : 0);
    CtxtHandle handle;
    SecBuffer buffer;
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};

    memcpy(token + 60, &flags, 4);
    fake_token = (SecBuffer){sizeof token, SECBUFFER_TOKEN, token};
    fake_value = fake_handle(1);
    assert_int_equal(shim_InitializeSecurityContextA(NULL, NULL, NULL, 0, 0, 0, NULL, 0, &handle,
                                                     &output, NULL, NULL),
                     SEC_E_OK);
    return handle;
}

struct connection {
    enum fake_kind kind;
    enum caller_shape shape;
    enum caller_slots slots;
    const struct prefix *prefix;
    unsigned merge; /* blocks in a read; the reads between are of one block */
};

/* One connection. Gives the bytes that were left to arrive when it closed. */
static size_t run(const struct connection *c, struct caller *caller)
{
    static unsigned char read[1 << 17];
    struct sspishim_status before;
    unsigned i = 0;

    fake[1].token_last = c->shape == CALLER_LAST;
    *caller = (struct caller){.shape = c->shape, .slots = c->slots};
    caller->handle = connect_context(c->kind);
    sent_n = 0;
    while (i < TEXTS) {
        unsigned blocks = i % (c->merge + 1) ? 1 : c->merge;
        size_t n = 0;

        while (blocks-- && i < TEXTS - 1)
            n += seal(i++, c->prefix, read + n);
        if (n == 0)
            n = seal(i++, c->prefix, read);
        caller_present(caller, read + c->prefix->n, n - c->prefix->n);
        if (caller->status != SEC_E_OK)
            break;
    }
    before = caller_status();
    assert_int_equal(shim_DeleteSecurityContext(&caller->handle), SEC_E_OK);
    return caller_status().lost - before.lost;
}

static void arrives(const struct connection *c, unsigned fail)
{
    static struct caller caller;
    size_t left;

    fake_reset(c->kind);
    test_fail_memory(fail);
    left = run(c, &caller);
    if (caller.status != SEC_E_OK || caller.got_n + left != sent_n ||
        memcmp(caller.got, sent, caller.got_n))
        fail_msg("kind %d, shape %d, slots %d, %s, %u blocks, allocation %u fails: status %08lx, "
                 "%u of %u bytes, %u left",
                 c->kind, c->shape, c->slots, c->prefix->name, c->merge, fail, (long)caller.status,
                 (unsigned)caller.got_n, (unsigned)sent_n, (unsigned)left);
    if (c->slots == CALLER_NO_SLOT || c->slots == CALLER_HONOURS)
        assert_int_equal(left, 0);
    test_memory_all_back();
}

static void merged_by_up_to_20(struct connection c, bool failing)
{
    for (c.merge = 1; c.merge <= 20; c.merge += failing ? 6 : 1) {
        arrives(&c, 0);
        for (unsigned fail = 1; failing && fail <= test_memory_asked() + 1; fail++)
            arrives(&c, fail);
    }
}

/* Every connection there is. */
static void all(enum fake_kind kind, bool failing)
{
    for (unsigned shape = 0; shape < CALLER_SHAPES; shape++)
        for (unsigned slots = 0; slots < CALLER_SLOTS; slots++)
            for (unsigned p = 0; p < 3; p++)
                merged_by_up_to_20((struct connection){kind, shape, slots, &prefixes[p], 0},
                                   failing);
}

static void everything_arrives_with_extended_session_security(void **state)
{
    (void)state;
    all(FAKE_ESS, false);
}

static void everything_arrives_in_the_nt_4_kind(void **state)
{
    (void)state;
    all(FAKE_NT4, false);
}

static void everything_arrives_by_weak_matches_where_blocks_are_adjacent(void **state)
{
    (void)state;
    for (unsigned slots = 0; slots < CALLER_SLOTS; slots++)
        for (unsigned merge = 1; merge <= 20; merge++) {
            struct connection c = {FAKE_PAD, CALLER_FIRST, slots, &prefixes[0], merge};

            arrives(&c, 0);
        }
}

static void everything_arrives_with_each_allocation_failing(void **state)
{
    (void)state;
    all(FAKE_ESS, true);
    all(FAKE_NT4, true);
}

static void without_the_shim_the_same_merge_fails(void **state)
{
    unsigned char read[256];
    SecBuffer a[2];
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};
    CtxtHandle handle;
    size_t n;

    (void)state;
    fake_reset(FAKE_ESS);
    handle = fake_handle(1);
    sent_n = 0;
    n = seal(0, &prefixes[0], read);
    n += seal(1, &prefixes[0], read + n);
    a[0] = (SecBuffer){16, SECBUFFER_TOKEN, read};
    a[1] = (SecBuffer){(ULONG)n - 16, SECBUFFER_DATA, read + 16};
    assert_int_equal(REAL(DecryptMessage)(&handle, &desc, 0, NULL), SEC_E_MESSAGE_ALTERED);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(without_the_shim_the_same_merge_fails),
    cmocka_unit_test(everything_arrives_with_extended_session_security),
    cmocka_unit_test(everything_arrives_in_the_nt_4_kind),
    cmocka_unit_test(everything_arrives_by_weak_matches_where_blocks_are_adjacent),
    cmocka_unit_test(everything_arrives_with_each_allocation_failing),
};

TEST_MAIN("deliver", tests)
