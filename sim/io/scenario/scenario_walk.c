/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_walk.h"

#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/bill_of_date.h"
#include "sim/io/scenario/read_compare.h"
#include "sim/io/scenario/read_csv.h"
#include "sim/io/scenario/read_interventions.h"
#include "sim/io/scenario/read_lists.h"
#include "sim/io/scenario/read_named.h"
#include "sim/io/scenario/read_names.h"
#include "sim/io/scenario/read_numbers.h"
#include "sim/io/scenario/read_offers.h"
#include "sim/io/scenario/read_references.h"
#include "sim/io/scenario/read_uncertain.h"
#include "sim/io/scenario/read_until.h"
#include "sim/io/scenario/read_words.h"
#include "sim/io/scenario/scenario_defaults.h"
#include "sim/io/scenario/scenario_keys.h"

static ltv_status check_keys(ltv_walk *walk, const ltv_yaml_node *map, const ltv_block *block)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < map->n && status == LTV_OK; ++i) {
        const ltv_yaml_entry *entry = &map->entries[i];
        const ltv_field *field = ltv_block_field(block, entry->key);
        size_t before = ltv_walk_enter(walk, entry->key);
        if (field == NULL || field->kind == LTV_FIELD_RESERVED)
            status = ltv_refuse_key(block, entry->key, &entry->key_place, walk->path, walk->err);
        else if (field->needs != NULL && ltv_yaml_find(map, field->needs) == NULL)
            status = ltv_complain(walk->err, &entry->key_place, walk->path,
                                  "has a meaning only beside %s", field->needs);
        ltv_walk_leave(walk, before);
    }
    return status;
}

static ltv_status check_alternatives(ltv_walk *walk, const ltv_yaml_node *map,
                                     const ltv_block *block)
{
    const ltv_yaml_entry *first = NULL;
    if (block->alternatives == NULL)
        return LTV_OK;
    for (size_t i = 0; i < map->n; ++i) {
        const ltv_yaml_entry *entry = &map->entries[i];
        if (!ltv_block_field(block, entry->key)->is_alternative)
            continue;
        if (first != NULL)
            return ltv_complain(walk->err, &entry->key_place, walk->path,
                                "%s and %s exclude each other; write only one of them", first->key,
                                entry->key);
        first = entry;
    }
    if (first != NULL || !block->needs_an_alternative)
        return LTV_OK;
    char list[LTV_KEY_LIST_SIZE];
    ltv_list_alternatives(block, list);
    return ltv_complain(walk->err, &map->place, walk->path, "no %s is given; write one of: %s",
                        block->alternatives, list);
}

/* Where a key that is missing belongs by the order of the table, so that the effective scenario
 * reads in the order of the manual. */
static size_t place_by_table(const ltv_yaml_node *map, const ltv_block *block,
                             const ltv_field *field)
{
    size_t at = 0;
    while (at < map->n && ltv_block_field(block, map->entries[at].key) < field)
        ++at;
    return at;
}

static bool fits_unit(const ltv_walk *walk, const ltv_field *field)
{
    return field->for_unit == 0 || field->for_unit - 1 == (int)walk->scenario->time_unit;
}

static bool has_alternative(const ltv_yaml_node *map, const ltv_block *block)
{
    for (size_t i = 0; i < map->n; ++i)
        if (ltv_block_field(block, map->entries[i].key)->is_alternative)
            return true;
    return false;
}

/* May the key be missing because of what else is written, or is not? */
static bool may_be_missing(const ltv_walk *walk, const ltv_yaml_node *map, const ltv_block *block,
                           const ltv_field *field)
{
    return !fits_unit(walk, field) || (field->is_alternative && has_alternative(map, block)) ||
           (field->needs != NULL && ltv_yaml_find(map, field->needs) == NULL);
}

/* Hangs the default of a missing key into the map, or complains that it must be written. */
static ltv_status fill_missing(ltv_walk *walk, ltv_yaml_node *map, const ltv_block *block,
                               const ltv_field *field)
{
    if (may_be_missing(walk, map, block, field))
        return LTV_OK;
    ltv_yaml_node *node = NULL;
    ltv_status status = ltv_make_default(walk, field, &map->place, &node);
    if (status != LTV_OK)
        return status;
    if (node != NULL)
        return ltv_yaml_insert(walk->tree, map, place_by_table(map, block, field), field->key,
                               &map->place, node)
                   ? LTV_OK
                   : ltv_walk_no_memory(walk);
    if (!field->required)
        return LTV_OK;
    size_t before = ltv_walk_enter(walk, field->key);
    status = ltv_complain(walk->err, &map->place, walk->path, "missing (%s)", field->meaning);
    ltv_walk_leave(walk, before);
    return status;
}

/* A rate for another time unit than the scenario's; the block has a key for this one. */
static ltv_status refuse_unit(ltv_walk *walk, const ltv_block *block, const ltv_yaml_entry *entry)
{
    const ltv_field *fitting = block->fields;
    while (fitting->for_unit != 1 + (int)walk->scenario->time_unit)
        ++fitting;
    return ltv_complain(walk->err, &entry->key_place, walk->path,
                        "the scenario's time unit is %s, so write %s; converting the probability "
                        "would change its meaning",
                        ltv_time_unit_name(walk->scenario->time_unit), fitting->key);
}

