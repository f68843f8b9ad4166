/*
 * Call: a function called by address with the number of argument words that a row of the list says,
 * with a look at what it does to the stack, to the registers that it has to keep and to LastError;
 * and the proof that a function of ours leads to one of the real DLL, whatever that one would do:
 * for the length of the call its first bytes are replaced by a jump to a landing of ours.
 */
#ifndef DLL_CALL_H
#define DLL_CALL_H

#include <windows.h>

#include <stdbool.h>
#include <stdint.h>

#include "dll_row.h"

#define CALL_ARGS  14 /* LsaLogonUser has the most */
#define CALL_ERROR 0x12345678u

struct call {
    uintptr_t args[CALL_ARGS];
    uintptr_t n;       /* how many of these the function takes */
    uintptr_t answer;  /* what a landing gives back */
    uintptr_t result;  /* what the function gave back */
    uintptr_t left;    /* bytes by which the stack pointer is off afterwards */
    uintptr_t spoiled; /* not 0: a register that had to be kept was not */
    uintptr_t landings;
    uintptr_t landed[CALL_ARGS]; /* the arguments that the landing was given */
    DWORD error;                 /* LastError afterwards; CALL_ERROR before */
};

/* Calls the function with all-zero arguments, as many as the row says. */
void call_zeros(struct call *call, const struct row *row, FARPROC function);

/* The stack and the registers, as the convention has it; what is wrong is noted with the row. */
void call_check_convention(const struct call *call, const struct row *row);

/*
 * Does a call of `function` arrive at `target`, which is not run? A plain jump must bring arguments
 * that are all different along; a hook is given zeros. Everything wrong is noted with the row.
 */
void call_arrives(const struct row *row, FARPROC function, FARPROC target);

#endif
