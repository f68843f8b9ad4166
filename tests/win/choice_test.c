/*
 * Choice: what the settings and the package of a context choose.
 */
#include "read.h"
#include "wire.h"

/* A merge of two reaches the provider as it is. */
static void is_untouched(void)
{
    struct sspishim_status before = caller_status();
    struct io *io;

    wire_seal(&wire, 5);
    wire_seal(&wire, 7);
    io = read_part(1, wire.token ? wire.token : 16, wire.bytes, wire.n);
    assert_int_not_equal(read_unseal(io), SEC_E_OK);
    assert_int_equal(fake_calls, 1);
    assert_ptr_equal(fake_call[0].desc, &io->desc);
    assert_int_equal(caller_status().calls - before.calls, 1);
    assert_int_equal(caller_status().untouched - before.untouched, 1);
    assert_int_equal(caller_status().merged, before.merged);
}

/* A merge of two arrives. */
static void is_repaired(void)
{
    wire_seal(&wire, 5);
    wire_seal(&wire, 7);
    wire_present(&wire, &caller, 0, wire.n);
    assert_int_equal(caller.status, SEC_E_OK);
    wire_got(&wire, &caller, 12);
    assert_int_equal(fake_calls, 2);
}

static void kerberos(void)
{
    wire_kerberos(&wire, &caller, FAKE_KRB_DCE, CALLER_FIRST, 77);
}

/* A handshake that says NTLM of NT 4's kind, sealed. */
static void connect_nt4(enum fake_kind kind)
{
    unsigned char token[64] = "NTLMSSP\0\3";
    SecBuffer buffer;
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};

    fake_reset(kind);
    memset(&wire, 0, sizeof wire);
    wire.context = 1;
    wire_caller(&wire, &caller, CALLER_FIRST);
    token[60] = 0x20;
    fake_token = (SecBuffer){sizeof token, SECBUFFER_TOKEN, token};
    fake_value = fake_handle(1);
    assert_int_equal(shim_InitializeSecurityContextA(NULL, NULL, NULL, 0, 0, 0, NULL, 0,
                                                     &fake_value, &output, NULL, NULL),
                     SEC_E_OK);
}

static void not_enabled_all_is_untouched_and_counted(void **state)
{
    (void)state;
    fake_settings.enabled = false;
    is_untouched();
    kerberos();
    fake_settings.enabled = false;
    is_untouched();
}

static void packages_choose_whose_blocks_are_told_apart(void **state)
{
    static const struct {
        unsigned packages;
        bool ntlm, kerberos;
    } rows[] = {{SETTINGS_NTLM, true, false},
                {SETTINGS_KERBEROS, false, true},
                {SETTINGS_NTLM | SETTINGS_KERBEROS, true, true},
                {SETTINGS_NEGOTIATE, true, true},
                {0, false, false}};

    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        wire_start(state);
        fake_settings.packages = rows[i].packages;
        (rows[i].ntlm ? is_repaired : is_untouched)();
        kerberos();
        fake_settings.packages = rows[i].packages;
        (rows[i].kerberos ? is_repaired : is_untouched)();
    }
}

static void strict_refuses_the_weak_match_alone(void **state)
{
    (void)state;
    connect_nt4(FAKE_PAD);
    is_repaired();
    connect_nt4(FAKE_PAD);
    fake_settings.framing = SETTINGS_FRAMING_STRICT;
    is_untouched();
    connect_nt4(FAKE_NT4);
    fake_settings.framing = SETTINGS_FRAMING_STRICT;
    is_repaired();
    wire_start(state);
    fake_settings.framing = SETTINGS_FRAMING_STRICT;
    is_repaired();
}

static void whole_tells_nothing_apart(void **state)
{
    (void)state;
    fake_settings.framing = SETTINGS_FRAMING_WHOLE;
    is_untouched();
    kerberos();
    fake_settings.framing = SETTINGS_FRAMING_WHOLE;
    is_untouched();
}

/* Every prefix there is, of which a row makes one choice. */
static struct settings_prefix prefix_of(unsigned i)
{
    return (struct settings_prefix){.size = i & 1 ? 4 : 2,
                                    .big = i & 2,
                                    .stripped = i & 4,
                                    .counts = (enum settings_counts)(i / 8)};
}
#define PREFIXES (3 * 8)

static void seal_with(void **state, unsigned prefix, bool dce)
{
    wire_start(state);
    if (dce)
        kerberos();
    fake_settings.prefix = prefix_of(prefix);
    fake_settings.framing = SETTINGS_FRAMING_PREFIX;
    for (unsigned i = 0; i < 6; i++)
        wire_seal(&wire, i * 41 % 59 + 1);
}

static void merges_arrive_behind_every_prefix(void **state)
{
    for (unsigned prefix = 0; prefix < 2 * PREFIXES; prefix++)
        for (unsigned first = 0; first < 5; first++) {
            seal_with(state, prefix % PREFIXES, prefix >= PREFIXES);
            wire_present(&wire, &caller, 0, wire.ends[first]);
            wire_present(&wire, &caller, wire.ends[first], wire.n);
            assert_int_equal(caller.status, SEC_E_OK);
            wire_got(&wire, &caller, wire.text_n);
            assert_int_equal(fake_calls, 6);
        }
}

