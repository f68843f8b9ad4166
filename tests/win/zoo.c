/*
 * Zoo. See zoo.h.
 */
#include "zoo.h"

#include "zoo_stream.h"

/* What lay at the forbidden page when the last call there returned. */
static struct {
    unsigned char *at;
    unsigned char after[ZOO_MEMORY];
    size_t n;
} guarded;

static void break_rule(struct zoo *zoo, const char *why)
{
    if (!zoo->broken)
        zoo->broken = why;
}

size_t zoo_recv(struct zoo *zoo, void *to, size_t max)
{
    size_t end = zoo->cuts[zoo->cut], n = end - zoo->at;

    if (zoo->at == zoo->stream->n || !max)
        return 0;
    n = n < max ? n : max;
    memcpy(to, zoo->stream->bytes + zoo->at, n);
    zoo->at += n;
    zoo->cut += zoo->at == end;
    return n;
}

bool zoo_recv_all(struct zoo *zoo, void *to, size_t n)
{
    for (size_t have = 0, more; have < n; have += more) {
        more = zoo_recv(zoo, (unsigned char *)to + have, n - have);
        if (!more)
            return false;
    }
    return true;
}

void zoo_take(struct zoo *zoo, const void *at, size_t n)
{
    if (n > sizeof zoo->got - zoo->got_n) {
        break_rule(zoo, "more plaintext than can be");
        return;
    }
    memcpy(zoo->got + zoo->got_n, at, n);
    zoo->got_n += n;
}

void zoo_step(struct zoo *zoo)
{
    fake_tls_step(1);
    if (!zoo->shim)
        return;
    fake_value = zoo->handle;
    shim_InitializeSecurityContextW(NULL, &zoo->handle, NULL, 0, 0, 0, NULL, 0, &zoo->handle, NULL,
                                    NULL, NULL);
}

void zoo_token_first(SecBuffer a[2], unsigned char *at, size_t n)
{
    ULONG head = n < 16 ? (ULONG)n : 16;

    a[0] = (SecBuffer){head, SECBUFFER_TOKEN, at};
    a[1] = (SecBuffer){(ULONG)n - head, SECBUFFER_DATA, at + head};
}

/* Where a pointer lies in this memory, its end included; or n + 1. */
static size_t place(const void *pointer, const unsigned char *at, size_t n)
{
    size_t off = (size_t)((ULONG_PTR)pointer - (ULONG_PTR)at);

    return off <= n ? off : n + 1;
}

static void rebase(PSecBuffer a, ULONG elements, unsigned char *from, size_t n, unsigned char *to)
{
    for (ULONG i = 0; i < elements; i++) {
        size_t off = place(a[i].pvBuffer, from, n);

        if (off <= n)
            a[i].pvBuffer = to + off;
    }
}

static void check_guarded(struct zoo *zoo)
{
    if (guarded.n && memcmp(guarded.at, guarded.after, guarded.n))
        break_rule(zoo, "memory was touched after the return");
    guarded.n = 0;
}

static SECURITY_STATUS call_guarded(struct zoo *zoo, PSecBufferDesc desc, unsigned char *at,
                                    size_t n, PULONG qop)
{
    SECURITY_STATUS status;
    struct span copy = test_guarded(at, n);

    rebase(desc->pBuffers, desc->cBuffers, at, n, copy.at);
    status = zoo->unseal(&zoo->handle, desc, zoo->number, qop);
    rebase(desc->pBuffers, desc->cBuffers, copy.at, n, at);
    memcpy(at, copy.at, n);
    guarded.at = copy.at;
    guarded.n = n;
    memcpy(guarded.after, copy.at, n);
    return status;
}

static SECURITY_STATUS call_among(struct zoo *zoo, PSecBufferDesc desc, const unsigned char *at,
                                  size_t n, PULONG qop)
{
    static unsigned char before[ZOO_MEMORY];
    size_t start = (size_t)(at - zoo->memory), end = start + n;
    SECURITY_STATUS status;

    memcpy(before, zoo->memory, sizeof before);
    status = zoo->unseal(&zoo->handle, desc, zoo->number, qop);
    if (memcmp(before, zoo->memory, start) ||
        memcmp(before + end, zoo->memory + end, sizeof before - end))
        break_rule(zoo, "memory around the presented one was touched");
    return status;
}

