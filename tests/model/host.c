/*
 * Host. See host.h.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "dice.h"
#include "memory.h"

unsigned host_failed, host_out;
bool host_dirty;

static struct dice dice;
static uint32_t rate;

void host_fail_memory(uint32_t new_rate, uint32_t seed)
{
    rate = new_rate;
    dice = dice_of(seed);
    host_failed = 0;
}

void *memory_take(size_t n)
{
    size_t *piece;

    if (rate && dice_once_in(&dice, rate)) {
        host_failed++;
        return NULL;
    }
    piece = malloc(sizeof *piece + n);
    if (!piece)
        abort();
    *piece = n;
    memset(piece + 1, 0xA5, n);
    host_out++;
    return piece + 1;
}

void memory_give(void *at)
{
    size_t *piece = (size_t *)at - 1;

    if (!at)
        return;
    for (size_t i = 0; i < *piece; i++)
        host_dirty |= ((unsigned char *)at)[i] != 0;
    host_out--;
    free(piece);
}

void Sleep(DWORD milliseconds)
{
    (void)milliseconds;
    abort(); /* one thread: there is nobody to wait for */
}

static DWORD last_error;

DWORD GetLastError(void)
{
    return last_error;
}

void SetLastError(DWORD error)
{
    last_error = error;
}

DWORD GetCurrentThreadId(void)
{
    return 4;
}
