/*
 * Wire: a sealed stream with its texts, for the tests that cut it anywhere.
 */
#ifndef WIRE_H
#define WIRE_H

#include "caller.h"
#include "fake_krb.h"
#include "test.h"

#define WIRE_MAX    16384
#define WIRE_BLOCKS 128

struct wire {
    unsigned context;
    size_t (*seal)(unsigned, const void *, size_t, unsigned char *); /* NULL: fake_seal */
    size_t least; /* text of a block that only makes room: a DER token without any tells nothing */
    size_t token; /* what a prefix that counts the token says; 0: 16 */

    unsigned char text[WIRE_MAX], bytes[WIRE_MAX];
    size_t text_n, n;
    size_t ends[WIRE_BLOCKS]; /* where each block ends */
    unsigned blocks;
};

/* One wire and its reader are enough for a test at a time. */
extern struct wire wire;
extern struct caller caller;

/* Everything as new: NTLM in context 1, TOKEN first. */
int wire_start(void **state);

/* Whatever was kept is wiped (test.c looks) and given back. */
int wire_stop(void **state);

/* Adds a block with a text of n bytes, behind the prefix that the settings name. */
void wire_seal(struct wire *w, size_t n);

/* Adds blocks of the least text until `until` of them are there: merged, they make room for what
 * waits. */
void wire_fill(struct wire *w, unsigned until);

/* Presents the bytes from..to; a prefix that the program strips is left out. */
void wire_present(const struct wire *w, struct caller *by, size_t from, size_t to);

/* What the caller has is the first n bytes of the text, and nothing else. */
void wire_got(const struct wire *w, const struct caller *by, size_t n);

/* A caller of this context and shape, as new. */
void wire_caller(const struct wire *w, struct caller *by, enum caller_shape shape);

/* Deletes the context; gives the bytes that were lost with it. */
size_t wire_close(const struct wire *w);

/* Everything as new: context 1 is of Kerberos and just born, with its wire and its caller. */
void wire_kerberos(struct wire *w, struct caller *by, enum fake_krb_kind kind,
                   enum caller_shape shape, ULONGLONG number);

#endif
