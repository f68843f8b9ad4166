/*
 * load.h: the whole of a text file.
 */
#ifndef LOAD_H
#define LOAD_H

/* malloc'ed, with a NUL behind it. Ends the program when there is no such file. */
char *load_text(const char *path);

#endif
