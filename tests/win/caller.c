/*
 * Caller. See caller.h.
 */
#include "caller.h"

#include "test.h"

#define CANARY      32
#define CANARY_BYTE 0xC7
#define PLACE       (1 << 17)
#define TOKEN_MAX   128

/* Reads go to two places by turns, so that a late write to the one before is seen. */
static struct place {
    unsigned char area[CANARY + PLACE + CANARY], after[PLACE];
    unsigned char *at;
    size_t n;
} places[2];
static unsigned turn;

struct sspishim_status caller_status(void)
{
    struct sspishim_status status;

    assert_int_equal(shim_SspiShimStatus(&status, sizeof status), sizeof status);
    return status;
}

static struct place *place_read(const unsigned char *bytes, size_t n)
{
    struct place *place = &places[turn = !turn];

    assert_true(n <= PLACE);
    memset(place->area, CANARY_BYTE, sizeof place->area);
    if (turn) {
        place->at = test_guarded(bytes, n).at;
    } else {
        place->at = place->area + CANARY;
        memcpy(place->at, bytes, n);
    }
    place->n = n;
    return place;
}

static void check_places(struct place *now)
{
    const struct place *before = &places[!turn];

    for (size_t i = 0; i < CANARY; i++) {
        assert_int_equal(now->area[i], CANARY_BYTE);
        if (!turn)
            assert_int_equal(now->at[now->n + i], CANARY_BYTE);
    }
    if (before->at && before->n)
        assert_memory_equal(before->at, before->after, before->n);
    memcpy(now->after, now->at, now->n);
}

static void set(PSecBuffer buffer, ULONG type, void *at, size_t n)
{
    *buffer = (SecBuffer){(ULONG)n, type, at};
}

/* Lays the read out in the caller's array; gives the number of elements. DATA is always [1]. */
static ULONG lay_out(struct caller *caller, struct place *place, unsigned char token[TOKEN_MAX])
{
    PSecBuffer a = caller->array;
    unsigned char *at = place->at;
    size_t n = place->n, size = caller->token ? caller->token : 16, head = n < size ? n : size;
    ULONG elements = 2;

    if (caller->shape == CALLER_STREAM) {
        set(&a[0], SECBUFFER_STREAM, at, n);
        set(&a[1], SECBUFFER_DATA, NULL, 0);
    } else if (caller->shape == CALLER_LAST) {
        set(&a[0], SECBUFFER_TOKEN, at + n - head, head);
        set(&a[1], SECBUFFER_DATA, at, n - head);
    } else {
        set(&a[0], SECBUFFER_TOKEN, at, head);
        set(&a[1], SECBUFFER_DATA, at + head, n - head);
    }
    if (caller->shape == CALLER_APART) {
        memcpy(token, at, head);
        a[0].pvBuffer = token;
    }
    if (caller->shape == CALLER_PADDED)
        set(&a[elements++], SECBUFFER_PADDING, at + n, 0);
    if (caller->slots == CALLER_NO_SLOT)
        return elements;
    if (caller->slots != CALLER_KEEPS || a[elements].pvBuffer == NULL) {
        /* What an EMPTY slot holds is often not initialised. */
        set(&a[elements], SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD, 0xBEEF);
        set(&a[elements + 1], SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD, 0xBEEF);
    }
    return elements + 2;
}

static void collect(struct caller *caller, const struct place *place, const SecBuffer *asked)
{
    const SecBuffer *data = &caller->array[1];
    size_t at = (size_t)((unsigned char *)data->pvBuffer - place->at);

    assert_true(at <= place->n && data->cbBuffer <= place->n - at);
    if (caller->shape != CALLER_STREAM) {
        assert_ptr_equal(data->pvBuffer, asked[1].pvBuffer);
        assert_true(data->cbBuffer <= asked[1].cbBuffer);
    }
    assert_int_equal(data->BufferType, asked[1].BufferType);
    assert_memory_equal(&caller->array[0], &asked[0], sizeof *asked);
    assert_true(caller->got_n + data->cbBuffer <= sizeof caller->got);
    memcpy(caller->got + caller->got_n, data->pvBuffer, data->cbBuffer);
    caller->got_n += data->cbBuffer;
}

/* The tail that the answer left to the caller, or NULL. */
static const SecBuffer *extra_of(const struct caller *caller, const struct place *place,
                                 ULONG elements)
{
    for (ULONG i = 2; i < elements; i++) {
        const SecBuffer *slot = &caller->array[i];

        if (slot->BufferType != SECBUFFER_EXTRA)
            continue;
        assert_true(slot->cbBuffer > 0 && slot->cbBuffer < place->n);
        assert_ptr_equal(slot->pvBuffer, place->at + place->n - slot->cbBuffer);
        return slot;
    }
    return NULL;
}

void caller_present(struct caller *caller, const unsigned char *bytes, size_t n)
{
    static unsigned char rest[PLACE];

    for (;;) {
        struct place *place = place_read(bytes, n);
        unsigned char token[TOKEN_MAX];
        ULONG elements = lay_out(caller, place, token);
        SecBufferDesc desc = {SECBUFFER_VERSION, elements, caller->array};
        SecBuffer asked[5];
        const SecBuffer *extra;

        memcpy(asked, caller->array, sizeof asked);
        caller->status = shim_DecryptMessage(&caller->handle, &desc, caller->number,
                                             caller->wants_qop ? &caller->qop : NULL);
        caller->number += caller->number != 0;
        if (caller->status == SEC_E_OK)
            collect(caller, place, asked);
        check_places(place);
        extra = caller->status == SEC_E_OK ? extra_of(caller, place, elements) : NULL;
        if (caller->slots != CALLER_HONOURS || !extra)
            return;
        memcpy(rest, extra->pvBuffer, n = extra->cbBuffer);
        bytes = rest;
    }
}
