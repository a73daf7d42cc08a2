/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "include/ltvsim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gsl/gsl_errno.h>

#include "sim/io/results/document.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/results/provenance.h"
#include "sim/io/results/results_build.h"
#include "sim/io/scenario/scenario_read.h"
#include "sim/simulate.h"

/* An array of whole numbers as ltvsim_array gives it. */
typedef struct {
    const ltv_node *node; /* borrowed */
    double *values;       /* owned */
} converted_array;

struct ltvsim {
    ltv_scenario_file file;
    bool has_run;
    ltv_document results; /* empty until has_run */
    size_t n_converted;
    converted_array *converted; /* owned */
};

static int report(const ltv_error *err, char *error, size_t error_size)
{
    if (error != NULL && error_size > 0)
        snprintf(error, error_size, "%s", err->message);
    return (int)err->code;
}

const char *ltvsim_version(void)
{
    return LTV_VERSION;
}

int ltvsim_open(ltvsim **sim, const char *path, size_t n_overrides, const char *const *overrides,
                char *error, size_t error_size)
{
    ltv_error err = {0};
    gsl_set_error_handler_off();
    *sim = calloc(1, sizeof **sim);
    ltv_status status = *sim == NULL
                            ? ltv_fail(&err, LTV_ERR_NO_MEMORY, "out of memory")
                            : ltv_scenario_read(&(*sim)->file, path, n_overrides, overrides, &err);
    if (status != LTV_OK) {
        ltvsim_free(*sim);
        *sim = NULL;
    }
    return report(&err, error, error_size);
}

static void clear_results(ltvsim *sim)
{
    for (size_t i = 0; i < sim->n_converted; i++)
        free(sim->converted[i].values);
    free(sim->converted);
    sim->converted = NULL;
    sim->n_converted = 0;
    ltv_document_free(&sim->results);
    sim->has_run = false;
}

static double *as_reals(const ltv_node *node)
{
    size_t n = node->extent[0] * node->extent[1];
    double *values = calloc(n + 1, sizeof *values);
    for (size_t i = 0; values != NULL && i < n; i++)
        values[i] = (double)node->int64[i];
    return values;
}

static ltv_status convert_arrays(ltvsim *sim, ltv_error *err)
{
    sim->converted = calloc(sim->results.n + 1, sizeof *sim->converted);
    bool ok = sim->converted != NULL;
    for (size_t i = 0; ok && i < sim->results.n; i++) {
        const ltv_node *node = &sim->results.nodes[i];
        if (node->kind != LTV_NODE_ARRAY || node->type != LTV_TYPE_INT64)
            continue;
        double *values = as_reals(node);
        ok = values != NULL;
        if (ok)
            sim->converted[sim->n_converted++] = (converted_array){node, values};
    }
    return ok ? LTV_OK : ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static ltv_status run(ltvsim *sim, int threads, ltv_error *err)
{
    ltv_estimate estimate = {0};
    ltv_provenance provenance;
    struct timespec start;
    ltv_simulate_options options = {.threads = threads};
    clear_results(sim);
    ltv_provenance_init(&provenance);
    clock_gettime(CLOCK_MONOTONIC, &start);
    ltv_status status = ltv_simulate(&estimate, &sim->file.scenario, &options, err);
    provenance.wall_seconds = seconds_since(&start);
    provenance.threads = estimate.threads;
    if (status == LTV_OK)
        status = ltv_results_build(&sim->results, &estimate, &sim->file, &provenance, err);
    if (status == LTV_OK)
        status = convert_arrays(sim, err);
    ltv_estimate_free(&estimate);
    if (status != LTV_OK)
        clear_results(sim);
    sim->has_run = status == LTV_OK;
    return status;
}

int ltvsim_run(ltvsim *sim, int threads, char *error, size_t error_size)
{
    ltv_error err = {0};
    if (threads < 0)
        ltv_fail(&err, LTV_ERR_BAD_INPUT, "%d threads: 0 means one per processor", threads);
    else if (run(sim, threads, &err) != LTV_OK)
        ltv_fail(&err, LTV_ERR_BUG, "the run failed without a reason");
    return report(&err, error, error_size);
}

/* The first column of text, by which rows are named; NULL when there is none. */
static const char *key_column(const ltv_node *table)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (table->columns[c].type == LTV_TYPE_STRING)
            return table->columns[c].name;
    return NULL;
}

/* "/table/path:row name:column", split at its last two colons: names of arms may hold more. */
static double table_value(const ltv_document *doc, char *place)
{
    char *column = strrchr(place, ':');
    if (column == NULL)
        return NAN;
    *column++ = '\0';
    char *row = strrchr(place, ':');
    if (row == NULL)
        return NAN;
    *row++ = '\0';
    const ltv_node *table = ltv_document_find(doc, place);
    const char *key = table == NULL ? NULL : key_column(table);
    const ltv_values *values = ltv_node_column(table, column);
    ptrdiff_t position = key == NULL ? -1 : ltv_node_row(table, key, row);
    if (values == NULL || position < 0 || values->type == LTV_TYPE_STRING)
        return NAN;
    return values->type == LTV_TYPE_INT64 ? (double)values->int64[position]
                                          : values->real[position];
}

double ltvsim_value(const ltvsim *sim, const char *place)
{
    char *copy = strdup(place);
    double value = ltv_document_real(&sim->results, place);
    if (isnan(value) && copy != NULL)
        value = table_value(&sim->results, copy);
    free(copy);
    return value;
}

const double *ltvsim_array(const ltvsim *sim, const char *path, size_t *n)
{
    const ltv_node *node = ltv_document_find(&sim->results, path);
    *n = 0;
    if (node == NULL || node->kind != LTV_NODE_ARRAY || node->type == LTV_TYPE_STRING)
        return NULL;
    const double *values = node->real;
    for (size_t i = 0; i < sim->n_converted; i++)
        if (sim->converted[i].node == node)
            values = sim->converted[i].values;
    *n = values == NULL ? 0 : node->extent[0] * node->extent[1];
    return values;
}

int ltvsim_write(const ltvsim *sim, const char *path, char *error, size_t error_size)
{
    ltv_error err = {0};
    if (!sim->has_run)
        ltv_fail(&err, LTV_ERR_BAD_INPUT, "there is nothing to write before a run");
    else if (ltv_hdf5_write(&sim->results, path, &err) != LTV_OK)
        ltv_fail(&err, LTV_ERR_WRITE_FAILED, "cannot write '%s'", path);
    return report(&err, error, error_size);
}

void ltvsim_free(ltvsim *sim)
{
    if (sim == NULL)
        return;
    clear_results(sim);
    ltv_scenario_file_free(&sim->file);
    free(sim);
}
