/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/metrics.h"

#include <math.h>
#include <stdio.h>

#include "models/unit_economics.h"
#include "sim/metric_list.h"

static ltv_mean share_of(int64_t count, int64_t n)
{
    if (n == 0)
        return ltv_plain(NAN);
    double p = (double)count / (double)n;
    return (ltv_mean){p, sqrt(p * (1 - p) / (double)n)};
}

/* Everything that the figures below are made of. */
typedef struct {
    ltv_metric_list list;
    const ltv_scenario *scenario;
    const ltv_group *group;
    const ltv_group_estimate *estimate;
    const ltv_expectation *expected;
    double quanta;     /* per major unit */
    int64_t n;         /* customers */
    uint32_t one_year; /* periods */
    ltv_mean arpu;     /* simulated, major units */
} sheet;

/* Mean of a figure per joined customer, in its own unit: quanta, bills, orders. */
static ltv_mean mean_of(const sheet *s, ltv_figure figure)
{
    ltv_moments moments = ltv_group_moments(s->group, figure);
    return ltv_moments_estimate(&moments);
}

static ltv_mean money_of(const sheet *s, ltv_figure figure)
{
    return ltv_scaled(mean_of(s, figure), 1 / s->quanta);
}

/* Share of the group's customers who pay a bill, with the error of a mean of zeros and ones. */
static ltv_mean share_paying(const sheet *s, uint32_t bill)
{
    if (s->n == 0)
        return ltv_plain(NAN);
    double n = (double)s->n, p = (double)ltv_group_paying(s->group, bill) / n;
    return (ltv_mean){p, s->n > 1 ? sqrt(p * (1 - p) / (n - 1)) : NAN};
}

/* --- the figures --- */

/* The expectation of the plain life plus what was simulated beyond it: the same mean with less
 * noise, since customers whose life would be long anyway make no difference any more. */
static void add_controlled(sheet *s)
{
    const ltv_expectation *e = s->expected;
    ltv_mean controlled = ltv_plain(NAN);
    if (e->exact) {
        controlled = (ltv_mean){e->ltv, 0};
    } else if (s->group->program->has_plain_ltv) {
        controlled = money_of(s, LTV_FIGURE_BEYOND_PLAIN);
        controlled.mean += e->ltv;
    }
    ltv_metric *metric = ltv_metric_add(
        &s->list, "ltv_controlled", controlled, "currency",
        "mean LTV by way of a control variate: the exact expectation of a life in which nothing "
        "happens but that the customer leaves, plus what the simulation finds beyond it");
    if (isnan(controlled.mean))
        ltv_metric_note(metric, "not known with orders or price changes, nor for a part of the "
                                "customers in several draws");
}

static void add_value(sheet *s)
{
    const ltv_value_estimate *ltv = &s->estimate->ltv, *net = &s->estimate->net_ltv;
    ltv_metric_add(&s->list, "ltv", (ltv_mean){ltv->mean, ltv->standard_error}, "currency",
                   "mean LTV: discounted contribution of the bills within the horizon, before CAC");
    add_controlled(s);
    ltv_metric_add(&s->list, "net_ltv", (ltv_mean){net->mean, net->standard_error}, "currency",
                   "mean LTV minus the customer's own CAC");
}

static void add_acquisition(sheet *s)
{
    s->arpu = money_of(s, LTV_FIGURE_FIRST_REVENUE);
    ltv_metric_add(&s->list, "arpu", s->arpu, "currency",
                   "mean revenue of bill 0 per joined customer");
    ltv_metric_add(&s->list, "cac", ltv_plain(s->expected->cac), "currency",
                   "cost to acquire a customer: shares of the channels times their CAC (blended)");
}

static void note_without_cac(const sheet *s, ltv_metric *metric)
{
    if (!(s->expected->cac > 0))
        ltv_metric_note(metric, "not applicable: CAC is 0");
}

static ltv_mean over_cac(double ltv, double standard_error, double cac)
{
    return cac > 0 ? (ltv_mean){ltv / cac, standard_error / cac} : ltv_plain(NAN);
}

static void add_ltv_cac(sheet *s)
{
    const ltv_value_estimate *ltv = &s->estimate->ltv;
    ltv_metric *metric = ltv_metric_add(&s->list, "ltv_cac",
                                        over_cac(ltv->mean, ltv->standard_error, s->expected->cac),
                                        "ratio", "mean LTV over CAC, blended over channels");
    metric->denominator = s->expected->cac;
    note_without_cac(s, metric);
    metric =
        ltv_metric_add(&s->list, "p_ltv_cac_above_3", ltv_plain(NAN), "probability",
                       "share of draws of the uncertain inputs in which LTV/CAC is at least 3");
    ltv_metric_note(metric, "not applicable: no input is uncertain");
}

