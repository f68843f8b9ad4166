/*
 * logon.h: the server's half of an NTLM handshake over TCP, frame by frame.
 */
#ifndef LOGON_H
#define LOGON_H

#include "sealer.h"

/* Opens the sealer and brings it to where it seals. 0, or -1 after a line on stderr. */
int logon_accept(int fd, struct sealer *sealer);

#endif
