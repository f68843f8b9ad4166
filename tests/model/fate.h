/*
 * Fate: what must become of the bytes that a program has presented, by the documents: which blocks
 * can be known to be complete, whether a rest can be known to be incomplete, or whether the limit
 * of the framing is hit: a piece of a block that has to be taken for a whole one.
 */
#ifndef FATE_H
#define FATE_H

#include "wire.h"

struct fate {
    size_t good;  /* everything before is unsealed; a block begins there */
    bool held;    /* what lies behind is kept, or left to the caller */
    bool refused; /* what lies behind goes to the provider, who refuses it */
    bool early; /* `held`, though what is there need not be taken for a part of a block: it has been
                   changed on its way, and may be refused */
    bool limit; /* ... because of the framing's limit, not because it was damaged */
};

/* What the shim has to go by. */
struct fate_view {
    size_t settled; /* a block begins there, and everything before it is done with */
    size_t end;     /* so far everything was presented */
    size_t joint;   /* an I/O of its own ended there, which the program did not present again */
    size_t bare;    /* the token whose prefix was not presented; 0: none */
    size_t token;   /* the longest TOKEN that was presented */
};

struct fate fate_of(const struct plan *plan, const struct wire *wire, const struct fate_view *view);

#endif
