/*
 * Fake_tls. See fake_tls.h.
 */
#include "fake_tls.h"

#include <string.h>

#define MAC (FAKE_TLS_TRAILER - 1)

static struct tls {
    ULONG sealed, opened; /* records so far */
    bool step_due;
    SECURITY_STATUS dead;
} tls[FAKE_CONTEXTS];

static void mask(unsigned char *bytes, size_t n, ULONG number)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] ^= (unsigned char)(((number + 3) * 40503u + i * 2246822519u) >> 11);
}

static void make_mac(const unsigned char *bytes, size_t n, ULONG number, unsigned char mac[MAC])
{
    ULONGLONG sum[2] = {number + 1, ~(ULONGLONG)n};

    for (size_t i = 0; i < n; i++) {
        sum[0] = (sum[0] + bytes[i]) * 0x9E3779B97F4A7C15u;
        sum[1] = (sum[1] ^ sum[0] >> 29) * 0xBF58476D1CE4E5B9u;
    }
    memcpy(mac, sum, MAC);
}

/* A record's bytes behind its header, as the header says. */
static size_t body_of(const unsigned char *header)
{
    return (size_t)header[3] << 8 | header[4];
}

/* All elements are there, and just so. */
static bool laid_out(const SecBufferDesc *desc)
{
    if (desc->cBuffers < 4 || desc->pBuffers[0].BufferType != SECBUFFER_DATA)
        return false;
    for (ULONG i = 1; i < desc->cBuffers; i++)
        if (desc->pBuffers[i].BufferType != SECBUFFER_EMPTY)
            return false;
    return true;
}

static SECURITY_STATUS miss(PSecBuffer a, size_t n)
{
    for (int i = 0; i < 2; i++) {
        a[i].BufferType = SECBUFFER_MISSING;
        a[i].cbBuffer = (ULONG)n;
    }
    return SEC_E_INCOMPLETE_MESSAGE;
}

/* Where a record of this length was, its parts and what is behind it. */
static void tell(PSecBuffer a, unsigned char *at, size_t n, size_t behind)
{
    ULONG text = (ULONG)(n - FAKE_TLS_HEADER - FAKE_TLS_TRAILER);

    a[0] = (SecBuffer){FAKE_TLS_HEADER, SECBUFFER_STREAM_HEADER, at};
    a[1] = (SecBuffer){text, SECBUFFER_DATA, at + FAKE_TLS_HEADER};
    a[2] = (SecBuffer){FAKE_TLS_TRAILER, SECBUFFER_STREAM_TRAILER, at + FAKE_TLS_HEADER + text};
    a[3] = (SecBuffer){(ULONG)behind, behind ? SECBUFFER_EXTRA : SECBUFFER_EMPTY,
                       behind ? at + n : NULL};
}

static SECURITY_STATUS open_record(struct tls *t, PSecBuffer a)
{
    unsigned char *at = a[0].pvBuffer, mac[MAC];
    size_t have = a[0].cbBuffer, n, sealed;

    if (have < FAKE_TLS_HEADER)
        return miss(a, FAKE_TLS_HEADER - have);
    n = FAKE_TLS_HEADER + body_of(at);
    if (at[0] != 23 || n < FAKE_TLS_HEADER + FAKE_TLS_TRAILER)
        return t->dead = SEC_E_DECRYPT_FAILURE;
    if (have < n)
        return miss(a, n - have);
    sealed = n - FAKE_TLS_HEADER - MAC;
    mask(at + FAKE_TLS_HEADER, sealed, t->opened);
    make_mac(at + FAKE_TLS_HEADER, sealed, t->opened++, mac);
    if (memcmp(mac, at + n - MAC, MAC))
        return t->dead = SEC_E_DECRYPT_FAILURE;
    tell(a, at, n, have - n);
    switch (at[n - FAKE_TLS_TRAILER]) {
    case FAKE_TLS_TICKET:
        t->step_due = true;
        return SEC_I_RENEGOTIATE;
    case FAKE_TLS_CLOSE:
        return t->dead = SEC_I_CONTEXT_EXPIRED;
    default:
        return SEC_E_OK;
    }
}

static SECURITY_STATUS tls_open(struct fake *f, PSecBufferDesc desc)
{
    struct tls *t = f->state;

    if (!laid_out(desc))
        return SEC_E_INVALID_TOKEN;
    if (t->dead)
        return t->dead;
    return t->step_due ? (SECURITY_STATUS)SEC_E_CONTEXT_EXPIRED : open_record(t, desc->pBuffers);
}

void fake_tls_make(unsigned i)
{
    tls[i] = (struct tls){0};
    fake[i].open = tls_open;
    fake[i].state = &tls[i];
    fake[i].trailer = 0;
    fake[i].flags = ISC_RET_CONFIDENTIALITY | ISC_RET_STREAM;
    fake[i].package = L"Microsoft Unified Security Protocol Provider";
}

size_t fake_tls_seal(unsigned i, enum fake_tls_kind kind, const void *text, size_t n,
                     unsigned char *at)
{
    struct tls *t = &tls[i];
    unsigned char *body = at + FAKE_TLS_HEADER;
    size_t after = n + FAKE_TLS_TRAILER;

    memcpy(at, (unsigned char[]){23, 3, 3, (unsigned char)(after >> 8), (unsigned char)after}, 5);
    memcpy(body, text, n);
    body[n] = (unsigned char)kind;
    make_mac(body, n + 1, t->sealed, body + n + 1);
    mask(body, n + 1, t->sealed++);
    return FAKE_TLS_HEADER + after;
}

void fake_tls_step(unsigned i)
{
    tls[i].step_due = false;
}
