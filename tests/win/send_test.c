/*
 * Send: what is sealed or signed on a context goes to the provider as it came. Where NT 4's NTLM
 * has one key stream for both directions, what it took from it is known to the next receive, or
 * it is known that nobody knows.
 */
#include "context.h"
#include "exact.h"
#include "key.h"
#include "leg.h"
#include "ntlm.h"
#include "read.h"

#define NT4 (NTLM_SIGN | NTLM_SEAL | NTLM_KEY_EXCH)
#define ESS (NT4 | NTLM_ESS)

static unsigned char key_bytes[SEALING_KEY] = "a session key...", bytes[64];
static struct sspishim_status before;

/* The last call of each of the three functions. */
enum { ENCRYPT, SEAL, SIGN, SENDS };
static struct sent {
    unsigned calls;
    PCtxtHandle handle;
    ULONG quality, number;
    PSecBufferDesc desc;
} sent[SENDS];

#define REMEMBER(name, which)                                                                      \
    static SECURITY_STATUS SEC_ENTRY remember_##name(PCtxtHandle handle, ULONG quality,            \
                                                     PSecBufferDesc desc, ULONG number)            \
    {                                                                                              \
        sent[which] = (struct sent){sent[which].calls + 1, handle, quality, number, desc};         \
        if (fake_during_send)                                                                      \
            fake_during_send();                                                                    \
        return fake_send;                                                                          \
    }
REMEMBER(EncryptMessage, ENCRYPT)
REMEMBER(SealMessage, SEAL)
REMEMBER(MakeSignature, SIGN)

static SECURITY_STATUS(SEC_ENTRY *const hooks[SENDS])(PCtxtHandle, ULONG, PSecBufferDesc, ULONG) = {
    shim_EncryptMessage, shim_SealMessage, shim_MakeSignature};

static CtxtHandle start(ULONG flags)
{
    fake_reset(FAKE_ESS);
    REAL(EncryptMessage) = remember_EncryptMessage;
    REAL(SealMessage) = remember_SealMessage;
    REAL(MakeSignature) = remember_MakeSignature;
    memset(sent, 0, sizeof sent);
    fake[1].key = (struct span){key_bytes, SEALING_KEY};
    before = caller_status();
    return leg_connect(0, flags);
}

/* The next receive finds the key stream behind `count` messages with n bytes of text in all. */
static void finds(CtxtHandle handle, ULONG flags, size_t n, uint32_t count)
{
    struct context *context = context_take(&handle);
    const struct exact *exact;
    struct sealing want;

    assert_non_null(context);
    exact = context->rule.exact;
    sealing_begin(&want, flags, key_bytes, SEALING_SERVER);
    sealing_skip(&want, n, count);
    assert_false(exact->retired);
    assert_int_equal(exact->sealing.number, want.number);
    assert_memory_equal(&exact->sealing.stream, &want.stream, sizeof want.stream);
    context_give(context);
    assert_int_equal(caller_status().retired - before.retired, 0);
}

/* The next receive finds that the key stream's place is lost; that is counted once. */
static void finds_nothing(CtxtHandle handle)
{
    for (int time = 0; time < 2; time++) {
        struct context *context = context_take(&handle);

        assert_non_null(context);
        assert_true(context->rule.exact->retired);
        context_give(context);
        assert_int_equal(caller_status().retired - before.retired, 1);
    }
}

static void each_reaches_its_own_function_as_it_came(void **state)
{
    static const ULONG kinds[] = {0, ESS, NT4, NT4 | NTLM_DATAGRAM};
    static const SECURITY_STATUS says[] = {SEC_E_OK, SEC_E_CONTEXT_EXPIRED, SEC_I_RENEGOTIATE};
    SecBufferDesc desc = {0};

    (void)state;
    for (unsigned i = 0; i < 4 * SENDS * 3 * 2; i++) {
        unsigned which = i % SENDS;
        CtxtHandle handle = start(kinds[i / SENDS % 4]);
        PCtxtHandle given = i & 1 ? &handle : NULL;
        PSecBufferDesc what = i & 2 ? &desc : NULL;

        fake_send = says[i / SENDS / 4 % 3];
        assert_int_equal(hooks[which](given, 0x80000001, what, 7 + i), fake_send);
        assert_int_equal(sent[ENCRYPT].calls + sent[SEAL].calls + sent[SIGN].calls, 1);
        assert_int_equal(sent[which].calls, 1);
        assert_ptr_equal(sent[which].handle, given);
        assert_ptr_equal(sent[which].desc, what);
        assert_int_equal(sent[which].quality, 0x80000001);
        assert_int_equal(sent[which].number, 7 + i);
    }
}

