/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/running.h"

#include <signal.h>
#include <stdio.h>

/* Set by SIGINT and SIGTERM. */
static volatile sig_atomic_t interrupted;

static void remember_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* SA_RESETHAND lets a second signal stop the process at once. */
void ltv_running_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = remember_interrupt, .sa_flags = SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static bool show_progress(void *context, uint64_t customers_done, uint64_t customers)
{
    ltv_progress_update(context, customers_done, customers);
    return !interrupted;
}

static void show_look(void *context, const ltv_precision_look *look)
{
    ltv_progress_wait(context, look->binding->metric, look->half_width, look->allowed);
}

ltv_simulate_options ltv_running_start(ltv_running *running, long threads, bool quiet)
{
    ltv_progress_init(&running->progress, stderr, quiet);
    clock_gettime(CLOCK_MONOTONIC, &running->start);
    return (ltv_simulate_options){.threads = (int)threads,
                                  .progress = show_progress,
                                  .looked = show_look,
                                  .progress_context = &running->progress};
}

double ltv_running_end(ltv_running *running)
{
    struct timespec now;
    ltv_progress_clear(&running->progress);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - running->start.tv_sec) +
           1e-9 * (double)(now.tv_nsec - running->start.tv_nsec);
}

ltv_status ltv_running_check(ltv_error *err)
{
    if (!interrupted)
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
}
