/*
 * tls_api.c: the ways to SSPI of the TLS client, see tls_api.h. Only this file is compiled
 * differently for the three programs; the client sees a function table in each of them.
 */
#include "tls_api.h"

PSecurityFunctionTable tls_api;

#ifdef TLS_API_STATIC

/* An old name that import libraries have and the SDK's headers do not. */
SECURITY_STATUS SEC_ENTRY UnsealMessage(PCtxtHandle context, PSecBufferDesc message, ULONG number,
                                        PULONG qop);

static SecurityFunctionTable tls_api_imports = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
    .AcquireCredentialsHandle = AcquireCredentialsHandle,
    .FreeCredentialsHandle = FreeCredentialsHandle,
    .InitializeSecurityContext = InitializeSecurityContext,
    .DeleteSecurityContext = DeleteSecurityContext,
    .ApplyControlToken = ApplyControlToken,
    .QueryContextAttributes = QueryContextAttributes,
    .FreeContextBuffer = FreeContextBuffer,
    .QuerySecurityPackageInfo = QuerySecurityPackageInfo,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
    .Reserved4 = UnsealMessage,
};

int tls_api_open(void)
{
    tls_api = &tls_api_imports;
    return 0;
}

#else

int tls_api_open(void)
{
    HMODULE dll = LoadLibraryA("secur32.dll");
    INIT_SECURITY_INTERFACE entry = NULL;

    if (dll)
        entry = (INIT_SECURITY_INTERFACE)(void *)GetProcAddress(dll, SECURITY_ENTRYPOINT_ANSI);
    if (entry)
        tls_api = entry();
    return tls_api ? 0 : -1;
}

#endif