/* Over the channels that cost something. */
static void add_paid(sheet *s)
{
    ltv_moments moments = ltv_group_paid_ltv(s->group);
    ltv_mean paid = ltv_scaled(ltv_moments_estimate(&moments), 1 / s->quanta);
    double share_paid = (double)moments.n / (double)s->n;
    ltv_metric *metric =
        ltv_metric_add(&s->list, "cac_paid", ltv_plain(s->expected->cac_paid), "currency",
                       "cost to acquire a customer through a channel that has a cost");
    metric->denominator = share_paid;
    note_without_cac(s, metric);
    metric = ltv_metric_add(
        &s->list, "ltv_cac_paid", over_cac(paid.mean, paid.standard_error, s->expected->cac_paid),
        "ratio", "mean LTV over CAC of customers through channels that have a cost");
    metric->denominator = share_paid * s->expected->cac_paid;
    note_without_cac(s, metric);
}

static void add_shares_above_cac(sheet *s)
{
    ltv_above_cac above = ltv_group_above_cac(s->group);
    double share_paid = (double)above.n / (double)s->n;
    ltv_metric *metric = ltv_metric_add(
        &s->list, "share_customers_above_cac", share_of(above.at_least_cac, above.n), "share",
        "customers whose LTV is at least their own CAC, of those with a CAC");
    metric->denominator = share_paid;
    note_without_cac(s, metric);
    metric = ltv_metric_add(
        &s->list, "share_customers_above_3_cac", share_of(above.at_least_3_cac, above.n), "share",
        "customers whose LTV is at least 3 times their own CAC, of those with a CAC");
    metric->denominator = share_paid;
    note_without_cac(s, metric);
    if (above.n > 0 && above.n < s->n)
        ltv_metric_note(metric, "customers without a CAC are left out");
}

static void add_payback(sheet *s)
{
    double cac = s->expected->cac;
    double simple = ltv_formula_payback(cac, s->expected->arpu, s->expected->gross_margin);
    ltv_metric *metric = ltv_metric_add(
        &s->list, "payback_simple", ltv_plain(simple), "period",
        "bills until ARPU x margin covers CAC, before service cost and if nobody left");
    if (isnan(simple))
        ltv_metric_note(metric, "not applicable: a bill brings no margin");
    double survival = cac > 0 ? NAN : 0;
    const double *value = s->estimate->cumulative_discounted_contribution;
    for (uint32_t u = 0; isnan(survival) && u < s->scenario->horizon; u++)
        if (value[u] >= cac - (double)LTV_MONEY_TIE / s->quanta)
            survival = u + 1;
    metric =
        ltv_metric_add(&s->list, "payback_survival", ltv_plain(survival), "period",
                       "bills until mean discounted contribution covers mean CAC, leavers counted");
    if (isnan(survival))
        ltv_metric_note(metric, "not within the horizon");
}

static void add_lifetime(sheet *s)
{
    uint32_t horizon = s->scenario->horizon;
    ltv_metric_add(&s->list, "expected_lifetime", mean_of(s, LTV_FIGURE_BILLS), "period",
                   "mean number of bills paid within the horizon");
    ltv_metric_add(&s->list, "retention_at_horizon", share_paying(s, horizon), "share",
                   "customers active still at the end of the horizon: what it cuts off");
    ltv_mean kept = share_paying(s, 1);
    ltv_metric_add(&s->list, "churn_first_period", (ltv_mean){1 - kept.mean, kept.standard_error},
                   "share", "customers who leave in the first period, every reason together");
}

/* Recurring revenue one year on over that of bill 0, a ratio of means. */
static ltv_mean revenue_kept(const sheet *s, ltv_figure later, ltv_figure both)
{
    ltv_moments first = ltv_group_moments(s->group, LTV_FIGURE_FIRST_RECURRING);
    ltv_moments kept = ltv_group_moments(s->group, later);
    ltv_moments sum = ltv_group_moments(s->group, both);
    double at_first = ltv_moments_mean(&first), ratio = ltv_moments_mean(&kept) / at_first;
    return (ltv_mean){ratio, ltv_ratio_error(ratio, at_first, &kept, &first, &sum)};
}

static void add_revenue_kept(sheet *s, const char *name, ltv_figure later, ltv_figure both,
                             const char *meaning)
{
    bool within = s->one_year <= s->scenario->horizon;
    bool revenue = mean_of(s, LTV_FIGURE_FIRST_RECURRING).mean > 0;
    ltv_mean kept = within && revenue ? revenue_kept(s, later, both) : ltv_plain(NAN);
    ltv_metric *metric = ltv_metric_add(&s->list, name, kept, "share", meaning);
    metric->denominator = mean_of(s, LTV_FIGURE_FIRST_RECURRING).mean;
    if (!within)
        ltv_metric_note(metric, "the horizon is shorter than a year");
    else if (!revenue)
        ltv_metric_note(metric, "not applicable: no recurring revenue");
}

