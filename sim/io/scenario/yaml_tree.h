/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_YAML_TREE_H
#define LTV_SIM_IO_YAML_TREE_H

#include <stdbool.h>

#include "sim/io/complain.h"
#include "sim/io/scenario/arena.h"

/* The part of YAML that a scenario needs as a tree: scalars, lists, and mappings with scalar keys,
 * every node knowing where it stands in the file.
 *
 * Nodes live in the tree's arena. A node may hang in more than one place (an arm shares what it
 * does not override with the base), so only maps made for it are changed: see ltv_path_set. */

typedef enum { LTV_YAML_SCALAR, LTV_YAML_LIST, LTV_YAML_MAP } ltv_yaml_kind;

typedef struct ltv_yaml_node ltv_yaml_node;

typedef struct {
    const char *key;     /* "" in a list */
    ltv_place key_place; /* of the value in a list */
    ltv_yaml_node *value;
    const void *read_as; /* the field that it was read as; NULL: not yet read */
} ltv_yaml_entry;

struct ltv_yaml_node {
    ltv_yaml_kind kind;
    ltv_place place;  /* of the value's first character */
    bool assumed;     /* a default that the user did not write */
    uint32_t input;   /* map: 1 + the uncertain input that it describes; 0: none, or not yet read */
    bool is_number;   /* scalar: it was read as a number … */
    double number;    /* … which is this */
    const char *text; /* scalar: unescaped UTF-8 without NUL */
    bool is_null;     /* scalar: nothing, ~ or null, without quotes */
    bool is_quoted;   /* scalar: any style but plain */
    size_t n, capacity;
    ltv_yaml_entry *entries; /* list, map: in order */
};

/* Zero-initialise before first use. */
typedef struct {
    ltv_arena arena;
    size_t n_nodes;
} ltv_yaml_tree;

void ltv_yaml_tree_free(ltv_yaml_tree *tree);

/* New nodes; NULL when memory is short. Text is copied. */
ltv_yaml_node *ltv_yaml_new(ltv_yaml_tree *tree, ltv_yaml_kind kind, const ltv_place *place);
ltv_yaml_node *ltv_yaml_new_scalar(ltv_yaml_tree *tree, const char *text, const ltv_place *place);

/* The entry with this key, NULL when there is none or `map` is NULL or no map. */
ltv_yaml_entry *ltv_yaml_find(const ltv_yaml_node *map, const char *key);

/* Puts an entry before position `at` (<= n; n appends). Keys are borrowed: they must live as
 * long as the tree. False when memory is short. */
bool ltv_yaml_insert(ltv_yaml_tree *tree, ltv_yaml_node *node, size_t at, const char *key,
                     const ltv_place *key_place, ltv_yaml_node *value);

/* Takes the entry with this key out of the map, if there is one. */
void ltv_yaml_remove(ltv_yaml_node *map, const char *key);

/* Do two nodes say the same in the same order, wherever they stand? */
bool ltv_yaml_same(const ltv_yaml_node *a, const ltv_yaml_node *b);

/* What the node is, in everyday words: "a list", "a single value", "nothing". */
const char *ltv_yaml_kind_text(const ltv_yaml_node *node);

#endif
