/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_NAMES_H
#define LTV_SIM_IO_READ_NAMES_H

#include "sim/io/scenario/walk.h"

/* Values that name what the scenario defines elsewhere. The readers only check the shape: what
 * there is to name may differ from arm to arm. */
LTV_MUST_USE ltv_status ltv_read_name(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_names(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_programmes(ltv_walk *walk, const ltv_field *field,
                                            ltv_yaml_node *node);

/* The names in a value that one of them has passed: one in a plain value, none in NULL. */
size_t ltv_name_count(const ltv_yaml_node *node);
const ltv_yaml_node *ltv_name_at(const ltv_yaml_node *node, size_t i);

#endif
