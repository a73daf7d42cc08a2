/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_INPUTS_H
#define LTV_SIM_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "models/copula.h"
#include "models/uncertain.h"
#include "sim/sampling.h"

/* The uncertain inputs of a scenario: the numbers that nobody knows exactly, each with what it may
 * be (docs/model.md, section 7), and how they hang together. */

enum { LTV_MAX_INPUTS = 1000 };

/* No sample set. */
#define LTV_NO_SET SIZE_MAX

typedef struct {
    char *name;           /* owned: its path in the scenario, "retention.geometric.churn" */
    ltv_uncertain number; /* unused where the input is a column of a sample set */
    size_t set, column;   /* index of a set, LTV_NO_SET, and the column in it */
    double mean;          /* what stands for it where a single number must do */
} ltv_input;

/* Rows that belong together, such as draws from a joint posterior: a draw takes a whole row, so
 * that what hung together in the data still does. */
typedef struct {
    char *name; /* owned: the file */
    size_t n_rows, n_columns;
    char **columns; /* owned, [n_columns]: their names */
    double *values; /* owned, [column * n_rows + row] */
} ltv_sample_set;

typedef struct {
    size_t n;
    ltv_input *items; /* owned */
    size_t n_sets;
    ltv_sample_set *sets; /* owned */
    size_t n_correlations;
    ltv_correlation *correlations; /* owned; Spearman, between items that are in no set */
} ltv_inputs;

/* Index of the input of this name, inputs->n if there is none. */
size_t ltv_inputs_find(const ltv_inputs *inputs, const char *name);

/* How many independent uniform numbers a draw needs: one for each input, and one for each set
 * instead of its inputs. */
size_t ltv_inputs_dimensions(const ltv_inputs *inputs);

/* dimensions[i]: which of those numbers input i is made from, [n]. They count in the order in which
 * the scenario names the inputs. */
void ltv_inputs_dimension_of(const ltv_inputs *inputs, size_t *dimensions);

/* The values of all inputs at n_points points of that many uniform numbers each,
 * values[point * inputs->n + input]. Fails with NO_MEMORY, or BAD_INPUT where the correlations
 * contradict each other. */
LTV_MUST_USE ltv_status ltv_inputs_at(double *values, const ltv_inputs *inputs,
                                      const ltv_uniform *points, size_t n_points, ltv_error *err);

/* The values of all inputs in n_draws draws, values[draw * inputs->n + input]. Fails likewise. */
LTV_MUST_USE ltv_status ltv_inputs_draw(double *values, const ltv_inputs *inputs,
                                        ltv_sampling_kind sampling, uint64_t seed, uint32_t n_draws,
                                        ltv_error *err);

/* Releases what they own and clears. Safe on a zeroed struct, and twice. */
void ltv_inputs_free(ltv_inputs *inputs);

#endif