#define HEAD                                                                                       \
    {                                                                                              \
        16, SECBUFFER_TOKEN, bytes                                                                 \
    }
#define DATA(n)                                                                                    \
    {                                                                                              \
        n, SECBUFFER_DATA, bytes                                                                   \
    }
#define PAD                                                                                        \
    {                                                                                              \
        5, SECBUFFER_PADDING, bytes                                                                \
    }
#define SLOT                                                                                       \
    {                                                                                              \
        0xBEEF, SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD                                         \
    }

static void a_text_takes_its_length_and_a_signature(void **state)
{
    static const struct {
        ULONG elements, n;
        SecBuffer a[4];
    } rows[] = {
        {2, 10, {HEAD, DATA(10)}},       {2, 0, {HEAD, DATA(0)}},
        {2, 70000, {DATA(70000), HEAD}}, {3, 9, {HEAD, DATA(9), PAD}},
        {3, 9, {PAD, DATA(9), HEAD}},    {4, 33, {SLOT, HEAD, SLOT, DATA(33)}},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned which = 0; which < SENDS; which++) {
            SecBuffer a[4];
            SecBufferDesc desc = {SECBUFFER_VERSION, rows[i].elements, a};
            CtxtHandle handle = start(NT4);
            size_t n = which == SIGN ? 0 : rows[i].n;

            memcpy(a, rows[i].a, sizeof a);
            assert_int_equal(hooks[which](&handle, 0, &desc, 0), SEC_E_OK);
            finds(handle, NT4, n, 1);
            for (int more = 0; more < 3; more++)
                assert_int_equal(hooks[which](&handle, 0, &desc, 3), SEC_E_OK);
            finds(handle, NT4, 4 * n, 4);
        }
}

static void anything_else_cannot_be_told(void **state)
{
    static const struct {
        ULONG elements, quality;
        SecBuffer a[4];
        SECURITY_STATUS says;
    } rows[] = {
        {2, 0x80000001, {HEAD, DATA(10)}, SEC_E_OK},
        {2, 1, {HEAD, DATA(10)}, SEC_E_OK},
        {2, 0, {HEAD, DATA(10)}, SEC_E_INSUFFICIENT_MEMORY},
        {2, 0, {HEAD, DATA(10)}, SEC_I_CONTEXT_EXPIRED},
        {2, 0, {HEAD, {10, SECBUFFER_DATA | SECBUFFER_READONLY, bytes}}, SEC_E_OK},
        {3, 0, {HEAD, DATA(10), {4, SECBUFFER_DATA | SECBUFFER_READONLY, bytes}}, SEC_E_OK},
        {3, 0, {DATA(10), HEAD, {4, 0x10000000 | SECBUFFER_DATA, bytes}}, SEC_E_OK},
        {3, 0, {HEAD, DATA(10), DATA(3)}, SEC_E_OK},
        {3, 0, {HEAD, DATA(10), HEAD}, SEC_E_OK},
        {1, 0, {HEAD}, SEC_E_OK},
        {1, 0, {DATA(10)}, SEC_E_OK},
        {3, 0, {HEAD, DATA(10), {9, SECBUFFER_STREAM_HEADER, bytes}}, SEC_E_OK},
        {3, 0, {HEAD, DATA(10), {9, SECBUFFER_PKG_PARAMS, bytes}}, SEC_E_OK},
        {0, 0, {HEAD, DATA(10)}, SEC_E_OK},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned which = ENCRYPT; which <= SEAL; which++) {
            SecBuffer a[4];
            SecBufferDesc desc = {SECBUFFER_VERSION, rows[i].elements, a};
            CtxtHandle handle = start(NT4);

            memcpy(a, rows[i].a, sizeof a);
            fake_send = rows[i].says;
            assert_int_equal(hooks[which](&handle, rows[i].quality, &desc, 0), rows[i].says);
            finds_nothing(handle);
        }
}

