/*
 * Exact, at random: streams of a sealer that shares no line with the shim (sealer.h), arriving in
 * pieces. No block may be found where none ends, and each has to be found as soon as it is there.
 *   exact_random_test [SEED [STREAMS]]
 */
#include "test.h"

#include "exact.h"
#include "sealer.h"

#define STREAM  ((size_t)1 << 18)
#define BLOCKS  64
#define LONGEST 70000

static unsigned seed = 1, streams = 1500;
static unsigned char stream[STREAM], text[LONGEST];
static const struct exact_gap any = {3, {0, 4, 8}}, none = {1, {0}}, four = {1, {4}};
static uint64_t judged, blocks;

/* One stream: where each block begins and ends. */
struct course {
    uint32_t flags;
    unsigned char key[16];
    bool server;
    size_t gap, from[BLOCKS], to[BLOCKS];
    unsigned n, sends[BLOCKS]; /* NT 4: messages of the other direction in front of a block */
};
static struct course course;

static uint32_t below(uint32_t n)
{
    return test_random() % n;
}

/* Mostly short; now and then such as span many calls of the search. */
static size_t size_of_text(void)
{
    static const uint32_t limits[] = {1, 20, 20, 120, 120, 1500, 6000};

    return below(limits[below(sizeof limits / sizeof *limits)]);
}

/* Texts that look like headers, as do those of a program that sends what it has received. */
static void make_text(size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)(i % 16 == below(40) ? 1 : 0);
}

static void make_flags(void)
{
    static const uint32_t strengths[] = {NTLM_128, NTLM_56, 0, NTLM_128 | NTLM_56};

    course.flags = NTLM_SEAL | strengths[below(4)] | (below(2) ? NTLM_KEY_EXCH : 0) |
                   (below(2) ? NTLM_ESS : 0) | (below(2) ? NTLM_LM_KEY : 0);
    course.server = below(2);
    for (size_t i = 0; i < sizeof course.key; i++)
        course.key[i] = (unsigned char)test_random();
}

static void put_gap(unsigned char *at, size_t k, size_t n)
{
    const unsigned char bytes[8] = {(unsigned char)n, (unsigned char)(n >> 8), 0, 0, 16};

    memcpy(at, bytes, k);
}

static void make_course(void)
{
    struct sealer sealer;
    size_t at = 0;

    memset(&course, 0, sizeof course);
    make_flags();
    course.gap = 4 * below(3);
    sealer_begin(&sealer, course.flags, course.key, course.server);
    while (course.n < BLOCKS && at + 6100 < STREAM) {
        unsigned i = course.n++;
        size_t n = size_of_text();

        course.sends[i] = sealer.ess ? 0 : below(2);
        for (unsigned k = 0; k < course.sends[i]; k++)
            sealer_seal(&sealer, (struct span){text, 7}, stream + at);
        make_text(n);
        if (i)
            put_gap(stream + at, course.gap, n + 16);
        course.from[i] = at += i ? course.gap : 0;
        course.to[i] = at += sealer_seal(&sealer, (struct span){text, n}, stream + at);
    }
}

/* What of the stream has come: up to `come`. The block i is looked for at its beginning. */
static bool found(struct exact *exact, unsigned i, size_t come, size_t *n)
{
    struct exact_gap gap = course.gap == 0 && i % 2 ? none : course.gap == 4 && i % 2 ? four : any;
    struct span seen = {stream + course.from[i], come - course.from[i]};
    enum exact_verdict verdict = exact_find(exact, seen, gap, n);

    assert_int_not_equal(verdict, EXACT_RETIRED);
    return verdict == EXACT_BLOCK;
}

static void begin_block(struct exact *exact, unsigned i)
{
    if (course.sends[i])
        exact_passed(exact, 7 * course.sends[i], course.sends[i]);
}

static void run_course(void)
{
    struct exact exact;
    size_t come = 0, n;
    unsigned i = 0;

    exact_begin(&exact, course.flags, course.key, course.server ? SEALING_SERVER : SEALING_CLIENT);
    begin_block(&exact, 0);
    while (i < course.n) {
        size_t most = below(4) ? 40 : 9000;

        come += 1 + below((uint32_t)most);
        if (come > course.to[course.n - 1])
            come = course.to[course.n - 1];
        for (; i < course.n && come > course.from[i]; i++) {
            bool there = come >= course.to[i];

            assert_int_equal(found(&exact, i, come, &n), there);
            if (!there)
                break;
            assert_int_equal(n, course.to[i] - course.from[i]);
            exact_unsealed(&exact, n);
            if (i + 1 < course.n)
                begin_block(&exact, i + 1);
            blocks++;
        }
    }
    judged += exact.judged;
}

static void no_false_boundary(void **state)
{
    (void)state;
    for (unsigned i = 0; i < seed; i++)
        test_random();
    for (unsigned i = 0; i < streams; i++) {
        make_course();
        run_course();
    }
    printf("exact_random: seed %u, %u streams, %llu blocks found, %llu candidates judged, none "
           "false\n",
           seed, streams, (unsigned long long)blocks, (unsigned long long)judged);
}

/* Bytes that were hashed, and candidates: both are linear, whatever the pieces. */
size_t hashed;
void __real_mac_add(struct mac *mac, const unsigned char *at, size_t n);
void __wrap_mac_add(struct mac *mac, const unsigned char *at, size_t n);

