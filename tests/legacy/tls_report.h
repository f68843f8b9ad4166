/*
 * tls_report.h: tells on stderr whether the secur32.dll of this process is the shim, and how many
 * calls went through it untouched. Not on stdout: the traces there are compared with and without
 * the shim.
 */
#ifndef TLS_REPORT_H
#define TLS_REPORT_H

void tls_report(void);

#endif
