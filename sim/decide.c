/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/decide.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/decide_parts.h"

const double ltv_hurdles[LTV_HURDLES] = {0, 0.1, 0.25, 0.5, 1, 2, 3, 5};
const double ltv_budget_levels[LTV_BUDGET_LEVELS] = {0.5, 0.75, 0.9, 0.95, 0.99};

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the decisions");
}

ltv_status ltv_decide_check(const ltv_scenario *scenario, ltv_error *err)
{
    if (scenario->n_arms < 2)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "there is nothing to decide between: the scenario has a single arm; write "
                        "others under arms");
    if (scenario->draws < 2)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "no input is uncertain, so nothing can be said about how sure a decision "
                        "is; write a number that nobody knows exactly as {ci90: [low, high]}");
    if (scenario->customers < 2)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "a draw of a single customer does not show how noisy it is; simulate "
                        "more (experiment.customers)");
    return LTV_OK;
}

ltv_draw_series ltv_decider_of_arm(const ltv_decider *self, size_t arm, const char *figure)
{
    size_t owner = ltv_draw_table_owner(self->estimate, &self->estimate->arms[arm].all, NULL);
    return ltv_draw_table_series(self->table, owner, figure);
}

ltv_draw_series ltv_decider_of_contrast(const ltv_decider *self, size_t contrast,
                                        const char *figure)
{
    size_t owner = ltv_draw_table_owner(self->estimate, NULL, &self->estimate->contrasts[contrast]);
    return ltv_draw_table_series(self->table, owner, figure);
}

/* --- what arms are worth, and how noisily that is known --- */

/* Net LTV less fixed costs, which there are only where there are programmes. */
static void fill_values(double *values, const ltv_decider *self)
{
    size_t arms = self->draws.n_arms;
    for (size_t a = 0; a < arms; a++) {
        ltv_draw_series net = ltv_decider_of_arm(self, a, "net_ltv");
        ltv_draw_series fixed = ltv_decider_of_arm(self, a, "programme_fixed_cost");
        for (size_t d = 0; d < self->draws.n_draws; d++)
            values[d * arms + a] = net.value[d] - (fixed.n > 0 ? fixed.value[d] : 0);
    }
}

static bool win_customers_alike(const ltv_arm *a, const ltv_arm *b)
{
    if (a->n_channels != b->n_channels)
        return false;
    for (size_t c = 0; c < a->n_channels; c++) {
        const ltv_channel *own = &a->channels[c], *other = &b->channels[c];
        if (own->share != other->share || own->cac != other->cac ||
            own->cac_spread.kind != other->cac_spread.kind ||
            own->cac_spread.cv != other->cac_spread.cv)
            return false;
    }
    return true;
}

/* The mean noise variance of each arm's difference from the baseline, as the draws know it
 * themselves; NaN where they do not. */
static void fill_exact_variances(double *variances, const ltv_decider *self)
{
    const ltv_scenario *scenario = self->scenario;
    for (size_t a = 0; a < self->draws.n_arms; a++)
        variances[a] = NAN;
    for (size_t i = 0; i < scenario->n_contrasts; i++) {
        ltv_contrast pair = scenario->contrasts[i];
        if (pair.against != 0 ||
            !win_customers_alike(&scenario->arms[pair.arm], &scenario->arms[0]))
            continue;
        ltv_draw_series delta = ltv_decider_of_contrast(self, i, "delta_ltv");
        if (delta.n > 0)
            variances[pair.arm] = ltv_draws_variance(&delta).noise;
    }
}

/* Covariances of the differences from the baseline; `products` are those of the arms. Correlations
 * are those of the halves. */
static void fill_noise(double *noise, const double *products, const double *exact, size_t arms)
{
    for (size_t a = 0; a < arms; a++)
        for (size_t b = 0; b < arms; b++)
            noise[a * arms + b] =
                products[a * arms + b] - products[a * arms] - products[b] + products[0];
    for (size_t a = 1; a < arms; a++) {
        double from_halves = noise[a * arms + a];
        if (isnan(exact[a]))
            continue;
        double times = from_halves > 0 ? sqrt(exact[a] / from_halves) : 0;
        for (size_t b = 0; b < arms; b++) {
            noise[a * arms + b] *= times;
            noise[b * arms + a] *= times;
        }
        noise[a * arms + a] = exact[a];
    }
}

