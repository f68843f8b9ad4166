/*
 * Trial, one call. See trial_call.h.
 */
#include "trial_call.h"

#include <string.h>

#include "host.h"
#include "trial.h"
#include "trial_memory.h"

static size_t text_before(const struct wire *wire, size_t at)
{
    unsigned i = wire_block_at(wire, at);

    return i ? wire->block[i - 1].text_end : 0;
}

/* A tail begins at a block, and something was delivered in front of it. */
static const char *look_at_extra(struct trial_run *run, const struct program_call *call,
                                 struct fate *fate)
{
    const struct wire *wire = run->wire;
    size_t n = run->extra->cbBuffer, at = call->end - n;
    const struct wire_block *block;
    unsigned i;

    if (n == 0 || n >= call->end - call->start ||
        run->extra->pvBuffer != call->memory + (at - call->start))
        return trial_wrong("EXTRA of %zu bytes is not a tail of the read", n);
    i = wire_block_at(wire, at);
    block = &wire->block[i];
    if (i == wire->blocks || (at != block->token && at != block->start) || at <= run->settled)
        return trial_wrong("EXTRA at %zu, where no block begins", at);
    if (block->start > fate->good)
        return trial_wrong("EXTRA at %zu, behind the last good block", at);
    if (run->plan->slots == PLAN_NO_SLOT || run->plan->deliver == SETTINGS_DELIVER_COALESCE)
        return trial_wrong("EXTRA that nobody asked for");
    trial_tally.extra++;
    if (run->plan->slots != PLAN_HONOURS && fate->refused)
        run->doom = *fate;
    *fate = (struct fate){.good = block->start, .held = true};
    return NULL;
}

/* A caller who looks at EXTRA gets it, unless there is more than one block to deliver. */
static bool must_leave_rest(const struct trial_run *run, const struct program_call *call,
                            const struct fate *fate)
{
    const struct wire *wire = run->wire;

    return run->plan->slots == PLAN_HONOURS && run->plan->deliver != SETTINGS_DELIVER_COALESCE &&
           run->plan->shape != PLAN_APART && !run->plan->max_held && !host_failed &&
           run->taken == run->given && (!run->held || run->again) &&
           call->start <= wire->block[wire_block_at(wire, run->settled)].token &&
           fate->good > wire->block[wire_block_at(wire, run->settled)].end;
}

/* The least and the most text that this call has room for. */
static void room_of(const struct trial_run *run, const struct program_call *call, size_t room[2])
{
    size_t n = call->end - call->start;

    room[0] = room[1] = call->asked[1].cbBuffer;
    if (run->plan->shape == PLAN_STREAM) {
        room[0] = n > run->wire->head + 4 ? n - run->wire->head - 4 : 0;
        room[1] = n;
    }
}

/* More than may be kept would have to be: the documents allow an error, and nothing else. */
static bool past_cap(const struct trial_run *run, const struct program_call *call)
{
    unsigned i = wire_block_at(run->wire, call->end);
    size_t end = i < run->wire->blocks ? run->wire->block[i].end : call->end;

    return run->plan->max_held &&
           end - run->settled + (run->given - run->taken) > run->plan->max_held;
}

static const char *look_at_count(struct trial_run *run, const struct program_call *call,
                                 size_t available, size_t before)
{
    size_t room[2], got = run->taken - before, due = available - before;

    room_of(run, call, room);
    if (available < run->taken)
        return trial_wrong("%zu bytes of text, %zu can be known", got, due);
    if (host_failed)
        return NULL;
    if (got < due && got < room[0] && run->past_cap) {
        trial_tally.capped++;
        run->over = true;
        return NULL;
    }
    if (got < due && got < room[0])
        return trial_wrong("%zu bytes of text of %zu, though there is room for %zu", got, due,
                           room[0]);
    return NULL;
}

/* A status that is not SEC_E_OK. */
static const char *look_at_error(struct trial_run *run, const struct program_call *call,
                                 const struct fate *fate, size_t available)
{
    bool nothing = fate->good == run->settled && available == run->taken;

    if (call->status == SEC_E_INCOMPLETE_MESSAGE && run->plan->partial == SETTINGS_PARTIAL_REPORT &&
        fate->held && nothing && !run->dead) {
        run->reported = true;
        trial_tally.reported++;
        return memcmp(call->memory, run->wire->bytes + call->start, call->end - call->start)
                   ? trial_wrong("SEC_E_INCOMPLETE_MESSAGE, and the memory was changed")
                   : NULL;
    }
    if (run->dead && nothing && call->status == run->status && !host_failed)
        return run->plan->shape != PLAN_STREAM && call->array[1].cbBuffer
                   ? trial_wrong("refused, and DATA has %u bytes", call->array[1].cbBuffer)
                   : memory_behind(run, call);
    if (host_failed || run->past_cap) {
        trial_tally.capped += !host_failed;
        run->over = true;
        return NULL;
    }
    if (!fate->refused || run->dead)
        return trial_wrong("status %08x, %zu good bytes, %zu bytes of text due",
                           (unsigned)call->status, fate->good - run->settled,
                           available - run->taken);
    if (call->status != provider.bad)
        return trial_wrong("status %08x is not the provider's", (unsigned)call->status);
    if (!nothing)
        return trial_wrong("status %08x before what was good", (unsigned)call->status);
    return NULL;
}

