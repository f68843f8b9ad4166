/*
 * Sspi: as much of it as the face of the shim and the fake providers use, for the host. See the
 * windows.h beside it.
 */
#ifndef MODEL_SSPI_H
#define MODEL_SSPI_H

#include <windows.h>

#define SEC_ENTRY

typedef LONG SECURITY_STATUS;
typedef CHAR SEC_CHAR;
typedef WCHAR SEC_WCHAR;

#define SEC_E_OK                   ((SECURITY_STATUS)0)
#define SEC_E_INSUFFICIENT_MEMORY  ((SECURITY_STATUS)0x80090300)
#define SEC_E_INVALID_HANDLE       ((SECURITY_STATUS)0x80090301)
#define SEC_E_UNSUPPORTED_FUNCTION ((SECURITY_STATUS)0x80090302)
#define SEC_E_INTERNAL_ERROR       ((SECURITY_STATUS)0x80090304)
#define SEC_E_INVALID_TOKEN        ((SECURITY_STATUS)0x80090308)
#define SEC_E_MESSAGE_ALTERED      ((SECURITY_STATUS)0x8009030F)
#define SEC_E_OUT_OF_SEQUENCE      ((SECURITY_STATUS)0x80090310)
#define SEC_E_CONTEXT_EXPIRED      ((SECURITY_STATUS)0x80090317)
#define SEC_E_INCOMPLETE_MESSAGE   ((SECURITY_STATUS)0x80090318)
#define SEC_E_BUFFER_TOO_SMALL     ((SECURITY_STATUS)0x80090321)
#define SEC_E_DECRYPT_FAILURE      ((SECURITY_STATUS)0x80090330)
#define SEC_I_CONTINUE_NEEDED      ((SECURITY_STATUS)0x00090312)
#define SEC_I_COMPLETE_NEEDED      ((SECURITY_STATUS)0x00090313)
#define SEC_I_CONTEXT_EXPIRED      ((SECURITY_STATUS)0x00090317)
#define SEC_I_RENEGOTIATE          ((SECURITY_STATUS)0x00090321)
#define SECQOP_WRAP_NO_ENCRYPT     0x80000001u

#define SECBUFFER_VERSION                0
#define SECBUFFER_EMPTY                  0
#define SECBUFFER_DATA                   1
#define SECBUFFER_TOKEN                  2
#define SECBUFFER_PKG_PARAMS             3
#define SECBUFFER_MISSING                4
#define SECBUFFER_EXTRA                  5
#define SECBUFFER_STREAM_TRAILER         6
#define SECBUFFER_STREAM_HEADER          7
#define SECBUFFER_PADDING                9
#define SECBUFFER_STREAM                 10
#define SECBUFFER_ALERT                  17
#define SECBUFFER_ATTRMASK               0xF0000000u
#define SECBUFFER_READONLY               0x80000000u
#define SECBUFFER_READONLY_WITH_CHECKSUM 0x10000000u

#define SECPKG_ATTR_SIZES                0
#define SECPKG_ATTR_STREAM_SIZES         4
#define SECPKG_ATTR_SESSION_KEY          9
#define SECPKG_ATTR_PACKAGE_INFO         10
#define SECPKG_ATTR_NEGOTIATION_INFO     12
#define SECPKG_ATTR_FLAGS                14
#define ISC_RET_CONFIDENTIALITY          0x00000010
#define ISC_RET_DATAGRAM                 0x00000400
#define ISC_RET_USED_DCE_STYLE           0x00000200
#define SECPKG_CONTEXT_EXPORT_DELETE_OLD 2
#define SECPKG_NEGOTIATION_COMPLETE      0
#define SECPKG_ATTR_SESSION_KEY          9

typedef struct _SecHandle {
    ULONG_PTR dwLower, dwUpper;
} SecHandle, CtxtHandle, CredHandle, *PCtxtHandle, *PCredHandle;

