/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/contrast.h"

#include <math.h>
#include <stdlib.h>

#include "sim/group.h"
#include "sim/metric_list.h"
#include "sim/who_gains.h"

/* One of the two arms. */
typedef struct {
    const ltv_arm *arm;
    const ltv_program *program;
    ltv_flows flows;
} side;

/* Everything that the figures are made of. Money in major units per joined customer. */
typedef struct {
    ltv_metric_list list;
    ltv_contrast_estimate *estimate;
    const ltv_scenario *scenario;
    const ltv_contrast_tally *tally;
    side arm, against;
    double quanta;                 /* per major unit */
    double n;                      /* simulated customers */
    double cohort;                 /* customers of the real cohort; 0 when not said */
    ltv_moments delta[LTV_DELTAS]; /* of all customers, quanta */
    double fixed;                  /* added fixed costs, discounted */
    double cost;                   /* added programme cost, fixed costs included */
    bool of_programmes;
} sheet;

bool ltv_contrast_is_of_programmes(const ltv_scenario *scenario, const ltv_contrast_tally *tally)
{
    return scenario->arms[tally->arm].overrides == scenario->arms[tally->against].overrides;
}

/* --- curves --- */

/* Fixed costs of the cohort that fall due at a bill. */
static double fixed_at(const side *of, uint32_t bill)
{
    double cost = 0;
    for (size_t k = 0; k < of->arm->n_interventions; k++) {
        const ltv_intervention *intervention = &of->arm->interventions[k];
        cost += intervention->fixed_per_period + (bill == 0 ? intervention->fixed : 0);
    }
    return cost;
}

/* Contribution minus programme costs of all customers at a bill, in quanta. */
static double left_over_at(const side *of, uint32_t bill)
{
    return ltv_flows_contribution(&of->flows, of->program, bill) -
           of->flows.at[LTV_FLOW_COSTS][bill];
}

static void fill_curves(sheet *s)
{
    double gain = 0, cash = 0;
    for (uint32_t u = 0; u < s->scenario->horizon; u++) {
        double more =
            (left_over_at(&s->arm, u) - left_over_at(&s->against, u)) / s->n / s->quanta -
            ltv_scenario_per_customer(s->scenario, fixed_at(&s->arm, u) - fixed_at(&s->against, u));
        gain += more * s->arm.program->discount[u];
        cash += more;
        s->estimate->cumulative_gain[u] = gain;
        s->estimate->cumulative_cash[u] = cash;
    }
    for (uint32_t u = 0; u <= s->scenario->horizon; u++)
        s->estimate->delta_retention[u] =
            (s->arm.flows.at[LTV_FLOW_PAYING][u] - s->against.flows.at[LTV_FLOW_PAYING][u]) / s->n;
}

/* How deep the undiscounted curve goes. */
static double cash_needed(const sheet *s)
{
    double deepest = 0;
    for (uint32_t u = 0; u < s->scenario->horizon; u++) {
        double cash = s->estimate->cumulative_cash[u];
        deepest = cash < deepest || isnan(cash) ? cash : deepest;
    }
    return -deepest;
}

/* Rounding of amounts may make a curve that is 0 look as if it were not: a quantum a bill. */
static double room_for_rounding(const sheet *s)
{
    return s->scenario->horizon / s->quanta;
}

/* --- the figures --- */

static const char no_count[] = "the scenario does not say customers.count";
static const char no_cost[] = "not applicable: no programme cost is added";

static ltv_mean delta_mean(const sheet *s, ltv_delta delta)
{
    return ltv_scaled(ltv_moments_estimate(&s->delta[delta]), 1 / s->quanta);
}

static ltv_mean net_gain(const sheet *s)
{
    ltv_mean gain = delta_mean(s, LTV_DELTA_LTV);
    gain.mean -= s->fixed;
    return gain;
}

/* A figure of the real cohort. */
static void add_total(sheet *s, const char *name, ltv_mean value, const char *meaning)
{
    bool said = s->cohort > 0;
    ltv_mean total = said ? ltv_scaled(value, s->cohort) : ltv_plain(NAN);
    ltv_metric *metric = ltv_metric_add(&s->list, name, total, "currency", meaning);
    if (!said)
        ltv_metric_note(metric, "%s", no_count);
}

