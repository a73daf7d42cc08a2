/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/check_use.h"
#include "sim/io/scenario/read_compare.h"
#include "sim/io/scenario/read_interventions.h"
#include "sim/io/scenario/read_uncertain.h"
#include "sim/io/scenario/read_until.h"
#include "sim/io/scenario/scenario_checks.h"
#include "sim/io/scenario/scenario_paths.h"
#include "sim/io/scenario/scenario_walk.h"
#include "sim/io/scenario/scenario_warnings.h"
#include "sim/io/scenario/text_file.h"
#include "sim/io/scenario/yaml_parse.h"
#include "sim/io/scenario/yaml_write.h"

/* One reading of one scenario. After the first time, what the trees say can be read again with
 * other values of the uncertain inputs. */
typedef struct {
    ltv_yaml_tree tree;
    ltv_yaml_node *root;    /* with overrides applied; defaults are filled in by the first walk */
    ltv_yaml_node **arms;   /* in the arena: the root of each arm, with what it sets */
    ltv_scenario *scenario; /* what is being read */
    ltv_inputs *inputs;     /* the uncertain ones, found by the first walk */
    const double *drawn;    /* values of them in the draw to read; NULL: their means */
    ltv_scenario_file *file;
    ltv_warning_list warnings;
    const char *name; /* of the file */
    ltv_error *err;
} reading;

static ltv_walk walk_of(reading *r, ltv_yaml_node *root, ltv_arm *arm)
{
    return (ltv_walk){.tree = &r->tree,
                      .root = root,
                      .file = r->name,
                      .scenario = r->scenario,
                      .arm = arm,
                      .inputs = r->inputs,
                      .drawn = r->drawn,
                      .warnings = &r->warnings,
                      .err = r->err};
}

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
    ltv_walk walk = walk_of(r, r->root, &base);
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
                   theirs->value->kind == LTV_YAML_SCALAR &&
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

/* What an earlier arm sets at the same path, if it says the same; else the value itself. A number
 * that is uncertain there is the same unknown number in both arms, not one of each. */
static ltv_yaml_node *value_in_common(const ltv_yaml_node *arms, const ltv_yaml_entry *arm,
                                      const ltv_yaml_entry *change)
{
    for (const ltv_yaml_entry *earlier = arms->entries; earlier < arm; ++earlier) {
        const ltv_yaml_entry *set = ltv_yaml_find(earlier->value, "set");
        const ltv_yaml_entry *same = set == NULL ? NULL : ltv_yaml_find(set->value, change->key);
        if (same != NULL && ltv_yaml_same(same->value, change->value))
            return same->value;
    }
    return change->value;
}

/* The base's tree with what the arm sets. */
static ltv_status apply_set(reading *r, const ltv_yaml_node *arms, const ltv_yaml_entry *entry,
                            ltv_yaml_node **root)
{
    const ltv_yaml_entry *set = ltv_yaml_find(entry->value, "set");
    char prefix[LTV_PATH_SIZE];
    ltv_status status = LTV_OK;
    *root = r->root;
    snprintf(prefix, sizeof prefix, "arms.%s: ", entry->key);
    for (size_t i = 0; set != NULL && i < set->value->n && status == LTV_OK; ++i) {
        ltv_yaml_entry *change = &set->value->entries[i];
        change->value = value_in_common(arms, entry, change);
        status = ltv_path_set(&r->tree, root, change->key, change->value, &change->key_place,
                              prefix, r->err);
    }
    return status;
}

static ltv_status apply_sets(reading *r, const ltv_yaml_node *arms)
{
    ltv_status status = LTV_OK;
    r->arms = ltv_arena_alloc(&r->tree.arena, arms->n * sizeof *r->arms);
    if (r->arms == NULL)
        return no_memory(r);
    for (size_t i = 0; i < arms->n && status == LTV_OK; ++i)
        status = apply_set(r, arms, &arms->entries[i], &r->arms[i]);
    return status;
}

static ltv_status read_arm(reading *r, const ltv_yaml_entry *entry, size_t index)
{
    const ltv_yaml_entry *set = ltv_yaml_find(entry->value, "set");
    ltv_arm *arm = &r->scenario->arms[index];
    ltv_walk walk = walk_of(r, r->arms[index], arm);
    walk.by_arm = true;
    snprintf(arm->name, sizeof arm->name, "%s", entry->key);
    snprintf(walk.path, sizeof walk.path, "arms.%s: ", entry->key);
    ltv_status status = ltv_walk_scenario(&walk);
    if (status == LTV_OK)
        status = ltv_choose_interventions(&walk, entry->value);
    if (status == LTV_OK)
        status = ltv_check_arm(&walk);
    if (status == LTV_OK && set != NULL &&
        !add_differing_defaults(&r->tree, set->value, r->arms[index], r->root, ""))
        status = no_memory(r);
    return status;
}

