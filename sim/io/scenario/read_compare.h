/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_COMPARE_H
#define LTV_SIM_IO_READ_COMPARE_H

#include "sim/io/scenario/walk.h"

/* Reads pairs of arms, [[arm, against], …], into scenario->contrasts. */
LTV_MUST_USE ltv_status ltv_read_compare(ltv_walk *walk, const ltv_field *field,
                                         ltv_yaml_node *node);

/* Puts each arm after the first, against the first, before the pairs that were read. Needs
 * scenario->n_arms. False when memory is short. */
bool ltv_compare_with_baseline(ltv_scenario *scenario);

#endif
