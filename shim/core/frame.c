/*
 * Frame: framings `signature` (NTLM) and `whole`. See frame.h.
 */
#include "frame.h"

#include "bytes.h"
#include "ntlm.h"
#include "scan.h"

static bool padded(const unsigned char *header)
{
    return bytes_le32(header + NTLM_PAD_AT) == 0;
}

/* A signature of this kind at p (p + 16 <= n), `ahead` messages behind the current block's? */
static bool header_fits(const struct frame_walk *walk, enum frame_kind kind, size_t p,
                        uint32_t ahead)
{
    const unsigned char *header = walk->input.at + p;

    if (kind == FRAME_ESS)
        return bytes_le32(header + NTLM_NUMBER_AT) == walk->number + ahead;
    /*
     * A weak match needs to be one of the NT 4 kind for certain, and a token that lies apart is no
     * evidence that blocks follow each other.
     */
    return walk->padded ? padded(header)
                        : walk->kind == FRAME_NT4 && walk->order != FRAME_TOKEN_APART;
}

/*
 * Token last, first boundary: the I/O's own number is the last one, and each block before it takes
 * at least a signature's room, so that the number looked for is one of n / 16.
 */
static bool first_number_fits(const struct frame_walk *walk, size_t p)
{
    uint32_t last = bytes_le32(walk->input.at + walk->input.n - NTLM_SIGNATURE + NTLM_NUMBER_AT);
    uint32_t before = last - bytes_le32(walk->input.at + p + NTLM_NUMBER_AT);

    return before > 0 && before <= walk->input.n / NTLM_SIGNATURE;
}

static bool boundary_fits(const struct frame_walk *walk, enum frame_kind kind, size_t p)
{
    if (walk->order != FRAME_TOKEN_LAST)
        return header_fits(walk, kind, p, 1);
    if (kind == FRAME_ESS && !walk->numbered)
        return first_number_fits(walk, p);
    return header_fits(walk, kind, p, 0);
}

/* Where signatures may stand that are not the I/O's own. */
static size_t search_end(const struct frame_walk *walk)
{
    size_t own = walk->order == FRAME_TOKEN_LAST ? 2 * NTLM_SIGNATURE : NTLM_SIGNATURE;

    return walk->input.n < own ? 0 : walk->input.n - own + 1;
}

/*
 * The next boundary at or behind `from`, and the kind that it proves. While the kind is unsure, an
 * extended signature anywhere in the I/O outweighs an NT 4 one in front of it.
 */
static size_t find(const struct frame_walk *walk, size_t from, enum frame_kind *kind)
{
    size_t end = search_end(walk), none = walk->input.n, nt4 = none;

    for (size_t p = from; p < end; p++) {
        p = scan_word(walk->input.at, end + 3, p, NTLM_VERSION);
        if (p >= end)
            break;
        if (walk->kind != FRAME_NT4 && boundary_fits(walk, FRAME_ESS, p)) {
            *kind = FRAME_ESS;
            return p;
        }
        if (walk->kind == FRAME_ESS || nt4 != none || !boundary_fits(walk, FRAME_NT4, p))
            continue;
        *kind = FRAME_NT4;
        nt4 = p;
        if (walk->kind == FRAME_NT4)
            break;
    }
    return nt4;
}

/*
 * May a block end at `end`: does the I/O end there, or the next block begin behind k bytes? Token
 * first, too little may be left to see that: the read ended in the next one's prefix or signature.
 */
static bool ends_well(const struct frame_walk *walk, enum frame_kind kind, size_t end, size_t k)
{
    bool last = walk->order == FRAME_TOKEN_LAST;
    size_t left = walk->input.n - end, p = last ? end - NTLM_SIGNATURE : end + k;

    if (left < k + NTLM_SIGNATURE)
        return left == 0 || !last;
    return scan_word(walk->input.at, p + 4, p, NTLM_VERSION) == p && header_fits(walk, kind, p, last ? 1 : 2);
}

/* Does a length in the first four of the k bytes at `at`, in either byte order, lead there? */
static bool length_fits(const struct frame_walk *walk, enum frame_kind kind, size_t at, size_t k)
{
    const unsigned char *field = walk->input.at + at;
    uint32_t lengths[2] = {bytes_le32(field), bytes_be32(field)};

    /* It counts all of the frame, or what follows the field, or what follows the prefix. */
    for (size_t from = at; from <= at + k; from += 4)
        for (int i = 0; i < 2; i++)
            if (lengths[i] <= walk->input.n - from &&
                lengths[i] >= at + k + NTLM_SIGNATURE - from &&
                ends_well(walk, kind, from + lengths[i], k))
                return true;
    return false;
}

