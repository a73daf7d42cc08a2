/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_FIELDS_INTERVENTIONS_H
#define LTV_SIM_IO_FIELDS_INTERVENTIONS_H

#include "sim/io/scenario/scenario_fields.h"

/* The part of the table of fields that describes one programme. An effect lies in the slot of its
 * lever, ltv_intervention.effects[lever], until the arm that uses it packs them. */
extern const ltv_block ltv_intervention_block;

#endif
