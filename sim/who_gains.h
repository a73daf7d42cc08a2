/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_WHO_GAINS_H
#define LTV_SIM_WHO_GAINS_H

#include <stdbool.h>

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/tally.h"

/* Fills who_gains of a contrast and its advice, which is "" where there is nobody to choose: where
 * the arm declares neither segments nor channels, or all that it reaches gain and are one cell.
 * net_gain: of the contrast, per joined customer, after fixed costs. Cells without an ROI are where
 * one that is undefined would be in the limit: a gain without a cost before all others, a loss
 * after them. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_who_gains_fill(ltv_contrast_estimate *estimate,
                                           const ltv_scenario *scenario,
                                           const ltv_contrast_tally *tally, bool of_programmes,
                                           double net_gain, ltv_error *err);

#endif
