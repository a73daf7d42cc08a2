/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_UNCERTAIN_H
#define LTV_SIM_IO_READ_UNCERTAIN_H

#include "sim/io/scenario/walk.h"

/* Uncertain numbers: a block such as {ci90: [2%, 4%]} where a number is due. */

/* Is the node a block that says how uncertain a number is, well or badly? */
bool ltv_is_uncertain(const ltv_yaml_node *node);

/* The number that the block stands for in this walk, as it would be written in its place: its mean,
 * or its value in the draw whose world is being read. The first walk that comes by checks the
 * block and adds it to walk->inputs. */
LTV_MUST_USE ltv_status ltv_read_uncertain(ltv_walk *walk, const ltv_field *field,
                                           ltv_yaml_node *node, double *value);

/* `correlations`: their shape. What they name is found by ltv_resolve_correlations, once all arms
 * have been read. */
LTV_MUST_USE ltv_status ltv_read_correlations(ltv_walk *walk, const ltv_field *field,
                                              ltv_yaml_node *node);

/* Puts the correlations of the scenario into walk->inputs. Fails where one names no uncertain
 * input, or where they contradict each other. */
LTV_MUST_USE ltv_status ltv_resolve_correlations(ltv_walk *walk);

#endif
