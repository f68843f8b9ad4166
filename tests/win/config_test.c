/*
 * Config: sspishim.ini beside the built DLL: which one is read, when, how often, and what is said
 * about it. Each test takes a fresh copy of the DLL, since a file is read only once. Asking for the
 * status reads it.
 */
#include <windows.h>

#include <stdio.h>

#include "dll_heard.h"
#include "dll_load.h"
#include "fault.h"
#include "sspishim.h"
#include "test.h"

#define LAST_ERROR 0x1D0E
#define PRINT_EVENT                                                                                \
    0x40010006 /* DBG_PRINTEXCEPTION_C: OutputDebugString, as a debugger sees it                   \
                */
#define THREADS   8
#define FILE_NAME "sspishim.ini"

typedef uint32_t(SSPISHIM_CALL *status_fn)(struct sspishim_status *, uint32_t);

static struct sspishim_status status_of(HMODULE module)
{
    struct sspishim_status status;
    status_fn ask = (status_fn)(void *)load_export(module, "SspiShimStatus");

    SetLastError(LAST_ERROR);
    assert_int_equal(ask(&status, sizeof status), sizeof status);
    assert_int_equal(GetLastError(), LAST_ERROR);
    return status;
}

/* The path of a sspishim.ini in a folder beside this program; "" is the program's own. */
static const char *ini_path(const char *folder)
{
    static char path[MAX_PATH];

    snprintf(path, sizeof path, "%s", load_path(folder));
    if (*folder) {
        CreateDirectoryA(path, NULL);
        strcat(path, "\\");
    }
    strcat(path, FILE_NAME);
    return path;
}

static void remove_ini(const char *folder)
{
    assert_true(DeleteFileA(ini_path(folder)) || GetLastError() == ERROR_FILE_NOT_FOUND);
}

