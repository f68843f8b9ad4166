/*
 * Shrink: makes a plan that fails as small as it can, while it goes on failing.
 */
#ifndef SHRINK_H
#define SHRINK_H

#include "plan.h"

/* Runs each try in a process of its own, so that a plan may also be one that crashes. */
void shrink_plan(struct plan *plan);

/* Does the plan fail, in a process of its own? What it says goes to `why` (300 bytes), if not NULL.
 */
bool shrink_fails(const struct plan *plan, char *why);

#endif
