/*
 * Own: the module that this code lies in.
 */
#ifndef OWN_H
#define OWN_H

#include "shim.h"

/* Told once by DllMain. */
void own_note(HMODULE module);

HMODULE own_module(void);

#endif
