/*
 * Trial, one call: what it may answer, given what came before.
 */
#ifndef TRIAL_CALL_H
#define TRIAL_CALL_H

#include "fate.h"
#include "program.h"

struct trial_run {
    const struct plan *plan;
    const struct wire *wire;
    size_t settled; /* of the wire: everything before is unsealed; a block begins there */
    size_t start;   /* of the wire: where the last call began */
    size_t end;     /* of the wire: presented so far */
    size_t taken;   /* text that the program has */
    size_t given;   /* text of everything before `settled` */
    size_t bare;    /* the token whose prefix was not presented */
    size_t token;   /* the longest TOKEN that the shim remembers */
    bool known;     /* it has a context to remember it in */
    bool capped;    /* more would have to be kept for certain: only this text may come out */
    size_t cap;
    bool past_cap;          /* more would have had to be kept than MaxHeld */
    size_t tail;            /* of the wire: where it begins, if `again` */
    bool again;             /* the last answer left something to the program */
    bool reported;          /* the last answer was SEC_E_INCOMPLETE_MESSAGE */
    const SecBuffer *extra; /* the last answer left this to the program */
    bool dead;              /* a block was refused: nothing comes behind the text that is given */
    SECURITY_STATUS status; /* ... and this is the answer */
    struct fate doom;       /* of what EXTRA announced to a program that does not look */
    bool over;              /* nothing more can be said of this context */
    unsigned held;          /* ciphertext that the shim keeps now */
};

/* NULL, or what is wrong with the answer. */
const char *trial_call(struct trial_run *run, const struct program_call *call);

/* Notes what is wrong; printf's arguments. */
const char *trial_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
