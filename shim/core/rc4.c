/*
 * RC4. See rc4.h.
 */
#include "rc4.h"

void rc4_begin(struct rc4 *rc4, struct span key)
{
    unsigned j = 0;

    for (unsigned i = 0; i < 256; i++)
        rc4->box[i] = (unsigned char)i;
    for (unsigned i = 0; i < 256; i++) {
        unsigned char at = rc4->box[i];

        j = (j + at + key.at[i % key.n]) & 255;
        rc4->box[i] = rc4->box[j];
        rc4->box[j] = at;
    }
    rc4->i = rc4->j = 0;
}

/* The state is in registers for a whole run: each step waits for the one before it as it is. */
struct run {
    unsigned char *box;
    unsigned i, j;
};

static inline unsigned char next(struct run *run)
{
    unsigned a, b;

    run->i = (run->i + 1) & 255;
    a = run->box[run->i];
    run->j = (run->j + a) & 255;
    b = run->box[run->j];
    run->box[run->i] = (unsigned char)b;
    run->box[run->j] = (unsigned char)a;
    return run->box[(a + b) & 255];
}

static inline struct run run_begin(struct rc4 *rc4)
{
    return (struct run){rc4->box, rc4->i, rc4->j};
}

static inline void run_end(struct rc4 *rc4, const struct run *run)
{
    rc4->i = (unsigned char)run->i;
    rc4->j = (unsigned char)run->j;
}

void rc4_apply(struct rc4 *rc4, const unsigned char *from, unsigned char *to, size_t n)
{
    struct run run = run_begin(rc4);

    for (size_t i = 0; i < n; i++)
        to[i] = from[i] ^ next(&run);
    run_end(rc4, &run);
}

void rc4_skip(struct rc4 *rc4, size_t n)
{
    struct run run = run_begin(rc4);

    while (n--)
        next(&run);
    run_end(rc4, &run);
}
