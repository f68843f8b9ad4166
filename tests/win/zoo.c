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

void zoo_token_first(const struct zoo *zoo, SecBuffer a[2], unsigned char *at, size_t n)
{
    ULONG head = n < zoo->token ? (ULONG)n : zoo->token;

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

/* Context 1 becomes one of the package; gives the bytes of its tokens. */
static ULONG be_of(unsigned package, bool token_last)
{
    enum fake_krb_kind kind = package == ZOO_DCE ? FAKE_KRB_DCE : FAKE_KRB_DER;

    fake[1].token_last = token_last;
    if (package == ZOO_NTLM)
        return 16;
    if (package == ZOO_TLS)
        fake_tls_make(1);
    else
        fake_krb_install(1, kind, 7);
    return package == ZOO_DCE ? (ULONG)fake_krb_token(kind, 0) : 0;
}

/* One run; gives how the pieces fitted the blocks. */
static enum zoo_fit let_loose(struct zoo *zoo, struct zoo_stream *stream,
                              const struct zoo_animal *animal, unsigned package, const int *blocks,
                              unsigned pieces, size_t at)
{
    enum zoo_fit fit;
    uint32_t before;

    fake_reset(FAKE_ESS);
    zoo->token = be_of(package, animal->token_last);
    if (animal->set)
        animal->set(&fake_settings);
    zoo_stream_seal(stream, animal, package, blocks);
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

static void each_place(const struct zoo_animal *animal, unsigned package, const int *blocks,
                       unsigned kind, zoo_check *check)
{
    static struct zoo plain, shim;
    static struct zoo_stream stream;
    size_t places = 1;

    for (size_t at = 1; at <= places; at++) {
        struct zoo_pair pair = {&plain, &shim, &stream, ZOO_BLOCKS, at};
        const char *wrong;

        plain = (struct zoo){.shim = false};
        shim = (struct zoo){.shim = true};
        let_loose(&plain, &stream, animal, package, blocks, kind, at);
        pair.fit = let_loose(&shim, &stream, animal, package, blocks, kind, at);
        places = zoo_stream_places(&stream, kind);
        wrong = plain.broken ? plain.broken : shim.broken ? shim.broken : check(&pair);
        if (wrong)
            fail_msg("package %u, pieces %u at %u of %u: %s; got %u, %u with the shim, of %u "
                     "(lost %u)",
                     package, kind, (unsigned)at, (unsigned)stream.n, wrong, (unsigned)plain.got_n,
                     (unsigned)shim.got_n, (unsigned)stream.text_n, (unsigned)shim.lost);
        test_memory_all_back();
    }
}

void zoo_each(const struct zoo_animal *animal, const int *blocks, unsigned pieces, zoo_check *check)
{
    unsigned packages = animal->packages ? animal->packages : ZOO_NTLM;

    for (unsigned package = ZOO_NTLM; package <= ZOO_DER; package *= 2)
        for (unsigned kind = ZOO_EXACT; kind <= ZOO_DRIBBLE; kind *= 2)
            if ((packages & package) && (pieces & kind))
                each_place(animal, package, blocks, kind, check);
}
