/*
 * Call: the part in C. See dll_call.h; the two ends that C cannot see are in dll_invoke.S.
 */
#include "dll_call.h"

#include "test.h"

#define WORD sizeof(uintptr_t)
_Static_assert(offsetof(struct call, n) == 14 * WORD, "dll_invoke.S");
_Static_assert(offsetof(struct call, answer) == 15 * WORD, "dll_invoke.S");
_Static_assert(offsetof(struct call, result) == 16 * WORD, "dll_invoke.S");
_Static_assert(offsetof(struct call, left) == 17 * WORD, "dll_invoke.S");
_Static_assert(offsetof(struct call, spoiled) == 18 * WORD, "dll_invoke.S");
_Static_assert(offsetof(struct call, landings) == 19 * WORD, "dll_invoke.S");
_Static_assert(offsetof(struct call, landed) == 20 * WORD, "dll_invoke.S");

/* Negative as a SECURITY_STATUS, so that a hook learns nothing from it. */
#define ANSWER 0x80AB0001u

void call_invoke(struct call *call, FARPROC function);
void call_landing(void);

static void invoke(struct call *call, FARPROC function)
{
    SetLastError(CALL_ERROR);
    call_invoke(call, function);
    call->error = GetLastError();
}

void call_zeros(struct call *call, const struct row *row, FARPROC function)
{
    *call = (struct call){.n = row->bytes / 4};
    invoke(call, function);
}

void call_check_convention(const struct call *call, const struct row *row)
{
    ROW_CHECK(row->name, call->left == 0);
    ROW_CHECK(row->name, call->spoiled == 0);
}

/* A jump to the landing that changes no register in use and needs no near address. */
static size_t write_jump(unsigned char *code)
{
    uintptr_t to = (uintptr_t)call_landing;
#ifdef __i386__
    memcpy(code, "\x68\0\0\0\0\xC3", 6); /* push to; ret */
    memcpy(code + 1, &to, sizeof to);
    return 6;
#else
    memcpy(code, "\x49\xBB\0\0\0\0\0\0\0\0\x41\xFF\xE3", 13); /* mov to, %r11; jmp *%r11 */
    memcpy(code + 2, &to, sizeof to);
    return 13;
#endif
}

static bool overwrite(FARPROC at, const unsigned char *code, size_t n)
{
    void *to = (void *)(uintptr_t)at;
    DWORD protection;

    if (!VirtualProtect(to, n, PAGE_EXECUTE_READWRITE, &protection))
        return false;
    memcpy(to, code, n);
    return VirtualProtect(to, n, protection, &protection) &&
           FlushInstructionCache(GetCurrentProcess(), to, n);
}

static bool invoke_diverted(struct call *call, FARPROC function, FARPROC target)
{
    unsigned char jump[16], was[16];
    size_t n = write_jump(jump);

    memcpy(was, (void *)(uintptr_t)target, n);
    if (!overwrite(target, jump, n))
        return false;
    invoke(call, function);
    return overwrite(target, was, n);
}

/* A hook hands a ULONG on in a word whose upper half may hold anything. */
static bool landed_whole(const struct call *call, const struct row *row)
{
    uintptr_t mask = row->route == ROW_HOOK ? 0xFFFFFFFFu : ~(uintptr_t)0;

    for (unsigned i = 0; i < call->n; i++)
        if ((call->landed[i] ^ call->args[i]) & mask)
            return false;
    return true;
}

void call_arrives(const struct row *row, FARPROC function, FARPROC target)
{
    struct call call = {.n = row->bytes / 4};

    /* A table at ANSWER would be read. */
    call.answer = row->absent == ROW_POINTER ? 0 : ANSWER;
    for (unsigned i = 0; i < call.n; i++)
        call.args[i] = row->route == ROW_HOOK ? 0 : ~(uintptr_t)0x5A00 + i;
    ROW_CHECK(row->name, invoke_diverted(&call, function, target));
    ROW_CHECK(row->name, call.landings == 1);
    ROW_CHECK(row->name, (uint32_t)call.result == (uint32_t)call.answer);
    ROW_CHECK(row->name, landed_whole(&call, row));
    ROW_CHECK(row->name, call.error == CALL_ERROR);
    call_check_convention(&call, row);
}
