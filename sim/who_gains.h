/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_WHO_GAINS_H
#define LTV_SIM_WHO_GAINS_H

#include <stdbool.h>

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/tally.h"

/* Fills who_gains and advice of a contrast: nothing where the arm declares neither segments nor
 * channels. Cells without an ROI are where one that is undefined would be in the limit: a gain
 * without a cost before all others, a loss after them. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_who_gains_fill(ltv_contrast_estimate *estimate,
                                           const ltv_scenario *scenario,
                                           const ltv_contrast_tally *tally, bool of_programmes,
                                           ltv_error *err);

#endif
