/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_WARNINGS_H
#define LTV_SIM_IO_SCENARIO_WARNINGS_H

#include <stdbool.h>

#include "sim/scenario.h"

/* What can be run but will mislead: *lines receives *n sentences, each said once however many arms
 * it holds for. The caller frees them and the array, also on failure: false when memory is
 * short. */
bool ltv_scenario_warnings(const ltv_scenario *scenario, size_t *n, char ***lines);

#endif
