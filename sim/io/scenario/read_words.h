/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_WORDS_H
#define LTV_SIM_IO_READ_WORDS_H

#include "sim/io/scenario/walk.h"

/* Readers of single texts: each stores what it read where the field's value goes. */
LTV_MUST_USE ltv_status ltv_read_text(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_choice(ltv_walk *walk, const ltv_field *field,
                                        ltv_yaml_node *node);
LTV_MUST_USE ltv_status ltv_read_date(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

/* Only checks: there is one version to read. */
LTV_MUST_USE ltv_status ltv_read_version(ltv_walk *walk, const ltv_field *field,
                                         ltv_yaml_node *node);

/* Stores the code and its decimals. */
LTV_MUST_USE ltv_status ltv_read_currency(ltv_walk *walk, const ltv_field *field,
                                          ltv_yaml_node *node);

/* Fails unless the node is one line of text, neither empty nor longer than LTV_MAX_TEXT. `what`
 * names what is due: "a file name". */
LTV_MUST_USE ltv_status ltv_require_text(ltv_walk *walk, const ltv_yaml_node *node,
                                         const char *what);

/* YYYY-MM, which stands for its first day, or YYYY-MM-DD. */
LTV_MUST_USE ltv_status ltv_parse_date(ltv_walk *walk, const ltv_yaml_node *node, ltv_date *date);

/* The index of the node's word in the field's choices. */
LTV_MUST_USE ltv_status ltv_parse_choice(ltv_walk *walk, const ltv_field *field,
                                         const ltv_yaml_node *node, int *choice);

#endif
