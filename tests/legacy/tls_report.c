/*
 * tls_report.c: is the shim in this process? See tls_report.h. The shim is known by its export
 * SspiShimStatus, since under Wine the path of a module does not tell a drop-in DLL from a
 * built-in one. All modules are looked at: once the shim has loaded the system's secur32.dll,
 * GetModuleHandle may give either.
 */
#include "tls_report.h"
#include "sspishim.h"

#include <windows.h>
#include <psapi.h>
#include <stdio.h>
#include <string.h>

#define TLS_REPORT_MODULES 256

typedef uint32_t(SSPISHIM_CALL *tls_report_status)(struct sspishim_status *, uint32_t);

void tls_report(void)
{
    struct sspishim_status status = {.size = 0};
    HMODULE modules[TLS_REPORT_MODULES];
    DWORD size = 0;
    const char *seen = "none";

    EnumProcessModules(GetCurrentProcess(), modules, sizeof modules, &size);
    for (DWORD i = 0; i < size / sizeof *modules && i < TLS_REPORT_MODULES; i++) {
        char name[MAX_PATH];
        tls_report_status read;

        GetModuleBaseNameA(GetCurrentProcess(), modules[i], name, sizeof name);
        if (_stricmp(name, "secur32.dll"))
            continue;
        seen = "system";
        read = (tls_report_status)(void *)GetProcAddress(modules[i], "SspiShimStatus");
        if (read && read(&status, sizeof status) == sizeof status)
            break;
    }
    if (status.size)
        fprintf(stderr, "secur32.dll: shim, %lu calls, %lu untouched\n",
                (unsigned long)status.calls, (unsigned long)status.untouched);
    else
        fprintf(stderr, "secur32.dll: %s\n", seen);
}
