/*
 * Version: the one place that holds it. Read by C and by the resource compiler.
 */
#ifndef VERSION_H
#define VERSION_H

#define VERSION_MAJOR 0
#define VERSION_MINOR 1
#define VERSION_PATCH 0
#define VERSION_TEXT  "0.1.0"

#endif