static void add_one_year(sheet *s)
{
    bool within = s->one_year <= s->scenario->horizon;
    ltv_mean crr = within ? share_paying(s, s->one_year) : ltv_plain(NAN);
    ltv_metric *metric = ltv_metric_add(&s->list, "crr_1y", crr, "share",
                                        "customer retention: customers who still pay one year on");
    if (!within)
        ltv_metric_note(metric, "the horizon is shorter than a year");
    add_revenue_kept(s, "nrr_1y", LTV_FIGURE_YEAR_RECURRING, LTV_FIGURE_RECURRING_BOTH,
                     "net revenue retention: recurring revenue one year on over that of bill 0");
    add_revenue_kept(s, "grr_1y", LTV_FIGURE_YEAR_CAPPED, LTV_FIGURE_CAPPED_BOTH,
                     "gross revenue retention: the same, each customer capped at his first bill");
}

static void add_ltv_by_month(sheet *s)
{
    static const struct {
        const char *name, *meaning;
    } by[LTV_CHECKPOINTS] = {{"ltv_by_month_12", "mean LTV of the bills of the first year"},
                             {"ltv_by_month_36", "mean LTV of the bills of the first three years"},
                             {"ltv_by_month_60", "mean LTV of the bills of the first five years"}};
    for (unsigned k = 0; k < LTV_CHECKPOINTS; k++) {
        bool within = s->group->program->checkpoint[k] > 0;
        ltv_metric *metric = ltv_metric_add(
            &s->list, by[k].name, money_of(s, LTV_FIGURE_LTV_BY + k), "currency", by[k].meaning);
        if (!within)
            ltv_metric_note(metric, "beyond the horizon");
    }
}

static void add_ltv_in_phases(sheet *s)
{
    const double *by = s->estimate->ltv.by_period;
    uint32_t horizon = s->scenario->horizon;
    for (size_t i = 0; i < s->scenario->n_phases; i++) {
        const ltv_phase *phase = &s->scenario->phases[i];
        char name[LTV_METRIC_NAME_SIZE];
        uint32_t until = phase->until < horizon ? phase->until : horizon;
        double value = NAN;
        if (phase->from < until)
            value = by[until - 1] - (phase->from > 0 ? by[phase->from - 1] : 0);
        snprintf(name, sizeof name, "ltv_in_phase_%s", phase->name);
        ltv_metric *metric = ltv_metric_add(&s->list, name, ltv_plain(value), "currency",
                                            "mean LTV of the bills in the phase");
        if (isnan(value))
            ltv_metric_note(metric, "beyond the horizon");
        else if (phase->until > horizon && phase->until != UINT32_MAX)
            ltv_metric_note(metric, "up to the horizon");
    }
}

/* --- programmes and orders --- */

/* Counts are of the whole arm: programmes are not counted by segment or channel. */
static void add_contacts(sheet *s)
{
    const ltv_program *program = s->group->program;
    for (size_t k = 0; ltv_group_is_all(s->group) && k < program->n_interventions; k++) {
        char name[LTV_METRIC_NAME_SIZE];
        double n = (double)s->n;
        snprintf(name, sizeof name, "contacts_%s", program->interventions[k].definition->name);
        ltv_metric_add(&s->list, name, ltv_plain((double)s->group->tally->contacts[k] / n),
                       "per customer", "contacts by this programme per joined customer");
        snprintf(name, sizeof name, "participants_%s", program->interventions[k].definition->name);
        ltv_metric_add(&s->list, name, ltv_plain((double)s->group->tally->participants[k] / n),
                       "per customer", "times that a customer took part, per joined customer");
    }
}

static void add_programmes(sheet *s)
{
    if (s->estimate->programme_cost == NULL)
        return;
    static const char no_count[] = "the scenario does not say customers.count";
    bool has = s->group->program->n_interventions > 0;
    ltv_mean cost = has ? money_of(s, LTV_FIGURE_PROGRAMME_COST) : (ltv_mean){0, 0};
    double fixed =
        ltv_scenario_per_customer(s->scenario, s->group->program->fixed_cost / s->quanta);
    ltv_metric *metric = ltv_metric_add(
        &s->list, "programme_cost", (ltv_mean){cost.mean + fixed, cost.standard_error}, "currency",
        "mean discounted cost of programmes per joined customer: contacts, participants, periods, "
        "price_off given and fixed costs");
    if (isnan(fixed))
        ltv_metric_note(metric, "%s", no_count);
    ltv_metric_add(&s->list, "programme_cost_in_ltv", cost, "currency",
                   "the part of programme_cost that is not fixed; LTV is after it");
    metric = ltv_metric_add(&s->list, "programme_fixed_cost", ltv_plain(fixed), "currency",
                            "the part of programme_cost that is fixed, per customer of the real "
                            "cohort; LTV is before it");
    if (isnan(fixed))
        ltv_metric_note(metric, "%s", no_count);
    add_contacts(s);
}

