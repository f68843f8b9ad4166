/*
 * Cost. See cost.h.
 */
#include "cost.h"

#include <stdio.h>
#include <string.h>

#include "mac.h"
#include "ntlm.h"
#include "provider.h"
#include "trial.h"

struct cost cost;

/* What the shim's objects call instead of the C library's. */
void *cost_memcpy(void *to, const void *from, size_t n);
void *cost_memmove(void *to, const void *from, size_t n);
void *cost_memset(void *to, int byte, size_t n);
int cost_memcmp(const void *left, const void *right, size_t n);
void *cost_memchr(const void *at, int byte, size_t n);

void *cost_memcpy(void *to, const void *from, size_t n)
{
    cost.moved += n;
    return memcpy(to, from, n);
}

void *cost_memmove(void *to, const void *from, size_t n)
{
    cost.moved += n;
    return memmove(to, from, n);
}

void *cost_memset(void *to, int byte, size_t n)
{
    cost.moved += n;
    return memset(to, byte, n);
}

int cost_memcmp(const void *left, const void *right, size_t n)
{
    cost.searched += n;
    return memcmp(left, right, n);
}

void *cost_memchr(const void *at, int byte, size_t n)
{
    cost.searched += n;
    return memchr(at, byte, n);
}

/* What the linker puts in the place of the core's loops (--wrap), and what it calls the real ones.
 */
void __real_bytes_rotate(unsigned char *at, size_t n, size_t by);
void __wrap_bytes_rotate(unsigned char *at, size_t n, size_t by);
void __real_bytes_swap(unsigned char *a, unsigned char *b, size_t n);
void __wrap_bytes_swap(unsigned char *a, unsigned char *b, size_t n);
size_t __real_scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word);
size_t __wrap_scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word);

void __wrap_bytes_rotate(unsigned char *at, size_t n, size_t by)
{
    cost.moved += by && by < n ? 2 * n : 0;
    __real_bytes_rotate(at, n, by);
}

void __wrap_bytes_swap(unsigned char *a, unsigned char *b, size_t n)
{
    cost.moved += 2 * n;
    __real_bytes_swap(a, b, n);
}

size_t __wrap_scan_word(const unsigned char *at, size_t n, size_t from, uint32_t word)
{
    size_t found = __real_scan_word(at, n, from, word);

    cost.searched += found < n ? found - from + 4 : n > from ? n - from : 0;
    return found;
}

void __real_mac_add(struct mac *mac, const unsigned char *at, size_t n);
void __wrap_mac_add(struct mac *mac, const unsigned char *at, size_t n);

void __wrap_mac_add(struct mac *mac, const unsigned char *at, size_t n)
{
    cost.hashed += n;
    __real_mac_add(mac, at, n);
}

/* A stream, and what it costs in reads of one length. */
struct stream {
    const char *name;
    bool unsplit; /* pieces of its blocks cannot be told from whole ones */
    uint32_t text;
    struct plan plan;
};

#define BIG_ENDIAN                                                                                 \
    {                                                                                              \
        .size = 4, .big = true                                                                     \
    }

#define KEYED   (NTLM_SIGN | NTLM_SEAL | NTLM_KEY_EXCH | NTLM_128)
#define TEXT    3000
#define DRIBBLE 7
#define TAIL    23 /* bytes of a prefix and of a header that is not all there */
#define SEGMENT 1460

static const struct stream streams[] = {
    {"be32 prefix", false, TEXT, {.framing = PLAN_ESS, .prefix = BIG_ENDIAN, .configured = true}},
    {"be32 prefix, STREAM",
     false,
     TEXT,
     {.framing = PLAN_ESS, .shape = PLAN_STREAM, .prefix = BIG_ENDIAN, .configured = true}},
    {"RFC 1964", false, TEXT, {.framing = PLAN_DER}},
    {"RFC 1964, STREAM", false, TEXT, {.framing = PLAN_DER, .shape = PLAN_STREAM}},
    {"RFC 1964, slot", false, TEXT, {.framing = PLAN_DER, .slots = PLAN_HONOURS}},
    {"RFC 1964, slot ignored", false, TEXT, {.framing = PLAN_DER, .slots = PLAN_IGNORES}},
    {"RFC 1964, only new bytes",
     false,
     TEXT,
     {.framing = PLAN_DER, .partial = SETTINGS_PARTIAL_REPORT, .fresh = true}},
    {"NTLM, key", false, TEXT, {.framing = PLAN_ESS, .flags = KEYED | NTLM_ESS}},
    {"NTLM, key, STREAM",
     false,
     TEXT,
     {.framing = PLAN_ESS, .flags = KEYED | NTLM_ESS, .shape = PLAN_STREAM}},
    {"NTLM, key, only new bytes",
     false,
     TEXT,
     {.framing = PLAN_ESS,
      .flags = KEYED | NTLM_ESS,
      .partial = SETTINGS_PARTIAL_REPORT,
      .fresh = true}},
    {"NTLM, key, slot",
     false,
     TEXT,
     {.framing = PLAN_ESS, .flags = KEYED | NTLM_ESS, .slots = PLAN_HONOURS}},
    {"NTLM, key, slot ignored",
     false,
     TEXT,
     {.framing = PLAN_ESS, .flags = KEYED | NTLM_ESS, .slots = PLAN_IGNORES}},
    {"NTLM of NT 4, key", false, TEXT, {.framing = PLAN_NT4, .flags = KEYED}},
    {"NTLM", true, SEGMENT - 16, {.framing = PLAN_ESS}},
    {"RFC 4121", true, SEGMENT - 60, {.framing = PLAN_RFC4121}},
    {"NTLM, token last", false, TEXT, {.framing = PLAN_ESS, .shape = PLAN_LAST}},
};

