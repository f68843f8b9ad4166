/*
 * Row: def/exports.inc as the tests of the built DLLs see it, one struct for each line, and checks
 * that name the row. A test goes through all rows, says which ones are wrong, and fails at the end.
 */
#ifndef DLL_ROW_H
#define DLL_ROW_H

#include <stdbool.h>
#include <stddef.h>

enum row_route { ROW_HOOK, ROW_PASS, ROW_OURS };
enum row_absent { ROW_STATUS, ROW_NTSTAT, ROW_BOOLE, ROW_WINERR, ROW_POINTER, ROW_NOTHING };
enum row_table { ROW_NO = 0, ROW_A = 1, ROW_W = 2, ROW_AW = ROW_A | ROW_W };
enum row_dll { ROW_ONLY, ROW_BOTH };

struct row {
    const char *name;
    unsigned bytes;
    enum row_route route;
    enum row_absent absent;
    enum row_table table;
    unsigned slot;
    enum row_dll dll;
    const char *ordinal; /* "" or "@1" */
};

extern const struct row rows[];
extern const size_t rows_n;

/* The row with that name, or NULL. */
const struct row *row_named(const char *name);

/* Is it in the DLL of that name? */
bool row_is_in(const struct row *row, const char *dll);

/* Prints what is wrong, and of which row. */
#define ROW_CHECK(name, condition) row_note(name, condition, #condition)
void row_note(const char *name, bool good, const char *text);

/* Fails the test if anything was wrong since the last call. */
void row_settle(void);

#endif
