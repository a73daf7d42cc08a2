/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_samples.h"

#include <stdlib.h>
#include <string.h>

#include "sim/io/results/hdf5_file.h"
#include "sim/io/scenario/csv_column.h"
#include "sim/io/scenario/read_csv.h"
#include "sim/io/scenario/read_lists.h"
#include "sim/io/scenario/read_numbers.h"
#include "sim/io/scenario/read_words.h"
#include "sim/io/scenario/text_file.h"

enum { MOST_SAMPLES = 10000000 };

typedef enum { FROM_CSV, FROM_RESULTS, WRITTEN_HERE, KINDS } source_kind;

static const struct {
    const char *place, *part; /* the two keys */
} keys[KINDS] = {[FROM_CSV] = {"csv", "column"},
                 [FROM_RESULTS] = {"results", "input"},
                 [WRITTEN_HERE] = {"set", "values"}};

/* Where the samples of one input stand. */
typedef struct {
    source_kind kind;
    const ltv_yaml_node *place; /* name of the file, or of the set */
    ltv_yaml_node *part;        /* name of the column or input, or the list of values */
    const char *path;           /* of the file, beside the scenario */
} source;

static ltv_status require_text(ltv_walk *walk, const ltv_yaml_entry *entry, const char *what)
{
    size_t before = ltv_walk_enter(walk, entry->key);
    ltv_status status = ltv_require_text(walk, entry->value, what);
    ltv_walk_leave(walk, before);
    return status;
}

/* The kind whose two keys the block has; KINDS for none. */
static source_kind kind_of(const ltv_yaml_node *node)
{
    source_kind kind = FROM_CSV;
    while (kind < KINDS && (node->kind != LTV_YAML_MAP || node->n != 2 ||
                            ltv_yaml_find(node, keys[kind].place) == NULL ||
                            ltv_yaml_find(node, keys[kind].part) == NULL))
        kind++;
    return kind;
}

static ltv_status read_source(ltv_walk *walk, const ltv_yaml_node *node, source *from)
{
    from->kind = kind_of(node);
    if (from->kind == KINDS)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "say where the samples are: {csv: FILE, column: NAME} or {results: "
                            "FILE, input: NAME}");
    const ltv_yaml_entry *place = ltv_yaml_find(node, keys[from->kind].place);
    const ltv_yaml_entry *part = ltv_yaml_find(node, keys[from->kind].part);
    ltv_status status = require_text(walk, place, "a name");
    if (status == LTV_OK && from->kind != WRITTEN_HERE)
        status = require_text(walk, part, "a name");
    from->place = place->value;
    from->part = part->value;
    from->path = ltv_beside_scenario(walk, status == LTV_OK ? place->value->text : "");
    return status == LTV_OK && from->path == NULL ? ltv_walk_no_memory(walk) : status;
}

/* --- columns of numbers --- */

/* The samples of one input, and where in the file each stands (NULL for a results file). */
typedef struct {
    size_t n;
    double *values;    /* owned */
    ltv_place *places; /* owned */
} samples;

static ltv_status read_csv_samples(ltv_walk *walk, const source *from, samples *read)
{
    char *text = NULL;
    size_t length = 0;
    ltv_csv_column column = {0};
    ltv_place csv = {.file = from->path};
    ltv_status status =
        ltv_text_file_read(&text, &length, from->path, &from->place->place, walk->path, walk->err);
    if (status == LTV_OK)
        status = ltv_csv_column_read(&column, text, length, &csv, from->part->text,
                                     &from->part->place, walk->path, walk->err);
    free(text);
    *read = (samples){column.n, column.values, column.places};
    return status;
}

