/*
 * Settings. See settings.h. Every value is read completely before anything is set.
 */
#include "settings.h"

#include "word.h"

#define TOP_TEXT "0 to 268435456" /* SETTINGS_MAX_HELD_TOP */

_Static_assert(SETTINGS_MAX_HELD_TOP == 268435456, "TOP_TEXT says so");

static const char *const keys[] = {
    [SETTINGS_ENABLED] = "Enabled",
    [SETTINGS_PACKAGES] = "Packages",
    [SETTINGS_FRAMING] = "Framing",
    [SETTINGS_PREFIX] = "Prefix",
    [SETTINGS_DELIVER] = "Deliver",
    [SETTINGS_PARTIAL] = "Partial",
    [SETTINGS_SCHANNEL] = "Schannel",
    [SETTINGS_KERBEROS_TRIAL] = "KerberosTrial",
    [SETTINGS_EXACT] = "Exact",
    [SETTINGS_MAX_HELD_KEY] = "MaxHeld",
    /* Planned, so that a file of a later version is told from a slip of the pen. */
    [SETTINGS_KEYS] = "Targets",
    "AlignReceive",
    "LogLevel",
    "EventLog",
    NULL,
};

/* In the order of the enumerations. */
static const char *const framings[] = {"auto", "strict", "prefix", "whole", NULL};
static const char *const delivers[] = {"auto", "extra", "coalesce", NULL};
static const char *const partials[] = {"hold", "report", NULL};
static const char *const schannels[] = {"pass", "repair", NULL};
static const char *const exacts[] = {"auto", "off", NULL};
static const char *const packages[] = {"NTLM", "Kerberos", "Negotiate", NULL};
static const char *const widths[] = {"be16", "le16", "be32", "le32", NULL};
static const char *const prefix_words[] = {"rest", "all", "token", "stripped", "present", NULL};

struct settings settings_default(void)
{
    return (struct settings){.enabled = true,
                             .packages = SETTINGS_NTLM | SETTINGS_KERBEROS | SETTINGS_NEGOTIATE,
                             .exact = true,
                             .max_held = SETTINGS_MAX_HELD};
}

static bool refuse(struct fault *fault, enum fault_kind kind, struct span word, const char *hint)
{
    fault->kind = kind;
    fault->word = word;
    fault->hint = hint;
    return false;
}

/* A bad value, and the one that was probably meant. */
static bool refuse_word(struct fault *fault, struct span word, const char *const *names,
                        const char *hint)
{
    fault->meant = word_near(word, names);
    return refuse(fault, FAULT_VALUE, word, hint);
}

static bool read_choice(struct span value, const char *const *names, const char *hint,
                        unsigned *chosen, struct fault *fault)
{
    int index = word_index(value, names);

    if (index < 0)
        return refuse_word(fault, value, names, hint);
    *chosen = (unsigned)index;
    return true;
}

/* Digits and nothing else; a number too large for any memory is out of range, too. */
static bool read_number(struct span value, size_t top, const char *hint, size_t *number,
                        struct fault *fault)
{
    bool within = true;
    size_t n = 0;

    for (size_t i = 0; i < value.n; i++) {
        unsigned digit = value.at[i] - (unsigned)'0';

        if (digit > 9)
            return refuse(fault, FAULT_VALUE, value, hint);
        within = within && digit <= top && n <= (top - digit) / 10;
        n = within ? n * 10 + digit : 0;
    }
    if (value.n == 0 || !within)
        return refuse(fault, value.n ? FAULT_RANGE : FAULT_VALUE, value, hint);
    *number = n;
    return true;
}

static bool read_switch(struct span value, bool *on, struct fault *fault)
{
    size_t number;

    if (!read_number(value, 1, "0 or 1", &number, fault))
        return false;
    *on = number == 1;
    return true;
}

static bool read_packages(struct span value, unsigned *chosen, struct fault *fault)
{
    static const char hint[] = "NTLM, Kerberos, Negotiate";
    struct span left = value, word;
    unsigned all = 0;

    while (word_cut(&left, true, &word)) {
        int index = word_index(word, packages);

        if (word_is(word, keys[SETTINGS_SCHANNEL]))
            return refuse(fault, FAULT_VALUE, word, "there is a key Schannel");
        if (index < 0)
            return refuse_word(fault, word, packages, hint);
        all |= 1u << index;
    }
    if (!all)
        return refuse(fault, FAULT_VALUE, value, hint);
    *chosen = all;
    return true;
}

