/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_NAMED_H
#define LTV_SIM_IO_READ_NAMED_H

#include "sim/io/scenario/walk.h"

/* Readers of things that the user names: segments, channels, phases and arms. Names go into paths
 * ("segments.basic.share") and results files, so they hold no / . | or control characters. */

/* Complains unless the node is a mapping of at least one entry whose keys may be names. */
LTV_MUST_USE ltv_status ltv_check_names(ltv_walk *walk, const ltv_yaml_node *map);

/* Reads the entries of `map` into the `items`, structs of `item_size` bytes whose fields count in
 * `target`. Each begins with its name; all names are written before anything else is read. */
LTV_MUST_USE ltv_status ltv_read_each(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *map,
                                      void *items, size_t item_size, ltv_field_target target);

/* Gives the arm one segment and one channel for everybody, which stand until others are read. */
LTV_MUST_USE ltv_status ltv_make_stand_ins(ltv_walk *walk);

/* Replace the arm's stand-ins. */
LTV_MUST_USE ltv_status ltv_read_segments(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_channels(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);

/* Ranges of tenure: [from, until]. */
LTV_MUST_USE ltv_status ltv_read_phases(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);

/* Only check the shape: what arms override is read arm by arm. `set` is inside of an arm. */
LTV_MUST_USE ltv_status ltv_read_arms(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_set(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

#endif
