/*
 * Zoo_check: what the administrator may set, and what can be said of a pair of runs. See zoo.h.
 */
#include "zoo.h"

void zoo_schannel_repair(struct settings *settings)
{
    settings->schannel_repair = true;
}

void zoo_report(struct settings *settings)
{
    settings->partial = SETTINGS_PARTIAL_REPORT;
}

void zoo_prefix(struct settings *settings)
{
    settings->prefix =
        (struct settings_prefix){.size = 4, .big = true, .counts = SETTINGS_COUNTS_REST};
}

void zoo_prefix_report(struct settings *settings)
{
    zoo_prefix(settings);
    zoo_report(settings);
}

void zoo_prefix_stripped(struct settings *settings)
{
    zoo_prefix(settings);
    settings->prefix.stripped = true;
}

static bool same_got(const struct zoo *a, const struct zoo *b)
{
    return a->got_n == b->got_n && !memcmp(a->got, b->got, a->got_n);
}

static bool begins(const struct zoo *zoo, const struct zoo_stream *stream)
{
    return zoo->got_n <= stream->text_n && !memcmp(zoo->got, stream->text, zoo->got_n);
}

static bool whole(const struct zoo *zoo, const struct zoo_stream *stream)
{
    return zoo->got_n == stream->text_n && begins(zoo, stream);
}

bool zoo_begins(const struct zoo_pair *pair)
{
    return begins(pair->shim, pair->stream);
}

const char *zoo_same(const struct zoo_pair *pair)
{
    const struct zoo *plain = pair->plain, *shim = pair->shim;

    if (plain->called != shim->called)
        return "not the same number of calls";
    if (memcmp(plain->calls, shim->calls, plain->called * sizeof *plain->calls))
        return "a call was answered otherwise";
    return same_got(plain, shim) ? NULL : "not the same plaintext";
}

const char *zoo_works(const struct zoo_pair *pair)
{
    if (!whole(pair->plain, pair->stream))
        return "does not work without the shim";
    return zoo_same(pair);
}

/* Without the shim it works block by block, and only so. */
static const char *needed(const struct zoo_pair *pair)
{
    if (pair->fit == ZOO_BLOCKS)
        return zoo_works(pair);
    return whole(pair->plain, pair->stream) ? "it works without the shim" : NULL;
}

const char *zoo_repaired(const struct zoo_pair *pair)
{
    const char *wrong = needed(pair);

    if (wrong)
        return wrong;
    if (pair->shim->lost)
        return "the shim lost something";
    return whole(pair->shim, pair->stream) ? NULL : "not repaired";
}

const char *zoo_delayed(const struct zoo_pair *pair)
{
    const char *wrong = needed(pair);

    if (wrong)
        return wrong;
    if (!begins(pair->shim, pair->stream))
        return "the plaintext is wrong";
    return pair->shim->got_n + pair->shim->lost == pair->stream->text_n
               ? NULL
               : "what is missing is not what the shim still had";
}

const char *zoo_lossy(const struct zoo_pair *pair)
{
    const char *wrong = needed(pair);

    return wrong ? wrong : zoo_same(pair);
}