/* All arms, from the trees that apply_sets has made. */
static ltv_status read_arms(reading *r)
{
    ltv_scenario *scenario = r->scenario;
    const ltv_yaml_node *arms = ltv_yaml_find(r->root, "arms")->value;
    ltv_status status = LTV_OK;
    scenario->arms = calloc(arms->n, sizeof *scenario->arms);
    if (scenario->arms == NULL)
        return no_memory(r);
    scenario->n_arms = arms->n;
    number_overrides(scenario, arms);
    for (size_t i = 0; i < arms->n && status == LTV_OK; ++i)
        status = read_arm(r, &arms->entries[i], i);
    ltv_walk base = {.root = r->root, .err = r->err};
    if (status == LTV_OK && r->drawn == NULL) /* in some draw nobody may use a part */
        status = ltv_check_use(&base, scenario->n_arms, scenario->arms);
    if (status == LTV_OK && !ltv_compare_with_baseline(scenario))
        status = no_memory(r);
    return status;
}

/* ---- how to simulate --------------------------------------------------------------------- */

enum { DEFAULT_DRAWS = 1024, DEFAULT_CUSTOMERS = 100000 };

/* States a default that depends on whether an input is uncertain. */
static bool assume(reading *r, const char *key, const char *text)
{
    ltv_yaml_node *experiment = ltv_yaml_find(r->root, "experiment")->value;
    ltv_yaml_entry *entry = ltv_yaml_find(experiment, key);
    ltv_place place = experiment->place;
    ltv_yaml_node *value = ltv_yaml_new_scalar(&r->tree, text, &place);
    if (value == NULL)
        return false;
    value->assumed = true;
    if (entry == NULL)
        return ltv_yaml_insert(&r->tree, experiment, experiment->n, key, &place, value);
    entry->value = value;
    return true;
}

static bool is_written(const reading *r, const char *key)
{
    const ltv_yaml_node *experiment = ltv_yaml_find(r->root, "experiment")->value;
    const ltv_yaml_entry *entry = ltv_yaml_find(experiment, key);
    return entry != NULL && !entry->value->assumed;
}

static ltv_status settle_draws(reading *r)
{
    ltv_scenario *scenario = r->scenario;
    char draws[16];
    bool ok = true;
    if (!is_written(r, "customers")) {
        scenario->customers = LTV_CUSTOMERS_AUTO;
        ok = assume(r, "customers", "auto");
    }
    if (!is_written(r, "sampling")) {
        scenario->sampling = LTV_SAMPLING_SOBOL;
        ok = ok && assume(r, "sampling", ltv_sampling_name(scenario->sampling));
    }
    if (!is_written(r, "draws")) {
        scenario->draws = DEFAULT_DRAWS;
        snprintf(draws, sizeof draws, "%d", DEFAULT_DRAWS);
        ok = ok && assume(r, "draws", draws);
    }
    uint32_t wanted = scenario->draws;
    scenario->draws = ltv_sampling_draws(scenario->sampling, wanted);
    if (ok && scenario->draws != wanted)
        ok = ltv_warn(&r->warnings,
                      "experiment.draws: %u were asked for and %u are made, as %s needs", wanted,
                      scenario->draws, ltv_sampling_name(scenario->sampling)) == LTV_OK;
    return ok ? LTV_OK : no_memory(r);
}

/* Without anything uncertain there is a single draw, whatever is said about draws. */
static ltv_status settle_single_draw(reading *r)
{
    ltv_status status = LTV_OK;
    if (is_written(r, "draws"))
        status = ltv_warn(&r->warnings, "experiment.draws: has no effect, since no number in the "
                                        "scenario is uncertain");
    r->scenario->draws = 1;
    if (r->scenario->customers == LTV_CUSTOMERS_AUTO)
        r->scenario->customers = DEFAULT_CUSTOMERS;
    return status == LTV_OK ? LTV_OK : no_memory(r);
}

static ltv_status settle_experiment(reading *r)
{
    return r->inputs->n > 0 ? settle_draws(r) : settle_single_draw(r);
}

