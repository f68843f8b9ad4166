/*
 * Load: the DLLs under test and the system's own ones, each by its path, so that it is never a
 * matter of search order which of them a test looks at.
 */
#ifndef DLL_LOAD_H
#define DLL_LOAD_H

#include <windows.h>

#include <stdbool.h>

/* The two DLLs that are built, as the names of their files. */
extern const char *const load_names[2];

/* The path of a file in the folder of this program. In one of a few static buffers. */
const char *load_path(const char *file);

/* The built DLL beside this program. Fails the test if the shim is not what was loaded. */
HMODULE load_ours(const char *name);

/*
 * A copy of it in a folder of its own: a module that nobody has called yet, whatever other tests
 * did. `copy` names the folder, once in a program.
 */
HMODULE load_fresh(const char *name, const char *copy);

/* The system's own, or NULL if it is not loaded yet. */
HMODULE load_real_if_loaded(const char *name);

/* The system's own. Fails the test if that is the shim. */
HMODULE load_real(const char *name);

/* Does the address lie in the module's image? */
bool load_contains(HMODULE module, const void *address);

/* The export. Fails the test if the module has none of that name. */
FARPROC load_export(HMODULE module, const char *name);

#endif
