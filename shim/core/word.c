/*
 * Word. See word.h.
 */
#include "word.h"

#include <string.h>

#define LONGEST 24 /* of the names; a longer word is near to none */

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static size_t length(const char *name)
{
    size_t n = 0;

    while (name[n])
        n++;
    return n;
}

struct span word_trim(struct span text)
{
    while (text.n && word_blank(text.at[0]))
        text = span_rest(text, 1);
    while (text.n && word_blank(text.at[text.n - 1]))
        text.n--;
    return text;
}

static bool between(unsigned char c, bool commas)
{
    return word_blank(c) || (commas && c == ',');
}

bool word_cut(struct span *text, bool commas, struct span *word)
{
    size_t n = 0;

    while (text->n && between(text->at[0], commas))
        *text = span_rest(*text, 1);
    while (n < text->n && !between(text->at[n], commas))
        n++;
    *word = span_head(*text, n);
    *text = span_rest(*text, n);
    return n > 0;
}

bool word_is(struct span word, const char *name)
{
    size_t n = 0;

    while (n < word.n && name[n] && lower(word.at[n]) == lower((unsigned char)name[n]))
        n++;
    return n == word.n && !name[n];
}

int word_index(struct span word, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (word_is(word, names[i]))
            return i;
    return -1;
}

static unsigned char least(unsigned a, unsigned b)
{
    return (unsigned char)(a < b ? a : b);
}

/* Letters to change, add, leave out, or exchange with the next: the usual table, by three rows. */
static unsigned distance(struct span word, const char *name, size_t n)
{
    unsigned char rows[3][LONGEST + 1];
    unsigned char *above = rows[0], *now = rows[1], *two_above = rows[2], *spare;

    for (size_t j = 0; j <= n; j++)
        now[j] = (unsigned char)j;
    memset(above, 0, sizeof rows[0]);
    for (size_t i = 1; i <= word.n; i++) {
        unsigned char c = lower(word.at[i - 1]);

        spare = two_above;
        two_above = above;
        above = now;
        now = spare;
        now[0] = (unsigned char)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned char d = lower((unsigned char)name[j - 1]);

            now[j] = least(least(above[j] + 1u, now[j - 1] + 1u), above[j - 1] + (c != d));
            if (i > 1 && j > 1 && c == lower((unsigned char)name[j - 2]) &&
                d == lower(word.at[i - 2]))
                now[j] = least(now[j], two_above[j - 2] + 1u);
        }
    }
    return now[n];
}

const char *word_near(struct span word, const char *const *names)
{
    const char *nearest = NULL;
    unsigned best = LONGEST;

    if (word.n == 0 || word.n > LONGEST)
        return NULL;
    for (; *names; names++) {
        size_t n = length(*names);
        unsigned far = n <= LONGEST ? distance(word, *names, n) : LONGEST;

        if (far * 3 <= n && far < best) {
            best = far;
            nearest = *names;
        }
    }
    return nearest;
}
