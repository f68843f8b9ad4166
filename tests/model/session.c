/*
 * Session. See session.h.
 */
#include "session.h"

#include <string.h>

#include "keyed.h"
#include "ntlm.h"
#include "trial_memory.h"
#include "wire.h"

#define CHALLENGE    2
#define AUTHENTICATE 3

static ULONG flags_of(const struct plan *plan)
{
    if (plan->flags)
        return plan->flags;
    return NTLM_SEAL | (plan->framing == PLAN_ESS ? NTLM_ESS : 0);
}

/* A handshake message with these flags, as a token. */
static SecBuffer message(unsigned char type, ULONG flags)
{
    static unsigned char token[64];

    memset(token, 0, sizeof token);
    memcpy(token, "NTLMSSP", 8);
    token[8] = type;
    memcpy(token + (type == CHALLENGE ? 20 : 60), &flags, sizeof flags);
    return (SecBuffer){sizeof token, SECBUFFER_TOKEN, token};
}

static void shake_hands(const struct plan *plan, unsigned i)
{
    CtxtHandle handle = fake_handle(i), *known = NULL;
    SecBuffer said, heard;
    SecBufferDesc out = {SECBUFFER_VERSION, 1, &said}, in = {SECBUFFER_VERSION, 1, &heard};

    fake_value = handle;
    if (plan->server) {
        fake_leg = SEC_I_CONTINUE_NEEDED;
        fake_token = message(CHALLENGE, flags_of(plan));
        shim_AcceptSecurityContext(NULL, NULL, NULL, 0, 0, &handle, &out, NULL, NULL);
        fake_leg = SEC_E_OK;
        fake_token = (SecBuffer){0};
        heard = message(AUTHENTICATE, flags_of(plan));
        known = &handle;
        shim_AcceptSecurityContext(NULL, known, &in, 0, 0, &handle, NULL, NULL, NULL);
        return;
    }
    fake_token = message(AUTHENTICATE, flags_of(plan));
    if (!plan_is_ntlm(plan))
        fake_token.cbBuffer = 0;
    shim_InitializeSecurityContextW(NULL, NULL, NULL, 0, 0, 0, NULL, 0, &handle, &out, NULL, NULL);
}

void session_begin(const struct plan *plan)
{
    if (!plan->unseen)
        shake_hands(plan, WIRE_CONTEXT);
}

const char *session_prove(const struct plan *plan)
{
    static uint32_t proven[64];
    static unsigned ways;
    unsigned char block[20];
    CtxtHandle handle = fake_handle(WIRE_CONTEXT + 1);
    SecBuffer parts[2] = {{16, SECBUFFER_TOKEN, block}, {4, SECBUFFER_DATA, block + 16}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, parts};
    SECURITY_STATUS status;

    for (unsigned i = 0; i < ways; i++)
        if (proven[i] == plan->flags)
            return NULL;
    if (ways == sizeof proven / sizeof *proven)
        return trial_wrong("more kinds of flags than there are");
    keyed_install(WIRE_CONTEXT + 1, plan);
    fake[WIRE_CONTEXT + 1].token_last = false;
    keyed_seal(WIRE_CONTEXT + 1, (const unsigned char *)"text", 4, block);
    shake_hands(plan, WIRE_CONTEXT + 1);
    status = shim_DecryptMessage(&handle, &desc, 0, NULL);
    shim_DeleteSecurityContext(&handle);
    if (status != SEC_E_OK || memcmp(block + 16, "text", 4) != 0)
        return trial_wrong("the first block of its kind: %08x", (unsigned)status);
    proven[ways++] = plan->flags;
    return NULL;
}

/* Every third one is only signed. */
size_t session_text(const struct plan *plan, unsigned i)
{
    return (plan->seed + i) % 3 ? (plan->seed / 3 + 7 * i) % 90 : 0;
}

void session_send(const struct plan *plan, unsigned i)
{
    static unsigned char text[90], token[16];
    CtxtHandle handle = fake_handle(WIRE_CONTEXT);
    SecBuffer parts[2] = {{16, SECBUFFER_TOKEN, token},
                          {(ULONG)session_text(plan, i), SECBUFFER_DATA, text}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, parts};

    switch ((plan->seed + i) % 3) {
    case 0:
        shim_MakeSignature(&handle, 0, &desc, i);
        break;
    case 1:
        shim_EncryptMessage(&handle, 0, &desc, i);
        break;
    default:
        shim_SealMessage(&handle, 0, &desc, i);
    }
}

void session_before_read(const struct plan *plan, const struct wire *wire, unsigned i, size_t at)
{
    unsigned block = wire_block_at(wire, at);

    if (plan->flags && plan->framing == PLAN_ESS && plan->sends >> i % 64 & 1)
        session_send(plan, i);
    if (block < wire->blocks && wire->block[block].start == at && plan_sends(plan, block))
        session_send(plan, block);
}