/* Notes what the caller can see. */
static void note(struct zoo *zoo, const SecBufferDesc *desc, SECURITY_STATUS status,
                 const unsigned char *at, size_t n, ULONG qop)
{
    struct zoo_call *call = &zoo->calls[zoo->called++];

    call->status = status;
    call->qop = qop;
    call->elements = desc->cBuffers;
    for (size_t i = 0; i < n; i++)
        call->sum = (call->sum ^ at[i]) * 16777619u;
    for (ULONG i = 0; i < desc->cBuffers; i++) {
        SecBuffer b = desc->pBuffers[i];
        size_t off = place(b.pvBuffer, at, n);

        if (status >= 0 && b.cbBuffer && b.BufferType != SECBUFFER_EMPTY &&
            (off > n || b.cbBuffer > n - off))
            break_rule(zoo, "an answer lies outside the presented memory");
        off = place(b.pvBuffer, zoo->memory, ZOO_MEMORY);
        if (off <= ZOO_MEMORY)
            b.pvBuffer = (void *)(ULONG_PTR)(1 + off);
        call->a[i] = b;
    }
}

SECURITY_STATUS zoo_unseal(struct zoo *zoo, PSecBuffer array, ULONG elements, void *at, size_t n)
{
    SecBufferDesc desc = {SECBUFFER_VERSION, elements, array};
    ULONG qop = 0x51;
    PULONG to = zoo->no_qop ? NULL : &qop;
    SECURITY_STATUS status;

    check_guarded(zoo);
    assert_true(zoo->called < sizeof zoo->calls / sizeof *zoo->calls);
    assert_true(elements <= 5);
    assert_true(place(at, zoo->memory, ZOO_MEMORY) + n <= ZOO_MEMORY);
    status =
        zoo->called % 2 ? call_guarded(zoo, &desc, at, n, to) : call_among(zoo, &desc, at, n, to);
    zoo->number += zoo->number != 0;
    note(zoo, &desc, status, at, n, qop);
    return status;
}

static unseal_fn way_of(const struct zoo_animal *animal, bool shim)
{
    if (shim)
        return animal->old ? shim_UnsealMessage : shim_DecryptMessage;
    return animal->old ? REAL(UnsealMessage) : REAL(DecryptMessage);
}

static uint32_t lost(void)
{
    struct sspishim_status status;

    shim_SspiShimStatus(&status, sizeof status);
    return status.lost;
}

/* One run; gives how the pieces fitted the blocks. */
static enum zoo_fit let_loose(struct zoo *zoo, struct zoo_stream *stream,
                              const struct zoo_animal *animal, const int *blocks, unsigned pieces,
                              size_t at)
{
    enum zoo_fit fit;
    uint32_t before;

    fake_reset(FAKE_ESS);
    fake[1].token_last = animal->token_last;
    if (animal->tls)
        fake_tls_make(1);
    if (animal->set)
        animal->set(&fake_settings);
    zoo_stream_seal(stream, animal, blocks);
    fit = zoo_stream_cut(stream, pieces, at, zoo->cuts);
    zoo->stream = stream;
    zoo->handle = fake_handle(1);
    zoo->unseal = way_of(animal, zoo->shim);
    memset(zoo->memory, 0xC7, sizeof zoo->memory);
    animal->run(zoo);
    check_guarded(zoo);
    before = lost();
    shim_DeleteSecurityContext(&zoo->handle);
    zoo->lost = lost() - before;
    return fit;
}

void zoo_each(const struct zoo_animal *animal, const int *blocks, unsigned pieces, zoo_check *check)
{
    static struct zoo plain, shim;
    static struct zoo_stream stream;

    for (unsigned kind = 1; kind <= ZOO_DRIBBLE; kind *= 2) {
        size_t places = 1;

        for (size_t at = 1; (pieces & kind) && at <= places; at++) {
            struct zoo_pair pair = {&plain, &shim, &stream, ZOO_BLOCKS};
            const char *wrong;

            plain = (struct zoo){.shim = false};
            shim = (struct zoo){.shim = true};
            let_loose(&plain, &stream, animal, blocks, kind, at);
            pair.fit = let_loose(&shim, &stream, animal, blocks, kind, at);
            places = zoo_stream_places(&stream, kind);
            wrong = plain.broken ? plain.broken : shim.broken ? shim.broken : check(&pair);
            if (wrong)
                fail_msg("pieces %u at %u of %u: %s; got %u, %u with the shim, of %u (lost %u)",
                         kind, (unsigned)at, (unsigned)stream.n, wrong, (unsigned)plain.got_n,
                         (unsigned)shim.got_n, (unsigned)stream.text_n, (unsigned)shim.lost);
            test_memory_all_back();
        }
    }
}
