/*
 * Fake: the calls that give and take handles. See fake.h.
 */
#include "fake.h"

#include <string.h>

static SECURITY_STATUS leg(PCtxtHandle given, PSecBufferDesc output)
{
    if (fake_leg < 0)
        return fake_leg;
    if (given)
        *given = fake_value;
    if (output && output->cBuffers)
        output->pBuffers[0] = fake_token;
    return fake_leg;
}

#define INITIALIZE(name, string)                                                                   \
    static SECURITY_STATUS SEC_ENTRY fake_##name(                                                  \
        PCredHandle credential, PCtxtHandle context, string *target, ULONG request,                \
        ULONG reserved1, ULONG representation, PSecBufferDesc input, ULONG reserved2,              \
        PCtxtHandle given, PSecBufferDesc output, PULONG attributes, PTimeStamp expiry)            \
    {                                                                                              \
        (void)credential, (void)context, (void)target, (void)request, (void)reserved1;             \
        (void)representation, (void)input, (void)reserved2, (void)attributes, (void)expiry;        \
        return leg(given, output);                                                                 \
    }
INITIALIZE(InitializeSecurityContextA, SEC_CHAR)
INITIALIZE(InitializeSecurityContextW, SEC_WCHAR)
INITIALIZE(SaslInitializeSecurityContextA, CHAR)
INITIALIZE(SaslInitializeSecurityContextW, WCHAR)

#define ACCEPT(name)                                                                               \
    static SECURITY_STATUS SEC_ENTRY fake_##name(                                                  \
        PCredHandle credential, PCtxtHandle context, PSecBufferDesc input, ULONG request,          \
        ULONG representation, PCtxtHandle given, PSecBufferDesc output, PULONG attributes,         \
        PTimeStamp expiry)                                                                         \
    {                                                                                              \
        (void)credential, (void)context, (void)input, (void)request, (void)representation;         \
        (void)attributes, (void)expiry;                                                            \
        return leg(given, output);                                                                 \
    }
ACCEPT(AcceptSecurityContext)
ACCEPT(SaslAcceptSecurityContext)

static SECURITY_STATUS SEC_ENTRY fake_CompleteAuthToken(PCtxtHandle context, PSecBufferDesc token)
{
    (void)context, (void)token;
    return fake_leg;
}

#define IMPORT(name, string)                                                                       \
    static SECURITY_STATUS SEC_ENTRY fake_##name(string *package, PSecBuffer packed, void *token,  \
                                                 PCtxtHandle given)                                \
    {                                                                                              \
        (void)package, (void)packed, (void)token;                                                  \
        return leg(given, NULL);                                                                   \
    }
IMPORT(ImportSecurityContextA, SEC_CHAR)
IMPORT(ImportSecurityContextW, SEC_WCHAR)

static SECURITY_STATUS SEC_ENTRY fake_ExportSecurityContext(PCtxtHandle context, ULONG flags,
                                                            PSecBuffer packed, void **token)
{
    (void)context, (void)flags, (void)packed, (void)token;
    return fake_leg;
}

static SECURITY_STATUS SEC_ENTRY fake_DeleteSecurityContext(PCtxtHandle context)
{
    (void)context;
    return SEC_E_OK;
}

void fake_install_legs(void)
{
    REAL(InitializeSecurityContextA) = fake_InitializeSecurityContextA;
    REAL(InitializeSecurityContextW) = fake_InitializeSecurityContextW;
    REAL(SaslInitializeSecurityContextA) = fake_SaslInitializeSecurityContextA;
    REAL(SaslInitializeSecurityContextW) = fake_SaslInitializeSecurityContextW;
    REAL(AcceptSecurityContext) = fake_AcceptSecurityContext;
    REAL(SaslAcceptSecurityContext) = fake_SaslAcceptSecurityContext;
    REAL(CompleteAuthToken) = fake_CompleteAuthToken;
    REAL(ImportSecurityContextA) = fake_ImportSecurityContextA;
    REAL(ImportSecurityContextW) = fake_ImportSecurityContextW;
    REAL(ExportSecurityContext) = fake_ExportSecurityContext;
    REAL(DeleteSecurityContext) = fake_DeleteSecurityContext;
}