void __wrap_mac_add(struct mac *mac, const unsigned char *at, size_t n)
{
    hashed += n;
    __real_mac_add(mac, at, n);
}

static void long_block(uint32_t flags, size_t piece)
{
    static const unsigned char key[16] = "session key";
    struct sealer sealer;
    struct exact exact;
    size_t n = 0, all;

    memset(text, 'x', sizeof text);
    sealer_begin(&sealer, flags, key, true);
    exact_begin(&exact, flags, key, SEALING_SERVER);
    all = sealer_seal(&sealer, (struct span){text, sizeof text}, stream);
    hashed = 0;
    for (size_t come = 0; come < all; come += piece)
        assert_int_equal(exact_find(&exact, (struct span){stream, come}, any, &n), EXACT_PARTIAL);
    assert_int_equal(exact_find(&exact, (struct span){stream, all}, any, &n), EXACT_BLOCK);
    assert_int_equal(n, all);
    /* The last 23 bytes of each piece may be gone through twice. */
    assert_true(hashed <= sizeof text + (piece > 1 ? (sizeof text / piece + 1) * 23 : 0));
    assert_true(exact.judged <= sizeof text / piece * (piece > 23 ? 24 : piece) + 24);
}

static void a_block_of_70000_bytes_in_pieces(void **state)
{
    static const size_t pieces[] = {1, 2, 7, 23, 24, 1460, 65536};

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        long_block(NTLM_SEAL | NTLM_ESS | NTLM_KEY_EXCH | NTLM_128, pieces[i]);
        long_block(NTLM_SEAL | NTLM_ESS | NTLM_128, pieces[i]);
        long_block(NTLM_SEAL, pieces[i]);
    }
}

/*
 * A ciphertext that is one header of the next number behind the other: a peer that wants to can
 * send that. All of them are looked at, none of them is a boundary, and the true one is found.
 */
static void a_ciphertext_of_headers(void **state)
{
    static const unsigned char key[16] = "session key";
    static const unsigned char header[16] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    static unsigned char zeros[16000];
    const uint32_t flags = NTLM_SEAL | NTLM_ESS | NTLM_KEY_EXCH | NTLM_128;
    struct sealer stream_of, sealer;
    struct exact exact;
    size_t n = 0, all;

    (void)state;
    sealer_begin(&stream_of, flags, key, true);
    sealer_begin(&sealer, flags, key, true);
    exact_begin(&exact, flags, key, SEALING_SERVER);
    sealer_seal(&stream_of, (struct span){zeros, sizeof zeros}, stream);
    for (size_t i = 0; i < sizeof zeros; i++)
        text[i] = stream[16 + i] ^ header[i % 16];
    all = sealer_seal(&sealer, (struct span){text, sizeof zeros}, stream);
    assert_memory_equal(stream + 16, header, 16);
    hashed = 0;
    assert_int_equal(exact_find(&exact, (struct span){stream, all}, any, &n), EXACT_BLOCK);
    assert_int_equal(n, all);
    assert_true(hashed <= sizeof zeros + 23);
    assert_true(exact.judged <= 3 * sizeof zeros / 16 + 24);
}

/*
 * SPNEGO's mechListMIC took the number 0 and gave the key stream back. `passed` messages without
 * text come before the first one that is looked at.
 */
static void first_number(uint32_t flags, uint32_t number, unsigned passed)
{
    static const unsigned char key[16] = "session key";
    struct sealer sealer;
    struct exact exact;
    size_t at = 0, n = 0;

    sealer_begin(&sealer, flags, key, true);
    exact_begin(&exact, flags, key, SEALING_SERVER);
    sealer.number = number;
    for (unsigned i = 0; i < passed; i++) {
        sealer_seal(&sealer, (struct span){text, 0}, stream);
        if (sealer.ess)
            exact_verified(&exact, true);
        else
            exact_passed(&exact, 0, 1);
    }
    for (unsigned i = 0; i < 5; i++)
        at += sealer_seal(&sealer, (struct span){text, 30}, stream + at);
    for (unsigned i = 0; i < 5; i++) {
        struct span seen = {stream + 46 * i, at - 46 * i};

        assert_true(exact_opens(&exact, seen));
        assert_int_equal(exact_find(&exact, seen, any, &n), EXACT_BLOCK);
        assert_int_equal(n, 46);
        exact_unsealed(&exact, n);
    }
}

static void a_first_message_may_have_the_number_one(void **state)
{
    (void)state;
    for (unsigned passed = 0; passed < 4; passed++) {
        first_number(NTLM_SEAL | NTLM_ESS | NTLM_KEY_EXCH | NTLM_128, 1, passed);
        first_number(NTLM_SEAL | NTLM_ESS, 1, passed);
        first_number(NTLM_SEAL, 1, passed);
        first_number(NTLM_SEAL, 2, passed); /* both ends have signed */
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(no_false_boundary),
    cmocka_unit_test(a_block_of_70000_bytes_in_pieces),
    cmocka_unit_test(a_ciphertext_of_headers),
    cmocka_unit_test(a_first_message_may_have_the_number_one),
};

int main(int argc, char **argv)
{
    if (argc > 1)
        seed = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        streams = (unsigned)strtoul(argv[2], NULL, 10);
    return test_run("exact_random", tests, sizeof tests / sizeof *tests);
}
