/*
 * Side. See side.h.
 */
#include "side.h"

#include "test.h"

const char *const side_files[3] = {"tests/data/ntlm-ess.txt", "tests/data/ntlm-nt4.txt",
                                   "tests/data/ntlm-lmkey.txt"};
const struct exact_gap side_any = {3, {0, 4, 8}}, side_none = {1, {0}};

struct side side;

struct span side_sealed(unsigned i)
{
    return side.recording->block[side.order[i]].sealed;
}

/* Without extended session security both directions draw from one key stream. */
static void pass_others(struct exact *exact, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to && !side.ess; i++)
        if (side.recording->block[i].to_client != side.to_client)
            exact_passed(exact, side.recording->block[i].text.n, 1);
}

void side_advance(struct exact *exact, unsigned i)
{
    unsigned next = i + 1 < side.blocks ? side.order[i + 1] : (unsigned)side.recording->blocks;

    exact_unsealed(exact, side_sealed(i).n);
    pass_others(exact, side.order[i], next);
}

void side_whole(struct exact *exact, struct span at, struct exact_gap gap, size_t n)
{
    size_t found = 0;

    assert_int_equal(exact_find(exact, at, gap, &found), EXACT_BLOCK);
    assert_int_equal(found, n);
    /* Asked once more it says the same. */
    assert_int_equal(exact_find(exact, at, gap, &found), EXACT_BLOCK);
    assert_int_equal(found, n);
}

void side_partial(struct exact *exact, struct span at, struct exact_gap gap)
{
    size_t found;

    assert_int_equal(exact_find(exact, at, gap, &found), EXACT_PARTIAL);
}

void side_begin(const char *file, bool to_client)
{
    const struct recording *recording = recording_load(file);
    struct exact exact;

    side = (struct side){.recording = recording, .to_client = to_client};
    side.ess = recording->flags & NTLM_ESS;
    for (unsigned i = 0; i < recording->blocks; i++)
        if (recording->block[i].to_client == to_client)
            side.order[side.blocks++] = i;
    exact_begin(&exact, recording->flags, recording->key,
                to_client ? SEALING_SERVER : SEALING_CLIENT);
    pass_others(&exact, 0, side.order[0]);
    for (unsigned i = 0; i < side.blocks; i++) {
        side.before[i] = exact;
        side_whole(&exact, side_sealed(i), side_any, side_sealed(i).n);
        side_advance(&exact, i);
    }
    side.before[side.blocks] = exact;
}

void side_each(void (*run)(void))
{
    for (unsigned f = 0; f < sizeof side_files / sizeof *side_files; f++)
        for (int to_client = 0; to_client < 2; to_client++) {
            side_begin(side_files[f], to_client);
            run();
        }
}
