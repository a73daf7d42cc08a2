/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_SIMULATION_H
#define LTV_SIM_CLI_SIMULATION_H

#include <stdio.h>

#include "base/error.h"
#include "sim/cli/arguments.h"
#include "sim/cli/scenario_argument.h"
#include "sim/cli/terminal.h"
#include "sim/io/results/document.h"
#include "sim/scenario.h"

/* What all commands share that simulate a scenario: they differ in the page that they print. */

/* Rows of their tables of options. */
#define LTV_SIMULATION_OPTIONS                                                                     \
    {"output", 'o', "FILE",                                                                        \
     "Write the results to FILE. Without it: the scenario's name ending in "                       \
     ".h5, in the current folder. An existing results file is replaced."},                         \
        LTV_OPTION_SET,                                                                            \
        {"customers", 0, "N",                                                                      \
         "Simulate N customers per arm, in each draw of uncertain numbers "                        \
         "(experiment.customers)."},                                                               \
        {"draws", 0, "N", "Take N draws of the uncertain numbers (experiment.draws)."},            \
        {"seed", 0, "N", "Use the seed N (experiment.seed)."},                                     \
        {"threads", 0, "N",                                                                        \
         "Compute on N threads; one per processor without it. The results do not "                 \
         "depend on it."},                                                                         \
        {"quiet", 'q', NULL, "Print nothing but errors."},                                         \
        {"json", 0, NULL, "Print the results as JSON instead of the summary."},                    \
    {                                                                                              \
        "samples", 0, "N", NULL                                                                    \
    }

/* Prints the page of results that are kept at results_path; ltv_summary_print is one. */
typedef ltv_status ltv_page_printer(FILE *out, const ltv_document *doc, const char *results_path,
                                    const ltv_terminal *terminal, ltv_error *err);

/* Fails where there is no use in simulating the scenario. */
typedef ltv_status ltv_scenario_judge(const ltv_scenario *scenario, ltv_error *err);

/* Reads the scenario that the arguments name, simulates it, writes the results file and prints the
 * page, JSON or nothing, as the options say. `judge`, which may be NULL, has its say before. Stops
 * at SIGINT and SIGTERM, with LTV_ERR_INTERRUPTED. */
LTV_MUST_USE ltv_status ltv_simulation_run(const ltv_arguments *arguments,
                                           ltv_scenario_judge *judge, ltv_page_printer *print,
                                           ltv_error *err);

#endif
