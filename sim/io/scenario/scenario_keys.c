/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_keys.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "sim/io/scenario/read_numbers.h"

/* The key of the block that is nearest to `key`, NULL if none is near. Keys of later versions
 * are never suggested. */
static const char *nearest_key(const ltv_block *block, const char *key)
{
    enum { MOST_KEYS = 64 };
    const char *keys[MOST_KEYS];
    size_t n = 0;
    for (size_t i = 0; i < block->n_fields && n < MOST_KEYS; ++i)
        if (block->fields[i].kind != LTV_FIELD_RESERVED)
            keys[n++] = block->fields[i].key;
    return ltv_nearest(key, n, keys);
}

/* The key of the block that is next to certainly meant: one letter off, or with more said behind
 * it, as in involuntary_churn for involuntary. */
static const char *twin_key(const ltv_block *block, const char *key)
{
    enum { SHORTEST = 4 };
    for (size_t i = 0; i < block->n_fields && strlen(key) >= SHORTEST; ++i) {
        const ltv_field *field = &block->fields[i];
        size_t length = strlen(field->key);
        bool says_more = strncmp(key, field->key, length) == 0 && key[length] == '_';
        if (field->kind != LTV_FIELD_RESERVED && length >= SHORTEST &&
            (says_more || ltv_edit_distance(key, field->key) == 1))
            return field->key;
    }
    return NULL;
}

/* Words of the field for what the table calls otherwise; NULL for other words. */
static const char *path_of_synonym(const char *word)
{
    static const char *const synonyms[][2] = {
        {"aov", "revenue.orders.value"}, {"arpu", "revenue.price"},
        {"campaigns", "interventions"},  {"churn_rate", "retention.geometric.churn"},
        {"frequency", "revenue.orders"}, {"margin", "gross_margin"},
        {"programmes", "interventions"}, {"programs", "interventions"},
        {"treatments", "interventions"},
    };
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; ++i)
        if (strcmp(synonyms[i][0], word) == 0)
            return synonyms[i][1];
    return NULL;
}

enum { MAX_PLACES = 2, PLACES_SIZE = 256, ADVICE_SIZE = PLACES_SIZE + 64 };

/* Where else in a scenario a key belongs. */
typedef struct {
    const char *key;
    char text[PLACES_SIZE]; /* "time.horizon or experiment.horizon" */
    size_t n_found;
} place_search;

/* The table is a few blocks deep and has no cycles. */
static void search_places(place_search *search, const ltv_block *block, const char *prefix)
{
    for (size_t i = 0; i < block->n_fields; ++i) {
        const ltv_field *field = &block->fields[i];
        if (field->kind == LTV_FIELD_RESERVED || search->n_found == MAX_PLACES)
            continue;
        if (strcmp(field->key, search->key) == 0) {
            size_t used = strlen(search->text);
            snprintf(search->text + used, PLACES_SIZE - used, "%s%s%s",
                     search->n_found++ > 0 ? " or " : "", prefix, field->key);
        } else if (field->block != NULL) {
            char inner[PLACES_SIZE];
            snprintf(inner, sizeof inner, "%.100s%s.%s", prefix, field->key,
                     ltv_field_has_names(field->kind) ? "NAME." : "");
            search_places(search, field->block, inner);
        }
    }
}

static bool is_known(const ltv_field *field)
{
    return field->kind != LTV_FIELD_RESERVED;
}

static bool is_alternative(const ltv_field *field)
{
    return field->is_alternative;
}

static void list_fields(const ltv_block *block, bool (*belongs)(const ltv_field *),
                        char list[LTV_KEY_LIST_SIZE])
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < block->n_fields && used < LTV_KEY_LIST_SIZE; ++i)
        if (belongs(&block->fields[i]))
            used += (size_t)snprintf(list + used, LTV_KEY_LIST_SIZE - used, "%s%s",
                                     used > 0 ? ", " : "", block->fields[i].key);
}

void ltv_list_keys(const ltv_block *block, char list[LTV_KEY_LIST_SIZE])
{
    list_fields(block, is_known, list);
}

void ltv_list_alternatives(const ltv_block *block, char list[LTV_KEY_LIST_SIZE])
{
    list_fields(block, is_alternative, list);
}

/* The field of the block that a plain value means: its usual one, or the one for the unit. */
static const ltv_field *usual_field(const ltv_block *block, ltv_time_unit unit)
{
    if (block->usual_key != NULL)
        return ltv_block_field(block, block->usual_key);
    for (size_t i = 0; i < block->n_fields; ++i)
        if (block->fields[i].for_unit == 1 + (int)unit)
            return &block->fields[i];
    return NULL;
}

