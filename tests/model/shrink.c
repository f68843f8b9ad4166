/*
 * Shrink. See shrink.h.
 */
#include "shrink.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

#define WHY 300

bool shrink_fails(const struct plan *plan, char *why)
{
    int ends[2], status;
    ssize_t got;
    pid_t child;

    fflush(stdout);
    if (pipe(ends) != 0 || (child = fork()) < 0)
        return false;
    if (child == 0) {
        const char *what;

        if (!why && !freopen("/dev/null", "w", stderr))
            _exit(3);
        what = trial_plan(plan);
        if (what && write(ends[1], what, strlen(what)) < 0)
            _exit(3);
        fflush(stdout);
        _exit(what != NULL);
    }
    close(ends[1]);
    if (why) {
        got = read(ends[0], why, WHY - 1);
        why[got > 0 ? got : 0] = 0;
    }
    close(ends[0]);
    waitpid(child, &status, 0);
    return status != 0;
}

/*
 * The process that shrinks tries in itself, which is quick; the last try is where its parent can
 * see it, and goes on from it with a new process if it was one that crashes.
 */
static struct shared {
    struct plan best, trying;
    bool crashes;  /* each try needs a process of its own */
    char why[300]; /* what was wrong at first: it is to stay the same, but for its numbers */
} * shared;

/* Up to where the first number is. */
static bool same(const char *why, const char *first)
{
    size_t n = strcspn(first, "0123456789");

    return why && (*first == 0 || strncmp(why, first, n ? n : 1) == 0);
}

static bool fails(const struct plan *plan)
{
    if (shared->crashes)
        return shrink_fails(plan, NULL);
    shared->trying = *plan;
    return same(trial_plan(plan), shared->why);
}

/* Takes the smaller plan if it fails too. */
static bool take(struct plan *plan, const struct plan *smaller)
{
    if (smaller->blocks == 0 || smaller->reads == 0 || !fails(smaller))
        return false;
    shared->best = *smaller;
    *plan = *smaller;
    return true;
}

static void cut(uint32_t *at, uint32_t *n, uint32_t from, uint32_t count)
{
    memmove(at + from, at + from + count, (*n - from - count) * sizeof *at);
    *n -= count;
}

static bool drop_blocks(struct plan *plan)
{
    bool any = false;

    for (uint32_t count = (plan->blocks + 1) / 2; count; count /= 2)
        for (uint32_t from = 0; from + count <= plan->blocks; from++) {
            struct plan smaller = *plan;

            cut(smaller.text, &smaller.blocks, from, count);
            if (smaller.damaged > from + count)
                smaller.damaged -= count;
            else if (smaller.damaged > from)
                continue;
            if (take(plan, &smaller)) {
                any = true;
                from--;
            }
        }
    return any;
}

static bool drop_reads(struct plan *plan)
{
    bool any = false;

    for (uint32_t count = (plan->reads + 1) / 2; count; count /= 2)
        for (uint32_t from = 0; from + count <= plan->reads; from++) {
            struct plan smaller = *plan;

            cut(smaller.read, &smaller.reads, from, count);
            bool taken = take(plan, &smaller);

            if (!taken && from + count < plan->reads) {
                smaller.read[from] += plan->read[from]; /* merged with the one behind */
                taken = take(plan, &smaller);
            }
            if (!taken)
                continue;
            any = true;
            from--;
        }
    return any;
}

static bool lessen(struct plan *plan, size_t offset, uint32_t least)
{
    bool any = false;
    uint32_t was;

    do {
        uint32_t tries[3];

        memcpy(&was, (char *)plan + offset, sizeof was);
        tries[0] = least;
        tries[1] = was / 2;
        tries[2] = was - 1;
        for (int i = 0; i < 3 && was > least; i++) {
            struct plan smaller = *plan;

            memcpy((char *)&smaller + offset, &tries[i], sizeof was);
            if (tries[i] < was && tries[i] >= least && take(plan, &smaller)) {
                any = true;
                break;
            }
        }
    } while (memcmp(&was, (char *)plan + offset, sizeof was) != 0);
    return any;
}

static bool lessen_all(struct plan *plan)
{
    bool any = false;

    for (uint32_t i = 0; i < plan->blocks; i++)
        any |= lessen(plan, offsetof(struct plan, text) + i * sizeof *plan->text, 0);
    for (uint32_t i = 0; i < plan->reads; i++)
        any |= lessen(plan, offsetof(struct plan, read) + i * sizeof *plan->read, 1);
    any |= lessen(plan, offsetof(struct plan, number), 0);
    any |= lessen(plan, offsetof(struct plan, seed), 0);
    return any;
}

#define SIMPLER 12

static bool simplify(struct plan *plan)
{
    struct plan smaller[SIMPLER];

    for (int i = 0; i < SIMPLER; i++)
        smaller[i] = *plan;
    smaller[0].slots = PLAN_NO_SLOT;
    smaller[1].shape = PLAN_FIRST;
    smaller[2].partial = SETTINGS_PARTIAL_HOLD;
    smaller[3].deliver = SETTINGS_DELIVER_AUTO;
    smaller[4].fail = smaller[4].max_held = smaller[4].damaged = 0;
    smaller[5].unseen = false;
    smaller[6].fresh = smaller[6].bait = false;
    memset(&smaller[7].prefix, 0, sizeof smaller[7].prefix);
    smaller[7].configured = smaller[7].eight = false;
    smaller[8].sends = 0;
    smaller[9].mixed = smaller[9].server = false;
    smaller[10].flags = 0;
    smaller[10].off = smaller[10].mixed = smaller[10].server = false;
    smaller[10].sends = 0;
    smaller[11].sends &= smaller[11].sends - 1;
    for (int i = 0; i < SIMPLER; i++)
        if (memcmp(&smaller[i], plan, sizeof *plan) != 0 && take(plan, &smaller[i]))
            return true;
    return false;
}

static void shrink(struct plan *plan)
{
    for (int round = 0; round < 20; round++) {
        bool any = simplify(plan);

        any |= drop_blocks(plan);
        any |= drop_reads(plan);
        any |= lessen_all(plan);
        if (!any)
            return;
    }
}

void shrink_plan(struct plan *plan, const char *why)
{
    int status = 1;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return;
    shared->best = *plan;
    snprintf(shared->why, sizeof shared->why, "%s", why);
    for (int again = 0; again < 2 && status != 0; again++) {
        struct plan start = shared->best;
        pid_t child = fork();

        if (child == 0) {
            if (!freopen("/dev/null", "w", stderr))
                _exit(3);
            shrink(&start);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (status != 0)
            shared->best = shared->trying;
        shared->crashes = status != 0;
    }
    *plan = shared->best;
    munmap(shared, sizeof *shared);
}
