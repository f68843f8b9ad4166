/*
 * End. See end.h.
 */
#include "end.h"

#include "test.h"

const char *const end_files[END_FILES] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                          "tests/data/ntlm-lmkey.txt"};
static struct caller caller;

CtxtHandle end_connect(const struct end *end)
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

void end_begin(struct end *end, unsigned from)
{
    static unsigned char key[16];

    fake_reset(FAKE_ESS);
    fake[1].flags = fake[1].trailer = 0; /* nobody asks: the handshake told it */
    memcpy(key, end->recording->key, sizeof key);
    fake[1].key = (struct span){key, end->keyed ? sizeof key : 0};
    fake_replay_install(1, end->recording, end->client, from);
    end->blocks = fake_replay_blocks(end->recording, end->client, end->order);
    memset(&caller, 0, sizeof caller);
    caller.shape = end->shape;
    caller.handle = end_connect(end);
    end->caller = &caller;
    end->retired_before = caller_status().retired;
}

unsigned end_retired(const struct end *end)
{
    return caller_status().retired - end->retired_before;
}

struct span end_sealed(const struct end *end, unsigned i)
{
    return end->recording->block[end->order[i]].sealed;
}

struct span end_text(const struct end *end, unsigned i)
{
    return end->recording->block[end->order[i]].text;
}

/* The bytes of a block in front of which `prefix` stands; gives their number. */
static size_t put(const struct end *end, unsigned i, enum end_prefix prefix, unsigned char *at)
{
    struct span sealed = end_sealed(end, i);
    ULONG length = __builtin_bswap32((ULONG)sealed.n), size = 16;
    size_t n = 0;

    if (prefix == END_BOTH)
        length = (ULONG)sealed.n + 4;
    if (prefix == END_LENGTH || prefix == END_BOTH) {
        memcpy(at, &length, 4);
        n = 4;
    }
    if (prefix == END_TOKEN || prefix == END_BOTH) {
        memcpy(at + n, &size, 4);
        n += 4;
    }
    memcpy(at + n, sealed.at, sealed.n);
    return n + sealed.n;
}

size_t end_gather(const struct end *end, unsigned from, unsigned to, unsigned char *at)
{
    size_t n = 0;

    for (unsigned i = from; i < to; i++)
        n += put(end, i, i == from ? END_NONE : end->prefix, at + n);
    return n;
}

void end_send(const struct end *end, unsigned i)
{
    unsigned at = i ? end->order[i - 1] + 1 : 0;

    for (; at < end->order[i]; at++)
        end_seal(end, end->recording->block[at].text.n);
}

void end_seal(const struct end *end, size_t n)
{
    unsigned char token[16];
    SecBuffer a[2] = {{16, SECBUFFER_TOKEN, token}, {(ULONG)n, SECBUFFER_DATA, NULL}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};
    CtxtHandle handle = end->caller->handle;

    shim_EncryptMessage(&handle, 0, &desc, 0);
}

void end_receive(const struct end *end, unsigned from, unsigned to)
{
    static unsigned char bytes[1 << 16];

    caller_present(end->caller, bytes, end_gather(end, from, to, bytes));
}

void end_receive_cut(const struct end *end, unsigned i)
{
    struct span sealed = end_sealed(end, i);
    unsigned calls = fake_calls;

    end_send(end, i);
    caller_present(end->caller, sealed.at, sealed.n - 1);
    assert_int_equal(end->caller->status, SEC_E_OK);
    assert_int_equal(fake_calls, calls);
    caller_present(end->caller, sealed.at + sealed.n - 1, 1);
    assert_int_equal(end->caller->status, SEC_E_OK);
    assert_int_equal(fake_calls, calls + 1);
}

void end_got(const struct end *end, unsigned from, unsigned to)
{
    size_t n = 0;

    assert_int_equal(caller.status, SEC_E_OK);
    for (; from < to; from++) {
        struct span text = end_text(end, from);

        assert_true(n + text.n <= caller.got_n);
        if (text.n)
            assert_memory_equal(caller.got + n, text.at, text.n);
        n += text.n;
    }
    assert_int_equal(caller.got_n, n);
}
