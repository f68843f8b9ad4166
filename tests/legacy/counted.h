/*
 * counted.h: what the shim has counted: "counted lost N exact N keyless N retired N", or nothing
 * where the program runs with the system's own DLL.
 */
#ifndef COUNTED_H
#define COUNTED_H

/* Before the first call of SSPI: after it there are two DLLs of the same name. */
void counted_begin(void);

/* Since the last time. */
void counted_print(void);

#endif
