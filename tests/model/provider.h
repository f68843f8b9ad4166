/*
 * Provider: stands before the fake one and notes what comes to it.
 */
#ifndef PROVIDER_H
#define PROVIDER_H

#include "fake.h"

struct provider {
    PSecBufferDesc desc; /* that of the program's call */
    unsigned calls;      /* since provider_watch */
    bool untouched;      /* one of these was with the program's own descriptor */
    SECURITY_STATUS bad; /* the last status that was not SEC_E_OK, since provider_start */
    ULONG number;        /* that the next call must have, if `counts` */
    bool counts, miscounted;
    ULONGLONG bytes; /* presented to it, in all */
};
extern struct provider provider;

/* A new case; 0: the program does not count. After wire_seal. */
void provider_start(ULONG number);

/* A call of the program with this descriptor follows. */
void provider_watch(PSecBufferDesc desc);

#endif
