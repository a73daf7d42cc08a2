/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CHECK_INTERVENTIONS_H
#define LTV_SIM_IO_CHECK_INTERVENTIONS_H

#include "sim/io/scenario/walk.h"

/* Does a programme with this trigger keep customers, or win them back, by acting at all? */
bool ltv_trigger_keeps_customers(ltv_trigger_kind kind);

/* What an arm's programmes need of each other's keys and of the rest of the arm: a clock for an
 * effect to act on, plans with terms for a renewal, the size of the cohort for a fixed cost. The
 * arm's programmes have been chosen. */
LTV_MUST_USE ltv_status ltv_check_interventions(const ltv_walk *walk);

#endif
