/*
 * Provider. See provider.h.
 */
#include "provider.h"

struct provider provider;

static SECURITY_STATUS (*fake_unseal)(PCtxtHandle, PSecBufferDesc, ULONG, PULONG);

static SECURITY_STATUS note(PCtxtHandle handle, PSecBufferDesc desc, ULONG number, PULONG qop)
{
    SECURITY_STATUS status;

    provider.calls++;
    provider.untouched |= desc == provider.desc;
    provider.miscounted |= number != (provider.counts ? provider.number : 0);
    provider.number++;
    for (ULONG i = 0; i < desc->cBuffers; i++)
        if (desc->pBuffers[i].BufferType == SECBUFFER_STREAM ||
            desc->pBuffers[i].BufferType == SECBUFFER_TOKEN ||
            (desc->pBuffers[i].BufferType == SECBUFFER_DATA && desc->pBuffers[i].pvBuffer))
            provider.bytes += desc->pBuffers[i].cbBuffer;
    status = fake_unseal(handle, desc, number, qop);
    if (status != SEC_E_OK)
        provider.bad = status;
    return status;
}

void provider_start(ULONG number)
{
    ULONGLONG bytes = provider.bytes;

    provider = (struct provider){.number = number, .counts = number != 0, .bytes = bytes};
    fake_unseal = REAL(DecryptMessage);
    REAL(DecryptMessage) = note;
}

void provider_watch(PSecBufferDesc desc)
{
    provider.desc = desc;
    provider.calls = 0;
    provider.untouched = false;
}
