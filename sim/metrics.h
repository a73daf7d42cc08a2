/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_METRICS_H
#define LTV_SIM_METRICS_H

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/expectation.h"
#include "sim/group.h"

/* The named figures of a group of customers (docs/model.md, "Metrics"). */

/* Fills estimate->metrics from the group, from the value estimates and curves that *estimate
 * already has, and from the expectation of the same group (the arm's, or that of the arm with
 * only its segment or channel): CAC and whatever else needs no simulation is exact. Fails with
 * NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_metrics_of_group(ltv_group_estimate *estimate,
                                             const ltv_scenario *scenario, const ltv_group *group,
                                             const ltv_expectation *expectation, ltv_error *err);

#endif
