/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_paths.h"

#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/scenario_keys.h"

/* What may follow at one step of a path. */
typedef struct {
    ltv_field_kind kind;
    const ltv_block *block;
} level;

static level top_level(void)
{
    return (level){.kind = LTV_FIELD_BLOCK, .block = ltv_scenario_fields()};
}

/* What may follow below a field's own key. Whatever else it may be, a value that can be a block
 * of keys is gone into as one. */
static level level_of(const ltv_field *field)
{
    bool is_block = field->block != NULL && !ltv_field_has_names(field->kind);
    return (level){.kind = is_block ? LTV_FIELD_BLOCK : field->kind, .block = field->block};
}

/* Splits the first key off *rest, at most to `size` - 1 bytes of it. The keys of a `set` are
 * paths themselves, dots and all. */
static size_t key_length(const char *rest, ltv_field_kind kind)
{
    return kind == LTV_FIELD_SET ? strlen(rest) : strcspn(rest, ".");
}

/* The field that `key` names on this level (NULL for a name or a tenure) and the level below. */
static const ltv_field *step_down(level *in, const char *key)
{
    const ltv_field *field = NULL;
    if (in->kind == LTV_FIELD_BLOCK) {
        field = ltv_block_field(in->block, key);
        if (field != NULL)
            *in = level_of(field);
    } else if (ltv_field_has_names(in->kind)) {
        in->kind = LTV_FIELD_BLOCK;
    } else {
        *in = (level){.kind = LTV_FIELD_NUMBER}; /* the value of a tenure, of a name or of a set */
    }
    return field;
}

static bool has_keys(ltv_field_kind kind)
{
    return kind == LTV_FIELD_BLOCK || kind == LTV_FIELD_SPIKES || kind == LTV_FIELD_SET ||
           kind == LTV_FIELD_STARTS || kind == LTV_FIELD_SEGMENT_SHARES ||
           kind == LTV_FIELD_PHASES || ltv_field_has_names(kind);
}

/* The value is a distribution, or the key one's name, where a number may be a block too: a
 * distribution is one number, in which nothing can be set. */
static bool is_of_distribution(ltv_field_kind kind, const ltv_yaml_node *value, const char *key)
{
    bool distribution = ltv_is_distribution_word(key);
    for (size_t i = 0; value != NULL && value->kind == LTV_YAML_MAP && i < value->n; ++i)
        distribution |= ltv_is_distribution_word(value->entries[i].key);
    return kind == LTV_FIELD_AMOUNT && distribution;
}

static ltv_status refuse_inside(const char *path, const char *key, const ltv_place *place,
                                ltv_error *err)
{
    char shown[LTV_SHOWN_SIZE];
    return ltv_complain(err, place, path, "there is nothing inside %s; set it as a whole",
                        ltv_shown(shown, key));
}

enum { KEY_SIZE = 512, FULL_PATH_SIZE = LTV_SHOWN_SIZE + 256 };

/* The path with what is written before it ("arms.b.set."). */
static const char *full_path(char full[FULL_PATH_SIZE], const char *prefix, const char *path)
{
    char shown[LTV_SHOWN_SIZE];
    snprintf(full, FULL_PATH_SIZE, "%.200s%s", prefix, ltv_shown(shown, path));
    return full;
}

ltv_status ltv_path_check(const char *path, bool by_arm, const ltv_place *place, const char *prefix,
                          ltv_error *err)
{
    char full[FULL_PATH_SIZE];
    full_path(full, prefix, path);
    level at = top_level();
    const ltv_field *above = NULL; /* that the level belongs to */
    for (const char *rest = path;;) {
        size_t length = key_length(rest, at.kind);
        char key[KEY_SIZE];
        if (length == 0 || length >= sizeof key)
            return ltv_complain(err, place, full,
                                "not a path; write keys with dots between, such as revenue.price");
        memcpy(key, rest, length);
        key[length] = '\0';
        const ltv_block *block = at.block;
        bool in_block = at.kind == LTV_FIELD_BLOCK;
        const ltv_field *field = step_down(&at, key);
        if (field == NULL && above != NULL && is_of_distribution(above->kind, NULL, key))
            return refuse_inside(full, above->key, place, err);
        if (in_block && (field == NULL || field->kind == LTV_FIELD_RESERVED))
            return ltv_refuse_key(block, key, place, full, err);
        if (by_arm && rest == path && !field->settable)
            return ltv_complain(err, place, full,
                                "an arm cannot override %s: it is the same for all arms",
                                field->key);
        if (rest[length] == '\0')
            return LTV_OK;
        if (!has_keys(at.kind))
            return refuse_inside(full, key, place, err);
        above = field;
        rest += length + 1;
    }
}

