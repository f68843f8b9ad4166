/*
 * Trial. See trial.h.
 */
#include "trial.h"

#include <string.h>

#include "host.h"
#include "session.h"
#include "trial_call.h"

#define AFTER_DEATH 3 /* reads that are still presented */

struct trial_tally trial_tally;
bool trial_trace;

static void trace(const struct trial_run *run, const struct program_call *call)
{
    if (trial_trace)
        printf(
            "    read %zu to %zu: %08x, DATA %u of %u, EXTRA %u; settled %zu, %u held, text %zu of "
            "%zu\n",
            call->start, call->end, (unsigned)call->status, call->array[1].cbBuffer,
            call->asked[1].cbBuffer, run->extra ? run->extra->cbBuffer : 0, run->settled, run->held,
            run->taken, run->given);
}

static void configure(const struct plan *plan)
{
    if (plan->configured) {
        fake_settings.framing = SETTINGS_FRAMING_PREFIX;
        fake_settings.prefix = plan->prefix;
    }
    fake_settings.partial = plan->partial;
    fake_settings.deliver = plan->deliver;
    fake_settings.exact = !plan->off;
    if (plan->max_held)
        fake_settings.max_held = plan->max_held;
}

static void tally(const struct wire *wire, const struct plan *plan, size_t start, size_t end)
{
    unsigned first = wire_block_at(wire, start), last = wire_block_at(wire, end - 1);
    bool begins = start <= wire->block[first].token;

    trial_tally.ios++;
    trial_tally.framing[plan->framing]++;
    trial_tally.keyed += plan_sees(plan);
    trial_tally.merged += last > first;
    trial_tally.split += !begins || end != wire->block[last].end;
}

/*
 * Does a read of new bytes look like the last one again? Below a header's length that cannot be
 * told apart, and is documented.
 */
static bool looks_the_same(const struct trial_run *run, size_t start, size_t end)
{
    bool new = run->reported ? run->plan->fresh : run->again && run->plan->slots != PLAN_HONOURS;
    size_t told = run->reported ? run->start : run->tail, n = run->end - told;

    if (end - start < n)
        n = end - start;
    return new &&memcmp(run->wire->bytes + told, run->wire->bytes + start, n) == 0;
}

static const char *present(struct trial_run *run, struct program *program, size_t start, size_t end)
{
    const char *why = NULL;

    do {
        struct program_call call;

        program->even = run->settled == run->end && run->taken == run->given && !run->reported;
        tally(run->wire, run->plan, start, end);
        program_call(program, &call, start, end);
        why = trial_call(run, &call);
        trace(run, &call);
        if (run->extra)
            start = end - run->extra->cbBuffer;
        program_end(&call);
    } while (!why && run->extra && run->plan->slots == PLAN_HONOURS && !run->over);
    return why;
}

/* A loss that comes behind good text is told by a later call, after the text. */
static void read_on(struct trial_run *run, struct program *program)
{
    struct program_call call;

    for (int i = 0; i < 9999 && !run->over && run->taken < run->given; i++) {
        program_call(program, &call, 0, run->wire->n < 99 ? run->wire->n : 99);
        run->over = call.status != SEC_E_OK;
        trace(run, &call);
        run->taken += run->over ? 0 : call.array[1].cbBuffer;
        program_end(&call);
    }
}

static const char *read_all(struct trial_run *run)
{
    const struct plan *plan = run->plan;
    const struct wire *wire = run->wire;
    struct program program = {.plan = plan, .wire = wire, .number = plan->number};
    const char *why = NULL;
    size_t next = 0;
    unsigned after = 0;

    for (unsigned i = 0; !why && next < wire->n && !run->over; i++) {
        size_t n = plan->read[i < plan->reads ? i : plan->reads - 1], start = next, end;

        if (plan_strips(plan) && wire_meets(wire, start) &&
            wire_block_at(wire, start) < wire->blocks)
            start += plan_prefix(plan);
        end = wire->n - start > n ? start + n + !n : wire->n;
        end = wire_stop(plan, wire, start, end);
        if (looks_the_same(run, start, end))
            break;
        if (run->reported && !plan->fresh)
            start = run->start;
        if (run->dead && ++after > AFTER_DEATH)
            break;
        if (plan_sends(plan, wire_block_at(wire, next)) && run->settled != next)
            break; /* out of step, if a refusal, a lack of memory or the program made it so */
        session_before_read(plan, wire, i, next);
        why = present(run, &program, start, end);
        next = end;
    }
    if (!why && host_failed)
        read_on(run, &program);
    return why;
}

static struct sspishim_status status_now(void)
{
    struct sspishim_status status;

    shim_SspiShimStatus(&status, sizeof status);
    return status;
}

/* The session key is asked for where it is of use, and what it tells goes on to the end. */
static const char *look_at_key(const struct trial_run *run, const struct sspishim_status *before)
{
    struct sspishim_status now = status_now();

    if (now.exact - before->exact != plan_exact(run->plan))
        return trial_wrong("%u contexts with a key", now.exact - before->exact);
    if (now.retired != before->retired && !run->dead && !run->over && !run->plan->max_held &&
        !run->plan->damaged)
        return trial_wrong("it is not known any more where blocks end");
    return NULL;
}

/* What is still kept when a context goes away is counted. */
static const char *bury(const struct trial_run *run, unsigned out,
                        const struct sspishim_status *before)
{
    CtxtHandle handle = fake_handle(WIRE_CONTEXT);
    unsigned lost, waiting = (unsigned)(run->given - run->taken);

    shim_DeleteSecurityContext(&handle);
    lost = status_now().lost - before->lost;
    if (host_out != out)
        return trial_wrong("%u pieces of memory did not come back", host_out - out);
    if (host_dirty)
        return trial_wrong("memory was not wiped");
    if (host_failed && !run->over && run->taken < run->given && !lost)
        return trial_wrong("text was lost and no word said");
    if (host_failed || run->plan->max_held || run->over || run->dead || run->reported ||
        run->plan->slots == PLAN_HONOURS)
        return NULL;
    if (lost > waiting + run->held || lost + plan_prefix(run->plan) < waiting + run->held)
        return trial_wrong("%u counted as lost, not %u + %u", lost, waiting, run->held);
    return NULL;
}

const char *trial_plan(const struct plan *plan)
{
    struct trial_run run = {.plan = plan};
    const char *why, *later;
    static char first[300];
    struct sspishim_status before;
    unsigned out;

    host_fail_memory(0, 0);
    host_dirty = false;
    run.wire = wire_seal(plan);
    if (run.wire->unlucky)
        return NULL;
    out = host_out;
    if (plan_exact(plan) && (why = session_prove(plan)))
        return why;
    before = status_now();
    provider_start(plan->number);
    configure(plan);
    host_fail_memory(plan->fail, plan->seed);
    session_begin(plan);
    why = read_all(&run);
    if (!why && !host_failed)
        why = look_at_key(&run, &before);
    if (why)
        why = strcpy(first, why); /* the next would be in its place */
    later = bury(&run, out, &before);
    trial_tally.plans++;
    trial_tally.bytes += run.wire->n;
    trial_tally.starved += host_failed != 0;
    return why ? why : later;
}
