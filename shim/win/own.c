/*
 * Own. See own.h.
 */
#include "own.h"

static HMODULE own;

void own_note(HMODULE module)
{
    own = module;
}

HMODULE own_module(void)
{
    return own;
}
