/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_interventions.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/address.h"
#include "sim/io/scenario/read_named.h"
#include "sim/io/scenario/read_names.h"
#include "sim/io/scenario/read_references.h"

/* ---- what the scenario defines ----------------------------------------------------------- */

static_assert(offsetof(ltv_intervention, name) == 0 && offsetof(ltv_plan, name) == 0 &&
                  offsetof(ltv_phase, name) == 0,
              "ltv_read_each and ltv_name_of take the name at the beginning of an item");

/* Luck is addressed by name. */
static ltv_status check_luck(ltv_walk *walk, const ltv_yaml_node *map)
{
    if (walk->drawn != NULL)
        return LTV_OK; /* the names were read before */
    uint32_t *names = ltv_arena_alloc(&walk->tree->arena, map->n * sizeof *names);
    if (names == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t i = 0; i < map->n; ++i) {
        names[i] = ltv_address_name(map->entries[i].key);
        for (size_t j = 0; j < i; ++j)
            if (names[i] == names[j])
                return ltv_complain(walk->err, &map->entries[i].key_place, walk->path,
                                    "by a rare chance %s and %s would share their luck; rename "
                                    "one of them",
                                    map->entries[j].key, map->entries[i].key);
    }
    return LTV_OK;
}

ltv_status ltv_read_interventions(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_check_names(walk, node);
    if (status == LTV_OK)
        status = check_luck(walk, node);
    if (status != LTV_OK)
        return status;
    ltv_intervention *items = calloc(node->n, sizeof *items);
    if (items == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t i = 0; i < node->n; ++i)
        items[i] = (ltv_intervention){.plans = UINT32_MAX,
                                      .top_by_spend = 1,
                                      .to_segment = LTV_NOWHERE,
                                      .to_plan = LTV_NOWHERE,
                                      .capacity = INFINITY};
    walk->arm->interventions = items;
    walk->arm->n_interventions = node->n;
    return ltv_read_each(walk, field, node, items, sizeof *items, LTV_IN_INTERVENTION);
}

/* ---- what names mean in an arm ----------------------------------------------------------- */

/* The names that an arm's programmes may use. */
typedef struct {
    ltv_named_things segments, channels, plans, phases;
} vocabulary;

static vocabulary vocabulary_of(const ltv_walk *walk)
{
    const ltv_arm *arm = walk->arm;
    const ltv_scenario *scenario = walk->scenario;
    return (vocabulary){
        .segments = ltv_segments_of(arm),
        .plans = ltv_plans_of(arm),
        .channels = {.kind = "channel",
                     .first = arm->channels,
                     .n = arm->declared_channels ? arm->n_channels : 0,
                     .size = sizeof *arm->channels},
        .phases = {.kind = "phase",
                   .first = scenario->phases,
                   .n = scenario->n_phases,
                   .size = sizeof *scenario->phases},
    };
}

/* Marks those of `named` that the list at `key` of `who` names. Without the list *is_named is
 * NULL; else it is the caller's. */
static ltv_status mark_named(ltv_walk *walk, const ltv_yaml_node *who, const char *key,
                             const ltv_named_things *named, bool **is_named)
{
    const ltv_yaml_entry *entry = ltv_yaml_find(who, key);
    ltv_status status = LTV_OK;
    *is_named = NULL;
    if (entry == NULL)
        return LTV_OK;
    *is_named = calloc(named->n + 1, sizeof **is_named); /* never of size 0 */
    if (*is_named == NULL)
        return ltv_walk_no_memory(walk);
    size_t before = ltv_walk_enter(walk, key);
    for (size_t i = 0; i < ltv_name_count(entry->value) && status == LTV_OK; ++i) {
        size_t index = 0;
        const ltv_yaml_node *name = ltv_name_at(entry->value, i);
        status = ltv_find_name(walk, named, name->text, &name->place, &index);
        if (status == LTV_OK)
            (*is_named)[index] = true;
    }
    ltv_walk_leave(walk, before);
    return status;
}

static ltv_status resolve_plans(ltv_walk *walk, const ltv_yaml_node *who,
                                const ltv_named_things *plans, ltv_intervention *programme)
{
    bool *is_named = NULL;
    ltv_status status = mark_named(walk, who, "plans", plans, &is_named);
    if (status == LTV_OK && is_named != NULL) {
        programme->plans = 0;
        for (size_t i = 0; i < plans->n; ++i)
            programme->plans |= (uint32_t)is_named[i] << i;
    }
    free(is_named);
    return status;
}

