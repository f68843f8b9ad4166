/*
 * Table: what InitSecurityInterfaceA and W hand out. Our own two tables of 32 slots, filled with
 * our own functions wherever the real table or, past the end of what its version is known to have,
 * the real DLL has one. The real tables are read only where they certainly exist, never written.
 */
#include "real.h"

#define SLOTS 32

static void *tables[2][SLOTS]; /* the first word of each holds dwVersion, a ULONG */

enum { IN_NO = 0, IN_A = 1, IN_W = 2, IN_AW = IN_A | IN_W };

static const struct {
    void *function; /* ours: hook or jump */
    unsigned char index;
    unsigned char slot;
    unsigned char in;
} entries[] = {
#define ENTRY_HOOK(name, slot, in) {(void *)shim_##name, REAL_##name, slot, in},
#define ENTRY_PASS(name, slot, in) {(void *)pass_##name, REAL_##name, slot, in},
#define ENTRY_OURS(name, slot, in)

#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal)                              \
    ENTRY_##route(name, slot, IN_##table)
#include "exports.inc"
#undef EXPORT
};

static bool real_offers(void *const *real, unsigned i)
{
    if (entries[i].slot <= real_table_last(real))
        return real[entries[i].slot] != NULL;
    return real_has(entries[i].index);
}

/* Filling it a second time, by another thread, writes the same values. */
static void *fill(enum real_table which, void *const *real)
{
    unsigned char in = which == REAL_TABLE_A ? IN_A : IN_W;
    void **ours = tables[which];

    for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++)
        if (entries[i].in & in)
            ours[entries[i].slot] = real_offers(real, i) ? entries[i].function : NULL;
    *(ULONG *)ours = *(const ULONG *)real;
    return ours;
}

static void *table_for(enum real_table which, const void *caller)
{
    void *const *real = real_table(which);

    if (!real)
        return NULL;
    return real_is_provider(caller) ? (void *)(ULONG_PTR)real : fill(which, real);
}

PSecurityFunctionTableA SEC_ENTRY shim_InitSecurityInterfaceA(void)
{
    return table_for(REAL_TABLE_A, __builtin_return_address(0));
}

PSecurityFunctionTableW SEC_ENTRY shim_InitSecurityInterfaceW(void)
{
    return table_for(REAL_TABLE_W, __builtin_return_address(0));
}