/* A map with the same entries, without the assumed ones. */
static ltv_yaml_node *copy_map(ltv_yaml_tree *tree, const ltv_yaml_node *map)
{
    ltv_yaml_node *copy = ltv_yaml_new(tree, LTV_YAML_MAP, &map->place);
    for (size_t i = 0; i < map->n && copy != NULL; ++i) {
        const ltv_yaml_entry *entry = &map->entries[i];
        if (!entry->value->assumed &&
            !ltv_yaml_insert(tree, copy, copy->n, entry->key, &entry->key_place, entry->value))
            copy = NULL;
    }
    return copy;
}

static void drop_dependants(ltv_yaml_node *map, const ltv_block *block, const char *key)
{
    for (size_t i = 0; i < block->n_fields; ++i)
        if (block->fields[i].needs != NULL && strcmp(block->fields[i].needs, key) == 0)
            ltv_yaml_remove(map, block->fields[i].key);
}

static void drop_other_alternatives(ltv_yaml_node *map, const ltv_block *block,
                                    const ltv_field *chosen)
{
    for (size_t i = 0; i < block->n_fields; ++i) {
        const ltv_field *field = &block->fields[i];
        if (!field->is_alternative || field == chosen || ltv_yaml_find(map, field->key) == NULL)
            continue;
        ltv_yaml_remove(map, field->key);
        drop_dependants(map, block, field->key);
    }
}

static bool put(ltv_yaml_tree *tree, ltv_yaml_node *map, const char *key, ltv_yaml_node *value,
                const ltv_place *place)
{
    ltv_yaml_entry *entry = ltv_yaml_find(map, key);
    if (entry == NULL)
        return ltv_yaml_insert(tree, map, map->n, key, place, value);
    entry->value = value;
    entry->key_place = *place;
    return true;
}

/* The map to go on with below `key`: a copy of what is there, or a new one. */
static ltv_yaml_node *map_below(ltv_yaml_tree *tree, const ltv_yaml_node *map, const char *key,
                                const ltv_place *place)
{
    const ltv_yaml_entry *entry = ltv_yaml_find(map, key);
    if (entry == NULL || entry->value->kind != LTV_YAML_MAP)
        return ltv_yaml_new(tree, LTV_YAML_MAP, place);
    return copy_map(tree, entry->value);
}

ltv_status ltv_path_set(ltv_yaml_tree *tree, ltv_yaml_node **root, const char *path,
                        ltv_yaml_node *value, const ltv_place *place, const char *prefix,
                        ltv_error *err)
{
    ltv_yaml_node *map = copy_map(tree, *root);
    bool ok = map != NULL;
    *root = ok ? map : *root;
    level at = top_level();
    for (const char *rest = path; ok;) {
        size_t length = key_length(rest, at.kind);
        bool is_last = rest[length] == '\0';
        char *key = ltv_arena_text(&tree->arena, rest, length);
        if (key == NULL)
            break;
        level above = at;
        const ltv_field *field = step_down(&at, key);
        if (is_last) {
            if (field != NULL && field->is_alternative)
                drop_other_alternatives(map, above.block, field);
            if (put(tree, map, key, value, place))
                return LTV_OK;
            break;
        }
        const ltv_yaml_entry *entry = ltv_yaml_find(map, key);
        char shown[LTV_SHOWN_SIZE], full[FULL_PATH_SIZE];
        if (ltv_field_has_names(above.kind) && entry == NULL)
            return ltv_complain(err, place, full_path(full, prefix, path),
                                "there is nothing named %s", ltv_shown(shown, key));
        if (entry != NULL && entry->value->kind == LTV_YAML_LIST && entry->value->n > 0)
            return ltv_complain(err, place, full_path(full, prefix, path),
                                "%s is a list here; set it as a whole", ltv_shown(shown, key));
        if (entry != NULL && field != NULL && is_of_distribution(field->kind, entry->value, ""))
            return refuse_inside(full_path(full, prefix, path), key, place, err);
        ltv_yaml_node *below = map_below(tree, map, key, place);
        ok = below != NULL && put(tree, map, key, below, place);
        map = below;
        rest += length + 1;
    }
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to set %s", path);
}
