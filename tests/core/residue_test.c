/*
 * Residue: what is left on the stack when sealing, mac and exact are done. They are compiled as for
 * the DLLs, run on a stack of their own, and that is searched: no four bytes of the text, of the
 * key stream or of the session key, no eight of an RC4 box or of a hash may be there.
 */
#include "test.h"

#include <sys/personality.h>
#include <ucontext.h>
#include <unistd.h>

#include <nettle/arcfour.h>
#include <nettle/hmac.h>

#include "exact.h"
#include "mac.h"
#include "ntlm.h"
#include "sealer.h"

#define STACK ((size_t)1 << 16)
#define EMPTY 0xA5
#define MOST  2000

static _Alignas(16) unsigned char stack[STACK];
static ucontext_t here, there;

/* One message of the session: what may be known of it, and what must not. */
static struct {
    uint32_t flags;
    unsigned char key[SEALING_KEY], text[MOST], sealed[MOST + MAC_SIGNATURE];
    unsigned char stream[MOST + 12], sign[16], seal[16], sign_inner[16], sign_outer[16], hash[16];
    size_t n;
    struct sealing sealing, after;
    struct hmac keyed;
    struct mac mac;
    struct exact exact;
    bool fitted;
} message;

/*
 * Addresses lie on every stack. Where the kernel chooses them anew for each run, four bytes of one
 * are now and then, by chance, four of a secret; so the program starts over at fixed ones.
 */
__attribute__((constructor)) static void fix_addresses(int argc, char **argv)
{
    int now = personality(0xffffffff);

    (void)argc;
    if (now != -1 && !(now & ADDR_NO_RANDOMIZE) &&
        personality((unsigned)now | ADDR_NO_RANDOMIZE) != -1)
        execv("/proc/self/exe", argv);
}

/* What runs on the stack that is searched. */
static void run_begin(void)
{
    sealing_begin(&message.sealing, message.flags, message.key, SEALING_CLIENT);
}

/* Later steps cover what this one leaves. */
static void run_key(void)
{
    hmac_begin(&message.keyed, (struct span){message.sign, sizeof message.sign});
}

static void run_mac(void)
{
    mac_begin(&message.mac, &message.sealing, 0);
    mac_add(&message.mac, message.sealed + MAC_SIGNATURE, message.n);
}

static void run_fits(void)
{
    message.fitted = mac_fits(&message.mac, message.sealed);
}

static void run_refuses(void)
{
    unsigned char other[MAC_SIGNATURE] = {NTLM_VERSION};

    message.fitted = !mac_fits(&message.mac, other);
}

static void run_accept(void)
{
    message.after = message.sealing;
    mac_accept(&message.mac, message.sealed, &message.after);
}

static void run_skip(void)
{
    message.after = message.sealing;
    sealing_skip(&message.after, message.n, 1);
}

/* The last byte comes later: the lengths shortly before the end are tried from a copy. */
static void run_exact(void)
{
    struct exact_gap any = {3, {0, 4, 8}};
    struct span all = {message.sealed, MAC_SIGNATURE + message.n};
    size_t n = 0;

    exact_begin(&message.exact, message.flags, message.key, SEALING_CLIENT);
    exact_find(&message.exact, span_head(all, all.n - 1), any, &n);
    message.fitted = exact_find(&message.exact, all, any, &n) == EXACT_BLOCK && n == all.n;
}

/* It keeps its text in plain sight: the search has to see that. */
static void run_careless(void)
{
    unsigned char text[64];

    memcpy(text, message.text, sizeof text);
    __asm__ __volatile__("" : : "r"(text) : "memory");
}

static void on_stack(void (*run)(void))
{
    memset(stack, EMPTY, sizeof stack);
    assert_int_equal(getcontext(&there), 0);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, run, 0);
    assert_int_equal(swapcontext(&here, &there), 0);
    /* It was long enough. */
    assert_int_equal(stack[0], EMPTY);
}

/* Where on the stack any `width` bytes in a row of the secret are; NULL: nowhere. */
static const unsigned char *found(const void *secret, size_t n, size_t width)
{
    const unsigned char *low = stack, *from = secret;

    while (low < stack + STACK - width && *low == EMPTY)
        low++;
    for (size_t i = 0; i + width <= n; i++)
        for (const unsigned char *at = low; at + width <= stack + STACK; at++)
            if (*at == from[i] && memcmp(at, from + i, width) == 0)
                return at;
    return NULL;
}

