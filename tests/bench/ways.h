/*
 * ways.h: the same calls made in three ways: the provider itself, a jump to it, and the shim. The
 * three are timed in groups next to each other, in an order that rotates from round to round, so
 * that what slows the machine down slows all three; each round gives one ratio to `direct`.
 */
#ifndef WAYS_H
#define WAYS_H

#define SECURITY_WIN32
#include <windows.h>
#include <sspi.h>

#include <stdbool.h>

enum way { WAY_DIRECT, WAY_JUMP, WAY_SHIM, WAY_COUNT };

#define WAYS_ROUNDS 101
#define WAYS_WARM   8 /* more rounds, before those that count */

typedef __typeof__(&DecryptMessage) ways_fn;

struct ways {
    ways_fn call[WAY_COUNT];
    double ns[WAY_COUNT][WAYS_ROUNDS]; /* per call */
};

/* Makes and times one group of calls: nanoseconds per call, or less than 0 after a failure. */
typedef double (*ways_group)(void *argument, ways_fn call);

/* jump.S: goes to *jump_target. */
extern void *jump_target;
extern __typeof__(DecryptMessage) jump_DecryptMessage;

/* The direct way and the jump to it both lead to `real`. */
void ways_set(struct ways *ways, ways_fn real, ways_fn shim);
bool ways_run(struct ways *ways, ways_group group, void *argument);
void ways_print_head(void);
void ways_print(struct ways *ways, const char *label);

#endif
