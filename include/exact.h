/*
 * Exact: where a sealed NTLM block ends, known for certain, from the session key.
 *
 * The bytes of the stream are decrypted and hashed as they come, each once. The places where a
 * block may end are few: the end of what has come, the places before a header that looks like the
 * next one's, and the last bytes before the end, where only a part of such a header can be seen.
 * One of them fits the signature (64 bits), or the block is not there yet.
 *
 * Nothing is ever decrypted for the provider: he unseals, and what he accepts or refuses decides
 * whether this goes on. As soon as the two disagree, or something else makes the place in the
 * stream uncertain, it retires: the keys are wiped, and it has no more to say.
 *
 * If a provider seals in a way that is not known here, nothing would ever fit, and to wait would be
 * to wait for ever. So there is a word of caution: `trusted` may be taken away from all that did
 * not wait yet, as long as one waits in vain. Such a one has to find a whole block before it may
 * call any partial.
 */
#ifndef EXACT_H
#define EXACT_H

#include "mac.h"
#include "ntlm.h"
#include "sealing.h"
#include "span.h"

enum exact_verdict {
    EXACT_BLOCK,   /* a whole, authentic block */
    EXACT_PARTIAL, /* none yet */
    EXACT_DOUBT,   /* none yet, as it seems; but that is not to be believed (`trusted`) */
    EXACT_RETIRED, /* it cannot be told any more, or could not before */
};

/* The application's bytes between two blocks: the sizes that they may have. */
struct exact_gap {
    unsigned char sizes;
    unsigned char size[3]; /* ascending */
};

struct exact {
    bool retired; /* all else is zero, but for `waited` */
    bool trusted; /* that it knows the key is believed before a block has proven it */
    bool proven;  /* the provider accepted a block that it found */
    bool waited;  /* it said EXACT_PARTIAL, and was never proven */
    bool begun;   /* the signature of the block that comes next has been seen: */
    bool found;   /* it is whole, with mac.n bytes of ciphertext */
    unsigned char signature[MAC_SIGNATURE];
    size_t next;            /* the shortest ciphertext that it may still have */
    struct mac mac;         /* over its ciphertext so far */
    struct sealing sealing; /* as it is before it */
    uint64_t judged;        /* candidates so far, for the tests */
};

/* What the other end of a session seals: `sealer`. Before its first message. Trusted at first. */
void exact_begin(struct exact *exact, uint32_t flags, const unsigned char key[SEALING_KEY],
                 enum sealing_end sealer);

/*
 * Does a whole block begin at `at`, with its signature? The bytes are those of an earlier call for
 * the same block, and perhaps more. EXACT_BLOCK: of *n bytes, signature and all.
 */
enum exact_verdict exact_find(struct exact *exact, struct span at, struct exact_gap gap, size_t *n);

/*
 * May the block that comes next begin here, as far as its header can be seen? Of a whole header
 * that is as good as certain with ESS, otherwise as good as any 32 bits.
 */
bool exact_opens(const struct exact *exact, struct span at);

/* The provider has unsealed a block of n bytes, with its signature: the next one begins. */
void exact_unsealed(struct exact *exact, size_t n);

/*
 * Messages of the other direction, where both share a stream: `count` of them, `n` bytes of text in
 * all.
 */
void exact_passed(struct exact *exact, size_t n, uint32_t count);

/* The provider has verified a message that was only signed; or not, which makes it retire. */
void exact_verified(struct exact *exact, bool good);

/* Wipes everything. */
void exact_retire(struct exact *exact);

#endif
