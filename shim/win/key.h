/*
 * Key: the session key of an NTLM context, asked for once, at the end of its handshake, and at once
 * made into what tells where blocks end (exact.h). The key itself is not kept.
 */
#ifndef KEY_H
#define KEY_H

#include "exact.h"
#include "shim.h"

/*
 * For a context with these NegotiateFlags, whose blocks `sealer` seals: owned by the caller, or
 * NULL if nobody wants to know, or the provider does not give the key, or there is no memory.
 * LastError is kept.
 */
struct exact *key_ask(const CtxtHandle *value, ULONG flags, enum sealing_end sealer);

/* Before a receive: is it believed that it knows the key, by what others have shown since? */
void key_trust(struct exact *exact, ULONG flags);

/* After one: takes notice of what it has proven, or that it waits. */
void key_note(const struct exact *exact, ULONG flags);

/* Wipes and frees. */
void key_drop(struct exact *exact, ULONG flags);

/* Is there a context now whose receiver has to know what is sealed? */
bool key_shared(void);

#endif
