/*
 * Key: when the provider is asked for the session key of a context, for which end, and what of his
 * answers is believed.
 */
#include "context.h"
#include "exact.h"
#include "leg.h"
#include "ntlm.h"
#include "read.h"
#include "said.h"

#define NT4 (NTLM_SIGN | NTLM_SEAL)
#define ESS (NT4 | NTLM_ESS)

static unsigned char key_bytes[32] = "a session key, what is behind";
static struct sspishim_status before;

static void start(void)
{
    fake_reset(FAKE_ESS);
    fake[1].key = fake[2].key = (struct span){key_bytes, SEALING_KEY};
    before = caller_status();
}

static const struct exact *exact_of(unsigned i)
{
    CtxtHandle handle = fake_handle(i);
    struct context *context = context_take(&handle);

    context_give(context);
    return context ? context->rule.exact : NULL;
}

/* Since `start`. */
static void counted(unsigned asked, unsigned exact, unsigned keyless)
{
    struct sspishim_status now = caller_status();

    assert_int_equal(fake_asked, asked);
    assert_int_equal(now.exact - before.exact, exact);
    assert_int_equal(now.keyless - before.keyless, keyless);
    assert_int_equal(fake_lent, 0);
}

static void once_and_only_where_it_is_of_use(void **state)
{
    static const struct {
        ULONG flags;
        const char *settings;
        bool asked;
    } rows[] = {
        {ESS, "", true},
        {NT4, "", true},
        {ESS | NTLM_KEY_EXCH | NTLM_128, "", true},
        {NTLM_SIGN | NTLM_ESS, "", false},
        {NTLM_SEAL | NTLM_ESS, "", false},
        {ESS | NTLM_DATAGRAM, "", false},
        {NT4 | NTLM_DATAGRAM, "", false},
        {ESS, "Exact=off", false},
        {ESS, "Enabled=0", false},
        {ESS, "Framing=whole", false},
        {ESS, "Framing=strict", true},
        {ESS, "Packages=Kerberos", false},
        {ESS, "Packages=NTLM", true},
        {ESS, "Packages=Negotiate", true},
        {ESS, "Prefix=be32", false},
        {ESS, "Prefix=le16 all present", false},
        {ESS, "Prefix=le32 token", true},
        {ESS, "Prefix=le32 token\nFraming=prefix", true},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned call = 0; call < LEG_CALLS; call++) {
            start();
            fake_settings = said_read(rows[i].settings, strlen(rows[i].settings));
            assert_int_equal(said.n, 0);
            leg_connect(call, rows[i].flags);
            counted(rows[i].asked, rows[i].asked, 0);
            assert_int_equal(exact_of(1) != NULL, rows[i].asked);
        }
}

static void a_client_hears_what_the_server_seals_and_the_other_way(void **state)
{
    (void)state;
    for (unsigned call = 0; call < LEG_CALLS; call++) {
        struct sealing server, client, *want = call < LEG_ACCEPT ? &server : &client;
        const struct sealing *got;

        start();
        sealing_begin(&server, ESS, key_bytes, SEALING_SERVER);
        sealing_begin(&client, ESS, key_bytes, SEALING_CLIENT);
        assert_memory_not_equal(&server.stream, &client.stream, sizeof server.stream);
        leg_connect(call, ESS);
        got = &exact_of(1)->sealing;
        assert_memory_equal(&got->stream, &want->stream, sizeof want->stream);
        assert_memory_equal(&got->keyed, &want->keyed, sizeof want->keyed);
        assert_int_equal(got->number, 0);
    }
}

/* What is no end of a handshake, or none that we saw the beginning of. */
static void nothing_but_the_end_of_a_handshake(void **state)
{
    struct leg_token token = leg_authenticate(ESS);
    SecBuffer buffer = {token.n, SECBUFFER_TOKEN, token.bytes};
    SecBufferDesc desc = {SECBUFFER_VERSION, 1, &buffer};
    CtxtHandle handle;

    for (unsigned call = 0; call < LEG_CALLS; call++) {
        start();
        fake_value = fake_handle(1);
        leg_run(call, &handle, true, NULL, SEC_I_CONTINUE_NEEDED, &token);
        leg_run(call, &handle, false, &token, SEC_I_COMPLETE_NEEDED, NULL);
        leg_run(call, &handle, false, &token, SEC_I_COMPLETE_AND_CONTINUE, &token);
        leg_run(call, &handle, false, &token, SEC_E_LOGON_DENIED, NULL);
        leg_run(call, &handle, true, &token, SEC_E_OK, NULL); /* its input may be garbage */
        counted(0, 0, 0);
    }
    start();
    fake_leg = SEC_E_OK;
    fake_value = fake_handle(1);
    shim_ImportSecurityContextA(NULL, NULL, NULL, &handle);
    shim_ImportSecurityContextW(NULL, NULL, NULL, &handle);
    shim_CompleteAuthToken(&handle, &desc);
    counted(0, 0, 0);
    start();
    assert_int_equal(read_unseal(read_blocks(1, 2)), SEC_E_OK); /* a context that we make now */
    counted(0, 0, 0);
    assert_null(exact_of(1));
    (void)state;
}

