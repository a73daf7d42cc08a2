/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/json_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "sim/io/scenario/scenario_fields.h"
#include "sim/scenario.h"

/* The JSON Schema of scenarios, made from the table of fields. Jansson's setters take NULL for
 * "out of memory before" and fail, so a chain of them needs one look at its end. */

/* Names of arms, segments and the like; see check_name in read_named.c. */
#define NAME_PATTERN "[^\\s/.|][^/.|]*"

/* Digits, thousands in groups or not, decimals; full-width too. */
#define D        "[0-9０-９]"
#define DECIMALS "([.．]" D "+)?"
#define DIGITS_PATTERN                                                                             \
    "[1-9１-９]" D "{0,2}([,，]" D "{3})+" DECIMALS "|([1-9１-９]" D "*|[0０])" DECIMALS           \
    "|[.．]" D "+"

typedef struct {
    json_t *definitions; /* $defs, filled on the way */
    bool failed;
} schema_builder;

static json_t *field_schema(schema_builder *b, const ltv_field *field);

static void set(schema_builder *b, json_t *object, const char *key, json_t *value)
{
    b->failed |= json_object_set_new(object, key, value) != 0;
}

static void append(schema_builder *b, json_t *array, json_t *value)
{
    b->failed |= json_array_append_new(array, value) != 0;
}

static json_t *of_type(schema_builder *b, const char *type)
{
    json_t *schema = json_object();
    set(b, schema, "type", json_string(type));
    return schema;
}

static json_t *with_alternative(schema_builder *b, json_t *schema, json_t *alternative)
{
    json_t *either = json_array();
    append(b, either, schema);
    append(b, either, alternative);
    json_t *result = json_object();
    set(b, result, "anyOf", either);
    return result;
}

/* ---- numbers ----------------------------------------------------------------------------- */

static void set_bounds(schema_builder *b, json_t *schema, const ltv_field *field)
{
    set(b, schema, field->lowest_open ? "exclusiveMinimum" : "minimum", json_real(field->lowest));
    set(b, schema, field->highest_open ? "exclusiveMaximum" : "maximum", json_real(field->highest));
    if (field->not_zero) {
        json_t *zero = json_object();
        set(b, zero, "const", json_integer(0));
        set(b, schema, "not", zero);
    }
}

/* A number, or a text in one of the notations that the reader knows. */
static json_t *fixed_schema(schema_builder *b, const ltv_field *field, const char *type)
{
    json_t *number = of_type(b, type);
    set_bounds(b, number, field);
    bool percent = field->marks & LTV_MARK_PERCENT, times = field->marks & LTV_MARK_TIMES;
    bool negative = field->lowest < 0;
    char pattern[256];
    snprintf(pattern, sizeof pattern, "^\\s*%s%s(%s)([eE][-+]?[0-9]+)?\\s*%s\\s*$",
             times ? "[xXｘ×]?" : "", negative ? "[-−－+]?" : "[+]?", DIGITS_PATTERN,
             percent ? "[%％]?" : "");
    json_t *text = of_type(b, "string");
    set(b, text, "pattern", json_string(pattern));
    json_t *either = json_array();
    append(b, either, number);
    append(b, either, text);
    json_t *schema = json_object();
    set(b, schema, "anyOf", either);
    return schema;
}

/* A number as the fixed_schema below, or a block that says how uncertain it is. */
static json_t *number_schema(schema_builder *b, const ltv_field *field)
{
    json_t *either = json_array(), *schema = json_object(), *uncertain = json_object();
    set(b, uncertain, "$ref", json_string("#/$defs/uncertain_number"));
    append(b, either, fixed_schema(b, field, "number"));
    append(b, either, uncertain);
    set(b, schema, "anyOf", either);
    return schema;
}
/* A number in a distribution; what is allowed depends on the place. */
static json_t *part_schema(schema_builder *b)
{
    json_t *schema = json_object();
    set(b, schema, "type", json_pack("[s, s]", "number", "string"));
    return schema;
}