/* The column of /draws/parameters that /draws/names gives this name. */
static ltv_status take_parameter(ltv_walk *walk, const source *from, const ltv_document *doc,
                                 samples *read)
{
    const ltv_node *names = ltv_document_find(doc, "/draws/names");
    const ltv_node *parameters = ltv_document_find(doc, "/draws/parameters");
    if (names == NULL || names->kind != LTV_NODE_ARRAY || names->type != LTV_TYPE_STRING ||
        parameters == NULL || parameters->kind != LTV_NODE_ARRAY || parameters->rank != 2 ||
        parameters->type != LTV_TYPE_DOUBLE || parameters->extent[1] != names->extent[0] ||
        parameters->extent[0] == 0)
        return ltv_complain(walk->err, &from->place->place, walk->path,
                            "%s holds no draws of uncertain inputs", from->place->text);
    size_t column = 0, n = names->extent[0];
    while (column < n && strcmp(names->string[column], from->part->text) != 0)
        column++;
    if (column == n)
        return ltv_complain(walk->err, &from->part->place, walk->path,
                            "%s has no uncertain input of the name %s; it has %s%s",
                            from->place->text, from->part->text, n > 0 ? names->string[0] : "none",
                            n > 1 ? " and others" : "");
    read->n = parameters->extent[0];
    read->values = calloc(read->n, sizeof *read->values);
    if (read->values == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t d = 0; d < read->n; d++)
        read->values[d] = parameters->real[d * n + column];
    return LTV_OK;
}

static ltv_status read_results_samples(ltv_walk *walk, const source *from, samples *read)
{
    ltv_document doc = {0};
    ltv_error why = {0};
    ltv_status status = ltv_hdf5_read(&doc, from->path, &why);
    if (status != LTV_OK)
        status = ltv_complain(walk->err, &from->place->place, walk->path, "%s", why.message);
    else
        status = take_parameter(walk, from, &doc, read);
    ltv_document_free(&doc);
    return status;
}

static ltv_status read_written_samples(ltv_walk *walk, const ltv_field *field, const source *from,
                                       samples *read)
{
    ltv_status status = ltv_require_list(walk, from->part, 1, MOST_SAMPLES);
    if (status != LTV_OK)
        return status;
    read->n = from->part->n;
    read->values = calloc(read->n, sizeof *read->values);
    if (read->values == NULL)
        return ltv_walk_no_memory(walk);
    ltv_field value = *field;
    value.is_complement = false; /* the whole number is turned round, not its samples */
    for (size_t i = 0; i < read->n && status == LTV_OK; ++i) {
        ltv_yaml_node *item = from->part->entries[i].value;
        size_t before = ltv_walk_enter_index(walk, i);
        status = item->kind == LTV_YAML_SCALAR
                     ? ltv_parse_number(walk, &value, item, &read->values[i])
                     : ltv_complain(walk->err, &item->place, walk->path,
                                    "a number is due here, not %s", ltv_yaml_kind_text(item));
        ltv_walk_leave(walk, before);
    }
    return status;
}

static ltv_status check_range(ltv_walk *walk, const ltv_field *field, const source *from,
                              const samples *read)
{
    char range[LTV_RANGE_SIZE];
    for (size_t i = 0; i < read->n; i++) {
        if (ltv_number_in_range(field, read->values[i]))
            continue;
        const ltv_place *place = read->places == NULL ? &from->place->place : &read->places[i];
        return ltv_complain(walk->err, place, walk->path,
                            "the sample %.10g is out of range: allowed is %s", read->values[i],
                            ltv_range_text(range, field));
    }
    return LTV_OK;
}

/* --- sets --- */

static ltv_status find_set(ltv_walk *walk, const source *from, const samples *read, size_t *set)
{
    ltv_inputs *inputs = walk->inputs;
    for (*set = 0; *set < inputs->n_sets; ++*set)
        if (strcmp(inputs->sets[*set].name, from->place->text) == 0)
            break;
    if (*set < inputs->n_sets && inputs->sets[*set].n_rows != read->n)
        return ltv_complain(walk->err, &from->part->place, walk->path,
                            "the column has %zu rows, but another one of this file has %zu",
                            read->n, inputs->sets[*set].n_rows);
    if (*set < inputs->n_sets)
        return LTV_OK;
    ltv_sample_set *sets = realloc(inputs->sets, (inputs->n_sets + 1) * sizeof *sets);
    if (sets == NULL)
        return ltv_walk_no_memory(walk);
    inputs->sets = sets;
    sets[inputs->n_sets] = (ltv_sample_set){.name = strdup(from->place->text), .n_rows = read->n};
    return sets[inputs->n_sets++].name != NULL ? LTV_OK : ltv_walk_no_memory(walk);
}

