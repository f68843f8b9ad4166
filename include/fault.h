/*
 * Fault: what was not understood in sspishim.ini, and the sentence that says so.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stddef.h>

#include "span.h"

enum fault_kind {
    FAULT_SECTION,  /* not [Shim]; it is skipped, what is in it is not reported */
    FAULT_KEY,      /* unknown key */
    FAULT_LATER,    /* a key that this version does not serve */
    FAULT_REPEATED, /* the key was there before; the first line counts, even if it was bad */
    FAULT_EQUALS,   /* no `=` */
    FAULT_VALUE,    /* bad value; the default is used */
    FAULT_RANGE,    /* a number out of range; the default is used */
    FAULT_PREFIX,   /* Framing=prefix without a valid Prefix; Framing is auto */
    FAULT_NOT_TEXT, /* UTF-16, or a NUL byte: nothing of the file is used */
    FAULT_TOO_LONG, /* the same, and so with the next; these two have no line */
    FAULT_UNREAD,   /* the file is there and cannot be read */
};

#define FAULT_FILE_MAX 65536 /* bytes that sspishim.ini may have */

struct fault {
    unsigned line;        /* the first is 1; 0: the file */
    enum fault_kind kind; /* the rest is empty or NULL where there is nothing to say */
    struct span word;     /* what was not understood; lies in the file's text */
    const char *key;      /* whose value it is */
    const char *meant;    /* the valid name that was probably meant */
    const char *hint;     /* what is valid */
};

#define FAULT_TEXT 256 /* enough for every fault */

/*
 * Writes the sentence, always with a NUL, cut to room > 0 bytes. Of the foreign word it has the
 * first 40 characters, and of these the printable ones of ASCII (others as `?`). Returns its
 * length.
 */
size_t fault_text(const struct fault *fault, char *to, size_t room);

#endif
