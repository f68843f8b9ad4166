/*
 * session.h: the Windows end of a connection to bench_peer: logs on with NTLM and fetches sealed
 * blocks whose lengths are known.
 */
#ifndef SESSION_H
#define SESSION_H

#define SECURITY_WIN32
#include <winsock2.h>
#include <windows.h>
#include <sspi.h>

#include <stdbool.h>

struct session {
    SOCKET socket;
    PSecurityFunctionTableA sspi;
    CredHandle credentials;
    CtxtHandle context;
};

bool session_open(struct session *session, PSecurityFunctionTableA sspi, int port);

/* `count` sealed blocks of `size` bytes of text, back to back. */
bool session_fetch(struct session *session, unsigned size, unsigned count, char *to);

void session_close(struct session *session);

#endif
