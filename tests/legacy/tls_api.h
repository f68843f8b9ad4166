/*
 * tls_api.h: how the TLS client reaches SSPI. One source gives three programs:
 *   -DTLS_API_STATIC   imports of secur32.dll, put into a table of the same kind
 *   -DUNICODE          LoadLibrary("secur32.dll") and InitSecurityInterfaceW
 *   neither            the same with InitSecurityInterfaceA
 */
#ifndef TLS_API_H
#define TLS_API_H

#define SECURITY_WIN32
#include <winsock2.h>
#include <windows.h>
#include <sspi.h>

/* NULL before tls_api_open, which gives 0, or -1 when there is no such interface. */
extern PSecurityFunctionTable tls_api;

int tls_api_open(void);

#endif
