/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_CHECKS_H
#define LTV_SIM_IO_SCENARIO_CHECKS_H

#include "sim/io/scenario/walk.h"

/* What spans several keys: shares that sum to 100%, a table that reaches the horizon, a season
 * that needs a calendar. Run on what a walk has read: once for the keys common to all arms, then
 * for every arm, whose programmes have been chosen (read_interventions.h). Where some shares are
 * uncertain, checking makes those of the arm sum to 100% (ltv_share_out). */
LTV_MUST_USE ltv_status ltv_check_scenario(const ltv_walk *walk);
LTV_MUST_USE ltv_status ltv_check_arm(ltv_walk *walk);

#endif