static void add_gains(sheet *s)
{
    ltv_mean delta = delta_mean(s, LTV_DELTA_LTV);
    ltv_metric_add(&s->list, "delta_ltv", delta, "currency",
                   "mean difference of LTV, customer by customer on the same luck");
    add_total(s, "delta_ltv_total", delta,
              "difference of mean LTV times the customers of the real cohort");
    ltv_metric *metric =
        ltv_metric_add(&s->list, "net_gain", net_gain(s), "currency",
                       "mean difference of LTV minus added fixed costs, per joined customer");
    if (isnan(s->fixed))
        ltv_metric_note(metric, "%s", no_count);
    add_total(s, "net_gain_total", net_gain(s), "net gain times the customers of the real cohort");
}

static void add_costs(sheet *s)
{
    ltv_mean cost = {s->cost, delta_mean(s, LTV_DELTA_COST).standard_error};
    ltv_metric *metric =
        ltv_metric_add(&s->list, "programme_cost", cost, "currency",
                       "added programme cost, discounted, per joined customer: contacts, "
                       "participants, periods, price_off given and fixed costs");
    if (isnan(s->cost))
        ltv_metric_note(metric, "%s", no_count);
    metric = ltv_metric_add(&s->list, "fixed_cost", ltv_plain(s->fixed), "currency",
                            "the part of programme_cost that is fixed, per joined customer");
    if (isnan(s->fixed))
        ltv_metric_note(metric, "%s", no_count);
}

static void add_roi(sheet *s)
{
    ltv_mean roi = ltv_plain(NAN);
    if (s->of_programmes && s->cost > 0) {
        roi.mean = net_gain(s).mean / s->cost;
        roi.standard_error =
            ltv_ratio_error(roi.mean, s->cost * s->quanta, &s->delta[LTV_DELTA_LTV],
                            &s->delta[LTV_DELTA_COST], &s->delta[LTV_DELTA_BOTH]);
    }
    ltv_metric *metric =
        ltv_metric_add(&s->list, "roi", roi, "ratio", "net gain over the added programme cost");
    metric->denominator = s->cost;
    if (!s->of_programmes)
        ltv_metric_note(metric, "not applicable: the arms differ in more than interventions");
    else if (isnan(s->cost))
        ltv_metric_note(metric, "%s", no_count);
    else if (!(s->cost > 0))
        ltv_metric_note(metric, "%s", no_cost);
    metric = ltv_metric_add(&s->list, "p_roi_above_0", ltv_plain(NAN), "probability",
                            "share of draws of the uncertain inputs in which ROI is above 0");
    ltv_metric_note(metric, "not applicable: no input is uncertain");
    metric = ltv_metric_add(&s->list, "p_loss", ltv_plain(NAN), "probability",
                            "share of draws of the uncertain inputs in which net gain is below 0");
    ltv_metric_note(metric, "not applicable: no input is uncertain; the simulation's own error is "
                            "not a probability of loss");
}

static void add_cash(sheet *s)
{
    bool said = s->cohort > 0;
    double needed = cash_needed(s);
    double cash = needed > room_for_rounding(s) || isnan(needed) ? needed : 0;
    ltv_metric *metric = ltv_metric_add(
        &s->list, "cash_needed", ltv_plain(said ? cash * s->cohort : cash), "currency",
        "deepest point of the cumulative undiscounted gain of the real cohort, fixed costs "
        "included: money to be put up before it comes back");
    if (!said)
        ltv_metric_note(metric, isnan(cash) ? no_count : "per joined customer");
}

/* Bills after which the cumulative gain is never below 0 again; NaN: not within the horizon. */
static double bills_until_paid_back(const sheet *s)
{
    uint32_t bills = s->scenario->horizon;
    while (bills > 0 && s->estimate->cumulative_gain[bills - 1] >= -room_for_rounding(s))
        bills--;
    /* Bill number `bills` is the last one with a loss so far, counted from 1. */
    if (bills == s->scenario->horizon)
        return NAN;
    return bills == 0 ? 0 : bills + 1;
}

