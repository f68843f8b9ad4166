/*
 * NTLM: the facts of [MS-NLMP] that framing needs, and the flags that a handshake settled on.
 */
#ifndef NTLM_H
#define NTLM_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

#define NTLM_SIGNATURE 16 /* bytes of a message signature, 2.2.2.9 */
#define NTLM_VERSION   1  /* its first field, little endian */
#define NTLM_PAD_AT    4  /* RandomPad of the kind without extended session security, 2.2.2.9.1 */
#define NTLM_NUMBER_AT 12 /* SeqNum; in clear only with extended session security, 2.2.2.9.2 */

/* NegotiateFlags, 2.2.2.5 */
#define NTLM_SIGN     0x00000010u
#define NTLM_SEAL     0x00000020u
#define NTLM_DATAGRAM 0x00000040u
#define NTLM_LM_KEY   0x00000080u
#define NTLM_ESS      0x00080000u /* extended session security */
#define NTLM_128      0x20000000u
#define NTLM_KEY_EXCH 0x40000000u
#define NTLM_56       0x80000000u

/*
 * Looks for a CHALLENGE or AUTHENTICATE message in a handshake token, at its start or wrapped (in
 * SPNEGO), and gives its NegotiateFlags. False when there is none, or none with a flags field: an
 * AUTHENTICATE shorter than 64 bytes, as the oldest clients send it, has none.
 */
bool ntlm_flags(struct span token, uint32_t *flags);

#endif
