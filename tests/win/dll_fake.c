/*
 * Fake: a secur32.dll that lies where the shim must not look for the real one. It has all that the
 * shim would need to take it for that, and gives itself away by its answer.
 */
#include <windows.h>

__declspec(dllexport) LONG WINAPI FreeContextBuffer(void *buffer);

LONG WINAPI FreeContextBuffer(void *buffer)
{
    (void)buffer;
    return 0x0FA4E;
}
