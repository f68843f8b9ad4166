/*
 * Heard. See dll_heard.h.
 */
#include "dll_heard.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

#define PRINT_EVENT                                                                                \
    0x40010006 /* DBG_PRINTEXCEPTION_C: how OutputDebugString reaches a debugger                   \
                */

char heard[HEARD][400];
LONG heard_n;
void (*heard_during)(void);

static void *handler;

static LONG CALLBACK hear(EXCEPTION_POINTERS *event)
{
    const EXCEPTION_RECORD *record = event->ExceptionRecord;
    const char *text = (const char *)record->ExceptionInformation[1];

    if (record->ExceptionCode != PRINT_EVENT)
        return EXCEPTION_CONTINUE_SEARCH;
    if (strncmp(text, "SspiShim: ", 10) == 0) {
        LONG i = InterlockedIncrement(&heard_n) - 1;

        snprintf(heard[i % HEARD], sizeof *heard, "%s", text);
        if (heard_during)
            heard_during();
    }
    SetLastError(0xBAD); /* as a debugger's channel may leave it */
    return EXCEPTION_CONTINUE_EXECUTION;
}

int heard_start(void **state)
{
    (void)state;
    heard_n = 0;
    heard_during = NULL;
    handler = AddVectoredExceptionHandler(1, hear);
    return handler == NULL;
}

int heard_stop(void **state)
{
    (void)state;
    return RemoveVectoredExceptionHandler(handler) == 0;
}