/* What counts the token alone tells where a block begins, but not where the last one ends. */
static void splits_arrive_behind_every_present_prefix(void **state)
{
    for (unsigned prefix = 0; prefix < 2 * 16; prefix++) {
        for (size_t n = 1, all = n + 1; n < all && !(prefix & 4); n++) {
            seal_with(state, prefix % 16, prefix >= 16);
            all = wire.n;
            wire_fill(&wire, 16);
            wire_present(&wire, &caller, 0, n);
            wire_present(&wire, &caller, n, wire.n);
            assert_int_equal(caller.status, SEC_E_OK);
            wire_got(&wire, &caller, wire.text_n);
            assert_int_equal(fake_calls, 16);
        }
    }
}

/* Merges of two, with a slot that he never looks at: in which calls is it filled in? */
static void deliver(void **state, enum settings_deliver how, const ULONG want[3])
{
    wire_start(state);
    fake_settings.deliver = how;
    for (unsigned i = 0; i < 6; i++)
        wire_seal(&wire, 9);
    for (unsigned i = 0; i < 3; i++) {
        size_t from = i ? wire.ends[2 * i - 1] : 0;
        struct io *io = read_part(1, 16, wire.bytes + from, wire.ends[2 * i + 1] - from);
        SecBuffer slot = io->a[2];

        io->desc.cBuffers = 3;
        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(io->a[2].BufferType, want[i]);
        if (want[i] == SECBUFFER_EMPTY)
            assert_memory_equal(&io->a[2], &slot, sizeof slot);
        memcpy(caller.got + caller.got_n, io->a[1].pvBuffer, io->a[1].cbBuffer);
        caller.got_n += io->a[1].cbBuffer;
    }
    wire_got(&wire, &caller, wire.text_n - wire_close(&wire) * 9 / 25);
}

static void deliver_chooses_what_becomes_of_a_slot(void **state)
{
    static const ULONG never[3] = {0, 0, 0}, once[3] = {SECBUFFER_EXTRA, 0, 0},
                       always[3] = {SECBUFFER_EXTRA, 0, SECBUFFER_EXTRA};

    deliver(state, SETTINGS_DELIVER_COALESCE, never);
    deliver(state, SETTINGS_DELIVER_AUTO, once);
    deliver(state, SETTINGS_DELIVER_EXTRA, always);
}

static void the_package_is_asked_for_once_and_given_back(void **state)
{
    (void)state;
    is_repaired();
    assert_int_equal(fake_lent, 0);
    assert_int_equal(fake_queries, 2);
    read_unseal(read_blocks(1, 2));
    assert_int_equal(fake_queries, 2);
    kerberos();
    is_repaired();
    assert_int_equal(fake_lent, 0);
}

static void where_the_package_is_not_told_the_trailer_is(void **state)
{
    (void)state;
    fake[1].package = NULL;
    is_repaired();
    wire_start(state);
    fake[1].package = NULL;
    fake[1].trailer = 60;
    is_untouched();
    wire_start(state);
    fake[1].package = NULL;
    fake[1].trailer = 0;
    is_untouched();
}

static void another_package_is_whole(void **state)
{
    static const WCHAR *const others[] = {L"Digest", L"NTLM2", L"NTL", L"", L"Kerberos5"};

    for (unsigned i = 0; i < 5; i++) {
        wire_start(state);
        fake[1].package = others[i];
        is_untouched();
        assert_int_equal(fake_lent, 0);
    }
}

/* The SPNEGO MIC used number 0. */
static void the_first_number_may_be_1(void **state)
{
    for (size_t n = 1; n <= 15; n++) {
        wire_start(state);
        fake[1].sealed = fake[1].unsealed = 1;
        is_repaired();
        wire_seal(&wire, 30);
        wire_fill(&wire, 5);
        wire_present(&wire, &caller, wire.ends[1], wire.ends[1] + n);
        wire_present(&wire, &caller, wire.ends[1] + n, wire.n);
        wire_got(&wire, &caller, 42);
    }
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, wire_start, wire_stop)
    TEST(not_enabled_all_is_untouched_and_counted),
    TEST(packages_choose_whose_blocks_are_told_apart),
    TEST(strict_refuses_the_weak_match_alone),
    TEST(whole_tells_nothing_apart),
    TEST(merges_arrive_behind_every_prefix),
    TEST(splits_arrive_behind_every_present_prefix),
    TEST(deliver_chooses_what_becomes_of_a_slot),
    TEST(the_package_is_asked_for_once_and_given_back),
    TEST(where_the_package_is_not_told_the_trailer_is),
    TEST(another_package_is_whole),
    TEST(the_first_number_may_be_1),
};

TEST_MAIN("choice", tests)
