/*
 * Log: what the shim has to say. For now to the debugger's channel alone (DebugView, WinDbg, Wine's
 * +debugstr), and never more than LOG_LINES of a process.
 */
#ifndef LOG_H
#define LOG_H

#include "shim.h"

#define LOG_LINES 32

/*
 * "SspiShim: ", the text and an end of line, cut to 320 bytes. No byte of payload, key, token or
 * user name may be in it. LastError is kept. A debugger's or the program's own handler may run, and
 * call us: nothing may be taken while a line is said.
 */
void log_line(const char *text);

#endif
