/*
 * loaded.c: which DLL does a program get that asks for secur32.dll and security.dll by their bare
 * names? Prints for each "NAME shim", "NAME system" or "NAME missing"; the shim is known by its
 * export SspiShimStatus. A guard against tests that pass because nothing was under test.
 */
#include <windows.h>
#include <stdio.h>

int main(void)
{
    static const char *const names[] = {"secur32.dll", "security.dll"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        HMODULE dll = LoadLibraryA(names[i]);
        const char *what = "missing";

        if (dll)
            what = GetProcAddress(dll, "SspiShimStatus") ? "shim" : "system";
        printf("%s %s\n", names[i], what);
    }
    return 0;
}