/* A rate above one half is rather that of those who stay. */
static const ltv_field *complement_if_likely(const ltv_block *block, const ltv_field *field,
                                             double value)
{
    for (size_t i = 0; i < block->n_fields && value > 0.5; ++i)
        if (block->fields[i].is_complement)
            return &block->fields[i];
    return field;
}

bool ltv_write_example(const ltv_block *block, const char *key, const char *value,
                       ltv_time_unit unit, char example[LTV_EXAMPLE_SIZE])
{
    enum { LONGEST_VALUE = 40 };
    const ltv_field *field = usual_field(block, unit);
    int used = snprintf(example, LTV_EXAMPLE_SIZE, "%.80s: {", key), depth = 1;
    for (; field != NULL && field->kind == LTV_FIELD_BLOCK; ++depth) {
        used += snprintf(example + used, LTV_EXAMPLE_SIZE - (size_t)used, "%s: {", field->key);
        block = field->block;
        field = usual_field(block, unit);
    }
    char written[LONGEST_VALUE + 2];
    double number = 0;
    if (field == NULL || strlen(value) > LONGEST_VALUE)
        return false;
    snprintf(written, sizeof written, "%s", value);
    if (field->kind != LTV_FIELD_NAME && !ltv_number_fits(field, written, &number)) {
        snprintf(written, sizeof written, "%s%%", value);
        if (!ltv_number_fits(field, written, &number))
            return false;
    }
    const char *quote = strchr(written, ',') == NULL ? "" : "\"";
    const char *rest = block->usual_rest;
    snprintf(example + used, LTV_EXAMPLE_SIZE - (size_t)used, "%s: %s%s%s%s%s%.*s",
             complement_if_likely(block, field, number)->key, quote, written, quote,
             rest == NULL ? "" : ", ", rest == NULL ? "" : rest, depth, "}}}}");
    return true;
}

/* The field of the whole scenario into which the path leads; NULL for none. */
static const ltv_field *top_field(const char *path)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(path, "."), path);
    return ltv_block_field(ltv_scenario_fields(), key);
}

/* Is the block an arm, and the path one of what it may set? */
static bool belongs_into_set(const ltv_block *block, const char *path)
{
    const ltv_field *set = ltv_block_field(block, "set");
    const ltv_field *top = top_field(path);
    return set != NULL && set->kind == LTV_FIELD_SET && top != NULL && top->settable;
}

/* Another name of what the block has; NULL for none. */
static const char *synonym_in(const ltv_block *block, const char *key)
{
    const char *path = path_of_synonym(key);
    const ltv_field *top = path == NULL ? NULL : top_field(path);
    return top != NULL && ltv_block_field(block, top->key) != NULL ? path : NULL;
}

/* Where else the key has a meaning: "it belongs at revenue.price". False when it has none. */
static bool find_place(const ltv_block *block, const char *key, char advice[ADVICE_SIZE])
{
    place_search search = {.key = key};
    search_places(&search, ltv_scenario_fields(), "");
    const char *places = search.n_found > 0 ? search.text : path_of_synonym(key);
    if (belongs_into_set(block, key)) /* a path, or a key of the top level */
        snprintf(advice, ADVICE_SIZE, "put it under set: {%.100s: …}", key);
    else if (places != NULL && belongs_into_set(block, places))
        snprintf(advice, ADVICE_SIZE, "put it under set, at %s", places);
    else if (places != NULL)
        snprintf(advice, ADVICE_SIZE, "it belongs at %s", places);
    return advice[0] != '\0';
}

ltv_status ltv_refuse_key(const ltv_block *block, const char *key, const ltv_place *place,
                          const char *path, ltv_error *err)
{
    if (ltv_block_field(block, key) != NULL) /* the table knows it, so it is reserved */
        return ltv_complain(err, place, path, "not in this version of ltvsim (" LTV_VERSION ")");
    const char *meant = twin_key(block, key);
    char advice[ADVICE_SIZE] = "";
    if (meant == NULL)
        meant = synonym_in(block, key);
    const char *colon = strchr(key, ':');
    if (meant == NULL && colon != NULL && colon[1] != '\0') /* what YAML takes for a single word */
        return ltv_complain(err, place, path, "unknown key; is a space missing after the colon?");
    if (meant == NULL && find_place(block, key, advice))
        return ltv_complain(err, place, path, "unknown key here; %s", advice);
    if (meant == NULL)
        meant = nearest_key(block, key);
    if (meant != NULL)
        return ltv_complain(err, place, path, "unknown key; did you mean %s?", meant);
    char known[LTV_KEY_LIST_SIZE];
    ltv_list_keys(block, known);
    return ltv_complain(err, place, path, "unknown key; allowed here: %s", known);
}