static void absent(const char *name, const void *secret, size_t n, size_t width)
{
    const unsigned char *at = found(secret, n, width);

    if (at)
        fail_msg("flags %08x, %zu bytes: a part of %s is left, %zu bytes below the stack's top",
                 message.flags, message.n, name, (size_t)(stack + STACK - at));
}

static void search(void)
{
    const struct sealing *sealing = &message.sealing;

    absent("the session key", message.key, sizeof message.key, 4);
    absent("the text", message.text, message.n, 4);
    absent("the key stream", message.stream, sizeof message.stream, 4);
    absent("the RC4 box at first", sealing->stream.box, 256, 8);
    absent("the RC4 box at last", message.mac.stream.box, 256, 8);
    absent("the RC4 box behind it", message.after.stream.box, 256, 8);
    if (!sealing->ess)
        return;
    absent("the signing key", message.sign, sizeof message.sign, 4);
    absent("the signing key, as it is hashed first", message.sign_inner, sizeof message.sign, 4);
    absent("the signing key, as it is hashed last", message.sign_outer, sizeof message.sign, 4);
    absent("the sealing key", message.seal, sizeof message.seal, 4);
    absent("the text's hash", message.hash, sizeof message.hash, 4);
    absent("the keyed inner hash", sealing->keyed.inner.state, 16, 8);
    absent("the keyed outer hash", sealing->keyed.outer.state, 16, 8);
    absent("the inner hash of the text", message.mac.text.inner.state, 16, 8);
}

/* What the signature is made from. */
static void make_hash(const struct sealer *sealer)
{
    static const unsigned char number[4];
    struct hmac_md5_ctx hmac;

    memcpy(message.sign, sealer->sign, sizeof message.sign);
    memcpy(message.seal, sealer->seal, sizeof message.seal);
    for (size_t i = 0; i < sizeof message.sign; i++) {
        message.sign_inner[i] = message.sign[i] ^ 0x36;
        message.sign_outer[i] = message.sign[i] ^ 0x5c;
    }
    hmac_md5_set_key(&hmac, sizeof message.sign, message.sign);
    hmac_md5_update(&hmac, sizeof number, number);
    hmac_md5_update(&hmac, message.n, message.text);
    hmac_md5_digest(&hmac, sizeof message.hash, message.hash);
}

/* Everything that is secret is made by nettle, or has been, on another stack, before. */
static void make_message(uint32_t flags, size_t n)
{
    struct sealer sealer;

    memset(&message, 0, sizeof message);
    message.flags = flags;
    message.n = n;
    for (size_t i = 0; i < sizeof message.key; i++)
        message.key[i] = (unsigned char)test_random();
    for (size_t i = 0; i < n; i++)
        message.text[i] = (unsigned char)test_random();
    sealer_begin(&sealer, flags, message.key, false);
    arcfour_crypt(&sealer.rc4, sizeof message.stream, message.stream, message.stream);
    sealer_begin(&sealer, flags, message.key, false);
    make_hash(&sealer);
    sealer_seal(&sealer, (struct span){message.text, n}, message.sealed);
    run_begin();
    run_mac();
    run_accept();
}

static void nothing_is_left(void **state)
{
    static void (*const runs[])(void) = {run_begin,   run_key,    run_mac,  run_fits,
                                         run_refuses, run_accept, run_skip, run_exact};
    static const uint32_t flags[] = {NTLM_ESS | NTLM_128 | NTLM_KEY_EXCH, NTLM_ESS | NTLM_56, 0,
                                     NTLM_LM_KEY};
    static const size_t sizes[] = {0, 7, 40, 64, 100, 512, 1300};

    (void)state;
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            make_message(NTLM_SEAL | flags[f], sizes[s]);
            for (size_t r = 0; r < sizeof runs / sizeof *runs; r++) {
                message.fitted = true;
                on_stack(runs[r]);
                assert_true(message.fitted);
                search();
            }
        }
}

static void what_is_left_is_found(void **state)
{
    (void)state;
    make_message(NTLM_SEAL, 100);
    on_stack(run_careless);
    assert_non_null(found(message.text, message.n, 4));
    assert_null(found(message.key, sizeof message.key, 4));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nothing_is_left),
    cmocka_unit_test(what_is_left_is_found),
};

TEST_MAIN("residue", tests)
