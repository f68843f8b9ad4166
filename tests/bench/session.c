/*
 * session.c: see session.h.
 */
#include "session.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

#define SESSION_WANT                                                                               \
    (ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT)

static bool session_read(struct session *session, char *to, size_t size)
{
    while (size > 0) {
        int got = recv(session->socket, to, (int)size, 0);

        if (got <= 0)
            return false;
        to += got;
        size -= (size_t)got;
    }
    return true;
}

static bool session_write_frame(struct session *session, const char *from, ULONG size)
{
    return send(session->socket, (const char *)&size, 4, 0) == 4 &&
           send(session->socket, from, (int)size, 0) == (int)size;
}

static bool session_dial(struct session *session, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((u_short)port)};
    WSADATA data;

    if (WSAStartup(MAKEWORD(1, 1), &data) != 0)
        return false;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    session->socket = socket(AF_INET, SOCK_STREAM, 0);
    return connect(session->socket, (struct sockaddr *)&at, sizeof at) == 0;
}

static SECURITY_STATUS session_acquire(struct session *session)
{
    SEC_WINNT_AUTH_IDENTITY_A who = {.User = (unsigned char *)"user",
                                     .UserLength = 4,
                                     .Domain = (unsigned char *)"DOMAIN",
                                     .DomainLength = 6,
                                     .Password = (unsigned char *)"pass",
                                     .PasswordLength = 4,
                                     .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI};
    TimeStamp expiry;

    return session->sspi->AcquireCredentialsHandleA(NULL, (char *)"NTLM", SECPKG_CRED_OUTBOUND,
                                                    NULL, &who, NULL, NULL, &session->credentials,
                                                    &expiry);
}

static SECURITY_STATUS session_leg(struct session *session, SecBuffer *in, SecBuffer *out)
{
    SecBufferDesc in_list = {SECBUFFER_VERSION, 1, in};
    SecBufferDesc out_list = {SECBUFFER_VERSION, 1, out};
    bool first = in->cbBuffer == 0;
    ULONG granted = 0;
    TimeStamp expiry;

    return session->sspi->InitializeSecurityContextA(
        &session->credentials, first ? NULL : &session->context, (char *)"host/localhost",
        SESSION_WANT, 0, SECURITY_NATIVE_DREP, first ? NULL : &in_list, 0, &session->context,
        &out_list, &granted, &expiry);
}

static bool session_log_on(struct session *session)
{
    static char asked[16384], answer[16384];
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    ULONG size = 0;

    while (status == SEC_I_CONTINUE_NEEDED) {
        SecBuffer in = {size, SECBUFFER_TOKEN, asked};
        SecBuffer out = {sizeof answer, SECBUFFER_TOKEN, answer};

        status = session_leg(session, &in, &out);
        if (status < 0 || !session_write_frame(session, answer, out.cbBuffer) ||
            !session_read(session, (char *)&size, 4) || size > sizeof asked ||
            !session_read(session, asked, size))
            return false;
    }
    return status == SEC_E_OK;
}

bool session_open(struct session *session, PSecurityFunctionTableA sspi, int port)
{
    session->sspi = sspi;
    return session_dial(session, port) && session_acquire(session) == SEC_E_OK &&
           session_log_on(session);
}

bool session_fetch(struct session *session, unsigned size, unsigned count, char *to)
{
    char request[32];
    int n = snprintf(request, sizeof request, "%u %u", size, count);

    return session_write_frame(session, request, (ULONG)n) &&
           session_read(session, to, (size_t)count * (TEXT_SIGNATURE + size));
}

void session_close(struct session *session)
{
    session->sspi->DeleteSecurityContext(&session->context);
    session->sspi->FreeCredentialHandle(&session->credentials);
    closesocket(session->socket);
}
