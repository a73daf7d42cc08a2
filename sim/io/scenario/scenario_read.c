/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/check_use.h"
#include "sim/io/scenario/read_compare.h"
#include "sim/io/scenario/read_interventions.h"
#include "sim/io/scenario/scenario_checks.h"
#include "sim/io/scenario/scenario_paths.h"
#include "sim/io/scenario/scenario_walk.h"
#include "sim/io/scenario/scenario_warnings.h"
#include "sim/io/scenario/text_file.h"
#include "sim/io/scenario/yaml_parse.h"
#include "sim/io/scenario/yaml_write.h"

/* One reading of one scenario. */
typedef struct {
    ltv_yaml_tree tree;
    ltv_yaml_node *root; /* with overrides applied; defaults are filled in by the first walk */
    ltv_scenario_file *file;
    ltv_warning_list warnings;
    const char *name; /* of the file */
    ltv_error *err;
} reading;

static ltv_status no_memory(const reading *r)
{
    return ltv_fail(r->err, LTV_ERR_NO_MEMORY, "no memory to read the scenario %s", r->name);
}

static ltv_status parse(reading *r, const char *text, size_t length)
{
    ltv_place place = {.file = r->name};
    const char *binary = ltv_binary_kind(text, length);
    if (binary != NULL)
        return ltv_complain(r->err, &place, NULL, "this is %s, not a scenario", binary);
    ltv_status status = ltv_yaml_parse(&r->tree, &r->root, &place, text, length, r->err);
    if (status != LTV_OK)
        return status;
    if (r->root == NULL || r->root->is_null)
        return ltv_complain(r->err, &place, NULL,
                            "the file is empty; a scenario begins with ltvsim: 1");
    if (r->root->kind != LTV_YAML_MAP)
        return ltv_complain(r->err, &r->root->place, NULL,
                            "a scenario is a block of keys such as ltvsim: 1, this is %s",
                            ltv_yaml_kind_text(r->root));
    return LTV_OK;
}

/* One line, "path: value", after those before it. A value of several lines becomes one; its own
 * text stands in the effective scenario. */
static void append_override(char *lines, const char *path, const char *value)
{
    static const char blanks[] = " \t\r\n";
    char *end = lines + strlen(lines);
    end = stpcpy(stpcpy(stpcpy(end, end > lines ? "\n" : ""), path), ": ");
    for (value += strspn(value, blanks); value[strspn(value, blanks)] != '\0'; ++value)
        *end++ = strchr(blanks, *value) == NULL ? *value : ' ';
    *end = '\0';
}

static bool start_overrides(ltv_scenario_file *file, size_t n, const char *const *overrides)
{
    size_t size = 1;
    for (size_t i = 0; i < n; ++i)
        size += strlen(overrides[i]) + sizeof ": \n";
    file->overrides = calloc(size, 1);
    return file->overrides != NULL;
}

/* "PATH=VALUE"; the value is YAML, as it would stand in the file. */
static ltv_status apply_override(reading *r, const char *override)
{
    size_t size = strlen(override) + sizeof "--set ";
    char *label = ltv_arena_alloc(&r->tree.arena, size);
    const char *equals = strchr(override, '=');
    const char *begin = override + strspn(override, " ");
    size_t length = equals == NULL ? 0 : (size_t)(equals - begin);
    while (length > 0 && begin[length - 1] == ' ')
        --length;
    char *path = ltv_arena_text(&r->tree.arena, begin, length);
    if (label == NULL || path == NULL)
        return no_memory(r);
    snprintf(label, size, "--set %s", override);
    ltv_place place = {.file = r->name, .override = label, .line = 1, .column = 1};
    ltv_yaml_node *value = NULL;
    if (equals == NULL)
        return ltv_complain(r->err, &place, NULL,
                            "'=' is missing; write PATH=VALUE, such as revenue.price=1200");
    ltv_status status = ltv_path_check(path, false, &place, "", r->err);
    if (status == LTV_OK)
        status = ltv_yaml_parse(&r->tree, &value, &place, equals + 1, strlen(equals + 1), r->err);
    if (status != LTV_OK)
        return status;
    if (value == NULL || value->is_null)
        return ltv_complain(r->err, &place, path, "has no value");
    append_override(r->file->overrides, path, equals + 1);
    return ltv_path_set(&r->tree, &r->root, path, value, &place, "", r->err);
}

/* ---- arms -------------------------------------------------------------------------------- */