static ltv_status read_value(ltv_walk *walk, const ltv_field *field, ltv_yaml_entry *entry);

/* The entry of a field in a map that was read before; NULL when there is none. */
static ltv_yaml_entry *find_again(const ltv_yaml_node *map, const ltv_field *field)
{
    for (size_t i = 0; i < map->n; ++i)
        if (map->entries[i].read_as == field)
            return &map->entries[i];
    return NULL;
}

static ltv_status read_field(ltv_walk *walk, ltv_yaml_node *map, const ltv_block *block,
                             const ltv_field *field)
{
    ltv_status status = LTV_OK;
    ltv_yaml_entry *entry = walk->drawn != NULL ? find_again(map, field) : NULL;
    if (walk->drawn == NULL) {
        if (ltv_yaml_find(map, field->key) == NULL)
            status = fill_missing(walk, map, block, field);
        entry = ltv_yaml_find(map, field->key);
    }
    if (status != LTV_OK || entry == NULL)
        return status;
    entry->read_as = field;
    size_t before = ltv_walk_enter(walk, field->key);
    status =
        fits_unit(walk, field) ? read_value(walk, field, entry) : refuse_unit(walk, block, entry);
    ltv_walk_leave(walk, before);
    return status;
}

/* What to write instead of the plain value that stands where the field's block is due: the block
 * with this value in it, or, where the value is a key of the block, with that key in it. */
static bool write_example(const ltv_walk *walk, const ltv_field *field, const char *value,
                          char example[LTV_EXAMPLE_SIZE])
{
    char inner[LTV_EXAMPLE_SIZE];
    const ltv_field *key = ltv_block_field(field->block, value);
    const char *usual = key == NULL || key->block == NULL ? NULL : key->block->usual_value;
    ltv_time_unit unit = walk->scenario->time_unit;
    if (usual == NULL)
        return ltv_write_example(field->block, field->key, value, unit, example);
    return ltv_write_example(key->block, key->key, usual, unit, inner) &&
           snprintf(example, LTV_EXAMPLE_SIZE, "%s: {%s}", field->key, inner) < LTV_EXAMPLE_SIZE;
}

static ltv_status refuse_nothing(const ltv_walk *walk, const ltv_field *field,
                                 const ltv_yaml_entry *entry)
{
    char example[LTV_EXAMPLE_SIZE];
    const char *usual = field->block == NULL ? NULL : field->block->usual_value;
    if (usual != NULL && write_example(walk, field, usual, example))
        return ltv_complain(walk->err, &entry->key_place, walk->path,
                            "has no value; write, for example, %s", example);
    return ltv_complain(walk->err, &entry->key_place, walk->path, "has no value (%s)",
                        field->meaning);
}

/* `field` is the one whose value the block is; NULL for a named block. */
static ltv_status require_block(ltv_walk *walk, const ltv_yaml_node *node, const ltv_block *block,
                                const ltv_field *field)
{
    const char *word = field == NULL ? NULL : field->word;
    char example[LTV_EXAMPLE_SIZE];
    if (node->kind == LTV_YAML_MAP)
        return LTV_OK;
    if (field != NULL && node->kind == LTV_YAML_SCALAR &&
        write_example(walk, field, node->text, example))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a block of keys is due here, not a single value; write, for example, "
                            "%s",
                            example);
    char keys[LTV_KEY_LIST_SIZE];
    ltv_list_keys(block, keys);
    return ltv_complain(
        walk->err, &node->place, walk->path, "a block of keys is due here (%s)%s%s, not %s", keys,
        word == NULL ? "" : " or the word ", word == NULL ? "" : word, ltv_yaml_kind_text(node));
}

static ltv_status read_keys(ltv_walk *walk, ltv_yaml_node *map, const ltv_block *block)
{
    ltv_status status = LTV_OK;
    if (walk->drawn == NULL)
        status = check_keys(walk, map, block);
    if (status == LTV_OK && walk->drawn == NULL)
        status = check_alternatives(walk, map, block);
    if (status == LTV_OK && walk->drawn == NULL)
        status = ltv_expand_csv(walk, map, block);
    for (size_t i = 0; i < block->n_fields && status == LTV_OK; ++i)
        if (block->fields[i].kind != LTV_FIELD_RESERVED)
            status = read_field(walk, map, block, &block->fields[i]);
    return status;
}

ltv_status ltv_walk_block(ltv_walk *walk, ltv_yaml_node *node, const ltv_block *block)
{
    ltv_status status = require_block(walk, node, block, NULL);
    return status != LTV_OK ? status : read_keys(walk, node, block);
}

/* The enum that being written sets. */
static void choose(const ltv_walk *walk, const ltv_field *field)
{
    if (field->chooses)
        memcpy(walk->target[field->enters ? field->target : field->in], &field->choice,
               sizeof field->choice);
}

