/*
 * Fate. See fate.h.
 */
#include "fate.h"

#define TOKEN_MIN 60 /* no sealed RFC 4121 token is shorter, whatever the program says */
#define HEADER    16 /* bytes in clear by which a block is recognised, NTLM and RFC 4121 alike */

/* Does the block tell where it ends? `bare`: the program took its prefix away. */
static bool tells_length(const struct plan *plan, bool bare)
{
    if (plan->framing == PLAN_DER)
        return true;
    return plan->configured && plan->prefix.counts != SETTINGS_COUNTS_TOKEN && !bare;
}

static struct fate held(size_t good)
{
    return (struct fate){.good = good, .held = true};
}

static struct fate limit(size_t good)
{
    return (struct fate){.good = good, .refused = true, .limit = true};
}

/* Bytes of a block that does not tell its length, with which it passes for a whole one. */
static size_t least(const struct plan *plan, const struct fate_view *view)
{
    if (plan_is_ntlm(plan))
        return HEADER;
    return view->token < TOKEN_MIN ? TOKEN_MIN : view->token;
}

/*
 * Token last: a read that does not end with a signature is known to be unfinished. Where the number
 * of message 1 and the next signature's first 12 bytes end it, they look like one: 01 00 00 00.
 */
static struct fate fate_last(const struct plan *plan, const struct wire *wire,
                             const struct fate_view *view)
{
    size_t good = view->joint ? view->joint : view->settled;

    if (wire_meets(wire, view->end))
        return (struct fate){.good = view->end};
    if (plan->framing == PLAN_ESS && wire->blocks > 1 && good < wire->block[1].end &&
        view->end == wire->block[1].end + 12)
        return limit(good);
    return held(good);
}

static struct fate walk(const struct plan *plan, const struct wire *wire,
                        const struct fate_view *view)
{
    size_t good = view->settled, end = view->end;

    for (unsigned i = wire_block_at(wire, good); good < end; i++) {
        const struct wire_block *block = &wire->block[i];

        if (tells_length(plan, view->bare == block->token)) {
            if (end < block->end)
                return held(good);
        } else if (end < block->end) {
            return end < block->token + least(plan, view) ? held(good) : limit(good);
        } else if (end > block->end && end < block[1].token + HEADER && block->end != view->joint) {
            return limit(good); /* the next one's beginning is taken for this one's end */
        }
        good = block->end;
    }
    return (struct fate){.good = good};
}

/* Is the byte that was changed on its way one by which a header is seen? */
static bool in_header(const struct plan *plan, const struct wire *wire)
{
    size_t at = wire->spoilt - wire->block[plan->damaged - 1].token;

    return at < 4 || (plan->framing == PLAN_ESS && at >= 12 && at < HEADER);
}

/*
 * With the session key each block is known when it is whole. One that was changed on its way never
 * is; when the next one's header is there, too, no more is to be waited for.
 */
static struct fate fate_exact(const struct plan *plan, const struct wire *wire,
                              const struct fate_view *view)
{
    unsigned i = wire_block_at(wire, view->end), bad = plan->damaged - 1;
    struct fate fate = {.good = i ? wire->block[i - 1].end : 0};

    if (plan->damaged && view->end > wire->spoilt) {
        bool alone = view->joint >= wire->block[bad].start && view->joint <= wire->spoilt;

        /* Before a header that is none, the end of a block cannot be seen any more. */
        if (bad && in_header(plan, wire) && view->settled < wire->block[bad].start && !alone)
            fate.good = wire->block[bad - 1].start;
        else
            fate.good = wire->block[bad].start;
        fate.refused = bad + 1 < wire->blocks && view->end >= wire->block[bad + 1].token + HEADER;
        fate.early = !fate.refused;
    }
    fate.held = !fate.refused && view->end > fate.good;
    return fate;
}

struct fate fate_of(const struct plan *plan, const struct wire *wire, const struct fate_view *view)
{
    struct fate fate;

    if (plan_sees(plan))
        return fate_exact(plan, wire, view);
    if (plan_is_ntlm(plan) && plan->shape == PLAN_LAST && !plan->configured)
        fate = fate_last(plan, wire, view);
    else
        fate = walk(plan, wire, view);
    if (plan->shape == PLAN_APART && fate.held)
        fate = limit(fate.good);
    if (plan->damaged && fate.good > wire->block[plan->damaged - 1].start)
        fate = (struct fate){.good = wire->block[plan->damaged - 1].start, .refused = true};
    return fate;
}
