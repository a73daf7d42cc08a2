/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_YAML_WRITE_H
#define LTV_SIM_IO_YAML_WRITE_H

#include "sim/io/scenario/yaml_tree.h"

/* The tree as YAML text that parses to an equal tree (places and styles apart): mappings one
 * key a line, lists in brackets. The text depends on keys, values and their order alone.
 * Returns an owned string (free()), NULL when memory is short. */
char *ltv_yaml_write(const ltv_yaml_node *root);

/* One line "path: value" for every assumed leaf of the tree. *lines is an owned array of *n owned
 * strings; false (and nothing owned) when memory is short. */
bool ltv_yaml_assumed(const ltv_yaml_node *root, size_t *n, char ***lines);

#endif
