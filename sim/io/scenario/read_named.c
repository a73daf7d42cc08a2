/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_named.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/read_lists.h"
#include "sim/io/scenario/read_names.h"
#include "sim/io/scenario/read_numbers.h"
#include "sim/io/scenario/scenario_paths.h"
#include "sim/io/scenario/scenario_walk.h"

static ltv_status check_name(ltv_walk *walk, const ltv_yaml_entry *entry)
{
    const char *name = entry->key;
    const char *fault = NULL;
    if (strlen(name) >= LTV_NAME_SIZE)
        fault = "is longer than 64 bytes";
    else if (name[0] == ' ' || strncmp(name, "\xE3\x80\x80", 3) == 0)
        fault = "begins with a blank";
    else if (strpbrk(name, "/.|") != NULL)
        fault = "contains one of / . |";
    for (const char *t = name; *t != '\0'; ++t)
        if ((unsigned char)*t < 0x20 || *t == 0x7F ||
            ((unsigned char)*t == 0xC2 && (unsigned char)t[1] < 0xA0))
            fault = "contains a control character";
    char shown[LTV_SHOWN_SIZE];
    if (fault == NULL)
        return LTV_OK;
    return ltv_complain(walk->err, &entry->key_place, walk->path, "the name \"%s\" %s",
                        ltv_shown(shown, name), fault);
}

ltv_status ltv_check_names(ltv_walk *walk, const ltv_yaml_node *map)
{
    ltv_status status = LTV_OK;
    if (walk->drawn != NULL)
        return LTV_OK; /* they were checked before */
    if (map->kind != LTV_YAML_MAP || map->n == 0)
        return ltv_complain(walk->err, &map->place, walk->path,
                            "names with their values are due here, not %s",
                            map->n == 0 && map->kind != LTV_YAML_SCALAR ? "an empty block"
                                                                        : ltv_yaml_kind_text(map));
    for (size_t i = 0; i < map->n && status == LTV_OK; ++i)
        status = check_name(walk, &map->entries[i]);
    return status;
}

ltv_status ltv_make_stand_ins(ltv_walk *walk)
{
    ltv_arm *arm = walk->arm;
    arm->segments = calloc(1, sizeof *arm->segments);
    arm->channels = calloc(1, sizeof *arm->channels);
    if (arm->segments == NULL || arm->channels == NULL)
        return ltv_walk_no_memory(walk);
    arm->n_segments = arm->n_channels = 1;
    arm->segments[0] = (ltv_segment){.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
    arm->channels[0] = (ltv_channel){.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
    walk->target[LTV_IN_CHANNEL] = &arm->channels[0];
    return LTV_OK;
}

static_assert(offsetof(ltv_segment, name) == 0 && offsetof(ltv_channel, name) == 0 &&
                  offsetof(ltv_plan, name) == 0 && offsetof(ltv_add_on, name) == 0,
              "ltv_read_each writes the name at the beginning of an item");

ltv_status ltv_read_each(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *map, void *items,
                         size_t item_size, ltv_field_target target)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < map->n; ++i)
        snprintf((char *)items + i * item_size, LTV_NAME_SIZE, "%s", map->entries[i].key);
    for (size_t i = 0; i < map->n && status == LTV_OK; ++i) {
        walk->target[target] = (char *)items + i * item_size;
        size_t before = ltv_walk_enter(walk, map->entries[i].key);
        status = ltv_walk_block(walk, map->entries[i].value, field->block);
        ltv_walk_leave(walk, before);
    }
    walk->target[target] = NULL; /* such fields count in nothing outside of a name */
    return status;
}

ltv_status ltv_read_segments(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_check_names(walk, node);
    if (status != LTV_OK)
        return status;
    ltv_segment *segments = calloc(node->n, sizeof *segments);
    if (segments == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t s = 0; s < node->n; ++s)
        segments[s].times = LTV_NO_MULTIPLIERS;
    free(walk->arm->segments); /* the stand-in owns nothing */
    walk->arm->segments = segments;
    walk->arm->n_segments = node->n;
    return ltv_read_each(walk, field, node, segments, sizeof *segments, LTV_IN_SEGMENT);
}

ltv_status ltv_read_channels(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_check_names(walk, node);
    if (status != LTV_OK)
        return status;
    ltv_channel *channels = calloc(node->n, sizeof *channels);
    if (channels == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t c = 0; c < node->n; ++c)
        channels[c].times = LTV_NO_MULTIPLIERS;
    free(walk->arm->channels); /* the stand-in owns nothing */
    walk->arm->channels = channels;
    walk->arm->n_channels = node->n;
    return ltv_read_each(walk, field, node, channels, sizeof *channels, LTV_IN_CHANNEL);
}

static ltv_status read_phase(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *range,
                             ltv_phase *phase)
{
    uint64_t bounds[2] = {0, 0};
    ltv_status status = ltv_require_list(walk, range, 2, 2);
    for (size_t i = 0; i < 2 && status == LTV_OK; ++i) {
        size_t before = ltv_walk_enter_index(walk, i);
        status = ltv_parse_count(walk, field, range->entries[i].value, &bounds[i]);
        ltv_walk_leave(walk, before);
    }
    if (status == LTV_OK && bounds[1] <= bounds[0])
        status = ltv_complain(walk->err, &range->entries[1].value->place, walk->path,
                              "ends at bill %u, which is not after its begin at bill %u",
                              (unsigned)bounds[1], (unsigned)bounds[0]);
    phase->from = (uint32_t)bounds[0]; /* the range of the field fits */
    phase->until = (uint32_t)bounds[1];
    return status;
}

