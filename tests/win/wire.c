/*
 * Wire. See wire.h.
 */
#include "wire.h"

#include "read.h"

struct wire wire;
struct caller caller;

int wire_start(void **state)
{
    read_start(state);
    memset(&wire, 0, sizeof wire);
    wire.context = 1;
    wire_caller(&wire, &caller, CALLER_FIRST);
    return 0;
}

int wire_stop(void **state)
{
    (void)state;
    test_fail_memory(0);
    fake_reset(FAKE_ESS);
    test_memory_all_back();
    return 0;
}

static size_t put_prefix(const struct wire *w, size_t block, unsigned char *at)
{
    const struct settings_prefix *own = &fake_settings.prefix;
    size_t value = own->counts == SETTINGS_COUNTS_ALL     ? block + own->size
                   : own->counts == SETTINGS_COUNTS_TOKEN ? (w->token ? w->token : 16)
                                                          : block;

    for (unsigned i = 0; i < own->size; i++)
        at[own->big ? own->size - 1u - i : i] = (unsigned char)(value >> 8 * i);
    return own->size;
}

void wire_seal(struct wire *w, size_t n)
{
    unsigned char *text = w->text + w->text_n, *at = w->bytes + w->n;
    size_t own = fake_settings.prefix.size, block;

    assert_true(w->blocks < WIRE_BLOCKS && w->text_n + n <= WIRE_MAX);
    assert_true(w->n + n + 128 <= WIRE_MAX);
    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)(w->blocks * 31 + i * 7 + 'a');
    block = (w->seal ? w->seal : fake_seal)(w->context, text, n, at + own);
    put_prefix(w, block, at);
    w->text_n += n;
    w->n += own + block;
    w->ends[w->blocks++] = w->n;
}

void wire_fill(struct wire *w, unsigned until)
{
    while (w->blocks < until)
        wire_seal(w, w->least);
}

void wire_present(const struct wire *w, struct caller *by, size_t from, size_t to)
{
    bool begins = from == 0;

    for (unsigned i = 0; i < w->blocks; i++)
        begins |= w->ends[i] == from;
    if (begins && fake_settings.prefix.stripped)
        from += fake_settings.prefix.size;
    if (from < to)
        caller_present(by, w->bytes + from, to - from);
}

void wire_got(const struct wire *w, const struct caller *by, size_t n)
{
    assert_int_equal(by->got_n, n);
    assert_memory_equal(by->got, w->text, n);
}

void wire_caller(const struct wire *w, struct caller *by, enum caller_shape shape)
{
    *by = (struct caller){.shape = shape, .handle = fake_handle(w->context)};
}

size_t wire_close(const struct wire *w)
{
    CtxtHandle handle = fake_handle(w->context);
    uint32_t before = caller_status().lost;

    assert_int_equal(shim_DeleteSecurityContext(&handle), SEC_E_OK);
    return caller_status().lost - before;
}

void wire_kerberos(struct wire *w, struct caller *by, enum fake_krb_kind kind,
                   enum caller_shape shape, ULONGLONG number)
{
    fake_reset(FAKE_ESS);
    fake_krb_install(1, kind, number);
    memset(w, 0, sizeof *w);
    w->context = 1;
    w->seal = fake_krb_seal;
    w->least = 1;
    w->token = fake_krb_token(kind, 0);
    wire_caller(w, by, shape);
    by->token = w->token;
    fake_value = fake_handle(1);
    shim_InitializeSecurityContextW(NULL, NULL, NULL, 0, 0, 0, NULL, 0, &fake_value, NULL, NULL,
                                    NULL);
}
