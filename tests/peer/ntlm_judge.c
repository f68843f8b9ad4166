/*
 * ntlm_judge.c: compares what oldmail printed with what its plans say.
 *
 *   ntlm_judge bare|shim PLANS OUTPUT
 *
 * bare  what the provider alone does: one block in a read is good, or SEC_E_MESSAGE_ALTERED if it
 *       was altered on the way; several are SEC_E_MESSAGE_ALTERED, and so is all that follows.
 * shim  the same for one block. Of several every one, in order and once, up to an altered one,
 *       which is the status of this read, or of the next if good blocks came before it, and of
 *       all that follow.
 * Each read of each plan is one row. Prints the failed rows and "PASSED FAILED" in the last line.
 */
#include "load.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGE_TEXT    (1u << 18)
#define JUDGE_ALTERED "SEC_E_MESSAGE_ALTERED (0x8009030F)\n"

struct judge {
    bool shim;
    bool dead;        /* the context: no further block of it may be delivered */
    const char *plan; /* its line */
    char *at;         /* the place in the output */
    unsigned passed;
    unsigned failed;
};

static bool judge_take(struct judge *judge, const char *want)
{
    size_t size = strlen(want);

    if (strncmp(judge->at, want, size))
        return false;
    judge->at += size;
    return true;
}

/* What the client prints for this read if so many of its blocks are delivered. */
static void judge_expect(const struct plan *plan, size_t read, size_t good, char *out)
{
    out += sprintf(out, "recv %zu: %s", plan_read_size(plan, read),
                   good ? "SEC_E_OK\n" : JUDGE_ALTERED);
    for (size_t i = plan->first[read]; i < plan->first[read] + good; i++) {
        plan_text(plan, i, out);
        out += plan->block[i].size;
    }
    *out = 0;
}

static size_t judge_good(const struct judge *judge, const struct plan *plan, size_t read)
{
    size_t first = plan->first[read];
    size_t count = plan->first[read + 1] - first;
    size_t good = 0;

    if (judge->dead || (!judge->shim && count > 1))
        return 0;
    while (good < count && !plan_block_altered(&plan->block[first + good]))
        good++;
    return good;
}

/* Without its sequence number a block is unrecognisable and may spoil the one before it. */
static bool judge_hidden(const struct plan *plan, size_t block)
{
    long flip = plan->block[block].flip;

    return plan->kind == PLAN_ESS && flip >= 96 && flip < 128;
}

static void judge_read(struct judge *judge, const struct plan *plan, size_t read)
{
    static char want[JUDGE_TEXT];
    size_t count = plan->first[read + 1] - plan->first[read];
    size_t good = judge_good(judge, plan, read);
    bool right;

    if (plan_read_size(plan, read) + 256 > JUDGE_TEXT)
        printf("a read is too long for the judge: %.60s\n", judge->plan), exit(2);
    judge_expect(plan, read, good, want);
    right = judge_take(judge, want);
    if (!right && judge->shim && good > 0 && good < count &&
        judge_hidden(plan, plan->first[read] + good)) {
        judge_expect(plan, read, good - 1, want);
        right = judge_take(judge, want);
    }
    judge->dead = judge->dead || (good < count && count > 1);
    judge->passed += right;
    judge->failed += !right;
    if (!right)
        printf("FAILED %.60s\n  read %zu of %zu: wanted \"%.60s\"\n  got \"%.60s\"\n", judge->plan,
               read + 1, plan->reads, want, judge->at);
}

static void judge_plan(struct judge *judge)
{
    static struct plan plan;
    char head[16384];
    unsigned failed = judge->failed;
    size_t read = 0;
    char *found;

    if (plan_parse(&plan, judge->plan))
        printf("bad plan: %s\n", judge->plan), exit(2);
    snprintf(head, sizeof head, "== %s\n", judge->plan);
    judge->dead = false;
    found = strstr(judge->at, head);
    if (!found) {
        printf("FAILED %.60s: not run\n", judge->plan);
        judge->failed += (unsigned)plan.reads;
        return;
    }
    judge->at = found + strlen(head);
    while (read < plan.reads && judge->failed == failed)
        judge_read(judge, &plan, read++);
    judge->failed += (unsigned)(plan.reads - read);
    if (judge->failed == failed && !judge_take(judge, "end\n")) {
        printf("FAILED %.60s: more than the plan: \"%.60s\"\n", judge->plan, judge->at);
        judge->failed++;
    }
}

int main(int argc, char **argv)
{
    struct judge judge = {0};
    char *plans;

    if (argc != 4 || (strcmp(argv[1], "bare") && strcmp(argv[1], "shim")))
        return fprintf(stderr, "usage: ntlm_judge bare|shim PLANS OUTPUT\n"), 2;
    judge.shim = !strcmp(argv[1], "shim");
    plans = load_text(argv[2]);
    judge.at = load_text(argv[3]);
    while ((judge.plan = strsep(&plans, "\n")) && *judge.plan)
        judge_plan(&judge);
    printf("%u %u\n", judge.passed, judge.failed);
    return judge.failed > 0;
}