#define BLOCKS 25
/* With the key, each read tries one length, from copies of the state; and looks at a few more. */
#define STATE    1800
#define GLANCES  80
#define PER_BYTE 16 /* bytes moved or searched for one of the wire, at most */

struct result {
    double moved, searched, hashed, sealed; /* for a byte of the wire */
    const char *why;
};

static struct result run(const struct stream *stream, unsigned blocks, uint32_t read)
{
    struct plan plan = stream->plan;
    uint64_t bytes = trial_tally.bytes, sealed = provider.bytes, n;
    struct result result;

    plan.blocks = blocks;
    for (unsigned i = 0; i < blocks; i++)
        plan.text[i] = stream->text;
    plan.reads = 1;
    plan.read[0] = read;
    cost = (struct cost){0};
    result.why = trial_plan(&plan);
    n = trial_tally.bytes - bytes;
    result.moved = (double)cost.moved / (double)n;
    result.searched = (double)cost.searched / (double)n;
    result.hashed = (double)cost.hashed / (double)n;
    result.sealed = (double)(provider.bytes - sealed) / (double)n;
    return result;
}

static bool within(const char *name, const char *what, double is, double most)
{
    if (is <= most)
        return true;
    printf("FAILED: %s: %.2f bytes %s for one, not %.2f\n", name, is, what, most);
    return false;
}

/* Every byte once, and those of each read's end that may be the next header once more. */
static double most_hashed(const struct stream *stream, uint32_t read)
{
    double tail = read < TAIL ? read : TAIL;

    return stream->plan.flags ? 1 + tail / read : 0;
}

/* What a read costs whatever it brings, by its bytes. */
static double state_of(const struct stream *stream, uint32_t read, double n)
{
    return stream->plan.flags ? n / read : 0;
}

/* A stream of twice the length costs as much for a byte, up to where the hold had to grow. */
static bool check_read(const struct stream *stream, uint32_t read, struct result *one)
{
    struct result two = run(stream, 2 * BLOCKS, read);
    bool good = true;

    *one = run(stream, BLOCKS, read);
    printf("  %-25s %10u a read: %6.2f moved, %5.2f searched, %4.2f hashed, %4.2f unsealed\n",
           stream->name, read, one->moved, one->searched, one->hashed, one->sealed);
    if (one->why || two.why) {
        printf("FAILED: %s: %s\n", stream->name, one->why ? one->why : two.why);
        return false;
    }
    good &= within(stream->name, "moved", one->moved, PER_BYTE + state_of(stream, read, STATE));
    good &= within(stream->name, "searched", one->searched, PER_BYTE);
    good &= within(stream->name, "hashed", one->hashed, most_hashed(stream, read));
    good &= within(stream->name, "hashed of twice", two.hashed, most_hashed(stream, read));
    good &= within(stream->name, "unsealed", one->sealed, 1.05);
    good &= within(stream->name, "moved of twice", two.moved, 1.5 * one->moved + 0.5);
    good &= within(stream->name, "searched of twice", two.searched, 1.5 * one->searched + 0.5);
    return good;
}

/* A dribble costs no more for a byte than segments, but for a small constant. */
static bool check(const struct stream *stream)
{
    struct result dribble, segment, whole;
    bool good = check_read(stream, SEGMENT, &segment);

    good &= check_read(stream, UINT32_MAX, &whole);
    if (stream->unsplit)
        return good;
    good &= check_read(stream, DRIBBLE, &dribble);
    good &= within(stream->name, "moved in a dribble", dribble.moved,
                   1.5 * segment.moved + 4 + state_of(stream, DRIBBLE, STATE));
    good &= within(stream->name, "searched in a dribble", dribble.searched,
                   1.5 * segment.searched + 4 + state_of(stream, DRIBBLE, GLANCES));
    return good;
}

unsigned cost_check(unsigned *failed)
{
    unsigned passed = 0;

    printf("model: cost of a byte of the wire\n");
    for (unsigned i = 0; i < sizeof streams / sizeof *streams; i++)
        if (check(&streams[i]))
            passed++;
        else
            ++*failed;
    return passed;
}