/* {part: number, …}, all of them required. */
static json_t *parts_schema(schema_builder *b, size_t n, const char *const *parts)
{
    json_t *schema = of_type(b, "object"), *properties = json_object(), *required = json_array();
    for (size_t i = 0; i < n; ++i) {
        set(b, properties, parts[i], part_schema(b));
        append(b, required, json_string(parts[i]));
    }
    set(b, schema, "properties", properties);
    set(b, schema, "required", required);
    set(b, schema, "additionalProperties", json_false());
    return schema;
}

/* The same or [number, …]. */
static json_t *parts_or_list_schema(schema_builder *b, size_t n, const char *const *parts)
{
    json_t *list = of_type(b, "array");
    set(b, list, "items", part_schema(b));
    set(b, list, "minItems", json_integer((json_int_t)n));
    set(b, list, "maxItems", json_integer((json_int_t)n));
    return with_alternative(b, parts_schema(b, n, parts), list);
}

/* {word: …} */
static json_t *only_key(schema_builder *b, const char *word, json_t *value)
{
    json_t *schema = of_type(b, "object"), *properties = json_object(), *required = json_array();
    set(b, properties, word, value);
    append(b, required, json_string(word));
    set(b, schema, "properties", properties);
    set(b, schema, "required", required);
    set(b, schema, "additionalProperties", json_false());
    return schema;
}

static json_t *samples_schema(schema_builder *b)
{
    json_t *csv = parts_schema(b, 2, (const char *const[]){"csv", "column"});
    json_t *set_keys = parts_schema(b, 2, (const char *const[]){"set", "values"});
    json_t *list = of_type(b, "array");
    set(b, list, "items", part_schema(b));
    set(b, list, "minItems", json_integer(1));
    set(b, json_object_get(set_keys, "properties"), "values", list);
    return with_alternative(
        b, with_alternative(b, csv, parts_schema(b, 2, (const char *const[]){"results", "input"})),
        set_keys);
}

/* Every way to say how uncertain a number is (read_uncertain.c). */
static json_t *uncertain_schema(schema_builder *b)
{
    static const char *const mean_sd[] = {"mean", "sd"}, *const shapes[] = {"alpha", "beta"};
    static const char *const ends[] = {"low", "high"}, *const three[] = {"low", "mode", "high"};
    json_t *any = json_array(), *schema = json_object();
    append(b, any, only_key(b, "ci90", parts_or_list_schema(b, 2, ends)));
    append(b, any, only_key(b, "normal", parts_schema(b, 2, mean_sd)));
    append(b, any, only_key(b, "log_normal", parts_schema(b, 2, mean_sd)));
    append(b, any, only_key(b, "gamma", parts_schema(b, 2, mean_sd)));
    append(b, any,
           only_key(b, "beta",
                    with_alternative(b, parts_schema(b, 2, mean_sd), parts_schema(b, 2, shapes))));
    append(b, any, only_key(b, "uniform", parts_or_list_schema(b, 2, ends)));
    append(b, any, only_key(b, "triangular", parts_or_list_schema(b, 3, three)));
    append(b, any, only_key(b, "pert", parts_or_list_schema(b, 3, three)));
    append(b, any, parts_schema(b, 2, (const char *const[]){"lost", "of"}));
    append(b, any, only_key(b, "samples", samples_schema(b)));
    set(b, schema, "anyOf", any);
    set(b, schema, "description",
        json_string("a number that nobody knows exactly, as a distribution"));
    return schema;
}

static json_t *list_of(schema_builder *b, json_t *items, int least, int most)
{
    json_t *schema = of_type(b, "array");
    set(b, schema, "items", items);
    set(b, schema, "minItems", json_integer(least));
    set(b, schema, "maxItems", json_integer(most));
    return schema;
}

