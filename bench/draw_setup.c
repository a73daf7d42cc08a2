/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it takes to set up a draw of uncertain inputs, before its first customer.
 *
 *     draw_setup SCENARIO DRAWS [PATH=VALUE ...]
 *
 * prints the microseconds for a draw, in the median: reading its world, and compiling its programs,
 * memory given back included. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/inputs.h"
#include "sim/io/scenario/scenario_read.h"
#include "sim/program_set.h"
#include "sim/worlds.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int in_order(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *times, size_t n)
{
    qsort(times, n, sizeof *times, in_order);
    return times[n / 2];
}

/* Sets up all draws one after the other; what each takes goes to reading and compiling. */
static ltv_status set_up(const ltv_scenario *scenario, const double *values, uint32_t draws,
                         double *reading, double *compiling, ltv_error *err)
{
    const ltv_worlds *worlds = scenario->worlds;
    void *reader = NULL;
    ltv_program_set mean = {0};
    ltv_status status = ltv_program_set_init(&mean, scenario, err);
    if (status == LTV_OK)
        status = worlds->open(worlds, &reader, err);
    for (uint32_t draw = 0; status == LTV_OK && draw < draws; draw++) {
        ltv_scenario world = {0};
        ltv_program_set set = {0};
        double start = now();
        status = worlds->read(reader, values + draw * scenario->inputs.n, &world, err);
        double read = now();
        if (status == LTV_OK)
            status = ltv_program_set_init_draw(&set, &world, &mean, err);
        ltv_program_set_free(&set);
        double compiled = now();
        ltv_scenario_free(&world);
        reading[draw] = read - start + now() - compiled;
        compiling[draw] = compiled - read;
    }
    worlds->close(reader);
    ltv_program_set_free(&mean);
    return status;
}

static ltv_status measure(const ltv_scenario *scenario, uint32_t draws, ltv_error *err)
{
    double *times = calloc(2 * (size_t)draws, sizeof *times);
    double *values = calloc(draws * scenario->inputs.n, sizeof *values);
    ltv_status status = LTV_OK;
    if (times == NULL || values == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %u draws", draws);
    if (status == LTV_OK)
        status = ltv_inputs_draw(values, &scenario->inputs, LTV_SAMPLING_RANDOM, scenario->seed,
                                 draws, err);
    if (status == LTV_OK)
        status = set_up(scenario, values, draws, times, times + draws, err);
    if (status == LTV_OK)
        printf("%.2f %.2f\n", median(times, draws), median(times + draws, draws));
    free(times);
    free(values);
    return status;
}

int main(int argc, char **argv)
{
    ltv_scenario_file file = {0};
    ltv_error err = {0};
    uint32_t draws = argc < 3 ? 0 : (uint32_t)strtoul(argv[2], NULL, 10);
    if (draws == 0) {
        fprintf(stderr, "usage: draw_setup SCENARIO DRAWS [PATH=VALUE ...]\n");
        return 2;
    }
    ltv_status status =
        ltv_scenario_read(&file, argv[1], (size_t)argc - 3, (const char *const *)argv + 3, &err);
    if (status == LTV_OK && file.scenario.worlds == NULL)
        status = ltv_fail(&err, LTV_ERR_BAD_INPUT, "nothing in %s is uncertain", argv[1]);
    if (status == LTV_OK)
        status = measure(&file.scenario, draws, &err);
    if (status != LTV_OK)
        fprintf(stderr, "%s\n", err.message);
    ltv_scenario_file_free(&file);
    return status != LTV_OK;
}
