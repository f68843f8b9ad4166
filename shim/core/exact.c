/*
 * Exact. See exact.h.
 *
 * Lengths here are those of the ciphertext, behind the block's own signature.
 */
#include "exact.h"

#include "bytes.h"
#include "scan.h"

#define HEADER NTLM_SIGNATURE
#define NONE   SIZE_MAX
#define LATER  64 /* messages */

void exact_begin(struct exact *exact, uint32_t flags, const unsigned char key[SEALING_KEY],
                 enum sealing_end sealer)
{
    *exact = (struct exact){.trusted = true};
    sealing_begin(&exact->sealing, flags, key, sealer);
}

void exact_retire(struct exact *exact)
{
    bool waited = exact->waited;

    bytes_wipe(exact, sizeof *exact);
    exact->retired = true;
    exact->waited = waited;
}

/* Is what can be seen of the header at `at` that of an NTLM message, with ESS of this number? */
static bool header_like(struct span at, bool ess, uint32_t number)
{
    unsigned char want[HEADER] = {NTLM_VERSION};
    struct span head = span_head(at, HEADER), version = span_head(head, NTLM_PAD_AT);

    if (version.n && memcmp(version.at, want, version.n) != 0)
        return false;
    if (!ess || head.n <= NTLM_NUMBER_AT)
        return true;
    bytes_put_le32(want + NTLM_NUMBER_AT, number);
    return memcmp(head.at + NTLM_NUMBER_AT, want + NTLM_NUMBER_AT, head.n - NTLM_NUMBER_AT) == 0;
}

/* Of the block behind the current one. */
static bool follows(const struct exact *exact, struct span at)
{
    return header_like(at, exact->mac.ess, exact->mac.number + 1);
}

/* The number may be one ahead as long as no message was opened (sealing.h). */
bool exact_opens(const struct exact *exact, struct span at)
{
    const struct sealing *sealing = &exact->sealing;

    return header_like(at, sealing->ess, sealing->number) ||
           (sealing->fresh && header_like(at, sealing->ess, sealing->number + 1));
}

/* The lowest place at or behind p where a whole header stands that fits. */
static size_t header_find(const struct exact *exact, struct span text, size_t p,
                          bool (*fits)(const struct exact *exact, struct span at))
{
    size_t end = text.n < HEADER ? 0 : text.n - HEADER + NTLM_PAD_AT;

    for (; p < end; p++) {
        p = scan_word(text.at, end, p, NTLM_VERSION);
        if (p < end && fits(exact, span_rest(text, p)))
            return p;
    }
    return NONE;
}

/*
 * The lowest length at or above `from` behind which a gap and a whole header stand. A header a few
 * bytes further on, behind a wider gap, can mean a lower one.
 */
static size_t length_find(const struct exact *exact, struct span text, struct exact_gap gap,
                          size_t from)
{
    size_t widest = gap.size[gap.sizes - 1], lowest = NONE;
    size_t p = header_find(exact, text, from, follows);
    struct span near = text;

    for (; p != NONE; p = header_find(exact, near, p + 1, follows)) {
        for (size_t i = gap.sizes; i-- > 0;) {
            size_t k = gap.size[i];

            if (p - from >= k && p - k < lowest)
                lowest = p - k;
        }
        /* A header too near to `from` for any gap tells nothing. */
        if (lowest != NONE)
            near = span_head(text, lowest + widest + HEADER);
    }
    return lowest;
}

/* May it end here, seen from the end of what has come: with no more behind it than a gap, or a gap
 * and a part of a header? */
static bool ends_late(const struct exact *exact, struct span text, struct exact_gap gap, size_t at)
{
    for (size_t i = 0; i < gap.sizes; i++) {
        size_t k = gap.size[i];

        if (text.n - at <= k || follows(exact, span_rest(text, at + k)))
            return true;
    }
    return false;
}

/* Has it this length? Lengths are asked for in ascending order. */
static bool try(struct exact *exact, struct span text, size_t n)
{
    mac_add(&exact->mac, text.at + exact->mac.n, n - exact->mac.n);
    exact->next = n + 1;
    exact->judged++;
    exact->found = mac_fits(&exact->mac, exact->signature);
    return exact->found;
}

/*
 * The end of what has come, and then the lengths shortly below it that are still open; for these
 * the last few bytes are gone through a second time, from a copy of the state.
 */
