/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_INTERVENTIONS_H
#define LTV_SIM_IO_READ_INTERVENTIONS_H

#include "sim/io/scenario/walk.h"

/* Programmes are read in two steps. */

/* Reads all that the scenario defines into the walk's arm, in their order, names of segments,
 * plans and the like still unresolved and effects in the slots of their levers. */
LTV_MUST_USE ltv_status ltv_read_interventions(ltv_walk *walk, const ltv_field *field,
                                               ltv_yaml_node *node);

/* Leaves the arm with those that its entry in `arms` lists, in that order, with names resolved
 * among what this arm has and effects packed. Runs after the walk over the arm. */
LTV_MUST_USE ltv_status ltv_choose_interventions(ltv_walk *walk, const ltv_yaml_node *arm);

/* The list of programmes of an entry in `arms`; NULL where none is written. */
const ltv_yaml_node *ltv_programmes_of(const ltv_yaml_node *arm);

/* The name of the programme into which a path of a `set` leads; NULL where it does not lead into
 * one: it leads elsewhere, or to `interventions` as a whole. The length goes to *length. */
const char *ltv_programme_in_path(const char *path, size_t *length);

#endif