/* Frames of [MS-NNS] and their like are at most this long. */
#define LENGTH_MAX 0x10000u

/*
 * Does a length at `at` lead past the I/O, as it does when the last block has not arrived whole? On
 * a stream without prefixes, ciphertext looks like that once in 2^15 times; so it is believed only
 * of the last boundary, and only until a boundary of the stream has been proven.
 */
static bool length_leads_out(const struct frame_walk *walk, enum frame_kind kind, size_t at,
                             size_t p)
{
    const unsigned char *field = walk->input.at + at;
    size_t left = walk->input.n - p;
    struct frame_walk ahead = *walk;

    if (walk->order == FRAME_TOKEN_LAST)
        return false;
    if ((bytes_le32(field) <= left || bytes_le32(field) > LENGTH_MAX) &&
        (bytes_be32(field) <= left || bytes_be32(field) > LENGTH_MAX))
        return false;
    ahead.number++;
    return find(&ahead, p + NTLM_SIGNATURE, &kind) == walk->input.n;
}

static bool prefix_fits(const struct frame_walk *walk, enum frame_kind kind, size_t p, size_t k)
{
    size_t at = walk->order == FRAME_TOKEN_LAST ? p + NTLM_SIGNATURE : p - k;
    bool sized = k && bytes_le32(walk->input.at + at + k - 4) == NTLM_SIGNATURE;

    /* Eight bytes are a length and the token size; four are either. */
    if (sized != (k == 8))
        return sized;
    return length_fits(walk, kind, at, k) || length_leads_out(walk, kind, at, p);
}

#define NOT_BELIEVED SIZE_MAX

/* How many bytes of the application's framing stand between the blocks that meet at p? */
static size_t prefix(const struct frame_walk *walk, enum frame_kind kind, size_t p)
{
    bool weak = kind == FRAME_NT4 && !walk->padded;
    size_t room = walk->order == FRAME_TOKEN_LAST ? walk->input.n - p - 2 * NTLM_SIGNATURE
                                                  : p - walk->start - walk->header;

    if (walk->prefix != FRAME_PREFIX_UNKNOWN) {
        if (room < walk->prefix ||
            (weak && walk->prefix && !prefix_fits(walk, kind, p, walk->prefix)))
            return NOT_BELIEVED;
        return walk->prefix;
    }
    for (size_t k = 8; k >= 4; k -= 4)
        if (room >= k && prefix_fits(walk, kind, p, k))
            return k;
    return 0;
}

void frame_begin(struct frame_walk *walk, const struct frame_rule *rule, enum frame_order order,
                 struct span head, struct span input)
{
    *walk = (struct frame_walk){.input = input,
                                .kind = rule->kind,
                                .order = order,
                                .header = order == FRAME_TOKEN_FIRST ? NTLM_SIGNATURE : 0,
                                .prefix = rule->prefix};
    if (head.n != NTLM_SIGNATURE || bytes_le32(head.at) != NTLM_VERSION) {
        walk->kind = FRAME_WHOLE;
        return;
    }
    walk->number = bytes_le32(head.at + NTLM_NUMBER_AT);
    walk->padded = padded(head.at);
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

    walk->start = end + k;
    walk->header = last ? 0 : NTLM_SIGNATURE;
    walk->number++;
    walk->prefix = (unsigned char)k;
    return block;
}

enum frame_step frame_next(struct frame_walk *walk, struct span *block)
{
    size_t p, k, from = walk->start + walk->header;

    *block = frame_rest(walk);
    if (walk->kind == FRAME_WHOLE)
        return FRAME_STEP_WHOLE;
    for (;; from = p + 1) {
        enum frame_kind kind = walk->kind;

        p = find(walk, from, &kind);
        if (p == walk->input.n)
            return FRAME_STEP_WHOLE;
        walk->kind = kind;
        if (walk->order == FRAME_TOKEN_LAST && !walk->numbered)
            walk->number = bytes_le32(walk->input.at + p + NTLM_NUMBER_AT);
        k = prefix(walk, kind, p);
        if (k == NOT_BELIEVED)
            continue;
        walk->numbered = true;
        *block = cut(walk, p, k);
        return FRAME_STEP_BLOCK;
    }
}

void frame_learn(struct frame_rule *rule, const struct frame_walk *walk)
{
    if (rule->kind == FRAME_UNSURE)
        rule->kind = walk->kind;
    rule->prefix = walk->prefix;
}
