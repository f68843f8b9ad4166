/*
 * Session: what a program does with its context besides receiving: it shakes hands, and it seals
 * messages of its own.
 */
#ifndef SESSION_H
#define SESSION_H

#include "plan.h"

/* The handshake's last legs, in which the flags of an NTLM context are seen; or nothing is. */
void session_begin(const struct plan *plan);

/*
 * The shim mistrusts a way to seal that it once waited for in vain, until it is proven in the same
 * process (exact.h). For a plan to depend on no other one, its way is proven first, on a context of
 * its own. NULL, or what is wrong.
 */
const char *session_prove(const struct plan *plan);

/* Bytes of text in the program's message number i. */
size_t session_text(const struct plan *plan, unsigned i);

/* Seals it, or signs. */
void session_send(const struct plan *plan, unsigned i);

/* Before read i, that of the byte `at` of the wire. */
struct wire;
void session_before_read(const struct plan *plan, const struct wire *wire, unsigned i, size_t at);

#endif
