/*
 * Real: the way from the built DLLs to the system's own one, and how long they stay: loaded at the
 * first call and by its path alone, for good from then on, each of the two for itself. Most tests
 * take a fresh copy, since the first call can be made only once.
 */
#include <windows.h>

#include <stdio.h>

#include "dll_call.h"
#include "dll_load.h"
#include "dll_row.h"
#include "sspishim.h"
#include "test.h"
#include "version.h"

#define SECURITY_WIN32
#include <sspi.h>

#define FAKE_ANSWER 0x0FA4E /* dll_fake.c */

typedef SECURITY_STATUS(WINAPI *free_fn)(PVOID);
typedef SECURITY_STATUS(WINAPI *receive_fn)(PCtxtHandle, PSecBufferDesc, ULONG, PULONG);
typedef uint32_t(SSPISHIM_CALL *status_fn)(struct sspishim_status *, uint32_t);

static SECURITY_STATUS give(HMODULE module, void *buffer)
{
    return ((free_fn)(void *)load_export(module, "FreeContextBuffer"))(buffer);
}

/* A receive on no context: the provider refuses it, and the shim counts it. */
static SECURITY_STATUS receive(HMODULE module, const char *name)
{
    return ((receive_fn)(void *)load_export(module, name))(NULL, NULL, 0, NULL);
}

static struct sspishim_status status_of(HMODULE module)
{
    struct sspishim_status status;
    status_fn ask = (status_fn)(void *)load_export(module, "SspiShimStatus");

    assert_int_equal(ask(&status, sizeof status), sizeof status);
    return status;
}

/* Can a package be looked up, and its answer be freed, through this module? */
static bool works(HMODULE module)
{
    typedef SECURITY_STATUS(WINAPI * query_fn)(LPCSTR, PSecPkgInfoA *);
    query_fn query = (query_fn)(void *)load_export(module, "QuerySecurityPackageInfoA");
    PSecPkgInfoA info;

    return query("NTLM", &info) == SEC_E_OK && strcmp(info->Name, "NTLM") == 0 &&
           give(module, info) == SEC_E_OK;
}

static void without_a_call_they_unload(void **state)
{
    static const char *const folders[2] = {"fresh-unload-0", "fresh-unload-1"};

    (void)state;
    for (int i = 0; i < 2; i++)
        for (int time = 0; time < 2; time++) { /* load_fresh asserts that it is not loaded */
            HMODULE module = load_fresh(load_names[i], folders[i]);
            void *code = (void *)load_export(module, "DecryptMessage");

            assert_true(load_contains(module, code));
            assert_true(FreeLibrary(module));
            assert_false(load_contains(module, code));
        }
    assert_null(load_real_if_loaded("secur32.dll"));
}

static void first_free(HMODULE module)
{
    give(module, NULL);
}

static void first_hook(HMODULE module)
{
    receive(module, "DecryptMessage");
}

static void first_table(HMODULE module)
{
    ((FARPROC)load_export(module, "InitSecurityInterfaceW"))();
}

static void after_the_first_call_they_stay(void **state)
{
    static const struct {
        const char *folder;
        void (*call)(HMODULE);
    } firsts[] = {{"fresh-stay-free", first_free},
                  {"fresh-stay-hook", first_hook},
                  {"fresh-stay-table", first_table}};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof firsts / sizeof *firsts; i++) {
        HMODULE module = load_fresh(load_names[i % 2], firsts[i / 2].folder);
        void *code = (void *)load_export(module, "DecryptMessage");
        struct sspishim_status before;

        firsts[i / 2].call(module);
        before = status_of(module);
        for (int time = 0; time < 3; time++)
            FreeLibrary(module);
        assert_true(load_contains(module, code));
        assert_true(works(module));
        receive(module, "DecryptMessage");
        assert_int_equal(status_of(module).calls, before.calls + 1);
    }
}

