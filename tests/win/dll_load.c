/*
 * Load. See dll_load.h.
 */
#include "dll_load.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

const char *const load_names[2] = {"secur32.dll", "security.dll"};

static char *next_buffer(void)
{
    static char buffers[4][MAX_PATH];
    static unsigned used;

    return buffers[used++ % 4];
}

const char *load_path(const char *file)
{
    char *path = next_buffer();
    DWORD n = GetModuleFileNameA(NULL, path, MAX_PATH);

    assert_true(n > 0 && n + strlen(file) < MAX_PATH);
    strcpy(strrchr(path, '\\') + 1, file);
    return path;
}

static const char *system_path(const char *name)
{
    char *path = next_buffer();
    UINT n = GetSystemDirectoryA(path, MAX_PATH);

    assert_true(n > 0 && n + 1 + strlen(name) < MAX_PATH);
    snprintf(path + n, MAX_PATH - n, "\\%s", name);
    return path;
}

static HMODULE load_shim(const char *path)
{
    HMODULE module = LoadLibraryA(path);

    assert_non_null(module);
    assert_non_null(GetProcAddress(module, "SspiShimStatus"));
    return module;
}

HMODULE load_ours(const char *name)
{
    return load_shim(load_path(name));
}

HMODULE load_fresh(const char *name, const char *copy)
{
    char folder[MAX_PATH], path[MAX_PATH];

    snprintf(folder, sizeof folder, "%s", load_path(copy));
    assert_true(CreateDirectoryA(folder, NULL) || GetLastError() == ERROR_ALREADY_EXISTS);
    snprintf(path, sizeof path, "%s\\%s", folder, name);
    assert_null(GetModuleHandleA(path));
    assert_true(CopyFileA(load_path(name), path, FALSE));
    return load_shim(path);
}

HMODULE load_real_if_loaded(const char *name)
{
    return GetModuleHandleA(system_path(name));
}

HMODULE load_real(const char *name)
{
    HMODULE module = LoadLibraryExA(system_path(name), NULL, LOAD_WITH_ALTERED_SEARCH_PATH);

    assert_non_null(module);
    assert_null(GetProcAddress(module, "SspiShimStatus"));
    return module;
}

bool load_contains(HMODULE module, const void *address)
{
    MEMORY_BASIC_INFORMATION region;

    return VirtualQuery(address, &region, sizeof region) && region.AllocationBase == module;
}

FARPROC load_export(HMODULE module, const char *name)
{
    FARPROC found = GetProcAddress(module, name);

    if (!found)
        print_error("no export %s\n", name);
    assert_non_null(found);
    return found;
}
