/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_PROGRESS_H
#define LTV_SIM_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/cli/terminal.h"

/* One line on a terminal that says how far a run is, and goes away when it is done. Nothing is
 * written to anything but a terminal. */

typedef struct {
    FILE *stream; /* borrowed; NULL: stay silent */
    ltv_terminal terminal;
    double started_s, shown_s; /* monotonic clock, seconds; shown_s 0 before the first line */
    char target[160]; /* what the run waits for, "delta_ltv ±1.2 of 0.5"; "" for nothing */
} ltv_progress;

/* Starts the clock. Silent when `quiet` or when `stream` is not a terminal. */
void ltv_progress_init(ltv_progress *progress, FILE *stream, bool quiet);

/* Shows done of all customers, at most ten times a second, and not in the first half second. */
void ltv_progress_update(ltv_progress *progress, uint64_t done, uint64_t all);

/* What the run waits for from now on: a figure, half the width of its interval, and what is asked
 * for. `half_width` NaN: not known. */
void ltv_progress_wait(ltv_progress *progress, const char *figure, double half_width,
                       double allowed);

/* The line for a run that has taken `elapsed_s`: share done, rate, time left. */
void ltv_progress_line(char *buffer, size_t size, uint64_t done, uint64_t all, double elapsed_s,
                       const char *target, const ltv_terminal *terminal);

/* Removes the line. */
void ltv_progress_clear(ltv_progress *progress);

#endif
