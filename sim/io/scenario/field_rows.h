/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_FIELD_ROWS_H
#define LTV_SIM_IO_FIELD_ROWS_H

#include "sim/io/scenario/scenario_fields.h"

/* Shorthand for the rows of the table of keys. Rows say what differs; these say what is common to
 * a kind of value. Only for the files that hold parts of the table. */

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

#define MEMBER(where, type, name) .in = LTV_IN_##where, .offset = offsetof(type, name)
#define WHOLE(type, name)         .width = sizeof((type *)NULL)->name
#define ARRAY(where, type, items, n_items)                                                         \
    .in = LTV_IN_##where, .offset = offsetof(type, items), .count_offset = offsetof(type, n_items)
#define SHARE      .kind = LTV_FIELD_NUMBER, .marks = LTV_MARK_PERCENT
#define MONEY      .kind = LTV_FIELD_NUMBER, .marks = LTV_MARK_MONEY, .highest = 1e12
#define MULTIPLIER .marks = LTV_MARK_TIMES, .highest = 1e6
#define RESERVED(name)                                                                             \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_RESERVED                                                    \
    }
#define BLOCK(array, title, what)                                                                  \
    .name = title, .meaning = what, .n_fields = COUNT_OF(array), .fields = array

/* A factor on the hazard of voluntary churn; the same words wherever one may be written. */
#define CHURN_MULTIPLIER                                                                           \
    .kind = LTV_FIELD_NUMBER, .fallback = "x1", .marks = LTV_MARK_TIMES, .highest = 100,           \
    .high_hint = "it is a factor on the hazard of voluntary churn: x2 doubles it"

/* Blocks that several parts of the table use. */
extern const ltv_block ltv_cv_block; /* into a spread */

/* The parts of the table that are about what is offered (offer_fields.c). */
extern const ltv_block ltv_plan_block;
extern const ltv_block ltv_add_on_block;
extern const ltv_block ltv_orders_block;
extern const ltv_block ltv_price_change_block;

#endif