/* The flags are those of the last message that had any, whatever came between and behind it. */
static void flags_go_on_through_legs_and_handles(void **state)
{
    struct leg_token nt4 = leg_wrapped(leg_challenge(NT4)), bare = leg_authenticate(0);
    struct leg_token ess = leg_wrapped(leg_authenticate(ESS)), none = {4, "\xA1\2\0\0"};

    (void)state;
    bare.n = 60; /* as the oldest clients send it, without flags */
    for (unsigned call = 0; call < LEG_CALLS; call++)
        for (unsigned both = 0; both < 2; both++) {
            bool server = call >= LEG_ACCEPT;
            struct leg_token *third = both ? &ess : &bare;
            CtxtHandle handle;

            start();
            fake_value = fake_handle(1);
            leg_run(call, &handle, true, NULL, SEC_I_CONTINUE_NEEDED, server ? &nt4 : NULL);
            fake_value = fake_handle(2);
            leg_run(call, &handle, false, server ? third : &nt4, SEC_I_CONTINUE_NEEDED,
                    server ? NULL : third);
            counted(0, 0, 0);
            fake_value = fake_handle(1);
            leg_run(call, &handle, false, &none, SEC_E_OK, NULL);
            counted(1, 1, 0);
            assert_int_equal(exact_of(1)->sealing.ess, both);
        }
}

/* A new first leg knows nothing of the connection before, though its handle may be the same. */
static void flags_do_not_go_on_to_the_next_connection(void **state)
{
    struct leg_token none = {4, "\xA1\2\0\0"};
    CtxtHandle handle;

    (void)state;
    start();
    handle = leg_connect(0, ESS);
    leg_run(0, &handle, true, NULL, SEC_I_CONTINUE_NEEDED, NULL);
    leg_run(0, &handle, false, &none, SEC_E_OK, NULL);
    counted(1, 1, 0);
    assert_null(exact_of(1));
}

/*
 * A further leg behind the end of a handshake (SPNEGO has some) changes nothing; but behind the
 * first message the key stream would be at a place that nobody knows.
 */
static void not_once_the_context_was_used(void **state)
{
    unsigned char sealed[3] = {1};
    SecBuffer a[2] = {{16, SECBUFFER_TOKEN, sealed}, {3, SECBUFFER_DATA, sealed}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};

    (void)state;
    for (unsigned i = 0; i < 4 * LEG_CALLS; i++) {
        unsigned call = i % LEG_CALLS, what = i / LEG_CALLS;
        CtxtHandle handle;

        start();
        fake[1].key.n = what == 3 ? 5 : SEALING_KEY; /* it is only later that he gives it */
        handle = leg_connect(call, NT4);
        if (what == 1)
            shim_EncryptMessage(&handle, 0, &desc, 0);
        if (what >= 2)
            shim_DecryptMessage(&handle, &desc, 0, NULL);
        fake[1].key.n = SEALING_KEY;
        for (int more = 0; more < 2; more++)
            leg_run(call, &handle, false, NULL, SEC_E_OK, NULL);
        counted(what ? 1 : 3, what ? what != 3 : 3, what == 3);
        assert_int_equal(exact_of(1) != NULL, what == 0);
    }
}

/* Any answer but 16 bytes is none. That the lent copy comes back, and wiped, is the fake's to say.
 */
static void what_is_no_key_is_not_used(void **state)
{
    static const struct span keys[] = {{NULL, 0},       {NULL, 16},      {key_bytes, 5},
                                       {key_bytes, 8},  {key_bytes, 15}, {key_bytes, 17},
                                       {key_bytes, 32}, {key_bytes, 16}};
    unsigned last = sizeof keys / sizeof *keys - 1;

    (void)state;
    for (unsigned i = 0; i <= last; i++)
        for (unsigned call = 0; call < LEG_CALLS; call += LEG_ACCEPT) {
            start();
            fake[1].key = keys[i];
            leg_connect(call, ESS);
            counted(1, i == last, i != last);
            assert_int_equal(exact_of(1) != NULL, i == last);
            if (i == last)
                continue;
            assert_int_equal(read_unseal(read_blocks(1, 1)), SEC_E_OK);
            counted(1, 0, 1); /* nobody asks again */
        }
}

static void spoil_last_error(void)
{
    SetLastError(4711);
}

static void last_error_is_kept(void **state)
{
    (void)state;
    for (unsigned given = 0; given < 2; given++) {
        start();
        fake[1].key.n *= given;
        fake_during_query = spoil_last_error;
        SetLastError(77);
        leg_connect(0, ESS);
        assert_int_equal(GetLastError(), 77);
        assert_int_equal(fake_asked, 1);
    }
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, read_start, read_start)
    TEST(once_and_only_where_it_is_of_use),
    TEST(a_client_hears_what_the_server_seals_and_the_other_way),
    TEST(nothing_but_the_end_of_a_handshake),
    TEST(flags_go_on_through_legs_and_handles),
    TEST(flags_do_not_go_on_to_the_next_connection),
    TEST(not_once_the_context_was_used),
    TEST(what_is_no_key_is_not_used),
    TEST(last_error_is_kept),
};

TEST_MAIN("key", tests)