static void side_by_side_each_is_a_shim_of_its_own(void **state)
{
    HMODULE one = load_fresh("secur32.dll", "fresh-both"),
            two = load_fresh("security.dll", "fresh-both"), real = load_real("secur32.dll");
    SECURITY_STATUS refusal = receive(real, "DecryptMessage");

    (void)state;
    assert_ptr_not_equal(one, two);
    assert_int_equal(receive(one, "DecryptMessage"), refusal);
    for (int i = 0; i < 2; i++)
        assert_int_equal(receive(two, "UnsealMessage"), refusal);
    receive(two, "VerifySignature");
    assert_int_equal(status_of(one).calls, 1);
    assert_int_equal(status_of(one).untouched, 1);
    assert_int_equal(status_of(one).verified, 0);
    assert_int_equal(status_of(two).calls, 2);
    assert_int_equal(status_of(two).untouched, 2);
    assert_int_equal(status_of(two).verified, 1);
    assert_true(works(one) && works(two));
}

/* Everything that could lead a load by bare name astray, apart from our own folder. */
static void go_astray(const char *folder)
{
    static const char *const variables[] = {"PATH", "SystemRoot", "windir"};

    assert_true(SetCurrentDirectoryA(folder));
    for (int i = 0; i < 3; i++)
        assert_true(SetEnvironmentVariableA(variables[i], folder));
}

static void check_first_call(HMODULE module, HMODULE real)
{
    const struct row *row = row_named("FreeContextBuffer");

    assert_int_equal(give(module, NULL), give(real, NULL));
    call_arrives(row, load_export(module, row->name), load_export(real, row->name));
    row_settle();
}

/* Late in the list: it cannot be undone completely. */
static void a_fake_in_the_search_path_is_not_taken(void **state)
{
    char folder[MAX_PATH], path[MAX_PATH];
    HMODULE real = load_real("secur32.dll"), first, second, fake;

    (void)state;
    snprintf(folder, sizeof folder, "%s", load_path("fake"));
    snprintf(path, sizeof path, "%s\\secur32.dll", folder);
    first = load_fresh("secur32.dll", "fresh-astray-0");
    second = load_fresh("security.dll", "fresh-astray-1");
    go_astray(folder);
    check_first_call(first, real);
    assert_null(GetModuleHandleA(path));
    fake = LoadLibraryA(path); /* now it has the base name, too */
    assert_non_null(fake);
    assert_int_equal(give(fake, NULL), FAKE_ANSWER);
    check_first_call(second, real);
}

static void status_is_written_whole_or_not_at_all(void **state)
{
    HMODULE module = load_fresh("secur32.dll", "fresh-status");
    status_fn ask = (status_fn)(void *)load_export(module, "SspiShimStatus");
    struct sspishim_status two[2], untouched[2], expected = {0};
    const uint32_t size = sizeof *two;

    (void)state;
    memset(two, 0x5A, sizeof two);
    memset(untouched, 0x5A, sizeof untouched);
    assert_int_equal(ask(NULL, 0), size);
    assert_int_equal(ask(NULL, size), size);
    for (uint32_t n = 0; n < size; n++)
        assert_int_equal(ask(two, n), size);
    assert_memory_equal(two, untouched, sizeof two);
    expected.size = size;
    expected.version = VERSION_MAJOR << 16 | VERSION_MINOR << 8 | VERSION_PATCH;
    assert_int_equal(ask(two, size), size);
    assert_memory_equal(&two[0], &expected, size); /* nobody has called anything */
    assert_memory_equal(&two[1], untouched, size);
    assert_int_equal(ask(two, 2 * size), size);
    assert_memory_equal(&two[1], untouched, size);
    assert_true(FreeLibrary(module));
    assert_false(load_contains(module, (void *)ask)); /* asking is not a call that pins */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(without_a_call_they_unload),
    cmocka_unit_test(status_is_written_whole_or_not_at_all),
    cmocka_unit_test(after_the_first_call_they_stay),
    cmocka_unit_test(side_by_side_each_is_a_shim_of_its_own),
    cmocka_unit_test(a_fake_in_the_search_path_is_not_taken),
};

TEST_MAIN("real", tests)
