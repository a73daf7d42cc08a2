/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_RUNNING_H
#define LTV_SIM_CLI_RUNNING_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "sim/cli/progress.h"
#include "sim/simulate.h"

/* Long computations of the command: a line of progress, a clock, and a clean stop at SIGINT and
 * SIGTERM. */

typedef struct {
    ltv_progress progress;
    struct timespec start;
} ltv_running;

/* From now on the first such signal stops computations cleanly; a second one stops the process. */
void ltv_running_catch_interrupts(void);

/* Starts the clock and returns how to simulate; *running must stay where it is. threads as in
 * ltv_simulate_options. */
ltv_simulate_options ltv_running_start(ltv_running *running, long threads, bool quiet);

/* Removes the line. Returns the seconds since the start. */
double ltv_running_end(ltv_running *running);

/* LTV_ERR_INTERRUPTED once a signal has come. */
LTV_MUST_USE ltv_status ltv_running_check(ltv_error *err);

#endif
