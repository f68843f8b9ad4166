/*
 * Mac: the blocks that gss-ntlmssp sealed. Each fits at its own length and at no other one, however
 * its bytes come, and no longer when one bit of it is another.
 */
#include "test.h"

#include "mac.h"
#include "ntlm.h"
#include "recording.h"

#define STREAM 16384

/* One direction of a recording, as its receiver follows it. */
static struct {
    const struct recording *recording;
    unsigned order[RECORDING_BLOCKS], blocks;
    struct sealing before[RECORDING_BLOCKS]; /* each of its blocks */
} side;

static struct span block(unsigned i)
{
    return side.recording->block[side.order[i]].sealed;
}

static struct span cipher(unsigned i)
{
    return span_rest(block(i), MAC_SIGNATURE);
}

/* Without extended session security the other direction's blocks have to be passed. */
static void side_begin(const char *file, bool to_client)
{
    const struct recording *recording = recording_load(file);
    struct sealing sealing;

    memset(&side, 0, sizeof side);
    side.recording = recording;
    sealing_begin(&sealing, recording->flags, recording->key,
                  to_client ? SEALING_SERVER : SEALING_CLIENT);
    for (unsigned i = 0; i < recording->blocks; i++) {
        bool ours = recording->block[i].to_client == to_client;

        if (ours) {
            side.before[side.blocks] = sealing;
            side.order[side.blocks++] = i;
        }
        if (ours || !sealing.ess)
            sealing_skip(&sealing, recording->block[i].text.n, 1);
    }
    assert_true(side.blocks > 20);
}

static void each_side(void (*run)(void))
{
    static const char *const files[] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                        "tests/data/ntlm-lmkey.txt"};

    for (size_t f = 0; f < sizeof files / sizeof *files; f++)
        for (int to_client = 0; to_client < 2; to_client++) {
            side_begin(files[f], to_client);
            run();
        }
}

static struct mac begin(unsigned i)
{
    struct mac mac;

    mac_begin(&mac, &side.before[i], side.before[i].number);
    return mac;
}

/* Each block fits, and where it ends is where the next one was found to begin. */
static void blocks_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct mac mac = begin(i);
        struct sealing sealing = side.before[i];
        struct span text = side.recording->block[side.order[i]].text, sealed = cipher(i);
        unsigned char opened[STREAM];

        assert_int_equal(sealed.n, text.n);
        rc4_apply(&sealing.stream, sealed.at, opened, sealed.n);
        assert_memory_equal(opened, text.at, text.n);
        mac_add(&mac, sealed.at, sealed.n);
        assert_true(mac_fits(&mac, test_guarded(block(i).at, MAC_SIGNATURE).at));
        sealing = side.before[i];
        mac_accept(&mac, block(i).at, &sealing);
        if (i + 1 == side.blocks)
            return;
        for (unsigned k = side.order[i] + 1; k < side.order[i + 1] && !sealing.ess; k++)
            sealing_skip(&sealing, side.recording->block[k].text.n, 1);
        assert_int_equal(sealing.number, side.before[i + 1].number);
        assert_false(sealing.fresh);
        assert_memory_equal(&sealing.stream, &side.before[i + 1].stream, sizeof sealing.stream);
    }
}

static void each_block_fits(void **state)
{
    (void)state;
    each_side(blocks_of_side);
}

static uint64_t judged;

/* Its ciphertext with all that comes after it, up to a forbidden page. */
static struct span stream_from(unsigned i)
{
    static unsigned char stream[STREAM];
    size_t n = 0;

    for (unsigned k = i; k < side.blocks; k++) {
        struct span part = k == i ? cipher(k) : block(k);

        assert_true(n + part.n <= sizeof stream);
        memcpy(stream + n, part.at, part.n);
        n += part.n;
    }
    return test_guarded(stream, n);
}

static void lengths_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct span stream = stream_from(i);
        struct mac mac = begin(i);

        for (size_t n = 0;; n++) {
            bool fits = mac_fits(&mac, block(i).at);

            judged++;
            if (fits != (n == cipher(i).n))
                fail_msg("block %u of %zu bytes: at %zu it %s", i, cipher(i).n, n,
                         fits ? "fits" : "does not fit");
            if (n == stream.n)
                break;
            mac_add(&mac, stream.at + n, 1);
        }
        assert_int_equal(mac.n, stream.n);
    }
}

static void a_block_fits_at_its_length_only(void **state)
{
    (void)state;
    judged = 0;
    each_side(lengths_of_side);
    printf("mac: %llu lengths judged, no false one\n", (unsigned long long)judged);
}

