/*
 * Image: a PE file's headers and directories, of a loaded module or of a file laid out in the same
 * way. Of the test program's own architecture; the reader checks that first.
 */
#ifndef DLL_IMAGE_H
#define DLL_IMAGE_H

#include <windows.h>

#include <stdbool.h>

struct image {
    const unsigned char *base;
    const IMAGE_NT_HEADERS *headers;
};

struct image_export {
    const char *name;
    WORD ordinal;
    DWORD at; /* RVA */
};

struct image image_of_module(HMODULE module);

/* Never freed: there are two of them in a program's life. */
struct image image_of_file(const char *path);

/* What a directory entry points to, or NULL. */
const void *image_directory(const struct image *image, unsigned which);

/* The section with this address, or NULL. */
const IMAGE_SECTION_HEADER *image_section(const struct image *image, DWORD rva);

/* Reads export number i in the order of names; false behind the last one. */
bool image_export(const struct image *image, DWORD i, struct image_export *found);

/* Does the address lie in the export directory, which makes it a forwarder's name? */
bool image_is_forwarder(const struct image *image, DWORD rva);

/* The name of imported DLL number i, or NULL behind the last one. */
const char *image_import(const struct image *image, unsigned i);

#endif
