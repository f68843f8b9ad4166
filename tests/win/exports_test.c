/*
 * Exports: both built DLLs, loaded, against the list and against the system's own DLL. Each name is
 * there, is code of ours, and leads where it should: to the real function with everything the
 * caller passed, or to the documented answer where this Windows lacks it. What is there and what is
 * lacking is asked of the real DLL, so the same program is right on every Windows.
 */
#include <windows.h>

#include "dll_call.h"
#include "dll_image.h"
#include "dll_load.h"
#include "dll_row.h"
#include "test.h"

#define SECURITY_WIN32
#include <sspi.h>

/* Runs `each` for both DLLs. */
static void for_both(void (*each)(const char *name, HMODULE module))
{
    for (int i = 0; i < 2; i++)
        each(load_names[i], load_ours(load_names[i]));
    row_settle();
}

/* Must run first: nobody has called anything yet. */
static void loading_loads_nothing_else_and_the_first_call_keeps_last_error(void **state)
{
    const struct row *row = row_named("FreeContextBuffer");
    HMODULE module;
    struct call call;

    (void)state;
    assert_null(load_real_if_loaded("secur32.dll"));
    module = load_ours("secur32.dll");
    load_ours("security.dll");
    assert_null(load_real_if_loaded("secur32.dll"));
    call_zeros(&call, row, load_export(module, row->name));
    assert_non_null(load_real_if_loaded("secur32.dll"));
    assert_int_equal(call.error, CALL_ERROR);
}

static void check_names(const char *name, HMODULE module)
{
    struct image image = image_of_module(module);
    const IMAGE_EXPORT_DIRECTORY *all = image_directory(&image, IMAGE_DIRECTORY_ENTRY_EXPORT);
    struct image_export found;
    DWORD n = 0, listed = 0;

    for (size_t i = 0; i < rows_n; i++)
        if (row_is_in(&rows[i], name)) {
            ROW_CHECK(rows[i].name, GetProcAddress(module, rows[i].name) != NULL);
            listed++;
        }
    for (; image_export(&image, n, &found); n++) {
        const struct row *row = row_named(found.name);

        ROW_CHECK(found.name, row && row_is_in(row, name));
    }
    assert_int_equal(n, listed);
    assert_int_equal(all->NumberOfFunctions, listed); /* none without a name */
    assert_string_equal((const char *)image.base + all->Name, name);
}

static void exactly_the_listed_names(void **state)
{
    (void)state;
    for_both(check_names);
}

static void check_ordinals(const char *name, HMODULE module)
{
    struct image image = image_of_module(module);
    struct image_export found;

    if (strcmp(name, "security.dll") == 0)
        return; /* the system's has no fixed ones */
    for (DWORD i = 0; image_export(&image, i, &found); i++) {
        const struct row *row = row_named(found.name);
        FARPROC by_ordinal = GetProcAddress(module, MAKEINTRESOURCEA(found.ordinal));

        ROW_CHECK(found.name, by_ordinal == GetProcAddress(module, found.name));
        if (row && *row->ordinal)
            ROW_CHECK(found.name, found.ordinal == atoi(row->ordinal + 1));
    }
    assert_string_equal(row_named("SecDeleteUserModeContext")->ordinal, "@1");
    assert_string_equal(row_named("SecInitUserModeContext")->ordinal, "@2");
}

static void fixed_ordinals(void **state)
{
    (void)state;
    for_both(check_ordinals);
}

static void check_code(const char *name, HMODULE module)
{
    struct image image = image_of_module(module);
    struct image_export found;

    (void)name;
    for (DWORD i = 0; image_export(&image, i, &found); i++) {
        const IMAGE_SECTION_HEADER *section = image_section(&image, found.at);
        const unsigned char *at = image.base + found.at;

        ROW_CHECK(found.name, !image_is_forwarder(&image, found.at));
        ROW_CHECK(found.name, section && section->Characteristics & IMAGE_SCN_MEM_EXECUTE);
        ROW_CHECK(found.name, at == (unsigned char *)GetProcAddress(module, found.name));
    }
}

static void each_is_code_in_our_own_image(void **state)
{
    (void)state;
    for_both(check_code);
}

/* A program that finds a name in the system's DLL finds it in ours. */
static void check_coverage(const char *name, HMODULE module)
{
    struct image image = image_of_module(load_real(name));
    struct image_export found;
    DWORD n = 0;

    for (; image_export(&image, n, &found); n++)
        ROW_CHECK(found.name, GetProcAddress(module, found.name) != NULL);
    assert_true(n > 20);
}

static void all_names_of_the_real_dlls(void **state)
{
    (void)state;
    for_both(check_coverage);
}

static void check_present(const char *name, HMODULE module)
{
    HMODULE real = load_real("secur32.dll");
    unsigned present = 0;

    for (size_t i = 0; i < rows_n; i++) {
        FARPROC target = GetProcAddress(real, rows[i].name);

        if (!target || !row_is_in(&rows[i], name))
            continue;
        assert_false(load_contains(module, (void *)target));
        for (int time = 0; time < 2; time++) /* bound by this call, then bound already */
            call_arrives(&rows[i], load_export(module, rows[i].name), target);
        present++;
    }
    assert_true(present > 20);
}

