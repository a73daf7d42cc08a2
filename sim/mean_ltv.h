/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_MEAN_LTV_H
#define LTV_SIM_MEAN_LTV_H

#include "base/error.h"
#include "sim/program.h"
#include "sim/scenario.h"

/* Mean LTV of the first `customers` of an arm and nothing else, in major units: for questions that
 * need an arm simulated many times. Programmes with a capacity have the limits that they have in
 * `limits`, a program whose pilot is done (sim/pilot.h). The same whatever the number of threads.
 * Fails with NO_MEMORY or OVERFLOW. */
LTV_MUST_USE ltv_status ltv_mean_ltv(double *mean, const ltv_scenario *scenario, const ltv_arm *arm,
                                     const ltv_program *limits, uint64_t customers, int threads,
                                     ltv_error *err);

#endif
