/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_LISTS_H
#define LTV_SIM_IO_READ_LISTS_H

#include "sim/io/scenario/walk.h"

/* Readers of lists of numbers. */

/* Complains unless the node is a list of this many entries. */
LTV_MUST_USE ltv_status ltv_require_list(ltv_walk *walk, const ltv_yaml_node *node, size_t least,
                                         size_t most);

/* 12 multipliers, January first. */
LTV_MUST_USE ltv_status ltv_read_season(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);

/* Shares still active: from 1, never rising. Becomes the table of the curve that the field counts
 * in. */
LTV_MUST_USE ltv_status ltv_read_survival(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);

/* Churn per period. Becomes the curve's table, as survival. */
LTV_MUST_USE ltv_status ltv_read_churn_list(ltv_walk *walk, const ltv_field *field,
                                            ltv_yaml_node *node);

/* Multipliers by tenure; stored as an array in order of tenure. */
LTV_MUST_USE ltv_status ltv_read_spikes(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);

#endif
