/*
 * block_judge.c: compares what oldread printed with what its lines say.
 *
 *   block_judge bare|shim LINES OUTPUT      lines of "STYLE | PLAN | STATUSES"
 *
 * bare  the provider alone: the first reads have these STATUSES, 0 or the last three digits of the
 *       error; one that is 0 gives exactly the text of its one block, and what an error lost
 *       stays lost
 * shim  every read succeeds, and gives all texts that are complete by then and not yet given, in
 *       order, as far as the memory that the program presented as DATA has room: the rest comes
 *       first in the next one. A style that presents again is told so when nothing is complete.
 *       At the end nothing is left over; or, where the STATUSES end with "left N", just N bytes of
 *       complete texts are, and the shim has counted them as lost.
 * Each read is one row; its length must be the planned one. Prints the failed rows and
 * "PASSED FAILED" in the last line.
 */
#include "load.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGE_TEXT       (1u << 18)
#define JUDGE_INCOMPLETE 0x318

struct judge {
    bool shim;
    const char *line;
    char *at; /* the place in the output */
    struct plan plan;
    size_t token;
    size_t strip;
    char text[JUDGE_TEXT]; /* all of the plan */
    size_t given;          /* bytes of it */
    size_t block;          /* the first one that has not arrived in full */
    size_t complete;       /* bytes of text before that block */
    size_t sent;           /* bytes on the wire before it */
    size_t arrived;        /* bytes on the wire */
    size_t left;           /* bytes that have to be left at the end */
    bool again;            /* the style: */
    size_t kept;           /* bytes that it presents again */
    unsigned passed;
    unsigned failed;
};

struct judge_read {
    size_t length;
    unsigned status;
    size_t size;
    const char *text;
};

static bool judge_parse_style(struct judge *judge)
{
    judge->strip = 0;
    judge->again = strstr(judge->line, " again |") != NULL;
    return sscanf(judge->line, "%*s %*s %*c%*c%zu+%zu", &judge->token, &judge->strip) >= 1;
}

/* `plan` is cut out of the line. Gives the statuses, NULL if the line makes no sense. */
static char *judge_parse(struct judge *judge, char *plan)
{
    char *bar = strchr(plan, '|');
    char *expected = bar ? strchr(bar + 1, '|') : NULL;
    char *text = judge->text;
    size_t last;

    if (!expected || !judge_parse_style(judge))
        return NULL;
    expected[-1] = 0;
    judge->left = 0;
    if (strstr(expected, " left ")) {
        judge->left = strtoul(strstr(expected, " left ") + 6, NULL, 10);
        *strstr(expected, " left ") = 0;
    }
    if (plan_parse(&judge->plan, bar + 2))
        return NULL;
    last = judge->plan.first[judge->plan.reads];
    for (size_t i = 0; i < last; i++) {
        if (text + judge->plan.block[i].size > judge->text + JUDGE_TEXT)
            return NULL;
        plan_text(&judge->plan, i, text);
        text += judge->plan.block[i].size;
    }
    judge->given = judge->block = judge->complete = judge->sent = 0;
    judge->arrived = judge->kept = 0;
    return expected + 1;
}

/* One read of the output; false at its end. */
static bool judge_take(struct judge *judge, struct judge_read *read)
{
    int used = 0;

    if (sscanf(judge->at, "recv %zu: %x %zu%n", &read->length, &read->status, &read->size, &used) !=
            3 ||
        judge->at[used] != '\n' || strlen(judge->at + used + 1) < read->size)
        return false;
    read->text = judge->at + used + 1;
    judge->at = (char *)read->text + read->size;
    if (read->status)
        return true;
    return *judge->at++ == '\n';
}

/* What has arrived with this read. */
static void judge_arrive(struct judge *judge, size_t size)
{
    const struct plan *plan = &judge->plan;

    judge->arrived += size;
    while (judge->block < plan->first[plan->reads] &&
           judge->sent + plan_block_size(plan, judge->block) <= judge->arrived) {
        judge->sent += plan_block_size(plan, judge->block);
        judge->complete += plan->block[judge->block++].size;
    }
}

static size_t judge_room(const struct judge *judge, size_t size)
{
    size -= judge->strip;
    return size > judge->token ? size - judge->token : 0;
}

