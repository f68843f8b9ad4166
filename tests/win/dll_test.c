/*
 * Dll: the built DLLs, loaded from the test's own folder, against the list of exports and against
 * the real DLL behind them.
 */
#include <windows.h>

#include <stdbool.h>

#include "test.h"

#define SECURITY_WIN32
#include <sspi.h>

#include "sspishim.h"

enum family { STATUS, NTSTAT, BOOLE, WINERR, POINTER, NOTHING };
enum where { BOTH, ONLY };
enum in_table { NO = 0, A = 1, W = 2, AW = 3 };
enum route { HOOK, JUMP, PASS, OURS };

static const struct row {
    const char *name;
    unsigned bytes;
    enum route route;
    enum family family;
    enum in_table table;
    unsigned slot;
    enum where where;
} rows[] = {
#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal)                              \
    {#name, bytes, route, absent, table, slot, dll},
#include "exports.inc"
#undef EXPORT
};
#define ROWS (sizeof rows / sizeof *rows)

static HMODULE ours[2], real; /* secur32.dll, security.dll */

static int load(void **state)
{
    char path[MAX_PATH];

    (void)state;
    /* Ours first: a bare name finds what is loaded already under that name. */
    ours[0] = LoadLibraryA("secur32.dll");
    ours[1] = LoadLibraryA("security.dll");
    GetSystemDirectoryA(path, sizeof path - 16);
    real = LoadLibraryA(strcat(path, "\\secur32.dll"));
    return !(real && ours[0] && ours[1] && ours[0] != ours[1] && ours[0] != real);
}

static void *function(HMODULE module, const char *name)
{
    return (void *)GetProcAddress(module, name);
}

static HMODULE module_of(const void *address)
{
    MEMORY_BASIC_INFORMATION region;

    assert_int_equal(VirtualQuery(address, &region, sizeof region), sizeof region);
    return (HMODULE)region.AllocationBase;
}

static const IMAGE_EXPORT_DIRECTORY *directory_of(HMODULE module)
{
    const unsigned char *base = (unsigned char *)module;
    const IMAGE_NT_HEADERS *headers =
        (const void *)(base + ((const IMAGE_DOS_HEADER *)module)->e_lfanew);

    return (const void *)(base + headers->OptionalHeader.DataDirectory[0].VirtualAddress);
}

static void they_export_the_list_and_nothing_more(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        unsigned want = 0;

        for (size_t i = 0; i < ROWS; i++) {
            void *found = function(ours[which], rows[i].name);
            bool listed = which == 0 || rows[i].where == BOTH;

            if (listed != (found != NULL))
                fail_msg("%s in %d", rows[i].name, which);
            if (listed)
                assert_ptr_equal(module_of(found), ours[which]); /* no forwarder */
            want += listed;
        }
        assert_int_equal(directory_of(ours[which])->NumberOfNames, want);
        assert_int_equal(directory_of(ours[which])->NumberOfFunctions, want);
    }
}

static void ordinals_1_and_2_are_what_nt_5_packages_link_by(void **state)
{
    (void)state;
    assert_ptr_equal(function(ours[0], "SecDeleteUserModeContext"),
                     function(ours[0], MAKEINTRESOURCEA(1)));
    assert_ptr_equal(function(ours[0], "SecInitUserModeContext"),
                     function(ours[0], MAKEINTRESOURCEA(2)));
}

/* Calls with n bytes of zero arguments; `moved` is what the stack pointer was off afterwards. */
static ULONG_PTR call_with(void *target, unsigned n, LONG_PTR *moved)
{
#ifdef __i386__
    ULONG result, before, after;

    __asm__ __volatile__("movl %%esp, %%esi\n\t"
                         "movl %4, %%ecx\n\t"
                         "1: testl %%ecx, %%ecx\n\t"
                         "jz 2f\n\t"
                         "pushl $0\n\t"
                         "subl $4, %%ecx\n\t"
                         "jmp 1b\n\t"
                         "2: call *%3\n\t"
                         "movl %%esp, %%edi\n\t"
                         "movl %%esi, %%esp\n\t"
                         : "=a"(result), "=S"(before), "=D"(after)
                         : "b"(target), "d"(n)
                         : "ecx", "memory", "cc");
    *moved = (LONG_PTR)(after - before);
    return result;
#else
    typedef ULONG_PTR (*fn)(void *, void *, void *, void *, void *, void *, void *, void *, void *,
                            void *, void *, void *, void *, void *);

    (void)n;
    *moved = 0;
    return ((fn)target)(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
#endif
}

static void absent_names_answer_as_their_family_does(void **state)
{
    static const ULONG answer[] = {0x80090302, 0xC0000002, 0, 120, 0};
    unsigned absent = 0;

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        LONG_PTR moved = 1;
        ULONG_PTR said;

        if (row->route == OURS || function(real, row->name))
            continue;
        absent++;
        for (int time = 0; time < 2; time++) { /* bound now, and bound before */
            SetLastError(0x12345678);
            said = call_with(function(ours[0], row->name), row->bytes, &moved);
            if (moved || (row->family != NOTHING && (ULONG)said != answer[row->family]) ||
                GetLastError() != (row->family == BOOLE ? 120u : 0x12345678u))
                fail_msg("%s: said %08lx, stack off by %ld, last error %08lx", row->name,
                         (ULONG)said, (long)moved, GetLastError());
        }
    }
    print_message("%u of %u names are absent here\n", absent, (unsigned)ROWS);
    assert_true(absent > 0);
}

