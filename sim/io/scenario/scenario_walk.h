/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_WALK_H
#define LTV_SIM_IO_SCENARIO_WALK_H

#include "sim/io/scenario/walk.h"

/* Walks over a scenario tree by the table of fields: checks every key and value by itself, puts
 * values into the scenario's structs, and hangs the defaults, marked as assumed, into the tree.
 * What spans several keys is checked in scenario_checks.h. */
LTV_MUST_USE ltv_status ltv_walk_scenario(ltv_walk *walk);

/* Reads one block of keys, which `node` must be. For the readers of values that hold blocks; the
 * table is a few blocks deep, and so is the recursion. */
LTV_MUST_USE ltv_status ltv_walk_block(ltv_walk *walk, ltv_yaml_node *node, const ltv_block *block);

/* Reads the value of a field as a block of its keys, or as the word that may stand instead. */
LTV_MUST_USE ltv_status ltv_read_block(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

#endif