static void add_payback(sheet *s)
{
    double bills = s->cost > 0 ? bills_until_paid_back(s) : NAN;
    ltv_metric *metric =
        ltv_metric_add(&s->list, "payback", ltv_plain(bills), "period",
                       "bills until the cumulative discounted gain, fixed costs included, is at "
                       "least 0 for good");
    if (isnan(s->cost))
        ltv_metric_note(metric, "%s", no_count);
    else if (!(s->cost > 0))
        ltv_metric_note(metric, "%s", no_cost);
    else if (isnan(bills))
        ltv_metric_note(metric, "not within the horizon");
    else if (bills == 0)
        ltv_metric_note(metric, "the cumulative gain is never below 0");
}

/* Whether the horizon ends less than a year after each of the contacts, and there are some. */
static bool is_too_early_to_tell(const sheet *s)
{
    return s->tally->followed == 0 && s->tally->not_followed > 0;
}

/* Mean number of saved customers per joined one; NaN where nobody can be or it is not seen. */
static ltv_mean saved(const sheet *s)
{
    return is_too_early_to_tell(s) ? ltv_plain(NAN) : ltv_moments_estimate(&s->tally->saved);
}

static const char too_early[] = "a year after the first contact lies beyond the horizon";

/* Whether some contract of either arm comes up for renewal a year after joining. */
static bool renews_after_a_year(const sheet *s)
{
    uint32_t one_year = s->arm.program->one_year;
    const side *sides[] = {&s->arm, &s->against};
    for (size_t i = 0; i < 2; i++)
        for (size_t p = 0; p < sides[i]->arm->n_plans; p++) {
            uint32_t term = sides[i]->arm->plans[p].term;
            if (term > 1 && one_year % term == 0)
                return true;
        }
    return false;
}

static void add_saved(sheet *s)
{
    ltv_mean kept = ltv_moments_estimate(&s->tally->pays_one_year_on);
    bool within = !isnan(kept.mean);
    ltv_metric *metric = ltv_metric_add(&s->list, "delta_retention_1y", kept, "share",
                                        "difference of the shares who still pay one year on");
    if (!within)
        ltv_metric_note(metric, "the horizon is shorter than a year");
    else if (renews_after_a_year(s))
        ltv_metric_note(metric, "read just after contracts that began at joining are renewed: who "
                                "does not renew has left");
    metric = ltv_metric_add(&s->list, "saved_1y", saved(s), "share",
                            "customers who pay one year after the first contact by a programme of "
                            "this arm alone and would not otherwise, net, per joined customer");
    if (!within)
        ltv_metric_note(metric, "the horizon is shorter than a year");
    else if (is_too_early_to_tell(s))
        ltv_metric_note(metric, "%s", too_early);
    else if (isnan(saved(s).mean))
        ltv_metric_note(metric, "not applicable: the arm has no programme of its own");
    else if (s->cohort > 0)
        ltv_metric_note(metric, "%.0f customers of the cohort of %.0f", saved(s).mean * s->cohort,
                        s->cohort);
    ltv_metric_add(&s->list, "cancellations_prevented", ltv_moments_estimate(&s->tally->saves),
                   "per customer",
                   "churn intents and payment failures averted by programmes, difference of the "
                   "arms, per joined customer");
}

static void add_efficiency(sheet *s)
{
    double saves = saved(s).mean, added = (double)s->delta[LTV_DELTA_COST].sum;
    bool applies = saves > 0 && s->cost > 0;
    ltv_metric *metric =
        ltv_metric_add(&s->list, "cost_per_save", ltv_plain(applies ? s->cost / saves : NAN),
                       "currency", "added programme cost per customer saved (saved_1y)");
    if (is_too_early_to_tell(s))
        ltv_metric_note(metric, "%s", too_early);
    else if (!(saves > 0))
        ltv_metric_note(metric, "not applicable: nobody is saved");
    else if (!applies)
        ltv_metric_note(metric, "%s", isnan(s->cost) ? no_count : no_cost);
    double share = added > 0 ? (double)s->tally->deadweight / added : NAN;
    bool exchanged = share < 0 || share > 1; /* some costs are saved elsewhere */
    share = exchanged ? NAN : share;
    metric = ltv_metric_add(&s->list, "deadweight", ltv_plain(share), "share",
                            "of the added programme cost before fixed costs: what is spent on "
                            "customers for whom nothing changes, neither bills nor value");
    if (exchanged)
        ltv_metric_note(metric, "not applicable: programmes cost more for some customers and less "
                                "for others, so that there is no whole to have a share in");
    else if (isnan(share))
        ltv_metric_note(metric, "%s", no_cost);
}

