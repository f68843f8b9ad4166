/*
 * Leg: the calls of a handshake, each as a function of old and new handle, and what is said in it.
 */
#ifndef LEG_H
#define LEG_H

#include "fake.h"

#define LEG_CALLS  6
#define LEG_ACCEPT 4 /* the first one of a server; those before are a client's */

typedef SECURITY_STATUS (*leg_fn)(PCtxtHandle old, PSecBufferDesc in, PCtxtHandle new,
                                  PSecBufferDesc out);
extern const leg_fn leg_calls[LEG_CALLS];

/* A token. */
struct leg_token {
    ULONG n;
    unsigned char bytes[128];
};

/* NTLM messages with these NegotiateFlags; and one wrapped as SPNEGO does it. */
struct leg_token leg_challenge(ULONG flags);
struct leg_token leg_authenticate(ULONG flags);
struct leg_token leg_wrapped(struct leg_token message);

/*
 * The call number `call`, a first one if `first`, in which the provider answers `status` and, if it
 * went along, the handle fake_value. `in` and `out` may be NULL.
 */
SECURITY_STATUS leg_run(unsigned call, PCtxtHandle handle, bool first, const struct leg_token *in,
                        SECURITY_STATUS status, const struct leg_token *out);

/* Two legs; the handle of both is fake_handle(1), and the AUTHENTICATE message has these flags. */
CtxtHandle leg_connect(unsigned call, ULONG flags);

#endif
