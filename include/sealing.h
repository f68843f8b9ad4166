/*
 * Sealing: how one end of an NTLM session seals its messages, [MS-NLMP] 3.4: the keys, the place in
 * the RC4 stream and the sequence number.
 *
 * With extended session security (ESS) each direction has its own; without it both draw from one
 * stream and one number, so that the messages of the other direction have to be skipped, too.
 */
#ifndef SEALING_H
#define SEALING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hmac.h"
#include "rc4.h"

#define SEALING_KEY 16 /* bytes of an ExportedSessionKey */

enum sealing_end {
    SEALING_CLIENT,
    SEALING_SERVER,
};

/* Bytes of key stream that a signature takes, behind the text. */
static inline size_t sealing_trailer(bool ess, bool exchanged)
{
    return !ess ? 12 : exchanged ? 8 : 0;
}

struct sealing {
    bool ess;
    bool exchanged;    /* NTLMSSP_NEGOTIATE_KEY_EXCH: with ESS the checksum is encrypted, too */
    bool fresh;        /* no message was opened so far: `number` may be too low, since where SPNEGO
                          has signed its list of mechanisms the first one is 1, or, where both
                          directions share a number and both have signed it, 2 */
    struct rc4 stream; /* at the next message's first byte */
    struct hmac keyed; /* ESS: has the signing key */
    uint32_t number;   /* of the next message */
};

/* From the NegotiateFlags that were settled on; `sealer` is the end whose messages these are. */
void sealing_begin(struct sealing *sealing, uint32_t flags, const unsigned char key[SEALING_KEY],
                   enum sealing_end sealer);

/*
 * Moves past messages of which nothing else is known: `count` of them, `n` bytes of text in all.
 * One that is only signed counts as a sealed one without text.
 */
void sealing_skip(struct sealing *sealing, size_t n, uint32_t count);

#endif
