/*
 * Frame. See frame.h.
 */
#include "frame.h"

#include "bytes.h"
#include "exact.h"
#include "ntlm.h"
#include "signature.h"

static bool is_ntlm(enum frame_kind kind)
{
    return kind == FRAME_UNSURE || kind == FRAME_ESS || kind == FRAME_NT4;
}

/* What the blocks of this kind begin with. */
static enum length_token token_of(enum frame_kind kind, enum frame_order order)
{
    if (order == FRAME_TOKEN_LAST)
        return LENGTH_ANY;
    switch (kind) {
    case FRAME_KERBEROS:
        return LENGTH_KERBEROS;
    case FRAME_TLS:
        return LENGTH_TLS;
    case FRAME_UNKNOWN:
        return LENGTH_EITHER;
    default:
        return LENGTH_NTLM;
    }
}

bool frame_exact(const struct frame_rule *rule, enum frame_order order)
{
    return rule->exact && !rule->exact->retired && order == FRAME_TOKEN_FIRST;
}

static const struct exact_gap any_gap = {3, {0, 4, 8}};

/* The place of the next block behind the one before, if the application's bytes between them are
 * not configured: the first at which its header stands. */
static struct length measure_gap(const struct exact *exact, struct span at)
{
    struct length length = {.verdict = LENGTH_BAD};

    for (size_t i = any_gap.sizes; i-- > 0;) {
        size_t k = any_gap.size[i], need = k + NTLM_SIGNATURE;

        if (at.n >= k && !exact_opens(exact, span_rest(at, k)))
            continue;
        if (at.n >= need)
            length = (struct length){.verdict = LENGTH_OPEN, .prefix = k};
        else if (length.verdict != LENGTH_OPEN)
            length = (struct length){.verdict = LENGTH_SHORT, .need = need};
    }
    return length;
}

struct length frame_measure(const struct frame_rule *rule, enum frame_order order, struct span at,
                            bool bare)
{
    static const struct settings_prefix none;
    bool framed = rule->own.size && rule->kind != FRAME_TLS;
    bool told = framed && !bare && rule->own.counts != SETTINGS_COUNTS_TOKEN;
    bool kerberos = rule->kind == FRAME_KERBEROS || rule->kind == FRAME_UNKNOWN;
    bool gap = !rule->own.size && !bare && frame_exact(rule, order);
    size_t least = kerberos && !told ? rule->token : NTLM_SIGNATURE;

    if (rule->kind == FRAME_UNKNOWN && told)
        least = 0;
    if (gap)
        return measure_gap(rule->exact, at);
    return length_of(at, framed && !bare ? &rule->own : &none, token_of(rule->kind, order), least);
}

static bool is_signature(struct span head)
{
    return head.n == NTLM_SIGNATURE && bytes_le32(head.at) == NTLM_VERSION;
}

/* Only NTLM's own token can come last: every other begins with its header, wherever the caller's
 * TOKEN element points (plain Kerberos under Wine 8: to the last bytes of the whole). */
enum frame_order frame_wire_order(enum frame_kind kind, enum frame_order order, struct span head)
{
    bool ntlm = is_ntlm(kind) || (kind == FRAME_UNKNOWN && is_signature(head));

    return order == FRAME_TOKEN_LAST && !ntlm ? FRAME_TOKEN_FIRST : order;
}

void frame_begin(struct frame_walk *walk, const struct frame_rule *rule, enum frame_order order,
                 struct span head, struct span input)
{
    *walk = (struct frame_walk){.input = input,
                                .head = head,
                                .rule = rule,
                                .kind = rule->kind,
                                .order = frame_wire_order(rule->kind, order, head),
                                .prefix = rule->prefix};
}

struct span frame_rest(const struct frame_walk *walk)
{
    return span_rest(walk->input, walk->start);
}

/* Cuts at the boundary p, behind (token last) or before which k bytes of prefix stand. */
static struct span cut(struct frame_walk *walk, size_t p, size_t k)
{
    bool last = walk->order == FRAME_TOKEN_LAST;
    size_t end = last ? p + NTLM_SIGNATURE : p - k;
    struct span block = {walk->input.at + walk->start, end - walk->start};

    /* A configured prefix may say how long the next block is: it is looked at then. */
    walk->middle = true;
    walk->start = walk->rule->own.size ? end : end + k;
    if (!walk->rule->own.size)
        walk->prefix = (unsigned char)k;
    if (last)
        walk->number++;
    return block;
}

/* The block is the rest. With a token apart what completes it would not follow: it is what it is.
 */
static enum frame_step partial(struct frame_walk *walk, size_t missing)
{
    if (walk->order == FRAME_TOKEN_APART)
        return FRAME_STEP_WHOLE;
    walk->missing = missing;
    return FRAME_STEP_PARTIAL;
}

static enum frame_step whole(struct frame_walk *walk, struct span *block)
{
    walk->kind = FRAME_WHOLE;
    *block = frame_rest(walk);
    return FRAME_STEP_WHOLE;
}

/* A block of known length, `total` with its prefix. */
static enum frame_step cut_known(struct frame_walk *walk, struct length length, struct span *block)
{
    struct span rest = frame_rest(walk);
    size_t total = length.prefix + length.block;

