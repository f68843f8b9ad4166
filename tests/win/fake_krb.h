/*
 * Fake Kerberos: contexts of the fake provider whose blocks are per-message tokens of Kerberos,
 * with the header in clear and each token sealed by itself. It shares no line with the shim's
 * framing.
 *
 * What a token is, is known from its own bytes, so TOKEN and DATA are taken in address order
 * (TOKEN and then DATA where they do not meet), and the plaintext goes to where DATA starts. STREAM
 * gets it where it lies.
 *
 * A refusal does no harm: the input is as it was and the window of sequence numbers where it was.
 * A token behind a gap is refused too, with SEC_E_OUT_OF_SEQUENCE, but moves the window behind it;
 * one that was there before is refused in the same way and moves nothing.
 */
#ifndef FAKE_KRB_H
#define FAKE_KRB_H

#include "fake.h"

enum fake_krb_kind {
    FAKE_KRB_4121, /* 05 04, flags, ff, EC, RRC, number: 16 bytes, RFC 4121 4.2.6.2 */
    FAKE_KRB_DCE,  /* the same with EC 16 */
    FAKE_KRB_DER,  /* 60, length, object identifier, 02 01: RFC 1964 1.2.2 and RFC 4757 */
    FAKE_KRB_RC4,  /* the same with one byte of padding behind the text */
    FAKE_KRB_KINDS
};

/* Context i is of this kind from now on; the first token has this sequence number. */
void fake_krb_install(unsigned i, enum fake_krb_kind kind, ULONGLONG number);

/* Bytes in front of the text of n bytes. Of DER tokens it depends on n. */
size_t fake_krb_token(enum fake_krb_kind kind, size_t n);

/* Bytes behind it: RC4's padding, which belongs to the TOKEN of a caller who has it last. */
size_t fake_krb_padding(enum fake_krb_kind kind);

/* Seals a text of context i to `at`; gives the token's whole length. */
size_t fake_krb_seal(unsigned i, const void *text, size_t n, unsigned char *at);

/* As if the last one had not been sealed. */
void fake_krb_undo(unsigned i);

#endif
