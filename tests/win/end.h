/*
 * End: one end of a connection whose blocks gss-ntlmssp once sealed: the server's context, born
 * with the AUTHENTICATE message in its input, or the client's, with that in its output.
 */
#ifndef END_H
#define END_H

#include "caller.h"
#include "fake_replay.h"

/* The application's prefix: nothing, the token's size, a length, or both. */
enum end_prefix { END_NONE, END_TOKEN, END_LENGTH, END_BOTH, END_PREFIXES };

#define END_FILES 3
extern const char *const end_files[END_FILES]; /* of tests/data: ess, nt4, lmkey */

struct end {
    const struct recording *recording;
    bool client;
    bool keyed; /* the provider gives the session key */
    enum end_prefix prefix;
    enum caller_shape shape;
    unsigned order[RECORDING_BLOCKS],
        blocks; /* of its direction: where they are in the recording */
    struct caller *caller;
    uint32_t retired_before;
};

/* Everything as new; the first block to come is number `from`. */
void end_begin(struct end *end, unsigned from);

/* The last leg of the handshake, in context 1; end_begin has done it. */
CtxtHandle end_connect(const struct end *end);

/* Contexts that ceased to tell where blocks end, since end_begin. */
unsigned end_retired(const struct end *end);

struct span end_sealed(const struct end *end, unsigned i);
struct span end_text(const struct end *end, unsigned i);

/* The blocks from..to in one piece; the prefix of the first one is read already. Gives its length.
 */
size_t end_gather(const struct end *end, unsigned from, unsigned to, unsigned char *at);

/* Seals what this end sent between the blocks i - 1 and i. */
void end_send(const struct end *end, unsigned i);

/* Seals any other text, of n bytes. */
void end_seal(const struct end *end, size_t n);

/* Presents the blocks from..to in one read. */
void end_receive(const struct end *end, unsigned from, unsigned to);

/*
 * The same of block i, all but its last byte and then that, behind what was sent before it. The
 * provider is asked once, when it is whole.
 */
void end_receive_cut(const struct end *end, unsigned i);

/* The caller got the texts from..to and nothing else. */
void end_got(const struct end *end, unsigned from, unsigned to);

#endif
