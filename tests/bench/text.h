/*
 * text.h: what the benchmark's Linux peer seals and the Windows program expects: byte i of the nth
 * block of a connection. Two numbers in a frame ask for more blocks: "SIZE COUNT".
 */
#ifndef TEXT_H
#define TEXT_H

#define TEXT_SIGNATURE 16
#define TEXT_MAX       16384
#define TEXT_BLOCKS    512 /* of one request */

static inline char text_byte(unsigned block, unsigned i)
{
    return (char)('a' + (block + i) % 26);
}

#endif
