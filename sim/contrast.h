/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CONTRAST_H
#define LTV_SIM_CONTRAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/tally.h"

/* What one arm is worth against another: the named figures, the curves and who gains
 * (docs/model.md, "Programme cost" and "Metrics"). */

/* True when the two arms differ in nothing but interventions, so that there is an ROI. */
bool ltv_contrast_is_of_programmes(const ltv_scenario *scenario, const ltv_contrast_tally *tally);

/* Fills the curves of the contrast tally->contrasts[index]. Fails with NO_MEMORY;
 * ltv_estimate_free releases what is there. */
LTV_MUST_USE ltv_status ltv_contrast_fill_curves(ltv_contrast_estimate *estimate,
                                                 const ltv_scenario *scenario,
                                                 const ltv_program *programs,
                                                 const ltv_tally *tally, size_t index,
                                                 ltv_error *err);

/* Fills its figures, from the tally and from its curves; with `and_who_gains` also who gains. Fails
 * likewise. */
LTV_MUST_USE ltv_status ltv_contrast_fill_metrics(ltv_contrast_estimate *estimate,
                                                  const ltv_scenario *scenario,
                                                  const ltv_program *programs,
                                                  const ltv_tally *tally, size_t index,
                                                  bool and_who_gains, ltv_error *err);

#endif
