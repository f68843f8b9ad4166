/*
 * ntlm_peer.c: the Linux server of the NTLM end-to-end tests. Prints "port N", then serves each
 * connection in a process of its own: plan (plan.h), NTLM handshake, and the reads of the plan,
 * each sealed block by block and written in one send(). The client answers every recv with a
 * frame, empty or a sealed "ok", and only then does the next send happen: what the client gets
 * in one recv is the plan's choice, not TCP's.
 * Prints "KIND NegotiateFlags" on stderr for each handshake; hangs up if the kind is not the
 * plan's. NTLM_USER_FILE names the password file (gss-ntlmssp).
 */
#include "logon.h"
#include "net.h"
#include "sealer.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEER_SECONDS 60

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

static int peer_log_on(int fd, struct sealer *sealer, bool want_ess)
{
    bool ess;

    if (logon_accept(fd, sealer))
        return -1;
    ess = sealer->flags & SEALER_FLAG_ESS;
    fprintf(stderr, "%s %08x\n", ess ? "ess" : "nt4", sealer->flags);
    if (ess != want_ess)
        fprintf(stderr, "the plan wants the other kind of NTLM\n");
    return ess == want_ess ? 0 : -1;
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

static int peer_send(int fd, struct sealer *sealer, const struct plan *plan, size_t read)
{
    size_t size = plan_read_size(plan, read);
    unsigned char *out = malloc(size);
    unsigned char *at = out;
    char text[PLAN_TEXT];
    int bad = !out;

    for (size_t i = plan->first[read]; !bad && i < plan->first[read + 1]; i++) {
        const struct plan_block *block = &plan->block[i];

        plan_text(plan, i, text);
        plan_put_prefix(plan, i, at);
        at += plan->prefix->size;
        bad = sealer_seal(sealer, text, block->size, at);
        peer_alter(block, at);
        at += PLAN_SIGNATURE + block->size;
    }
    bad = bad || net_write(fd, out, size);
    free(out);
    return bad ? -1 : 0;
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
    static struct plan plan;
    struct sealer sealer;
    int bad = peer_read_plan(fd, &plan) || peer_log_on(fd, &sealer, plan.ess);

    (void)unused;
    for (size_t read = 0; !bad && read < plan.reads; read++)
        bad = peer_send(fd, &sealer, &plan, read) ||
              peer_await_answer(fd, &sealer, plan.sealed_answers);
    return bad;
}

int main(void)
{
    unsigned port;
    struct sealer probe;
    int listener = net_listen(&port);

    if (listener < 0)
        return perror("ntlm_peer"), 1;
    if (sealer_open(&probe, false))
        return fprintf(stderr, "ntlm_peer: gss-ntlmssp is not installed\n"), 1;
    sealer_close(&probe);
    printf("port %u\n", port);
    fflush(stdout);
    net_serve(listener, PEER_SECONDS, peer_serve, NULL);
}
