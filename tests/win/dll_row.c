/*
 * Row: the table, and the count of what was wrong. See dll_row.h. The list is included here once
 * more, as data; the DLLs were made from the same list by the build.
 */
#include "dll_row.h"

#include "test.h"

#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal)                              \
    {#name, bytes, ROW_##route, ROW_##absent, ROW_##table, slot, ROW_##dll, #ordinal},
const struct row rows[] = {
#include "exports.inc"
};
#undef EXPORT

const size_t rows_n = sizeof rows / sizeof *rows;

static unsigned wrong;

const struct row *row_named(const char *name)
{
    for (size_t i = 0; i < rows_n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool row_is_in(const struct row *row, const char *dll)
{
    return row->dll == ROW_BOTH || strcmp(dll, "secur32.dll") == 0;
}

void row_note(const char *name, bool good, const char *text)
{
    if (good)
        return;
    print_error("%s: not %s\n", name, text);
    wrong++;
}

void row_settle(void)
{
    unsigned found = wrong;

    wrong = 0;
    assert_int_equal(found, 0);
}
