/*
 * Fake_tls: makes a context of the fake provider one of Schannel. It frames: a record has a header
 * of 5 bytes with the length of what follows, and one call opens one record. Answers are in the
 * documented places: header, data, trailer, and what lies behind; a record that is not all there
 * changes nothing but says in two elements how much is missing, as Windows and Wine 8 do.
 */
#ifndef FAKE_TLS_H
#define FAKE_TLS_H

#include "fake.h"

#define FAKE_TLS_HEADER  5
#define FAKE_TLS_TRAILER 17 /* the sealed kind, and a MAC over it, the text and the number */

enum fake_tls_kind {
    FAKE_TLS_TEXT,
    FAKE_TLS_TICKET, /* any message of a handshake after the handshake: SEC_I_RENEGOTIATE */
    FAKE_TLS_CLOSE,  /* SEC_I_CONTEXT_EXPIRED */
};

/* Context i is one of Schannel, new. */
void fake_tls_make(unsigned i);

/* Seals a text of context i to `at`; gives the record's length. */
size_t fake_tls_seal(unsigned i, enum fake_tls_kind kind, const void *text, size_t n,
                     unsigned char *at);

/* The handshake step that SEC_I_RENEGOTIATE asks for; until then nothing is opened. */
void fake_tls_step(unsigned i);

#endif
