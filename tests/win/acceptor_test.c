/*
 * Acceptor: both ends of a connection, on streams that gss-ntlmssp sealed: the server's context,
 * born with the AUTHENTICATE message in its input, and the client's, with that in its output.
 */
#include "caller.h"
#include "fake_replay.h"
#include "test.h"

static const char *const files[] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                    "tests/data/ntlm-lmkey.txt"};

/* The application's prefix: nothing, the token's size, a length, or both. */
enum prefix { PREFIX_NONE, PREFIX_TOKEN, PREFIX_LENGTH, PREFIX_BOTH, PREFIXES };

struct end {
    const struct recording *recording;
    bool client;
    enum prefix prefix;
    enum caller_shape shape;
    unsigned order[RECORDING_BLOCKS], blocks;
};
static struct caller caller;

/* The last leg; the one before it is of no matter. */
static CtxtHandle connect_end(const struct end *end)
{
    unsigned char token[64] = "NTLMSSP\0\3";
    SecBuffer heard = {sizeof token, SECBUFFER_TOKEN, token}, said = {0};
    SecBufferDesc in = {SECBUFFER_VERSION, 1, &heard}, out = {SECBUFFER_VERSION, 1, &said};
    CtxtHandle handle = fake_handle(1);

    memcpy(token + 60, &end->recording->flags, 4);
    fake_value = handle;
    fake_leg = SEC_I_CONTINUE_NEEDED;
    if (end->client) {
        shim_InitializeSecurityContextA(NULL, NULL, NULL, 0, 0, 0, NULL, 0, &handle, NULL, NULL,
                                        NULL);
        fake_leg = SEC_E_OK;
        fake_token = heard;
        shim_InitializeSecurityContextA(NULL, &handle, NULL, 0, 0, 0, NULL, 0, &handle, &out, NULL,
                                        NULL);
    } else {
        shim_AcceptSecurityContext(NULL, NULL, NULL, 0, 0, &handle, NULL, NULL, NULL);
        fake_leg = SEC_E_OK;
        shim_AcceptSecurityContext(NULL, &handle, &in, 0, 0, &handle, &out, NULL, NULL);
    }
    return handle;
}

static void begin(struct end *end, unsigned from)
{
    fake_reset(FAKE_ESS);
    fake[1].flags = fake[1].trailer = 0; /* nobody asks: the handshake told it */
    fake_replay_install(1, end->recording, end->client, from);
    end->blocks = fake_replay_blocks(end->recording, end->client, end->order);
    memset(&caller, 0, sizeof caller);
    caller.shape = end->shape;
    caller.handle = connect_end(end);
}

/* The bytes of a block in front of which `prefix` stands; gives their number. */
static size_t put(const struct end *end, unsigned i, enum prefix prefix, unsigned char *at)
{
    struct span sealed = end->recording->block[end->order[i]].sealed;
    ULONG length = __builtin_bswap32((ULONG)sealed.n), size = 16;
    size_t n = 0;

    if (prefix == PREFIX_BOTH)
        length = (ULONG)sealed.n + 4;
    if (prefix == PREFIX_LENGTH || prefix == PREFIX_BOTH) {
        memcpy(at, &length, 4);
        n = 4;
    }
    if (prefix == PREFIX_TOKEN || prefix == PREFIX_BOTH) {
        memcpy(at + n, &size, 4);
        n += 4;
    }
    memcpy(at + n, sealed.at, sealed.n);
    return n + sealed.n;
}

/* The blocks from..to in one piece; the prefix of the first one is read already. */
static size_t gather(const struct end *end, unsigned from, unsigned to, unsigned char *at)
{
    size_t n = 0;

    for (unsigned i = from; i < to; i++)
        n += put(end, i, i == from ? PREFIX_NONE : end->prefix, at + n);
    return n;
}

