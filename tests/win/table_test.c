/*
 * Table: what InitSecurityInterfaceA and W of both built DLLs hand out: to a program a table of our
 * own, with a function of ours wherever this Windows has one, and to the provider itself the real
 * one, which stays as it is.
 */
#include <windows.h>

#include "dll_call.h"
#include "dll_load.h"
#include "dll_row.h"
#include "test.h"

#define SECURITY_WIN32
#include <sspi.h>

#define SLOTS        32
#define CERTAIN_LAST 26 /* of the real table, from the lowest dwVersion on */
#define THREADS      8

typedef void *const *(WINAPI *maker_fn)(void);

static const struct kind {
    const char *maker;
    enum row_table in;
} kinds[2] = {{"InitSecurityInterfaceA", ROW_A}, {"InitSecurityInterfaceW", ROW_W}};

/* The list's slots are those of the header, which has other names for two members. */
#define SealMessage   Reserved3
#define UnsealMessage Reserved4

#define AT(kind, name, slot) _Static_assert(offsetof(kind, name) == (slot) * sizeof(void *), #name);

#define AT_NO(name, slot) _Static_assert((slot) == 0, #name);
#define AT_A(name, slot)  AT(SecurityFunctionTableA, name, slot)
#define AT_W(name, slot)  AT(SecurityFunctionTableW, name, slot)
#define AT_AW(name, slot) AT_A(name, slot) AT_W(name, slot)

#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) AT_##table(name, slot)
#include "exports.inc"
#undef EXPORT
#undef SealMessage
#undef UnsealMessage
_Static_assert(offsetof(SecurityFunctionTableW, DecryptMessage) == 26 * sizeof(void *), "hook");
_Static_assert(offsetof(SecurityFunctionTableW, Reserved4) == 19 * sizeof(void *), "hook");

static maker_fn maker_of(HMODULE module, const struct kind *kind)
{
    return (maker_fn)(void *)load_export(module, kind->maker);
}

static void *const *real_table(const struct kind *kind)
{
    return maker_of(load_real("secur32.dll"), kind)();
}

/* Runs `each` for both DLLs and both tables. */
static void for_all(void (*each)(const char *name, HMODULE module, const struct kind *kind))
{
    for (int i = 0; i < 4; i++)
        each(load_names[i / 2], load_ours(load_names[i / 2]), &kinds[i % 2]);
    row_settle();
}

static void check_owner(const char *name, HMODULE module, const struct kind *kind)
{
    void *const *ours = maker_of(module, kind)(), *const *real = real_table(kind);
    const ULONG *version = (const ULONG *)ours;

    ROW_CHECK(name, load_contains(module, ours));
    ROW_CHECK(name, !load_contains(module, real) && !load_contains(module, real[CERTAIN_LAST]));
    ROW_CHECK(name, *version == *(const ULONG *)real && *version >= 1);
    ROW_CHECK(name, maker_of(module, kind)() == ours);
}

static void a_program_gets_a_table_of_our_own(void **state)
{
    (void)state;
    for_all(check_owner);
    assert_ptr_not_equal(maker_of(load_ours("secur32.dll"), &kinds[0])(),
                         maker_of(load_ours("secur32.dll"), &kinds[1])());
}

static void check_hooks(const char *name, HMODULE module, const struct kind *kind)
{
    static const struct {
        unsigned slot;
        const char *name;
    } at[] = {
        {18, "SealMessage"}, {19, "UnsealMessage"}, {25, "EncryptMessage"}, {26, "DecryptMessage"}};
    void *const *table = maker_of(module, kind)();

    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        ROW_CHECK(at[i].name, table[at[i].slot] == (void *)load_export(module, at[i].name));
    ROW_CHECK(name, !table[30] && !table[31]);
}

static void seal_and_unseal_lead_to_us_by_both_names(void **state)
{
    (void)state;
    for_all(check_hooks);
}

static const struct row *row_at(unsigned slot, enum row_table in)
{
    for (size_t i = 0; i < rows_n; i++)
        if (slot && rows[i].slot == slot && rows[i].table & in)
            return &rows[i];
    return NULL;
}

static void check_slot(const char *name, HMODULE module, const struct row *row, void *ours,
                       void *real)
{
    FARPROC exported = GetProcAddress(load_real("secur32.dll"), row->name);
    bool there = row->slot <= CERTAIN_LAST ? real != NULL : exported != NULL;

    ROW_CHECK(row->name, (ours != NULL) == there);
    if (!ours || !there)
        return;
    ROW_CHECK(row->name, load_contains(module, ours));
    if (row_is_in(row, name))
        ROW_CHECK(row->name, ours == (void *)GetProcAddress(module, row->name));
    call_arrives(row, (FARPROC)ours, exported ? exported : (FARPROC)real);
}

