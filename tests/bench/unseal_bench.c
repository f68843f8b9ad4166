/*
 * unseal_bench.c: what a DecryptMessage call costs with the real NTLM provider: called directly,
 * through a jump, and through the shim that lies beside this program. All three unseal blocks of
 * one connection in turn, on one context that was born through the shim.
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
 * One size of blocks. What a round needs is fetched at once, unsealed, then checked. The first
 * group after a fetch is slow, whoever makes it: it goes the direct way and is not timed.
 */
#define SUPPLY_GROUPS (1 + WAY_COUNT)

struct supply {
    struct session *session;
    unsigned size;  /* of a text */
    unsigned group; /* blocks of one */
    unsigned first; /* number of the first block fetched */
    unsigned next;  /* the next one, counted from there */
    unsigned failed;
    unsigned wrong;
    ways_fn warm;
    char *blocks;
};

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

static void unseal_next(struct supply *supply, ways_fn call)
{
    char *block = block_at(supply, supply->next++);
    SecBuffer part[2] = {{TEXT_SIGNATURE, SECBUFFER_TOKEN, block},
                         {supply->size, SECBUFFER_DATA, block + TEXT_SIGNATURE}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, part};
    ULONG quality;

    if (call(&supply->session->context, &list, 0, &quality) != SEC_E_OK ||
        part[1].cbBuffer != supply->size)
        supply->failed++;
}

static bool refill(struct supply *supply)
{
    check_texts(supply);
    if (!session_fetch(supply->session, supply->size, SUPPLY_GROUPS * supply->group,
                       supply->blocks))
        return false;
    for (unsigned i = 0; i < supply->group; i++)
        unseal_next(supply, supply->warm);
    return true;
}

static double unseal_group(void *argument, ways_fn call)
{
    struct supply *supply = argument;
    double start;

    if (supply->next % (SUPPLY_GROUPS * supply->group) == 0 && !refill(supply))
        return -1;
    start = timing_now();
    for (unsigned i = 0; i < supply->group; i++)
        unseal_next(supply, call);
    return (timing_now() - start) / supply->group;
}

static bool measure(struct ways *ways, struct session *session, unsigned *number)
{
    static const struct {
        const char *label;
        unsigned size, group;
    } row[] = {{"64 B", 64, 50}, {"1 KiB", 1024, 20}, {"16 KiB", 16384, 5}};
    unsigned failed = 0, wrong = 0;
    bool done = true;

    ways_print_head();
    for (size_t i = 0; done && i < sizeof row / sizeof *row; i++) {
        struct supply supply = {.session = session,
                                .size = row[i].size,
                                .group = row[i].group,
                                .first = *number,
                                .warm = ways->call[WAY_DIRECT]};

        supply.blocks =
            malloc((size_t)SUPPLY_GROUPS * supply.group * (TEXT_SIGNATURE + supply.size));
        done = supply.blocks && ways_run(ways, unseal_group, &supply);
        check_texts(&supply);
        free(supply.blocks);
        if (done)
            ways_print(ways, row[i].label);
        *number = supply.first;
        failed += supply.failed;
        wrong += supply.wrong;
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
    good = blocks && seen.calls == blocks / SUPPLY_GROUPS && seen.untouched == seen.calls;
    if (!good)
        printf("%u blocks, the shim saw %u, untouched %u\n", blocks, seen.calls, seen.untouched);
    return timing_check(good, "the shim had one call of four, and touched none");
}

int main(int argc, char **argv)
{
    HMODULE shim = load_beside(), real = load_system();
    status_fn status = (status_fn)(void *)GetProcAddress(shim, "SspiShimStatus");
    INIT_SECURITY_INTERFACE_A table =
        (INIT_SECURITY_INTERFACE_A)(void *)GetProcAddress(shim, "InitSecurityInterfaceA");
    static struct session session;
    static struct ways ways;
    unsigned blocks = 0;
    bool good;

    timing_print_machine();
    if (!timing_check(argc == 2 && status && table && real &&
                          !GetProcAddress(real, "SspiShimStatus"),
                      "the shim beside the program, the real DLL in System32"))
        return 1;
    ways_set(&ways, (ways_fn)(void *)GetProcAddress(real, "DecryptMessage"),
             (ways_fn)(void *)GetProcAddress(shim, "DecryptMessage"));
    if (!timing_check(session_open(&session, table(), atoi(argv[1])), "logged on"))
        return 1;
    printf("\nReal NTLM provider, one block a call; ns per call, medians of %d groups;\n"
           "ratios to the group next to it: median (quartiles)\n",
           WAYS_ROUNDS);
    good = measure(&ways, &session, &blocks);
    good = check_status(status, blocks) && good;
    session_close(&session);
    return good ? 0 : 1;
}
