/*
 * Send: the calls that seal or sign. They concern a receiver only where NT 4's NTLM draws from one
 * key stream for both directions; anywhere else they go on to the provider at once.
 */
#include "context.h"
#include "ntlm.h"

#define ELEMENTS_MAX 16 /* as of what is received */

/* Bytes of text in a message: one DATA, whatever else; false where that is not all there is to it.
 */
static bool text_of(const SecBufferDesc *desc, size_t *n)
{
    unsigned texts = 0, tokens = 0;

    *n = 0;
    if (!desc || !desc->pBuffers || desc->cBuffers > ELEMENTS_MAX)
        return false;
    for (ULONG i = 0; i < desc->cBuffers; i++) {
        const SecBuffer *buffer = &desc->pBuffers[i];

        switch (buffer->BufferType) {
        case SECBUFFER_DATA:
            texts++;
            *n = buffer->cbBuffer;
            break;
        case SECBUFFER_TOKEN:
            tokens++;
            break;
        case SECBUFFER_EMPTY:
        case SECBUFFER_PADDING:
            break;
        default:
            return false;
        }
    }
    return texts == 1 && tokens == 1;
}

/* The provider's call in between does not hold up anybody, and nobody holds it up. */
#define SEAL(hook, name)                                                                           \
    SECURITY_STATUS SEC_ENTRY hook(PCtxtHandle handle, ULONG quality, PSecBufferDesc desc,         \
                                   ULONG number)                                                   \
    {                                                                                              \
        struct context *context = handle ? context_send(handle) : NULL;                            \
        size_t n = 0;                                                                              \
        bool known = context && text_of(desc, &n) && quality == 0;                                 \
        SECURITY_STATUS status = REAL(name)(handle, quality, desc, number);                        \
                                                                                                   \
        if (context)                                                                               \
            context_sent(context, status == SEC_E_OK && known, n);                                 \
        return status;                                                                             \
    }
SEAL(shim_EncryptMessage, EncryptMessage)
SEAL(shim_SealMessage, SealMessage)

/* A signature takes from the key stream what one behind a text takes. */
SECURITY_STATUS SEC_ENTRY shim_MakeSignature(PCtxtHandle handle, ULONG quality, PSecBufferDesc desc,
                                             ULONG number)
{
    struct context *context = handle ? context_send(handle) : NULL;
    SECURITY_STATUS status = REAL(MakeSignature)(handle, quality, desc, number);

    if (context)
        context_sent(context, status == SEC_E_OK && quality == 0, 0);
    return status;
}
