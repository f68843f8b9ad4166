/*
 * plan.c: reads a plan (plan.h) and makes its texts. The text of a block is a function of its
 * number and size alone, so that server and judge agree without talking: a line that begins
 * with its number and ends with a newline, or nothing at all when the size is 0.
 */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const plan_kinds[] = {[PLAN_NT4] = "nt4",
                                         [PLAN_ESS] = "ess",
                                         [PLAN_KRB] = "krb",
                                         [PLAN_DCE] = "dce",
                                         [PLAN_RC4] = "rc4"};

static const struct plan_prefix plan_prefixes[] = {
    {"none", 0}, {"le32", 4}, {"be32", 4}, {"tok32", 4}, {"len8", 8}};

static int plan_parse_kind(struct plan *plan, const char *word)
{
    for (size_t i = 0; i < sizeof plan_kinds / sizeof *plan_kinds; i++)
        if (!strcmp(word, plan_kinds[i])) {
            plan->kind = (enum plan_kind)i;
            return 0;
        }
    return -1;
}

static int plan_parse_prefix(struct plan *plan, char *word)
{
    char *plus = strchr(word, '+');

    plan->sealed_answers = plus && !strcmp(plus, "+seal");
    plan->initiate = plus && !strcmp(plus, "+init");
    if (plus && !plan->sealed_answers && !plan->initiate)
        return -1;
    if (plus)
        *plus = 0;
    for (size_t i = 0; i < sizeof plan_prefixes / sizeof *plan_prefixes; i++)
        if (!strcmp(word, plan_prefixes[i].name))
            plan->prefix = &plan_prefixes[i];
    return plan->prefix ? 0 : -1;
}

static int plan_parse_blocks(struct plan *plan, size_t *blocks, const char *word)
{
    while (*word) {
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
        if (block->flip >= (long)(8 * plan_sealed_size(plan, *blocks)))
            return -1;
        (*blocks)++;
        if (*end && *end != ',')
            return -1;
        word = end + (*end == ',');
    }
    return 0;
}

static int plan_parse_read(struct plan *plan, size_t *blocks, char *word)
{
    char *cut = strchr(word, '/');

    if (plan->reads == PLAN_READS)
        return -1;
    if (cut) {
        *cut++ = 0;
        plan->cut[plan->reads] = strtoul(cut, NULL, 10);
    }
    if (plan_parse_blocks(plan, blocks, word))
        return -1;
    plan->first[++plan->reads] = *blocks;
    return plan_read_size(plan, plan->reads - 1) ? 0 : -1;
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
    bad = !prefix || plan_parse_kind(plan, kind) || plan_parse_prefix(plan, prefix);
    for (char *word; !bad && (word = strsep(&rest, " "));)
        bad = plan_parse_read(plan, &blocks, word);
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
    size_t rest = plan_sealed_size(plan, block);
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

/* RFC 4757 blocks stand in a DER frame, whose length takes one byte, two or three. */
static size_t plan_overhead(const struct plan *plan, size_t size)
{
    switch (plan->kind) {
    case PLAN_KRB:
        return 60;
    case PLAN_DCE:
        return 76;
    case PLAN_RC4:
        return 46 + (size + 44 > 127) + (size + 44 > 255);
    default:
        return PLAN_SIGNATURE;
    }
}

size_t plan_sealed_size(const struct plan *plan, size_t block)
{
    size_t size = plan->block[block].size;

    return plan_overhead(plan, size) + size;
}

size_t plan_block_size(const struct plan *plan, size_t block)
{
    return plan->prefix->size + plan_sealed_size(plan, block);
}

size_t plan_read_size(const struct plan *plan, size_t read)
{
    size_t waiting = 0, size = 0;

    for (size_t i = 0; i <= read; i++) {
        waiting -= size;
        for (size_t block = plan->first[i]; block < plan->first[i + 1]; block++)
            waiting += plan_block_size(plan, block);
        size = plan->cut[i] && plan->cut[i] < waiting ? plan->cut[i] : waiting;
    }
    return size;
}
