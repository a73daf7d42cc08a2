/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/yaml_tree.h"

#include <string.h>

ltv_yaml_node *ltv_yaml_new(ltv_yaml_tree *tree, ltv_yaml_kind kind, const ltv_place *place)
{
    ltv_yaml_node *node = ltv_arena_alloc(&tree->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->place = *place;
    node->text = "";
    tree->n_nodes++;
    return node;
}

ltv_yaml_node *ltv_yaml_new_scalar(ltv_yaml_tree *tree, const char *text, const ltv_place *place)
{
    char *copy = ltv_arena_text(&tree->arena, text, strlen(text));
    ltv_yaml_node *node = ltv_yaml_new(tree, LTV_YAML_SCALAR, place);
    if (copy == NULL || node == NULL)
        return NULL;
    node->text = copy;
    return node;
}

ltv_yaml_entry *ltv_yaml_find(const ltv_yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != LTV_YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; ++i)
        if (strcmp(map->entries[i].key, key) == 0)
            return &map->entries[i];
    return NULL;
}

bool ltv_yaml_insert(ltv_yaml_tree *tree, ltv_yaml_node *node, size_t at, const char *key,
                     const ltv_place *key_place, ltv_yaml_node *value)
{
    if (node->n == node->capacity) {
        size_t capacity = node->capacity == 0 ? 4 : 2 * node->capacity;
        ltv_yaml_entry *larger = ltv_arena_alloc(&tree->arena, capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        if (node->n > 0)
            memcpy(larger, node->entries, node->n * sizeof *larger);
        node->entries = larger;
        node->capacity = capacity;
    }
    memmove(node->entries + at + 1, node->entries + at, (node->n - at) * sizeof *node->entries);
    node->entries[at] = (ltv_yaml_entry){.key = key, .key_place = *key_place, .value = value};
    node->n++;
    return true;
}

void ltv_yaml_remove(ltv_yaml_node *map, const char *key)
{
    ltv_yaml_entry *entry = ltv_yaml_find(map, key);
    if (entry == NULL)
        return;
    size_t after = map->n - (size_t)(entry - map->entries) - 1;
    memmove(entry, entry + 1, after * sizeof *entry);
    map->n--;
}

bool ltv_yaml_same(const ltv_yaml_node *a, const ltv_yaml_node *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->n != b->n)
        return false;
    if (a->kind == LTV_YAML_SCALAR)
        return a->is_null == b->is_null && strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->n; ++i)
        if (strcmp(a->entries[i].key, b->entries[i].key) != 0 ||
            !ltv_yaml_same(a->entries[i].value, b->entries[i].value))
            return false;
    return true;
}

const char *ltv_yaml_kind_text(const ltv_yaml_node *node)
{
    switch (node->kind) {
    case LTV_YAML_LIST:
        return "a list";
    case LTV_YAML_MAP:
        return "a block of keys";
    case LTV_YAML_SCALAR:
        break;
    }
    return node->is_null ? "nothing" : "a single value";
}

void ltv_yaml_tree_free(ltv_yaml_tree *tree)
{
    ltv_arena_free(&tree->arena);
    tree->n_nodes = 0;
}