ltv_status ltv_read_phases(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_check_names(walk, node);
    if (status != LTV_OK)
        return status;
    ltv_phase *phases = calloc(node->n, sizeof *phases);
    if (phases == NULL)
        return ltv_walk_no_memory(walk);
    ltv_walk_hand_over(walk, field, phases, node->n);
    for (size_t i = 0; i < node->n && status == LTV_OK; ++i) {
        snprintf(phases[i].name, LTV_NAME_SIZE, "%s", node->entries[i].key);
        size_t before = ltv_walk_enter(walk, node->entries[i].key);
        status = read_phase(walk, field, node->entries[i].value, &phases[i]);
        ltv_walk_leave(walk, before);
    }
    return status;
}

/* What follows of `path` below `block` ("" for the same path), NULL when it lies elsewhere. */
static const char *path_below(const char *path, const char *block)
{
    size_t length = strlen(block);
    if (strncmp(path, block, length) != 0 || (path[length] != '.' && path[length] != '\0'))
        return NULL;
    return path[length] == '.' ? path + length + 1 : path + length;
}

/* True when the block says something at this path inside itself. */
static bool says(const ltv_yaml_node *block, const char *path)
{
    while (*path != '\0' && block->kind == LTV_YAML_MAP) {
        char key[LTV_PATH_SIZE];
        size_t length = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, path);
        const ltv_yaml_entry *entry = ltv_yaml_find(block, key);
        if (entry == NULL || entry->value->assumed)
            return false;
        block = entry->value;
        path += path[length] == '.' ? length + 1 : length;
    }
    return true;
}

/* A later path may add to a block that an earlier one sets, but not say again what it said:
 * which of the two counts would depend on their order. */
static ltv_status check_said_once(ltv_walk *walk, const ltv_yaml_node *set, size_t i,
                                  const char *prefix)
{
    const ltv_yaml_entry *later = &set->entries[i];
    for (size_t j = 0; j < i; ++j) {
        const ltv_yaml_entry *earlier = &set->entries[j];
        const char *added = path_below(later->key, earlier->key);
        if (path_below(earlier->key, later->key) == NULL &&
            (added == NULL || !says(earlier->value, added)))
            continue;
        char path[2 * LTV_PATH_SIZE];
        snprintf(path, sizeof path, "%s%s", prefix, later->key);
        return ltv_complain(walk->err, &later->key_place, path,
                            "%s in line %u sets the same; say it once", earlier->key,
                            earlier->key_place.line);
    }
    return LTV_OK;
}

ltv_status ltv_read_set(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    ltv_status status = LTV_OK;
    if (node->kind != LTV_YAML_MAP)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "paths with their values are due here, such as {revenue.price: 1200}");
    char prefix[LTV_PATH_SIZE + 1];
    snprintf(prefix, sizeof prefix, "%s.", walk->path);
    for (size_t i = 0; i < node->n && status == LTV_OK; ++i) {
        const ltv_yaml_entry *entry = &node->entries[i];
        status = ltv_path_check(entry->key, true, &entry->key_place, prefix, walk->err);
        if (status == LTV_OK)
            status = check_said_once(walk, node, i, prefix);
    }
    return status;
}

static ltv_status read_arm(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *arm)
{
    if (arm->kind == LTV_YAML_LIST)
        return ltv_read_programmes(walk, field, arm);
    char shown[LTV_SHOWN_SIZE];
    const ltv_yaml_entry *programmes = ltv_yaml_find(walk->root, "interventions");
    if (arm->kind == LTV_YAML_SCALAR && programmes != NULL &&
        ltv_yaml_find(programmes->value, arm->text) != NULL)
        return ltv_complain(walk->err, &arm->place, walk->path,
                            "a list of interventions is due here; write [%s]",
                            ltv_shown(shown, arm->text));
    return arm->is_null ? LTV_OK : ltv_walk_block(walk, arm, field->block);
}

/* Arms and the table of the draws stand side by side in the results. */
static ltv_status check_arm_names(ltv_walk *walk, const ltv_yaml_node *node)
{
    static const char *const taken[] = {"names", "parameters"};
    ltv_status status = ltv_check_names(walk, node);
    for (size_t i = 0; status == LTV_OK && i < node->n; ++i)
        for (size_t t = 0; t < sizeof taken / sizeof *taken; ++t)
            if (strcmp(node->entries[i].key, taken[t]) == 0)
                return ltv_complain(walk->err, &node->entries[i].key_place, walk->path,
                                    "the name \"%s\" is taken by the results of draws; call the "
                                    "arm something else",
                                    taken[t]);
    return status;
}

ltv_status ltv_read_arms(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    if (walk->drawn != NULL)
        return LTV_OK; /* what stands here was checked before */
    ltv_status status = check_arm_names(walk, node);
    for (size_t i = 0; i < node->n && status == LTV_OK; ++i) {
        size_t before = ltv_walk_enter(walk, node->entries[i].key);
        status = read_arm(walk, field, node->entries[i].value);
        ltv_walk_leave(walk, before);
    }
    return status;
}
