/*
 * httpget.c: a WinHTTP client for the TLS end-to-end tests: httpget PORT [COUNT]
 * It gets https://127.0.0.1:PORT/ COUNT times (1) without looking at the certificate, and prints
 * status, size and checksum of the body (FNV-1a), and whether it is the one that was sent.
 * It links winhttp.dll alone: a secur32.dll in the process is one that winhttp.dll asked for.
 */
#include "tls_report.h"
#include "../peer/tls_text.h"

#include <windows.h>
#include <winhttp.h>
#include <stdio.h>
#include <stdlib.h>

#define HTTPGET_ROOM 65536u

static char httpget_body[HTTPGET_ROOM];

static int httpget_ask(HINTERNET request)
{
    DWORD ignore = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_CN_INVALID |
                   SECURITY_FLAG_IGNORE_CERT_DATE_INVALID | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE;

    return WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &ignore, sizeof ignore) &&
           WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                              0, 0) &&
           WinHttpReceiveResponse(request, NULL);
}

static DWORD httpget_read(HINTERNET request)
{
    DWORD size = 0, got;

    while (size < HTTPGET_ROOM &&
           WinHttpReadData(request, httpget_body + size, HTTPGET_ROOM - size, &got) && got > 0)
        size += got;
    return size;
}

static int httpget_is_sent(DWORD size)
{
    if (size != TLS_TEXT_BODY_COUNT * TLS_TEXT_BODY_SIZE)
        return 0;
    for (unsigned i = 0; i < TLS_TEXT_BODY_COUNT; i++)
        if (!tls_text_matches(httpget_body + i * TLS_TEXT_BODY_SIZE, TLS_TEXT_BODY_SIZE, i))
            return 0;
    return 1;
}

static void httpget_print(HINTERNET request)
{
    DWORD code = 0, code_size = sizeof code, size = httpget_read(request), sum = 2166136261u;

    WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                        WINHTTP_HEADER_NAME_BY_INDEX, &code, &code_size, WINHTTP_NO_HEADER_INDEX);
    for (DWORD i = 0; i < size; i++)
        sum = (sum ^ (unsigned char)httpget_body[i]) * 16777619u;
    printf("status %lu, %lu bytes, checksum %08lx, %s\n", code, size, sum,
           httpget_is_sent(size) ? "as sent" : "NOT AS SENT");
}

static void httpget_run(HINTERNET session, INTERNET_PORT port)
{
    HINTERNET connection = WinHttpConnect(session, L"127.0.0.1", port, 0);
    HINTERNET request = WinHttpOpenRequest(connection, L"GET", L"/", NULL, WINHTTP_NO_REFERER,
                                           WINHTTP_DEFAULT_ACCEPT_TYPES, WINHTTP_FLAG_SECURE);

    if (request && httpget_ask(request))
        httpget_print(request);
    else
        printf("error %lu\n", GetLastError());
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
}

int main(int count, char **word)
{
    HINTERNET session = WinHttpOpen(L"httpget", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME,
                                    WINHTTP_NO_PROXY_BYPASS, 0);

    if (!session || count < 2)
        return 2;
    for (int i = count > 2 ? atoi(word[2]) : 1; i > 0; i--)
        httpget_run(session, (INTERNET_PORT)atoi(word[1]));
    WinHttpCloseHandle(session);
    tls_report();
    return 0;
}
