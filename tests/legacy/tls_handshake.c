/*
 * tls_handshake.c: the Schannel client's handshake (tls_client.h) and what can be asked about the
 * context afterwards. Tokens come from the provider's memory (ISC_REQ_ALLOCATE_MEMORY), as most
 * clients do it. Lengths of tokens vary from run to run and are not printed.
 */
#include "tls_client.h"
#include "tls_trace.h"

#include <schannel.h>
#include <stdio.h>

#define TLS_HANDSHAKE_FLAGS                                                                        \
    (ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT | ISC_REQ_CONFIDENTIALITY | ISC_REQ_STREAM |  \
     ISC_REQ_MANUAL_CRED_VALIDATION | ISC_REQ_ALLOCATE_MEMORY)

static TCHAR tls_handshake_package[] = UNISP_NAME;
static TCHAR tls_handshake_target[] = TEXT("localhost");

int tls_client_acquire(struct tls_client *client)
{
    SCHANNEL_CRED how = {.dwVersion = SCHANNEL_CRED_VERSION,
                         .dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_DEFAULT_CREDS};
    PSecPkgInfo package;
    TimeStamp expiry;
    SECURITY_STATUS status = tls_api->QuerySecurityPackageInfo(tls_handshake_package, &package);

    printf("  package: %08lx", status);
    if (!status) {
        printf(", capabilities %lx, token %lu", package->fCapabilities, package->cbMaxToken);
        tls_api->FreeContextBuffer(package);
    }
    status =
        tls_api->AcquireCredentialsHandle(NULL, tls_handshake_package, SECPKG_CRED_OUTBOUND, NULL,
                                          &how, NULL, NULL, &client->credentials, &expiry);
    printf(", acquire: %08lx\n", status);
    return status ? -1 : 0;
}

static int tls_handshake_answer(struct tls_client *client, SecBuffer *token)
{
    int sent = 0;

    if (token->cbBuffer)
        sent = send(client->socket, token->pvBuffer, (int)token->cbBuffer, 0);
    if (token->pvBuffer)
        tls_api->FreeContextBuffer(token->pvBuffer);
    return sent == (int)token->cbBuffer ? 0 : -1;
}

static SECURITY_STATUS tls_handshake_step(struct tls_client *client, bool first)
{
    SecBuffer in[2] = {{(ULONG)client->have, SECBUFFER_TOKEN, client->bytes},
                       {0, SECBUFFER_EMPTY, NULL}};
    SecBuffer out = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc input = {SECBUFFER_VERSION, 2, in}, output = {SECBUFFER_VERSION, 1, &out};
    ULONG flags = 0;
    TimeStamp expiry;
    SECURITY_STATUS status = tls_api->InitializeSecurityContext(
        &client->credentials, first ? NULL : &client->context, tls_handshake_target,
        TLS_HANDSHAKE_FLAGS, 0, 0, first ? NULL : &input, 0, &client->context, &output, &flags,
        &expiry);
    ULONG second = in[1].BufferType;

    printf("  initialize: %08lx, in %s, %s", status, tls_trace_type(in[0].BufferType),
           tls_trace_type(second));
    if (second)
        printf(" %lu", in[1].cbBuffer);
    printf(", out %s, flags %lx\n", out.cbBuffer ? "token" : "nothing", flags);
    if (status >= 0 && tls_handshake_answer(client, &out))
        return SEC_E_INTERNAL_ERROR;
    if (status >= 0 && second == SECBUFFER_EXTRA)
        tls_client_consume(client, client->have - in[1].cbBuffer);
    else if (status >= 0)
        tls_client_consume(client, client->have);
    return status;
}

int tls_client_handshake(struct tls_client *client)
{
    bool quiet = client->style.quiet;
    SECURITY_STATUS status = tls_handshake_step(client, true);

    client->style.quiet = true;
    while (status == SEC_I_CONTINUE_NEEDED || status == SEC_E_INCOMPLETE_MESSAGE) {
        if ((client->have == 0 || status == SEC_E_INCOMPLETE_MESSAGE) && tls_client_receive(client))
            break;
        status = tls_handshake_step(client, false);
    }
    client->style.quiet = quiet;
    return status == SEC_E_OK ? 0 : -1;
}

void tls_client_query(struct tls_client *client)
{
    static const ULONG others[] = {SECPKG_ATTR_SIZES, SECPKG_ATTR_NAMES, SECPKG_ATTR_KEY_INFO,
                                   SECPKG_ATTR_PACKAGE_INFO, SECPKG_ATTR_NEGOTIATION_INFO};
    SecPkgContext_ConnectionInfo info;
    SECURITY_STATUS status =
        tls_api->QueryContextAttributes(&client->context, SECPKG_ATTR_STREAM_SIZES, &client->sizes);

    printf("  sizes: %08lx, header %lu, trailer %lu, message %lu, buffers %lu\n", status,
           client->sizes.cbHeader, client->sizes.cbTrailer, client->sizes.cbMaximumMessage,
           client->sizes.cBuffers);
    status = tls_api->QueryContextAttributes(&client->context, SECPKG_ATTR_CONNECTION_INFO, &info);
    printf("  connection: %08lx, protocol %lx, cipher %x, strength %lu\n", status, info.dwProtocol,
           info.aiCipher, info.dwCipherStrength);
    printf("  attributes:");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        union {
            SecPkgContext_Sizes sizes;
            SecPkgContext_Names names;
            SecPkgContext_KeyInfo key;
            SecPkgContext_PackageInfo package;
            SecPkgContext_NegotiationInfo negotiation;
        } out;

        printf(" %lu %08lx", others[i],
               tls_api->QueryContextAttributes(&client->context, others[i], &out));
    }
    printf("\n");
}
