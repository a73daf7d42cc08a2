/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_defaults.h"

#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/yaml_parse.h"

static void mark_assumed(ltv_yaml_node *node, const ltv_place *place)
{
    node->assumed = true;
    node->place = *place;
    for (size_t i = 0; i < node->n; ++i) {
        node->entries[i].key_place = *place;
        mark_assumed(node->entries[i].value, place);
    }
}

/* The name of the file without folders and ending. */
static const char *title_from_file(ltv_walk *walk)
{
    const char *slash = strrchr(walk->file, '/');
    const char *base = slash == NULL ? walk->file : slash + 1;
    const char *dot = strrchr(base, '.');
    size_t length = dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);
    const char *name = ltv_arena_text(&walk->tree->arena, base, length);
    char *shown = ltv_arena_alloc(&walk->tree->arena, LTV_SHOWN_SIZE);
    if (name == NULL || shown == NULL)
        return NULL;
    ltv_shown(shown, name);
    return shown[0] == '\0' ? "scenario" : shown;
}

static const char *number_text(ltv_walk *walk, size_t number)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%zu", number);
    return ltv_arena_text(&walk->tree->arena, text, (size_t)length);
}

/* The horizon may be written in `experiment` instead. */
static bool has_horizon_elsewhere(const ltv_walk *walk)
{
    const ltv_yaml_entry *experiment = ltv_yaml_find(walk->root, "experiment");
    return experiment != NULL && ltv_yaml_find(experiment->value, "horizon") != NULL;
}

static bool has_default(const ltv_walk *walk, const ltv_field *field)
{
    switch (field->rule) {
    case LTV_DEFAULT_FIXED:
        return field->fallback != NULL;
    case LTV_DEFAULT_HORIZON:
        return !has_horizon_elsewhere(walk);
    case LTV_DEFAULT_TITLE:
    case LTV_DEFAULT_HOLD:
        break;
    }
    return true;
}

/* A table of fewer periods is held as a whole. */
static size_t default_hold(const ltv_curve *curve)
{
    enum { HOLD_PERIODS = 6 };
    size_t periods = curve->table_size - 1;
    return periods < HOLD_PERIODS ? periods : HOLD_PERIODS;
}

/* Text of a default that follows from the rest of the scenario; NULL when memory is short. */
static const char *text_by_rule(ltv_walk *walk, ltv_default_rule rule)
{
    static const size_t ten_years[] = {
        [LTV_UNIT_DAY] = 3650,   [LTV_UNIT_WEEK] = 520, [LTV_UNIT_MONTH] = 120,
        [LTV_UNIT_QUARTER] = 40, [LTV_UNIT_YEAR] = 10,
    };
    switch (rule) {
    case LTV_DEFAULT_TITLE:
        return title_from_file(walk);
    case LTV_DEFAULT_HORIZON:
        return number_text(walk, ten_years[walk->scenario->time_unit]);
    case LTV_DEFAULT_HOLD:
        return number_text(walk, default_hold(walk->target[LTV_IN_CURVE]));
    case LTV_DEFAULT_FIXED:
        break;
    }
    return NULL;
}

ltv_status ltv_make_default(ltv_walk *walk, const ltv_field *field, const ltv_place *place,
                            ltv_yaml_node **node)
{
    ltv_status status = LTV_OK;
    *node = NULL;
    if (!has_default(walk, field))
        return LTV_OK;
    if (field->rule == LTV_DEFAULT_FIXED) {
        status = ltv_yaml_parse(walk->tree, node, place, field->fallback, strlen(field->fallback),
                                walk->err);
    } else {
        const char *text = text_by_rule(walk, field->rule);
        *node = text == NULL ? NULL : ltv_yaml_new_scalar(walk->tree, text, place);
        status = *node == NULL ? ltv_walk_no_memory(walk) : LTV_OK;
    }
    if (status == LTV_OK)
        mark_assumed(*node, place);
    return status;
}