static json_t *list_schema(schema_builder *b, const ltv_field *field, int least, int most)
{
    return list_of(b, number_schema(b, field), least, most);
}

/* A name where it is used; without quotes, YAML takes one such as 2027 for a number. */
static json_t *name_schema(schema_builder *b)
{
    json_t *schema = json_object();
    set(b, schema, "type", json_pack("[s, s]", "string", "number"));
    return schema;
}

static json_t *name_list_schema(schema_builder *b, int least, int most)
{
    json_t *schema = of_type(b, "array");
    set(b, schema, "items", name_schema(b));
    set(b, schema, "minItems", json_integer(least));
    if (most > 0)
        set(b, schema, "maxItems", json_integer(most));
    set(b, schema, "uniqueItems", json_true());
    return schema;
}

static json_t *programmes_schema(schema_builder *b)
{
    return name_list_schema(b, 0, LTV_MAX_INTERVENTIONS);
}

/* A list of pairs of arms. */
static json_t *compare_schema(schema_builder *b)
{
    json_t *schema = of_type(b, "array");
    set(b, schema, "items", name_list_schema(b, 2, 2));
    set(b, schema, "minItems", json_integer(1));
    set(b, schema, "uniqueItems", json_true());
    return schema;
}

/* A list of [path, path, correlation]. */
static json_t *correlations_schema(schema_builder *b)
{
    json_t *triple = of_type(b, "array"), *prefix = json_array(), *schema = of_type(b, "array");
    json_t *rho = of_type(b, "number");
    set(b, rho, "exclusiveMinimum", json_integer(-1));
    set(b, rho, "exclusiveMaximum", json_integer(1));
    append(b, prefix, of_type(b, "string"));
    append(b, prefix, of_type(b, "string"));
    append(b, prefix, rho);
    set(b, triple, "prefixItems", prefix);
    set(b, triple, "minItems", json_integer(3));
    set(b, triple, "maxItems", json_integer(3));
    set(b, schema, "items", triple);
    return schema;
}

/* ---- blocks ------------------------------------------------------------------------------ */

/* {"required": [key]} for each alternative: exactly one, or none or one, may be there. */
static void set_alternatives(schema_builder *b, json_t *schema, const ltv_block *block)
{
    json_t *one_of = json_array(), *any_of = json_array();
    for (size_t i = 0; i < block->n_fields; ++i) {
        if (!block->fields[i].is_alternative)
            continue;
        json_t *required = json_array();
        append(b, required, json_string(block->fields[i].key));
        json_t *has_key = json_object();
        set(b, has_key, "required", required);
        b->failed |= json_array_append(any_of, has_key) != 0;
        append(b, one_of, has_key);
    }
    if (!block->needs_an_alternative) {
        json_t *none = json_object();
        set(b, none, "not", json_pack("{s:O}", "anyOf", any_of));
        append(b, one_of, none);
    }
    json_decref(any_of);
    set(b, schema, "oneOf", one_of);
}

/* Keys that must stand beside `key`: the one it needs and those that are required with it. */
static json_t *keys_beside(schema_builder *b, const ltv_block *block, const ltv_field *key)
{
    json_t *keys = json_array();
    if (key->needs != NULL)
        append(b, keys, json_string(key->needs));
    for (size_t i = 0; i < block->n_fields; ++i) {
        const ltv_field *field = &block->fields[i];
        if (field->required && field->needs != NULL && strcmp(field->needs, key->key) == 0)
            append(b, keys, json_string(field->key));
    }
    return keys;
}

static void set_dependencies(schema_builder *b, json_t *schema, const ltv_block *block)
{
    json_t *dependencies = json_object();
    for (size_t i = 0; i < block->n_fields; ++i) {
        json_t *keys = keys_beside(b, block, &block->fields[i]);
        if (json_array_size(keys) > 0)
            set(b, dependencies, block->fields[i].key, keys);
        else
            json_decref(keys);
    }
    if (json_object_size(dependencies) > 0)
        set(b, schema, "dependentRequired", dependencies);
    else
        json_decref(dependencies);
}