typedef struct _SecBuffer {
    ULONG cbBuffer, BufferType;
    void *pvBuffer;
} SecBuffer, *PSecBuffer;

typedef struct _SecBufferDesc {
    ULONG ulVersion, cBuffers;
    PSecBuffer pBuffers;
} SecBufferDesc, *PSecBufferDesc;

typedef struct _TimeStamp {
    ULONG LowPart;
    LONG HighPart;
} TimeStamp, *PTimeStamp;

typedef struct _SecPkgContext_Sizes {
    ULONG cbMaxToken, cbMaxSignature, cbBlockSize, cbSecurityTrailer;
} SecPkgContext_Sizes;

typedef struct _SecPkgContext_Flags {
    ULONG Flags;
} SecPkgContext_Flags;

typedef struct _SecPkgContext_SessionKey {
    ULONG SessionKeyLength;
    unsigned char *SessionKey;
} SecPkgContext_SessionKey;

typedef struct _SecPkgInfoW {
    ULONG fCapabilities;
    USHORT wVersion, wRPCID;
    ULONG cbMaxToken;
    SEC_WCHAR *Name, *Comment;
} SecPkgInfoW, *PSecPkgInfoW;

typedef struct _SecPkgContext_NegotiationInfoW {
    PSecPkgInfoW PackageInfo;
    ULONG NegotiationState;
} SecPkgContext_NegotiationInfoW;

typedef struct _SecPkgContext_PackageInfoW {
    PSecPkgInfoW PackageInfo;
} SecPkgContext_PackageInfoW;

/* Every function that def/exports.inc hooks, or that the shim calls behind REAL(). */
#define MODEL_INITIALIZE(name, string)                                                             \
    SECURITY_STATUS name(PCredHandle, PCtxtHandle, string, ULONG, ULONG, ULONG, PSecBufferDesc,    \
                         ULONG, PCtxtHandle, PSecBufferDesc, PULONG, PTimeStamp);
MODEL_INITIALIZE(InitializeSecurityContextA, SEC_CHAR *)
MODEL_INITIALIZE(InitializeSecurityContextW, SEC_WCHAR *)
MODEL_INITIALIZE(SaslInitializeSecurityContextA, LPSTR)
MODEL_INITIALIZE(SaslInitializeSecurityContextW, LPWSTR)

#define MODEL_ACCEPT(name)                                                                         \
    SECURITY_STATUS name(PCredHandle, PCtxtHandle, PSecBufferDesc, ULONG, ULONG, PCtxtHandle,      \
                         PSecBufferDesc, PULONG, PTimeStamp);
MODEL_ACCEPT(AcceptSecurityContext)
MODEL_ACCEPT(SaslAcceptSecurityContext)

SECURITY_STATUS ImportSecurityContextA(SEC_CHAR *, PSecBuffer, void *, PCtxtHandle);
SECURITY_STATUS ImportSecurityContextW(SEC_WCHAR *, PSecBuffer, void *, PCtxtHandle);
SECURITY_STATUS ExportSecurityContext(PCtxtHandle, ULONG, PSecBuffer, void **);
SECURITY_STATUS CompleteAuthToken(PCtxtHandle, PSecBufferDesc);
SECURITY_STATUS DeleteSecurityContext(PCtxtHandle);
SECURITY_STATUS QueryContextAttributesA(PCtxtHandle, ULONG, void *);
SECURITY_STATUS QueryContextAttributesW(PCtxtHandle, ULONG, void *);
SECURITY_STATUS FreeContextBuffer(void *);
SECURITY_STATUS DecryptMessage(PCtxtHandle, PSecBufferDesc, ULONG, PULONG);
SECURITY_STATUS EncryptMessage(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
SECURITY_STATUS MakeSignature(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
SECURITY_STATUS VerifySignature(PCtxtHandle, PSecBufferDesc, ULONG, PULONG);
void *InitSecurityInterfaceA(void);
void *InitSecurityInterfaceW(void);

#endif
