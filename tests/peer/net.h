/*
 * net.h: TCP for the Linux servers of the end-to-end tests: a listener on 127.0.0.1 whose port
 * the kernel chooses, whole reads and writes, and frames of <length, 32 bit LE><bytes>.
 * Nothing here knows SSPI. Functions answer 0, or -1 when the peer is gone.
 */
#ifndef NET_H
#define NET_H

#include <stddef.h>

struct net_frame {
    size_t size;
    unsigned char *bytes; /* malloc'ed, one NUL behind the last byte */
};

int net_listen(unsigned *port);

/*
 * Serves each connection in a process of its own, which ends with serve's answer, or by a signal
 * after so many seconds. Does not return.
 */
_Noreturn void net_serve(int listener, unsigned seconds, int (*serve)(int fd, void *with),
                         void *with);

int net_read(int fd, void *to, size_t size);
int net_write(int fd, const void *from, size_t size);
int net_read_frame(int fd, struct net_frame *frame);
int net_write_frame(int fd, const void *from, size_t size);

#endif
