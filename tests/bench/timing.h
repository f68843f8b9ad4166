/*
 * timing.h: time, and what is said about many measured values: the median and the quartiles, since
 * the machine is shared and a mean would tell of the neighbours.
 */
#ifndef TIMING_H
#define TIMING_H

#include <stdbool.h>
#include <stddef.h>

struct timing_spread {
    double low; /* first quartile */
    double median;
    double high; /* third quartile */
};

/* Nanoseconds since some moment. */
double timing_now(void);

/* Sorts the values. */
struct timing_spread timing_spread(double *values, size_t n);

/* One line: which CPU this runs on, and whether it is a real one. */
void timing_print_machine(void);

/* One line that the script counts: "ok: WHAT" or "FAILED: WHAT". Gives back `good`. */
bool timing_check(bool good, const char *what);

#endif
