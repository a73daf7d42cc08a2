/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_NAMED_H
#define LTV_SIM_IO_READ_NAMED_H

#include "sim/io/scenario/walk.h"

/* Readers of things that the user names: segments, channels and arms. Names go into paths
 * ("segments.basic.share") and results files, so they hold no / . | or control characters. */

/* Gives the arm one segment and one channel for everybody, which stand until others are read. */
LTV_MUST_USE ltv_status ltv_make_stand_ins(ltv_walk *walk);

/* Replace the arm's stand-ins. */
LTV_MUST_USE ltv_status ltv_read_segments(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_channels(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);

/* What they share with the readers of other named things. The first fails unless `map` is a block
 * of at least one name, all of them fit; the second reads the block of keys below every name into
 * its item, which begins with the name, as `target` of the walk. */
LTV_MUST_USE ltv_status ltv_check_names(ltv_walk *walk, const ltv_yaml_node *map);
LTV_MUST_USE ltv_status ltv_read_each(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *map,
                                      void *items, size_t item_size, ltv_field_target target);

/* Only check the shape: what arms override is read arm by arm. `set` is inside of an arm. */
LTV_MUST_USE ltv_status ltv_read_arms(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_set(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

#endif