static ltv_status walk_base(reading *r)
{
    ltv_arm base = {0};
    ltv_walk walk = {.tree = &r->tree,
                     .root = r->root,
                     .file = r->name,
                     .scenario = &r->file->scenario,
                     .arm = &base,
                     .warnings = &r->warnings,
                     .err = r->err};
    ltv_status status = ltv_walk_scenario(&walk);
    if (status == LTV_OK)
        status = ltv_check_scenario(&walk);
    if (status == LTV_OK)
        status = ltv_check_arm(&walk);
    ltv_arm_free(&base);
    return status;
}

static bool is_value_of(const ltv_yaml_node *set, const ltv_yaml_node *node)
{
    for (size_t i = 0; i < set->n; ++i)
        if (set->entries[i].value == node)
            return true;
    return false;
}

/* A default may come out otherwise in an arm (a shorter table pools fewer periods). Since the
 * effective scenario states the base's default, it must state the arm's too: adds it to the
 * arm's `set`. */
static bool add_differing_defaults(ltv_yaml_tree *tree, ltv_yaml_node *set,
                                   const ltv_yaml_node *arm, const ltv_yaml_node *base,
                                   const char *prefix)
{
    for (size_t i = 0; i < arm->n; ++i) {
        const ltv_yaml_entry *mine = &arm->entries[i];
        const ltv_yaml_entry *theirs = ltv_yaml_find(base, mine->key);
        if (theirs == NULL || theirs->value == mine->value || is_value_of(set, mine->value))
            continue;
        char path[LTV_PATH_SIZE];
        snprintf(path, sizeof path, "%s%s", prefix, mine->key);
        bool ok = true;
        if (mine->value->kind == LTV_YAML_MAP && theirs->value->kind == LTV_YAML_MAP) {
            snprintf(path, sizeof path, "%s%s.", prefix, mine->key);
            ok = add_differing_defaults(tree, set, mine->value, theirs->value, path);
        } else if (mine->value->assumed && mine->value->kind == LTV_YAML_SCALAR &&
                   strcmp(mine->value->text, theirs->value->text) != 0) {
            const char *key = ltv_arena_text(&tree->arena, path, strlen(path));
            ok = key != NULL && ltv_yaml_insert(tree, set, set->n, key, &set->place, mine->value);
        }
        if (!ok)
            return false;
    }
    return true;
}

static bool is_of_interventions(const char *path)
{
    size_t length;
    return strcmp(path, "interventions") == 0 || ltv_programme_in_path(path, &length) != NULL;
}

/* Do two arms override the same things in the same order? What they change about programmes does
 * not count. NULL stands for no `set`. */
static bool same_overrides(const ltv_yaml_node *a, const ltv_yaml_node *b)
{
    size_t i = 0, j = 0, n = a != NULL ? a->n : 0, m = b != NULL ? b->n : 0;
    for (;; ++i, ++j) {
        while (i < n && is_of_interventions(a->entries[i].key))
            ++i;
        while (j < m && is_of_interventions(b->entries[j].key))
            ++j;
        if (i == n || j == m)
            return i == n && j == m;
        if (strcmp(a->entries[i].key, b->entries[j].key) != 0 ||
            !ltv_yaml_same(a->entries[i].value, b->entries[j].value))
            return false;
    }
}

static const ltv_yaml_node *set_of(const ltv_yaml_entry *arm)
{
    const ltv_yaml_entry *set = ltv_yaml_find(arm->value, "set");
    return set != NULL ? set->value : NULL;
}

/* Numbers arms by what they override, before reading fills in defaults. */
static void number_overrides(ltv_scenario *scenario, const ltv_yaml_node *arms)
{
    for (size_t i = 0; i < arms->n; ++i) {
        uint32_t *number = &scenario->arms[i].overrides;
        *number = same_overrides(set_of(&arms->entries[i]), NULL) ? 0 : (uint32_t)i + 1;
        for (size_t j = 0; *number != 0 && j < i; ++j)
            if (same_overrides(set_of(&arms->entries[i]), set_of(&arms->entries[j]))) {
                *number = scenario->arms[j].overrides;
                break;
            }
    }
}

