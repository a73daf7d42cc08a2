/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sensitivity_study.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/figure_path.h"
#include "sim/simulate_draws.h"

/* Points that are simulated at a time: enough to keep all threads busy, few enough for memory,
 * which holds every figure of all of them. */
enum { CHUNK = 1024 };

/* What all steps need. */
typedef struct {
    const ltv_study_plan *plan;
    const ltv_scenario *scenario;
    ltv_sensitivity_study *study;
    ltv_simulate_options options; /* with a count over all points */
    ltv_program_set set;
    size_t n_dimensions;
    size_t *dimensions;    /* owned, [inputs]: the uniform number each is made from */
    size_t *group_of;      /* owned, [dimensions] */
    size_t *bars;          /* owned, [n_bars]: inputs with percentiles */
    size_t *owners;        /* owned, [figures] */
    const char **names;    /* owned, [figures]: borrowed names of their metrics */
    ltv_estimate estimate; /* of a first look: owns the names */
    ltv_figure_list known;
    double *start;      /* owned, [cohorts][figures]: each cohort's at the medians */
    uint64_t done, all; /* points */
    ltv_error *err;
} maker;

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a sensitivity analysis");
}

/* --- simulating --- */

static bool count_points(void *context, uint64_t customers_done, uint64_t customers)
{
    const maker *self = context;
    const ltv_simulate_options *options = self->plan->options;
    (void)customers;
    return options->progress(options->progress_context,
                             self->done * self->plan->customers + customers_done,
                             self->all * self->plan->customers);
}

static ltv_status simulate(ltv_draws_outcome *outcome, maker *self, const double *values,
                           const uint32_t *cohorts, uint32_t n, uint64_t customers)
{
    ltv_draws_plan points = {.scenario = self->scenario,
                             .values = values,
                             .draws = n,
                             .customers = customers,
                             .luck = cohorts,
                             .options = &self->options};
    return ltv_simulate_draws(outcome, &points, &self->set, self->err);
}

