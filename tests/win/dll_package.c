/*
 * Package: with dll_guest.c it makes a DLL that looks like a security package to the shim. MARK is
 * the export that such a DLL is told by; each DLL has one.
 */
__declspec(dllexport) void MARK(void);

void MARK(void)
{
}