/* How much text this read has to give. */
static size_t judge_due(const struct judge *judge, size_t size)
{
    size_t due = judge->complete - judge->given;

    return due < judge_room(judge, size) ? due : judge_room(judge, size);
}

/* A read that completes nothing and has nothing to give: it is presented again with the next. */
static bool judge_is_short(struct judge *judge, size_t size, size_t before)
{
    bool is_short = judge->again && judge->block == before && judge->complete == judge->given;

    judge->kept = is_short ? judge->kept + size : 0;
    return is_short;
}

static void judge_row(struct judge *judge, size_t number, unsigned status)
{
    size_t size = plan_read_size(&judge->plan, number);
    struct judge_read read = {0};
    bool right = judge_take(judge, &read);
    size_t before = judge->block, kept = judge->kept, due;

    if (!judge->shim)
        judge->given = judge->complete;
    judge_arrive(judge, size);
    if (judge->shim && judge_is_short(judge, size, before))
        status = JUDGE_INCOMPLETE;
    due = status ? 0 : judge_due(judge, kept + size);
    right = right && read.length == size && (read.status & 0xfff) == status && read.size == due &&
            !memcmp(read.text, judge->text + judge->given, due);
    judge->given += due;
    judge->passed += right;
    judge->failed += !right;
    if (!right)
        printf("FAILED %.70s\n  read %zu of %zu: wanted %zu bytes, status ..%03x, text %zu bytes\n"
               "  got %zu bytes, status %08x, text %zu bytes%s\n",
               judge->line, number + 1, judge->plan.reads, size, status, due, read.length,
               read.status, read.size, read.size == due ? ", another one" : "");
}

/* All of the text, and no read beyond the plan's. */
static void judge_end(struct judge *judge)
{
    size_t total = judge->complete, lost = 0;
    bool right = judge->block == judge->plan.first[judge->plan.reads] &&
                 judge->given + judge->left == total &&
                 sscanf(judge->at, "end\ncounted lost %zu", &lost) == 1 && lost == judge->left;

    judge->passed += right;
    judge->failed += !right;
    if (!right)
        printf("FAILED %.70s: the end: %zu of %zu bytes of text, %zu to be left, then \"%.40s\"\n",
               judge->line, judge->given, total, judge->left, judge->at);
}

/* Rows after a failed one would fail with it: they are counted and not shown. */
static void judge_shim(struct judge *judge)
{
    unsigned failed = judge->failed;
    size_t read = 0;

    while (judge->failed == failed && read < judge->plan.reads)
        judge_row(judge, read++, 0);
    judge->failed += (unsigned)(judge->plan.reads - read);
    if (judge->failed == failed)
        judge_end(judge);
}

static void judge_bare(struct judge *judge, char *expected)
{
    unsigned failed = judge->failed;
    size_t read = 0;
    char *word;

    while (judge->failed == failed && (word = strsep(&expected, " ")))
        if (*word)
            judge_row(judge, read++, (unsigned)strtoul(word, NULL, 16));
}

static void judge_line(struct judge *judge, char *line)
{
    size_t size = strlen(line);
    char *copy = strdup(line);
    char *found = judge->at;
    char *expected;

    judge->line = line;
    while (found && (strncmp(found + 3, line, size) || found[3 + size] != '\n'))
        found = strstr(found + 1, "\n== ") ? strstr(found + 1, "\n== ") + 1 : NULL;
    expected = judge_parse(judge, copy);
    if (!expected)
        printf("bad line: %s\n", line), exit(2);
    if (found) {
        judge->at = found + 3 + size + 1;
        judge->shim ? judge_shim(judge) : judge_bare(judge, expected);
    } else {
        printf("FAILED %.70s: not run\n", line);
        judge->failed++;
    }
    free(copy);
}

int main(int argc, char **argv)
{
    static struct judge judge;
    char *lines, *line;

    if (argc != 4 || (strcmp(argv[1], "bare") && strcmp(argv[1], "shim")))
        return fprintf(stderr, "usage: block_judge bare|shim LINES OUTPUT\n"), 2;
    judge.shim = !strcmp(argv[1], "shim");
    lines = load_text(argv[2]);
    judge.at = load_text(argv[3]);
    while ((line = strsep(&lines, "\n")) && *line)
        judge_line(&judge, line);
    printf("%u %u\n", judge.passed, judge.failed);
    return judge.failed > 0;
}
