/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_YAML_PARSE_H
#define LTV_SIM_IO_YAML_PARSE_H

#include "sim/io/scenario/yaml_tree.h"

/* YAML text to tree: one document, with anchors and aliases, the latter as copies. Tags, merge
 * keys, duplicate keys, cycles and excessive size are errors. */

enum {
    LTV_YAML_MAX_DEPTH = 64,
    LTV_YAML_MAX_NODES = 200000, /* after aliases are expanded */
    LTV_YAML_MAX_KEYS = 4096     /* in one mapping */
};

/* Parses `text` into *root (NULL when there is nothing but comments). `source` names the file
 * or the override in places and messages; its strings must outlive the tree. Fails with
 * LTV_ERR_BAD_INPUT or LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_yaml_parse(ltv_yaml_tree *tree, ltv_yaml_node **root,
                                       const ltv_place *source, const char *text, size_t length,
                                       ltv_error *err);

#endif
