/*
 * Settings: what the administrator may choose, and the text in which he chooses it.
 *
 *     ; sspishim.ini, beside the DLL. Every key may be left out.
 *     [Shim]
 *     Enabled       = 1                       ; 0: every call goes on untouched, but is counted
 *     Packages      = NTLM, Kerberos, Negotiate
 *     Framing       = auto                    ; auto, strict, prefix, whole
 *     Prefix        =                         ; e.g. be32 rest stripped
 *     Deliver       = auto                    ; auto, extra, coalesce
 *     Partial       = hold                    ; hold, report
 *     Schannel      = pass                    ; pass, repair
 *     KerberosTrial = 0
 *     Exact         = auto                    ; auto: with the session key, if there is one; off
 *     MaxHeld       = 1048576                 ; bytes a context
 *
 * Prefix is the program's own header in front of each sealed block: be32, le32, be16 or le16; then
 * what it counts: `rest` (what follows it), `all` (itself too) or `token` (only the token that
 * comes first, so that it says nothing of the block's length); then whether the first one of a read
 * has been `stripped` by the program before it calls, or is still `present` in front of the token.
 * What is left out is `rest` and `stripped`; both may stand in any order.
 *
 * Names and words have no case. Of a key that is repeated the first line counts.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"
#include "span.h"

enum settings_framing {
    SETTINGS_FRAMING_AUTO,
    SETTINGS_FRAMING_STRICT, /* no match of 32 bits alone */
    SETTINGS_FRAMING_PREFIX, /* as Prefix says */
    SETTINGS_FRAMING_WHOLE,  /* every read is one block */
};

enum settings_deliver {
    SETTINGS_DELIVER_AUTO,
    SETTINGS_DELIVER_EXTRA,    /* an EMPTY slot is used always */
    SETTINGS_DELIVER_COALESCE, /* never */
};

enum settings_partial {
    SETTINGS_PARTIAL_HOLD,   /* success without data, the bytes are kept */
    SETTINGS_PARTIAL_REPORT, /* the message is called incomplete */
};

enum settings_counts {
    SETTINGS_COUNTS_REST,
    SETTINGS_COUNTS_ALL,
    SETTINGS_COUNTS_TOKEN,
};

/* The program's own header in front of a block; size 0: none is configured. */
struct settings_prefix {
    unsigned char size; /* 0, 2 or 4 bytes */
    bool big;           /* big endian */
    bool stripped;      /* the first one of an I/O is not in the presented memory */
    enum settings_counts counts;
};

/* Packages whose blocks are told apart. */
#define SETTINGS_NTLM      1u
#define SETTINGS_KERBEROS  2u
#define SETTINGS_NEGOTIATE 4u /* whichever of the two it chose */

struct settings {
    bool enabled;
    unsigned packages;
    enum settings_framing framing;
    struct settings_prefix prefix; /* used with SETTINGS_FRAMING_PREFIX, and with AUTO and STRICT */
    enum settings_deliver deliver;
    enum settings_partial partial;
    bool schannel_repair;
    bool kerberos_trial;
    bool exact;      /* the session key may be asked for */
    size_t max_held; /* bytes that one context may keep between calls */
};

#define SETTINGS_MAX_HELD     ((size_t)1 << 20)   /* default */
#define SETTINGS_MAX_HELD_TOP ((size_t)256 << 20) /* largest that may be asked for */

/* Everything at its default. */
struct settings settings_default(void);

enum settings_key {
    SETTINGS_ENABLED,
    SETTINGS_PACKAGES,
    SETTINGS_FRAMING,
    SETTINGS_PREFIX,
    SETTINGS_DELIVER,
    SETTINGS_PARTIAL,
    SETTINGS_SCHANNEL,
    SETTINGS_KERBEROS_TRIAL,
    SETTINGS_EXACT,
    SETTINGS_MAX_HELD_KEY,
    SETTINGS_KEYS
};

/* The line on which each key was first seen; 0: not yet. */
struct settings_lines {
    unsigned of[SETTINGS_KEYS];
};

/*
 * One line, key and value trimmed; fault->line is its number. False, the settings are unchanged and
 * the fault tells why; the rest of it was empty.
 */
bool settings_put(struct settings *settings, struct settings_lines *lines, struct span key,
                  struct span value, struct fault *fault);

/* At the end, what only several lines together can be: false as above. */
bool settings_settle(struct settings *settings, const struct settings_lines *lines,
                     struct fault *fault);

#endif
