/*
 * unseal_bench.c: what a DecryptMessage call costs with the real NTLM provider: called directly,
 * through a jump, and through the shim that lies beside this program. Each way has a connection of
 * its own, born through the shim, so that the shim sees all of its messages or none: where the
 * provider gives the session key, it looks for the end of each.
 *
 *   unseal_bench PORT        of bench_peer
 */
#include "session.h"
#include "timing.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sspishim.h"
#include "text.h"

typedef uint32_t(SSPISHIM_CALL *status_fn)(struct sspishim_status *, uint32_t);

/*
 * The blocks of one way, of one size. What a few groups need is fetched at once, unsealed, then
 * checked. The first group after a fetch is slow, whoever makes it: it is not timed.
 */
#define SUPPLY_GROUPS 4

struct supply {
    struct session session;
    ways_fn call;
    unsigned size;  /* of a text */
    unsigned group; /* blocks of one */
    unsigned first; /* number of the first block fetched */
    unsigned next;  /* the next one, counted from there */
    unsigned failed;
    unsigned wrong;
    char *blocks;
};
static struct supply supplies[WAY_COUNT];

static char *block_at(const struct supply *supply, unsigned i)
{
    return supply->blocks + (size_t)i * (TEXT_SIGNATURE + supply->size);
}

static void check_texts(struct supply *supply)
{
    for (unsigned i = 0; i < supply->next; i++) {
        const char *text = block_at(supply, i) + TEXT_SIGNATURE;
        bool same = true;

        for (unsigned at = 0; at < supply->size; at++)
            same = same && text[at] == text_byte(supply->first + i, at);
        supply->wrong += !same;
    }
    supply->first += supply->next;
    supply->next = 0;
}

static void unseal_next(struct supply *supply)
{
    char *block = block_at(supply, supply->next++);
    SecBuffer part[2] = {{TEXT_SIGNATURE, SECBUFFER_TOKEN, block},
                         {supply->size, SECBUFFER_DATA, block + TEXT_SIGNATURE}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, part};
    ULONG quality;

    if (supply->call(&supply->session.context, &list, 0, &quality) != SEC_E_OK ||
        part[1].cbBuffer != supply->size)
        supply->failed++;
}

static bool refill(struct supply *supply)
{
    unsigned blocks = SUPPLY_GROUPS * supply->group;

    check_texts(supply);
    if (!session_fetch(&supply->session, supply->size, blocks, supply->blocks))
        return false;
    for (unsigned i = 0; i < supply->group; i++)
        unseal_next(supply);
    return true;
}

static double unseal_group(void *argument, ways_fn call)
{
    struct supply *supply = supplies;
    double start;

    (void)argument;
    while (supply->call != call)
        supply++;
    if (supply->next % (SUPPLY_GROUPS * supply->group) == 0 && !refill(supply))
        return -1;
    start = timing_now();
    for (unsigned i = 0; i < supply->group; i++)
        unseal_next(supply);
    return (timing_now() - start) / supply->group;
}

/* What was fetched and not needed: the blocks behind it could not be unsealed without it. */
static void use_up(struct supply *supply)
{
    while (supply->next % (SUPPLY_GROUPS * supply->group))
        unseal_next(supply);
    check_texts(supply);
}

static bool measure_size(struct ways *ways, unsigned size, unsigned group)
{
    bool done = true;

    for (size_t way = 0; way < WAY_COUNT; way++) {
        supplies[way].size = size;
        supplies[way].group = group;
        supplies[way].blocks = malloc((size_t)SUPPLY_GROUPS * group * (TEXT_SIGNATURE + size));
        done = done && supplies[way].blocks;
    }
    done = done && ways_run(ways, unseal_group, NULL);
    for (size_t way = 0; way < WAY_COUNT; way++) {
        if (supplies[way].blocks)
            use_up(&supplies[way]);
        free(supplies[way].blocks);
    }
    return done;
}

static bool measure(struct ways *ways)
{
    static const struct {
        const char *label;
        unsigned size, group;
    } row[] = {{"64 B", 64, 50}, {"1 KiB", 1024, 20}, {"16 KiB", 16384, 5}};
    unsigned failed = 0, wrong = 0;
    bool done = true;

    ways_print_head();
    for (size_t i = 0; done && i < sizeof row / sizeof *row; i++) {
        done = measure_size(ways, row[i].size, row[i].group);
        if (done)
            ways_print(ways, row[i].label);
    }
    for (size_t way = 0; way < WAY_COUNT; way++) {
        failed += supplies[way].failed;
        wrong += supplies[way].wrong;
    }
    done = timing_check(done, "all blocks came");
    done = timing_check(failed == 0, "the provider accepted every block") && done;
    return timing_check(wrong == 0, "every plaintext is what the peer sealed") && done;
}

static HMODULE load_beside(void)
{
    char path[MAX_PATH + 16];
    DWORD n = GetModuleFileNameA(NULL, path, MAX_PATH);

    if (n == 0 || n >= MAX_PATH)
        return NULL;
    strcpy(strrchr(path, '\\') + 1, "secur32.dll");
    return LoadLibraryA(path);
}

static HMODULE load_system(void)
{
    char path[MAX_PATH + 16];
    UINT n = GetSystemDirectoryA(path, MAX_PATH);

    if (n == 0 || n >= MAX_PATH)
        return NULL;
    strcat(path, "\\secur32.dll");
    return LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* The shim saw the calls that went its way, all of them untouched, and none of the others. */
static bool check_status(status_fn status, unsigned blocks)
{
    struct sspishim_status seen = {0};
    bool good;

    status(&seen, sizeof seen);
    good = blocks && seen.calls == blocks && seen.untouched == seen.calls && !seen.retired;
    if (!good)
        printf("%u blocks, the shim saw %u, untouched %u, retired %u\n", blocks, seen.calls,
               seen.untouched, seen.retired);
    printf("The session key was %s: exact boundaries %s.\n", seen.exact ? "given" : "refused",
           seen.exact ? "on" : "off");
    return timing_check(good, "the shim had all calls of its connection, and touched none");
}

static bool open_all(struct ways *ways, PSecurityFunctionTableA sspi, int port)
{
    for (size_t way = 0; way < WAY_COUNT; way++) {
        supplies[way].call = ways->call[way];
        if (!session_open(&supplies[way].session, sspi, port))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    HMODULE shim = load_beside(), real = load_system();
    status_fn status = (status_fn)(void *)GetProcAddress(shim, "SspiShimStatus");
    INIT_SECURITY_INTERFACE_A table =
        (INIT_SECURITY_INTERFACE_A)(void *)GetProcAddress(shim, "InitSecurityInterfaceA");
    static struct ways ways;
    bool good;

    timing_print_machine();
    if (!timing_check(argc == 2 && status && table && real &&
                          !GetProcAddress(real, "SspiShimStatus"),
                      "the shim beside the program, the real DLL in System32"))
        return 1;
    ways_set(&ways, (ways_fn)(void *)GetProcAddress(real, "DecryptMessage"),
             (ways_fn)(void *)GetProcAddress(shim, "DecryptMessage"));
    if (!timing_check(open_all(&ways, table(), atoi(argv[1])), "logged on"))
        return 1;
    printf("\nReal NTLM provider, one block a call; ns per call, medians of %d groups;\n"
           "ratios to the group next to it: median (quartiles)\n",
           WAYS_ROUNDS);
    good = measure(&ways);
    good = check_status(status, supplies[WAY_SHIM].first) && good;
    for (size_t way = 0; way < WAY_COUNT; way++)
        session_close(&supplies[way].session);
    return good ? 0 : 1;
}
