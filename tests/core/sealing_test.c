/*
 * Sealing and mac against what others have sealed: the examples of [MS-NLMP] 4.2 and of Eric
 * Glass's paper on NTLM, and sessions of every kind from a sealer that shares no line with the shim
 * (sealer.h). Each example has to come out of that sealer, too.
 */
#include "test.h"

#include "mac.h"
#include "ntlm.h"
#include "sealer.h"

#define KINDS   32
#define LONGEST 1200

/* Of [MS-NLMP] the NegotiateFlags of the section's beginning, without those that are of no matter.
 */
static const struct example {
    const char *name;
    uint32_t flags;
    const char *key, *text, *sealed, *signature;
} examples[] = {
#define PLAINTEXT "50006c00610069006e007400650078007400"
#define JCIFS     "6a43494653"
#define GLASS_KEY "0102030405060708090a0b0c0d0e0f00"
    {"4.2.2.4", NTLM_SIGN | NTLM_SEAL | NTLM_56 | NTLM_128 | NTLM_KEY_EXCH,
     "55555555555555555555555555555555", PLAINTEXT, "56fe04d861f9319af0d7238a2e3b4d457fb8",
     "0100000045c844e509dcd1df2e459d36"},
    {"4.2.3.4", NTLM_SIGN | NTLM_SEAL | NTLM_56 | NTLM_ESS, "eb93429a8bd952f8b89c55b87f475edc",
     PLAINTEXT, "a02372f6530273f3aa1eb90190ce5200c99d", "01000000ff2aeb52f681793a00000000"},
    {"4.2.4.4", NTLM_SIGN | NTLM_SEAL | NTLM_56 | NTLM_128 | NTLM_KEY_EXCH | NTLM_ESS,
     "55555555555555555555555555555555", PLAINTEXT, "54e50165bf1936dc996020c1811b0f06fb5f",
     "010000007fb38ec5c55d497600000000"},
    {"Glass, NTLM1, LAN Manager key of 40 bits", NTLM_SIGN | NTLM_SEAL | NTLM_LM_KEY, GLASS_KEY,
     JCIFS, "86fc55abca", "0100000078010900fa3e828bcc8affc3"},
    {"Glass, NTLM2, 40 bits", NTLM_SIGN | NTLM_SEAL | NTLM_ESS | NTLM_KEY_EXCH, GLASS_KEY, JCIFS,
     "cf0eb0a939", "01000000884b14809e53bfe700000000"},
};

static size_t unhex(const char *hex, unsigned char *to)
{
    size_t n = strlen(hex) / 2;

    for (size_t i = 0; i < n; i++)
        assert_int_equal(sscanf(hex + 2 * i, "%2hhx", to + i), 1);
    return n;
}

/* RandomPad apart, where the examples have what no receiver looks at. */
static void from_sealer(const struct example *example, const unsigned char key[SEALING_KEY],
                        struct span text, const unsigned char *want)
{
    unsigned char got[64];
    struct sealer sealer;

    sealer_begin(&sealer, example->flags, key, false);
    sealer_seal(&sealer, text, got);
    if (!(example->flags & NTLM_ESS))
        memcpy(got + NTLM_PAD_AT, want + NTLM_PAD_AT, 4);
    assert_memory_equal(got, want, MAC_SIGNATURE + text.n);
}

static void examples_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *example = &examples[i];
        unsigned char key[SEALING_KEY], text[32], sealed[64], opened[32];
        struct sealing sealing;
        struct rc4 stream;
        struct mac mac;
        size_t n = unhex(example->text, text);

        assert_int_equal(unhex(example->key, key), sizeof key);
        assert_int_equal(unhex(example->signature, sealed), MAC_SIGNATURE);
        assert_int_equal(unhex(example->sealed, sealed + MAC_SIGNATURE), n);
        from_sealer(example, key, (struct span){text, n}, sealed);
        sealing_begin(&sealing, example->flags, key, SEALING_CLIENT);
        stream = sealing.stream;
        rc4_apply(&stream, sealed + MAC_SIGNATURE, opened, n);
        assert_memory_equal(opened, text, n);
        mac_begin(&mac, &sealing, 0);
        mac_add(&mac, sealed + MAC_SIGNATURE, n);
        if (!mac_fits(&mac, sealed))
            fail_msg("the example %s does not fit", example->name);
        sealed[MAC_SIGNATURE] ^= 1;
        mac_begin(&mac, &sealing, 0);
        mac_add(&mac, sealed + MAC_SIGNATURE, n);
        assert_false(mac_fits(&mac, sealed));
    }
}

/* Any of the flags that matter. */
static uint32_t kind(unsigned i)
{
    return NTLM_SEAL | (i & 1 ? NTLM_ESS : 0) | (i & 2 ? NTLM_KEY_EXCH : 0) |
           (i & 4 ? NTLM_128 : 0) | (i & 8 ? NTLM_56 : 0) | (i & 16 ? NTLM_LM_KEY : 0);
}

/* Both ends of a session: one seals, the other one follows. */
struct session {
    uint32_t flags;
    unsigned char key[SEALING_KEY];
    bool server;
    struct sealer sealer;
    struct sealing sealing;
};

static void session_begin(struct session *session, uint32_t flags, bool server)
{
    session->flags = flags;
    session->server = server;
    for (size_t i = 0; i < sizeof session->key; i++)
        session->key[i] = (unsigned char)test_random();
    sealer_begin(&session->sealer, flags, session->key, server);
    sealing_begin(&session->sealing, flags, session->key, server ? SEALING_SERVER : SEALING_CLIENT);
}

