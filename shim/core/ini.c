/*
 * Ini. See ini.h.
 */
#include "ini.h"

#include <string.h>

#include "word.h"

#define CONTROL_Z 0x1A /* DOS editors put it behind the text */

static const char *const sections[] = {"Shim", NULL};

struct reader {
    struct settings *settings;
    struct settings_lines lines;
    unsigned line;
    bool skipping; /* in a section of somebody else's */
    ini_report *report;
    void *to;
};

static void report(struct reader *reader, enum fault_kind kind, struct span word, const char *meant)
{
    struct fault fault = {.line = reader->line, .kind = kind, .word = word, .meant = meant};

    reader->report(reader->to, &fault);
}

/* Cuts the next line off, without its end: CR, LF or CR LF. */
static struct span cut_line(struct span *text)
{
    struct span line;
    size_t n = 0;

    while (n < text->n && text->at[n] != '\r' && text->at[n] != '\n')
        n++;
    line = span_head(*text, n);
    n += n + 1 < text->n && text->at[n] == '\r' && text->at[n + 1] == '\n' ? 2 : 1;
    *text = span_rest(*text, n);
    return line;
}

static bool is_comment(struct span text)
{
    return text.n && (text.at[0] == ';' || text.at[0] == '#');
}

/* Without the comment behind it; a `;` that no blank precedes is part of the value. */
static struct span cut_comment(struct span value)
{
    for (size_t i = 1; i < value.n; i++)
        if (value.at[i] == ';' && word_blank(value.at[i - 1]))
            value.n = i;
    return word_trim(value);
}

static void read_section(struct reader *reader, struct span line)
{
    unsigned char *end = memchr(line.at, ']', line.n);
    size_t n = end ? (size_t)(end - line.at) : line.n;
    struct span name = word_trim(span_rest(span_head(line, n), 1));
    struct span behind = word_trim(span_rest(line, n + 1));

    reader->skipping = !end || (behind.n && !is_comment(behind)) || !word_is(name, sections[0]);
    if (reader->skipping)
        report(reader, FAULT_SECTION, cut_comment(line),
               word_near(name, sections) ? "[Shim]" : NULL);
}

static void read_pair(struct reader *reader, struct span line)
{
    struct fault fault = {.line = reader->line};
    unsigned char *equals = memchr(line.at, '=', line.n);
    size_t n = equals ? (size_t)(equals - line.at) : line.n;

    if (!equals)
        report(reader, FAULT_EQUALS, cut_comment(line), NULL);
    else if (!settings_put(reader->settings, &reader->lines, word_trim(span_head(line, n)),
                           cut_comment(span_rest(line, n + 1)), &fault))
        reader->report(reader->to, &fault);
}

static void read_line(struct reader *reader, struct span line)
{
    line = word_trim(line);
    if (line.n == 0 || is_comment(line))
        return;
    if (line.at[0] == '[')
        read_section(reader, line);
    else if (!reader->skipping)
        read_pair(reader, line);
}

static bool starts(struct span text, const char *with, size_t n)
{
    return text.n >= n && memcmp(text.at, with, n) == 0;
}

/* Counts the lines up to a NUL; true: there is none. */
static bool is_text(struct reader *reader, struct span text)
{
    bool wide = starts(text, "\xFF\xFE", 2) || starts(text, "\xFE\xFF", 2);

    reader->line = 1;
    if (wide)
        return false;
    for (; text.n; reader->line++) {
        struct span line = cut_line(&text);

        if (memchr(line.at, 0, line.n))
            return false;
    }
    return true;
}

void ini_read(struct settings *settings, struct span text, ini_report *tell, void *to)
{
    struct reader reader = {.settings = settings, .report = tell, .to = to};
    struct fault fault = {0};

    *settings = settings_default();
    if (!is_text(&reader, text)) {
        report(&reader, FAULT_NOT_TEXT, (struct span){0}, NULL);
        return;
    }
    if (starts(text, "\xEF\xBB\xBF", 3))
        text = span_rest(text, 3);
    if (text.n && text.at[text.n - 1] == CONTROL_Z)
        text.n--;
    for (reader.line = 1; text.n; reader.line++)
        read_line(&reader, cut_line(&text));
    if (!settings_settle(settings, &reader.lines, &fault))
        tell(to, &fault);
}
