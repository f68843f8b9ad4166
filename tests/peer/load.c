/*
 * load.c: see load.h.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

char *load_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long size = -1;

    if (file && !fseek(file, 0, SEEK_END))
        size = ftell(file);
    if (size >= 0 && (bytes = calloc(1, (size_t)size + 1))) {
        rewind(file);
        size -= (long)fread(bytes, 1, (size_t)size, file);
    }
    if (file)
        fclose(file);
    if (!bytes || size != 0)
        perror(path), exit(2);
    return bytes;
}