/* outputs [n][n_figures] of n points, values [n][inputs], lived by those cohorts [n]. */
static ltv_status evaluate(double *outputs, maker *self, const double *values,
                           const uint32_t *cohorts, size_t n)
{
    ltv_draws_outcome outcome = {0};
    size_t n_figures = self->study->n_figures;
    ltv_status status =
        simulate(&outcome, self, values, cohorts, (uint32_t)n, self->plan->customers);
    for (size_t f = 0; status == LTV_OK && f < n_figures; f++) {
        ltv_draw_series series =
            ltv_draw_table_series(&outcome.table, self->owners[f], self->names[f]);
        for (size_t p = 0; p < n; p++)
            outputs[p * n_figures + f] = series.n == n ? series.value[p] : NAN;
    }
    ltv_draws_outcome_free(&outcome);
    self->done += n;
    return status;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* --- inputs and groups --- */

/* The number of those tied to it that comes first. */
static size_t first_tied(const size_t *tied, size_t dimension)
{
    while (tied[dimension] != dimension)
        dimension = tied[dimension];
    return dimension;
}

static void tie_correlated(const maker *self, size_t *tied)
{
    const ltv_inputs *inputs = &self->scenario->inputs;
    for (size_t c = 0; c < inputs->n_correlations; c++) {
        const ltv_correlation *pair = &inputs->correlations[c];
        size_t a = first_tied(tied, self->dimensions[pair->first]);
        size_t b = first_tied(tied, self->dimensions[pair->second]);
        if (pair->spearman != 0)
            tied[a > b ? a : b] = smaller(a, b);
    }
}

/* Numbers the groups in the order of their first inputs. */
static ltv_status find_groups(maker *self)
{
    size_t *tied = calloc(self->n_dimensions, sizeof *tied);
    if (tied == NULL)
        return no_memory(self->err);
    for (size_t d = 0; d < self->n_dimensions; d++)
        tied[d] = d;
    tie_correlated(self, tied);
    for (size_t d = 0; d < self->n_dimensions; d++) {
        size_t first = first_tied(tied, d);
        self->group_of[d] = first == d ? self->study->n_groups++ : self->group_of[first];
    }
    free(tied);
    return LTV_OK;
}

/* Appends " & NAME". */
static bool append_input(char **group, const char *name)
{
    size_t used = *group != NULL ? strlen(*group) : 0;
    char *longer = realloc(*group, used + strlen(name) + 4);
    if (longer == NULL)
        return false;
    stpcpy(stpcpy(longer + used, used > 0 ? " & " : ""), name);
    *group = longer;
    return true;
}

static ltv_status name_groups(maker *self)
{
    const ltv_inputs *inputs = &self->scenario->inputs;
    ltv_sensitivity_study *study = self->study;
    study->groups = calloc(study->n_groups, sizeof *study->groups);
    bool ok = study->groups != NULL;
    for (size_t i = 0; ok && i < inputs->n; i++)
        ok = append_input(&study->groups[self->group_of[self->dimensions[i]]],
                          inputs->items[i].name);
    return ok ? LTV_OK : no_memory(self->err);
}

static ltv_status look_at_inputs(maker *self)
{
    const ltv_inputs *inputs = &self->scenario->inputs;
    ltv_sensitivity_study *study = self->study;
    study->n_inputs = inputs->n;
    self->n_dimensions = ltv_inputs_dimensions(inputs);
    self->dimensions = calloc(inputs->n, sizeof *self->dimensions);
    self->group_of = calloc(self->n_dimensions, sizeof *self->group_of);
    self->bars = calloc(inputs->n, sizeof *self->bars);
    study->ends = calloc(inputs->n, sizeof *study->ends);
    if (self->dimensions == NULL || self->group_of == NULL || self->bars == NULL ||
        study->ends == NULL)
        return no_memory(self->err);
    ltv_inputs_dimension_of(inputs, self->dimensions);
    for (size_t i = 0; i < inputs->n; i++) {
        study->ends[i][0] = study->ends[i][1] = NAN;
        if (inputs->items[i].set == LTV_NO_SET)
            self->bars[study->n_bars++] = i;
    }
    ltv_status status = find_groups(self);
    return status == LTV_OK ? name_groups(self) : status;
}

/* --- the tornado --- */

/* values [2 n_bars + 1][inputs]: each input by itself, whatever correlations say. */
static ltv_status tornado_values(double *values, maker *self)
{
    ltv_inputs alone = self->scenario->inputs; /* borrows */
    size_t n_bars = self->study->n_bars, n = ltv_tornado_evaluations(n_bars);
    ltv_uniform *point = calloc(n_bars + 1, sizeof *point);
    ltv_uniform *points = calloc(n * self->n_dimensions, sizeof *points);
    ltv_status status = point != NULL && points != NULL ? LTV_OK : no_memory(self->err);
    alone.n_correlations = 0;
    for (size_t e = 0; status == LTV_OK && e < n; e++) {
        ltv_tornado_point(point, n_bars, e);
        for (size_t d = 0; d < self->n_dimensions; d++)
            points[e * self->n_dimensions + d] = (ltv_uniform){0.5, 0.5};
        for (size_t b = 0; b < n_bars; b++)
            points[e * self->n_dimensions + self->dimensions[self->bars[b]]] = point[b];
    }
    if (status == LTV_OK)
        status = ltv_inputs_at(values, &alone, points, n, self->err);
    for (size_t e = 0; status == LTV_OK && e < n; e++)
        for (size_t i = 0; i < alone.n; i++)
            if (alone.items[i].set != LTV_NO_SET)
                values[e * alone.n + i] = alone.items[i].mean;
    free(point);
    free(points);
    return status;
}

/* Says which figure is not defined somewhere. */
static ltv_status name_figure(const maker *self, size_t f, ltv_status status, const ltv_error *why)
{
    return status == LTV_OK
               ? LTV_OK
               : ltv_fail(self->err, status, "%s: %s", self->study->figures[f].path, why->message);
}

static ltv_status fill_tornado(maker *self, size_t f, const double *outputs)
{
    ltv_error why = {0};
    ltv_study_figure *figure = &self->study->figures[f];
    size_t n_bars = self->study->n_bars, n = ltv_tornado_evaluations(n_bars);
    figure->base = outputs[f];
    figure->tornado = calloc(n_bars + 1, sizeof *figure->tornado);
    if (figure->tornado == NULL)
        return no_memory(self->err);
    ltv_status status = ltv_sensitivity_check_output(outputs, n, self->study->n_figures, f, &why);
    if (status == LTV_OK && n_bars > 0)
        status =
            ltv_tornado_rows(figure->tornado, n_bars, outputs, self->study->n_figures, f, &why);
    for (size_t b = 0; status == LTV_OK && b < n_bars; b++)
        figure->tornado[b].input = self->bars[figure->tornado[b].input];
    return name_figure(self, f, status, &why);
}

/* The tornado as one cohort lives it, added to outputs [n][n_figures]; where it starts from is what
 * the design counts from in this cohort. */
static ltv_status add_cohort(double *outputs, maker *self, const double *values, uint32_t cohort)
{
    size_t n_figures = self->study->n_figures, n = ltv_tornado_evaluations(self->study->n_bars);
    uint32_t *cohorts = calloc(n, sizeof *cohorts);
    double *own = calloc(n * n_figures, sizeof *own);
    ltv_status status = cohorts != NULL && own != NULL ? LTV_OK : no_memory(self->err);
    for (size_t p = 0; status == LTV_OK && p < n; p++)
        cohorts[p] = cohort;
    if (status == LTV_OK)
        status = evaluate(own, self, values, cohorts, n);
    for (size_t i = 0; status == LTV_OK && i < n * n_figures; i++)
        outputs[i] += own[i] / LTV_STUDY_COHORTS;
    for (size_t f = 0; status == LTV_OK && f < n_figures; f++)
        self->start[cohort * n_figures + f] = own[f];
    free(cohorts);
    free(own);
    return status;
}

static ltv_status make_tornado(maker *self)
{
    ltv_sensitivity_study *study = self->study;
    size_t n = ltv_tornado_evaluations(study->n_bars), k = study->n_inputs;
    double *values = calloc(n * k, sizeof *values);
    double *outputs = calloc(n * study->n_figures, sizeof *outputs);
    self->start = calloc(LTV_STUDY_COHORTS * study->n_figures, sizeof *self->start);
    ltv_status status = values != NULL && outputs != NULL && self->start != NULL
                            ? tornado_values(values, self)
                            : no_memory(self->err);
    for (uint32_t c = 0; status == LTV_OK && c < LTV_STUDY_COHORTS; c++)
        status = add_cohort(outputs, self, values, c);
    for (size_t b = 0; status == LTV_OK && b < study->n_bars; b++)
        for (size_t end = 0; end < 2; end++)
            study->ends[self->bars[b]][end] = values[(1 + 2 * b + end) * k + self->bars[b]];
    for (size_t f = 0; status == LTV_OK && f < study->n_figures; f++)
        status = fill_tornado(self, f, outputs);
    free(values);
    free(outputs);
    return status;
}

/* --- the design of Saltelli --- */

/* What the design is made of and comes to. */
typedef struct {
    ltv_sensitivity_design design;
    ltv_uniform *base;   /* owned, [N][2 dimensions] */
    ltv_uniform *points; /* owned, [CHUNK][dimensions] */
    double *values;      /* owned, [CHUNK][inputs] */
    double *outputs;     /* owned, [evaluations][n_figures] */
    double *sampled;     /* owned, [2 N][inputs]: values at the points of A and B */
    double *figure;      /* owned, [2 N]: a figure there */
} sobol;

static void sobol_free(sobol *self)
{
    free(self->base);
    free(self->points);
    free(self->values);
    free(self->outputs);
    free(self->sampled);
    free(self->figure);
}

/* The columns of A and B are dimensions of one Sobol sequence, which go by their numbers. */
static ltv_status sample_base(sobol *self, const maker *of)
{
    size_t n_columns = 2 * of->n_dimensions;
    uint32_t *names = calloc(n_columns, sizeof *names);
    if (names == NULL)
        return no_memory(of->err);
    for (size_t c = 0; c < n_columns; c++)
        names[c] = (uint32_t)c + 1;
    ltv_sampling how = {.kind = LTV_SAMPLING_SOBOL,
                        .seed = of->scenario->seed,
                        .n_draws = of->plan->n_base,
                        .n_inputs = n_columns,
                        .names = names};
    ltv_status status = ltv_sampling_fill(self->base, &how, of->err);
    free(names);
    return status;
}

static ltv_status sobol_init(sobol *self, const maker *of)
{
    size_t n = of->plan->n_base, k = of->study->n_inputs, n_dimensions = of->n_dimensions;
    self->design = (ltv_sensitivity_design){.n_base = n,
                                            .n_uniforms = n_dimensions,
                                            .n_inputs = of->study->n_groups,
                                            .input_of = of->group_of,
                                            .n_outputs = of->study->n_figures};
    ltv_status status = ltv_sensitivity_check(&self->design, of->err);
    if (status != LTV_OK)
        return status;
    self->base = calloc(n, 2 * n_dimensions * sizeof *self->base);
    self->points = calloc(CHUNK, n_dimensions * sizeof *self->points);
    self->values = calloc(CHUNK, k * sizeof *self->values);
    self->outputs = calloc(ltv_sensitivity_evaluations(&self->design),
                           of->study->n_figures * sizeof *self->outputs);
    self->sampled = calloc(2 * n, k * sizeof *self->sampled);
    self->figure = calloc(2 * n, sizeof *self->figure);
    if (self->base == NULL || self->points == NULL || self->values == NULL ||
        self->outputs == NULL || self->sampled == NULL || self->figure == NULL)
        return no_memory(of->err);
    return sample_base(self, of);
}

/* The place among the points of A and B of an evaluation that belongs to them. */
static bool is_sampled(const sobol *self, size_t evaluation, size_t *place)
{
    size_t width = self->design.n_inputs + 2;
    *place = evaluation / width * 2 + evaluation % width;
    return evaluation % width < 2;
}

/* Rows of the design take cohorts in turn, as they take scrambles of the Sobol sequence. */
static uint32_t cohort_of(const sobol *self, size_t evaluation)
{
    return (uint32_t)(evaluation / (self->design.n_inputs + 2) % LTV_STUDY_COHORTS);
}

/* Counts outputs of n evaluations from where their cohort starts, so that cohorts differ by no more
 * than by what the inputs do to them. */
static void count_from_start(sobol *self, const maker *of, size_t first, size_t n)
{
    size_t n_figures = of->study->n_figures;
    for (size_t e = first; e < first + n; e++)
        for (size_t f = 0; f < n_figures; f++)
            self->outputs[e * n_figures + f] -= of->start[cohort_of(self, e) * n_figures + f];
}

static ltv_status evaluate_chunk(sobol *self, maker *of, size_t first, size_t n)
{
    size_t k = of->study->n_inputs, place;
    uint32_t cohorts[CHUNK];
    for (size_t p = 0; p < n; p++) {
        cohorts[p] = cohort_of(self, first + p);
        ltv_sensitivity_point(self->points + p * of->n_dimensions, &self->design, self->base,
                              first + p);
    }
    ltv_status status =
        ltv_inputs_at(self->values, &of->scenario->inputs, self->points, n, of->err);
    for (size_t p = 0; status == LTV_OK && p < n; p++)
        if (is_sampled(self, first + p, &place))
            memcpy(self->sampled + place * k, self->values + p * k, k * sizeof *self->sampled);
    if (status == LTV_OK)
        status =
            evaluate(self->outputs + first * of->study->n_figures, of, self->values, cohorts, n);
    count_from_start(self, of, first, n);
    return status;
}

static ltv_status fill_indices(sobol *self, maker *of, size_t f)
{
    ltv_error why = {0};
    ltv_study_figure *figure = &of->study->figures[f];
    size_t n = ltv_sensitivity_evaluations(&self->design), place;
    ltv_status status = ltv_sensitivity_indices(&figure->indices, &self->design, self->outputs, f,
                                                of->scenario->seed, &why);
    figure->indices.mean += figure->base;
    figure->ranks = calloc(of->study->n_inputs, sizeof *figure->ranks);
    if (figure->ranks == NULL)
        return no_memory(of->err);
    for (size_t e = 0; status == LTV_OK && e < n; e++)
        if (is_sampled(self, e, &place))
            self->figure[place] = self->outputs[e * of->study->n_figures + f];
    if (status == LTV_OK)
        status = ltv_rank_rows(figure->ranks, self->sampled, of->study->n_inputs, self->figure,
                               2 * self->design.n_base, &why);
    return name_figure(of, f, status, &why);
}

static ltv_status make_indices(maker *of)
{
    sobol self = {0};
    ltv_status status = sobol_init(&self, of);
    size_t n = status == LTV_OK ? ltv_sensitivity_evaluations(&self.design) : 0;
    for (size_t p = 0; status == LTV_OK && p < n; p += CHUNK)
        status = evaluate_chunk(&self, of, p, smaller(n - p, CHUNK));
    for (size_t f = 0; status == LTV_OK && f < of->study->n_figures; f++)
        status = fill_indices(&self, of, f);
    sobol_free(&self);
    return status;
}

/* --- which figures --- */

/* A look at a few customers at the inputs' medians, for the names of figures. */
static ltv_status look_at_figures(maker *self)
{
    enum { FEW = 256 };
    ltv_draws_outcome outcome = {0};
    size_t n = ltv_tornado_evaluations(self->study->n_bars);
    double *values = calloc(n * self->study->n_inputs, sizeof *values);
    ltv_status status = values != NULL ? tornado_values(values, self) : no_memory(self->err);
    self->options.progress = NULL;
    if (status == LTV_OK)
        status = simulate(&outcome, self, values, (uint32_t[]){0}, 1, FEW);
    if (status == LTV_OK)
        status = ltv_estimate_init_pooled(&self->estimate, self->scenario, self->set.programs,
                                          &outcome.pooled, &outcome.table, self->err);
    if (status == LTV_OK)
        status = ltv_figure_list_init(&self->known, &self->estimate, self->err);
    ltv_draws_outcome_free(&outcome);
    free(values);
    return status;
}

static ltv_status add_figure(maker *self, const ltv_named_figure *figure)
{
    ltv_sensitivity_study *study = self->study;
    for (size_t f = 0; f < study->n_figures; f++)
        if (strcmp(study->figures[f].path, figure->path) == 0)
            return LTV_OK;
    size_t f = study->n_figures++;
    self->owners[f] = figure->owner;
    self->names[f] = figure->metric->name;
    study->figures[f] = (ltv_study_figure){.path = strdup(figure->path),
                                           .unit = figure->metric->unit,
                                           .meaning = figure->metric->meaning};
    return study->figures[f].path != NULL ? LTV_OK : no_memory(self->err);
}

/* LTV of the baseline, and the net gain of each contrast; where there is none, what it does to LTV.
 */
static ltv_status add_default_figures(maker *self)
{
    char path[LTV_FIGURE_PATH_SIZE];
    const ltv_estimate *estimate = &self->estimate;
    const ltv_named_figure *figure =
        ltv_figure_known(&self->known, ltv_figure_path_of_arm(path, &estimate->arms[0], "ltv"));
    ltv_status status = figure != NULL ? add_figure(self, figure) : LTV_OK;
    for (size_t c = 0; status == LTV_OK && c < estimate->n_contrasts; c++) {
        const ltv_contrast_estimate *contrast = &estimate->contrasts[c];
        figure = ltv_figure_known(
            &self->known, ltv_figure_path_of_contrast(path, estimate, contrast, "net_gain"));
        if (figure == NULL || !isfinite(figure->metric->value))
            figure = ltv_figure_known(
                &self->known, ltv_figure_path_of_contrast(path, estimate, contrast, "delta_ltv"));
        if (figure != NULL)
            status = add_figure(self, figure);
    }
    return status;
}

static ltv_status choose_figures(maker *self)
{
    const ltv_study_plan *plan = self->plan;
    size_t most = plan->n_figures + 1 + self->estimate.n_contrasts;
    self->owners = calloc(most, sizeof *self->owners);
    self->names = calloc(most, sizeof *self->names);
    self->study->figures = calloc(most, sizeof *self->study->figures);
    if (self->owners == NULL || self->names == NULL || self->study->figures == NULL)
        return no_memory(self->err);
    if (plan->n_figures == 0)
        return add_default_figures(self);
    ltv_status status = LTV_OK;
    for (size_t f = 0; status == LTV_OK && f < plan->n_figures; f++) {
        const ltv_named_figure *figure;
        status = ltv_figure_find(&figure, &self->known, plan->figures[f], self->err);
        if (status == LTV_OK)
            status = add_figure(self, figure);
    }
    return status;
}

/* --- all of it --- */

static ltv_status check_plan(const ltv_study_plan *plan, ltv_error *err)
{
    uint32_t n = plan->n_base;
    if (plan->scenario->inputs.n == 0)
        return ltv_fail(
            err, LTV_ERR_BAD_INPUT,
            "no input of the scenario is uncertain, so nothing can be sensitive to one; "
            "say what a number may be, as in churn: {ci90: [2%%, 4%%]}");
    if (n < LTV_STUDY_LEAST_BASE || n > LTV_STUDY_MOST_BASE || (n & (n - 1)) != 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "%" PRIu32 " base points: there must be a power of two of them, %d to %d",
                        n, LTV_STUDY_LEAST_BASE, LTV_STUDY_MOST_BASE);
    if (plan->customers < 1 || plan->customers > LTV_MAX_CUSTOMERS)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "%" PRIu64 " customers at a point: 1 to %llu are possible", plan->customers,
                        LTV_MAX_CUSTOMERS);
    return LTV_OK;
}

