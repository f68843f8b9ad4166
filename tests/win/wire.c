/*
 * Wire. See wire.h.
 */
#include "wire.h"

static size_t put_prefix(const struct wire *wire, size_t block, unsigned char *at)
{
    const struct settings_prefix *own = &fake_settings.prefix;
    size_t value = own->counts == SETTINGS_COUNTS_ALL     ? block + own->size
                   : own->counts == SETTINGS_COUNTS_TOKEN ? (wire->token ? wire->token : 16)
                                                          : block;

    for (unsigned i = 0; i < own->size; i++)
        at[own->big ? own->size - 1u - i : i] = (unsigned char)(value >> 8 * i);
    return own->size;
}

void wire_seal(struct wire *wire, size_t n)
{
    unsigned char *text = wire->text + wire->text_n, *at = wire->bytes + wire->n;
    size_t own = fake_settings.prefix.size, block;

    assert_true(wire->blocks < WIRE_BLOCKS && wire->text_n + n <= WIRE_MAX);
    assert_true(wire->n + n + 128 <= WIRE_MAX);
    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)(wire->blocks * 31 + i * 7 + 'a');
    block = (wire->seal ? wire->seal : fake_seal)(wire->context, text, n, at + own);
    put_prefix(wire, block, at);
    wire->text_n += n;
    wire->n += own + block;
    wire->ends[wire->blocks++] = wire->n;
}

void wire_fill(struct wire *wire, unsigned until)
{
    while (wire->blocks < until)
        wire_seal(wire, wire->least);
}

void wire_present(const struct wire *wire, struct caller *caller, size_t from, size_t to)
{
    bool begins = from == 0;

    for (unsigned i = 0; i < wire->blocks; i++)
        begins |= wire->ends[i] == from;
    if (begins && fake_settings.prefix.stripped)
        from += fake_settings.prefix.size;
    if (from < to)
        caller_present(caller, wire->bytes + from, to - from);
}

void wire_got(const struct wire *wire, const struct caller *caller, size_t n)
{
    assert_int_equal(caller->got_n, n);
    assert_memory_equal(caller->got, wire->text, n);
}

void wire_caller(const struct wire *wire, struct caller *caller, enum caller_shape shape)
{
    *caller = (struct caller){.shape = shape, .handle = fake_handle(wire->context)};
}

size_t wire_close(const struct wire *wire)
{
    CtxtHandle handle = fake_handle(wire->context);
    uint32_t before = caller_status().lost;

    assert_int_equal(shim_DeleteSecurityContext(&handle), SEC_E_OK);
    return caller_status().lost - before;
}

void wire_kerberos(struct wire *wire, struct caller *caller, enum fake_krb_kind kind,
                   enum caller_shape shape, ULONGLONG number)
{
    fake_reset(FAKE_ESS);
    fake_krb_install(1, kind, number);
    memset(wire, 0, sizeof *wire);
    wire->context = 1;
    wire->seal = fake_krb_seal;
    wire->least = 1;
    wire->token = fake_krb_token(kind, 0);
    wire_caller(wire, caller, shape);
    caller->token = wire->token;
    fake_value = fake_handle(1);
    shim_InitializeSecurityContextW(NULL, NULL, NULL, 0, 0, 0, NULL, 0, &fake_value, NULL, NULL,
                                    NULL);
}