static ltv_status resolve_phases(ltv_walk *walk, const ltv_yaml_node *who,
                                 const ltv_named_things *phases, ltv_intervention *programme)
{
    bool *is_named = NULL;
    ltv_status status = mark_named(walk, who, "phases", phases, &is_named);
    if (status == LTV_OK && is_named != NULL) {
        programme->phases = calloc(phases->n, sizeof *programme->phases);
        status = programme->phases == NULL ? ltv_walk_no_memory(walk) : LTV_OK;
        for (size_t i = 0; i < phases->n && status == LTV_OK; ++i)
            if (is_named[i])
                programme->phases[programme->n_phases++] = walk->scenario->phases[i];
    }
    free(is_named);
    return status;
}

static ltv_status resolve_who(ltv_walk *walk, const ltv_yaml_node *who, const vocabulary *words,
                              ltv_intervention *programme)
{
    size_t before = ltv_walk_enter(walk, "who");
    ltv_status status = mark_named(walk, who, "segments", &words->segments, &programme->segments);
    if (status == LTV_OK)
        status = mark_named(walk, who, "channels", &words->channels, &programme->channels);
    if (status == LTV_OK)
        status = resolve_plans(walk, who, &words->plans, programme);
    if (status == LTV_OK)
        status = resolve_phases(walk, who, &words->phases, programme);
    ltv_walk_leave(walk, before);
    return status;
}

/* effect: {KEY: {to: NAME}} */
static ltv_status resolve_move(ltv_walk *walk, const ltv_yaml_node *effect, const char *key,
                               const ltv_named_things *named, uint32_t *to)
{
    const ltv_yaml_entry *move = ltv_yaml_find(effect, key);
    size_t index = 0;
    if (move == NULL)
        return LTV_OK;
    const ltv_yaml_node *name = ltv_yaml_find(move->value, "to")->value;
    size_t before = ltv_walk_enter(walk, key);
    ltv_walk_enter(walk, "to");
    ltv_status status = ltv_find_name(walk, named, name->text, &name->place, &index);
    if (status == LTV_OK && named->n == 1)
        status = ltv_complain(walk->err, &name->place, walk->path,
                              "%s is the only %s, so nobody can move", name->text, named->kind);
    if (status == LTV_OK)
        *to = (uint32_t)index;
    ltv_walk_leave(walk, before);
    return status;
}

static ltv_status resolve_moves(ltv_walk *walk, const ltv_yaml_node *effect,
                                const vocabulary *words, ltv_intervention *programme)
{
    size_t before = ltv_walk_enter(walk, "effect");
    ltv_status status =
        resolve_move(walk, effect, "segment", &words->segments, &programme->to_segment);
    if (status == LTV_OK)
        status = resolve_move(walk, effect, "plan", &words->plans, &programme->to_plan);
    ltv_walk_leave(walk, before);
    return status;
}

/* An effect that was read lasts at least one period. */
static void pack_effects(ltv_intervention *programme)
{
    programme->n_effects = 0;
    for (size_t lever = 0; lever < LTV_LEVERS; ++lever) {
        ltv_effect effect = programme->effects[lever];
        programme->effects[lever] = (ltv_effect){0};
        if (effect.periods > 0)
            programme->effects[programme->n_effects++] = effect;
    }
}

static const ltv_yaml_node *value_of(const ltv_yaml_node *map, const char *key)
{
    const ltv_yaml_entry *entry = ltv_yaml_find(map, key);
    return entry == NULL ? NULL : entry->value;
}

static ltv_status resolve(ltv_walk *walk, const vocabulary *words, ltv_intervention *programme)
{
    const ltv_yaml_node *node = value_of(value_of(walk->root, "interventions"), programme->name);
    size_t before = ltv_walk_enter(walk, "interventions");
    ltv_walk_enter(walk, programme->name);
    ltv_status status = resolve_who(walk, value_of(node, "who"), words, programme);
    if (status == LTV_OK)
        status = resolve_moves(walk, value_of(node, "effect"), words, programme);
    pack_effects(programme);
    ltv_walk_leave(walk, before);
    return status;
}

