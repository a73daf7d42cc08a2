/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_OFFERS_H
#define LTV_SIM_IO_READ_OFFERS_H

#include "sim/io/scenario/walk.h"

/* Readers of what is offered (sim/offer.h): plans, add-ons, orders and price changes. The arm's
 * gross margin must have been read before plans and add-ons: it is theirs unless they have their
 * own. */

LTV_MUST_USE ltv_status ltv_read_plans(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_add_ons(ltv_walk *walk, const ltv_field *field,
                                         ltv_yaml_node *node);

/* One block or a list of them, of the plan that is being read. */
LTV_MUST_USE ltv_status ltv_read_plan_changes(ltv_walk *walk, const ltv_field *field,
                                              ltv_yaml_node *node);

/* One block or a list of them; stored in order of bills. */
LTV_MUST_USE ltv_status ltv_read_price_changes(ltv_walk *walk, const ltv_field *field,
                                               ltv_yaml_node *node);

/* Into the arm's orders: mean, p and q, whatever way they are said. */
LTV_MUST_USE ltv_status ltv_read_order_value(ltv_walk *walk, const ltv_field *field,
                                             ltv_yaml_node *node);

#endif
