/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_UNTIL_H
#define LTV_SIM_IO_READ_UNTIL_H

#include "sim/io/scenario/walk.h"

/* Reads the figures that a run goes on for, one block or a list of them, into the scenario. */
LTV_MUST_USE ltv_status ltv_read_until(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

/* Complains where one cannot be waited for: no such figure, or draws that more of them would move.
 * Runs after everything else is read, since what figures there are follows from all of it. */
LTV_MUST_USE ltv_status ltv_check_until(ltv_walk *walk);

#endif
