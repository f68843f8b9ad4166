/*
 * Judge: what package a context is of, and whether its blocks may be told apart.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "context.h"
#include "settings.h"

/*
 * Asks the provider, for a context in whose handshake we saw no NTLM message. Without a clear yes
 * its blocks are not told apart: FRAME_WHOLE. To be asked once for a context.
 */
enum frame_kind judge_ask(const CtxtHandle *value);

/* The rule for a context (NULL: one that we know nothing of), under the settings. */
struct frame_rule judge_rule(const struct context *context, const struct settings *settings);

#endif
