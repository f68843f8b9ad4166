/*
 * null_provider.c: see null_provider.h. Takes the place of stubs.o, whose real_slots lead to the
 * system's DLL; the linker's --wrap puts the counting memory_take before the shim's.
 */
#include "null_provider.h"

#include "memory.h"
#include "ntlm.h"

#define NULL_UPPER 0x7B54C3A0u /* the package's word of every handle */

unsigned long null_allocations;

static CtxtHandle null_next; /* what the provider calls the next context */

static SECURITY_STATUS SEC_ENTRY null_initialize(PCredHandle credential, PCtxtHandle context,
                                                 SEC_CHAR *target, ULONG request, ULONG reserved1,
                                                 ULONG representation, PSecBufferDesc input,
                                                 ULONG reserved2, PCtxtHandle new_context,
                                                 PSecBufferDesc output, PULONG attributes,
                                                 PTimeStamp expiry)
{
    (void)credential, (void)context, (void)target, (void)request, (void)reserved1;
    (void)representation, (void)input, (void)reserved2, (void)output, (void)attributes;
    (void)expiry;
    *new_context = null_next;
    return SEC_E_OK;
}

static SECURITY_STATUS SEC_ENTRY null_delete(PCtxtHandle context)
{
    (void)context;
    return SEC_E_OK;
}

static SECURITY_STATUS SEC_ENTRY null_unseal(PCtxtHandle context, PSecBufferDesc desc, ULONG number,
                                             PULONG quality)
{
    (void)context, (void)desc, (void)number, (void)quality;
    return SEC_E_OK;
}

void *real_slots[REAL_COUNT] = {
    [REAL_InitializeSecurityContextA] = (void *)null_initialize,
    [REAL_DeleteSecurityContext] = (void *)null_delete,
    [REAL_DecryptMessage] = (void *)null_unseal,
};

/* Names that --wrap=memory_take gives. */
void *__real_memory_take(size_t n);
void *__wrap_memory_take(size_t n);

void *__wrap_memory_take(size_t n)
{
    null_allocations++;
    return __real_memory_take(n);
}

CtxtHandle null_handle(ULONG_PTR lower)
{
    return (CtxtHandle){.dwLower = lower, .dwUpper = NULL_UPPER};
}

bool null_birth(ULONG_PTR lower)
{
    /* An AUTHENTICATE message with the flags at 60, as [MS-NLMP] 2.2.1.3 has them. */
    static unsigned char message[64] = "NTLMSSP\0\3";
    SecBuffer token = {sizeof message, SECBUFFER_TOKEN, message};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &token};
    uint32_t flags = NTLM_SEAL | NTLM_ESS;
    CtxtHandle context;

    memcpy(message + 60, &flags, sizeof flags);
    null_next = null_handle(lower);
    return shim_InitializeSecurityContextA(NULL, NULL, NULL, 0, 0, 0, NULL, 0, &context, &output,
                                           NULL, NULL) == SEC_E_OK &&
           context.dwLower == lower;
}

void null_death(ULONG_PTR lower)
{
    CtxtHandle context = null_handle(lower);

    shim_DeleteSecurityContext(&context);
}

void null_block(unsigned char *at, size_t size, unsigned number)
{
    static const unsigned char version[4] = {NTLM_VERSION};
    static uint32_t random = 2463534242u;

    for (size_t i = 0; i < NTLM_SIGNATURE + size; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        at[i] = (unsigned char)(random >> 24);
    }
    memcpy(at, version, sizeof version);
    memcpy(at + NTLM_NUMBER_AT, &number, sizeof number);
}
