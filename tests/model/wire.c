/*
 * Wire. See wire.h.
 */
#include "wire.h"

#include <string.h>

#include "dice.h"
#include "fake_krb.h"
#include "keyed.h"
#include "session.h"

#define WIRE_MAX ((PLAN_TEXT + 100) * PLAN_BLOCKS)

static unsigned char bytes[WIRE_MAX], text[PLAN_TEXT * PLAN_BLOCKS];
static struct wire wire;

static void put(unsigned char *at, size_t value, unsigned size, bool big)
{
    for (unsigned i = 0; i < size; i++)
        at[big ? size - 1 - i : i] = (unsigned char)(value >> 8 * i);
}

static void put_prefix(const struct plan *plan, unsigned char *at, size_t block)
{
    const struct settings_prefix *prefix = &plan->prefix;
    size_t value = prefix->counts == SETTINGS_COUNTS_TOKEN ? wire.head
                   : prefix->counts == SETTINGS_COUNTS_ALL ? block + plan_prefix(plan)
                                                           : block;

    put(at, value, prefix->size, prefix->big);
    if (plan->eight)
        put(at + prefix->size, wire.head, 4, false);
}

static enum fake_krb_kind kerberos(const struct plan *plan)
{
    static const enum fake_krb_kind kinds[] = {FAKE_KRB_4121, FAKE_KRB_DCE, FAKE_KRB_RC4};

    return kinds[plan->framing - PLAN_RFC4121];
}

static void install(const struct plan *plan)
{
    static const enum fake_kind ntlm[] = {FAKE_ESS, FAKE_NT4, FAKE_PAD};

    fake_reset(plan_is_ntlm(plan) ? ntlm[plan->framing] : FAKE_ESS);
    fake[WIRE_CONTEXT].token_last = plan->shape == PLAN_LAST;
    if (plan->flags)
        keyed_install(WIRE_CONTEXT, plan);
    if (!plan_is_ntlm(plan))
        fake_krb_install(WIRE_CONTEXT, kerberos(plan), plan->seed);
}

struct wire wire_layout(const struct plan *plan)
{
    bool ntlm = plan_is_ntlm(plan);
    struct wire laid = {.bytes = bytes,
                        .text = text,
                        .blocks = plan->blocks,
                        .head = ntlm ? 16 : fake_krb_token(kerberos(plan), 0)};
    size_t padding = ntlm ? 0 : fake_krb_padding(kerberos(plan));

    if (plan->shape == PLAN_LAST)
        laid.head += padding;

    for (unsigned i = 0; i < plan->blocks; i++) {
        size_t n = plan->text[i], token = laid.n + plan_prefix(plan);
        size_t end = token + (ntlm ? 16 : fake_krb_token(kerberos(plan), n)) + n + padding;

        laid.text_n += n;
        laid.block[i] = (struct wire_block){laid.n, token, end, laid.text_n};
        laid.n = end;
    }
    return laid;
}

static void seal(const struct plan *plan, const unsigned char *from, size_t n, unsigned char *to)
{
    if (plan->flags)
        keyed_seal(WIRE_CONTEXT, from, n, to);
    else if (plan_is_ntlm(plan))
        fake_seal(WIRE_CONTEXT, from, n, to);
    else
        fake_krb_seal(WIRE_CONTEXT, from, n, to);
}

/*
 * Do the four bytes look like a length or a token size that a program could have put there? Where
 * no prefix is configured the shim takes this for one, once in 2^15 times (signature.c).
 */
static bool looks_like_prefix(const unsigned char *at)
{
    return (at[0] == 0 && at[1] <= 1) || (at[3] == 0 && at[2] <= 1);
}

/*
 * A byte of the checksum: the header is still seen for one. With the key, or any other byte that is
 * signed.
 */
static size_t damage_at(const struct plan *plan, size_t length, size_t n)
{
    size_t number = plan->framing == PLAN_ESS ? 4 : 0, version,
           at = plan->seed / 2 % (8 - number + n);

    if (plan_sees(plan) && plan->seed % 2)
        return at < 4 ? 8 + at : 8 + number + at;
    /* A few bytes behind a block may be a prefix that is not configured, whatever they are. */
    version = plan->configured ? 4 : 0;
    if (plan_sees(plan) && plan->seed % 4 == 0 && version + number) {
        at = plan->seed / 4 % (version + number);
        return at < version ? at : 12 + at - version;
    }
    if (!plan_is_ntlm(plan))
        return fake_krb_token(kerberos(plan), n) - 1;
    return (plan->shape == PLAN_LAST ? length - 16 : 0) + 8;
}

