/*
 * Plan: random ones. See plan.h.
 */
#include "plan.h"

#include <string.h>

#include "dice.h"
#include "fate.h"
#include "ntlm.h"

static const uint32_t text_top[] = {8, 40, 200, 200, 300, 3000, 20000, PLAN_TEXT};

static void choose_texts(struct plan *plan, struct dice *dice)
{
    unsigned class = dice_below(dice, 5 * sizeof text_top / sizeof *text_top);
    uint32_t top = text_top[class < 8 ? class : class % 5];
    uint32_t budget = 1 + 400000 / (top + 1);

    /* 16 bits, and the most that is believed of a prefix that was not configured. */
    if ((!plan->configured || plan->prefix.size == 2) && plan->prefix.size && top > 60000)
        top = 60000;
    plan->blocks = 1 + dice_below(dice, budget < PLAN_BLOCKS ? budget : PLAN_BLOCKS);
    for (unsigned i = 0; i < plan->blocks; i++) {
        uint32_t n = dice_once_in(dice, 2) ? dice_below(dice, top + 1) : dice_size(dice, top);

        /* Token last: one byte of text and the 01 00 00 behind it pass for a length of 256 to 511.
         */
        plan->text[i] = n + (n == 1 && plan->shape == PLAN_LAST);
    }
}

/* What a handshake settles on; and what the program seals itself. */
static void choose_key(struct plan *plan, struct dice *dice)
{
    static const uint32_t strengths[] = {NTLM_128, NTLM_56, 0, NTLM_128 | NTLM_56};

    if (plan->framing > PLAN_NT4 || dice_once_in(dice, 2))
        return;
    plan->flags = NTLM_SIGN | NTLM_SEAL | strengths[dice_below(dice, 4)] |
                  (plan->framing == PLAN_ESS ? NTLM_ESS : 0) |
                  (dice_once_in(dice, 2) ? NTLM_KEY_EXCH : 0) |
                  (dice_once_in(dice, 2) ? NTLM_LM_KEY : 0);
    plan->server = dice_once_in(dice, 2);
    plan->off = dice_once_in(dice, 12);
    plan->unseen &= dice_once_in(dice, 8);
    plan->mixed = dice_once_in(dice, 3) && plan->slots < PLAN_IGNORES;
    /* Who leaves a message in EXTRA and seals is out of step with the peer, shim or no shim. */
    if (plan->framing == PLAN_ESS || plan->slots < PLAN_IGNORES || plan->deliver)
        plan->sends = dice_next(dice) & dice_next(dice) & (dice_once_in(dice, 2) ? UINT64_MAX : 0);
}

static void choose_prefix(struct plan *plan, struct dice *dice)
{
    bool free_of_it = plan->shape == PLAN_APART || plan->shape == PLAN_LAST;

    if (free_of_it || dice_below(dice, 10) < 5)
        return;
    plan->configured = !plan_is_ntlm(plan) || dice_below(dice, 4) > 0;
    plan->prefix.size = plan->configured && dice_once_in(dice, 2) ? 2 : 4;
    /* A weak match sees a header in a byte of 01 in front of three of 00, once in 256 times. */
    plan->prefix.big = plan->framing != PLAN_PAD && dice_once_in(dice, 2);
    plan->prefix.counts = dice_below(dice, 3);
    if (plan->flags && plan->configured && !dice_once_in(dice, 8))
        plan->prefix.counts = SETTINGS_COUNTS_TOKEN; /* with the others nobody needs a key */
    plan->prefix.stripped = dice_once_in(dice, 3);
    if (plan->configured)
        return;
    /* What is recognised without being told: a length, the token size, or both. */
    plan->eight = dice_once_in(dice, 2);
    if (plan->eight && plan->prefix.counts == SETTINGS_COUNTS_TOKEN)
        plan->prefix.counts = SETTINGS_COUNTS_REST;
    if (plan->prefix.counts == SETTINGS_COUNTS_TOKEN)
        plan->prefix.big = false;
}

static void choose_caller(struct plan *plan, struct dice *dice)
{
    static const enum plan_shape shapes[] = {PLAN_FIRST,  PLAN_FIRST,  PLAN_FIRST,
                                             PLAN_FIRST,  PLAN_LAST,   PLAN_APART,
                                             PLAN_PADDED, PLAN_STREAM, PLAN_STREAM};
    static const enum plan_slots slots[] = {PLAN_NO_SLOT, PLAN_NO_SLOT, PLAN_NO_SLOT, PLAN_NO_SLOT,
                                            PLAN_HONOURS, PLAN_IGNORES, PLAN_KEEPS};

    plan->shape = shapes[dice_below(dice, sizeof shapes / sizeof *shapes)];
    if (plan->shape == PLAN_APART && (plan->framing == PLAN_PAD || !plan_is_ntlm(plan)))
        plan->shape = PLAN_FIRST;
    plan->slots = slots[dice_below(dice, sizeof slots / sizeof *slots)];
    plan->number = dice_once_in(dice, 3) ? 1 + dice_below(dice, 1000) : 0;
    /* Without the handshake these are known only from a whole block that is one of several. */
    plan->unseen = plan->framing != PLAN_PAD && !(plan_is_ntlm(plan) && plan->shape == PLAN_LAST) &&
                   dice_once_in(dice, 3);
    if (dice_once_in(dice, 5))
        plan->deliver = SETTINGS_DELIVER_COALESCE;
    else if (plan->slots < PLAN_IGNORES && dice_once_in(dice, 5))
        plan->deliver = SETTINGS_DELIVER_EXTRA;
    if (dice_once_in(dice, 4))
        plan->partial = SETTINGS_PARTIAL_REPORT;
    plan->fresh = dice_once_in(dice, 2);
}

