/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_LISTS_H
#define LTV_SIM_IO_READ_LISTS_H

#include "sim/io/scenario/walk.h"

/* Readers of lists of numbers, into the retention or the curve that the field counts in. */

/* 12 multipliers, January first. */
LTV_MUST_USE ltv_status ltv_read_season(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);

/* Shares still active: from 1, never rising. Becomes the curve's table. */
LTV_MUST_USE ltv_status ltv_read_survival(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);

/* Churn per period. Becomes the curve's table, as survival. */
LTV_MUST_USE ltv_status ltv_read_churn_list(ltv_walk *walk, const ltv_field *field,
                                            ltv_yaml_node *node);

/* Multipliers by tenure; stored in order of tenure. */
LTV_MUST_USE ltv_status ltv_read_spikes(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);

#endif
