/*
 * Real. See real.h.
 *
 * No lock is held while the loader is called: it has its own, and a second look-up of the same name
 * stores the same address again.
 */
#include "real.h"

#include "own.h"

/* Made by stubs.S: what answers for a function that the real DLL lacks. */
extern void *const real_absent[REAL_COUNT];

#define ROW_HOOK(name, slot, table) {#name, slot, REAL_IN_##table},
#define ROW_PASS(name, slot, table) ROW_HOOK(name, slot, table)
#define ROW_OURS(name, slot, table)
#define REAL_IN_NO REAL_TABLE_A /* slot 0: in neither */
#define REAL_IN_A  REAL_TABLE_A
#define REAL_IN_AW REAL_TABLE_A
#define REAL_IN_W  REAL_TABLE_W

#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) ROW_##route(name, slot, table)
static const struct {
    const char *name;
    unsigned char slot;
    unsigned char table;
} rows[REAL_COUNT] = {
#include "exports.inc"
};
#undef EXPORT

static HMODULE real;

/*
 * A caller may unload us while contexts live and while tables that we handed out are in use. From
 * the first call on we stay. GetModuleHandleEx exists since XP; before, one more load must do.
 */
static void pin_own(void)
{
    typedef BOOL(WINAPI * get_fn)(DWORD, LPCWSTR, HMODULE *);
    get_fn get =
        (get_fn)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "GetModuleHandleExW");
    WCHAR path[MAX_PATH];
    HMODULE module;
    DWORD n;

    /* 1: GET_MODULE_HANDLE_EX_FLAG_PIN, 4: ..._FROM_ADDRESS */
    if (get && get(1 | 4, (LPCWSTR)(void *)pin_own, &module))
        return;
    n = GetModuleFileNameW(own_module(), path, MAX_PATH);
    if (n > 0 && n < MAX_PATH)
        LoadLibraryW(path);
}

/* Ours by address, or (secur32.dll beside security.dll, found through a .local file) by marker. */
static bool is_shim(HMODULE module)
{
    return module == own_module() || GetProcAddress(module, "SspiShimStatus");
}

static HMODULE load_from(UINT(WINAPI *directory)(LPWSTR, UINT), const WCHAR *name)
{
    WCHAR path[MAX_PATH + 16];
    UINT n = directory(path, MAX_PATH);
    HMODULE module;

    if (n == 0 || n >= MAX_PATH)
        return NULL;
    for (; *name; name++)
        path[n++] = *name;
    path[n] = 0;
    /* Altered search path: its own dependencies come from System32 too, not from our folder. */
    module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (module && is_shim(module)) {
        FreeLibrary(module);
        return NULL;
    }
    return module;
}

static HMODULE load_real(void)
{
    typedef UINT(WINAPI * directory_fn)(LPWSTR, UINT);
    HMODULE module = load_from(GetSystemDirectoryW, L"\\secur32.dll");
    directory_fn wow64;

    if (module)
        return module;
    /* A 32-bit program on 64-bit Windows that has switched the file redirection off. */
    wow64 = (directory_fn)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"),
                                                 "GetSystemWow64DirectoryW");
    if (wow64 && (module = load_from(wow64, L"\\secur32.dll")))
        return module;
    /*
     * NT 4 has no secur32.dll. Where there is one, security.dll only forwards to "secur32", which
     * is us: a system on which secur32.dll exists but does not load must not get here.
     */
    if ((BYTE)GetVersion() < 5)
        return load_from(GetSystemDirectoryW, L"\\security.dll");
    return NULL;
}

static HMODULE real_module(void)
{
    HMODULE module = __atomic_load_n(&real, __ATOMIC_ACQUIRE);

    if (module)
        return module;
    module = load_real();
    if (module) {
        pin_own();
        __atomic_store_n(&real, module, __ATOMIC_RELEASE);
    }
    return module;
}

/* The real function, or NULL; and whether that answer is final. */
static void *look_up(ULONG index, bool *known)
{
    HMODULE module = real_module();
    void *found = module ? (void *)GetProcAddress(module, rows[index].name) : NULL;
    void *const *table;

    *known = module != NULL;
    if (!module || found || rows[index].slot == 0)
        return found;
    /* NT 4 hands some functions out in its table only. */
    table = real_table(rows[index].table);
    return table && rows[index].slot <= real_table_last(table) ? table[rows[index].slot] : NULL;
}

void *__stdcall real_bind(ULONG index)
{
    DWORD error = GetLastError();
    bool known;
    void *target = look_up(index, &known);

    if (!target)
        target = real_absent[index];
    /* A real DLL that could not be loaded now (memory, say) is tried again at the next call. */
    if (known)
        __atomic_store_n(&real_slots[index], target, __ATOMIC_RELEASE);
    SetLastError(error);
    return target;
}

bool real_has(enum real_index index)
{
    return real_bind(index) != real_absent[index];
}

void *const *real_table(enum real_table which)
{
    return which == REAL_TABLE_A ? (void *)REAL(InitSecurityInterfaceA)()
                                 : (void *)REAL(InitSecurityInterfaceW)();
}

/*
 * Where the table of a version ends: with version 1 at DecryptMessage (26), then one more slot for
 * each version up to 4; 5 adds two that InitSecurityInterface documents as not set. On NT 4 only
 * what the oldest headers had is certain (19, Reserved4).
 */
unsigned real_table_last(void *const *table)
{
    ULONG version = *(const ULONG *)table;

    if ((BYTE)GetVersion() < 5 || version < 1)
        return 19;
    return 25 + (version < 4 ? version : 4);
}

static bool is_package(HMODULE module)
{
    return GetProcAddress(module, "SpLsaModeInitialize") ||
           GetProcAddress(module, "SpUserModeInitialize") ||
           GetProcAddress(module, "InitSecurityInterfaceA") ||
           GetProcAddress(module, "InitSecurityInterfaceW");
}

bool real_is_provider(const void *address)
{
    DWORD error = GetLastError();
    MEMORY_BASIC_INFORMATION region;
    bool provider = false;

    if (VirtualQuery(address, &region, sizeof region) && region.Type == MEM_IMAGE) {
        HMODULE module = (HMODULE)region.AllocationBase;

        provider =
            module == real_module() ||
            (module != own_module() && module != GetModuleHandleA(NULL) && is_package(module));
    }
    SetLastError(error);
    return provider;
}
