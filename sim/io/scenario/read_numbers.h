/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_NUMBERS_H
#define LTV_SIM_IO_READ_NUMBERS_H

#include "sim/io/scenario/walk.h"

/* Readers of single numbers: each checks `node` against the field's bounds and marks and stores it
 * where the field's value goes. Uncertain numbers ({ci90: …}) are refused as coming later. */
LTV_MUST_USE ltv_status ltv_read_number(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_count(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

/* The same into *value, for numbers inside of lists. */
LTV_MUST_USE ltv_status ltv_parse_number(ltv_walk *walk, const ltv_field *field,
                                         const ltv_yaml_node *node, double *value);

LTV_MUST_USE ltv_status ltv_parse_count(ltv_walk *walk, const ltv_field *field,
                                        const ltv_yaml_node *node, uint64_t *count);

/* Is `text` a number that the field would take? If so it goes to *value. */
bool ltv_number_fits(const ltv_field *field, const char *text, double *value);

#endif
