/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_SCENARIO_ARGUMENT_H
#define LTV_SIM_CLI_SCENARIO_ARGUMENT_H

#include "sim/cli/arguments.h"
#include "sim/io/scenario/scenario_read.h"

/* Reads the scenario that the first operand names ("-" is standard input) with the overrides
 * that the options ask for: --set PATH=VALUE, and --customers N and --seed N, which stand for
 * experiment.customers and experiment.seed; the last one wins. Tells what misleads on standard
 * error. Fails as ltv_scenario_read does;
 * *file may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_scenario_argument_read(ltv_scenario_file *file,
                                                   const ltv_arguments *arguments, ltv_error *err);

/* Options that every command with a SCENARIO knows, for its table. */
#define LTV_OPTION_SET                                                                             \
    {                                                                                              \
        "set", 0, "PATH=VALUE",                                                                    \
            "Use VALUE for the key at PATH instead of what the scenario says, as in "              \
            "--set retention.geometric.churn=2%. May be given several times; the last one wins."   \
    }

#endif
