/*
 * Fault. See fault.h.
 */
#include "fault.h"

#define WORD_MAX 40 /* characters of a foreign word */

struct pen {
    char *to;
    size_t room; /* with the NUL */
    size_t n;
};

static void put_char(struct pen *pen, char c)
{
    if (pen->n + 1 < pen->room)
        pen->to[pen->n++] = c;
}

static void put(struct pen *pen, const char *text)
{
    while (*text)
        put_char(pen, *text++);
}

static void put_number(struct pen *pen, unsigned number)
{
    char digits[3 * sizeof number];
    size_t n = 0;

    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n)
        put_char(pen, digits[--n]);
}

static void put_word(struct pen *pen, struct span word)
{
    put(pen, "\"");
    for (size_t i = 0; i < word.n && i < WORD_MAX; i++) {
        char c = (char)word.at[i];

        if (c < ' ' || c > '~')
            c = '?';
        put_char(pen, c);
    }
    put(pen, word.n > WORD_MAX ? "...\"" : "\"");
}

/* What stands before the word, and what comes of it. */
static const struct {
    const char *what, *then;
} said[] = {
    [FAULT_SECTION] = {"unknown section ", "It is skipped."},
    [FAULT_KEY] = {"unknown key ", "The line is not used."},
    [FAULT_LATER] = {"this version does not have the key ", "The line is not used."},
    [FAULT_REPEATED] = {"repeated key ", "The line is not used."},
    [FAULT_EQUALS] = {"no = in ", "The line is not used."},
    [FAULT_VALUE] = {"bad value ", "The default is used."},
    [FAULT_RANGE] = {"value out of range ", "The default is used."},
    [FAULT_PREFIX] = {"without a valid Prefix there is no value ", "The default is used."},
    [FAULT_NOT_TEXT] = {"not ANSI or UTF-8 text", "No setting is used."},
    [FAULT_TOO_LONG] = {"the file is longer than 65536 bytes", "No setting is used."},
    [FAULT_UNREAD] = {"the file cannot be read", "No setting is used."},
};

size_t fault_text(const struct fault *fault, char *to, size_t room)
{
    struct pen pen = {to, room, 0};

    if (fault->line) {
        put(&pen, "line ");
        put_number(&pen, fault->line);
        put(&pen, ": ");
    }
    if (fault->key) {
        put(&pen, fault->key);
        put(&pen, ": ");
    }
    put(&pen, said[fault->kind].what);
    if (fault->kind < FAULT_NOT_TEXT)
        put_word(&pen, fault->word);
    if (fault->meant) {
        put(&pen, ", did you mean \"");
        put(&pen, fault->meant);
        put(&pen, "\"? ");
    } else {
        put(&pen, fault->hint ? " (" : "");
        put(&pen, fault->hint ? fault->hint : "");
        put(&pen, fault->hint ? "). " : ". ");
    }
    put(&pen, said[fault->kind].then);
    to[pen.n] = 0;
    return pen.n;
}
