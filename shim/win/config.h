/*
 * Config: the settings of this process: those of sspishim.ini in the folder of our own DLL, read
 * once, at the first call that asks. Neither the environment, the current directory nor the
 * registry has a say. No file is the usual case and nothing to speak of; what is not understood in
 * one is counted and said in the log.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "settings.h"

/* Never NULL, never changes afterwards. LastError is kept. Not for DllMain. */
const struct settings *config_get(void);

#endif
