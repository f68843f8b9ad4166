/*
 * Real: the system's own DLL, loaded at the first call that needs it, by its absolute path.
 */
#ifndef REAL_H
#define REAL_H

#include "shim.h"

/* Which of the two function tables. */
enum real_table { REAL_TABLE_A, REAL_TABLE_W };

/* Called by the thunks of stubs.S: what to jump to instead of the thunk. LastError is kept. */
void *__stdcall real_bind(ULONG index);

/* Does the real DLL have the function, as an export or in its function table? */
bool real_has(enum real_index index);

/* The real function table, or NULL. To be read up to real_table_last, and never written. */
void *const *real_table(enum real_table which);

/* The last slot that this table certainly has. */
unsigned real_table_last(void *const *table);

/*
 * Does the address lie in the real DLL, or in a security package? These ask for a function table in
 * order to be the provider: Wine's secur32 loads its schannel.dll, whose InitSecurityInterface is
 * forwarded to "secur32" and so to us. Given our table, it would call itself without end.
 */
bool real_is_provider(const void *address);

#endif
