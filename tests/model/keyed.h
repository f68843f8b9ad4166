/*
 * Keyed: makes a context of the fake provider one of NTLM as it really is, from an arithmetic that
 * shares no line with the shim's (sealer.h). It gives its session key, unseals one block a call,
 * and moves on with a wrong one, too. Without extended session security its own messages and the
 * peer's are drawn from one key stream.
 */
#ifndef KEYED_H
#define KEYED_H

#include "fake.h"
#include "plan.h"

/* Context i is one of this plan, new. */
void keyed_install(unsigned i, const struct plan *plan);

/* The peer seals a text to `at`: n + 16 bytes. */
void keyed_seal(unsigned i, const unsigned char *text, size_t n, unsigned char *at);

/* As if the peer had not sealed the last one. */
void keyed_undo(unsigned i);

/* The peer unseals a message of the program's, of n bytes of text. */
void keyed_pass(unsigned i, size_t n);

#endif
