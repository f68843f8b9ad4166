/*
 * Fake Kerberos. See fake_krb.h.
 */
#include "fake_krb.h"

#include <stdlib.h>
#include <string.h>

#define CHECK 8 /* bytes of the checksum that decides */

struct krb {
    enum fake_krb_kind kind;
    ULONGLONG seal, next; /* sequence numbers */
};
static struct krb krb[FAKE_CONTEXTS];

static const unsigned char mechanism[11] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                            0xf7, 0x12, 0x01, 0x02, 0x02};
/* TOK_ID, HMAC, RC4, filler. */
static const unsigned char algorithms[8] = {0x02, 0x01, 0x11, 0x00, 0x10, 0x00, 0xff, 0xff};

static unsigned char noise(ULONGLONG number, size_t at)
{
    ULONGLONG x = (number + 3) * 0x9E3779B97F4A7C15u + at * 0xD1B54A32D192ED03u;

    return (unsigned char)((x ^ x >> 29) * 0xBF58476D1CE4E5B9u >> 56);
}

/* Over the text, from its ciphertext. */
static ULONGLONG checksum(ULONGLONG number, const unsigned char *sealed, size_t n)
{
    ULONGLONG sum = 0x84222325CBF29CE4u ^ number * 0x100000001B3u;

    for (size_t i = 0; i < n; i++)
        sum = (sum ^ (unsigned char)(sealed[i] ^ noise(number, i))) * 0x100000001B3u;
    return sum ^ (ULONGLONG)n << 32;
}

static void put_be(unsigned char *at, ULONGLONG value, size_t bytes)
{
    while (bytes--) {
        at[bytes] = (unsigned char)value;
        value >>= 8;
    }
}

/* Bytes of the length in DER's way behind the 60. */
static size_t der_length(size_t n)
{
    return n < 0x80 ? 1 : n < 0x100 ? 2 : n < 0x10000 ? 3 : 4;
}

#define DER_INSIDE (sizeof mechanism + sizeof algorithms + 24) /* number, checksum, confounder */

size_t fake_krb_padding(enum fake_krb_kind kind)
{
    return kind == FAKE_KRB_RC4;
}

/* With the framing of RFC 1964. */
static bool is_der(enum fake_krb_kind kind)
{
    return kind == FAKE_KRB_DER || kind == FAKE_KRB_RC4;
}

size_t fake_krb_token(enum fake_krb_kind kind, size_t n)
{
    if (is_der(kind))
        return 1 + der_length(DER_INSIDE + n + fake_krb_padding(kind)) + DER_INSIDE;
    return kind == FAKE_KRB_DCE ? 76 : 60;
}

/* All of a token in front of its text; the last CHECK bytes of it are the checksum. */
static void write_token(const struct krb *k, ULONGLONG number, size_t n, unsigned char *at)
{
    size_t token = fake_krb_token(k->kind, n), inside = DER_INSIDE + n + fake_krb_padding(k->kind);
    size_t length = der_length(inside);
    unsigned char *end = at + token;

    for (size_t i = 0; i < token; i++)
        at[i] = noise(~number, i);
    if (!is_der(k->kind)) {
        static const unsigned char header[4] = {0x05, 0x04, 0x06, 0xff};

        memcpy(at, header, 4);
        put_be(at + 4, k->kind == FAKE_KRB_DCE ? 16 : 0, 2);
        put_be(at + 6, k->kind == FAKE_KRB_DCE ? 44 : 28, 2);
        put_be(at + 8, number, 8);
        return;
    }
    at[0] = 0x60;
    put_be(at + 1, inside, length);
    if (length > 1)
        at[1] = (unsigned char)(0x80 | (length - 1));
    memcpy(end - DER_INSIDE, mechanism, sizeof mechanism);
    memcpy(end - DER_INSIDE + sizeof mechanism, algorithms, sizeof algorithms);
    put_be(end - 24, number ^ 0x5A5A5A5A5A5A5A5Au, 8);
}

size_t fake_krb_seal(unsigned i, const void *text, size_t n, unsigned char *at)
{
    struct krb *k = &krb[i];
    size_t token = fake_krb_token(k->kind, n);
    const unsigned char *from = text;

    write_token(k, k->seal, n, at);
    for (size_t b = 0; b < n; b++)
        at[token + b] = from[b] ^ noise(k->seal, b);
    put_be(at + token - CHECK, checksum(k->seal, at + token, n), CHECK);
    if (fake_krb_padding(k->kind))
        at[token + n] = 1 ^ noise(k->seal, n);
    k->seal++;
    return token + n + fake_krb_padding(k->kind);
}

void fake_krb_undo(unsigned i)
{
    krb[i].seal--;
}