/* Of those without ESS RandomPad may be anything, and a session's first number up to 2 more. */
static bool free_bit(const struct mac *mac, unsigned bit)
{
    unsigned low = bit - 8 * NTLM_NUMBER_AT; /* flipped, it can make the number greater */

    return !mac->ess &&
           (bit / 32 == NTLM_PAD_AT / 4 || (mac->fresh && low < 2 && !(mac->number >> low & 1)));
}

static void flip_signature(unsigned i)
{
    struct mac mac = begin(i);

    mac_add(&mac, cipher(i).at, cipher(i).n);
    for (unsigned bit = 0; bit < 8 * MAC_SIGNATURE; bit++) {
        unsigned char signature[MAC_SIGNATURE];

        memcpy(signature, block(i).at, sizeof signature);
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
        if (mac_fits(&mac, signature) != free_bit(&mac, bit))
            fail_msg("block %u: the signature's bit %u", i, bit);
    }
}

/* Byte n of the ciphertext, before which the mac stands. */
static void flip_byte(const struct mac *before, unsigned i, size_t n)
{
    struct span rest = span_rest(cipher(i), n + 1);

    for (unsigned bit = 0; bit < 8; bit++) {
        unsigned char flipped = cipher(i).at[n] ^ (unsigned char)(1 << bit);
        struct mac mac = *before;

        mac_add(&mac, &flipped, 1);
        mac_add(&mac, rest.at, rest.n);
        if (mac_fits(&mac, block(i).at))
            fail_msg("block %u: bit %u of byte %zu", i, bit, n);
    }
}

static void flips_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct mac mac = begin(i);

        flip_signature(i);
        for (size_t n = 0; n < cipher(i).n; n++) {
            if (n < 200 || n % 97 == 0)
                flip_byte(&mac, i, n);
            mac_add(&mac, cipher(i).at + n, 1);
        }
        assert_true(mac_fits(&mac, block(i).at));
    }
}

static void a_flipped_bit_does_not_fit(void **state)
{
    (void)state;
    each_side(flips_of_side);
}

/* Cut behind each byte whose bit is set in `cuts`. */
static void add_in_pieces(struct mac *mac, struct span sealed, uint32_t cuts)
{
    size_t from = 0;

    for (size_t n = 1; n <= sealed.n; n++)
        if (n == sealed.n || cuts >> (n - 1) & 1) {
            mac_add(mac, test_guarded(sealed.at + from, n - from).at, n - from);
            from = n;
        }
}

/* Around the size of what is decrypted at a time, and with nothing in between. */
static void add_in_sizes(struct mac *mac, struct span sealed)
{
    static const size_t sizes[] = {1, 63, 64, 65, 511, 512, 513, 1024, 0};
    size_t part;

    for (; sealed.n; sealed = span_rest(sealed, part)) {
        part = sizes[test_random() % (sizeof sizes / sizeof *sizes)];
        part = part < sealed.n ? part : sealed.n;
        mac_add(mac, test_guarded(sealed.at, part).at, part);
    }
}

static void pieces_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct span sealed = cipher(i);
        struct mac mac;

        for (uint32_t cuts = 0; sealed.n <= 12 && cuts < 1u << sealed.n; cuts++) {
            mac = begin(i);
            add_in_pieces(&mac, sealed, cuts);
            assert_true(mac_fits(&mac, block(i).at));
        }
        for (unsigned times = 0; times < 20; times++) {
            mac = begin(i);
            add_in_sizes(&mac, sealed);
            assert_true(mac_fits(&mac, block(i).at));
        }
    }
}

static void a_block_fits_however_it_comes(void **state)
{
    (void)state;
    each_side(pieces_of_side);
}

/* The other one is led astray, and asked. What is read stays as it was. */
static void copies_of_side(void)
{
    for (unsigned i = 0; i < side.blocks; i++) {
        struct span sealed = test_guarded(cipher(i).at, cipher(i).n);

        for (size_t cut = 0; cut <= sealed.n; cut += 1 + sealed.n / 50) {
            struct mac mac = begin(i), copy;

            mac_add(&mac, sealed.at, cut);
            copy = mac;
            mac_add(&mac, block(i).at, block(i).n);
            assert_false(mac_fits(&mac, block(i).at));
            mac_add(&copy, sealed.at + cut, sealed.n - cut);
            assert_true(mac_fits(&copy, block(i).at));
            assert_true(mac_fits(&copy, block(i).at));
        }
        assert_memory_equal(sealed.at, cipher(i).at, sealed.n);
    }
}

static void a_copy_goes_on_by_itself(void **state)
{
    (void)state;
    each_side(copies_of_side);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_block_fits),
    cmocka_unit_test(a_block_fits_at_its_length_only),
    cmocka_unit_test(a_flipped_bit_does_not_fit),
    cmocka_unit_test(a_block_fits_however_it_comes),
    cmocka_unit_test(a_copy_goes_on_by_itself),
};

TEST_MAIN("mac", tests)
