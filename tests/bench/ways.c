/*
 * ways.c: see ways.h.
 */
#include "ways.h"

#include <stdio.h>

#include "timing.h"

void ways_set(struct ways *ways, ways_fn real, ways_fn shim)
{
    jump_target = (void *)real;
    ways->call[WAY_DIRECT] = real;
    ways->call[WAY_JUMP] = jump_DecryptMessage;
    ways->call[WAY_SHIM] = shim;
}

bool ways_run(struct ways *ways, ways_group group, void *argument)
{
    for (int round = -WAYS_WARM; round < WAYS_ROUNDS; round++) {
        for (int i = 0; i < WAY_COUNT; i++) {
            int way = (round + WAYS_WARM + i) % WAY_COUNT;
            double ns = group(argument, ways->call[way]);

            if (ns < 0)
                return false;
            if (round >= 0)
                ways->ns[way][round] = ns;
        }
    }
    return true;
}

void ways_print_head(void)
{
    printf("%-8s %9s %9s %9s   %-24s %-24s %s\n", "text", "direct", "jump", "shim", "jump/direct",
           "shim/direct", "shim-direct");
}

/* Ratios first: their pairs are lost when the times are sorted. */
void ways_print(struct ways *ways, const char *label)
{
    double ratios[WAY_COUNT][WAYS_ROUNDS], more[WAYS_ROUNDS];
    struct timing_spread ns[WAY_COUNT], jump, shim;

    for (int i = 0; i < WAYS_ROUNDS; i++) {
        for (int way = 0; way < WAY_COUNT; way++)
            ratios[way][i] = ways->ns[way][i] / ways->ns[WAY_DIRECT][i];
        more[i] = ways->ns[WAY_SHIM][i] - ways->ns[WAY_DIRECT][i];
    }
    jump = timing_spread(ratios[WAY_JUMP], WAYS_ROUNDS);
    shim = timing_spread(ratios[WAY_SHIM], WAYS_ROUNDS);
    for (int way = 0; way < WAY_COUNT; way++)
        ns[way] = timing_spread(ways->ns[way], WAYS_ROUNDS);
    printf("%-8s %9.1f %9.1f %9.1f   %6.3f (%6.3f .. %6.3f) %6.3f (%6.3f .. %6.3f) %8.1f\n", label,
           ns[WAY_DIRECT].median, ns[WAY_JUMP].median, ns[WAY_SHIM].median, jump.median, jump.low,
           jump.high, shim.median, shim.low, shim.high, timing_spread(more, WAYS_ROUNDS).median);
}
