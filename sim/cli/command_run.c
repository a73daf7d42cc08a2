/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/commands.h"
#include "sim/cli/simulation.h"
#include "sim/cli/summary.h"

static const ltv_option options[] = {
    LTV_SIMULATION_OPTIONS,
    {.name = NULL},
};

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    return ltv_simulation_run(arguments, NULL, ltv_summary_print, err);
}

const ltv_command ltv_command_run = {
    .name = "run",
    .operands = "SCENARIO",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Simulate a scenario, print the summary, write the results file",
    .description = "Simulates the scenario, prints what it says on one page and writes everything "
                   "to a results file (HDF5), whole or not at all. SCENARIO is a YAML file, or - "
                   "for standard input.",
    .example = "ltvsim run music.yaml --set revenue.price=1200 -o dearer.h5",
    .options = options,
    .run = run,
};