/* Appends the samples to the set as a column. */
static ltv_status add_column(ltv_walk *walk, ltv_sample_set *set, const source *from,
                             const samples *read)
{
    size_t n = set->n_columns + 1;
    char **columns = realloc(set->columns, n * sizeof *columns);
    if (columns == NULL)
        return ltv_walk_no_memory(walk);
    set->columns = columns;
    double *values = realloc(set->values, n * set->n_rows * sizeof *values);
    if (values == NULL)
        return ltv_walk_no_memory(walk);
    set->values = values;
    columns[set->n_columns] = strdup(from->kind == WRITTEN_HERE ? "" : from->part->text);
    if (columns[set->n_columns] == NULL)
        return ltv_walk_no_memory(walk);
    memcpy(values + set->n_columns++ * set->n_rows, read->values, set->n_rows * sizeof *values);
    return LTV_OK;
}

static double mean_of(const samples *read)
{
    double sum = 0;
    for (size_t i = 0; i < read->n; i++)
        sum += read->values[i];
    return sum / (double)read->n;
}

static ltv_status keep(ltv_walk *walk, const source *from, const samples *read, ltv_input *input)
{
    size_t set = 0;
    ltv_status status = find_set(walk, from, read, &set);
    if (status == LTV_OK)
        status = add_column(walk, &walk->inputs->sets[set], from, read);
    if (status != LTV_OK)
        return status;
    input->set = set;
    input->column = walk->inputs->sets[set].n_columns - 1;
    input->mean = mean_of(read);
    return LTV_OK;
}

/* Puts the numbers in the place of the file's name, so that the effective scenario stands for
 * itself. */
static bool write_here(ltv_walk *walk, ltv_yaml_node *node, const source *from, const samples *read)
{
    ltv_yaml_node *set = ltv_yaml_new_scalar(walk->tree, from->place->text, &node->place);
    ltv_yaml_node *list = ltv_yaml_new(walk->tree, LTV_YAML_LIST, &node->place);
    if (set == NULL || list == NULL)
        return false;
    set->is_quoted = true;
    for (size_t i = 0; i < read->n; ++i) {
        char text[LTV_DOUBLE_TEXT_SIZE];
        ltv_yaml_node *item =
            ltv_yaml_new_scalar(walk->tree, ltv_double_text(text, read->values[i]), &node->place);
        if (item == NULL || !ltv_yaml_insert(walk->tree, list, i, "", &node->place, item))
            return false;
    }
    ltv_yaml_remove(node, keys[from->kind].place);
    ltv_yaml_remove(node, keys[from->kind].part);
    return ltv_yaml_insert(walk->tree, node, 0, keys[WRITTEN_HERE].place, &node->place, set) &&
           ltv_yaml_insert(walk->tree, node, 1, keys[WRITTEN_HERE].part, &node->place, list);
}

ltv_status ltv_read_samples(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node,
                            ltv_input *input)
{
    source from = {0};
    samples read = {0};
    size_t before = ltv_walk_enter(walk, "samples");
    ltv_status status = read_source(walk, node, &from);
    if (status == LTV_OK)
        status = from.kind == FROM_CSV       ? read_csv_samples(walk, &from, &read)
                 : from.kind == FROM_RESULTS ? read_results_samples(walk, &from, &read)
                                             : read_written_samples(walk, field, &from, &read);
    if (status == LTV_OK)
        status = check_range(walk, field, &from, &read);
    if (status == LTV_OK)
        status = keep(walk, &from, &read, input);
    if (status == LTV_OK && from.kind != WRITTEN_HERE && !write_here(walk, node, &from, &read))
        status = ltv_walk_no_memory(walk);
    ltv_walk_leave(walk, before);
    free(read.values);
    free(read.places);
    return status;
}
