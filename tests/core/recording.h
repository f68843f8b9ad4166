/*
 * Recording: blocks that gss-ntlmssp sealed, from a file of tests/data (its README has the format).
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

#define RECORDING_BLOCKS 128

struct recording {
    uint32_t flags;
    unsigned char key[16];
    struct {
        bool to_client;
        struct span text;
        struct span sealed;
    } block[RECORDING_BLOCKS];
    size_t blocks;
};

/* Loads a file, once for each name; fails the test if it is not there or not of the format. */
const struct recording *recording_load(const char *path);

#endif
