/*
 * Shrink: makes a plan that fails as small as it can, while it goes on failing.
 */
#ifndef SHRINK_H
#define SHRINK_H

#include "plan.h"

/* `why` is what is wrong with it, or empty if it crashes. */
void shrink_plan(struct plan *plan, const char *why);

/* Does the plan fail, in a process of its own? What it says goes to `why` (300 bytes), if not NULL.
 */
bool shrink_fails(const struct plan *plan, char *why);

#endif