static bool read_prefix(struct span value, struct settings_prefix *prefix, struct fault *fault)
{
    struct settings_prefix read = {.stripped = true, .counts = SETTINGS_COUNTS_REST};
    bool counted = false, placed = false;
    struct span left = value, word;
    unsigned width, index;

    if (!word_cut(&left, false, &word)) {
        *prefix = (struct settings_prefix){0};
        return true;
    }
    if (!read_choice(word, widths, "be32, le32, be16, le16 come first", &width, fault))
        return false;
    read.size = width < 2 ? 2 : 4;
    read.big = width % 2 == 0;
    while (word_cut(&left, false, &word)) {
        bool *once;

        if (!read_choice(word, prefix_words, "rest, all, token; stripped, present", &index, fault))
            return false;
        once = index <= SETTINGS_COUNTS_TOKEN ? &counted : &placed;
        if (*once)
            return refuse(fault, FAULT_VALUE, word, "one of its kind is there already");
        *once = true;
        if (once == &counted)
            read.counts = (enum settings_counts)index;
        else
            read.stripped = index == SETTINGS_COUNTS_TOKEN + 1;
    }
    *prefix = read;
    return true;
}

static bool read_value(struct settings *settings, enum settings_key key, struct span value,
                       struct fault *fault)
{
    unsigned n = 0;
    bool good = true;

    switch (key) {
    case SETTINGS_ENABLED:
        return read_switch(value, &settings->enabled, fault);
    case SETTINGS_PACKAGES:
        return read_packages(value, &settings->packages, fault);
    case SETTINGS_PREFIX:
        return read_prefix(value, &settings->prefix, fault);
    case SETTINGS_KERBEROS_TRIAL:
        return read_switch(value, &settings->kerberos_trial, fault);
    case SETTINGS_FRAMING:
        if ((good = read_choice(value, framings, "auto, strict, prefix, whole", &n, fault)))
            settings->framing = (enum settings_framing)n;
        return good;
    case SETTINGS_DELIVER:
        if ((good = read_choice(value, delivers, "auto, extra, coalesce", &n, fault)))
            settings->deliver = (enum settings_deliver)n;
        return good;
    case SETTINGS_PARTIAL:
        if ((good = read_choice(value, partials, "hold, report", &n, fault)))
            settings->partial = (enum settings_partial)n;
        return good;
    case SETTINGS_SCHANNEL:
        if ((good = read_choice(value, schannels, "pass, repair", &n, fault)))
            settings->schannel_repair = n == 1;
        return good;
    case SETTINGS_EXACT:
        if ((good = read_choice(value, exacts, "auto, off", &n, fault)))
            settings->exact = n == 0;
        return good;
    default:
        return read_number(value, SETTINGS_MAX_HELD_TOP, TOP_TEXT, &settings->max_held, fault);
    }
}

bool settings_put(struct settings *settings, struct settings_lines *lines, struct span key,
                  struct span value, struct fault *fault)
{
    int index = word_index(key, keys);

    if (index < 0) {
        fault->meant = word_near(key, keys);
        return refuse(fault, FAULT_KEY, key, NULL);
    }
    if (index >= SETTINGS_KEYS)
        return refuse(fault, FAULT_LATER, key, NULL);
    if (lines->of[index])
        return refuse(fault, FAULT_REPEATED, key, NULL);
    lines->of[index] = fault->line;
    if (read_value(settings, (enum settings_key)index, value, fault))
        return true;
    fault->key = keys[index];
    return false;
}

bool settings_settle(struct settings *settings, const struct settings_lines *lines,
                     struct fault *fault)
{
    static unsigned char word[] = "prefix";

    if (settings->framing != SETTINGS_FRAMING_PREFIX || settings->prefix.size)
        return true;
    settings->framing = SETTINGS_FRAMING_AUTO;
    fault->line = lines->of[SETTINGS_FRAMING];
    fault->key = keys[SETTINGS_FRAMING];
    return refuse(fault, FAULT_PREFIX, (struct span){word, sizeof word - 1}, NULL);
}