/* --- putting it together --- */

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the differences of arms");
}

static bool fill_flows(side *of, const ltv_tally *tally, size_t arm)
{
    ltv_group all = ltv_group_all(of->program, &tally->arms[arm]);
    return ltv_group_flows(&all, &of->flows);
}

static void sum_up(sheet *s)
{
    for (size_t i = 0; i < s->tally->n_cells; i++)
        for (int delta = 0; delta < LTV_DELTAS; delta++)
            ltv_moments_merge(&s->delta[delta], &s->tally->cells[i][delta]);
    s->n = (double)s->delta[LTV_DELTA_LTV].n;
    s->fixed = ltv_scenario_per_customer(
        s->scenario, (s->arm.program->fixed_cost - s->against.program->fixed_cost) / s->quanta);
    s->cost = delta_mean(s, LTV_DELTA_COST).mean + s->fixed;
}

static void fill_metrics(sheet *s)
{
    add_gains(s);
    add_costs(s);
    add_roi(s);
    add_cash(s);
    add_payback(s);
    add_saved(s);
    add_efficiency(s);
    s->estimate->n_metrics = s->list.n;
    s->estimate->metrics = s->list.metrics;
}

static sheet sheet_of(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                      const ltv_program *programs, const ltv_tally *tally, size_t index)
{
    const ltv_contrast_tally *of = &tally->contrasts[index];
    sheet s = {.estimate = estimate,
               .scenario = scenario,
               .tally = of,
               .arm = {.arm = &scenario->arms[of->arm], .program = &programs[of->arm]},
               .against = {.arm = &scenario->arms[of->against], .program = &programs[of->against]},
               .quanta = ltv_money_quanta_per_unit(scenario->currency_decimals),
               .cohort = (double)scenario->cohort_size,
               .of_programmes = ltv_contrast_is_of_programmes(scenario, of)};
    sum_up(&s);
    return s;
}

ltv_status ltv_contrast_fill_curves(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                                    const ltv_program *programs, const ltv_tally *tally,
                                    size_t index, ltv_error *err)
{
    sheet s = sheet_of(estimate, scenario, programs, tally, index);
    size_t n = (size_t)scenario->horizon + 1;
    estimate->delta_retention = calloc(n, sizeof *estimate->delta_retention);
    estimate->cumulative_gain = calloc(n, sizeof *estimate->cumulative_gain);
    estimate->cumulative_cash = calloc(n, sizeof *estimate->cumulative_cash);
    bool ok = estimate->delta_retention != NULL && estimate->cumulative_gain != NULL &&
              estimate->cumulative_cash != NULL;
    ok = ok && fill_flows(&s.arm, tally, s.tally->arm);
    ok = ok && fill_flows(&s.against, tally, s.tally->against);
    if (ok)
        fill_curves(&s);
    ltv_flows_free(&s.arm.flows);
    ltv_flows_free(&s.against.flows);
    return ok ? LTV_OK : no_memory(err);
}

ltv_status ltv_contrast_fill_metrics(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                                     const ltv_program *programs, const ltv_tally *tally,
                                     size_t index, bool and_who_gains, ltv_error *err)
{
    sheet s = sheet_of(estimate, scenario, programs, tally, index);
    fill_metrics(&s);
    if (s.list.out_of_memory)
        return no_memory(err);
    if (!and_who_gains)
        return LTV_OK;
    return ltv_who_gains_fill(estimate, scenario, s.tally, s.of_programmes, net_gain(&s).mean, err);
}
