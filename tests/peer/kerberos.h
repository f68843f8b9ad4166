/*
 * kerberos.h: Kerberos through MIT's GSSAPI, the other sealer that owes nothing to our own code.
 * KRB5_KTNAME names the acceptor's key. Functions answer 0, or -1 after a line on stderr.
 */
#ifndef KERBEROS_H
#define KERBEROS_H

#include <gssapi/gssapi.h>
#include <stdbool.h>
#include <stddef.h>

struct kerberos {
    gss_ctx_id_t ctx;
    bool dce; /* as negotiated */
};

/* The acceptor's half of the handshake over TCP, frame by frame. */
int kerberos_accept(struct kerberos *kerberos, int fd);

/* The initiator's half, with the ticket cache that KRB5CCNAME names. */
int kerberos_initiate(struct kerberos *kerberos, int fd, bool dce);

/* `sealed` has room for `room` bytes; `used` becomes the block's size. */
int kerberos_seal(struct kerberos *kerberos, const void *text, size_t size, unsigned char *sealed,
                  size_t room, size_t *used);

#endif