static json_t *keys_schema(schema_builder *b, const ltv_block *block)
{
    json_t *schema = of_type(b, "object"), *properties = json_object(), *required = json_array();
    set(b, schema, "description", json_string(block->meaning));
    for (size_t i = 0; i < block->n_fields; ++i) {
        const ltv_field *field = &block->fields[i];
        if (field->kind == LTV_FIELD_RESERVED)
            continue;
        set(b, properties, field->key, field_schema(b, field));
        if (field->required && field->needs == NULL && field->rule == LTV_DEFAULT_FIXED)
            append(b, required, json_string(field->key));
    }
    set(b, schema, "properties", properties);
    set(b, schema, "additionalProperties", json_false());
    if (json_array_size(required) > 0)
        set(b, schema, "required", required);
    else
        json_decref(required);
    if (block->alternatives != NULL)
        set_alternatives(b, schema, block);
    set_dependencies(b, schema, block);
    return schema;
}

/* A reference to the block's definition, which is made on first use. */
static json_t *block_reference(schema_builder *b, const ltv_block *block)
{
    char reference[128];
    snprintf(reference, sizeof reference, "#/$defs/%s", block->name);
    if (json_object_get(b->definitions, block->name) == NULL)
        set(b, b->definitions, block->name, keys_schema(b, block));
    json_t *schema = json_object();
    set(b, schema, "$ref", json_string(reference));
    return schema;
}

static json_t *constant(schema_builder *b, const char *word)
{
    json_t *schema = json_object();
    set(b, schema, "const", json_string(word));
    return schema;
}

static json_t *count_schema(schema_builder *b, const ltv_field *field)
{
    json_t *schema = fixed_schema(b, field, "integer");
    return field->word == NULL ? schema : with_alternative(b, schema, constant(b, field->word));
}

static json_t *block_schema(schema_builder *b, const ltv_field *field)
{
    json_t *schema = block_reference(b, field->block);
    return field->word == NULL ? schema : with_alternative(b, schema, constant(b, field->word));
}

/* An object whose keys match the pattern and whose values match the schema. */
static json_t *pattern_schema(schema_builder *b, const char *pattern, json_t *value)
{
    json_t *schema = of_type(b, "object"), *patterns = json_object();
    set(b, patterns, pattern, value);
    set(b, schema, "patternProperties", patterns);
    set(b, schema, "additionalProperties", json_false());
    set(b, schema, "minProperties", json_integer(1));
    return schema;
}

static json_t *named_schema(schema_builder *b, const ltv_field *field)
{
    return pattern_schema(b, "^" NAME_PATTERN "$", block_reference(b, field->block));
}

static json_t *arms_schema(schema_builder *b, const ltv_field *field)
{
    json_t *arm = with_alternative(b, block_reference(b, field->block), programmes_schema(b));
    return pattern_schema(b, "^" NAME_PATTERN "$", with_alternative(b, arm, of_type(b, "null")));
}

/* One block or a list of them. */
static json_t *blocks_schema(schema_builder *b, const ltv_field *field)
{
    json_t *list = of_type(b, "array");
    set(b, list, "items", block_reference(b, field->block));
    set(b, list, "minItems", json_integer(1));
    return with_alternative(b, block_reference(b, field->block), list);
}

static json_t *shares_schema(schema_builder *b, const ltv_field *field)
{
    return pattern_schema(b, "^" NAME_PATTERN "$", number_schema(b, field));
}

static json_t *phases_schema(schema_builder *b, const ltv_field *field)
{
    json_t *range = of_type(b, "array");
    set(b, range, "items", fixed_schema(b, field, "integer"));
    set(b, range, "minItems", json_integer(2));
    set(b, range, "maxItems", json_integer(2));
    return pattern_schema(b, "^" NAME_PATTERN "$", range);
}