static void write_bytes(const char *folder, const void *bytes, size_t n)
{
    FILE *file = fopen(ini_path(folder), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void write_ini(const char *folder, const char *text)
{
    write_bytes(folder, text, strlen(text));
}

static void check(HMODULE module, uint32_t faults, uint32_t configured, LONG said)
{
    struct sspishim_status status = status_of(module);

    assert_int_equal(status.faults, faults);
    assert_int_equal(status.configured, configured);
    assert_int_equal(heard_n, said);
}

static void check_line(int i, const char *text)
{
    char whole[400];

    snprintf(whole, sizeof whole, "SspiShim: " FILE_NAME "%s\n", text);
    assert_string_equal(heard[i], whole);
}

static void no_file_is_nothing_to_speak_of(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        HMODULE module;

        remove_ini("config-none");
        module = load_fresh(load_names[i], "config-none");
        check(module, 0, 0, 0);
        write_ini("config-none", "rubbish"); /* too late */
        check(module, 0, 0, 0);
    }
}

static void a_good_file_is_read_in_silence(void **state)
{
    (void)state;
    write_ini("config-good", "[Shim]\r\nEnabled = 0\r\nPackages = NTLM\r\n");
    check(load_fresh("security.dll", "config-good"), 0, 1, 0);
}

static void each_fault_is_counted_and_said_once(void **state)
{
    HMODULE module;

    (void)state;
    write_ini("config-bad", "; ours\r\n[Shim]\r\nPartail=hold\r\nPartial=hodl\r\n[Log]\r\nx\r\n"
                            "[Shim]\r\nMaxHeld=1kb\r\nTargets=\xE9t\xE9.exe\r\n");
    module = load_fresh("secur32.dll", "config-bad");
    check(module, 5, 1, 5);
    check_line(0, " line 3: unknown key \"Partail\", did you mean \"Partial\"? "
                  "The line is not used.");
    check_line(1, " line 4: Partial: bad value \"hodl\", did you mean \"hold\"? "
                  "The default is used.");
    check_line(2, " line 5: unknown section \"[Log]\". It is skipped.");
    check_line(3, " line 8: MaxHeld: bad value \"1kb\" (0 to 268435456). The default is used.");
    check_line(4, " line 9: this version does not have the key \"Targets\". "
                  "The line is not used.");
    check(module, 5, 1, 5);
}

static void only_the_one_beside_our_dll_is_read(void **state)
{
    char home[MAX_PATH];
    HMODULE module;

    (void)state;
    remove_ini("config-alone");
    write_ini("config-elsewhere", "rubbish");
    write_ini("", "rubbish"); /* beside the program */
    assert_true(GetCurrentDirectoryA(sizeof home, home));
    assert_true(SetCurrentDirectoryA(load_path("config-elsewhere")));
    assert_true(SetEnvironmentVariableA("PATH", load_path("config-elsewhere")));
    module = load_fresh("secur32.dll", "config-alone");
    check(module, 0, 0, 0);
    assert_true(SetCurrentDirectoryA(home));
    remove_ini("");
}

static void check_size(const char *folder, size_t n, uint32_t configured, const char *line)
{
    static char text[FAULT_FILE_MAX + 2];

    memset(text, ';', sizeof text);
    memcpy(text + n - 9, "\nEnable=1", 9);
    write_bytes(folder, text, n);
    heard_n = 0;
    check(load_fresh("secur32.dll", folder), 1, configured, 1);
    check_line(0, line);
}

static void a_file_may_have_64_kib(void **state)
{
    (void)state;
    check_size("config-large", FAULT_FILE_MAX, 1,
               " line 2: unknown key \"Enable\", did you mean \"Enabled\"? The line is not used.");
    check_size("config-larger", FAULT_FILE_MAX + 1, 0,
               ": the file is longer than 65536 bytes. No setting is used.");
    check_size("config-largest", FAULT_FILE_MAX + 2, 0,
               ": the file is longer than 65536 bytes. No setting is used.");
}

static void a_file_that_cannot_be_read_is_a_fault(void **state)
{
    HANDLE file;
    HMODULE module;

    (void)state;
    write_ini("config-locked", "Enabled=0");
    module = load_fresh("secur32.dll", "config-locked");
    file = CreateFileA(ini_path("config-locked"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_true(file != INVALID_HANDLE_VALUE);
    check(module, 1, 0, 1);
    check_line(0, ": the file cannot be read. No setting is used.");
    CloseHandle(file);
    check(module, 1, 0, 1);
}

static void a_file_in_utf_16_is_a_fault(void **state)
{
    (void)state;
    write_bytes("config-wide",
                L"\xFEFF"
                L"Enabled=0",
                20);
    check(load_fresh("secur32.dll", "config-wide"), 1, 1, 1);
    check_line(0, " line 1: not ANSI or UTF-8 text. No setting is used.");
}

static void a_process_hears_at_most_32_lines(void **state)
{
    char text[2 * 100 + 1];

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = i % 2 ? '\n' : 'x';
    text[sizeof text - 1] = 0;
    write_ini("config-many", text);
    check(load_fresh("secur32.dll", "config-many"), 100, 1, 32);
    check_line(31, " line 32: no = in \"x\". The line is not used.");
}

static HMODULE called_back;

static void call_back(void)
{
    assert_int_equal(status_of(called_back).faults, 3);
}

static void who_listens_may_call_us(void **state)
{
    (void)state;
    write_ini("config-listen", "x\ny\nz\n");
    called_back = load_fresh("secur32.dll", "config-listen");
    heard_during = call_back;
    check(called_back, 3, 1, 3);
}

static void the_file_is_let_go(void **state)
{
    HANDLE file;

    (void)state;
    write_ini("config-free", "x\n");
    check(load_fresh("secur32.dll", "config-free"), 1, 1, 1);
    file = CreateFileA(ini_path("config-free"), GENERIC_READ | GENERIC_WRITE, 0, NULL,
                       OPEN_EXISTING, 0, NULL);
    assert_true(file != INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

static struct crowd {
    HANDLE gate;
    HMODULE module;
    struct sspishim_status status[THREADS];
} crowd;

static DWORD WINAPI ask_in_crowd(void *mine)
{
    status_fn ask = (status_fn)(void *)GetProcAddress(crowd.module, "SspiShimStatus");

    WaitForSingleObject(crowd.gate, INFINITE);
    ask(mine, sizeof(struct sspishim_status));
    return 0;
}

static void many_threads_at_once_and_one_file(void **state)
{
    HANDLE threads[THREADS];

    (void)state;
    for (int round = 0; round < 10; round++) {
        char folder[] = "config-crowd-0";

        folder[sizeof folder - 2] = (char)('0' + round);
        write_ini(folder, "x\ny\nz\n");
        heard_n = 0;
        crowd.module = load_fresh("secur32.dll", folder);
        crowd.gate = CreateEventA(NULL, TRUE, FALSE, NULL);
        for (int i = 0; i < THREADS; i++)
            threads[i] = CreateThread(NULL, 0, ask_in_crowd, &crowd.status[i], 0, NULL);
        SetEvent(crowd.gate);
        assert_int_equal(WaitForMultipleObjects(THREADS, threads, TRUE, 60000), WAIT_OBJECT_0);
        for (int i = 0; i < THREADS; i++) {
            assert_int_equal(crowd.status[i].faults, 3);
            assert_int_equal(crowd.status[i].configured, 1);
            CloseHandle(threads[i]);
        }
        CloseHandle(crowd.gate);
        check(crowd.module, 3, 1, 3);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, heard_start, heard_stop)

static const struct CMUnitTest tests[] = {
    TEST(no_file_is_nothing_to_speak_of),
    TEST(a_good_file_is_read_in_silence),
    TEST(each_fault_is_counted_and_said_once),
    TEST(only_the_one_beside_our_dll_is_read),
    TEST(a_file_may_have_64_kib),
    TEST(a_file_that_cannot_be_read_is_a_fault),
    TEST(a_file_in_utf_16_is_a_fault),
    TEST(a_process_hears_at_most_32_lines),
    TEST(who_listens_may_call_us),
    TEST(the_file_is_let_go),
    TEST(many_threads_at_once_and_one_file),
};

TEST_MAIN("config", tests)
