/*
 * Windows: as much of it as the face of the shim and the fake providers use, for the host. Types
 * have the sizes that they have on 64-bit Windows.
 */
#ifndef MODEL_WINDOWS_H
#define MODEL_WINDOWS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define __stdcall
#define WINAPI

typedef uint32_t ULONG, DWORD, *PULONG;
typedef int32_t LONG;
typedef uint16_t USHORT;
typedef uint64_t ULONGLONG;
typedef uintptr_t ULONG_PTR;
typedef unsigned char BYTE;
typedef char CHAR, *LPSTR;
typedef wchar_t WCHAR, *LPWSTR; /* 16 bits by -fshort-wchar */

void Sleep(DWORD milliseconds);
DWORD GetCurrentThreadId(void);
DWORD GetLastError(void);
void SetLastError(DWORD error);

#endif