static bool try_end(struct exact *exact, struct span text, struct exact_gap gap)
{
    size_t reach = gap.size[gap.sizes - 1] + HEADER - 1u;
    size_t from = text.n > reach ? text.n - reach : 0;
    struct mac late, early;

    if (from < exact->next)
        from = exact->next;
    if (from >= text.n)
        return from == text.n && try(exact, text, text.n);
    mac_add(&exact->mac, text.at + exact->mac.n, from - exact->mac.n);
    early = exact->mac;
    if (!try(exact, text, text.n)) {
        late = exact->mac;
        exact->mac = early;
        for (size_t n = from; n < text.n && !exact->found; n++)
            if (ends_late(exact, text, gap, n))
                try(exact, text, n);
        if (!exact->found)
            exact->mac = late;
        exact->next = text.n + 1;
        bytes_wipe(&late, sizeof late);
    }
    bytes_wipe(&early, sizeof early);
    return exact->found;
}

static bool search(struct exact *exact, struct span text, struct exact_gap gap)
{
    size_t n;

    while ((n = length_find(exact, text, gap, exact->next)) != NONE)
        if (try(exact, text, n))
            return true;
    return try_end(exact, text, gap);
}

static bool padded(const unsigned char *header)
{
    return bytes_le32(header + NTLM_PAD_AT) == 0;
}

/* Is it a later block's header, as sure as 64 bits can be, or nearly? Not the next one's alone:
 * that may have been altered on its way, too. */
static bool is_later(const struct exact *exact, struct span at)
{
    if (!exact->mac.ess)
        return padded(exact->signature) && padded(at.at);
    return bytes_le32(at.at + NTLM_NUMBER_AT) - exact->mac.number - 1 < LATER;
}

/*
 * A later block's header stands among the bytes that were new: this one cannot be as it was sent,
 * since it ends nowhere before. `seen`: how many were not new.
 */
static bool refuted(const struct exact *exact, struct span text, size_t seen)
{
    size_t from = seen < HEADER ? 0 : seen - HEADER + 1;

    return header_find(exact, text, from, is_later) != NONE;
}

/* The block's signature has come; or has come once more. */
static bool begin(struct exact *exact, struct span at)
{
    if (exact->begun && at.n - HEADER >= exact->mac.n &&
        memcmp(exact->signature, at.at, HEADER) == 0)
        return true;
    if (!exact_opens(exact, at))
        return false;
    memcpy(exact->signature, at.at, HEADER);
    mac_begin(&exact->mac, &exact->sealing, bytes_le32(at.at + NTLM_NUMBER_AT));
    exact->begun = true;
    exact->found = false;
    exact->next = 0;
    return true;
}

enum exact_verdict exact_find(struct exact *exact, struct span at, struct exact_gap gap, size_t *n)
{
    struct span text = span_rest(at, HEADER);
    size_t seen;

    if (exact->retired)
        return EXACT_RETIRED;
    if (at.n < HEADER)
        return EXACT_PARTIAL;
    if (!begin(exact, at)) {
        exact_retire(exact);
        return EXACT_RETIRED;
    }
    seen = exact->mac.n;
    if (exact->found || search(exact, text, gap)) {
        *n = HEADER + exact->mac.n;
        return EXACT_BLOCK;
    }
    if (text.n > seen && refuted(exact, text, seen)) {
        exact_retire(exact);
        return EXACT_RETIRED;
    }
    exact->waited |= !exact->proven && exact->trusted;
    return exact->proven || exact->trusted ? EXACT_PARTIAL : EXACT_DOUBT;
}

void exact_unsealed(struct exact *exact, size_t n)
{
    if (exact->retired)
        return;
    if (n < HEADER || (exact->begun && !(exact->found && exact->mac.n == n - HEADER))) {
        exact_retire(exact);
        return;
    }
    if (exact->begun) {
        mac_accept(&exact->mac, exact->signature, &exact->sealing);
        exact->proven = true;
        exact->waited = false;
    } else {
        sealing_skip(&exact->sealing, n - HEADER, 1);
    }
    exact->begun = exact->found = false;
}

/* Whether one without ESS was signed at all, or its signature a dummy, cannot be seen. */
void exact_verified(struct exact *exact, bool good)
{
    if (good && exact->sealing.ess)
        exact_passed(exact, 0, 1);
    else
        exact_retire(exact);
}

void exact_passed(struct exact *exact, size_t n, uint32_t count)
{
    if (exact->retired)
        return;
    if (exact->begun)
        exact_retire(exact); /* the place at which its block was looked at is no longer the place */
    else
        sealing_skip(&exact->sealing, n, count);
}
