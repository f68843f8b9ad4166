/*
 * counted.c. See counted.h.
 */
#include "counted.h"

#include "sspishim.h"

#include <windows.h>
#include <stdio.h>

typedef uint32_t(SSPISHIM_CALL *counted_status)(struct sspishim_status *, uint32_t);

static counted_status status;

void counted_begin(void)
{
    FARPROC found = GetProcAddress(GetModuleHandleA("secur32.dll"), "SspiShimStatus");

    status = (counted_status)(void *)found;
}

void counted_print(void)
{
    static struct sspishim_status before;
    struct sspishim_status now;

    if (status == NULL || status(&now, sizeof now) != sizeof now)
        return;
    printf("counted lost %u exact %u keyless %u retired %u\n", now.lost - before.lost,
           now.exact - before.exact, now.keyless - before.keyless, now.retired - before.retired);
    before = now;
}
