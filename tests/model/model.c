/*
 * Model: a random peer, random reads and random programs against the face of the shim, compiled for
 * the host with the sanitizers. First the rows, then random plans from a seed, then the counts,
 * then what it costs.
 *
 *     model              as in make check
 *     model SEED CASES   that many random plans from that seed, nothing else
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cost.h"
#include "trial.h"
#include "rows.h"
#include "shrink.h"

#define SEED    4
#define CASES   60000
#define BATCH   1000
#define IOS     1000000 /* as the issue asks */
#define OF_EACH 100000

static unsigned passed, failed;

/* What the process that runs the random plans has reached. */
static struct progress {
    uint64_t at;
    bool wrong;
    struct trial_tally tally;
} * progress;

static void report(const struct plan *plan, const char *what)
{
    struct plan small = *plan;
    char why[300];

    failed++;
    shrink_fails(plan, why);
    printf("FAILED: %s: %s\n", what, *why ? why : "it crashed");
    printf("as found:\n    ");
    plan_print(plan, stdout);
    shrink_plan(&small, why);
    trial_trace = true;
    shrink_fails(&small, why);
    trial_trace = false;
    printf("shrunk: %s\n    ", *why ? why : "it crashes");
    plan_print(&small, stdout);
}

static void run_rows(void)
{
    for (unsigned i = 0; i < rows_n; i++) {
        char what[40];

        snprintf(what, sizeof what, "row %u", i);
        if (shrink_fails(&rows[i], NULL))
            report(&rows[i], what);
        else
            passed++;
    }
}

static void run_plans(uint64_t seed, uint64_t cases)
{
    static struct plan plan;

    for (uint64_t i = 0; i < cases; i++) {
        progress->at = i;
        plan_random(&plan, seed + i);
        if (trial_plan(&plan)) {
            progress->wrong = true;
            break;
        }
    }
    progress->tally = trial_tally;
}

/* In a process of its own, so that a crash tells the plan, too. */
static void run_random(uint64_t seed, uint64_t cases)
{
    static struct plan plan;
    int status;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        run_plans(seed, cases);
        exit(0);
    }
    waitpid(child, &status, 0);
    if (status == 0 && !progress->wrong) {
        passed += (unsigned)((cases + BATCH - 1) / BATCH);
        return;
    }
    plan_random(&plan, seed + progress->at);
    printf("seed %llu\n", (unsigned long long)(seed + progress->at));
    report(&plan, "random plan");
}

static void at_least(const char *what, uint64_t n, uint64_t least)
{
    if (n >= least) {
        passed++;
    } else {
        failed++;
        printf("FAILED: %llu I/Os %s, not %llu\n", (unsigned long long)n, what,
               (unsigned long long)least);
    }
}

static void print_tally(uint64_t seed, uint64_t cases)
{
    const struct trial_tally *tally = &progress->tally;
    const struct {
        const char *name;
        uint64_t n;
    } rows_of_it[] = {
        {"plans", tally->plans},
        {"I/Os", tally->ios},
        {"bytes", tally->bytes},
        {"merged", tally->merged},
        {"split", tally->split},
        {"pending", tally->pending},
        {"held", tally->held},
        {"reported", tally->reported},
        {"extra", tally->extra},
        {"at the limit", tally->limits},
        {"damaged", tally->damaged},
        {"past MaxHeld", tally->capped},
        {"short of memory", tally->starved},
        {"I/Os of NTLM, ESS", tally->framing[PLAN_ESS]},
        {"of NTLM, NT 4", tally->framing[PLAN_NT4]},
        {"of both, with the key", tally->keyed},
        {"of NTLM, padded", tally->framing[PLAN_PAD]},
        {"of RFC 4121", tally->framing[PLAN_RFC4121]},
        {"of RFC 4121, DCE", tally->framing[PLAN_DCE]},
        {"of RFC 1964", tally->framing[PLAN_DER]},
    };

    printf("model: seeds %llu to %llu\n", (unsigned long long)seed,
           (unsigned long long)(seed + cases - 1));
    for (size_t i = 0; i < sizeof rows_of_it / sizeof *rows_of_it; i++)
        printf("  %10llu %s\n", (unsigned long long)rows_of_it[i].n, rows_of_it[i].name);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : SEED;
    uint64_t cases = argc > 2 ? strtoull(argv[2], NULL, 0) : CASES;

    progress =
        mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (progress == MAP_FAILED)
        return 1;
    if (argc == 2 && strcmp(argv[1], "cost") == 0)
        return cost_check(&failed) == 0;
    if (argc == 1)
        run_rows();
    run_random(seed, cases);
    print_tally(seed, cases);
    if (argc == 1) {
        at_least("in all", progress->tally.ios, IOS);
        at_least("merged", progress->tally.merged, OF_EACH);
        at_least("split", progress->tally.split, OF_EACH);
        at_least("with pending bytes", progress->tally.pending, OF_EACH);
        at_least("with the key", progress->tally.keyed, OF_EACH);
        passed += cost_check(&failed);
    }
    printf("model: %u passed, %u failed\n", passed, failed);
    return failed != 0;
}
