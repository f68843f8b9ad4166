/*
 * tls_style.h: the manners of a TLS client, as words joined by commas:
 *   correct | dropextra | forget     keeps everything | drops EXTRA | drops what is incomplete
 *   fresh and others                 how DecryptMessage's array looks (the table in tls_style.c)
 *   walk     EXTRA is not moved to the front, the next call starts behind the last record
 *   sealed   its acknowledgement is a sealed text of TLS_STYLE_ACK bytes, not a plain byte
 *   unseal   calls UnsealMessage (Reserved4) | noqop passes NULL for the qop
 *   quiet    only the result, for transfers that TCP cuts as it likes
 */
#ifndef TLS_STYLE_H
#define TLS_STYLE_H

#include "tls_api.h"

#include <stdbool.h>

#define TLS_STYLE_BUFFERS 5
#define TLS_STYLE_ACK     24

enum tls_loss { TLS_LOSS_NONE, TLS_LOSS_EXTRA, TLS_LOSS_PARTIAL };

/* What the SecBuffers hold that the array gives no bytes to. */
enum tls_spare { TLS_SPARE_EMPTY, TLS_SPARE_WILD, TLS_SPARE_STALE };

struct tls_layout {
    const char *name;
    enum tls_spare spare;
    int cut; /* 0: one SecBuffer has it all; N: the first has N bytes of it; -N: all but N */
    ULONG count;
    ULONG type[TLS_STYLE_BUFFERS];
};

struct tls_style {
    enum tls_loss loss;
    const struct tls_layout *layout;
    bool walk, sealed, unseal, noqop, quiet;
};

/* 0, or -1 for a word that is none of the above. */
int tls_style_parse(struct tls_style *style, const char *text);

#endif
