/*
 * oldmail.c: a mail program's receive loop as it was written in 1998 (KB Q245565): what one recv
 * returns is one sealed block, its first 16 bytes the TOKEN, the rest the DATA, and the cbBuffer
 * that comes back is believed. That is the bug which the shim repairs, so this program is never
 * changed to suit the shim.
 *
 *   oldmail PORT < PLANS     one connection to 127.0.0.1 for each line (tests/peer/plan.h)
 *
 * Prints "== PLAN", then for each recv "recv LENGTH: STATUS" and the text, then "end".
 */
#include "oldmail.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAIL_BUFFER 131072
#define MAIL_TOKEN  16
#define MAIL_WANT                                                                                  \
    (ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT)

static CredHandle mail_credentials;
static CtxtHandle mail_context;
static SOCKET mail_socket;
static char mail_buffer[MAIL_BUFFER];

static SECURITY_STATUS mail_acquire(void)
{
    SEC_WINNT_AUTH_IDENTITY_A who;
    TimeStamp expiry;

    memset(&who, 0, sizeof who);
    who.User = (unsigned char *)"user";
    who.UserLength = 4;
    who.Domain = (unsigned char *)"DOMAIN";
    who.DomainLength = 6;
    who.Password = (unsigned char *)"pass";
    who.PasswordLength = 4;
    who.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    return SSPI(AcquireCredentialsHandleA)(NULL, (char *)"NTLM", SECPKG_CRED_OUTBOUND, NULL, &who,
                                           NULL, NULL, &mail_credentials, &expiry);
}

static SECURITY_STATUS mail_log_on(void)
{
    static char answer[16384];
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int size = 0;
    int first = 1;

    while (status == SEC_I_CONTINUE_NEEDED) {
        SecBuffer in = {(ULONG)size, SECBUFFER_TOKEN, mail_buffer};
        SecBuffer out = {sizeof answer, SECBUFFER_TOKEN, answer};
        SecBufferDesc in_list = {SECBUFFER_VERSION, 1, &in};
        SecBufferDesc out_list = {SECBUFFER_VERSION, 1, &out};
        ULONG granted = 0;
        TimeStamp expiry;

        status = SSPI(InitializeSecurityContextA)(&mail_credentials, first ? NULL : &mail_context,
                                                  (char *)"host/localhost", MAIL_WANT, 0,
                                                  SECURITY_NATIVE_DREP, first ? NULL : &in_list, 0,
                                                  &mail_context, &out_list, &granted, &expiry);
        if (status < 0)
            return status;
        if (!wire_send_frame(mail_socket, answer, out.cbBuffer) ||
            (size = wire_read_frame(mail_socket, mail_buffer, MAIL_BUFFER)) < 0)
            return SEC_E_LOGON_DENIED;
        first = 0;
    }
    return status;
}

static int mail_answer(int sealed)
{
    char block[MAIL_TOKEN + 2];
    SecBuffer part[2] = {{MAIL_TOKEN, SECBUFFER_TOKEN, block},
                         {2, SECBUFFER_DATA, block + MAIL_TOKEN}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, part};

    if (!sealed)
        return wire_send_frame(mail_socket, block, 0);
    memcpy(block + MAIL_TOKEN, "ok", 2);
    return SSPI_SEAL(&mail_context, 0, &list, 0) == SEC_E_OK &&
           wire_send_frame(mail_socket, block, part[0].cbBuffer + part[1].cbBuffer);
}

static void mail_receive(int prefix, int sealed_answers)
{
    SECURITY_STATUS status;
    ULONG quality;
    int got;

    while ((got = recv(mail_socket, mail_buffer, MAIL_BUFFER, 0)) > 0) {
        SecBuffer part[2] = {
            {MAIL_TOKEN, SECBUFFER_TOKEN, mail_buffer + prefix},
            {got - prefix - MAIL_TOKEN, SECBUFFER_DATA, mail_buffer + prefix + MAIL_TOKEN}};
        SecBufferDesc list = {SECBUFFER_VERSION, 2, part};

        status = SSPI_UNSEAL(&mail_context, &list, 0, &quality);
        printf("recv %d: ", got);
        if (status == SEC_E_OK) {
            printf("SEC_E_OK\n");
            fwrite(part[1].pvBuffer, 1, part[1].cbBuffer, stdout);
        } else {
            printf("%s (0x%08lX)\n",
                   status == SEC_E_MESSAGE_ALTERED ? "SEC_E_MESSAGE_ALTERED" : "error",
                   (ULONG)status);
        }
        if (!mail_answer(sealed_answers && status == SEC_E_OK))
            break;
    }
}

static int mail_prefix(const char *plan)
{
    if (strstr(plan, " none") != NULL)
        return 0;
    return strstr(plan, " len8") != NULL ? 8 : 4;
}

static void mail_session(int port, const char *plan)
{
    printf("== %s\n", plan);
    mail_socket = wire_dial(port);
    if (mail_socket == INVALID_SOCKET) {
        printf("no connection\n");
        return;
    }
    if (!wire_send_frame(mail_socket, plan, (ULONG)strlen(plan)) || mail_log_on() != SEC_E_OK)
        printf("no logon\n");
    else
        mail_receive(mail_prefix(plan), strstr(plan, "+seal") != NULL);
    SSPI(DeleteSecurityContext)(&mail_context);
    closesocket(mail_socket);
    printf("end\n");
}

int main(int argc, char **argv)
{
    static char plan[16384];
    WSADATA data;

    if (argc != 2 || WSAStartup(MAKEWORD(1, 1), &data) != 0)
        return 2;
    if (!sspi_load() || mail_acquire() != SEC_E_OK) {
        printf("no NTLM\n");
        return 1;
    }
    while (fgets(plan, sizeof plan, stdin) != NULL) {
        plan[strcspn(plan, "\r\n")] = 0;
        mail_session(atoi(argv[1]), plan);
        fflush(stdout);
    }
    SSPI_FREE(&mail_credentials);
    return 0;
}
