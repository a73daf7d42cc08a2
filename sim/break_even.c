/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/break_even.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/mean_ltv.h"
#include "sim/metric_list.h"
#include "sim/pilot.h"

/* A programme whose effect is turned up and down. */
typedef struct {
    const ltv_scenario *scenario;
    ltv_arm arm;               /* borrows all of the arm but its interventions */
    ltv_intervention *changed; /* in arm.interventions */
    ltv_break_even_kind kind;
    double offset;          /* of the gain: value of the other arm, and fixed costs */
    ltv_program as_assumed; /* owned: the arm, with its limits of capacity */
    ltv_mean_study *study;  /* owned */
    double assumed_mean;    /* mean LTV of that arm */
    uint64_t customers;
    const ltv_simulate_options *options;
    ltv_error *err;
} experiment;

static ltv_break_even_kind kind_of(const ltv_intervention *intervention)
{
    switch (intervention->when.kind) {
    case LTV_WHEN_CHURN_INTENT:
    case LTV_WHEN_PAYMENT_FAILURE:
    case LTV_WHEN_CHURN:
        return LTV_BREAK_EVEN_PROBABILITY;
    default:
        return intervention->n_effects > 0 ? LTV_BREAK_EVEN_MULTIPLIER : LTV_BREAK_EVEN_NOTHING;
    }
}

static double *strength_of(experiment *self)
{
    return self->kind == LTV_BREAK_EVEN_PROBABILITY ? &self->changed->when.probability
                                                    : &self->changed->effects[0].times;
}

