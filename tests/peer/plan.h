/*
 * plan.h: what one connection of the end-to-end tests with sealed blocks does. One line of text,
 * which the client sends to the server as its first frame and which the judges read as well:
 *
 *   KIND PREFIX[+seal | +init] READ READ ...
 *   KIND    ess | nt4             the NTLM that must have been negotiated
 *           krb | dce | rc4       Kerberos with AES-256, the same in DCE style, with arcfour-hmac
 *   PREFIX  none | le32 | be32 (rest of the frame) | tok32 (16) | len8 (rest LE + 16 LE)
 *   +seal   the client seals its acknowledgements as well
 *   +init   the peer starts the handshake, so that the client is Kerberos's server
 *   READ    BLOCK,BLOCK,...       all that is sealed and not yet sent goes out in one send(),
 *                                 then wait for the acknowledgement
 *           [BLOCK,BLOCK,...]/N   the same, but only the first N bytes of it; / alone: all
 *   BLOCK   SIZE[^BIT | ~]        bytes of text; flip this bit of signature + text; or forge it
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>

#define PLAN_SIGNATURE 16
#define PLAN_BLOCKS    1024
#define PLAN_READS     256
#define PLAN_TEXT      80000

struct plan_block {
    size_t size;
    long flip; /* -1: none */
    bool forged;
};

enum plan_kind {
    PLAN_NT4,
    PLAN_ESS,
    PLAN_KRB,
    PLAN_DCE,
    PLAN_RC4,
};

struct plan {
    enum plan_kind kind;
    bool sealed_answers;
    bool initiate;
    const struct plan_prefix *prefix;
    size_t reads;
    size_t first[PLAN_READS + 1]; /* index of each read's first block; one more for the end */
    size_t cut[PLAN_READS];       /* bytes that go out at most, 0: all */
    struct plan_block block[PLAN_BLOCKS];
};

struct plan_prefix {
    const char *name;
    size_t size;
};

int plan_parse(struct plan *plan, const char *text);
void plan_text(const struct plan *plan, size_t block, char *out);
void plan_put_prefix(const struct plan *plan, size_t block, unsigned char *out);

/* Of a block: the text with what seals it, and that with the prefix in front. */
size_t plan_sealed_size(const struct plan *plan, size_t block);
size_t plan_block_size(const struct plan *plan, size_t block);
bool plan_block_altered(const struct plan_block *block);
size_t plan_read_size(const struct plan *plan, size_t read);

#endif
