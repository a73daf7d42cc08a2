/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PRECISION_CHECK_H
#define LTV_SIM_PRECISION_CHECK_H

#include <stddef.h>

#include "base/error.h"
#include "sim/scenario.h"

/* Whether the scenario waits for figures that a run will have (scenario->precisions). Those of a
 * thousand customers at the means of uncertain inputs say so. Fails with BAD_INPUT and the index of
 * the first that is none, or has no simulation noise to wait for; NO_MEMORY or OVERFLOW. */
LTV_MUST_USE ltv_status ltv_precision_check(const ltv_scenario *scenario, size_t *index,
                                            ltv_error *err);

#endif