/* The caller got the texts from..to and nothing else. */
static void got(const struct end *end, unsigned from, unsigned to)
{
    size_t n = 0;

    assert_int_equal(caller.status, SEC_E_OK);
    for (; from < to; from++) {
        struct span text = end->recording->block[end->order[from]].text;

        assert_true(n + text.n <= caller.got_n);
        if (text.n)
            assert_memory_equal(caller.got + n, text.at, text.n);
        n += text.n;
    }
    assert_int_equal(caller.got_n, n);
}

static unsigned char bytes[1 << 16];

/* Reads of `many` blocks, behind a first one of fewer, so that they begin anywhere. */
static void grouped(struct end *end, unsigned many)
{
    for (unsigned first = 1; first <= many; first++) {
        unsigned at = 0, to = first;

        begin(end, 0);
        for (; at < end->blocks; at = to, to = at + many) {
            if (to > end->blocks)
                to = end->blocks;
            caller_present(&caller, bytes, gather(end, at, to, bytes));
        }
        got(end, 0, end->blocks);
        assert_int_equal(fake_calls, end->blocks);
        assert_int_equal(fake_queries, 0);
    }
}

static void each_end(void (*run)(struct end *), bool client)
{
    static const enum caller_shape shapes[] = {CALLER_FIRST, CALLER_STREAM};

    for (unsigned f = 0; f < 3; f++)
        for (unsigned s = 0; s < 2; s++)
            for (unsigned p = 0; p < PREFIXES; p++) {
                struct end end = {.recording = recording_load(files[f]),
                                  .client = client,
                                  .prefix = (enum prefix)p,
                                  .shape = shapes[s]};

                run(&end);
            }
}

static void all_groupings(struct end *end)
{
    for (unsigned many = 1; many <= 20; many++)
        grouped(end, many);
}

/* Each block cut below its signature; the next one comes with its rest, and makes room for it. */
static void all_splits(struct end *end)
{
    begin(end, 0);
    for (unsigned from = 0; from + 1 < end->blocks; from++)
        for (size_t n = 1; n <= 15; n++) {
            size_t all;

            begin(end, from);
            all = gather(end, from, from + 2, bytes);
            caller_present(&caller, bytes, n);
            assert_int_equal(caller.status, SEC_E_OK);
            assert_int_equal(fake_calls, 0);
            caller_present(&caller, bytes + n, all - n);
            got(end, from, from + 2);
        }
}

static void merges_arrive_at_the_server(void **state)
{
    (void)state;
    each_end(all_groupings, false);
}

static void merges_arrive_at_the_client(void **state)
{
    (void)state;
    each_end(all_groupings, true);
}

static void splits_arrive_at_the_server(void **state)
{
    (void)state;
    each_end(all_splits, false);
}

static void splits_arrive_at_the_client(void **state)
{
    (void)state;
    each_end(all_splits, true);
}

static void a_block_of_the_other_direction_is_refused(void **state)
{
    struct end end = {.recording = recording_load(files[0])}, other = end;
    size_t n;

    (void)state;
    other.client = true;
    begin(&other, 0);
    begin(&end, 0);
    n = gather(&other, 0, 1, bytes);
    caller_present(&caller, bytes, n);
    assert_int_equal(caller.status, SEC_E_MESSAGE_ALTERED);
    n = gather(&end, 0, 1, bytes);
    caller_present(&caller, bytes, n);
    assert_int_equal(caller.status, SEC_E_MESSAGE_ALTERED);
    assert_int_equal(caller.got_n, 0);
}

static int stop(void **state)
{
    (void)state;
    fake_reset(FAKE_ESS);
    test_memory_all_back();
    return 0;
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, stop)
    TEST(merges_arrive_at_the_server),
    TEST(merges_arrive_at_the_client),
    TEST(splits_arrive_at_the_server),
    TEST(splits_arrive_at_the_client),
    TEST(a_block_of_the_other_direction_is_refused),
};

TEST_MAIN("acceptor", tests)
