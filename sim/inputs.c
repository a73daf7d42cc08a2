/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/address.h"

size_t ltv_inputs_find(const ltv_inputs *inputs, const char *name)
{
    size_t i = 0;
    while (i < inputs->n && strcmp(inputs->items[i].name, name) != 0)
        i++;
    return i;
}

/* The first input that is read from the same set; itself where it is in none. */
static size_t first_of_set(const ltv_inputs *inputs, size_t input)
{
    size_t set = inputs->items[input].set, first = 0;
    if (set == LTV_NO_SET)
        return input;
    while (inputs->items[first].set != set)
        first++;
    return first;
}

size_t ltv_inputs_dimensions(const ltv_inputs *inputs)
{
    size_t n = 0;
    for (size_t i = 0; i < inputs->n; i++)
        n += first_of_set(inputs, i) == i;
    return n;
}

void ltv_inputs_dimension_of(const ltv_inputs *inputs, size_t *dimensions)
{
    size_t n = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        size_t first = first_of_set(inputs, i);
        dimensions[i] = first == i ? n++ : dimensions[first];
    }
}

/* --- from uniform numbers to values --- */

/* What a draw goes through, for all inputs. */
typedef struct {
    const ltv_inputs *inputs;
    size_t n_dimensions;
    size_t *dimensions; /* owned, [n] */
    ltv_copula copula;  /* over all inputs; those in sets are in no pair */
    ltv_uniform *ranks; /* owned, [n] */
} mapping;

static ltv_status refuse_correlations(const ltv_inputs *inputs, const ltv_copula_conflict *conflict,
                                      ltv_error *err)
{
    char text[900] = "";
    size_t used = 0;
    for (size_t k = 0; k < conflict->n_pairs && used < sizeof text; k++) {
        const ltv_correlation *pair = &inputs->correlations[conflict->pairs[k]];
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "%s[%.80s, %.80s, %.10g] (nearest that is possible: %.3f)",
                                 k > 0 ? ", " : "", inputs->items[pair->first].name,
                                 inputs->items[pair->second].name, pair->spearman,
                                 conflict->nearest[conflict->pairs[k]]);
    }
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "these cannot hold together: %s", text);
}

static ltv_status mapping_init(mapping *self, const ltv_inputs *inputs, ltv_error *err)
{
    ltv_copula_conflict conflict = {0};
    ltv_error why = {0};
    *self = (mapping){.inputs = inputs,
                      .n_dimensions = ltv_inputs_dimensions(inputs),
                      .dimensions = calloc(inputs->n + 1, sizeof *self->dimensions),
                      .ranks = calloc(2 * inputs->n + 1, sizeof *self->ranks)};
    if (self->dimensions == NULL || self->ranks == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %zu uncertain inputs", inputs->n);
    ltv_inputs_dimension_of(inputs, self->dimensions);
    ltv_status status = ltv_copula_init(&self->copula, inputs->n, inputs->n_correlations,
                                        inputs->correlations, &conflict, &why);
    if (status == LTV_ERR_BAD_INPUT && conflict.n_pairs > 0)
        status = refuse_correlations(inputs, &conflict, err);
    else if (status != LTV_OK)
        status = ltv_fail(err, status, "%s", why.message);
    ltv_copula_conflict_free(&conflict);
    return status;
}

static void mapping_free(mapping *self)
{
    free(self->dimensions);
    free(self->ranks);
    ltv_copula_free(&self->copula);
}

static double row_of_set(const ltv_sample_set *set, size_t column, ltv_uniform rank)
{
    size_t row = (size_t)(rank.below * (double)set->n_rows);
    row = row < set->n_rows ? row : set->n_rows - 1;
    return set->values[column * set->n_rows + row];
}

static void map_point(const mapping *self, const ltv_uniform *point, double *values)
{
    const ltv_inputs *inputs = self->inputs;
    ltv_uniform *independent = self->ranks + inputs->n, *ranks = self->ranks;
    for (size_t i = 0; i < inputs->n; i++)
        independent[i] = point[self->dimensions[i]];
    ltv_copula_apply(&self->copula, independent, ranks);
    for (size_t i = 0; i < inputs->n; i++) {
        const ltv_input *input = &inputs->items[i];
        values[i] = input->set != LTV_NO_SET
                        ? row_of_set(&inputs->sets[input->set], input->column, independent[i])
                        : ltv_uncertain_quantile(&input->number, ranks[i]);
    }
}

ltv_status ltv_inputs_at(double *values, const ltv_inputs *inputs, const ltv_uniform *points,
                         size_t n_points, ltv_error *err)
{
    mapping map;
    ltv_status status = mapping_init(&map, inputs, err);
    for (size_t p = 0; status == LTV_OK && p < n_points; p++)
        map_point(&map, points + p * map.n_dimensions, values + p * inputs->n);
    mapping_free(&map);
    return status;
}

/* --- draws --- */

/* A dimension goes by the name of its input, or of its set. */
static void name_dimensions(const ltv_inputs *inputs, uint32_t *names)
{
    size_t n = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        const ltv_input *input = &inputs->items[i];
        if (first_of_set(inputs, i) == i)
            names[n++] = ltv_address_name(input->set == LTV_NO_SET ? input->name
                                                                   : inputs->sets[input->set].name);
    }
}

ltv_status ltv_inputs_draw(double *values, const ltv_inputs *inputs, ltv_sampling_kind sampling,
                           uint64_t seed, uint32_t n_draws, ltv_error *err)
{
    size_t n_dimensions = ltv_inputs_dimensions(inputs);
    uint32_t *names = calloc(n_dimensions + 1, sizeof *names);
    ltv_uniform *points = calloc((size_t)n_draws * n_dimensions + 1, sizeof *points);
    ltv_status status = LTV_OK;
    if (names == NULL || points == NULL) {
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %u draws", n_draws);
    } else {
        name_dimensions(inputs, names);
        ltv_sampling how = {.kind = sampling,
                            .seed = seed,
                            .n_draws = n_draws,
                            .n_inputs = n_dimensions,
                            .names = names};
        status = ltv_sampling_fill(points, &how, err);
    }
    if (status == LTV_OK)
        status = ltv_inputs_at(values, inputs, points, n_draws, err);
    free(names);
    free(points);
    return status;
}

void ltv_inputs_free(ltv_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        free(inputs->items[i].name);
    for (size_t s = 0; s < inputs->n_sets; s++) {
        ltv_sample_set *set = &inputs->sets[s];
        for (size_t c = 0; c < set->n_columns; c++)
            free(set->columns[c]);
        free(set->columns);
        free(set->values);
        free(set->name);
    }
    free(inputs->items);
    free(inputs->sets);
    free(inputs->correlations);
    *inputs = (ltv_inputs){0};
}
