/*
 * Config: the settings of this process, read once, at the first hooked call.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "settings.h"

/* Never NULL, never changes afterwards. LastError is kept. */
const struct settings *config_get(void);

#endif