static void a_name_that_is_there_leads_to_it(void **state)
{
    (void)state;
    for_both(check_present);
}

static void check_answer(const struct row *row, FARPROC function)
{
    static const ULONG answers[] = {
        [ROW_STATUS] = 0x80090302, [ROW_NTSTAT] = 0xC0000002, [ROW_BOOLE] = 0,
        [ROW_WINERR] = 120,        [ROW_POINTER] = 0,         [ROW_NOTHING] = 0,
    };
    struct call call;

    call_zeros(&call, row, function);
    call_check_convention(&call, row);
    if (row->absent == ROW_POINTER)
        ROW_CHECK(row->name, call.result == 0);
    else if (row->absent != ROW_NOTHING)
        ROW_CHECK(row->name, (ULONG)call.result == answers[row->absent]);
    if (row->absent == ROW_BOOLE)
        ROW_CHECK(row->name, call.error == 120);
    else
        ROW_CHECK(row->name, call.error == CALL_ERROR);
}

static void check_absent(const char *name, HMODULE module)
{
    HMODULE real = load_real("secur32.dll");
    unsigned absent = 0;

    for (size_t i = 0; i < rows_n; i++) {
        const struct row *row = &rows[i];

        if (row->route == ROW_OURS || !row_is_in(row, name) || GetProcAddress(real, row->name))
            continue;
        for (int time = 0; time < 2; time++)
            check_answer(row, load_export(module, row->name));
        absent++;
    }
    print_message("%s: %u names are absent here\n", name, absent);
    assert_true(absent > 0 || strcmp(name, "secur32.dll") != 0);
}

static void a_name_that_is_absent_gives_its_familys_answer(void **state)
{
    (void)state;
    for_both(check_absent);
}

static void check_packages(const char *name, HMODULE module)
{
    typedef SECURITY_STATUS(WINAPI * list_fn)(PULONG, PSecPkgInfoA *);
    typedef SECURITY_STATUS(WINAPI * query_fn)(LPCSTR, PSecPkgInfoA *);
    typedef SECURITY_STATUS(WINAPI * free_fn)(PVOID);
    HMODULE real = load_real("secur32.dll");
    list_fn list = (list_fn)(void *)load_export(module, "EnumerateSecurityPackagesA");
    query_fn ours = (query_fn)(void *)load_export(module, "QuerySecurityPackageInfoA");
    query_fn direct = (query_fn)(void *)load_export(real, "QuerySecurityPackageInfoA");
    free_fn give = (free_fn)(void *)load_export(module, "FreeContextBuffer");
    PSecPkgInfoA all, one, other;
    ULONG n = 0;

    (void)name;
    assert_int_equal(list(&n, &all), SEC_E_OK);
    assert_true(n > 0);
    for (ULONG i = 0; i < n; i++) {
        assert_int_equal(ours(all[i].Name, &one), SEC_E_OK);
        assert_int_equal(direct(all[i].Name, &other), SEC_E_OK);
        ROW_CHECK(all[i].Name, one->fCapabilities == other->fCapabilities);
        ROW_CHECK(all[i].Name, one->cbMaxToken == other->cbMaxToken);
        ROW_CHECK(all[i].Name, strcmp(one->Comment, other->Comment) == 0);
        assert_int_equal(give(one), SEC_E_OK);
        assert_int_equal(give(other), SEC_E_OK);
    }
    assert_int_equal(give(all), SEC_E_OK);
    assert_int_equal(ours("no such package", &one), direct("no such package", &other));
}

static void answers_are_the_same_as_without_us(void **state)
{
    (void)state;
    for_both(check_packages);
}

/* The instrument itself: with a word too many on the stack it must say so. */
static void a_wrong_byte_count_would_be_seen(void **state)
{
    struct row row = *row_named("FreeContextBuffer");
    struct call call;

    (void)state;
    row.bytes += 4;
    call_zeros(&call, &row, load_export(load_ours("secur32.dll"), row.name));
#ifdef __i386__
    assert_int_equal(call.left, 4);
#else
    assert_int_equal(call.left, 0); /* the caller's business there */
#endif
    assert_int_equal(call.spoiled, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(loading_loads_nothing_else_and_the_first_call_keeps_last_error),
    cmocka_unit_test(exactly_the_listed_names),
    cmocka_unit_test(fixed_ordinals),
    cmocka_unit_test(each_is_code_in_our_own_image),
    cmocka_unit_test(all_names_of_the_real_dlls),
    cmocka_unit_test(a_name_that_is_there_leads_to_it),
    cmocka_unit_test(a_name_that_is_absent_gives_its_familys_answer),
    cmocka_unit_test(answers_are_the_same_as_without_us),
    cmocka_unit_test(a_wrong_byte_count_would_be_seen),
};

TEST_MAIN("exports", tests)
