/*
 * wire.c: see wire.h.
 */
#include "wire.h"

#include <string.h>

SOCKET wire_dial(int port)
{
    struct sockaddr_in at;
    BOOL at_once = TRUE;
    SOCKET wire = socket(AF_INET, SOCK_STREAM, 0);

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((u_short)port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(wire, IPPROTO_TCP, TCP_NODELAY, (const char *)&at_once, sizeof at_once);
    if (connect(wire, (struct sockaddr *)&at, sizeof at) == 0)
        return wire;
    closesocket(wire);
    return INVALID_SOCKET;
}

int wire_read(SOCKET wire, void *to, int size)
{
    char *at = to;

    while (size > 0) {
        int got = recv(wire, at, size, 0);
        if (got <= 0)
            return 0;
        at += got;
        size -= got;
    }
    return 1;
}

int wire_send_frame(SOCKET wire, const void *from, ULONG size)
{
    return send(wire, (const char *)&size, 4, 0) == 4 &&
           send(wire, from, (int)size, 0) == (int)size;
}

int wire_read_frame(SOCKET wire, void *to, ULONG room)
{
    ULONG size;

    if (!wire_read(wire, &size, 4) || size > room || !wire_read(wire, to, (int)size))
        return -1;
    return (int)size;
}
