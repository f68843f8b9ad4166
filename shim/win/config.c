/*
 * Config. See config.h.
 *
 * Nobody waits for a file. GetModuleFileName takes the loader's lock, and a thread that holds it
 * may call us: if it waited for the one that reads, both would wait for ever. So whoever comes
 * before the settings are there reads the file himself, and the first to have done so decides.
 */
#include "config.h"

#include "bytes.h"
#include "count.h"
#include "ini.h"
#include "log.h"
#include "memory.h"
#include "own.h"

enum { STATE_NONE, STATE_COPYING, STATE_THERE };

static struct settings shared;
static LONG state;

/* What one thread has read. */
struct load {
    struct settings settings;
    struct span text;   /* owned; one byte more than a file may have */
    bool found;         /* there is a file */
    struct fault fault; /* line 0: what is wrong with all of it, if `failed` */
    bool failed;
    ULONG faults;
};

static HANDLE open_file(void)
{
    static const WCHAR name[] = L"sspishim.ini";
    WCHAR path[MAX_PATH + sizeof name / sizeof *name];
    DWORD n = GetModuleFileNameW(own_module(), path, MAX_PATH);

    if (n == 0 || n >= MAX_PATH) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return INVALID_HANDLE_VALUE;
    }
    while (n > 0 && path[n - 1] != L'\\')
        n--;
    memcpy(path + n, name, sizeof name);
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

static void fail(struct load *load, enum fault_kind kind)
{
    load->failed = true;
    load->fault.kind = kind;
    load->text.n = 0;
}

static void read_file(struct load *load, HANDLE file)
{
    DWORD n = 0;

    load->text.at = memory_take(FAULT_FILE_MAX + 1);
    if (!load->text.at) {
        fail(load, FAULT_UNREAD);
        return;
    }
    do {
        if (!ReadFile(file, load->text.at + load->text.n,
                      (DWORD)(FAULT_FILE_MAX + 1 - load->text.n), &n, NULL)) {
            fail(load, FAULT_UNREAD);
            return;
        }
        load->text.n += n;
    } while (n && load->text.n <= FAULT_FILE_MAX);
    if (load->text.n > FAULT_FILE_MAX)
        fail(load, FAULT_TOO_LONG);
}

static void count_fault(void *to, const struct fault *fault)
{
    (void)fault;
    ++*(ULONG *)to;
}

static void load_begin(struct load *load)
{
    HANDLE file = open_file();
    DWORD error = GetLastError();

    if (file != INVALID_HANDLE_VALUE) {
        load->found = true;
        read_file(load, file);
        CloseHandle(file);
    } else if (error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND) {
        fail(load, FAULT_UNREAD);
    }
    load->faults = load->failed;
    ini_read(&load->settings, load->text, count_fault, &load->faults);
}

static void load_end(struct load *load)
{
    if (load->text.at)
        bytes_wipe(load->text.at, FAULT_FILE_MAX + 1);
    memory_give(load->text.at);
}

/* False: another thread was first, and its settings are there now. */
static bool publish(const struct load *load)
{
    LONG none = STATE_NONE;

    if (!__atomic_compare_exchange_n(&state, &none, STATE_COPYING, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_ACQUIRE)) {
        for (unsigned tries = 0; __atomic_load_n(&state, __ATOMIC_ACQUIRE) != STATE_THERE; tries++)
            Sleep(tries > 10); /* for a copy, not for a file */
        return false;
    }
    shared = load->settings;
    count_add(COUNT_FAULTS, load->faults);
    count_add(COUNT_CONFIGURED, load->found && !load->failed);
    __atomic_store_n(&state, STATE_THERE, __ATOMIC_RELEASE);
    return true;
}

static void say(void *to, const struct fault *fault)
{
    static const char file[] = "sspishim.ini";
    char text[sizeof file + 1 + FAULT_TEXT];

    (void)to;
    memcpy(text, file, sizeof file);
    text[sizeof file - 1] = fault->line ? ' ' : ':';
    text[sizeof file] = ' ';
    fault_text(fault, text + sizeof file - 1 + (fault->line ? 1 : 2), FAULT_TEXT);
    log_line(text);
}

/* The settings are there by now: who listens to the log may call us. */
static void say_all(struct load *load)
{
    struct settings again;

    if (load->failed)
        say(NULL, &load->fault);
    ini_read(&again, load->text, say, NULL);
}

const struct settings *config_get(void)
{
    DWORD error;

    if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != STATE_THERE) {
        struct load load = {0};

        error = GetLastError();
        load_begin(&load);
        if (publish(&load))
            say_all(&load);
        load_end(&load);
        SetLastError(error);
    }
    return &shared;
}
