/*
 * Kerberos: the facts of RFC 4121 and RFC 1964 that framing needs.
 */
#ifndef KERBEROS_H
#define KERBEROS_H

#define KERBEROS_HEADER    16      /* bytes of a wrap token in clear, RFC 4121 4.2.6.2 */
#define KERBEROS_TOK_ID    0x0405u /* 05 04, its first two bytes */
#define KERBEROS_FLAGS_AT  2
#define KERBEROS_SEALED    2u /* in the flags: the text is encrypted */
#define KERBEROS_FILLER_AT 3  /* FF */
#define KERBEROS_NUMBER_AT 8  /* SND_SEQ, 64 bits, big endian */

/*
 * The shortest sealed token without its text: header, confounder of a cipher block, the header
 * again, checksum of 96 bits (RFC 4121 4.2.4, RFC 3962).
 */
#define KERBEROS_TOKEN_MIN 60

#define KERBEROS_DER 0x60 /* the first byte of a token in RFC 1964's framing */

/*
 * Bytes of such a token before its text: tag, length, mechanism, TOK_ID, SGN_ALG, SEAL_ALG, filler,
 * SND_SEQ, SGN_CKSUM, confounder (RFC 1964 1.2.2, RFC 4757 7.3); the octets of the length come to
 * it, one or more.
 */
#define KERBEROS_DER_TOKEN 44

#endif