/* Is this the token of that number? Nothing is changed. */
static bool is_token(const struct krb *k, ULONGLONG number, const unsigned char *at, size_t n,
                     size_t token)
{
    unsigned char want[80];

    write_token(k, number, n - token, want);
    put_be(want + token - CHECK, checksum(number, at + token, n - token), CHECK);
    return memcmp(want, at, token) == 0;
}

static ULONGLONG number_of(const struct krb *k, const unsigned char *at, size_t token)
{
    const unsigned char *field = is_der(k->kind) ? at + token - 24 : at + 8;
    ULONGLONG number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | field[i];
    return is_der(k->kind) ? number ^ 0x5A5A5A5A5A5A5A5Au : number;
}

/* Bytes in front of the text of a token of n bytes without padding, or 0 if there is none. */
static size_t token_in(const struct krb *k, size_t n)
{
    for (size_t token = fake_krb_token(k->kind, 0); token <= 80 && token <= n; token++)
        if (fake_krb_token(k->kind, n - token) == token)
            return token;
    return 0;
}

static SECURITY_STATUS open_token(struct krb *k, const unsigned char *at, size_t n, PSecBuffer data,
                                  size_t room)
{
    size_t padding = fake_krb_padding(k->kind), token;
    ULONGLONG number;

    if (n < padding)
        return SEC_E_INVALID_TOKEN;
    n -= padding;
    token = token_in(k, n);
    if (!token || n - token > room || at[0] != (is_der(k->kind) ? 0x60 : 0x05))
        return SEC_E_INVALID_TOKEN;
    number = number_of(k, at, token);
    if (!is_token(k, number, at, n, token))
        return SEC_E_MESSAGE_ALTERED;
    if (number != k->next) {
        if (number > k->next)
            k->next = number + 1;
        return SEC_E_OUT_OF_SEQUENCE;
    }
    k->next++;
    data->cbBuffer = (ULONG)(n - token);
    for (size_t i = 0; i < n - token; i++)
        ((unsigned char *)data->pvBuffer)[i] = at[token + i] ^ noise(number, i);
    return SEC_E_OK;
}

static PSecBuffer element(PSecBufferDesc desc, ULONG type)
{
    for (ULONG i = 0; i < desc->cBuffers; i++)
        if ((desc->pBuffers[i].BufferType & ~SECBUFFER_ATTRMASK) == type)
            return &desc->pBuffers[i];
    return NULL;
}

/* TOKEN and DATA do not meet: as if the one were in front of the other. */
static SECURITY_STATUS open_apart(struct krb *k, PSecBuffer token, PSecBuffer data)
{
    size_t n = (size_t)token->cbBuffer + data->cbBuffer;
    unsigned char *joint = malloc(n + 1);
    SECURITY_STATUS status = SEC_E_INSUFFICIENT_MEMORY;

    if (joint) {
        memcpy(joint, token->pvBuffer, token->cbBuffer);
        if (data->cbBuffer)
            memcpy(joint + token->cbBuffer, data->pvBuffer, data->cbBuffer);
        status = open_token(k, joint, n, data, data->cbBuffer);
    }
    free(joint);
    return status;
}

static SECURITY_STATUS open_desc(struct fake *f, PSecBufferDesc desc)
{
    PSecBuffer token = element(desc, SECBUFFER_TOKEN), data = element(desc, SECBUFFER_DATA);
    PSecBuffer stream = element(desc, SECBUFFER_STREAM);
    struct krb *k = f->state;
    unsigned char *a, *b;

    if (stream && data) {
        size_t head =
            stream->cbBuffer < 2 ? 0 : token_in(k, stream->cbBuffer - fake_krb_padding(k->kind));

        data->pvBuffer = (unsigned char *)stream->pvBuffer + head;
        return open_token(k, stream->pvBuffer, stream->cbBuffer, data, stream->cbBuffer - head);
    }
    if (!token || !data || !token->cbBuffer)
        return SEC_E_INVALID_TOKEN;
    a = token->pvBuffer;
    b = data->pvBuffer;
    if (data->cbBuffer && b + data->cbBuffer == a)
        return open_token(k, b, (size_t)token->cbBuffer + data->cbBuffer, data, data->cbBuffer);
    if (a + token->cbBuffer == b || data->cbBuffer == 0)
        return open_token(k, a, (size_t)token->cbBuffer + data->cbBuffer, data, data->cbBuffer);
    return open_apart(k, token, data);
}

void fake_krb_install(unsigned i, enum fake_krb_kind kind, ULONGLONG number)
{
    krb[i] = (struct krb){kind, number, number};
    fake[i].open = open_desc;
    fake[i].state = &krb[i];
    fake[i].package = L"Kerberos";
    fake[i].trailer = (ULONG)(fake_krb_token(kind, 0) + fake_krb_padding(kind));
}
