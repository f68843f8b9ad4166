/*
 * Shim: what every file of the face sees: the Windows headers, the list of exports as C, and the
 * real functions behind it.
 *
 * real_slots holds one address for each row of def/exports.inc. At first it is that of a small
 * thunk (stubs.S), which looks the real function up at the first call and puts it, or a function
 * that gives the documented answer for a name that this Windows lacks, in its place. So
 * REAL(name)(...) may always be called.
 */
#ifndef SHIM_H
#define SHIM_H

#define SECURITY_WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <sspi.h>

#include <stdbool.h>

#include "sspishim.h"

/* The names of NT 4, which <sspi.h> has forgotten. */
SECURITY_STATUS SEC_ENTRY SealMessage(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
SECURITY_STATUS SEC_ENTRY UnsealMessage(PCtxtHandle, PSecBufferDesc, ULONG, PULONG);

/* The index of each row in real_slots; our own export has none. */
#define REAL_HOOK(name) REAL_##name,
#define REAL_PASS(name) REAL_##name,
#define REAL_OURS(name)

#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) REAL_##route(name)
enum real_index {
#include "exports.inc"
    REAL_COUNT
};
#undef EXPORT

extern void *real_slots[REAL_COUNT];

#define REAL(name) (*(__typeof__(&name) *)&real_slots[REAL_##name])

/* Prototypes of the hooks, in the words of <sspi.h>, and addresses of the plain jumps. */
#define DECLARE_HOOK(name) extern __typeof__(name) shim_##name;
#define DECLARE_PASS(name) void SEC_ENTRY pass_##name(void);
#define DECLARE_OURS(name) extern __typeof__(name) shim_##name;

#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) DECLARE_##route(name)
#include "exports.inc"
#undef EXPORT

#endif
