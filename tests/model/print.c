/*
 * Plan: as a row of rows.c. See plan.h.
 */
#include "plan.h"

static const char *const framings[] = {"PLAN_ESS",     "PLAN_NT4", "PLAN_PAD",
                                       "PLAN_RFC4121", "PLAN_DCE", "PLAN_DER"};
static const char *const shapes[] = {"PLAN_FIRST", "PLAN_LAST", "PLAN_APART", "PLAN_PADDED",
                                     "PLAN_STREAM"};
static const char *const slots[] = {"PLAN_NO_SLOT", "PLAN_HONOURS", "PLAN_IGNORES", "PLAN_KEEPS"};
static const char *const partials[] = {"SETTINGS_PARTIAL_HOLD", "SETTINGS_PARTIAL_REPORT"};
static const char *const delivers[] = {"SETTINGS_DELIVER_AUTO", "SETTINGS_DELIVER_EXTRA",
                                       "SETTINGS_DELIVER_COALESCE"};
static const char *const counts[] = {"SETTINGS_COUNTS_REST", "SETTINGS_COUNTS_ALL",
                                     "SETTINGS_COUNTS_TOKEN"};

/* Numbers in braces, the last one once. */
static void print_numbers(FILE *to, const char *name, const uint32_t *at, unsigned n)
{
    fprintf(to, ", .%ss = %u, .%s = {", name, n, name);
    for (unsigned i = 0; i < n; i++)
        fprintf(to, at[i] == UINT32_MAX ? "%sUINT32_MAX" : "%s%u", i ? ", " : "", at[i]);
    fprintf(to, "}");
}

static void print_number(FILE *to, const char *name, uint32_t n)
{
    if (n)
        fprintf(to, ", .%s = %u", name, n);
}

static void print_prefix(FILE *to, const struct plan *plan)
{
    if (!plan->prefix.size)
        return;
    fprintf(to, ", .prefix = {.size = %u, .big = %d, .stripped = %d, .counts = %s}",
            plan->prefix.size, plan->prefix.big, plan->prefix.stripped,
            counts[plan->prefix.counts]);
    print_number(to, "configured", plan->configured);
    print_number(to, "eight", plan->eight);
}

void plan_print(const struct plan *plan, FILE *to)
{
    fprintf(to, "{.seed = %u, .framing = %s, .shape = %s", plan->seed, framings[plan->framing],
            shapes[plan->shape]);
    if (plan->slots)
        fprintf(to, ", .slots = %s", slots[plan->slots]);
    print_prefix(to, plan);
    if (plan->partial)
        fprintf(to, ", .partial = %s", partials[plan->partial]);
    if (plan->deliver)
        fprintf(to, ", .deliver = %s", delivers[plan->deliver]);
    print_number(to, "fresh", plan->fresh);
    print_number(to, "bait", plan->bait);
    print_number(to, "unseen", plan->unseen);
    if (plan->flags)
        fprintf(to, ", .flags = 0x%08x", plan->flags);
    print_number(to, "server", plan->server);
    print_number(to, "off", plan->off);
    print_number(to, "mixed", plan->mixed);
    if (plan->sends)
        fprintf(to, ", .sends = 0x%llx", (unsigned long long)plan->sends);
    print_number(to, "number", plan->number);
    print_number(to, "max_held", plan->max_held);
    print_number(to, "fail", plan->fail);
    print_number(to, "damaged", plan->damaged);
    fprintf(to, ", .blocks = %u, .text = {", plan->blocks);
    for (unsigned i = 0; i < plan->blocks; i++)
        fprintf(to, "%s%u", i ? ", " : "", plan->text[i]);
    fprintf(to, "}");
    print_numbers(to, "read", plan->read, plan->reads);
    fprintf(to, "},\n");
}
