/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_REFERENCES_H
#define LTV_SIM_IO_READ_REFERENCES_H

#include "sim/io/scenario/walk.h"

/* Readers of values that name plans or segments, which must have been read before. */

/* Things that have names: `n` structs of `size` bytes, each with its name at the beginning. */
typedef struct {
    const char *kind; /* what they are: "plan" */
    const void *first;
    size_t n, size;
} ltv_named_things;

ltv_named_things ltv_plans_of(const ltv_arm *arm);
ltv_named_things ltv_segments_of(const ltv_arm *arm);

const char *ltv_name_of(const ltv_named_things *things, size_t index);

/* The index of the thing with this name. Complains at `place` when there is none, with the name
 * that may have been meant. */
LTV_MUST_USE ltv_status ltv_find_name(ltv_walk *walk, const ltv_named_things *things,
                                      const char *name, const ltv_place *place, size_t *index);

/* Stored as uint32_t. */
LTV_MUST_USE ltv_status ltv_read_plan_name(ltv_walk *walk, const ltv_field *field,
                                           ltv_yaml_node *node);

/* Shares by name, which sum to 1; who is left out has none. Stored as an array of its own. */
LTV_MUST_USE ltv_status ltv_read_starts(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_segment_shares(ltv_walk *walk, const ltv_field *field,
                                                ltv_yaml_node *node);

/* One of several shares that sum to 1. */
typedef struct {
    double *at;
    bool is_uncertain;
} ltv_share;

/* Complains unless the shares sum to 1. Where some are uncertain, these stay as they are in the
 * draw and the fixed ones take the rest, in their proportions; without fixed ones, or where the
 * uncertain ones sum to more than 1, they are scaled to sum to 1. */
LTV_MUST_USE ltv_status ltv_share_out(ltv_walk *walk, size_t n, const ltv_share *shares,
                                      const ltv_place *place, const char *path);

#endif
