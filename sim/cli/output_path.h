/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_OUTPUT_PATH_H
#define LTV_SIM_CLI_OUTPUT_PATH_H

#include "base/error.h"

/* Where a run writes its results, and what nobody may write over. */

/* `given` (-o FILE), or without it (NULL) the scenario's name ending in .h5, in the current
 * folder. Fails with LTV_ERR_BAD_INPUT for a scenario from standard input without -o, and for a
 * name that promises another format. *output is an owned string, NULL after a failure. */
LTV_MUST_USE ltv_status ltv_output_path(char **output, const char *given, const char *scenario_path,
                                        ltv_error *err);

/* Finds out before the run that the file can be written and that nothing but an earlier results
 * file (or an empty one) would be lost. Fails with LTV_ERR_BAD_INPUT or
 * LTV_ERR_WRITE_FAILED. */
LTV_MUST_USE ltv_status ltv_output_check(const char *output, const char *scenario_path,
                                         ltv_error *err);

/* Refuses to write what is made of a results file over that file, whatever their names: `option`,
 * its file, what it writes ("page"). Fails with LTV_ERR_BAD_INPUT. */
LTV_MUST_USE ltv_status ltv_output_spares_results(const char *option, const char *output,
                                                  const char *what, const char *results,
                                                  ltv_error *err);

#endif
