/*
 * Heard: what the shim says over the debug channel, caught in the program itself.
 */
#ifndef DLL_HEARD_H
#define DLL_HEARD_H

#include <windows.h>

#define HEARD 64 /* lines that are kept */

extern char heard[HEARD][400];
extern LONG heard_n;
extern void (*heard_during)(void); /* called while a line is said */

/* Around each test; at its start nothing has been heard. */
int heard_start(void **state);
int heard_stop(void **state);

#endif
