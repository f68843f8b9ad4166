/*
 * Fake: a security provider for the tests of the face. It comes in by linking: it fills real_slots,
 * through which the shim calls the real functions.
 *
 * Its blocks look like NTLM's: a signature of 16 bytes, then as many bytes as the text has. A key
 * stream runs on from block to block, and every unseal moves it and the number on, also one that
 * fails: a wrong length ruins the context, as it does the real ones. It does not share a line with
 * the framing code.
 */
#ifndef FAKE_H
#define FAKE_H

#include "shim.h"

#include "settings.h"
#include "span.h"

enum fake_kind {
    FAKE_ESS, /* number in clear */
    FAKE_NT4, /* number hidden, four zero bytes */
    FAKE_PAD, /* number hidden, four random bytes */
};

struct fake;

/* Unseals in another package's way (fake_*.c); fake.c has looked at the handle. */
typedef SECURITY_STATUS (*fake_open)(struct fake *f, PSecBufferDesc desc);

/* Unseals a block laid out in NTLM's way by an arithmetic of its own. */
typedef SECURITY_STATUS (*fake_own)(struct fake *f, const unsigned char token[16],
                                    unsigned char *data, size_t n);

struct fake {
    enum fake_kind kind;
    fake_own unseal;      /* NULL: the toy's */
    fake_open open;       /* NULL: NTLM's way */
    void *state;          /* of that package */
    bool token_last;      /* blocks are data, signature */
    ULONG flags;          /* answer of SECPKG_ATTR_FLAGS; 0: not supported */
    ULONG trailer;        /* answer of SECPKG_ATTR_SIZES */
    const WCHAR *package; /* answer of SECPKG_ATTR_NEGOTIATION_INFO; NULL: not supported */
    struct span key;      /* answer of SECPKG_ATTR_SESSION_KEY; of no bytes: not supported; `at`
                             NULL: that, with success */

    ULONG sealed, unsealed;    /* blocks so far */
    size_t seal_at, unseal_at; /* in the key stream */
};

#define FAKE_CONTEXTS 64
extern struct fake fake[FAKE_CONTEXTS];

/* The last calls of DecryptMessage and UnsealMessage. */
#define FAKE_CALLS 128
struct fake_call {
    bool unseal; /* by its old name */
    PSecBufferDesc desc;
    ULONG elements;
    SecBuffer before[4];
    ULONG number;
    PULONG qop;
};
extern struct fake_call fake_call[FAKE_CALLS];
extern unsigned fake_calls;    /* of both, since fake_reset */
extern unsigned fake_verified; /* of VerifySignature */
extern unsigned fake_sends;    /* of EncryptMessage, SealMessage and MakeSignature */
extern unsigned fake_queries;  /* of QueryContextAttributesW */
extern unsigned fake_asked;    /* of these, for the session key */
extern unsigned fake_lent;     /* attributes not yet given back with FreeContextBuffer */

/* What config_get gives: the defaults after fake_reset. */
extern struct settings fake_settings;

/* The provider's behaviour, all 0 after fake_reset. */
extern ULONG fake_qop[FAKE_CALLS];            /* what call i says */
extern SECURITY_STATUS fake_says[FAKE_CALLS]; /* if not 0: call i says so and does nothing */
extern ULONG fake_longer;                     /* added to the true count of DATA */
extern void (*fake_during)(void);             /* called in every unseal */
extern void (*fake_during_send)(void);        /* and in every one of fake_sends */
extern void (*fake_during_query)(void);       /* and when asked for a session key */
extern SECURITY_STATUS fake_send;             /* what these answer; they do nothing else */
extern SECURITY_STATUS fake_verify;           /* what VerifySignature answers */
extern SECURITY_STATUS fake_leg;              /* what handshake legs answer */
extern SecBuffer fake_token;                  /* output token of a leg */
extern CtxtHandle fake_value;                 /* handle that a leg or an import gives */

/* The handshake calls (fake_leg.c); part of fake_reset. */
void fake_install_legs(void);

/* Everything as new, context i with handle {i, 7}, sealing, 16-byte trailer. */
void fake_reset(enum fake_kind kind);

CtxtHandle fake_handle(unsigned i);

/* Seals a text of context i to `at`; gives the block's length (n + 16). */
size_t fake_seal(unsigned i, const void *text, size_t n, unsigned char *at);

#endif
