/*
 * Inner: the calls of the provider. One with the caller's own descriptor, or one for one block of
 * several, or for one put together.
 */
#include "bytes.h"
#include "count.h"
#include "exact.h"
#include "kerberos.h"
#include "memory.h"
#include "ntlm.h"
#include "unseal.h"

/* The provider has been given a block, or an I/O for one, of n bytes with its token. */
static void tell_exact(const struct context *context, size_t n, SECURITY_STATUS status)
{
    struct exact *exact = context ? context->rule.exact : NULL;

    if (exact && status == SEC_E_OK && n >= NTLM_SIGNATURE)
        exact_unsealed(exact, n);
    else if (exact)
        exact_retire(exact);
}

/*
 * Bytes of the block that the provider takes from the I/O: of a TOKEN no more than a signature, and
 * nothing of PADDING. 0 where the shape does not tell.
 */
static size_t io_size(const struct secbuf *io)
{
    if (io->shape == SECBUF_STREAM)
        return io->input.n;
    return io->shape == SECBUF_MESSAGE ? NTLM_SIGNATURE + (size_t)io->data->cbBuffer : 0;
}

SECURITY_STATUS unseal_pass(struct unseal *unseal)
{
    struct context *context = unseal->context;
    size_t n = io_size(&unseal->io);
    ULONG number = unseal->number;
    SECURITY_STATUS status;

    if (number && context)
        number += context->drift;
    status = unseal->provider(unseal->handle, unseal->desc, number, unseal->qop);
    tell_exact(context, n, status);
    if (unseal->again && context) {
        hold_consume(&context->held, unseal->io.input.n);
        context->told = context->held.n;
    }
    if (unseal->first && context)
        context->first = 0;
    count_add(COUNT_UNTOUCHED, 1);
    if (status == SEC_E_MESSAGE_ALTERED)
        count_add(COUNT_ALTERED, 1);
    return status;
}

/*
 * Bytes of the block's token. That of an RFC 1964 token grows with the octets of its length; where
 * it comes last (plain Kerberos under Wine 8, whose provider puts both together again) RC4's one
 * byte of padding belongs to it.
 */
static size_t token_size(const struct unseal *unseal, struct span block)
{
    bool last = unseal->io.order == FRAME_TOKEN_LAST;
    size_t size = NTLM_SIGNATURE;

    if (unseal->rule.kind == FRAME_KERBEROS && block.n > 1 && block.at[0] == KERBEROS_DER)
        size = KERBEROS_DER_TOKEN + (block.at[1] < 0x80 ? 1u : 1u + (block.at[1] & 0x7F)) + last;
    else if (unseal->rule.kind == FRAME_KERBEROS)
        size = unseal->rule.token;
    return size < block.n ? size : block.n;
}

/* Is the I/O this block and nothing else? Then the caller's cut between token and data stands. */
static bool as_presented(const struct unseal *unseal, struct span block)
{
    return unseal->placed == 0 && block.at == unseal->io.input.at && block.n == unseal->io.input.n;
}

/* The two elements of one provider call, in the caller's order; gives the DATA one. */
static PSecBuffer lay_out(const struct unseal *unseal, struct span block, SecBuffer inner[2])
{
    const struct secbuf *io = &unseal->io;
    PSecBuffer first = io->shape == SECBUF_STREAM ? io->stream : io->token;
    PSecBuffer token = &inner[first > io->data], data = &inner[first < io->data];
    size_t size = token_size(unseal, block);
    struct span head = span_head(block, size), rest = span_rest(block, size);

    *token = *first;
    *data = *io->data;
    if (io->shape == SECBUF_STREAM) {
        head = block;
    } else if (as_presented(unseal, block)) {
        return data;
    } else if (io->order == FRAME_TOKEN_LAST) {
        rest = span_head(block, block.n - size);
        head = span_rest(block, rest.n);
    } else if (io->order == FRAME_TOKEN_APART && !unseal->block.kept && unseal->placed == 0) {
        head = secbuf_span(first);
        rest = block;
    }
    token->pvBuffer = head.at;
    token->cbBuffer = (ULONG)head.n;
    if (io->shape == SECBUF_MESSAGE) {
        data->pvBuffer = rest.at;
        data->cbBuffer = (ULONG)rest.n;
    }
    return data;
}