static bool is_word_of(const ltv_field *field, const ltv_yaml_node *node)
{
    return node->kind == LTV_YAML_SCALAR && field->word != NULL &&
           strcmp(node->text, field->word) == 0;
}

/* The word sets a flag, or stands for the block's key of the same name. */
static void take_word(ltv_walk *walk, const ltv_field *field)
{
    const ltv_field *meant = ltv_block_field(field->block, field->word);
    ltv_walk_set_flag(walk, field, field->word_offset);
    if (meant != NULL)
        choose(walk, meant);
}

ltv_status ltv_read_block(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    void *outer = walk->target[field->target];
    if (field->enters)
        walk->target[field->target] = ltv_walk_address(walk, field);
    ltv_status status = LTV_OK;
    if (is_word_of(field, node)) {
        take_word(walk, field);
    } else {
        choose(walk, field);
        status = require_block(walk, node, field->block, field);
        if (status == LTV_OK)
            status = read_keys(walk, node, field->block);
    }
    walk->target[field->target] = outer;
    return status;
}

/* One amount for all customers, or a block with a mean for one that differs over them. */
static ltv_status read_amount(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    if (ltv_yaml_find(node, "mean") != NULL || ltv_yaml_find(node, "across_customers") != NULL)
        return ltv_read_block(walk, field, node);
    return ltv_read_number(walk, field, node);
}

static ltv_status read_value(ltv_walk *walk, const ltv_field *field, ltv_yaml_entry *entry)
{
    static ltv_status (*const readers[])(ltv_walk *, const ltv_field *, ltv_yaml_node *) = {
        [LTV_FIELD_NUMBER] = ltv_read_number,
        [LTV_FIELD_COUNT] = ltv_read_count,
        [LTV_FIELD_TEXT] = ltv_read_text,
        [LTV_FIELD_CHOICE] = ltv_read_choice,
        [LTV_FIELD_VERSION] = ltv_read_version,
        [LTV_FIELD_CURRENCY] = ltv_read_currency,
        [LTV_FIELD_DATE] = ltv_read_date,
        [LTV_FIELD_SEASON] = ltv_read_season,
        [LTV_FIELD_SURVIVAL] = ltv_read_survival,
        [LTV_FIELD_CHURN_LIST] = ltv_read_churn_list,
        [LTV_FIELD_SPIKES] = ltv_read_spikes,
        [LTV_FIELD_AMOUNT] = read_amount,
        [LTV_FIELD_PLAN] = ltv_read_plan_name,
        [LTV_FIELD_BILL_DATE] = ltv_read_bill_date,
        [LTV_FIELD_STARTS] = ltv_read_starts,
        [LTV_FIELD_SEGMENT_SHARES] = ltv_read_segment_shares,
        [LTV_FIELD_PHASES] = ltv_read_phases,
        [LTV_FIELD_ORDER_VALUE] = ltv_read_order_value,
        [LTV_FIELD_PLAN_CHANGES] = ltv_read_plan_changes,
        [LTV_FIELD_PRICE_CHANGES] = ltv_read_price_changes,
        [LTV_FIELD_BLOCK] = ltv_read_block,
        [LTV_FIELD_SEGMENTS] = ltv_read_segments,
        [LTV_FIELD_CHANNELS] = ltv_read_channels,
        [LTV_FIELD_PLANS] = ltv_read_plans,
        [LTV_FIELD_ADD_ONS] = ltv_read_add_ons,
        [LTV_FIELD_ARMS] = ltv_read_arms,
        [LTV_FIELD_SET] = ltv_read_set,
        [LTV_FIELD_INTERVENTIONS] = ltv_read_interventions,
        [LTV_FIELD_NAME] = ltv_read_name,
        [LTV_FIELD_NAMES] = ltv_read_names,
        [LTV_FIELD_PROGRAMMES] = ltv_read_programmes,
        [LTV_FIELD_COMPARE] = ltv_read_compare,
        [LTV_FIELD_CORRELATIONS] = ltv_read_correlations,
        [LTV_FIELD_UNTIL] = ltv_read_until,
        [LTV_FIELD_RESERVED] = NULL,
    };
    ltv_yaml_node *node = entry->value;
    if (node->kind == LTV_YAML_SCALAR && node->is_null)
        return refuse_nothing(walk, field, entry);
    ltv_walk_set_flag(walk, field, field->present_offset);
    if (field->block == NULL)
        choose(walk, field);
    return readers[field->kind](walk, field, node);
}

ltv_status ltv_walk_scenario(ltv_walk *walk)
{
    const ltv_block *block = ltv_scenario_fields();
    walk->target[LTV_IN_SCENARIO] = walk->scenario;
    walk->target[LTV_IN_ARM] = walk->arm;
    ltv_status status = ltv_make_stand_ins(walk);
    if (status != LTV_OK)
        return status;
    if (!walk->by_arm)
        return read_keys(walk, walk->root, block);
    status = check_alternatives(walk, walk->root, block);
    for (size_t i = 0; i < block->n_fields && status == LTV_OK; ++i)
        if (block->fields[i].settable)
            status = read_field(walk, walk->root, block, &block->fields[i]);
    return status;
}