static unsigned char sealed[LONGEST + MAC_SIGNATURE];

/* Seals a random text of n bytes. */
static void seal(struct session *session, size_t n)
{
    unsigned char text[LONGEST];

    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)test_random();
    assert_int_equal(sealer_seal(&session->sealer, (struct span){text, n}, sealed),
                     n + MAC_SIGNATURE);
}

static bool fits(const struct sealing *sealing, uint32_t number, size_t n, struct mac *mac)
{
    mac_begin(mac, sealing, number);
    mac_add(mac, sealed + MAC_SIGNATURE, n);
    assert_int_equal(mac->n, n);
    return mac_fits(mac, sealed);
}

/* The next message fits; under another number, or sealed by the other end, it would not. */
static void follow(struct session *session, size_t n)
{
    uint32_t number = session->sealing.number;
    struct sealing other = session->sealing;
    struct mac mac;

    seal(session, n);
    if (other.ess)
        assert_false(fits(&other, number + 1, n, &mac));
    other.number += 7;
    assert_false(!other.ess && fits(&other, number, n, &mac));
    sealing_begin(&other, session->flags, session->key,
                  session->server ? SEALING_CLIENT : SEALING_SERVER);
    if (other.ess)
        assert_false(fits(&other, number, n, &mac));
    assert_true(fits(&session->sealing, number, n, &mac));
    mac_accept(&mac, sealed, &session->sealing);
    assert_int_equal(session->sealing.number, number + 1);
}

/* What is not looked at is passed, one message at a time or several at once. */
static void pass(struct session *session)
{
    uint32_t count = 1 + test_random() % 5;
    size_t all = 0;

    for (uint32_t i = 0; i < count; i++) {
        size_t n = test_random() % 100;

        seal(session, n);
        all += n;
    }
    sealing_skip(&session->sealing, all, count);
}

static void sessions_of_every_kind(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KINDS * 8; i++) {
        struct session session;

        session_begin(&session, kind(i % KINDS), i / KINDS % 2);
        for (unsigned k = 0; k < 40; k++) {
            if (test_random() % 3 == 0)
                pass(&session);
            follow(&session, test_random() % (k % 8 ? 100 : LONGEST));
        }
    }
}

/* After a SPNEGO MIC the first message may have the number 1, or without ESS 2; no other, and none
 * later. */
static void the_first_number_may_be_one(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KINDS; i++) {
        struct session session;
        struct mac mac;

        session_begin(&session, kind(i), i / 4 % 2);
        session.sealer.number = 1;
        seal(&session, 30);
        assert_true(fits(&session.sealing, 1, 30, &mac));
        mac_accept(&mac, sealed, &session.sealing);
        assert_int_equal(session.sealing.number, 2);
        follow(&session, 40);
        session.sealer.number++;
        seal(&session, 30);
        /* With ESS it is for the caller to say which number is expected (mac.h). */
        assert_int_equal(fits(&session.sealing, 4, 30, &mac), session.sealing.ess);
        for (uint32_t number = 2; number < 4; number++) {
            session_begin(&session, kind(i), false);
            session.sealer.number = number;
            seal(&session, 30);
            assert_int_equal(fits(&session.sealing, number, 30, &mac),
                             session.sealing.ess || number == 2);
        }
    }
}

/* Behind a signature of SPNEGO's, and messages that this end sealed or the other one only signed.
 */
static void the_first_to_open_may_be_any(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KINDS; i++)
        for (unsigned ahead = 0; ahead < 3; ahead++) {
            struct session session;
            struct mac mac;

            session_begin(&session, kind(i), false);
            session.sealer.number = ahead;
            for (unsigned k = 0; k < 3; k++) {
                seal(&session, 20 + k);
                sealing_skip(&session.sealing, 20 + k, 1);
            }
            seal(&session, 30);
            assert_true(fits(&session.sealing, 3 + ahead, 30, &mac));
            mac_accept(&mac, sealed, &session.sealing);
            assert_false(session.sealing.fresh);
            assert_int_equal(session.sealing.number, 4 + ahead);
        }
}

/* A session in which nothing was fresh any more: 1 is not taken for 0. */
static void a_later_number_is_not_one_off(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KINDS; i += 2) {
        struct session session;
        struct mac mac;

        session_begin(&session, kind(i), false);
        session.sealing.fresh = false;
        session.sealer.number = 1;
        seal(&session, 30);
        assert_false(fits(&session.sealing, 0, 30, &mac));
    }
}

static void the_number_returns_to_zero(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KINDS; i++) {
        struct session session;

        session_begin(&session, kind(i), true);
        session.sealing.number = session.sealer.number = 0xFFFFFFFEu;
        session.sealing.fresh = false;
        for (unsigned k = 0; k < 4; k++)
            follow(&session, 20);
        assert_int_equal(session.sealing.number, 2);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(examples_fit),
    cmocka_unit_test(sessions_of_every_kind),
    cmocka_unit_test(the_first_number_may_be_one),
    cmocka_unit_test(the_first_to_open_may_be_any),
    cmocka_unit_test(a_later_number_is_not_one_off),
    cmocka_unit_test(the_number_returns_to_zero),
};

TEST_MAIN("sealing", tests)
