/*
 * block_peer.c: the Linux server of the end-to-end tests with sealed blocks. Prints "port N", then
 * serves each connection in a process of its own: plan (plan.h), handshake of NTLM or Kerberos,
 * and the reads of the plan, each written in one send(): the blocks sealed for it, or as many
 * bytes as the plan lets go, the others with the next one. The client answers every recv with a
 * frame, empty or a sealed "ok", and only then does the next send happen: what the client gets
 * in one recv is the plan's choice, not TCP's.
 * Prints the plan's kind on stderr for each handshake, of NTLM with its NegotiateFlags; hangs up if
 * what was negotiated is of another. NTLM_USER_FILE names the password file (gss-ntlmssp).
 */
#include "kerberos.h"
#include "logon.h"
#include "net.h"
#include "sealer.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEER_SECONDS 60
#define PEER_WAITING (1u << 18)

struct peer {
    int fd;
    struct plan plan;
    struct sealer ntlm;
    struct kerberos kerberos;
    unsigned char waiting[PEER_WAITING]; /* sealed and not yet sent */
    size_t size;                         /* of it */
};

static bool peer_is_ntlm(const struct peer *peer)
{
    return peer->plan.kind == PLAN_ESS || peer->plan.kind == PLAN_NT4;
}

static int peer_read_plan(int fd, struct plan *plan)
{
    struct net_frame frame;
    int bad;

    if (net_read_frame(fd, &frame))
        return -1;
    bad = plan_parse(plan, (char *)frame.bytes);
    if (bad)
        fprintf(stderr, "bad plan: %s\n", (char *)frame.bytes);
    free(frame.bytes);
    return bad;
}

static int peer_log_on_ntlm(struct peer *peer)
{
    bool ess;

    if (logon_accept(peer->fd, &peer->ntlm))
        return -1;
    ess = peer->ntlm.flags & SEALER_FLAG_ESS;
    fprintf(stderr, "%s %08x\n", ess ? "ess" : "nt4", peer->ntlm.flags);
    if (ess != (peer->plan.kind == PLAN_ESS))
        return fprintf(stderr, "the plan wants the other kind of NTLM\n"), -1;
    return 0;
}

static int peer_log_on(struct peer *peer)
{
    bool dce = peer->plan.kind == PLAN_DCE;

    if (peer_is_ntlm(peer))
        return peer_log_on_ntlm(peer);
    if (peer->plan.initiate ? kerberos_initiate(&peer->kerberos, peer->fd, dce)
                            : kerberos_accept(&peer->kerberos, peer->fd))
        return -1;
    fprintf(stderr, "%s\n", dce ? "dce" : peer->plan.kind == PLAN_RC4 ? "rc4" : "krb");
    if (peer->kerberos.dce != dce)
        return fprintf(stderr, "the plan wants the other style of Kerberos\n"), -1;
    return 0;
}

static void peer_alter(const struct plan_block *block, unsigned char *sealed)
{
    if (block->flip >= 0)
        sealed[block->flip / 8] ^= (unsigned char)(1 << block->flip % 8);
    /* A forger knows all that is in clear: only checksum and ciphertext are invented. */
    for (size_t i = 8; block->forged && i < PLAN_SIGNATURE + block->size; i++)
        if (i < 12 || i >= PLAN_SIGNATURE)
            sealed[i] ^= 0xa5;
}

/* The encryption type is told by the size: it is not the plan's if that is not as planned. */
static int peer_seal(struct peer *peer, size_t block)
{
    size_t want = plan_sealed_size(&peer->plan, block), used = want;
    unsigned char *at = peer->waiting + peer->size;
    char text[PLAN_TEXT];
    int bad;

    if (peer->size + plan_block_size(&peer->plan, block) > PEER_WAITING)
        return fprintf(stderr, "a read is too long for the peer\n"), -1;
    plan_text(&peer->plan, block, text);
    plan_put_prefix(&peer->plan, block, at);
    at += peer->plan.prefix->size;
    if (peer_is_ntlm(peer))
        bad = sealer_seal(&peer->ntlm, text, peer->plan.block[block].size, at);
    else
        bad = kerberos_seal(&peer->kerberos, text, peer->plan.block[block].size, at, want, &used);
    if (bad || used != want)
        return fprintf(stderr, "block %zu: %zu bytes, planned %zu\n", block, used, want), -1;
    peer_alter(&peer->plan.block[block], at);
    peer->size += plan_block_size(&peer->plan, block);
    return 0;
}

static int peer_send(struct peer *peer, size_t read)
{
    size_t size = plan_read_size(&peer->plan, read);

    for (size_t i = peer->plan.first[read]; i < peer->plan.first[read + 1]; i++)
        if (peer_seal(peer, i))
            return -1;
    if (net_write(peer->fd, peer->waiting, size))
        return -1;
    peer->size -= size;
    memmove(peer->waiting, peer->waiting + size, peer->size);
    return 0;
}

static int peer_await_answer(int fd, struct sealer *sealer, bool sealed)
{
    struct net_frame frame;
    int bad;

    if (net_read_frame(fd, &frame))
        return -1;
    bad = frame.size != (sealed ? SEALER_SIGNATURE + 2 : 0);
    if (!bad && sealed) {
        char text[2];
        bad = sealer_unseal(sealer, frame.bytes, frame.size, text) || memcmp(text, "ok", 2);
    }
    if (bad)
        fprintf(stderr, "bad answer of %zu bytes\n", frame.size);
    free(frame.bytes);
    return bad;
}

static int peer_serve(int fd, void *unused)
{
    static struct peer peer;
    int bad;

    (void)unused;
    peer.fd = fd;
    bad = peer_read_plan(fd, &peer.plan) || peer_log_on(&peer);
    for (size_t read = 0; !bad && read < peer.plan.reads; read++)
        bad = peer_send(&peer, read) || peer_await_answer(fd, &peer.ntlm, peer.plan.sealed_answers);
    return bad;
}

int main(void)
{
    unsigned port;
    struct sealer probe;
    int listener = net_listen(&port);

    if (listener < 0)
        return perror("block_peer"), 1;
    if (sealer_open(&probe, false))
        return fprintf(stderr, "block_peer: gss-ntlmssp is not installed\n"), 1;
    sealer_close(&probe);
    printf("port %u\n", port);
    fflush(stdout);
    net_serve(listener, PEER_SECONDS, peer_serve, NULL);
}
