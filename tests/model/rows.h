/*
 * Rows: plans that are always run first.
 */
#ifndef ROWS_H
#define ROWS_H

#include "plan.h"

extern const struct plan rows[];
extern const unsigned rows_n;

#endif
