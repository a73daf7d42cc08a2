/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine through its public interface: simulates a scenario and says what it took.
 *
 *     engine SCENARIO ARM CUSTOMERS SEED THREADS
 *
 * prints the mean LTV of the arm, its standard error, and the nanoseconds of processor and of
 * wall clock for a customer, all default outputs included. Reading the scenario is not timed. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "include/ltvsim.h"

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: engine SCENARIO ARM CUSTOMERS SEED THREADS\n");
        return 2;
    }
    char customers[64], seed[64], mean[200], deviation[200], error[1024];
    snprintf(customers, sizeof customers, "experiment.customers=%.40s", argv[3]);
    snprintf(seed, sizeof seed, "experiment.seed=%.40s", argv[4]);
    snprintf(mean, sizeof mean, "/arms/%.100s/ltv@mean", argv[2]);
    snprintf(deviation, sizeof deviation, "/arms/%.100s/ltv@standard_error", argv[2]);
    ltvsim *sim = NULL;
    int failed =
        ltvsim_open(&sim, argv[1], 2, (const char *[]){customers, seed}, error, sizeof error);
    double processor = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
    failed = failed || ltvsim_run(sim, atoi(argv[5]), error, sizeof error);
    processor = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
    wall = now(CLOCK_MONOTONIC) - wall;
    if (failed)
        fprintf(stderr, "%s\n", error);
    else
        printf("%.17g %.17g %.17g %.17g\n", ltvsim_value(sim, mean), ltvsim_value(sim, deviation),
               processor / atof(argv[3]), wall / atof(argv[3]));
    ltvsim_free(sim);
    return failed != 0;
}
