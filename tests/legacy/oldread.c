/*
 * oldread.c: programs that take each recv for one sealed block, as oldmail.c does, over other
 * packages and with their buffers in other orders. No line of it is written to suit the shim.
 *
 *   oldread PORT < LINES     one connection to 127.0.0.1 for each "STYLE | PLAN [| ...]"
 *   STYLE  PACKAGE WHO LAYOUT [again]
 *     WHO     user (its password; NTLM), ticket (the ticket cache; Kerberos), server (the key
 *             table), ticket-style and server-style (the same, in DCE style)
 *     LAYOUT  TDn: TOKEN the first n bytes, DATA the rest; DTn: DATA first, TOKEN the last n
 *             TDn+m: the first m bytes of each read are taken for a length and left out
 *     again   on SEC_E_INCOMPLETE_MESSAGE it keeps the bytes and presents them again, with more
 *   PLAN   goes to the server (tests/peer/plan.h); behind a second bar stands what is expected
 *
 * Prints "== LINE", then for each recv "recv LENGTH: STATUS SIZE", the text and a newline, and at
 * the end of a connection "end" and what the shim, if there is one, has counted (counted.h).
 */
#define SECURITY_WIN32
#include "counted.h"
#include "wire.h"

#include <sspi.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BUFFER 131072
#define READ_WANT                                                                                  \
    (ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_SEQUENCE_DETECT |                       \
     ISC_REQ_REPLAY_DETECT | ISC_REQ_MUTUAL_AUTH)
#define READ_ACCEPT                                                                                \
    (ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY | ASC_REQ_SEQUENCE_DETECT |                       \
     ASC_REQ_REPLAY_DETECT | ASC_REQ_MUTUAL_AUTH)

struct read_style {
    char package[16];
    char who[16];
    char first; /* 'T' or 'D': the buffer that comes first */
    int token;
    int strip;
    int again;
    int sealed; /* from the plan */
};

static CredHandle read_credentials;
static CtxtHandle read_context;
static SOCKET read_wire;
static char read_buffer[READ_BUFFER];

static int read_parse(struct read_style *style, const char *line)
{
    char second, more[8] = "";
    int words;

    memset(style, 0, sizeof *style);
    words = sscanf(line, "%15s %15s %c%c%d%7s", style->package, style->who, &style->first, &second,
                   &style->token, more);
    sscanf(more, "+%d", &style->strip);
    style->again = strstr(line, " again |") != NULL;
    style->sealed = strstr(line, "+seal ") != NULL;
    return words >= 5;
}

static SECURITY_STATUS read_acquire(const struct read_style *style)
{
    SEC_WINNT_AUTH_IDENTITY_A who = {(unsigned char *)"user", 4, (unsigned char *)"DOMAIN",   6,
                                     (unsigned char *)"pass", 4, SEC_WINNT_AUTH_IDENTITY_ANSI};
    TimeStamp expiry;

    return AcquireCredentialsHandleA(
        NULL, (char *)style->package,
        strncmp(style->who, "server", 6) ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND, NULL,
        strcmp(style->who, "user") ? NULL : &who, NULL, NULL, &read_credentials, &expiry);
}

/* The third leg of DCE style comes with SEC_E_OK; a token of no bytes is not sent. */
static SECURITY_STATUS read_log_on(ULONG want)
{
    static char answer[48000];
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int size = 0;
    int first = 1;

    while (status == SEC_I_CONTINUE_NEEDED) {
        SecBuffer in = {(ULONG)size, SECBUFFER_TOKEN, read_buffer};
        SecBuffer out = {sizeof answer, SECBUFFER_TOKEN, answer};
        SecBufferDesc in_list = {SECBUFFER_VERSION, 1, &in};
        SecBufferDesc out_list = {SECBUFFER_VERSION, 1, &out};
        ULONG granted = 0;
        TimeStamp expiry;

        status = InitializeSecurityContextA(&read_credentials, first ? NULL : &read_context,
                                            (char *)"host/localhost", want, 0, SECURITY_NATIVE_DREP,
                                            first ? NULL : &in_list, 0, &read_context, &out_list,
                                            &granted, &expiry);
        if (status < 0)
            return status;
        first = 0;
        if (out.cbBuffer == 0)
            continue;
        if (!wire_send_frame(read_wire, answer, out.cbBuffer) ||
            (size = wire_read_frame(read_wire, read_buffer, READ_BUFFER)) < 0)
            return SEC_E_LOGON_DENIED;
    }
    return status;
}