static ltv_status read_arm(reading *r, const ltv_yaml_entry *entry, ltv_arm *arm)
{
    const ltv_yaml_entry *set = ltv_yaml_find(entry->value, "set");
    ltv_yaml_node *root = r->root;
    ltv_status status = LTV_OK;
    ltv_walk walk = {.tree = &r->tree,
                     .file = r->name,
                     .scenario = &r->file->scenario,
                     .arm = arm,
                     .warnings = &r->warnings,
                     .by_arm = true,
                     .err = r->err};
    snprintf(arm->name, sizeof arm->name, "%s", entry->key);
    snprintf(walk.path, sizeof walk.path, "arms.%s: ", entry->key);
    for (size_t i = 0; set != NULL && i < set->value->n && status == LTV_OK; ++i) {
        const ltv_yaml_entry *change = &set->value->entries[i];
        status = ltv_path_set(&r->tree, &root, change->key, change->value, &change->key_place,
                              walk.path, r->err);
    }
    walk.root = root;
    if (status == LTV_OK)
        status = ltv_walk_scenario(&walk);
    if (status == LTV_OK)
        status = ltv_choose_interventions(&walk, entry->value);
    if (status == LTV_OK)
        status = ltv_check_arm(&walk);
    if (status == LTV_OK && set != NULL &&
        !add_differing_defaults(&r->tree, set->value, root, r->root, ""))
        status = no_memory(r);
    return status;
}

static ltv_status read_arms(reading *r)
{
    ltv_scenario *scenario = &r->file->scenario;
    const ltv_yaml_node *arms = ltv_yaml_find(r->root, "arms")->value;
    ltv_status status = LTV_OK;
    scenario->arms = calloc(arms->n, sizeof *scenario->arms);
    if (scenario->arms == NULL)
        return no_memory(r);
    scenario->n_arms = arms->n;
    number_overrides(scenario, arms);
    for (size_t i = 0; i < arms->n && status == LTV_OK; ++i)
        status = read_arm(r, &arms->entries[i], &scenario->arms[i]);
    ltv_walk base = {.root = r->root, .err = r->err};
    if (status == LTV_OK)
        status = ltv_check_use(&base, scenario->n_arms, scenario->arms);
    if (status == LTV_OK && !ltv_compare_with_baseline(scenario))
        status = no_memory(r);
    return status;
}

/* ---- the whole --------------------------------------------------------------------------- */

static ltv_status write_effective(reading *r)
{
    ltv_scenario_file *file = r->file;
    file->effective = ltv_yaml_write(r->root);
    if (file->effective == NULL || !ltv_yaml_assumed(r->root, &file->n_assumed, &file->assumed) ||
        ltv_scenario_warnings(&r->warnings, r->root, &file->scenario) != LTV_OK)
        return no_memory(r);
    file->n_warnings = r->warnings.n;
    file->warnings = r->warnings.lines;
    r->warnings = (ltv_warning_list){0};
    return LTV_OK;
}

/* Reads file->source. */
static ltv_status read_source(ltv_scenario_file *file, const char *name, size_t length,
                              size_t n_overrides, const char *const *overrides, ltv_error *err)
{
    reading r = {.file = file, .name = name, .err = err};
    ltv_status status = start_overrides(file, n_overrides, overrides)
                            ? parse(&r, file->source, length)
                            : no_memory(&r);
    for (size_t i = 0; i < n_overrides && status == LTV_OK; ++i)
        status = apply_override(&r, overrides[i]);
    if (status == LTV_OK)
        status = walk_base(&r);
    if (status == LTV_OK)
        status = read_arms(&r);
    if (status == LTV_OK)
        status = write_effective(&r);
    ltv_yaml_tree_free(&r.tree);
    ltv_warning_list_free(&r.warnings);
    if (status != LTV_OK)
        ltv_scenario_file_free(file);
    return status;
}

ltv_status ltv_scenario_read_text(ltv_scenario_file *file, const char *name, const char *text,
                                  size_t length, size_t n_overrides, const char *const *overrides,
                                  ltv_error *err)
{
    *file = (ltv_scenario_file){0};
    file->source = malloc(length + 1);
    if (file->source == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to read the scenario %s", name);
    if (length > 0)
        memcpy(file->source, text, length);
    file->source[length] = '\0';
    return read_source(file, name, length, n_overrides, overrides, err);
}

ltv_status ltv_scenario_read(ltv_scenario_file *file, const char *path, size_t n_overrides,
                             const char *const *overrides, ltv_error *err)
{
    *file = (ltv_scenario_file){0};
    size_t length = 0;
    ltv_place place = {.file = path};
    ltv_status status = ltv_text_file_read(&file->source, &length, path, &place, NULL, err);
    if (status != LTV_OK)
        return status;
    return read_source(file, path, length, n_overrides, overrides, err);
}

static void free_lines(size_t n, char **lines)
{
    for (size_t i = 0; i < n; ++i)
        free(lines[i]);
    free(lines);
}

void ltv_scenario_file_free(ltv_scenario_file *file)
{
    ltv_scenario_free(&file->scenario);
    free(file->source);
    free(file->effective);
    free(file->overrides);
    free_lines(file->n_assumed, file->assumed);
    free_lines(file->n_warnings, file->warnings);
    *file = (ltv_scenario_file){0};
}
