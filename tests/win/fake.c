/*
 * Fake. See fake.h.
 */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"

struct fake fake[FAKE_CONTEXTS];
struct fake_call fake_call[FAKE_CALLS];
unsigned fake_calls, fake_verified, fake_sends, fake_queries, fake_asked, fake_lent;
struct settings fake_settings;
ULONG fake_qop[FAKE_CALLS], fake_longer;
SECURITY_STATUS fake_says[FAKE_CALLS], fake_send, fake_verify, fake_leg;
void (*fake_during)(void), (*fake_during_send)(void), (*fake_during_query)(void);
SecBuffer fake_token;
CtxtHandle fake_value;

static unsigned char key_byte(size_t at)
{
    ULONGLONG x = (at + 11) * 0x9E3779B97F4A7C15u;

    return (unsigned char)((x ^ x >> 29) * 0xBF58476D1CE4E5B9u >> 56);
}

static void crypt_bytes(unsigned char *to, const unsigned char *from, size_t n, size_t at)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] ^ key_byte(at + i);
}

static ULONGLONG checksum(ULONG number, const unsigned char *text, size_t n)
{
    ULONGLONG sum = 0xCBF29CE484222325u ^ number;

    for (size_t i = 0; i < n; i++)
        sum = (sum ^ text[i]) * 0x100000001B3u;
    return sum ^ (ULONGLONG)n << 40;
}

/* The signature over a text that is sealed from `at` on in the key stream. */
static void sign(const struct fake *f, ULONG number, const unsigned char *text, size_t n, size_t at,
                 unsigned char signature[16])
{
    ULONGLONG sum = checksum(number, text, n);
    ULONG words[4] = {1, (ULONG)sum, (ULONG)(sum >> 32), number};

    if (f->kind != FAKE_ESS) {
        words[1] = f->kind == FAKE_PAD ? (ULONG)(sum * 77) | 1 : 0;
        words[2] = (ULONG)(sum ^ sum >> 32);
    }
    memcpy(signature, words, 16);
    if (f->kind != FAKE_ESS)
        crypt_bytes(signature + 8, signature + 8, 8, at + n);
}

/* Key stream bytes of a block. */
static size_t length(const struct fake *f, size_t n)
{
    return n + (f->kind == FAKE_ESS ? 8 : 12);
}

size_t fake_seal(unsigned i, const void *text, size_t n, unsigned char *at)
{
    struct fake *f = &fake[i];
    unsigned char *token = f->token_last ? at + n : at, *data = f->token_last ? at : at + 16;

    sign(f, f->sealed++, text, n, f->seal_at, token);
    crypt_bytes(data, text, n, f->seal_at);
    f->seal_at += length(f, n);
    return n + 16;
}

CtxtHandle fake_handle(unsigned i)
{
    return (CtxtHandle){i, 7};
}

static struct fake *fake_of(PCtxtHandle handle)
{
    return handle && handle->dwUpper == 7 && handle->dwLower < FAKE_CONTEXTS
               ? &fake[handle->dwLower]
               : NULL;
}

static SECURITY_STATUS unseal_in_place(struct fake *f, const unsigned char *token,
                                       unsigned char *data, size_t n)
{
    unsigned char want[16], given[16];
    size_t at = f->unseal_at;

    if (f->unseal)
        return f->unseal(f, token, data, n);
    memcpy(given, token, 16);
    crypt_bytes(data, data, n, at);
    sign(f, f->unsealed++, data, n, at, want);
    f->unseal_at += length(f, n);
    return memcmp(given + 8, want + 8, 8) || (f->kind == FAKE_ESS && memcmp(given, want, 8))
               ? SEC_E_MESSAGE_ALTERED
               : SEC_E_OK;
}

