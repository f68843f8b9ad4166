/*
 * Fake replay: contexts of the fake provider that unseal what gss-ntlmssp once sealed: exactly the
 * next block of a recording's direction, and as its text the recorded one. Anything else is altered
 * and ruins the context, as it does with the real ones.
 */
#ifndef FAKE_REPLAY_H
#define FAKE_REPLAY_H

#include "fake.h"
#include "recording.h"

/* Context i unseals the blocks of this direction, the first one being its block number `from`. */
void fake_replay_install(unsigned i, const struct recording *recording, bool to_client,
                         unsigned from);

/* The blocks of this direction; each goes to at[i]. */
unsigned fake_replay_blocks(const struct recording *recording, bool to_client,
                            unsigned at[RECORDING_BLOCKS]);

#endif
