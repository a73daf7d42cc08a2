/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_WARNINGS_H
#define LTV_SIM_IO_SCENARIO_WARNINGS_H

#include "sim/io/scenario/warning_list.h"
#include "sim/io/scenario/yaml_tree.h"
#include "sim/scenario.h"

/* What can be run but will mislead, each sentence once however many arms it holds for. `root` is
 * the tree that the scenario was read from. LTV_ERR_NO_MEMORY, without a message, when memory is
 * short. */
LTV_MUST_USE ltv_status ltv_scenario_warnings(ltv_warning_list *list, const ltv_yaml_node *root,
                                              const ltv_scenario *scenario);

#endif