/* Reads what the trees say into r->scenario. */
static ltv_status read_scenario(reading *r)
{
    ltv_status status = walk_base(r);
    if (status == LTV_OK && r->arms == NULL)
        status = apply_sets(r, ltv_yaml_find(r->root, "arms")->value);
    if (status == LTV_OK)
        status = read_arms(r);
    if (status == LTV_OK && r->drawn == NULL)
        status = settle_experiment(r);
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

/* Reads file->source for the first time. */
static ltv_status read_source(reading *r, size_t length, size_t n_overrides,
                              const char *const *overrides)
{
    ltv_status status = start_overrides(r->file, n_overrides, overrides)
                            ? parse(r, r->file->source, length)
                            : no_memory(r);
    r->scenario = &r->file->scenario;
    r->inputs = &r->file->scenario.inputs;
    for (size_t i = 0; i < n_overrides && status == LTV_OK; ++i)
        status = apply_override(r, overrides[i]);
    if (status == LTV_OK)
        status = read_scenario(r);
    ltv_walk walk = walk_of(r, r->root, NULL);
    if (status == LTV_OK)
        status = ltv_resolve_correlations(&walk);
    return status;
}

static void reading_free(reading *r)
{
    ltv_yaml_tree_free(&r->tree);
    ltv_warning_list_free(&r->warnings);
}

/* ---- worlds ------------------------------------------------------------------------------ */

/* What a scenario with uncertain inputs is read from, again and again. */
typedef struct {
    ltv_worlds how;
    char *name, *source; /* owned */
    size_t length, n_overrides;
    char **overrides; /* owned */
} file_worlds;

/* One thread's own: a tree is written into while it is read. */
typedef struct {
    ltv_scenario_file file;
    reading r;
    ltv_error err; /* of the reading: its messages are found in trees that outlive a call */
} world_reader;

static void close_reader(void *reader)
{
    world_reader *self = reader;
    if (self == NULL)
        return;
    reading_free(&self->r);
    ltv_scenario_file_free(&self->file);
    free(self);
}

static ltv_status open_reader(const ltv_worlds *worlds, void **reader, ltv_error *err)
{
    const file_worlds *from = (const file_worlds *)(const void *)worlds;
    world_reader *self = calloc(1, sizeof *self);
    *reader = self;
    if (self == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to read the scenario %s", from->name);
    self->r = (reading){.file = &self->file, .name = from->name, .err = err};
    self->file.source = strdup(from->source);
    ltv_status status = self->file.source == NULL
                            ? no_memory(&self->r)
                            : read_source(&self->r, from->length, from->n_overrides,
                                          (const char *const *)from->overrides);
    self->r.err = &self->err;
    return status;
}

static ltv_status read_world(void *reader, const double *values, ltv_scenario *world,
                             ltv_error *err)
{
    reading *r = &((world_reader *)reader)->r;
    *world = (ltv_scenario){0};
    *r->err = (ltv_error){0};
    r->scenario = world;
    r->drawn = values;
    ltv_status status = read_scenario(r);
    return status == LTV_OK ? LTV_OK : ltv_fail(err, status, "%s", r->err->message);
}

static void worlds_free(const ltv_worlds *worlds)
{
    file_worlds *self = (file_worlds *)(void *)(uintptr_t)worlds;
    if (self == NULL)
        return;
    for (size_t i = 0; self->overrides != NULL && i < self->n_overrides; ++i)
        free(self->overrides[i]);
    free(self->overrides);
    free(self->name);
    free(self->source);
    free(self);
}

/* Keeps what the file was read from, where its inputs are uncertain. */
static ltv_status keep_worlds(reading *r, size_t length, size_t n_overrides,
                              const char *const *overrides)
{
    if (r->inputs->n == 0)
        return LTV_OK;
    file_worlds *self = calloc(1, sizeof *self);
    if (self == NULL)
        return no_memory(r);
    r->file->scenario.worlds = &self->how;
    *self = (file_worlds){.how = {open_reader, read_world, close_reader},
                          .name = strdup(r->name),
                          .source = strdup(r->file->source),
                          .length = length,
                          .n_overrides = n_overrides,
                          .overrides = calloc(n_overrides + 1, sizeof *self->overrides)};
    bool ok = self->name != NULL && self->source != NULL && self->overrides != NULL;
    for (size_t i = 0; ok && i < n_overrides; ++i)
        ok = (self->overrides[i] = strdup(overrides[i])) != NULL;
    return ok ? LTV_OK : no_memory(r);
}

/* Reads file->source and finishes the file. */
static ltv_status read_file(ltv_scenario_file *file, const char *name, size_t length,
                            size_t n_overrides, const char *const *overrides, ltv_error *err)
{
    reading r = {.file = file, .name = name, .err = err};
    ltv_status status = read_source(&r, length, n_overrides, overrides);
    ltv_walk walk = walk_of(&r, r.root, NULL);
    if (status == LTV_OK)
        status = ltv_check_until(&walk);
    if (status == LTV_OK)
        status = keep_worlds(&r, length, n_overrides, overrides);
    if (status == LTV_OK)
        status = write_effective(&r);
    reading_free(&r);
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
    return read_file(file, name, length, n_overrides, overrides, err);
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
    return read_file(file, path, length, n_overrides, overrides, err);
}

static void free_lines(size_t n, char **lines)
{
    for (size_t i = 0; i < n; ++i)
        free(lines[i]);
    free(lines);
}

void ltv_scenario_file_free(ltv_scenario_file *file)
{
    worlds_free(file->scenario.worlds);
    ltv_scenario_free(&file->scenario);
    free(file->source);
    free(file->effective);
    free(file->overrides);
    free_lines(file->n_assumed, file->assumed);
    free_lines(file->n_warnings, file->warnings);
    *file = (ltv_scenario_file){0};
}
