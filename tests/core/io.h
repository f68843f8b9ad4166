/*
 * I/O: what the tests of the framing share.
 */
#ifndef IO_H
#define IO_H

#include <stddef.h>

#include "frame.h"

/* Bytes that the search has looked at. */
extern size_t io_searched;

void io_le32(unsigned char *at, size_t n);
void io_be32(unsigned char *at, size_t n);

/* Where the I/O's own signature is. */
struct span io_head(struct span input, enum frame_order order);

#endif
