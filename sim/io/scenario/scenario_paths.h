/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_PATHS_H
#define LTV_SIM_IO_SCENARIO_PATHS_H

#include "sim/io/scenario/yaml_tree.h"

/* Overriding values of a scenario tree by path ("retention.geometric.churn"), for --set and for
 * the `set` of arms. */

/* Fails unless the path leads to a key of the table (scenario_fields.h); with `by_arm` it must
 * begin with a key that an arm may override. `place` and `prefix` say where the path is
 * written. */
LTV_MUST_USE ltv_status ltv_path_check(const char *path, bool by_arm, const ltv_place *place,
                                       const char *prefix, ltv_error *err);

/* Makes *root a tree that differs from the one before only in having `value` at `path`, and
 * shares everything beside the path with it. Blocks on the way are made if missing; assumed
 * values beside the path are dropped, to be assumed anew. A whole alternative (a retention curve,
 * `channels`) takes the place of the one that was there. The path must have passed
 * ltv_path_check. */
LTV_MUST_USE ltv_status ltv_path_set(ltv_yaml_tree *tree, ltv_yaml_node **root, const char *path,
                                     ltv_yaml_node *value, const ltv_place *place,
                                     const char *prefix, ltv_error *err);

#endif
