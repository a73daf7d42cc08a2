/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_NUMBERS_H
#define LTV_SIM_IO_READ_NUMBERS_H

#include "sim/io/scenario/walk.h"

/* Readers of single numbers: each checks `node` against the field's bounds and marks and stores it
 * where the field's value goes. A count is never uncertain. */
LTV_MUST_USE ltv_status ltv_read_number(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_count(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

/* The same into *value, for numbers inside of lists. */
LTV_MUST_USE ltv_status ltv_parse_number(ltv_walk *walk, const ltv_field *field,
                                         ltv_yaml_node *node, double *value);

LTV_MUST_USE ltv_status ltv_parse_count(ltv_walk *walk, const ltv_field *field,
                                        const ltv_yaml_node *node, uint64_t *count);

/* Is the value, as it is written, in the range of the field? */
bool ltv_number_in_range(const ltv_field *field, double value);

enum { LTV_RANGE_SIZE = 128 };

/* "at least 0%, less than 100%" */
const char *ltv_range_text(char text[LTV_RANGE_SIZE], const ltv_field *field);

/* Is `text` a number that the field would take? If so it goes to *value. */
bool ltv_number_fits(const ltv_field *field, const char *text, double *value);

#endif
