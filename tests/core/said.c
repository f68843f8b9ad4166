/*
 * Said. See said.h.
 */
#include "said.h"

#include "test.h"

struct said said;

static void note(void *to, const struct fault *fault)
{
    unsigned i = said.n++ % SAID;
    size_t n;

    assert_ptr_equal(to, &said);
    said.faults[i] = *fault;
    n = fault_text(fault, said.text[i], FAULT_TEXT);
    assert_int_equal(n, strlen(said.text[i]));
}

struct settings said_read(const void *text, size_t n)
{
    struct settings settings;

    memset(&settings, 0x5A, sizeof settings);
    said.n = 0;
    ini_read(&settings, test_guarded(text, n), note, &said);
    return settings;
}

const char *said_show(const struct settings *settings)
{
    static const char *const framings[] = {"auto", "strict", "prefix", "whole"};
    static const char *const delivers[] = {"auto", "extra", "coalesce"};
    static const char *const counts[] = {"rest", "all", "token"};
    static char text[128];
    char prefix[32] = "-";

    if (settings->prefix.size)
        snprintf(prefix, sizeof prefix, "%s%u/%s/%s", settings->prefix.big ? "be" : "le",
                 settings->prefix.size * 8u, counts[settings->prefix.counts],
                 settings->prefix.stripped ? "stripped" : "present");
    snprintf(text, sizeof text, "%d %u %s %s %s %s %s %d %s %zu", settings->enabled,
             settings->packages, framings[settings->framing], prefix, delivers[settings->deliver],
             settings->partial ? "report" : "hold", settings->schannel_repair ? "repair" : "pass",
             settings->kerberos_trial, settings->exact ? "auto" : "off", settings->max_held);
    return text;
}