static SECURITY_STATUS read_accept(ULONG want)
{
    static char answer[48000];
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int size, first = 1;

    while (status == SEC_I_CONTINUE_NEEDED &&
           (size = wire_read_frame(read_wire, read_buffer, READ_BUFFER)) > 0) {
        SecBuffer in = {(ULONG)size, SECBUFFER_TOKEN, read_buffer};
        SecBuffer out = {sizeof answer, SECBUFFER_TOKEN, answer};
        SecBufferDesc in_list = {SECBUFFER_VERSION, 1, &in};
        SecBufferDesc out_list = {SECBUFFER_VERSION, 1, &out};
        ULONG granted = 0;
        TimeStamp expiry;

        status = AcceptSecurityContext(&read_credentials, first ? NULL : &read_context, &in_list,
                                       want, SECURITY_NATIVE_DREP, &read_context, &out_list,
                                       &granted, &expiry);
        first = 0;
        if (status >= 0 && out.cbBuffer > 0)
            wire_send_frame(read_wire, answer, out.cbBuffer);
    }
    return status;
}

/* The flags of both sides have the same names, but not the same values. */
static SECURITY_STATUS read_handshake(const struct read_style *style)
{
    int dce = strstr(style->who, "-style") != NULL;

    if (strncmp(style->who, "server", 6))
        return read_log_on(READ_WANT | (dce ? ISC_REQ_USE_DCE_STYLE : 0));
    return read_accept(READ_ACCEPT | (dce ? ASC_REQ_USE_DCE_STYLE : 0));
}

/* `size` bytes are presented, of which the last `got` are new. */
static SECURITY_STATUS read_unseal(const struct read_style *style, int size, int got)
{
    char *at = read_buffer + style->strip;
    int left = size - style->strip;
    int token = left < style->token ? left : style->token;
    char *text = style->first == 'T' ? at + token : at;
    SecBuffer token_part = {(ULONG)token, SECBUFFER_TOKEN,
                            style->first == 'T' ? at : at + left - token};
    SecBuffer text_part = {(ULONG)(left - token), SECBUFFER_DATA, text};
    SecBuffer part[2];
    SecBufferDesc list = {SECBUFFER_VERSION, 2, part};
    const SecBuffer *out = &part[style->first == 'T'];
    ULONG quality;
    SECURITY_STATUS status;

    part[0] = style->first == 'T' ? token_part : text_part;
    part[1] = style->first == 'T' ? text_part : token_part;
    status = DecryptMessage(&read_context, &list, 0, &quality);
    printf("recv %d: %08lX %lu\n", got, (ULONG)status, status == SEC_E_OK ? out->cbBuffer : 0);
    if (status == SEC_E_OK) {
        fwrite(text, 1, out->cbBuffer, stdout);
        printf("%s\n", out->pvBuffer == text ? "" : "THE POINTER MOVED");
    }
    return status;
}

/* Each read is acknowledged by a frame, empty or sealed. */
static int read_answer(int sealed)
{
    char block[16 + 2];
    SecBuffer part[2] = {{16, SECBUFFER_TOKEN, block}, {2, SECBUFFER_DATA, block + 16}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, part};

    if (!sealed)
        return wire_send_frame(read_wire, "", 0);
    memcpy(block + 16, "ok", 2);
    return EncryptMessage(&read_context, 0, &list, 0) == SEC_E_OK &&
           wire_send_frame(read_wire, block, sizeof block);
}

static void read_receive(const struct read_style *style)
{
    int kept = 0, got;

    while ((got = recv(read_wire, read_buffer + kept, READ_BUFFER - kept, 0)) > 0) {
        SECURITY_STATUS status = read_unseal(style, kept + got, got);

        kept = status == SEC_E_INCOMPLETE_MESSAGE && style->again ? kept + got : 0;
        if (!read_answer(style->sealed))
            return;
    }
}

static void read_session(int port, const char *line, char *plan)
{
    struct read_style style;
    SECURITY_STATUS status;

    if (!read_parse(&style, line) || (read_wire = wire_dial(port)) == INVALID_SOCKET) {
        printf("bad style or no connection\n");
        return;
    }
    if (strstr(plan, " |") != NULL)
        *strstr(plan, " |") = 0;
    status = read_acquire(&style);
    if (status == SEC_E_OK && wire_send_frame(read_wire, plan, (ULONG)strlen(plan)))
        status = read_handshake(&style);
    if (status != SEC_E_OK)
        printf("no logon: %08lX\n", (ULONG)status);
    if (status == SEC_E_OK)
        read_receive(&style);
    DeleteSecurityContext(&read_context);
    FreeCredentialsHandle(&read_credentials);
    closesocket(read_wire);
}

int main(int argc, char **argv)
{
    static char line[16384];
    WSADATA data;

    if (argc != 2 || WSAStartup(MAKEWORD(1, 1), &data) != 0)
        return 2;
    counted_begin();
    _setmode(_fileno(stdout), _O_BINARY);
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *plan = strchr(line, '|');

        line[strcspn(line, "\r\n")] = 0;
        printf("== %s\n", line);
        if (plan != NULL)
            read_session(atoi(argv[1]), line, plan + 2);
        printf("end\n");
        counted_print();
        fflush(stdout);
    }
    return 0;
}
