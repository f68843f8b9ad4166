/*
 * Said: what a text makes of the settings, and what was said about it.
 */
#ifndef SAID_H
#define SAID_H

#include "ini.h"

#define SAID 64 /* sentences that are kept */

/* Of the last said_read. */
extern struct said {
    unsigned n;
    struct fault faults[SAID];
    char text[SAID][FAULT_TEXT];
} said;

/* The settings of a text that ends at a forbidden page. */
struct settings said_read(const void *text, size_t n);

/* Enabled Packages Framing Prefix Deliver Partial Schannel KerberosTrial Exact MaxHeld. */
const char *said_show(const struct settings *settings);

#define SAID_DEFAULTS "1 7 auto - auto hold pass 0 auto 1048576"

#endif
