/*
 * plan.c: reads a plan (plan.h) and makes its texts. The text of a block is a function of its
 * number and size alone, so that server and judge agree without talking: a line that begins
 * with its number and ends with a newline, or nothing at all when the size is 0.
 */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct plan_prefix plan_prefixes[] = {
    {"none", 0}, {"le32", 4}, {"be32", 4}, {"tok32", 4}, {"len8", 8}};

static int plan_parse_prefix(struct plan *plan, char *word)
{
    char *plus = strchr(word, '+');

    plan->sealed_answers = plus && !strcmp(plus, "+seal");
    if (plus && !plan->sealed_answers)
        return -1;
    if (plus)
        *plus = 0;
    for (size_t i = 0; i < sizeof plan_prefixes / sizeof *plan_prefixes; i++)
        if (!strcmp(word, plan_prefixes[i].name))
            plan->prefix = &plan_prefixes[i];
    return plan->prefix ? 0 : -1;
}

static int plan_parse_read(struct plan *plan, size_t *blocks, const char *word)
{
    for (;;) {
        char *end;
        struct plan_block *block = &plan->block[*blocks];

        if (*blocks == PLAN_BLOCKS)
            return -1;
        *block = (struct plan_block){.size = strtoul(word, &end, 10), .flip = -1};
        if (end == word || block->size >= PLAN_TEXT)
            return -1;
        if (*end == '^')
            block->flip = strtol(end + 1, &end, 10);
        block->forged = *end == '~';
        end += block->forged;
        if (block->flip >= (long)(8 * (PLAN_SIGNATURE + block->size)))
            return -1;
        (*blocks)++;
        if (*end != ',')
            return *end ? -1 : 0;
        word = end + 1;
    }
}

int plan_parse(struct plan *plan, const char *text)
{
    char *copy = strdup(text);
    char *rest = copy;
    char *kind = strsep(&rest, " ");
    char *prefix = strsep(&rest, " ");
    size_t blocks = 0;
    int bad;

    memset(plan, 0, sizeof *plan);
    plan->ess = !strcmp(kind, "ess");
    bad = !prefix || (!plan->ess && strcmp(kind, "nt4")) || plan_parse_prefix(plan, prefix);
    for (char *word; !bad && (word = strsep(&rest, " "));) {
        bad = plan->reads == PLAN_READS || plan_parse_read(plan, &blocks, word);
        plan->first[++plan->reads] = blocks;
    }
    free(copy);
    return bad ? -1 : 0;
}

void plan_text(const struct plan *plan, size_t block, char *out)
{
    size_t size = plan->block[block].size;
    char number[32] = "";
    size_t digits = (size_t)sprintf(number, "line %zu ", block);

    for (size_t i = 0; i < size; i++)
        out[i] = i < digits ? number[i] : (char)('a' + (block + i) % 26);
    if (size > 0)
        out[size - 1] = '\n';
}

void plan_put_prefix(const struct plan *plan, size_t block, unsigned char *out)
{
    size_t rest = PLAN_SIGNATURE + plan->block[block].size;
    const char *name = plan->prefix->name;
    size_t first = strcmp(name, "tok32") ? rest : PLAN_SIGNATURE;
    bool big_endian = !strcmp(name, "be32");

    for (size_t i = 0; i < plan->prefix->size; i++) {
        size_t number = i < 4 ? first : PLAN_SIGNATURE;
        out[i] = (unsigned char)(number >> 8 * (big_endian ? 3 - i : i % 4));
    }
}

bool plan_block_altered(const struct plan_block *block)
{
    return block->flip >= 0 || block->forged;
}

size_t plan_read_size(const struct plan *plan, size_t read)
{
    size_t size = 0;

    for (size_t i = plan->first[read]; i < plan->first[read + 1]; i++)
        size += plan->prefix->size + PLAN_SIGNATURE + plan->block[i].size;
    return size;
}
