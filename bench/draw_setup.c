/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it takes to set up a draw of uncertain inputs, before its first customer.
 *
 *     draw_setup SCENARIO DRAWS [PATH=VALUE ...]
 *
 * prints the microseconds of processor for a draw: reading its world, and compiling its programs,
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
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Sets up all draws one after the other and adds the times of the two steps. */
static ltv_status set_up(const ltv_scenario *scenario, const double *values, uint32_t draws,
                         double times[2], ltv_error *err)
{
    const ltv_worlds *worlds = scenario->worlds;
    void *reader = NULL;
    ltv_status status = worlds->open(worlds, &reader, err);
    for (uint32_t draw = 0; status == LTV_OK && draw < draws; draw++) {
        ltv_scenario world = {0};
        ltv_program_set set = {0};
        double start = now();
        status = worlds->read(reader, values + draw * scenario->inputs.n, &world, err);
        double read = now();
        if (status == LTV_OK)
            status = ltv_program_set_init(&set, &world, err);
        ltv_program_set_free(&set);
        double compiled = now();
        ltv_scenario_free(&world);
        times[0] += read - start + now() - compiled;
        times[1] += compiled - read;
    }
    worlds->close(reader);
    return status;
}

int main(int argc, char **argv)
{
    ltv_scenario_file file = {0};
    ltv_error err = {0};
    double times[2] = {0}, *values = NULL;
    if (argc < 3) {
        fprintf(stderr, "usage: draw_setup SCENARIO DRAWS [PATH=VALUE ...]\n");
        return 2;
    }
    uint32_t draws = (uint32_t)atoi(argv[2]);
    ltv_status status =
        ltv_scenario_read(&file, argv[1], (size_t)argc - 3, (const char *const *)argv + 3, &err);
    const ltv_scenario *scenario = &file.scenario;
    if (status == LTV_OK && scenario->worlds == NULL)
        status = ltv_fail(&err, LTV_ERR_BAD_INPUT, "nothing in %s is uncertain", argv[1]);
    if (status == LTV_OK) {
        values = calloc(draws * scenario->inputs.n, sizeof *values);
        status = values == NULL ? ltv_fail(&err, LTV_ERR_NO_MEMORY, "no memory for %u draws", draws)
                                : ltv_inputs_draw(values, &scenario->inputs, LTV_SAMPLING_RANDOM,
                                                  scenario->seed, draws, &err);
    }
    if (status == LTV_OK)
        status = set_up(scenario, values, draws, times, &err);
    if (status != LTV_OK)
        fprintf(stderr, "%s\n", err.message);
    else
        printf("%.2f %.2f\n", times[0] / draws, times[1] / draws);
    free(values);
    ltv_scenario_file_free(&file);
    return status != LTV_OK;
}
