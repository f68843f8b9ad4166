/*
 * Keyed. See keyed.h.
 */
#include "keyed.h"

#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "sealer.h"

static struct keyed {
    unsigned char key[16];
    struct sealer peer, before; /* the peer's end; as it was before its last message */
    struct sealer opens, seals; /* the program's; of one stream only the former is used */
} keyed[FAKE_CONTEXTS];

static unsigned char sealed[PLAN_TEXT + 16];

static SECURITY_STATUS unseal(struct fake *f, const unsigned char token[16], unsigned char *data,
                              size_t n)
{
    struct keyed *k = f->state;

    return sealer_open(&k->opens, token, data, n) ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

/* The program's n bytes of text; a signature draws from the stream what one behind a text does. */
static SECURITY_STATUS seal(const CtxtHandle *handle, const unsigned char *text, size_t n)
{
    struct keyed *k = &keyed[handle->dwLower];

    sealer_seal(k->opens.ess ? &k->seals : &k->opens, (struct span){(unsigned char *)text, n},
                sealed);
    return SEC_E_OK;
}

static SECURITY_STATUS SEC_ENTRY encrypt(PCtxtHandle handle, ULONG quality, PSecBufferDesc desc,
                                         ULONG number)
{
    (void)quality, (void)number;
    return seal(handle, desc->pBuffers[1].pvBuffer, desc->pBuffers[1].cbBuffer);
}

static SECURITY_STATUS SEC_ENTRY sign(PCtxtHandle handle, ULONG quality, PSecBufferDesc desc,
                                      ULONG number)
{
    (void)quality, (void)number, (void)desc;
    return seal(handle, NULL, 0);
}

void keyed_install(unsigned i, const struct plan *plan)
{
    struct dice dice = dice_of(plan->seed + i);
    struct keyed *k = &keyed[i];

    for (size_t b = 0; b < sizeof k->key; b++)
        k->key[b] = (unsigned char)dice_next(&dice);
    sealer_begin(&k->peer, plan->flags, k->key, !plan->server);
    k->opens = k->peer;
    sealer_begin(&k->seals, plan->flags, k->key, plan->server);
    fake[i].unseal = unseal;
    fake[i].state = k;
    fake[i].key = (struct span){k->key, sizeof k->key};
    REAL(EncryptMessage) = REAL(SealMessage) = encrypt;
    REAL(MakeSignature) = sign;
}

void keyed_seal(unsigned i, const unsigned char *text, size_t n, unsigned char *at)
{
    bool last = fake[i].token_last;

    keyed[i].before = keyed[i].peer;
    sealer_seal(&keyed[i].peer, (struct span){(unsigned char *)text, n}, sealed);
    memcpy(last ? at + n : at, sealed, 16);
    memcpy(last ? at : at + 16, sealed + 16, n);
}

void keyed_undo(unsigned i)
{
    keyed[i].peer = keyed[i].before;
}

void keyed_pass(unsigned i, size_t n)
{
    static unsigned char text[PLAN_TEXT];

    sealer_seal(&keyed[i].peer, (struct span){text, n}, sealed);
}
