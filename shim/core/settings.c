/*
 * Settings. See settings.h.
 */
#include "settings.h"

struct settings settings_default(void)
{
    return (struct settings){.enabled = true,
                             .packages = SETTINGS_NTLM | SETTINGS_KERBEROS | SETTINGS_NEGOTIATE,
                             .max_held = SETTINGS_MAX_HELD};
}
