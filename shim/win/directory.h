/*
 * Directory: finds a context by the value of its handle. 64 stripes, each a hash table of its own
 * behind a lock word. A lock is held for a walk along one bucket or, rarely, while a stripe's
 * buckets are spread over more; never while the provider, the heap or the loader is called.
 *
 * A zeroed stripe is ready for use: nothing has to be done in DllMain, and nothing can fail there
 * (InitializeCriticalSection can, before Vista).
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "context.h"

struct stripe;

/*
 * Locks the stripe in which a context with this value is, or would be. What is done until it is
 * unlocked is done with this value.
 */
struct stripe *directory_lock(const CtxtHandle *value);

/* Unlocks; may take memory for a stripe that has become crowded. */
void directory_unlock(struct stripe *stripe);

/* Under the lock: the context with this value, or NULL. */
struct context *directory_find(struct stripe *stripe, const CtxtHandle *value);

/* Under the lock: `context` is found by its value from now on; there is no other with it. */
void directory_put(struct stripe *stripe, struct context *context);

/* Under the lock: the same as directory_find, and it is not found any more. */
struct context *directory_remove(struct stripe *stripe, const CtxtHandle *value);

#endif
