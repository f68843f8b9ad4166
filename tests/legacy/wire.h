/*
 * wire.h: how the old programs reach their server: TCP to 127.0.0.1, whole reads, and frames of
 * <length, 32 bit LE><bytes>. Functions answer 0 when the server is gone.
 */
#ifndef WIRE_H
#define WIRE_H

#include <winsock2.h>
#include <windows.h>

/* INVALID_SOCKET: nobody listens. */
SOCKET wire_dial(int port);

int wire_read(SOCKET wire, void *to, int size);
int wire_send_frame(SOCKET wire, const void *from, ULONG size);

/* The bytes of the frame, or -1; it has to fit. */
int wire_read_frame(SOCKET wire, void *to, ULONG room);

#endif
