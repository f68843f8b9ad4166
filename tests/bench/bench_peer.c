/*
 * bench_peer.c: the Linux server of the benchmark, since a plan of the end-to-end tests (plan.h)
 * has room for neither 16 KiB blocks nor thousands of them. Prints "port N", serves each connection
 * in a process of its own: NTLM handshake, then for each frame "SIZE COUNT" that many sealed
 * blocks, back to back, until the client hangs up.
 */
#include "logon.h"
#include "net.h"
#include "sealer.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

#define PEER_SECONDS 300

static int peer_seal(struct sealer *sealer, unsigned block, unsigned size, unsigned char *out)
{
    static char text[TEXT_MAX];

    for (unsigned i = 0; i < size; i++)
        text[i] = text_byte(block, i);
    return sealer_seal(sealer, text, size, out);
}

static int peer_answer(int fd, struct sealer *sealer, unsigned *block)
{
    static unsigned char out[TEXT_BLOCKS * (TEXT_SIGNATURE + TEXT_MAX)];
    struct net_frame frame;
    unsigned size, count, each;
    int bad;

    if (net_read_frame(fd, &frame))
        return -1;
    bad = sscanf((char *)frame.bytes, "%u %u", &size, &count) != 2 || size > TEXT_MAX ||
          count > TEXT_BLOCKS;
    free(frame.bytes);
    if (bad)
        return fprintf(stderr, "bench_peer: not a request\n"), -1;
    each = TEXT_SIGNATURE + size;
    for (unsigned i = 0; i < count; i++)
        if (peer_seal(sealer, (*block)++, size, out + (size_t)i * each))
            return -1;
    return net_write(fd, out, (size_t)count * each);
}

static int peer_serve(int fd, void *unused)
{
    struct sealer sealer;
    unsigned block = 0;

    (void)unused;
    if (logon_accept(fd, &sealer) == 0)
        while (peer_answer(fd, &sealer, &block) == 0)
            continue;
    return 0;
}

int main(void)
{
    unsigned port;
    int listener = net_listen(&port);

    if (listener < 0)
        return perror("bench_peer"), 1;
    printf("port %u\n", port);
    fflush(stdout);
    net_serve(listener, PEER_SECONDS, peer_serve, NULL);
}
