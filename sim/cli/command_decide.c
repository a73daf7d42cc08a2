/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/commands.h"
#include "sim/cli/page_decide.h"
#include "sim/cli/simulation.h"
#include "sim/decide.h"

static const ltv_option options[] = {
    LTV_SIMULATION_OPTIONS,
    {.name = NULL},
};

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    return ltv_simulation_run(arguments, ltv_decide_check, ltv_page_decide, err);
}

const ltv_command ltv_command_decide = {
    .name = "decide",
    .operands = "SCENARIO",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Say which arm to choose, how sure that is, what to find out first",
    .description = "Simulates the scenario like run and writes the same results file, but prints "
                   "which arm to choose: what each is expected to bring, how likely it is to be "
                   "the best, how likely its ROI is to clear a hurdle, what it would be worth to "
                   "know the uncertain inputs better, and whether a holdout test would pay first. "
                   "The scenario needs at least two arms and an uncertain number.",
    .example = "ltvsim decide programmes.yaml --draws 4096",
    .options = options,
    .run = run,
};
