/*
 * Shared: connections of NT 4's NTLM, whose two directions share one key stream, for the tests of
 * sends that overlap receives.
 */
#ifndef SHARED_H
#define SHARED_H

#include "context.h"
#include "end.h"
#include "exact.h"
#include "key.h"
#include "test.h"

extern struct end *shared_end; /* the connection at work */

void shared_start(struct end *end);

/* For both recordings, at both ends. */
void shared_each(void (*run)(struct end *));

/* Behind a first block with an overlap: merges are told apart by what can be seen of them. */
void shared_rest(unsigned from);

#endif