static void no_descriptor_or_a_signature_that_fails_cannot_be_told(void **state)
{
    SecBuffer a[17] = {HEAD, DATA(10)}; /* more than anybody has: not read */
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, NULL}, many = {SECBUFFER_VERSION, 17, a};

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        CtxtHandle handle = start(NT4);

        if (i < 2)
            shim_EncryptMessage(&handle, 0, i ? &desc : NULL, 0);
        fake_send = i == 2 ? SEC_E_INVALID_TOKEN : SEC_E_OK;
        if (i == 4)
            shim_EncryptMessage(&handle, 0, &many, 0);
        else if (i >= 2)
            shim_MakeSignature(&handle, i == 3, NULL, 0);
        finds_nothing(handle);
    }
}

static SecBuffer changing[2];

static void change(void)
{
    changing[0].cbBuffer = 12;
    changing[1].cbBuffer = 1000;
    changing[1].BufferType = SECBUFFER_TOKEN;
}

static void the_text_is_what_it_was_before_the_call(void **state)
{
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, changing};
    CtxtHandle handle = start(NT4);

    (void)state;
    changing[0] = (SecBuffer)HEAD;
    changing[1] = (SecBuffer)DATA(10);
    fake_during_send = change;
    assert_int_equal(shim_EncryptMessage(&handle, 0, &desc, 0), SEC_E_OK);
    finds(handle, NT4, 10, 1);
}

/* A long time without a receive: to catch up would take long, and sums of 32 bits would wrap. */
static void what_is_too_much_to_catch_up_with_cannot_be_told(void **state)
{
    static const struct {
        ULONG n, times;
    } rows[] = {{0xFFFFFFFF, 1}, {0x80000000, 2}, {0x3000000, 2}, {0, 0x400001}};

    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        SecBuffer a[2] = {HEAD, DATA(rows[i].n)};
        SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};
        CtxtHandle handle = start(NT4);

        for (ULONG time = 0; time < rows[i].times; time++)
            shim_EncryptMessage(&handle, 0, &desc, 0);
        finds_nothing(handle);
    }
}

/* Only where it matters: otherwise nothing is even looked up. */
static void with_a_stream_for_each_direction_nothing_is_counted(void **state)
{
    SecBuffer a[2] = {HEAD, DATA(10)};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};
    CtxtHandle handle = start(ESS), other = fake_handle(2), keyless = fake_handle(3);
    struct leg_token nt4 = leg_authenticate(NT4);

    (void)state;
    assert_false(key_shared());
    assert_null(context_send(&handle));
    for (unsigned which = 0; which < SENDS; which++)
        hooks[which](&handle, 0, &desc, 0);
    finds(handle, ESS, 0, 0);

    fake[2].key = fake[1].key;
    for (unsigned i = 2; i <= 3; i++) {
        fake_value = i == 2 ? other : keyless;
        leg_run(0, &fake_value, true, NULL, SEC_E_OK, &nt4);
    }
    assert_true(key_shared());
    assert_null(context_send(&handle));
    assert_null(context_send(&keyless));
    for (unsigned which = 0; which < SENDS; which++)
        hooks[which](&handle, 0, &desc, 0);
    finds(handle, ESS, 0, 0);
    finds(other, NT4, 0, 0);
    shim_EncryptMessage(&other, 0, &desc, 0);
    finds(other, NT4, 10, 1);
    shim_DeleteSecurityContext(&other);
    assert_false(key_shared());
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, read_start)
    TEST(each_reaches_its_own_function_as_it_came),
    TEST(a_text_takes_its_length_and_a_signature),
    TEST(anything_else_cannot_be_told),
    TEST(no_descriptor_or_a_signature_that_fails_cannot_be_told),
    TEST(the_text_is_what_it_was_before_the_call),
    TEST(what_is_too_much_to_catch_up_with_cannot_be_told),
    TEST(with_a_stream_for_each_direction_nothing_is_counted),
};

TEST_MAIN("send", tests)
