/*
 * Lifecycle: the calls that give a context's handle its value or take it away. They go on to the
 * provider as they came; what is learned is learned from what they leave behind.
 *
 * The input value is saved before the call, because phContext and phNewContext may be one variable
 * and the value may change from leg to leg (NTLM and Kerberos under Wine).
 */
#include "context.h"
#include "key.h"
#include "ntlm.h"

#define ELEMENTS_MAX 16
#define TOKEN_MAX    0x10000 /* more than any token that holds an NTLM message near its start */

/* The NegotiateFlags of an NTLM message among the tokens of a descriptor, or those known before. */
static ULONG read_tokens(const SecBufferDesc *desc, ULONG known)
{
    if (!desc || !desc->pBuffers || desc->cBuffers > ELEMENTS_MAX)
        return known;
    for (ULONG i = 0; i < desc->cBuffers; i++) {
        const SecBuffer *buffer = &desc->pBuffers[i];
        struct span token = {buffer->pvBuffer, buffer->cbBuffer};
        uint32_t flags;

        if ((buffer->BufferType & ~SECBUFFER_ATTRMASK) == SECBUFFER_TOKEN && token.at &&
            ntlm_flags(span_head(token, TOKEN_MAX), &flags))
            known = flags;
    }
    return known;
}

/* Which end of the connection the program is, where the call tells that. */
enum side { SIDE_CLIENT, SIDE_SERVER, SIDE_EITHER };

struct leg {
    enum side side;
    bool continued;   /* phContext named a context */
    CtxtHandle value; /* its value before the call */
};

static struct leg leg_begin(enum side side, const CtxtHandle *context)
{
    return context ? (struct leg){side, true, *context} : (struct leg){.side = side};
}

/* The handshake is over, and all messages are still to come. */
static struct exact *ask_key(const struct leg *leg, const CtxtHandle *context, ULONG flags)
{
    if (leg->side == SIDE_EITHER)
        return NULL;
    return key_ask(context, flags, leg->side == SIDE_CLIENT ? SEALING_SERVER : SEALING_CLIENT);
}

/* After a leg: if the provider went along, the handle it gave is a context with a fresh start. */
static SECURITY_STATUS leg_end(const struct leg *leg, SECURITY_STATUS status,
                               const CtxtHandle *context, const SecBufferDesc *input,
                               const SecBufferDesc *output)
{
    struct birth birth = {.from = leg->continued ? &leg->value : NULL};

    /* Without a new handle the old one goes on. */
    if (!context && leg->continued)
        context = &leg->value;
    if (status < 0 || !context)
        return status;
    /* A first leg has no NTLM message with final flags in its input, and may have garbage there. */
    if (leg->continued)
        birth.flags = read_tokens(input, context_flags(&leg->value, &birth.used));
    birth.flags = read_tokens(output, birth.flags);
    if (status == SEC_E_OK && birth.flags && !birth.used)
        birth.exact = ask_key(leg, context, birth.flags);
    context_born(context, &birth);
    return status;
}

/* The calls of one family differ in their names and in the characters of the target alone. */

#define INITIALIZE(hook, name, string)                                                             \
    SECURITY_STATUS SEC_ENTRY hook(PCredHandle credential, PCtxtHandle context, string target,     \
                                   ULONG request, ULONG reserved1, ULONG representation,           \
                                   PSecBufferDesc input, ULONG reserved2, PCtxtHandle new_context, \
                                   PSecBufferDesc output, PULONG attributes, PTimeStamp expiry)    \
    {                                                                                              \
        struct leg leg = leg_begin(SIDE_CLIENT, context);                                          \
        SECURITY_STATUS status =                                                                   \
            REAL(name)(credential, context, target, request, reserved1, representation, input,     \
                       reserved2, new_context, output, attributes, expiry);                        \
                                                                                                   \
        return leg_end(&leg, status, new_context, input, output);                                  \
    }
INITIALIZE(shim_InitializeSecurityContextA, InitializeSecurityContextA, SEC_CHAR *)
INITIALIZE(shim_InitializeSecurityContextW, InitializeSecurityContextW, SEC_WCHAR *)
INITIALIZE(shim_SaslInitializeSecurityContextA, SaslInitializeSecurityContextA, LPSTR)
INITIALIZE(shim_SaslInitializeSecurityContextW, SaslInitializeSecurityContextW, LPWSTR)

#define ACCEPT(hook, name)                                                                         \
    SECURITY_STATUS SEC_ENTRY hook(PCredHandle credential, PCtxtHandle context,                    \
                                   PSecBufferDesc input, ULONG request, ULONG representation,      \
                                   PCtxtHandle new_context, PSecBufferDesc output,                 \
                                   PULONG attributes, PTimeStamp expiry)                           \
    {                                                                                              \
        struct leg leg = leg_begin(SIDE_SERVER, context);                                          \
        SECURITY_STATUS status = REAL(name)(credential, context, input, request, representation,   \
                                            new_context, output, attributes, expiry);              \
                                                                                                   \
        return leg_end(&leg, status, new_context, input, output);                                  \
    }
ACCEPT(shim_AcceptSecurityContext, AcceptSecurityContext)
ACCEPT(shim_SaslAcceptSecurityContext, SaslAcceptSecurityContext)

#define IMPORT(hook, name, string)                                                                 \
    SECURITY_STATUS SEC_ENTRY hook(string package, PSecBuffer packed, void *token,                 \
                                   PCtxtHandle context)                                            \
    {                                                                                              \
        struct leg leg = leg_begin(SIDE_EITHER, NULL);                                             \
        SECURITY_STATUS status = REAL(name)(package, packed, token, context);                      \
                                                                                                   \
        return leg_end(&leg, status, context, NULL, NULL);                                         \
    }
IMPORT(shim_ImportSecurityContextA, ImportSecurityContextA, SEC_CHAR *)
IMPORT(shim_ImportSecurityContextW, ImportSecurityContextW, SEC_WCHAR *)

/* The last word of a handshake whose leg said SEC_I_COMPLETE_NEEDED. */
SECURITY_STATUS SEC_ENTRY shim_CompleteAuthToken(PCtxtHandle context, PSecBufferDesc token)
{
    struct leg leg = leg_begin(SIDE_EITHER, context);

    return leg_end(&leg, REAL(CompleteAuthToken)(context, token), context, token, NULL);
}

SECURITY_STATUS SEC_ENTRY shim_ExportSecurityContext(PCtxtHandle context, ULONG flags,
                                                     PSecBuffer packed, void **token)
{
    struct leg leg = leg_begin(SIDE_EITHER, context);
    SECURITY_STATUS status = REAL(ExportSecurityContext)(context, flags, packed, token);

    if (status >= 0 && leg.continued && flags & SECPKG_CONTEXT_EXPORT_DELETE_OLD)
        context_died(&leg.value);
    return status;
}

/*
 * The context is forgotten before the provider lets go of the value: afterwards another thread may
 * already have been given the same value for a new one.
 */
SECURITY_STATUS SEC_ENTRY shim_DeleteSecurityContext(PCtxtHandle context)
{
    if (context)
        context_died(context);
    return REAL(DeleteSecurityContext)(context);
}
