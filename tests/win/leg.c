/*
 * Leg. See leg.h.
 */
#include "leg.h"

#include <string.h>

#define INITIALIZE(name)                                                                           \
    static SECURITY_STATUS call_##name(PCtxtHandle old, PSecBufferDesc in, PCtxtHandle new,        \
                                       PSecBufferDesc out)                                         \
    {                                                                                              \
        return shim_##name(NULL, old, NULL, 0, 0, 0, in, 0, new, out, NULL, NULL);                 \
    }
#define ACCEPT(name)                                                                               \
    static SECURITY_STATUS call_##name(PCtxtHandle old, PSecBufferDesc in, PCtxtHandle new,        \
                                       PSecBufferDesc out)                                         \
    {                                                                                              \
        return shim_##name(NULL, old, in, 0, 0, new, out, NULL, NULL);                             \
    }
INITIALIZE(InitializeSecurityContextA)
INITIALIZE(InitializeSecurityContextW)
INITIALIZE(SaslInitializeSecurityContextA)
INITIALIZE(SaslInitializeSecurityContextW)
ACCEPT(AcceptSecurityContext)
ACCEPT(SaslAcceptSecurityContext)

const leg_fn leg_calls[LEG_CALLS] = {
    call_InitializeSecurityContextA,     call_InitializeSecurityContextW,
    call_SaslInitializeSecurityContextA, call_SaslInitializeSecurityContextW,
    call_AcceptSecurityContext,          call_SaslAcceptSecurityContext,
};

static struct leg_token message(unsigned char type, size_t flags_at, ULONG flags)
{
    struct leg_token token = {(ULONG)flags_at + 4, "NTLMSSP"};

    token.bytes[8] = type;
    memcpy(token.bytes + flags_at, &flags, 4);
    return token;
}

struct leg_token leg_challenge(ULONG flags)
{
    return message(2, 20, flags);
}

struct leg_token leg_authenticate(ULONG flags)
{
    return message(3, 60, flags);
}

struct leg_token leg_wrapped(struct leg_token message)
{
    struct leg_token token = {message.n + 8, {0xA1, 0, 0x30, 0, 0xA2, 0, 0x04, 0}};

    memcpy(token.bytes + 8, message.bytes, message.n);
    for (unsigned i = 1; i < 8; i += 2)
        token.bytes[i] = (unsigned char)(token.n - i - 1);
    return token;
}

SECURITY_STATUS leg_run(unsigned call, PCtxtHandle handle, bool first, const struct leg_token *in,
                        SECURITY_STATUS status, const struct leg_token *out)
{
    SecBuffer heard = {0}, said = {0};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &heard}, output = {SECBUFFER_VERSION, 1, &said};

    if (in)
        heard = (SecBuffer){in->n, SECBUFFER_TOKEN, (void *)(ULONG_PTR)in->bytes};
    fake_token = (SecBuffer){0};
    if (out)
        fake_token = (SecBuffer){out->n, SECBUFFER_TOKEN, (void *)(ULONG_PTR)out->bytes};
    fake_leg = status;
    return leg_calls[call](first ? NULL : handle, in ? &input : NULL, handle, &output);
}

CtxtHandle leg_connect(unsigned call, ULONG flags)
{
    struct leg_token token = leg_authenticate(flags);
    bool server = call >= LEG_ACCEPT;
    CtxtHandle handle;

    fake_value = handle = fake_handle(1);
    leg_run(call, &handle, true, NULL, SEC_I_CONTINUE_NEEDED, NULL);
    leg_run(call, &handle, false, server ? &token : NULL, SEC_E_OK, server ? NULL : &token);
    return handle;
}
