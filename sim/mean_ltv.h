/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_MEAN_LTV_H
#define LTV_SIM_MEAN_LTV_H

#include "base/error.h"
#include "sim/program.h"
#include "sim/scenario.h"

/* Mean LTV of the same customers in many arms that differ in programmes alone, and nothing else:
 * for questions that need an arm simulated many times. Their luck is read once, and whom no
 * programme reaches lives as in the first arm. */
typedef struct ltv_mean_study ltv_mean_study;

/* The first `customers` of a scenario, and their mean LTV in the first arm, in major units; on at
 * most so many threads, on whose number nothing depends. `first`: a program of the first arm, whose
 * pilot is done (sim/pilot.h); no arm may have more programmes. Both are borrowed. Fails with
 * NO_MEMORY or OVERFLOW; free *study with ltv_mean_study_free, which takes NULL, whatever is
 * returned. */
LTV_MUST_USE ltv_status ltv_mean_study_new(ltv_mean_study **study, const ltv_scenario *scenario,
                                           const ltv_program *first, uint64_t customers,
                                           int threads, double *mean, ltv_error *err);
void ltv_mean_study_free(ltv_mean_study *study);

/* Of an arm, in major units. Programmes with a capacity have the limits that they have in the first
 * one. Fails with NO_MEMORY or OVERFLOW. */
LTV_MUST_USE ltv_status ltv_mean_study_ltv(ltv_mean_study *study, const ltv_arm *arm, double *mean,
                                           ltv_error *err);

#endif
