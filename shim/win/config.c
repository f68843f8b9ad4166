/* Config: stand-in until the config branch lands. */
#include "config.h"
static struct settings settings;
const struct settings *config_get(void)
{
    if (!settings.max_held)
        settings = settings_default();
    return &settings;
}
