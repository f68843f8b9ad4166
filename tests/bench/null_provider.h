/*
 * null_provider.h: a provider that does nothing behind the shim's own objects, so that the time of
 * a call is the shim's. It accepts every block and leaves it as it is.
 */
#ifndef NULL_PROVIDER_H
#define NULL_PROVIDER_H

#include "shim.h"

/* How often the shim has asked for memory. */
extern unsigned long null_allocations;

/* Through the shim's hooks: a context with this value, of sealed NTLM with extended security. */
bool null_birth(ULONG_PTR lower);
void null_death(ULONG_PTR lower);

CtxtHandle null_handle(ULONG_PTR lower);

/* A block as NTLM seals it: signature with that number, then `size` bytes that look random. */
void null_block(unsigned char *at, size_t size, unsigned number);

#endif
