/*
 * Entry: DllMain notes the module's handle and does nothing else, at no time. The process is a
 * guest-house: what the shim needs it fetches at the first call, outside the loader's lock.
 */
#include "own.h"

BOOL WINAPI DllMain(HINSTANCE own, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE own, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        own_note(own);
    return TRUE;
}