static void add_orders(sheet *s)
{
    if (s->group->program->orders.rate > 0)
        ltv_metric_add(&s->list, "orders_per_customer", mean_of(s, LTV_FIGURE_ORDERS),
                       "per customer", "mean number of orders within the horizon");
}

static void note_if_eventful(ltv_metric *metric, const ltv_expectation *expected)
{
    if (!expected->exact)
        ltv_metric_note(metric, "simulated only: plans, orders or programmes change what happens");
}

static void add_closed_forms(sheet *s)
{
    const ltv_expectation *e = s->expected;
    bool leaves = e->churn_first_period > 0;
    ltv_metric *metric = ltv_metric_add(
        &s->list, "closed_form_ltv", ltv_plain(leaves ? e->spreadsheet_ltv : NAN), "currency",
        "the spreadsheet's LTV: ARPU x gross margin / churn of the first period, as if there were "
        "no contract terms and price changes");
    if (!leaves)
        ltv_metric_note(metric, "infinite: nobody leaves in the first period");
    metric = ltv_metric_add(&s->list, "closed_form_ltv_cac",
                            leaves ? over_cac(e->spreadsheet_ltv, NAN, e->cac) : ltv_plain(NAN),
                            "ratio", "the spreadsheet's LTV over the CAC");
    note_without_cac(s, metric);
    if (e->cac > 0 && !leaves)
        ltv_metric_note(metric, "infinite: nobody leaves in the first period");
    ltv_metric_add(&s->list, "closed_form_ltv_annual",
                   ltv_plain(e->arpu * e->gross_margin * e->lifetime), "currency",
                   "annual value x gross margin x expected years within the horizon, likewise, "
                   "undiscounted");
    metric =
        ltv_metric_add(&s->list, "expected_ltv", ltv_plain(e->exact ? e->ltv : NAN), "currency",
                       "exact expectation of LTV within the horizon, without simulating");
    note_if_eventful(metric, e);
    metric =
        ltv_metric_add(&s->list, "expected_discounted_lifetime",
                       ltv_plain(e->exact ? e->discounted_lifetime : NAN), "period",
                       "exact expectation of the discounted number of bills within the horizon");
    note_if_eventful(metric, e);
    static const char *const only_sbg = "only for a plain, discounted beta_geometric retention";
    metric = ltv_metric_add(
        &s->list, "closed_form_discounted_lifetime", ltv_plain(e->sbg_lifetime), "period",
        "expected discounted bills of a new customer, to the end of time (2F1)");
    if (isnan(e->sbg_lifetime))
        ltv_metric_note(metric, "%s", only_sbg);
    metric = ltv_metric_add(
        &s->list, "closed_form_residual_lifetime", ltv_plain(e->sbg_residual_lifetime), "period",
        "expected discounted bills after the horizon of one who paid its last (2F1)");
    if (isnan(e->sbg_residual_lifetime))
        ltv_metric_note(metric, "%s", only_sbg);
    metric =
        ltv_metric_add(&s->list, "value_beyond_horizon", ltv_plain(e->beyond_horizon), "currency",
                       "expected discounted contribution of the bills that the horizon cuts off");
    ltv_metric_note(metric, "%s", e->beyond_note);
}

/* A group that nobody joined has no figures. */
static void leave_empty(ltv_metric_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        list->metrics[i].value = list->metrics[i].mc_standard_error = NAN;
        ltv_metric_note(&list->metrics[i], "no simulated customer is in this group");
    }
}

ltv_status ltv_metrics_of_group(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                                const ltv_group *group, const ltv_expectation *expectation,
                                ltv_error *err)
{
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    sheet s = {.scenario = scenario,
               .group = group,
               .estimate = estimate,
               .quanta = quanta,
               .expected = expectation,
               .n = ltv_group_size(group),
               .one_year = (uint32_t)ltv_periods_per_year(scenario->time_unit)};
    add_value(&s);
    add_acquisition(&s);
    add_ltv_cac(&s);
    add_shares_above_cac(&s);
    add_payback(&s);
    add_lifetime(&s);
    add_one_year(&s);
    add_ltv_by_month(&s);
    add_ltv_in_phases(&s);
    add_programmes(&s);
    add_orders(&s);
    add_paid(&s);
    add_closed_forms(&s);
    if (s.n == 0)
        leave_empty(&s.list);
    estimate->n_metrics = s.list.n;
    estimate->metrics = s.list.metrics;
    return s.list.out_of_memory ? ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the metrics")
                                : LTV_OK;
}