static void check_slots(const char *name, HMODULE module, const struct kind *kind)
{
    void *const *ours = maker_of(module, kind)(), *const *real = real_table(kind);

    for (unsigned slot = 1; slot < SLOTS; slot++) {
        const struct row *row = row_at(slot, kind->in);

        if (row)
            check_slot(name, module, row, ours[slot], slot <= CERTAIN_LAST ? real[slot] : NULL);
        else
            ROW_CHECK("a slot that no row has", ours[slot] == NULL);
    }
}

static void each_slot_leads_to_the_real_function_or_is_null(void **state)
{
    (void)state;
    for_all(check_slots);
}

static void the_real_tables_stay_as_they_are(void **state)
{
    void *before[2][SLOTS];
    HMODULE module = load_fresh("secur32.dll", "fresh-unchanged");

    (void)state;
    for (int i = 0; i < 2; i++) /* behind what is certain may be anything, but readable */
        assert_int_not_equal(ReadProcessMemory(GetCurrentProcess(), real_table(&kinds[i]),
                                               before[i], sizeof before[i], NULL),
                             0);
    for (int i = 0; i < 2; i++)
        assert_true(load_contains(module, maker_of(module, &kinds[i])()));
    for (int i = 0; i < 2; i++)
        assert_memory_equal(real_table(&kinds[i]), before[i], sizeof before[i]);
}

struct asker {
    maker_fn maker;
    HANDLE start;
    void *const *table;
    void *seen[SLOTS]; /* in the table at the moment of return */
};

static DWORD WINAPI ask(void *argument)
{
    struct asker *asker = argument;

    WaitForSingleObject(asker->start, INFINITE);
    asker->table = asker->maker();
    memcpy(asker->seen, asker->table, sizeof asker->seen);
    return 0;
}

/* The very first calls of this module, if it is a fresh one. */
static void ask_at_once(HMODULE module, const struct kind *kind)
{
    HANDLE start = CreateEventA(NULL, TRUE, FALSE, NULL), threads[THREADS];
    struct asker askers[THREADS] = {0};

    for (int i = 0; i < THREADS; i++) {
        askers[i].maker = maker_of(module, kind);
        askers[i].start = start;
        threads[i] = CreateThread(NULL, 0, ask, &askers[i], 0, NULL);
        assert_non_null(threads[i]);
    }
    SetEvent(start);
    assert_int_equal(WaitForMultipleObjects(THREADS, threads, TRUE, 60000), WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++) {
        assert_ptr_equal(askers[i].table, askers[0].table);
        assert_memory_equal(askers[i].seen, askers[0].table, sizeof askers[i].seen);
        assert_non_null(askers[i].seen[CERTAIN_LAST]);
        CloseHandle(threads[i]);
    }
    CloseHandle(start);
}

static void threads_that_ask_at_once_get_the_same_whole_table(void **state)
{
    static const char *const folders[2] = {"fresh-threads-0", "fresh-threads-1"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        HMODULE module = load_fresh(load_names[i], folders[i]);

        ask_at_once(module, &kinds[0]);
        ask_at_once(module, &kinds[1]);
    }
}

/* What a DLL beside the program gets when it asks by itself. */
static void *const *table_for(const char *file, maker_fn maker)
{
    typedef void *(*ask_fn)(maker_fn);
    HMODULE guest = LoadLibraryA(load_path(file));

    assert_non_null(guest);
    return ((ask_fn)(void *)load_export(guest, "guest_ask"))(maker);
}

static void check_askers(const char *name, HMODULE module, const struct kind *kind)
{
    static const char *const packages[] = {"SpLsaModeInitialize.dll", "SpUserModeInitialize.dll",
                                           "InitSecurityInterfaceA.dll",
                                           "InitSecurityInterfaceW.dll"};
    maker_fn maker = maker_of(module, kind);

    ROW_CHECK(name, load_contains(module, table_for("guest.dll", maker)));
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        ROW_CHECK(packages[i], table_for(packages[i], maker) == real_table(kind));
    ROW_CHECK(name, load_contains(module, maker()));
}

static void a_security_package_gets_the_real_table_and_other_dlls_ours(void **state)
{
    (void)state;
    for_all(check_askers);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(threads_that_ask_at_once_get_the_same_whole_table),
    cmocka_unit_test(a_program_gets_a_table_of_our_own),
    cmocka_unit_test(seal_and_unseal_lead_to_us_by_both_names),
    cmocka_unit_test(each_slot_leads_to_the_real_function_or_is_null),
    cmocka_unit_test(the_real_tables_stay_as_they_are),
    cmocka_unit_test(a_security_package_gets_the_real_table_and_other_dlls_ours),
};

TEST_MAIN("table", tests)
