/*
 * Rows: plans that failed once, or that show one thing each. See rows.h.
 */
#include "rows.h"

const struct plan rows[] = {
    {.framing = PLAN_ESS, .blocks = 3, .text = {5, 0, 70000}, .reads = 1, .read = {UINT32_MAX}},
    {.framing = PLAN_NT4, .blocks = 2, .text = {1, 1}, .reads = 1, .read = {UINT32_MAX}},
    {.framing = PLAN_PAD, .blocks = 4, .text = {9, 8, 7, 6}, .reads = 1, .read = {UINT32_MAX}},
};

const unsigned rows_n = sizeof rows / sizeof *rows;