/*
 * The plaintext of a provider's answer, never more than fits where its ciphertext was: Wine 8's
 * Kerberos leaves cbBuffer as it came, even where the plaintext is shorter.
 */
static struct span plaintext_in(struct span ciphertext, const SecBuffer *data)
{
    ULONG_PTR at = (ULONG_PTR)data->pvBuffer - (ULONG_PTR)ciphertext.at;
    struct span plain = secbuf_span(data);

    if (!plain.at)
        return (struct span){ciphertext.at, 0};
    return span_head(plain, at <= ciphertext.n ? ciphertext.n - at : ciphertext.n);
}

static void join_qop(struct unseal *unseal, ULONG qop)
{
    if (unseal->unsealed == 0 || qop == SECQOP_WRAP_NO_ENCRYPT)
        unseal->qop_joint = qop;
}

/* The call itself; what it did to sequence numbers is for the caller to count. */
static SECURITY_STATUS call(struct unseal *unseal, struct span block, struct span *ciphertext,
                            struct span *plain)
{
    SecBuffer inner[2];
    SecBufferDesc desc = {unseal->desc->ulVersion, 2, inner};
    PSecBuffer data = lay_out(unseal, block, inner);
    ULONG number = unseal->number, qop = unseal->qop ? *unseal->qop : 0;
    SECURITY_STATUS status;

    *ciphertext = unseal->io.shape == SECBUF_STREAM ? block : secbuf_span(data);
    if (number)
        number += unseal->context->drift + unseal->calls;
    status = unseal->provider(unseal->handle, &desc, number, unseal->qop ? &qop : NULL);
    if (status == SEC_E_OK) {
        *plain = plaintext_in(*ciphertext, data);
        join_qop(unseal, qop);
    }
    return status;
}

SECURITY_STATUS unseal_block(struct unseal *unseal, struct span *plain)
{
    struct span ciphertext;
    size_t token = unseal->io.shape == SECBUF_STREAM ? 0 : NTLM_SIGNATURE;
    SECURITY_STATUS status = call(unseal, unseal->block.bytes, &ciphertext, plain);

    tell_exact(unseal->context, token + ciphertext.n, status);
    unseal->calls++;
    unseal->blocks++;
    unseal->placed += !unseal->block.kept;
    if (status != SEC_E_OK) {
        /* What lies there now may be plaintext that nobody has vouched for. */
        bytes_wipe(ciphertext.at, ciphertext.n);
        count_add(COUNT_ALTERED, 1);
        return status;
    }
    unseal->unsealed++;
    return SEC_E_OK;
}

/* The copy takes the block's place in memory only for the call: what it gave is copied back. */
SECURITY_STATUS unseal_trial(struct unseal *unseal, struct span *plain, bool *refused)
{
    struct span block = unseal->block.bytes, copy = {memory_take(block.n + 1), block.n}, ciphertext;
    SECURITY_STATUS status;

    *refused = false;
    if (!copy.at)
        return unseal_block(unseal, plain);
    memcpy(copy.at, block.at, copy.n);
    status = call(unseal, copy, &ciphertext, plain);
    *refused = status == SEC_E_MESSAGE_ALTERED || status == SEC_E_INVALID_TOKEN ||
               status == SEC_E_INCOMPLETE_MESSAGE;
    if (status == SEC_E_OK) {
        ULONG_PTR at = (ULONG_PTR)plain->at - (ULONG_PTR)copy.at;

        if (at > copy.n)
            at = 0;
        *plain = span_head(*plain, copy.n - at);
        memcpy(block.at + at, plain->at, plain->n);
        plain->at = block.at + at;
        unseal->unsealed++;
    } else if (!*refused) {
        count_add(COUNT_ALTERED, 1);
    }
    if (!*refused) {
        unseal->calls++;
        unseal->blocks++;
    }
    bytes_wipe(copy.at, copy.n + 1);
    memory_give(copy.at);
    return status;
}