/* ---- paths of `set` ---------------------------------------------------------------------- */

static bool has_shares(const ltv_field *field)
{
    return field->kind == LTV_FIELD_STARTS || field->kind == LTV_FIELD_SEGMENT_SHARES;
}

/* A pattern for the path of every field of the block, and of what is inside. */
static void add_paths(schema_builder *b, json_t *patterns, const ltv_block *block,
                      const char *prefix, bool settable_only)
{
    for (size_t i = 0; i < block->n_fields; ++i) {
        const ltv_field *field = &block->fields[i];
        char path[512];
        if (field->kind == LTV_FIELD_RESERVED || (settable_only && !field->settable))
            continue;
        snprintf(path, sizeof path, "%.400s%s$", prefix, field->key);
        set(b, patterns, path, field_schema(b, field));
        if (ltv_field_has_names(field->kind)) {
            snprintf(path, sizeof path, "%.300s%s\\." NAME_PATTERN "$", prefix, field->key);
            set(b, patterns, path, block_reference(b, field->block));
        }
        if (has_shares(field)) {
            snprintf(path, sizeof path, "%.300s%s\\." NAME_PATTERN "$", prefix, field->key);
            set(b, patterns, path, number_schema(b, field));
        }
        if (field->kind == LTV_FIELD_SPIKES) {
            snprintf(path, sizeof path, "%.400s%s\\.[0-9]+$", prefix, field->key);
            set(b, patterns, path, number_schema(b, field));
        }
        if (field->block == NULL)
            continue;
        snprintf(path, sizeof path, "%.300s%s\\.%s", prefix, field->key,
                 ltv_field_has_names(field->kind) ? NAME_PATTERN "\\." : "");
        add_paths(b, patterns, field->block, path, false);
    }
}

static json_t *set_schema(schema_builder *b)
{
    json_t *schema = of_type(b, "object"), *patterns = json_object();
    add_paths(b, patterns, ltv_scenario_fields(), "^", true);
    set(b, schema, "patternProperties", patterns);
    set(b, schema, "additionalProperties", json_false());
    return schema;
}

/* ---- all kinds --------------------------------------------------------------------------- */

static json_t *choice_schema(schema_builder *b, const ltv_field *field)
{
    json_t *schema = json_object(), *choices = json_array();
    for (size_t i = 0; field->choices[i] != NULL; ++i)
        append(b, choices, json_string(field->choices[i]));
    set(b, schema, "enum", choices);
    return schema;
}

/* One line of any text; without quotes, YAML takes a title such as 2027 for a number. */
static json_t *line_schema(schema_builder *b)
{
    json_t *schema = json_object();
    set(b, schema, "type", json_pack("[s, s]", "string", "number"));
    set(b, schema, "pattern", json_string("^[^\\t\\n\\r]+$"));
    set(b, schema, "maxLength", json_integer(LTV_MAX_TEXT));
    return schema;
}

static json_t *text_schema(schema_builder *b, const char *pattern)
{
    json_t *schema = of_type(b, "string");
    set(b, schema, "pattern", json_string(pattern));
    return schema;
}

static json_t *version_schema(schema_builder *b)
{
    json_t *schema = json_object();
    set(b, schema, "const", json_integer(strtol(LTV_SCENARIO_VERSION, NULL, 10)));
    return schema;
}