static ltv_status make_draws(ltv_decider *self, double *values, double *noise, ltv_error *err)
{
    size_t arms = self->draws.n_arms;
    double *products = calloc(arms * (arms + 1), sizeof *products);
    if (products == NULL)
        return no_memory(err);
    double *exact = products + arms * arms;
    ltv_draw_table_noise(self->table, products);
    fill_exact_variances(exact, self);
    fill_noise(noise, products, exact, arms);
    free(products);
    fill_values(values, self);
    self->draws.value = values;
    self->draws.noise = noise;
    return LTV_OK;
}

/* --- what knowing inputs is worth --- */

/* EVPPI of the inputs of a set, or of the single input number `first`. */
static ltv_status fill_worth(ltv_input_worth *worth, const ltv_decider *self, size_t first,
                             double *columns, ltv_error *err)
{
    const ltv_inputs *inputs = &self->scenario->inputs;
    size_t set = inputs->items[first].set, n = 0, draws = self->draws.n_draws;
    for (size_t i = first; i < inputs->n; i++) {
        if (i != first && (set == LTV_NO_SET || inputs->items[i].set != set))
            continue;
        for (size_t d = 0; d < draws; d++)
            columns[n * draws + d] = self->estimate->draw_values[d * inputs->n + i];
        n++;
    }
    ltv_error why = {0};
    *worth = (ltv_input_worth){.name = n == 1 ? inputs->items[first].name : inputs->sets[set].name};
    ltv_status status = ltv_evppi(&worth->evppi, &self->draws, n, columns, &why);
    if (status == LTV_ERR_BAD_INPUT) {
        snprintf(worth->note, sizeof worth->note, "%.119s", why.message);
        return LTV_OK;
    }
    return status == LTV_OK ? LTV_OK : ltv_fail(err, status, "%s", why.message);
}

static bool comes_first_of_set(const ltv_inputs *inputs, size_t input)
{
    size_t set = inputs->items[input].set;
    for (size_t i = 0; set != LTV_NO_SET && i < input; i++)
        if (inputs->items[i].set == set)
            return false;
    return true;
}

/* Insertion, which keeps the scenario's order between equals; the unknown last. */
static void sort_by_worth(ltv_input_worth *inputs, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        ltv_input_worth moved = inputs[i];
        size_t to = i;
        for (; to > 0 && (moved.evppi.mean > inputs[to - 1].evppi.mean ||
                          (isnan(inputs[to - 1].evppi.mean) && !isnan(moved.evppi.mean)));
             to--)
            inputs[to] = inputs[to - 1];
        inputs[to] = moved;
    }
}

/* To know all inputs is worth no less than to know some. Where the noise of a draw depends on what
 * the arms are worth in it, as that of a programme does which changes little, the corrected draws
 * are pulled together too far there, and regression, in which noise averages out, knows better. All
 * expected losses rise alike, since they differ by expected values. */
static void raise_to_evppi(ltv_decision *arms, const ltv_input_worth *most)
{
    double lift = most->evppi.mean - arms->evpi.mean;
    if (!(lift > 0))
        return;
    arms->evpi = most->evppi;
    for (size_t a = 0; a < arms->n_arms; a++)
        arms->arms[a].expected_loss += lift;
}

static ltv_status fill_inputs(ltv_decisions *decisions, const ltv_decider *self, ltv_error *err)
{
    const ltv_inputs *inputs = &self->scenario->inputs;
    double *columns = calloc(inputs->n * self->draws.n_draws + 1, sizeof *columns);
    decisions->inputs = calloc(inputs->n + 1, sizeof *decisions->inputs);
    ltv_status status = columns != NULL && decisions->inputs != NULL ? LTV_OK : no_memory(err);
    for (size_t i = 0; status == LTV_OK && i < inputs->n; i++)
        if (comes_first_of_set(inputs, i))
            status = fill_worth(&decisions->inputs[decisions->n_inputs++], self, i, columns, err);
    free(columns);
    if (status != LTV_OK)
        return status;
    sort_by_worth(decisions->inputs, decisions->n_inputs);
    if (decisions->n_inputs > 0)
        raise_to_evppi(&decisions->arms, &decisions->inputs[0]);
    return LTV_OK;
}

