/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_CSV_H
#define LTV_SIM_IO_READ_CSV_H

#include "sim/io/scenario/walk.h"

/* Replaces the keys `csv`, `column` and `values` of a table of survival by the list `survival` or
 * `churn` that they stand for, each number with its line in the CSV file for messages. Does
 * nothing to a map without `csv`. A relative file name counts from the scenario's folder. */
LTV_MUST_USE ltv_status ltv_expand_csv(ltv_walk *walk, ltv_yaml_node *map, const ltv_block *block);

/* `name` beside the scenario file, unless it is absolute; in the tree's arena, NULL when memory is
 * short. */
char *ltv_beside_scenario(ltv_walk *walk, const char *name);

#endif
