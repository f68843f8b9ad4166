/*
 * Ini: the text of sspishim.ini becomes settings. settings.h has the keys.
 *
 * ANSI or UTF-8, with or without its mark; lines end with CR, LF or both. A line is empty, a
 * comment
 * (`;` or `#` first), a section or `key = value`; behind a value a comment starts with a blank and
 * `;`. Keys before the first section belong to [Shim].
 *
 * Strict: whatever is not understood is reported and has no effect at all.
 */
#ifndef INI_H
#define INI_H

#include "fault.h"
#include "settings.h"

typedef void ini_report(void *to, const struct fault *fault);

/* The settings are the defaults, and over them what the text says. Linear in its length. */
void ini_read(struct settings *settings, struct span text, ini_report *report, void *to);

#endif