static void seal_again(const struct plan *plan, const struct fake *before,
                       const unsigned char *from, size_t n, unsigned char *to)
{
    fake[WIRE_CONTEXT] = *before;
    if (plan->flags)
        keyed_undo(WIRE_CONTEXT);
    if (!plan_is_ntlm(plan))
        fake_krb_undo(WIRE_CONTEXT);
    seal(plan, from, n, to);
}

#define HEADER 16
#define FAR    100 /* more messages than are looked for behind an altered one */

/*
 * Writes into the header of block i's own what makes it one that must not be believed. False: every
 * one of this kind would be.
 */
static bool spoil(const struct plan *plan, unsigned i, unsigned char header[HEADER])
{
    if (plan->framing == PLAN_PAD)
        return false;
    if (plan->framing == PLAN_NT4)
        header[4 + plan->seed % 4] = 1; /* not the four zero bytes */
    else if (plan->framing == PLAN_ESS)
        put(header + 12, plan->seed % 3 % 2 ? i : i + 2 + FAR, 4, false);
    else
        header[15] += (unsigned char)(plan->seed % 2 * 2);
    return true;
}

/*
 * Changes a text so that its ciphertext has a header in it that is not the next one. (Token last, a
 * read that ends with it would have to be taken for whole.)
 */
static void bait(const struct plan *plan, unsigned i, const struct fake *before,
                 unsigned char *from, size_t n, unsigned char *to)
{
    size_t at = n > HEADER + 8 ? (plan->seed + i) % (n - HEADER - 8) : 0;
    unsigned char header[HEADER], *sealed = to + wire.block[i].end - wire.block[i].token - n + at;

    memcpy(header, to, HEADER);
    if (n <= HEADER + 8 || plan->framing == PLAN_DER || !spoil(plan, i, header) ||
        (plan_is_ntlm(plan) && plan->shape == PLAN_LAST))
        return;
    for (size_t b = 0; b < HEADER; b++)
        from[at + b] ^= sealed[b] ^ header[b];
    seal_again(plan, before, from, n, to);
}

static void seal_block(const struct plan *plan, unsigned i)
{
    const struct wire_block *block = &wire.block[i];
    size_t n = plan->text[i], length = block->end - block->token;
    unsigned char *from = text + block->text_end - n, *to = bytes + block->token;
    bool last = plan->shape == PLAN_LAST && plan_is_ntlm(plan);
    unsigned char *edge = last ? to : to + length - 4;
    struct fake before = fake[WIRE_CONTEXT];

    if (plan_sends(plan, i))
        keyed_pass(WIRE_CONTEXT, session_text(plan, i));
    seal(plan, from, n, to);
    if (plan->bait)
        bait(plan, i, &before, from, n, to);
    for (unsigned turn = 0; n >= 4 && plan->framing != PLAN_DER && looks_like_prefix(edge);
         turn++) {
        from[last ? turn % 4 : n - 1 - turn % 4]++;
        seal_again(plan, &before, from, n, to);
    }
    wire.unlucky |= n < 4 && !plan_is_ntlm(plan) && looks_like_prefix(edge);
    if (plan->damaged == i + 1) {
        wire.spoilt = block->token + damage_at(plan, length, n);
        bytes[wire.spoilt] ^= 0x40;
    }
    put_prefix(plan, bytes + block->start, length);
}

const struct wire *wire_seal(const struct plan *plan)
{
    struct dice dice = dice_of(plan->seed);

    install(plan);
    wire = wire_layout(plan);
    for (size_t at = 0; at < wire.text_n; at += 8) {
        uint64_t eight = dice_next(&dice);

        memcpy(text + at, &eight, wire.text_n - at < 8 ? wire.text_n - at : 8);
    }
    for (unsigned i = 0; i < plan->blocks; i++)
        seal_block(plan, i);
    return &wire;
}

unsigned wire_block_at(const struct wire *of, size_t at)
{
    unsigned low = 0, high = of->blocks;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (of->block[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool wire_meets(const struct wire *of, size_t at)
{
    unsigned i = wire_block_at(of, at);

    return i == of->blocks || of->block[i].start == at;
}

size_t wire_stop(const struct plan *plan, const struct wire *of, size_t start, size_t end)
{
    for (unsigned i = wire_block_at(of, start); i < of->blocks && of->block[i].start < end; i++)
        if (of->block[i].start > start && plan_sends(plan, i))
            return of->block[i].start;
    return end;
}
