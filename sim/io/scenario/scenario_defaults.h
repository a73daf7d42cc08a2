/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_DEFAULTS_H
#define LTV_SIM_IO_SCENARIO_DEFAULTS_H

#include "sim/io/scenario/walk.h"

/* The default of a field as a node, marked as assumed and placed at `place`, where the key is
 * missing; *node is NULL when the field has none. Some defaults depend on what the walk has read
 * before: keys that they follow from come earlier in the table. */
LTV_MUST_USE ltv_status ltv_make_default(ltv_walk *walk, const ltv_field *field,
                                         const ltv_place *place, ltv_yaml_node **node);

#endif