static json_t *bare_schema(schema_builder *b, const ltv_field *field)
{
    switch (field->kind) {
    case LTV_FIELD_NUMBER:
        return number_schema(b, field);
    case LTV_FIELD_COUNT:
        return count_schema(b, field);
    case LTV_FIELD_TEXT:
        return line_schema(b);
    case LTV_FIELD_CHOICE:
        return choice_schema(b, field);
    case LTV_FIELD_VERSION:
        return version_schema(b);
    case LTV_FIELD_CURRENCY:
        return text_schema(b, "^[A-Z]{3}$");
    case LTV_FIELD_DATE:
    case LTV_FIELD_BILL_DATE:
        return text_schema(b, "^[1-9][0-9]{3}-(0[1-9]|1[0-2])(-[0-3][0-9])?$");
    case LTV_FIELD_SEASON:
        return list_schema(b, field, 12, 12);
    case LTV_FIELD_SURVIVAL:
        return list_of(b, fixed_schema(b, field, "number"), 2, (int)LTV_MAX_HORIZON + 1);
    case LTV_FIELD_CHURN_LIST:
        return list_schema(b, field, 1, (int)LTV_MAX_HORIZON);
    case LTV_FIELD_CSV:
        return text_schema(b, ".");
    case LTV_FIELD_CSV_PART:
        return field->choices != NULL ? choice_schema(b, field) : text_schema(b, ".");
    case LTV_FIELD_SPIKES:
        return pattern_schema(b, "^[0-9]+$", number_schema(b, field));
    case LTV_FIELD_AMOUNT:
        return with_alternative(b, number_schema(b, field), block_schema(b, field));
    case LTV_FIELD_PLAN:
        return line_schema(b);
    case LTV_FIELD_STARTS:
    case LTV_FIELD_SEGMENT_SHARES:
        return shares_schema(b, field);
    case LTV_FIELD_PHASES:
        return phases_schema(b, field);
    case LTV_FIELD_PLAN_CHANGES:
    case LTV_FIELD_PRICE_CHANGES:
    case LTV_FIELD_UNTIL:
        return blocks_schema(b, field);
    case LTV_FIELD_BLOCK:
    case LTV_FIELD_ORDER_VALUE:
        return block_schema(b, field);
    case LTV_FIELD_SEGMENTS:
    case LTV_FIELD_CHANNELS:
    case LTV_FIELD_INTERVENTIONS:
    case LTV_FIELD_PLANS:
    case LTV_FIELD_ADD_ONS:
        return named_schema(b, field);
    case LTV_FIELD_ARMS:
        return arms_schema(b, field);
    case LTV_FIELD_SET:
        return set_schema(b);
    case LTV_FIELD_NAME:
        return name_schema(b);
    case LTV_FIELD_NAMES:
        return with_alternative(b, name_schema(b), name_list_schema(b, 1, 0));
    case LTV_FIELD_PROGRAMMES:
        return programmes_schema(b);
    case LTV_FIELD_COMPARE:
        return compare_schema(b);
    case LTV_FIELD_CORRELATIONS:
        return correlations_schema(b);
    case LTV_FIELD_RESERVED:
        break;
    }
    return json_false(); /* nothing is allowed */
}

/* Defaults that are values, not whole blocks, help an editor. */
static void set_default(schema_builder *b, json_t *schema, const ltv_field *field)
{
    if (field->fallback == NULL || strchr("{[", field->fallback[0]) != NULL)
        return;
    char *end;
    double number = strtod(field->fallback, &end);
    bool is_number = *end == '\0';
    set(b, schema, "default", is_number ? json_real(number) : json_string(field->fallback));
}

static json_t *field_schema(schema_builder *b, const ltv_field *field)
{
    json_t *schema = bare_schema(b, field);
    set(b, schema, "description", json_string(field->meaning));
    set_default(b, schema, field);
    return schema;
}

char *ltv_scenario_json_schema(void)
{
    schema_builder b = {.definitions = json_object()};
    set(&b, b.definitions, "uncertain_number", uncertain_schema(&b));
    const ltv_block *block = ltv_scenario_fields();
    json_t *schema = json_object();
    set(&b, schema, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
    set(&b, schema, "title", json_string("ltvsim scenario"));
    json_t *root = keys_schema(&b, block);
    b.failed |= json_object_update(schema, root) != 0;
    json_decref(root);
    set(&b, schema, "$defs", b.definitions);
    char *text = b.failed ? NULL : json_dumps(schema, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(schema);
    return text;
}