static void choose_trouble(struct plan *plan, struct dice *dice)
{
    unsigned which = dice_below(dice, 30);

    if (which == 0)
        plan->max_held = 8 + dice_size(dice, 4000);
    else if (which == 1)
        plan->fail = 2 + dice_below(dice, 20);
    else if (which == 2)
        plan->damaged = 1 + dice_below(dice, plan->blocks);
}

/* A place behind `at` where a read might end. */
static size_t some_end(const struct wire *wire, struct dice *dice, size_t at)
{
    unsigned i = wire_block_at(wire, at), later = i + dice_below(dice, 6);
    const struct wire_block *next = &wire->block[i + 1 < wire->blocks ? i + 1 : i];

    switch (dice_below(dice, 8)) {
    case 0:
    case 1:
        return wire->block[i].end;
    case 2:
        return wire->block[later < wire->blocks ? later : wire->blocks - 1].end;
    case 3:
        return wire->block[i].token + 1 + dice_below(dice, 15);
    case 4:
        return wire->block[i].token + 1 + dice_below(dice, 90);
    case 5:
        return next->start + 1 + dice_below(dice, 90);
    case 6:
        return at + 1 + dice_size(dice, 40);
    default:
        return at + 1 + dice_size(dice, 5000);
    }
}

/* One that the framing can deal with; the end of a block if none is found. */
static size_t fair_end(const struct plan *plan, const struct wire *wire, struct dice *dice,
                       struct fate_view view, size_t at, size_t start)
{
    for (int tries = 0; tries < 3; tries++) {
        size_t n, end = some_end(wire, dice, at);

        n = end - start < wire->head ? end - start : wire->head;
        if (end <= start || end >= wire->n)
            continue;
        if (view.token < n && plan->shape != PLAN_STREAM && !plan->unseen)
            view.token = n;
        view.end = end;
        if (!fate_of(plan, wire, &view).refused)
            return end;
    }
    return wire->block[wire_block_at(wire, at)].end;
}

static bool only_whole_blocks(const struct plan *plan, struct dice *dice)
{
    return plan->shape == PLAN_APART ||
           (plan_strips(plan) && !plan->configured && !plan_sees(plan)) || dice_once_in(dice, 6);
}

static void choose_reads(struct plan *plan, struct dice *dice)
{
    struct wire wire = wire_layout(plan);
    bool blind = plan->slots < PLAN_IGNORES && plan->shape != PLAN_APART && dice_once_in(dice, 30);
    bool aligned = only_whole_blocks(plan, dice);
    struct fate_view view = {0};

    for (size_t at = 0; at < wire.n && plan->reads < PLAN_READS - 1; at = view.end) {
        unsigned i = wire_block_at(&wire, at), last = i + dice_size(dice, 8);
        size_t start = at, end = wire.block[last < wire.blocks ? last : wire.blocks - 1].end;

        if (plan_strips(plan) && wire.block[i].start == at)
            start = wire.block[i].token;
        if (start > at)
            view.bare = start;
        if (blind)
            end = some_end(&wire, dice, at);
        else if (!aligned)
            end = fair_end(plan, &wire, dice, view, at, start);
        end = wire_stop(plan, &wire, start, end < wire.n ? end : wire.n);
        view.end = end > start ? end : start + 1;
        plan->read[plan->reads++] = (uint32_t)(view.end - start);
        at = fate_of(plan, &wire, &view).good;
        view.settled = at;
        if (plan->shape != PLAN_STREAM && !plan->unseen && view.end - start > wire.head)
            view.token = wire.head;
    }
    plan->read[plan->reads++] = UINT32_MAX; /* the rest, if there were too many */
}

void plan_random(struct plan *plan, uint64_t seed)
{
    static const enum plan_framing framings[] = {
        PLAN_ESS,     PLAN_ESS,     PLAN_ESS, PLAN_NT4, PLAN_NT4, PLAN_PAD,
        PLAN_RFC4121, PLAN_RFC4121, PLAN_DCE, PLAN_DER, PLAN_DER,
    };
    struct dice dice = dice_of(seed);

    memset(plan, 0, sizeof *plan);
    plan->seed = (uint32_t)dice_next(&dice);
    plan->framing = framings[dice_below(&dice, sizeof framings / sizeof *framings)];
    choose_caller(plan, &dice);
    choose_key(plan, &dice);
    plan->bait = dice_once_in(&dice, 4);
    choose_prefix(plan, &dice);
    choose_texts(plan, &dice);
    choose_reads(plan, &dice);
    choose_trouble(plan, &dice);
}