static void a_jump_reaches_the_real_function_and_keeps_last_error(void **state)
{
    typedef SECURITY_STATUS(WINAPI * query_fn)(SEC_CHAR *, PSecPkgInfoA *);
    typedef SECURITY_STATUS(WINAPI * free_fn)(void *);
    query_fn query[2] = {function(ours[0], "QuerySecurityPackageInfoA"),
                         function(real, "QuerySecurityPackageInfoA")};
    free_fn give = function(ours[1], "FreeContextBuffer");
    PSecPkgInfoA info[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(query[i]("NTLM", &info[i]), SEC_E_OK);
    assert_int_equal(info[0]->cbMaxToken, info[1]->cbMaxToken);
    assert_string_equal(info[0]->Name, info[1]->Name);
    SetLastError(0x12345678);
    assert_int_equal(give(info[0]), SEC_E_OK);
    give(info[1]);
    assert_int_equal(GetLastError(), 0x12345678);
}

static void check_table(HMODULE module, void *const *table, void *const *theirs, enum in_table in)
{
    assert_ptr_equal(module_of(table), module);
    assert_int_equal(*(const ULONG *)table, *(const ULONG *)theirs);
    for (unsigned slot = 1; slot < 32; slot++) {
        const struct row *row = NULL;

        for (size_t i = 0; i < ROWS; i++)
            if (rows[i].slot == slot && rows[i].table & in)
                row = &rows[i];
        if (!row || (slot <= 26 ? !theirs[slot] : !function(real, row->name)))
            assert_null(table[slot]);
        else if (row->where == BOTH || module == ours[0])
            assert_ptr_equal(table[slot], function(module, row->name));
        else
            assert_ptr_equal(module_of(table[slot]), module);
    }
}

static void the_tables_are_our_own_and_lead_to_our_functions(void **state)
{
    static const struct {
        const char *name;
        enum in_table in;
    } makers[] = {{"InitSecurityInterfaceA", A}, {"InitSecurityInterfaceW", W}};
    void *kept[32];

    (void)state;
    for (int m = 0; m < 2; m++) {
        typedef void *const *(WINAPI * make_fn)(void);
        make_fn theirs = function(real, makers[m].name);

        memcpy(kept, theirs(), 27 * sizeof *kept);
        for (int which = 0; which < 2; which++) {
            make_fn make = function(ours[which], makers[m].name);

            check_table(ours[which], make(), theirs(), makers[m].in);
            assert_ptr_equal(make(), make());
            assert_ptr_equal(make()[26], function(ours[which], "DecryptMessage"));
            assert_ptr_equal(make()[19], function(ours[which], "UnsealMessage"));
            assert_ptr_equal(make()[25], function(ours[which], "EncryptMessage"));
            assert_ptr_equal(make()[18], function(ours[which], "SealMessage"));
            assert_null(make()[30]);
            assert_null(make()[31]);
        }
        assert_memory_equal(kept, theirs(), 27 * sizeof *kept);
    }
}

static void slots_are_where_the_header_has_them(void **state)
{
    (void)state;
#define AT(member, slot)                                                                           \
    assert_int_equal(offsetof(SecurityFunctionTableW, member), (slot) * sizeof(void *))
    AT(EnumerateSecurityPackagesW, 1);
    AT(InitializeSecurityContextW, 6);
    AT(VerifySignature, 15);
    AT(Reserved3, 18);
    AT(Reserved4, 19);
    AT(EncryptMessage, 25);
    AT(DecryptMessage, 26);
    AT(SetCredentialsAttributesW, 28);
}

static void the_two_count_each_for_itself_and_write_only_whole_answers(void **state)
{
    typedef ULONG(WINAPI * status_fn)(struct sspishim_status *, ULONG);
    typedef SECURITY_STATUS(WINAPI * decrypt_fn)(PCtxtHandle, PSecBufferDesc, ULONG, PULONG);
    status_fn status[2] = {function(ours[0], "SspiShimStatus"),
                           function(ours[1], "SspiShimStatus")};
    struct sspishim_status before[2], after[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(status[i](&before[i], sizeof before[i]), sizeof *before);
    ((decrypt_fn)function(ours[1], "DecryptMessage"))(NULL, NULL, 0, NULL);
    for (int i = 0; i < 2; i++)
        status[i](&after[i], sizeof after[i]);
    assert_int_equal(after[0].calls, before[0].calls);
    assert_int_equal(after[1].calls, before[1].calls + 1);
    memset(&after[0], 0x5A, sizeof after[0]);
    assert_int_equal(status[0](&after[0], sizeof after[0] - 1), sizeof *before);
    assert_int_equal(after[0].size, 0x5A5A5A5A);
    assert_int_equal(status[0](NULL, 0), sizeof *before);
    assert_null(function(real, "SspiShimStatus"));
}

static void after_the_first_call_they_stay(void **state)
{
    typedef SECURITY_STATUS(WINAPI * free_fn)(void *);
    free_fn give = function(ours[0], "FreeContextBuffer");

    (void)state;
    give(NULL);
    for (int i = 0; i < 4; i++)
        FreeLibrary(ours[0]);
    assert_ptr_equal(module_of((void *)give), ours[0]);
    give(NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(they_export_the_list_and_nothing_more, load),
    cmocka_unit_test(ordinals_1_and_2_are_what_nt_5_packages_link_by),
    cmocka_unit_test(absent_names_answer_as_their_family_does),
    cmocka_unit_test(a_jump_reaches_the_real_function_and_keeps_last_error),
    cmocka_unit_test(slots_are_where_the_header_has_them),
    cmocka_unit_test(the_tables_are_our_own_and_lead_to_our_functions),
    cmocka_unit_test(the_two_count_each_for_itself_and_write_only_whole_answers),
    cmocka_unit_test(after_the_first_call_they_stay),
};

TEST_MAIN("dll", tests)