/* --- what can be afforded --- */

static int by_budget(const void *a, const void *b)
{
    const ltv_budget_step *first = a, *second = b;
    if (first->budget != second->budget)
        return first->budget < second->budget ? -1 : 1;
    return first->arm < second->arm ? -1 : first->arm > second->arm;
}

/* Keeps the steps up, one for each budget; they are sorted. */
static size_t keep_steps_up(ltv_budget_step *steps, size_t n)
{
    size_t kept = 1;
    for (size_t i = 1; i < n; i++) {
        if (!(steps[i].gain > steps[kept - 1].gain))
            continue;
        kept -= steps[kept - 1].budget == steps[i].budget;
        steps[kept++] = steps[i];
    }
    return kept;
}

static ltv_status fill_steps(ltv_decisions *decisions, const ltv_decider *self, ltv_error *err)
{
    const ltv_scenario *scenario = self->scenario;
    const ltv_arm_decision *arms = decisions->arms.arms;
    ltv_budget_step *steps = calloc(scenario->n_arms, sizeof *steps);
    decisions->steps = steps;
    if (steps == NULL)
        return no_memory(err);
    size_t n = 1; /* the baseline, which is there already */
    for (size_t i = 0; i < scenario->n_contrasts && n < scenario->n_arms; i++) {
        ltv_contrast pair = scenario->contrasts[i];
        const ltv_contrast_decision *contrast = &decisions->contrasts[i];
        if (pair.against != 0 || !contrast->has_cash)
            continue;
        steps[n++] =
            (ltv_budget_step){contrast->needs[LTV_AFFORDABLE], pair.arm,
                              arms[pair.arm].expected_value.mean - arms[0].expected_value.mean};
    }
    qsort(steps, n, sizeof *steps, by_budget);
    decisions->n_steps = keep_steps_up(steps, n);
    return LTV_OK;
}

/* --- all together --- */

static ltv_status decide(ltv_decisions *decisions, const ltv_decider *self, ltv_error *err)
{
    const ltv_scenario *scenario = self->scenario;
    ltv_status status = ltv_decision_init(&decisions->arms, &self->draws, err);
    if (status == LTV_OK)
        status = fill_inputs(decisions, self, err);
    decisions->contrasts = calloc(scenario->n_contrasts + 1, sizeof *decisions->contrasts);
    if (status == LTV_OK && decisions->contrasts == NULL)
        status = no_memory(err);
    decisions->n_contrasts = scenario->n_contrasts;
    for (size_t i = 0; status == LTV_OK && i < scenario->n_contrasts; i++)
        status = ltv_decide_contrast(&decisions->contrasts[i], self, i, err);
    return status == LTV_OK ? fill_steps(decisions, self, err) : status;
}

ltv_status ltv_decide(ltv_decisions *decisions, const ltv_estimate *estimate,
                      const ltv_scenario *scenario, ltv_error *err)
{
    *decisions = (ltv_decisions){0};
    ltv_status status = ltv_decide_check(scenario, err);
    if (status != LTV_OK)
        return status;
    const ltv_draw_table *table = estimate->draws;
    size_t arms = estimate->n_arms, draws = table->n;
    double *room = calloc(draws * (arms + 4) + arms * arms, sizeof *room);
    if (room == NULL)
        return no_memory(err);
    ltv_decider self = {.estimate = estimate,
                        .scenario = scenario,
                        .table = table,
                        .draws = {.n_draws = draws, .n_arms = arms, .scrambles = table->scrambles},
                        .room = room + draws * arms + arms * arms};
    status = make_draws(&self, room, room + draws * arms, err);
    if (status == LTV_OK)
        status = decide(decisions, &self, err);
    free(room);
    return status;
}

void ltv_decisions_free(ltv_decisions *decisions)
{
    ltv_decision_free(&decisions->arms);
    free(decisions->inputs);
    free(decisions->steps);
    free(decisions->contrasts);
    *decisions = (ltv_decisions){0};
}