static void count_to_do(maker *self)
{
    ltv_sensitivity_study *study = self->study;
    study->n_points = LTV_STUDY_COHORTS * ltv_tornado_evaluations(study->n_bars) +
                      self->plan->n_base * (study->n_groups + 2);
    self->all = study->n_points;
    if (self->plan->options != NULL && self->plan->options->progress != NULL) {
        self->options.progress = count_points;
        self->options.progress_context = self;
    }
}

static void maker_free(maker *self)
{
    ltv_figure_list_free(&self->known);
    ltv_estimate_free(&self->estimate);
    ltv_program_set_free(&self->set);
    free(self->dimensions);
    free(self->group_of);
    free(self->bars);
    free(self->owners);
    free(self->names);
    free(self->start);
}

ltv_status ltv_sensitivity_study_init(ltv_sensitivity_study *study, const ltv_study_plan *plan,
                                      ltv_error *err)
{
    *study = (ltv_sensitivity_study){.n_base = plan->n_base, .customers = plan->customers};
    maker self = {.plan = plan, .scenario = plan->scenario, .study = study, .err = err};
    ltv_status status = check_plan(plan, err);
    if (status != LTV_OK)
        return status;
    self.options.threads = plan->options != NULL ? plan->options->threads : 0;
    status = ltv_program_set_init(&self.set, plan->scenario, err);
    if (status == LTV_OK)
        status = look_at_inputs(&self);
    if (status == LTV_OK)
        status = look_at_figures(&self);
    if (status == LTV_OK)
        status = choose_figures(&self);
    if (status == LTV_OK)
        count_to_do(&self);
    if (status == LTV_OK)
        status = make_tornado(&self);
    if (status == LTV_OK)
        status = make_indices(&self);
    maker_free(&self);
    return status;
}

static void free_figure(ltv_study_figure *figure)
{
    free(figure->path);
    free(figure->tornado);
    ltv_sensitivity_free(&figure->indices);
    free(figure->ranks);
}

void ltv_sensitivity_study_free(ltv_sensitivity_study *study)
{
    for (size_t g = 0; study->groups != NULL && g < study->n_groups; g++)
        free(study->groups[g]);
    for (size_t f = 0; f < study->n_figures; f++)
        free_figure(&study->figures[f]);
    free(study->ends);
    free(study->groups);
    free(study->figures);
    *study = (ltv_sensitivity_study){0};
}