static SECURITY_STATUS open_desc(struct fake *f, PSecBufferDesc desc)
{
    PSecBuffer token = NULL, data = NULL, stream = NULL;

    for (ULONG i = 0; i < desc->cBuffers; i++) {
        PSecBuffer buffer = &desc->pBuffers[i];
        ULONG type = buffer->BufferType & ~SECBUFFER_ATTRMASK;

        if (type == SECBUFFER_TOKEN)
            token = buffer;
        else if (type == SECBUFFER_DATA && (!data || data->BufferType != SECBUFFER_DATA))
            data = buffer; /* the first that is not only signed */
        else if (type == SECBUFFER_STREAM)
            stream = buffer;
    }
    if (stream && data && stream->cbBuffer >= 16) {
        data->pvBuffer = (unsigned char *)stream->pvBuffer + 16;
        data->cbBuffer = stream->cbBuffer - 16;
        return unseal_in_place(f, stream->pvBuffer, data->pvBuffer, data->cbBuffer);
    }
    if (!token || !data)
        return SEC_E_INVALID_TOKEN;
    if (token->cbBuffer < 16)
        return SEC_E_BUFFER_TOO_SMALL;
    if (data->cbBuffer > 0x7FFFFFFF)
        return SEC_E_INVALID_TOKEN;
    return unseal_in_place(f, token->pvBuffer, data->pvBuffer, data->cbBuffer);
}

static SECURITY_STATUS unseal_any(bool old, PCtxtHandle handle, PSecBufferDesc desc, ULONG number,
                                  PULONG qop)
{
    struct fake_call *call = &fake_call[fake_calls % FAKE_CALLS];
    struct fake *f = fake_of(handle);
    ULONG said_qop = fake_qop[fake_calls % FAKE_CALLS];
    SECURITY_STATUS said = fake_says[fake_calls++ % FAKE_CALLS];

    *call = (struct fake_call){.unseal = old, .desc = desc, .number = number, .qop = qop};
    for (ULONG i = 0; desc && desc->pBuffers && i < desc->cBuffers && i < 4; i++, call->elements++)
        call->before[i] = desc->pBuffers[i];
    if (fake_during)
        fake_during();
    if (!f)
        return SEC_E_INVALID_HANDLE;
    if (said)
        return said;
    if (!desc || !desc->pBuffers)
        return SEC_E_INVALID_TOKEN;
    said = f->open ? f->open(f, desc) : open_desc(f, desc);
    for (ULONG i = 0; i < desc->cBuffers && fake_longer; i++)
        if (desc->pBuffers[i].BufferType == SECBUFFER_DATA)
            desc->pBuffers[i].cbBuffer += fake_longer;
    if (said == SEC_E_OK && qop)
        *qop = said_qop;
    return said;
}

static SECURITY_STATUS SEC_ENTRY fake_DecryptMessage(PCtxtHandle handle, PSecBufferDesc desc,
                                                     ULONG number, PULONG qop)
{
    return unseal_any(false, handle, desc, number, qop);
}

static SECURITY_STATUS SEC_ENTRY fake_UnsealMessage(PCtxtHandle handle, PSecBufferDesc desc,
                                                    ULONG number, PULONG qop)
{
    return unseal_any(true, handle, desc, number, qop);
}

