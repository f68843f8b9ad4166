/*
 * Word: pieces of a text as an administrator writes it. Letters count without case; only ASCII has
 * any.
 */
#ifndef WORD_H
#define WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

/* Blank: a space or a tab. */
static inline bool word_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

/* Without the blanks at both ends. */
struct span word_trim(struct span text);

/*
 * Cuts the next word off the text: what stands between blanks, and between commas too if `commas`.
 * False when there is none.
 */
bool word_cut(struct span *text, bool commas, struct span *word);

bool word_is(struct span word, const char *name);

/* Where the word stands in a list of names that NULL ends; -1: nowhere. */
int word_index(struct span word, const char *const *names);

/*
 * The name that was probably meant: the nearest, if no more than a third of its letters are
 * missing, too many, wrong or exchanged with their neighbour. NULL: none is near.
 */
const char *word_near(struct span word, const char *const *names);

#endif