/* Mean LTV of an arm, unless the user wants to stop. */
static ltv_status mean_of(const experiment *self, const ltv_arm *arm, double *mean)
{
    const ltv_simulate_options *options = self->options;
    uint64_t done = self->scenario->customers;
    if (options->progress != NULL && !options->progress(options->progress_context, done, done))
        return ltv_fail(self->err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
    return ltv_mean_study_ltv(self->study, arm, mean, self->err);
}

/* Net gain per customer at this strength. */
static ltv_status gain_at(experiment *self, double strength, double *gain)
{
    *strength_of(self) = strength;
    ltv_status status = mean_of(self, &self->arm, gain);
    *gain -= self->offset;
    return status;
}

typedef struct {
    double strength, gain;
} point;

/* The strength at which the gain is 0, between two points of different sign: regula falsi, since
 * the gain is nearly straight, with the Illinois rule: an end that stays twice counts half. */
static ltv_status find_root(experiment *self, point a, point b, double *root)
{
    enum { MOST_STEPS = 40 };
    static const double close_enough = 5e-4;
    ltv_status status = LTV_OK;
    double weight = b.gain, moved = INFINITY;
    *root = b.strength;
    /* a is the newest point, b the other end, whose weight is its gain or a part of it. */
    for (int i = 0; status == LTV_OK && i < MOST_STEPS && a.gain != 0 && moved > close_enough;
         i++) {
        point c = {.strength = (a.strength * weight - b.strength * a.gain) / (weight - a.gain)};
        status = gain_at(self, c.strength, &c.gain);
        if ((c.gain < 0) != (a.gain < 0)) {
            b = a;
            weight = a.gain;
        } else {
            weight /= 2;
        }
        moved = fabs(c.strength - *root);
        *root = c.strength;
        a = c;
    }
    return status;
}

/* How much the gain changes with the strength near the root: over a tenth of the way to no effect,
 * wide enough for many customers to fare differently at its two ends. */
static ltv_status find_slope(experiment *self, double root, double no_effect, double *slope)
{
    double step = (no_effect - root) / 10, before, after;
    ltv_status status = gain_at(self, root - step, &before);
    if (status == LTV_OK)
        status = gain_at(self, root + step, &after);
    if (status == LTV_OK)
        *slope = (after - before) / (2 * step);
    return status;
}

/* --- what is said --- */

static const char *const lowers[LTV_LEVERS] = {
    [LTV_LEVER_CHURN] = "cuts churn",           [LTV_LEVER_INVOLUNTARY] = "cuts failed payments",
    [LTV_LEVER_UPGRADE] = "lowers upgrades",    [LTV_LEVER_DOWNGRADE] = "cuts downgrades",
    [LTV_LEVER_ATTACH] = "lowers add-on sales", [LTV_LEVER_DROP] = "cuts dropped add-ons",
    [LTV_LEVER_ORDERS] = "lowers orders",       [LTV_LEVER_PRICE] = "lowers prices",
    [LTV_LEVER_SPEND] = "lowers spend",
};
static const char *const raises[LTV_LEVERS] = {
    [LTV_LEVER_CHURN] = "raises churn",         [LTV_LEVER_INVOLUNTARY] = "raises failed payments",
    [LTV_LEVER_UPGRADE] = "raises upgrades",    [LTV_LEVER_DOWNGRADE] = "raises downgrades",
    [LTV_LEVER_ATTACH] = "raises add-on sales", [LTV_LEVER_DROP] = "raises dropped add-ons",
    [LTV_LEVER_ORDERS] = "raises orders",       [LTV_LEVER_PRICE] = "raises prices",
    [LTV_LEVER_SPEND] = "raises spend",
};

/* Whether less of the lever is what programmes are after. */
static bool less_is_better(ltv_lever lever)
{
    return lever == LTV_LEVER_CHURN || lever == LTV_LEVER_INVOLUNTARY ||
           lever == LTV_LEVER_DOWNGRADE || lever == LTV_LEVER_DROP;
}

typedef struct {
    char text[16];
} percentage;

/* What is small is told apart from nothing. */
static percentage percent(double share)
{
    percentage result;
    bool small = share > 0 && share < 0.01;
    snprintf(result.text, sizeof result.text, small ? "%.2f %%" : "%.1f %%", 100 * share);
    return result;
}

static void say_multiplier(ltv_break_even *result, ltv_lever lever, double value, double assumed)
{
    bool less = less_is_better(lever), as_hoped = less ? value <= 1 : value >= 1;
    const char *verb = value < 1 ? lowers[lever] : raises[lever];
    const char *assumed_verb = assumed < 1 ? lowers[lever] : raises[lever];
    char assumption[64];
    if ((value < 1) == (assumed < 1))
        snprintf(assumption, sizeof assumption, "assumed %s", percent(fabs(assumed - 1)).text);
    else
        snprintf(assumption, sizeof assumption, "assumed: %s by %s", assumed_verb,
                 percent(fabs(assumed - 1)).text);
    snprintf(result->sentence, sizeof result->sentence, "pays if it %s by %s or %s; %s", verb,
             percent(fabs(value - 1)).text, as_hoped ? "more" : "less", assumption);
}

static void say(ltv_break_even *result, const ltv_intervention *assumed)
{
    static const char *const who[] = {[LTV_WHEN_CHURN_INTENT] = "of those who are asked accept",
                                      [LTV_WHEN_PAYMENT_FAILURE] =
                                          "of failed payments are recovered",
                                      [LTV_WHEN_CHURN] = "come back in a period"};
    if (result->kind == LTV_BREAK_EVEN_PROBABILITY)
        snprintf(result->sentence, sizeof result->sentence, "pays if %s or more %s; assumed %s",
                 percent(result->value).text, who[assumed->when.kind],
                 percent(assumed->when.probability).text);
    else
        say_multiplier(result, assumed->effects[0].lever, result->value, assumed->effects[0].times);
}

static void say_none(ltv_break_even *result, bool pays, const ltv_intervention *assumed)
{
    const char *verdict = pays ? "pays" : "does not pay";
    if (result->kind == LTV_BREAK_EVEN_PROBABILITY)
        snprintf(result->sentence, sizeof result->sentence, "%s however often it succeeds",
                 verdict);
    else
        snprintf(result->sentence, sizeof result->sentence, "%s whatever its effect on %s", verdict,
                 ltv_lever_name(assumed->effects[0].lever));
}

/* --- finding it --- */

/* The other end of where it is looked for, given the gain without effect: the assumed effect if
 * that turns the tide, else all that can be hoped for or, where the programme pays even without
 * effect, all the harm that it could do. */
static ltv_status find_other_end(experiment *self, const ltv_intervention *assumed, double none,
                                 point *other)
{
    bool probability = self->kind == LTV_BREAK_EVEN_PROBABILITY;
    bool less = !probability && less_is_better(assumed->effects[0].lever);
    double most = probability ? 1 : less ? 0 : 16, harm = probability ? 0 : less ? 16 : 0;
    other->strength = probability ? assumed->when.probability : assumed->effects[0].times;
    other->gain = self->assumed_mean - self->offset;
    if ((none < 0) != (other->gain < 0))
        return LTV_OK;
    other->strength = none < 0 ? most : harm;
    return gain_at(self, other->strength, &other->gain);
}

static ltv_status find(experiment *self, ltv_break_even *result, const ltv_intervention *assumed,
                       double gain_error)
{
    point none = {.strength = self->kind == LTV_BREAK_EVEN_PROBABILITY ? 0 : 1}, other;
    ltv_status status = gain_at(self, none.strength, &none.gain);
    if (status == LTV_OK && none.gain == 0) {
        result->value = none.strength;
        result->standard_error = 0;
        snprintf(result->sentence, sizeof result->sentence,
                 "without effect it costs nothing and brings nothing");
        return LTV_OK;
    }
    if (status == LTV_OK)
        status = find_other_end(self, assumed, none.gain, &other);
    if (status != LTV_OK)
        return status;
    if ((none.gain < 0) == (other.gain < 0)) {
        say_none(result, none.gain > 0, assumed);
        return LTV_OK;
    }
    double slope = NAN;
    status = find_root(self, none, other, &result->value);
    if (status == LTV_OK && !isnan(gain_error))
        status = find_slope(self, result->value, none.strength, &slope);
    result->standard_error = fabs(gain_error / slope) *
                             sqrt((double)self->scenario->customers / (double)self->customers);
    say(result, assumed);
    return status;
}

/* Value of the arm without the programme, to which the programme's fixed costs are added. */
static ltv_status fill_offset(experiment *self)
{
    ltv_arm without = self->arm;
    size_t index = (size_t)(self->changed - self->arm.interventions);
    without.interventions = calloc(without.n_interventions, sizeof *without.interventions);
    if (without.interventions == NULL)
        return ltv_fail(self->err, LTV_ERR_NO_MEMORY, "no memory to find a break-even");
    without.n_interventions = 0;
    for (size_t k = 0; k < self->arm.n_interventions; k++)
        if (k != index)
            without.interventions[without.n_interventions++] = self->arm.interventions[k];
    ltv_status status = mean_of(self, &without, &self->offset);
    double fixed =
        self->as_assumed.interventions[index].fixed_cost / self->as_assumed.quanta_per_unit;
    self->offset += ltv_scenario_per_customer(self->scenario, fixed);
    free(without.interventions);
    return status;
}

static ltv_status set_up(experiment *self, const ltv_scenario *scenario, const ltv_arm *arm,
                         size_t index)
{
    self->arm = *arm;
    self->arm.interventions = calloc(arm->n_interventions, sizeof *arm->interventions);
    if (self->arm.interventions == NULL)
        return ltv_fail(self->err, LTV_ERR_NO_MEMORY, "no memory to find a break-even");
    memcpy(self->arm.interventions, arm->interventions,
           arm->n_interventions * sizeof *arm->interventions);
    self->changed = &self->arm.interventions[index];
    self->customers = scenario->customers < LTV_BREAK_EVEN_CUSTOMERS ? scenario->customers
                                                                     : LTV_BREAK_EVEN_CUSTOMERS;
    ltv_status status = ltv_program_init(&self->as_assumed, scenario, arm, self->err);
    if (status == LTV_OK)
        status = ltv_pilot_set_limits(&self->as_assumed, (ltv_stream){.seed = scenario->seed},
                                      self->err);
    if (status == LTV_OK)
        status = ltv_mean_study_new(&self->study, scenario, &self->as_assumed, self->customers,
                                    ltv_simulate_threads(scenario, self->options->threads),
                                    &self->assumed_mean, self->err);
    return status == LTV_OK ? fill_offset(self) : status;
}

ltv_status ltv_break_even_find(ltv_break_even *result, const ltv_scenario *scenario,
                               const ltv_arm *arm, size_t index, double gain_error,
                               const ltv_simulate_options *options, ltv_error *err)
{
    const ltv_intervention *assumed = &arm->interventions[index];
    *result = (ltv_break_even){.kind = kind_of(assumed), .value = NAN, .standard_error = NAN};
    if (result->kind == LTV_BREAK_EVEN_NOTHING) {
        snprintf(result->sentence, sizeof result->sentence,
                 "not applicable: it has neither a multiplier nor a probability to vary");
        return LTV_OK;
    }
    experiment self = {.scenario = scenario, .kind = result->kind, .options = options, .err = err};
    ltv_status status = set_up(&self, scenario, arm, index);
    if (status == LTV_OK)
        status = find(&self, result, assumed, gain_error);
    ltv_mean_study_free(self.study);
    ltv_program_free(&self.as_assumed);
    free(self.arm.interventions);
    return status;
}

/* --- as metrics --- */

static ltv_status add_metric(ltv_contrast_estimate *contrast, const char *intervention,
                             const ltv_break_even *found, ltv_error *err)
{
    ltv_metric_list list = {.n = contrast->n_metrics, .metrics = contrast->metrics};
    char name[LTV_METRIC_NAME_SIZE];
    bool probability = found->kind == LTV_BREAK_EVEN_PROBABILITY;
    snprintf(name, sizeof name, "break_even_%s", intervention);
    ltv_metric *metric = ltv_metric_add(
        &list, name, (ltv_mean){found->value, found->standard_error},
        probability ? "probability" : "ratio",
        probability ? "share that the programme must win over for the net gain to be 0"
                    : "multiplier of the programme's first effect at which the net gain is 0");
    ltv_metric_note(metric, "%s", found->sentence);
    contrast->n_metrics = list.n;
    contrast->metrics = list.metrics;
    return list.out_of_memory ? ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the metrics")
                              : LTV_OK;
}

static ltv_status fill_contrast(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                                ltv_contrast contrast, ltv_break_even *known,
                                const ltv_simulate_options *options, ltv_error *err)
{
    const ltv_arm *arm = &scenario->arms[contrast.arm];
    const ltv_arm *against = &scenario->arms[contrast.against];
    ltv_status status = LTV_OK;
    size_t added = 0;
    if (arm->overrides != against->overrides)
        return LTV_OK;
    for (size_t k = 0; k < arm->n_interventions; k++)
        added += !ltv_arm_has_intervention(against, arm->interventions[k].name);
    /* The noise of the contrast's gain, fixed costs having none, is that of the programme's where
     * it is the only one. */
    double gain_error = added == 1 ? estimate->delta_ltv.standard_error : NAN;
    for (size_t k = 0; status == LTV_OK && k < arm->n_interventions; k++) {
        ltv_break_even own, *found = added == 1 ? &own : &known[k];
        if (ltv_arm_has_intervention(against, arm->interventions[k].name))
            continue;
        if (found == &own || found->sentence[0] == '\0')
            status = ltv_break_even_find(found, scenario, arm, k, gain_error, options, err);
        if (status == LTV_OK)
            status = add_metric(estimate, arm->interventions[k].name, found, err);
    }
    return status;
}

ltv_status ltv_break_even_fill(ltv_estimate *estimate, const ltv_scenario *scenario,
                               const ltv_simulate_options *options, ltv_error *err)
{
    /* By arm and programme, found once for all contrasts of the arm; no sentence: not yet. */
    ltv_break_even *known = calloc(scenario->n_arms * LTV_MAX_INTERVENTIONS, sizeof *known);
    if (known == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to find a break-even");
    ltv_status status = LTV_OK;
    for (size_t i = 0; status == LTV_OK && i < scenario->n_contrasts; i++) {
        ltv_contrast contrast = scenario->contrasts[i];
        status = fill_contrast(&estimate->contrasts[i], scenario, contrast,
                               known + contrast.arm * LTV_MAX_INTERVENTIONS, options, err);
    }
    free(known);
    return status;
}
