/*
 * Signature. See signature.h.
 */
#include "signature.h"

#include "bytes.h"
#include "kerberos.h"
#include "ntlm.h"
#include "scan.h"

#define HEADER NTLM_SIGNATURE /* both kinds of header have 16 bytes in clear */
_Static_assert(NTLM_SIGNATURE == KERBEROS_HEADER, "one search serves both");

static bool padded(const unsigned char *header)
{
    return bytes_le32(header + NTLM_PAD_AT) == 0;
}

bool signature_read(struct frame_walk *walk, struct span header)
{
    bool kerberos = header.n >= 2 && (bytes_le16(header.at) == KERBEROS_TOK_ID);

    if (header.n < HEADER || (kerberos && walk->kind != FRAME_KERBEROS))
        return false;
    walk->own = header.at;
    if (kerberos) {
        walk->number = bytes_be64(header.at + KERBEROS_NUMBER_AT);
        return header.at[KERBEROS_FLAGS_AT] & KERBEROS_SEALED;
    }
    walk->number = bytes_le32(header.at + NTLM_NUMBER_AT);
    walk->padded = padded(header.at);
    return walk->kind != FRAME_KERBEROS && bytes_le32(header.at) == NTLM_VERSION;
}

/* A header of this kind at p (p + 16 <= n), `ahead` messages behind the current block's? */
static bool header_fits(const struct frame_walk *walk, enum frame_kind kind, size_t p,
                        uint32_t ahead)
{
    const unsigned char *header = walk->input.at + p;

    if (kind == FRAME_KERBEROS)
        return memcmp(header, walk->own, KERBEROS_NUMBER_AT) == 0 &&
               bytes_be64(header + KERBEROS_NUMBER_AT) == walk->number + ahead;
    if (kind == FRAME_ESS)
        return bytes_le32(header + NTLM_NUMBER_AT) == (uint32_t)walk->number + ahead;
    /*
     * A weak match needs to be one of the NT 4 kind for certain, and a token that lies apart is no
     * evidence that blocks follow each other.
     */
    return walk->padded
               ? padded(header)
               : walk->kind == FRAME_NT4 && walk->order != FRAME_TOKEN_APART && !walk->rule->strict;
}

/*
 * Token last, first boundary: the I/O's own number is the last one, and each block before it takes
 * at least a signature's room, so that the number looked for is one of n / 16.
 */
static bool first_number_fits(const struct frame_walk *walk, size_t p)
{
    uint32_t last = bytes_le32(walk->input.at + walk->input.n - HEADER + NTLM_NUMBER_AT);
    uint32_t before = last - bytes_le32(walk->input.at + p + NTLM_NUMBER_AT);

    return before > 0 && before <= walk->input.n / HEADER;
}

static bool boundary_fits(const struct frame_walk *walk, enum frame_kind kind, size_t p)
{
    if (walk->order != FRAME_TOKEN_LAST)
        return header_fits(walk, kind, p, 1);
    if (kind == FRAME_ESS && !walk->numbered)
        return first_number_fits(walk, p);
    return header_fits(walk, kind, p, 0);
}

/* Where headers may stand that are not the I/O's own. */
static size_t search_end(const struct frame_walk *walk)
{
    size_t own = walk->order == FRAME_TOKEN_LAST ? 2 * HEADER : HEADER;

    return walk->input.n < own ? 0 : walk->input.n - own + 1;
}

static uint32_t word_of(const struct frame_walk *walk, enum frame_kind kind)
{
    return kind == FRAME_KERBEROS ? bytes_le32(walk->own) : NTLM_VERSION;
}

/* While the kind is unsure, an extended signature anywhere outweighs an NT 4 one in front of it. */
size_t signature_find(const struct frame_walk *walk, size_t from, enum frame_kind *kind)
{
    size_t end = search_end(walk), none = walk->input.n, nt4 = none;
    enum frame_kind best = walk->kind == FRAME_KERBEROS ? FRAME_KERBEROS : FRAME_ESS;
    uint32_t word = word_of(walk, best);

    for (size_t p = from; p < end; p++) {
        p = scan_word(walk->input.at, end + 3, p, word);
        if (p >= end)
            break;
        if (walk->kind != FRAME_NT4 && boundary_fits(walk, best, p)) {
            *kind = best;
            return p;
        }
        if (walk->kind == best || nt4 != none || !boundary_fits(walk, FRAME_NT4, p))
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
    size_t left = walk->input.n - end, p = last ? end - HEADER : end + k;

    if (left < k + HEADER)
        return left == 0 || !last;
    return scan_word(walk->input.at, p + 4, p, word_of(walk, kind)) == p &&
           header_fits(walk, kind, p, last ? 1 : 2);
}

/* Does a length in the first four of the k bytes at `at`, in either byte order, lead there? */
static bool length_fits(const struct frame_walk *walk, enum frame_kind kind, size_t at, size_t k)
{
    const unsigned char *field = walk->input.at + at;
    uint32_t lengths[2] = {bytes_le32(field), bytes_be32(field)};

    /* It counts all of the frame, or what follows the field, or what follows the prefix. */
    for (size_t from = at; from <= at + k; from += 4)
        for (int i = 0; i < 2; i++)
            if (lengths[i] <= walk->input.n - from && lengths[i] >= at + k + HEADER - from &&
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
    return signature_find(&ahead, p + HEADER, &kind) == walk->input.n;
}

/* Bytes of the token, as the applications that send its size count them. */
static size_t token_size(const struct frame_walk *walk)
{
    return walk->kind == FRAME_KERBEROS ? walk->rule->token : NTLM_SIGNATURE;
}

static bool prefix_fits(const struct frame_walk *walk, enum frame_kind kind, size_t p, size_t k)
{
    size_t at = walk->order == FRAME_TOKEN_LAST ? p + HEADER : p - k;
    bool sized = k && bytes_le32(walk->input.at + at + k - 4) == token_size(walk);

    /* Eight bytes are a length and the token size; four are either. */
    if (sized != (k == 8))
        return sized;
    return length_fits(walk, kind, at, k) || length_leads_out(walk, kind, at, p);
}

size_t signature_prefix(const struct frame_walk *walk, enum frame_kind kind, size_t p)
{
    bool weak = kind == FRAME_NT4 && !walk->padded;
    size_t room = walk->order == FRAME_TOKEN_LAST ? walk->input.n - p - 2 * HEADER
                                                  : p - walk->start - walk->header;

    if (walk->rule->own.size)
        return room < walk->rule->own.size ? SIGNATURE_NOT_BELIEVED : walk->rule->own.size;
    if (walk->prefix != FRAME_PREFIX_UNKNOWN) {
        if (room < walk->prefix ||
            (weak && walk->prefix && !prefix_fits(walk, kind, p, walk->prefix)))
            return SIGNATURE_NOT_BELIEVED;
        return walk->prefix;
    }
    for (size_t k = 8; k >= 4; k -= 4)
        if (room >= k && prefix_fits(walk, kind, p, k))
            return k;
    return 0;
}
