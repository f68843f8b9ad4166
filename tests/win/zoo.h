/*
 * Zoo: the ways in which programs read and unseal. Each animal is a function that reads a stream
 * from a source which delivers it in given pieces, and unseals what it read in its own manner. It
 * is let loose twice on the same pieces: on the provider, and on the shim before the provider; what
 * both did is compared.
 *
 * Of every call is kept what the caller could see: the status, the array with its pointers relative
 * to the caller's memory, the qop and a sum of that memory. By turns the presented memory ends at
 * a forbidden page, and is looked at again before the next call, or lies between other bytes of the
 * caller that have to stay.
 */
#ifndef ZOO_H
#define ZOO_H

#include "fake.h"
#include "fake_krb.h"
#include "fake_tls.h"
#include "test.h"

#include "unseal.h"

/* What a peer sends: lengths of texts (0 and up), or one of these. */
enum zoo_block { ZOO_END = -1, ZOO_TICKET = -2, ZOO_CLOSE = -3, ZOO_BAD = -4 };

extern const int zoo_plain[];   /* texts */
extern const int zoo_empty[];   /* some of them of no bytes */
extern const int zoo_tickets[]; /* messages of TLS 1.3 between them */
extern const int zoo_closed[];  /* ends with close_notify */
extern const int zoo_forged[];  /* one of them is not genuine */

/* The application's own header before each block. */
enum zoo_prefix {
    ZOO_BARE,
    ZOO_TOKEN_LE32, /* the token's length */
    ZOO_REST_BE32,  /* the block's length */
    ZOO_PARTS,      /* the lengths of token, data and padding, which is behind it; 3 times LE16 */
};

/* The pieces in which it arrives. */
#define ZOO_EXACT   1u  /* block by block */
#define ZOO_TWO     2u  /* two blocks a read */
#define ZOO_THREE   4u  /* three */
#define ZOO_SPLIT   8u  /* block by block, and one more cut, at every place in turn */
#define ZOO_MIXED   16u /* two pieces, cut at every place in turn: merged and split */
#define ZOO_DRIBBLE 32u /* byte by byte */
#define ZOO_MERGED  (ZOO_TWO | ZOO_THREE)
#define ZOO_CUT     (ZOO_SPLIT | ZOO_MIXED | ZOO_DRIBBLE)
#define ZOO_ALL     63u

/* Whose blocks. DCE and DER are Kerberos tokens: RFC 4121 in DCE style, RFC 1964. */
#define ZOO_NTLM 1u
#define ZOO_TLS  2u
#define ZOO_DCE  4u
#define ZOO_DER  8u

struct zoo_stream {
    unsigned char bytes[1024];
    size_t n;
    size_t ends[16]; /* of the blocks */
    unsigned blocks;
    unsigned char text[512]; /* up to the first block that is not genuine */
    size_t text_n;
};

struct zoo_call {
    SECURITY_STATUS status;
    ULONG qop;
    ULONG sum;
    ULONG elements;
    SecBuffer a[5]; /* pointers into the caller's memory as 1 + the place in it */
};

#define ZOO_MEMORY 4096

struct zoo {
    unseal_fn unseal;
    CtxtHandle handle;
    bool shim;
    ULONG number; /* MessageSeqNo of the next call; 0: does not count */
    bool no_qop;  /* passes NULL for it */
    ULONG token;  /* bytes of a block's token; 0: they differ */

    const struct zoo_stream *stream;
    size_t at;
    size_t cuts[1024]; /* where pieces end */
    unsigned cut;

    unsigned char memory[ZOO_MEMORY]; /* the caller's, in which all that it presents lies */
    unsigned char got[2048];
    size_t got_n;
    struct zoo_call calls[1200];
    unsigned called;
    const char *broken; /* what must never be has been */
    uint32_t lost;      /* bytes that the shim still had at the end */
};

struct zoo_animal {
    void (*run)(struct zoo *zoo);
    unsigned packages; /* with each of these in turn; 0: NTLM */
    bool token_last;   /* blocks are data, token, where the package lets them */
    enum zoo_prefix prefix;
    bool old;                       /* calls UnsealMessage */
    void (*set)(struct settings *); /* what the administrator changed; NULL: nothing */
};

enum zoo_fit {
    ZOO_BLOCKS,       /* each piece is a block */
    ZOO_WHOLE_BLOCKS, /* some are several */
    ZOO_PARTS_OF_BLOCKS,
};

struct zoo_pair {
    const struct zoo *plain, *shim;
    const struct zoo_stream *stream;
    enum zoo_fit fit;
    size_t cut; /* where the one more cut is */
};

/* NULL, or what is wrong. */
typedef const char *zoo_check(const struct zoo_pair *pair);

/* Lets it loose on the stream in each of these kinds of pieces. */
void zoo_each(const struct zoo_animal *animal, const int *blocks, unsigned pieces,
              zoo_check *check);

zoo_check zoo_same;     /* both saw the very same */
zoo_check zoo_works;    /* that, and it was all that had been sent */
zoo_check zoo_repaired; /* all with the shim; without it not, unless block by block */
zoo_check zoo_delayed;  /* so, but what the shim still has at the end did not come any more */
zoo_check zoo_lossy;    /* the very same, and it is not all, unless block by block */

/* For the animals: the next piece or what of it is asked for; 0: the peer has closed. */
size_t zoo_recv(struct zoo *zoo, void *to, size_t max);

/* The same until n bytes are there; false: they do not come. */
bool zoo_recv_all(struct zoo *zoo, void *to, size_t n);

/* Calls, presenting this memory. */
SECURITY_STATUS zoo_unseal(struct zoo *zoo, PSecBuffer array, ULONG elements, void *at, size_t n);

/* The caller uses this plaintext. */
void zoo_take(struct zoo *zoo, const void *at, size_t n);

/* The handshake step after SEC_I_RENEGOTIATE. */
void zoo_step(struct zoo *zoo);

/* TOKEN and DATA over n bytes; what is less than a token is all TOKEN. */
void zoo_token_first(const struct zoo *zoo, SecBuffer a[2], unsigned char *at, size_t n);

/* For checks: what came with the shim is the beginning of what was sent, or all of it. */
bool zoo_begins(const struct zoo_pair *pair);

/* For set: */
void zoo_schannel_repair(struct settings *settings);
void zoo_report(struct settings *settings);
void zoo_prefix(struct settings *settings); /* BE32, its count the rest, always there */
void zoo_prefix_report(struct settings *settings);
void zoo_prefix_stripped(struct settings *settings);

#endif
