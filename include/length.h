/*
 * Length: what the beginning of a block tells of its length, by the application's own prefix, by
 * the DER of an RFC 1964 token, or by a TLS record's header. Each is judged the moment that it is
 * complete, from the first bytes alone.
 */
#ifndef LENGTH_H
#define LENGTH_H

#include "settings.h"
#include "span.h"

enum length_verdict {
    LENGTH_KNOWN, /* prefix + block bytes */
    LENGTH_SHORT, /* more bytes are needed to tell */
    LENGTH_OPEN,  /* the token begins behind `prefix`; where the block ends it does not tell */
    LENGTH_BAD,   /* nothing that may stand there */
};

struct length {
    enum length_verdict verdict;
    size_t prefix; /* bytes in front of the token */
    size_t block;  /* LENGTH_KNOWN: bytes from there to the end of the block */
    size_t need;   /* LENGTH_SHORT: bytes, the present ones too, with which to ask again */
};

/* What tokens begin with. */
enum length_token {
    LENGTH_NTLM,
    LENGTH_KERBEROS,
    LENGTH_EITHER,
    LENGTH_TLS,
    LENGTH_ANY, /* not looked at */
};

/*
 * Judges the bytes at the start of a block. `least` is what a block has at least (its token), 0 if
 * that is not known.
 */
struct length length_of(struct span at, const struct settings_prefix *prefix,
                        enum length_token token, size_t least);

#endif