/* The program's own descriptor goes on where one block is presented and nothing is owed. */
static const char *look_at_passing(const struct trial_run *run, const struct program_call *call)
{
    const struct wire_block *block = &run->wire->block[wire_block_at(run->wire, call->start)];
    bool spoilt =
        run->plan->damaged && run->wire->spoilt >= call->start && run->wire->spoilt < call->end;
    bool one = call->start == block->token && call->end == block->end;

    if (!one || (spoilt && plan_sees(run->plan)) || run->settled != block->start ||
        run->taken != run->given || run->dead || run->plan->slots == PLAN_KEEPS || run->reported ||
        provider.untouched || (run->held && !run->again) ||
        (plan_prefix(run->plan) && !plan_strips(run->plan)))
        return NULL;
    return trial_wrong("one whole block, and not with the program's own descriptor");
}

static void note(struct trial_run *run, const struct program_call *call, const struct fate *fate,
                 size_t available)
{
    run->given = available;
    run->again = run->extra != NULL;
    if (run->again)
        run->tail = call->end - run->extra->cbBuffer;
    run->start = call->start;
    run->end = call->end;
    run->held = fate->held ? (unsigned)(call->end - fate->good) : 0;
    if (fate->refused && !run->dead) {
        run->dead = true;
        run->status = provider.bad;
        /* Else the provider is asked on, and may even be in step again: the loss was told. */
        run->over |= !plan_is_ntlm(run->plan) || call->status != SEC_E_OK;
        trial_tally.limits += fate->limit;
        trial_tally.damaged += !fate->limit;
    }
    if (run->plan->max_held && run->held > run->plan->max_held + plan_prefix(run->plan) &&
        !run->again && !run->capped) {
        run->capped = true;
        run->cap = run->given;
    }
    run->settled = fate->good;
    trial_tally.held += run->held != 0;
    trial_tally.pending += run->taken < run->given;
}

/* What there is to go by in this call. */
static struct fate_view view_of(struct trial_run *run, const struct program_call *call)
{
    const struct wire_block *block = &run->wire->block[wire_block_at(run->wire, call->start)];
    ULONG token = run->plan->shape == PLAN_STREAM ? 0 : call->asked[0].cbBuffer;

    if (plan_strips(run->plan) && call->start == block->token && run->end <= block->start)
        run->bare = block->token;
    run->known |= !run->plan->unseen || !provider.untouched;
    /* Without data the TOKEN may be a part of one, and goes for this call alone. */
    if (run->known && token > run->token && call->asked[1].cbBuffer)
        run->token = token;
    return (struct fate_view){.settled = run->settled,
                              .end = call->end,
                              .joint = run->again ? run->end : 0,
                              .bare = run->bare,
                              .token = token > run->token ? token : run->token};
}

static struct fate due(struct trial_run *run, const struct fate_view *view)
{
    struct fate fate = run->doom;

    run->doom = (struct fate){0};
    if (run->dead)
        return (struct fate){.good = run->settled};
    if (!fate.refused)
        fate = fate_of(run->plan, run->wire, view);
    if (fate.early && provider.bad) {
        fate.refused = true;
        fate.held = false;
    }
    return fate;
}

const char *trial_call(struct trial_run *run, const struct program_call *call)
{
    struct fate_view view = view_of(run, call);
    struct fate fate = due(run, &view);
    size_t before = run->taken, available;
    const char *why = look_at_passing(run, call);
    bool leaves = must_leave_rest(run, call, &fate);

    run->past_cap |= past_cap(run, call);
    run->reported = false;
    run->extra = call->status == SEC_E_OK ? program_slot(call, SECBUFFER_EXTRA) : NULL;
    if (!why && run->extra)
        why = look_at_extra(run, call, &fate);
    else if (!why && leaves && call->status == SEC_E_OK)
        why = trial_wrong("several blocks delivered, and there was a slot for EXTRA");
    available = text_before(run->wire, fate.good);
    if (!why && call->status == SEC_E_OK)
        why = memory_answer(run, call);
    if (!why && call->status == SEC_E_OK)
        why = memory_text(run, call);
    if (!why && call->status == SEC_E_OK)
        why = memory_behind(run, call);
    /* What was kept went to the provider before its end was mistaken: that is as good as any. */
    if (!why && fate.limit && run->past_cap) {
        trial_tally.capped++;
        run->over = true;
        return NULL;
    }
    if (!why && call->status == SEC_E_OK)
        why = look_at_count(run, call, available, before);
    if (!why && call->status == SEC_E_OK && (fate.refused || run->dead) &&
        fate.good == run->settled && available == before && !host_failed)
        why = trial_wrong("SEC_E_OK where a refusal is due");
    if (!why && call->status == SEC_E_OK && fate.held && fate.good == run->settled &&
        available == before && run->plan->partial == SETTINGS_PARTIAL_REPORT && !host_failed)
        why = trial_wrong("SEC_E_OK where SEC_E_INCOMPLETE_MESSAGE is due");
    if (!why && call->status != SEC_E_OK)
        why = look_at_error(run, call, &fate, available);
    if (!why && provider.miscounted && !host_failed && !run->over)
        why = trial_wrong("the provider got a wrong MessageSeqNo");
    note(run, call, &fate, available);
    return why;
}
