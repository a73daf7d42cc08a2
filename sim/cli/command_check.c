/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "sim/cli/commands.h"
#include "sim/cli/format.h"
#include "sim/cli/scenario_argument.h"
#include "sim/cli/terms.h"
#include "sim/simulate.h"

static const ltv_option options[] = {LTV_OPTION_SET, {.name = NULL}};

static void print_verdict(const char *path, const ltv_scenario *scenario)
{
    const char *unit = ltv_time_unit_name(scenario->time_unit);
    printf("%s: fine\n", path);
    printf("%s: %s, %s, %s, %s\n", scenario->title, scenario->currency,
           ltv_format_periods(scenario->horizon, 0, unit).text,
           ltv_format_periods((double)scenario->n_arms, 0, "arm").text,
           ltv_terms_simulated(scenario->draws, scenario->customers).text);
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    ltv_scenario_file file;
    ltv_status status = ltv_scenario_argument_read(&file, arguments, err);
    if (status == LTV_OK)
        status = ltv_simulate_check(&file.scenario, err);
    if (status == LTV_OK)
        print_verdict(arguments->operands[0], &file.scenario);
    ltv_scenario_file_free(&file);
    return status;
}

const ltv_command ltv_command_check = {
    .name = "check",
    .operands = "SCENARIO",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Say whether a scenario can be run, and what is wrong with it",
    .description = "Reads and validates the scenario without running it. A mistake is reported "
                   "as FILE:LINE:COLUMN with what is allowed there, and the exit code is 2.",
    .example = "ltvsim check music.yaml",
    .options = options,
    .run = run,
};
