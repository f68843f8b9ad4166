/*
 * oldmail.h: the three ways in which programs of 1998 reached SSPI. REACH is the only thing that
 * differs between the builds of oldmail.c:
 *   REACH_IMPORT  linked with secur32.lib
 *   REACH_TABLE   LoadLibrary("secur32.dll"), InitSecurityInterfaceA, DecryptMessage
 *   REACH_NT4     LoadLibrary("security.dll"), InitSecurityInterfaceA; the headers of NT 4 knew no
 *                 EncryptMessage and DecryptMessage, they lay in Reserved3 and Reserved4
 */
#ifndef OLDMAIL_H
#define OLDMAIL_H

#define SECURITY_WIN32
#include <winsock2.h>
#include <windows.h>
#include <sspi.h>

#define REACH_IMPORT 1
#define REACH_TABLE  2
#define REACH_NT4    3

#if REACH == REACH_IMPORT

#define SSPI(name)  name
#define SSPI_SEAL   EncryptMessage
#define SSPI_UNSEAL DecryptMessage
#define SSPI_FREE   FreeCredentialsHandle

static int sspi_load(void)
{
    return GetModuleHandleA("secur32.dll") != NULL;
}

#else

static PSecurityFunctionTableA sspi_table;

#define SSPI(name) (sspi_table->name)
#define SSPI_FREE  (sspi_table->FreeCredentialHandle)

#if REACH == REACH_TABLE
#define SSPI_DLL    "secur32.dll"
#define SSPI_SEAL   (sspi_table->EncryptMessage)
#define SSPI_UNSEAL (sspi_table->DecryptMessage)
#else
#define SSPI_DLL    "security.dll"
#define SSPI_SEAL   ((ENCRYPT_MESSAGE_FN)sspi_table->Reserved3)
#define SSPI_UNSEAL ((DECRYPT_MESSAGE_FN)sspi_table->Reserved4)
#endif

static int sspi_load(void)
{
    HMODULE dll = LoadLibraryA(SSPI_DLL);
    INIT_SECURITY_INTERFACE_A init = NULL;

    if (dll != NULL)
        init = (INIT_SECURITY_INTERFACE_A)(void *)GetProcAddress(dll, "InitSecurityInterfaceA");
    if (init != NULL)
        sspi_table = init();
    return sspi_table != NULL;
}

#endif
#endif
