/*
 * Log. See log.h.
 */
#include "log.h"

static bool may_say(void)
{
    static LONG said;

    /* Compared first: it must not wrap. */
    return __atomic_load_n(&said, __ATOMIC_RELAXED) < LOG_LINES &&
           __atomic_fetch_add(&said, 1, __ATOMIC_RELAXED) < LOG_LINES;
}

static size_t append(char *line, size_t room, size_t n, const char *text)
{
    while (*text && n < room)
        line[n++] = *text++;
    return n;
}

void log_line(const char *text)
{
    DWORD error = GetLastError();
    char line[320];
    size_t n;

    if (may_say()) {
        n = append(line, sizeof line - 2, 0, "SspiShim: ");
        n = append(line, sizeof line - 2, n, text);
        line[n] = '\n';
        line[n + 1] = 0;
        OutputDebugStringA(line);
    }
    SetLastError(error);
}
