/*
 * Guest: a DLL of the program's that asks for a function table by itself. Who asks is told by the
 * return address, so the call must be made from here, and must not be the last thing done.
 */
#include <windows.h>

__declspec(dllexport) void *guest_ask(void *(WINAPI *maker)(void));

void *guest_ask(void *(WINAPI *maker)(void))
{
    void *volatile table = maker();

    return table;
}
