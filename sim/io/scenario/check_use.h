/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CHECK_USE_H
#define LTV_SIM_IO_CHECK_USE_H

#include "sim/io/scenario/walk.h"

/* Does everything that the scenario says have an effect in some arm? */

/* Is there anything in the arm that this lever moves? */
bool ltv_arm_has_lever(const ltv_arm *arm, ltv_lever lever);

/* How to say that the arm does not have it: "there " and "are no upgrades". */
const char *ltv_lever_subject(ltv_lever lever);

/* After all arms were read: complains of what has an effect in none of them, a plan or a segment
 * that nobody can reach and multipliers of something that does not happen. Customers reach a plan
 * by starting with it, by plan changes, or by a programme that moves them. */
LTV_MUST_USE ltv_status ltv_check_use(const ltv_walk *walk, size_t n_arms, const ltv_arm *arms);

#endif
