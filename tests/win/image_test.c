/*
 * Image: the files of both built DLLs, as an old loader, a hardened one and an administrator's
 * version tab see them. The headers are read from the file itself.
 */
#include "dll_image.h"

#include "dll_load.h"
#include "test.h"
#include "version.h"

/* Runs `each` on both files. */
static void for_both(void (*each)(const struct image *image, const char *name))
{
    for (int i = 0; i < 2; i++) {
        struct image image = image_of_file(load_path(load_names[i]));

        each(&image, load_names[i]);
    }
}

static void check_versions(const struct image *image, const char *name)
{
    const IMAGE_OPTIONAL_HEADER *header = &image->headers->OptionalHeader;

    (void)name;
    assert_int_equal(header->MajorSubsystemVersion, 4);
    assert_int_equal(header->MinorSubsystemVersion, 0);
    assert_int_equal(header->MajorOperatingSystemVersion, 4);
    assert_int_equal(header->MinorOperatingSystemVersion, 0);
    assert_int_equal(header->Subsystem, IMAGE_SUBSYSTEM_WINDOWS_GUI);
    assert_true(image->headers->FileHeader.Characteristics & IMAGE_FILE_DLL);
}

static void nt_4_would_load_them(void **state)
{
    (void)state;
    for_both(check_versions);
}

static void check_hardening(const struct image *image, const char *name)
{
    WORD flags = image->headers->OptionalHeader.DllCharacteristics;

    (void)name;
    assert_true(flags & IMAGE_DLLCHARACTERISTICS_NX_COMPAT);
    assert_true(flags & IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE);
#ifdef __i386__
    assert_true(flags & IMAGE_DLLCHARACTERISTICS_NO_SEH);
#else
    assert_true(flags & IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA);
#endif
    /* Without relocations the flag would be a lie. */
    assert_non_null(image_directory(image, IMAGE_DIRECTORY_ENTRY_BASERELOC));
    assert_false(image->headers->FileHeader.Characteristics & IMAGE_FILE_RELOCS_STRIPPED);
}

static void they_may_be_moved_and_data_is_not_run(void **state)
{
    (void)state;
    for_both(check_hardening);
}

static void check_sections(const struct image *image, const char *name)
{
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(image->headers);
    const DWORD both = IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE;
    bool code = false;

    (void)name;
    for (WORD i = 0; i < image->headers->FileHeader.NumberOfSections; i++, section++) {
        assert_int_not_equal(section->Characteristics & both, both);
        code |= (section->Characteristics & IMAGE_SCN_MEM_EXECUTE) != 0;
    }
    assert_true(code);
}

static void no_section_is_both_written_and_run(void **state)
{
    (void)state;
    for_both(check_sections);
}

static void check_imports(const struct image *image, const char *name)
{
    const char *import = image_import(image, 0);

    (void)name;
    assert_non_null(import);
    assert_int_equal(_stricmp(import, "KERNEL32.dll"), 0);
    assert_null(image_import(image, 1));
    assert_null(image_directory(image, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT));
    /* Before Vista a DLL that is loaded late gets no thread-local storage. */
    assert_null(image_directory(image, IMAGE_DIRECTORY_ENTRY_TLS));
}

static void they_import_kernel32_alone(void **state)
{
    (void)state;
    for_both(check_imports);
}

/* A string of the file's VERSIONINFO, or "". Valid until the next call. */
static const char *version_string(const char *path, const char *translation, const char *key)
{
    static char info[8192];
    char name[64];
    void *found = NULL;
    UINT n = 0;

    assert_true(GetFileVersionInfoSizeA(path, NULL) <= sizeof info);
    assert_true(GetFileVersionInfoA(path, 0, sizeof info, info));
    snprintf(name, sizeof name, "\\StringFileInfo\\%s\\%s", translation, key);
    return VerQueryValueA(info, name, &found, &n) && n ? found : "";
}

static void check_version(const struct image *image, const char *name)
{
    const char *path = load_path(name);

    (void)image;
    assert_non_null(strstr(version_string(path, "040904B0", "CompanyName"), "not Microsoft"));
    assert_string_equal(version_string(path, "040904B0", "OriginalFilename"), name);
    assert_string_equal(version_string(path, "040904B0", "FileVersion"), VERSION_TEXT);
    assert_string_equal(version_string(path, "040904B0", "KBArticle"), "Q245565");
    assert_string_equal(version_string(path, "040904B0", "no such key"), "");
}

static void they_say_who_they_are_and_are_not(void **state)
{
    (void)state;
    for_both(check_version);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nt_4_would_load_them),
    cmocka_unit_test(they_may_be_moved_and_data_is_not_run),
    cmocka_unit_test(no_section_is_both_written_and_run),
    cmocka_unit_test(they_import_kernel32_alone),
    cmocka_unit_test(they_say_who_they_are_and_are_not),
};

TEST_MAIN("image", tests)
