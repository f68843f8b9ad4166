/*
 * Trial, memory: what a call left in the memory that the program presented.
 */
#ifndef TRIAL_MEMORY_H
#define TRIAL_MEMORY_H

#include "trial_call.h"

/* The answer of every shape: inside the presented memory, what is not an answer as it was. */
const char *memory_answer(const struct trial_run *run, const struct program_call *call);

/* The text that comes out is what comes next. */
const char *memory_text(struct trial_run *run, const struct program_call *call);

/* What the program presented and the shim used, behind the answer. */
const char *memory_behind(const struct trial_run *run, const struct program_call *call);

#endif