static SECURITY_STATUS SEC_ENTRY fake_VerifySignature(PCtxtHandle handle, PSecBufferDesc desc,
                                                      ULONG number, PULONG qop)
{
    (void)desc;
    (void)qop;
    fake_verified++;
    fake_call[0].number = number;
    return fake_of(handle) ? fake_verify : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS SEC_ENTRY fake_Seal(PCtxtHandle handle, ULONG qop, PSecBufferDesc desc,
                                           ULONG number)
{
    (void)qop;
    (void)desc;
    (void)number;
    fake_sends++;
    if (fake_during_send)
        fake_during_send();
    return fake_of(handle) ? fake_send : SEC_E_INVALID_HANDLE;
}

/* The copy of the key that the provider lends; it has to come back wiped. */
static struct span lent_key;

static SECURITY_STATUS lend_key(const struct fake *f, SecPkgContext_SessionKey *to)
{
    fake_asked++;
    if (fake_during_query)
        fake_during_query();
    *to = (SecPkgContext_SessionKey){(ULONG)f->key.n, NULL};
    if (!f->key.n || !f->key.at)
        return f->key.n ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
    lent_key = (struct span){malloc(f->key.n), f->key.n};
    memcpy(lent_key.at, f->key.at, f->key.n);
    to->SessionKey = lent_key.at;
    fake_lent++;
    return SEC_E_OK;
}

static SECURITY_STATUS SEC_ENTRY fake_QueryContextAttributesW(PCtxtHandle handle, ULONG attribute,
                                                              void *to)
{
    struct fake *f = fake_of(handle);

    fake_queries++;
    if (f && attribute == SECPKG_ATTR_SIZES && f->trailer) {
        *(SecPkgContext_Sizes *)to = (SecPkgContext_Sizes){1904, 16, 0, f->trailer};
        return SEC_E_OK;
    }
    if (f && attribute == SECPKG_ATTR_FLAGS && f->flags) {
        ((SecPkgContext_Flags *)to)->Flags = f->flags;
        return SEC_E_OK;
    }
    if (f && attribute == SECPKG_ATTR_NEGOTIATION_INFO && f->package) {
        static SecPkgInfoW info; /* fake_FreeContextBuffer counts that it comes back */

        info = (SecPkgInfoW){.Name = (WCHAR *)(ULONG_PTR)f->package};
        *(SecPkgContext_NegotiationInfoW *)to = (SecPkgContext_NegotiationInfoW){&info, 0};
        fake_lent++;
        return SEC_E_OK;
    }
    if (f && attribute == SECPKG_ATTR_SESSION_KEY)
        return lend_key(f, to);
    return SEC_E_UNSUPPORTED_FUNCTION;
}

static SECURITY_STATUS SEC_ENTRY fake_FreeContextBuffer(void *buffer)
{
    fake_lent--;
    if (buffer == lent_key.at && buffer) {
        for (size_t i = 0; i < lent_key.n; i++)
            fake_lent += lent_key.at[i] != 0; /* not wiped: it will never be 0 again */
        free(buffer);
        lent_key = (struct span){0};
    }
    return SEC_E_OK;
}

const struct settings *config_get(void)
{
    return &fake_settings;
}

void *real_slots[REAL_COUNT];

void fake_reset(enum fake_kind kind)
{
    fake_install_legs();
    REAL(DecryptMessage) = fake_DecryptMessage;
    REAL(UnsealMessage) = fake_UnsealMessage;
    REAL(VerifySignature) = fake_VerifySignature;
    REAL(EncryptMessage) = REAL(SealMessage) = REAL(MakeSignature) = fake_Seal;
    REAL(QueryContextAttributesW) = fake_QueryContextAttributesW;
    REAL(FreeContextBuffer) = fake_FreeContextBuffer;
    fake_settings = settings_default();
    memset(fake_call, 0, sizeof fake_call);
    memset(fake_qop, 0, sizeof fake_qop);
    memset(fake_says, 0, sizeof fake_says);
    fake_calls = fake_verified = fake_sends = fake_queries = fake_asked = fake_lent = 0;
    fake_longer = 0;
    fake_during = fake_during_send = fake_during_query = NULL;
    fake_leg = fake_send = fake_verify = SEC_E_OK;
    fake_token = (SecBuffer){0};
    for (unsigned i = 0; i < FAKE_CONTEXTS; i++) {
        CtxtHandle handle = fake_handle(i);

        shim_DeleteSecurityContext(&handle);
        fake[i] = (struct fake){
            .kind = kind, .flags = ISC_RET_CONFIDENTIALITY, .trailer = 16, .package = L"NTLM"};
    }
}