    if (total > rest.n)
        return partial(walk, total - rest.n);
    *block = span_head(span_rest(rest, length.prefix), length.block);
    walk->middle = true;
    walk->start += total;
    return total < rest.n ? FRAME_STEP_BLOCK : FRAME_STEP_LAST;
}

/* The kind that an I/O of a kind not yet known would be of, by the block at the walk's start. */
static void guess(struct frame_walk *walk, struct span at)
{
    if (walk->kind == FRAME_UNKNOWN && at.n)
        walk->kind = at.at[0] == NTLM_VERSION ? FRAME_UNSURE : FRAME_KERBEROS;
}

static struct exact_gap gap_of(const struct frame_walk *walk)
{
    if (walk->rule->own.size)
        return (struct exact_gap){1, {walk->rule->own.size}};
    if (walk->prefix != FRAME_PREFIX_UNKNOWN)
        return (struct exact_gap){1, {walk->prefix}};
    return any_gap;
}

/* A block at walk->start whose end is known, or known not to be there yet. False: it has to be
 * searched for. */
static bool cut_exact(struct frame_walk *walk, struct span *block, enum frame_step *step)
{
    struct span rest = frame_rest(walk);
    size_t n = 0;

    if (!frame_exact(walk->rule, walk->order))
        return false;
    switch (exact_find(walk->rule->exact, rest, gap_of(walk), &n)) {
    case EXACT_BLOCK:
        *block = span_head(rest, n);
        walk->middle = true;
        walk->start += n;
        *step = n < rest.n ? FRAME_STEP_BLOCK : FRAME_STEP_LAST;
        return true;
    case EXACT_PARTIAL:
        *step = partial(walk, 1);
        return true;
    default:
        return false;
    }
}

/* A token that does not tell its length begins at walk->start: up to where the next one begins. */
static enum frame_step cut_open(struct frame_walk *walk, struct span *block)
{
    enum frame_step step;
    bool apart = walk->order == FRAME_TOKEN_APART && !walk->middle;
    bool elsewhere = apart || walk->order == FRAME_TOKEN_LAST;
    uint64_t number = walk->number;
    size_t p, k;

    *block = frame_rest(walk);
    if (cut_exact(walk, block, &step))
        return step;
    guess(walk, elsewhere ? walk->head : *block);
    if (!signature_read(walk, elsewhere ? walk->head : *block))
        return whole(walk, block);
    if (walk->numbered)
        walk->number = number;
    walk->header = elsewhere ? 0 : NTLM_SIGNATURE;
    for (size_t from = walk->start + walk->header;; from = p + 1) {
        enum frame_kind kind = walk->kind;

        p = signature_find(walk, from, &kind);
        if (p == walk->input.n)
            return FRAME_STEP_WHOLE;
        walk->kind = kind;
        if (walk->order == FRAME_TOKEN_LAST && !walk->numbered)
            walk->number = bytes_le32(walk->input.at + p + NTLM_NUMBER_AT);
        k = signature_prefix(walk, kind, p);
        if (k == SIGNATURE_NOT_BELIEVED)
            continue;
        walk->numbered = walk->order == FRAME_TOKEN_LAST;
        *block = cut(walk, p, k);
        return FRAME_STEP_BLOCK;
    }
}

/* Token last: a read that does not end with a signature ends within a block. */
static bool ends_within(const struct frame_walk *walk)
{
    return walk->order == FRAME_TOKEN_LAST && walk->start == 0 && !is_signature(walk->head);
}

enum frame_step frame_next(struct frame_walk *walk, struct span *block)
{
    struct span rest = frame_rest(walk);
    bool bare = !walk->middle && (walk->rule->own.stripped || !walk->rule->own.size);
    struct length length;
    enum frame_step step;

    *block = rest;
    if (walk->kind == FRAME_WHOLE)
        return FRAME_STEP_WHOLE;
    if (walk->order == FRAME_TOKEN_APART && !walk->middle)
        return cut_open(walk, block);
    /* More than a signature behind the data: where in it that is only the provider knows. */
    if (walk->order == FRAME_TOKEN_LAST && walk->head.n > NTLM_SIGNATURE)
        return whole(walk, block);
    if (!walk->rule->own.size && ends_within(walk))
        return partial(walk, 1);
    length = frame_measure(walk->rule, walk->order, rest, bare);
    if (bare && walk->first)
        length = (struct length){.verdict = LENGTH_KNOWN, .block = walk->first};
    switch (length.verdict) {
    case LENGTH_SHORT:
        return partial(walk, 1);
    case LENGTH_KNOWN:
        return cut_known(walk, length, block);
    case LENGTH_BAD:
        return whole(walk, block);
    default:
        walk->start += length.prefix;
        if (walk->middle && !walk->rule->own.size && frame_exact(walk->rule, walk->order))
            walk->prefix = (unsigned char)length.prefix;
        step = cut_open(walk, block);
        /* It is not cut, so that the rest still begins with its prefix. */
        if (step == FRAME_STEP_WHOLE || step == FRAME_STEP_PARTIAL)
            walk->start -= length.prefix;
        return step;
    }
}

void frame_learn(struct frame_rule *rule, const struct frame_walk *walk)
{
    if (rule->kind == FRAME_UNSURE && walk->kind != FRAME_WHOLE)
        rule->kind = walk->kind;
    rule->prefix = walk->prefix;
}
