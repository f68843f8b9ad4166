/*
 * net.c: TCP for the Linux servers of the end-to-end tests, see net.h.
 * TCP_NODELAY is set so that one net_write is one segment train: the tests decide by their
 * writes and acknowledgements, not by sleeping, which bytes the client gets in one recv.
 */
#include "net.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define NET_FRAME_MAX (1u << 20)

int net_listen(unsigned *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, size) || listen(fd, 16) ||
        getsockname(fd, (struct sockaddr *)&at, &size))
        return -1;
    *port = ntohs(at.sin_port);
    return fd;
}

static int accept_one(int listener)
{
    int fd = accept(listener, NULL, NULL);
    int on = 1;

    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

_Noreturn void net_serve(int listener, unsigned seconds, int (*serve)(int fd, void *with),
                         void *with)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept_one(listener);

        if (fd >= 0 && fork() == 0) {
            close(listener);
            alarm(seconds);
            exit(serve(fd, with) ? 1 : 0);
        }
        close(fd);
    }
}

int net_read(int fd, void *to, size_t size)
{
    unsigned char *at = to;

    while (size > 0) {
        ssize_t got = recv(fd, at, size, 0);
        if (got <= 0)
            return -1;
        at += got;
        size -= (size_t)got;
    }
    return 0;
}

int net_write(int fd, const void *from, size_t size)
{
    const unsigned char *at = from;

    while (size > 0) {
        ssize_t put = send(fd, at, size, MSG_NOSIGNAL);
        if (put <= 0)
            return -1;
        at += put;
        size -= (size_t)put;
    }
    return 0;
}

int net_read_frame(int fd, struct net_frame *frame)
{
    unsigned char head[4];

    frame->bytes = NULL;
    if (net_read(fd, head, sizeof head))
        return -1;
    frame->size = head[0] | head[1] << 8 | head[2] << 16 | (size_t)head[3] << 24;
    if (frame->size > NET_FRAME_MAX || !(frame->bytes = malloc(frame->size + 1)))
        return -1;
    frame->bytes[frame->size] = 0;
    if (net_read(fd, frame->bytes, frame->size)) {
        free(frame->bytes);
        frame->bytes = NULL;
        return -1;
    }
    return 0;
}

int net_write_frame(int fd, const void *from, size_t size)
{
    unsigned char head[4] = {(unsigned char)size, (unsigned char)(size >> 8),
                             (unsigned char)(size >> 16), (unsigned char)(size >> 24)};

    return net_write(fd, head, sizeof head) || net_write(fd, from, size) ? -1 : 0;
}