/* ---- what an arm uses -------------------------------------------------------------------- */

const ltv_yaml_node *ltv_programmes_of(const ltv_yaml_node *arm)
{
    return arm->kind == LTV_YAML_LIST ? arm : value_of(arm, "interventions");
}

const char *ltv_programme_in_path(const char *path, size_t *length)
{
    static const char prefix[] = "interventions.";
    if (strncmp(path, prefix, strlen(prefix)) != 0)
        return NULL;
    const char *name = path + strlen(prefix);
    *length = strcspn(name, ".");
    return name;
}

static bool is_listed(const ltv_yaml_node *list, const char *name, size_t length)
{
    for (size_t i = 0; i < ltv_name_count(list); ++i) {
        const char *listed = ltv_name_at(list, i)->text;
        if (strlen(listed) == length && strncmp(listed, name, length) == 0)
            return true;
    }
    return false;
}

/* What an arm sets in a programme that it does not use has no effect. */
static ltv_status check_set_is_used(ltv_walk *walk, const ltv_yaml_node *arm,
                                    const ltv_yaml_node *list)
{
    const ltv_yaml_node *set = value_of(arm, "set");
    for (size_t i = 0; set != NULL && i < set->n; ++i) {
        size_t length = 0;
        const char *name = ltv_programme_in_path(set->entries[i].key, &length);
        if (name != NULL && !is_listed(list, name, length))
            return ltv_complain(walk->err, &set->entries[i].key_place, walk->path,
                                "sets %s, but the arm does not list the intervention %.*s",
                                set->entries[i].key, (int)length, name);
    }
    return LTV_OK;
}

/* Indices of the listed programmes among those that the arm holds now. */
static ltv_status find_listed(ltv_walk *walk, const ltv_yaml_node *list, size_t *indices)
{
    const ltv_arm *arm = walk->arm;
    ltv_named_things programmes = {.kind = "intervention",
                                   .first = arm->interventions,
                                   .n = arm->n_interventions,
                                   .size = sizeof *arm->interventions};
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < ltv_name_count(list) && status == LTV_OK; ++i) {
        const ltv_yaml_node *name = ltv_name_at(list, i);
        status = ltv_find_name(walk, &programmes, name->text, &name->place, &indices[i]);
    }
    return status;
}

/* Leaves the arm with its programmes indices[0 ... n) alone. */
static ltv_status keep_listed(ltv_walk *walk, const size_t *indices, size_t n)
{
    ltv_arm *arm = walk->arm;
    ltv_intervention *kept = NULL;
    if (n > 0 && (kept = calloc(n, sizeof *kept)) == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t i = 0; i < n; ++i) {
        kept[i] = arm->interventions[indices[i]];
        arm->interventions[indices[i]] = (ltv_intervention){0};
    }
    for (size_t i = 0; i < arm->n_interventions; ++i)
        ltv_intervention_free(&arm->interventions[i]);
    free(arm->interventions);
    arm->interventions = kept;
    arm->n_interventions = n;
    return LTV_OK;
}

static ltv_status choose_listed(ltv_walk *walk, const ltv_yaml_node *arm)
{
    const ltv_yaml_node *list = ltv_programmes_of(arm);
    size_t indices[LTV_MAX_INTERVENTIONS];
    char prefix[LTV_PATH_SIZE];
    memcpy(prefix, walk->path, sizeof prefix);
    snprintf(walk->path, sizeof walk->path, "arms.%s", walk->arm->name);
    ltv_status status = find_listed(walk, list, indices);
    if (status == LTV_OK)
        status = check_set_is_used(walk, arm, list);
    memcpy(walk->path, prefix, sizeof prefix);
    return status != LTV_OK ? status : keep_listed(walk, indices, ltv_name_count(list));
}

ltv_status ltv_choose_interventions(ltv_walk *walk, const ltv_yaml_node *arm)
{
    vocabulary words = vocabulary_of(walk);
    ltv_status status = choose_listed(walk, arm);
    for (size_t i = 0; i < walk->arm->n_interventions && status == LTV_OK; ++i)
        status = resolve(walk, &words, &walk->arm->interventions[i]);
    return status;
}
