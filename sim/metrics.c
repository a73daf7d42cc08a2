/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/metrics.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/unit_economics.h"

/* A growing list, filled by add(). */
typedef struct {
    size_t n;
    ltv_metric *metrics;
    bool out_of_memory;
} metric_list;

static ltv_metric *add(metric_list *list, const char *name, ltv_mean value, const char *unit,
                       const char *meaning)
{
    static ltv_metric nowhere;
    ltv_metric *grown = realloc(list->metrics, (list->n + 1) * sizeof *grown);
    if (grown == NULL) {
        list->out_of_memory = true;
        return &nowhere;
    }
    list->metrics = grown;
    grown[list->n] = (ltv_metric){.value = value.mean,
                                  .mc_standard_error = value.standard_error,
                                  .unit = unit,
                                  .meaning = meaning};
    snprintf(grown[list->n].name, sizeof grown->name, "%s", name);
    return &grown[list->n++];
}

__attribute__((format(printf, 2, 3))) static void note(ltv_metric *metric, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(metric->note, sizeof metric->note, format, arguments);
    va_end(arguments);
}

/* A figure without simulation noise, or whose noise is not known. */
static ltv_mean plain(double value)
{
    return (ltv_mean){value, NAN};
}

static ltv_mean in_units(ltv_mean quanta, double quanta_per_unit)
{
    return (ltv_mean){quanta.mean / quanta_per_unit, quanta.standard_error / quanta_per_unit};
}

static ltv_mean share_of(int64_t count, int64_t n)
{
    if (n == 0)
        return plain(NAN);
    double p = (double)count / (double)n;
    return (ltv_mean){p, sqrt(p * (1 - p) / (double)n)};
}

/* Everything that the figures below are made of. */
typedef struct {
    metric_list list;
    const ltv_scenario *scenario;
    const ltv_group *group;
    const ltv_group_estimate *estimate;
    const ltv_expectation *expected;
    double quanta;     /* per major unit */
    int64_t n;         /* customers */
    uint32_t one_year; /* periods */
    ltv_mean arpu;     /* simulated, major units */
} sheet;

/* --- lines: what one customer counts for, see group.h --- */

static ltv_line first_bill_revenue(const void *context, const ltv_program *program, size_t segment,
                                   uint32_t leaves_before)
{
    (void)context;
    (void)leaves_before;
    return (ltv_line){.per_spend = program->segments[segment].revenue_per_bill};
}

static ltv_line bills_paid(const void *context, const ltv_program *program, size_t segment,
                           uint32_t leaves_before)
{
    (void)context;
    (void)segment;
    return (ltv_line){.fixed =
                          leaves_before <= program->horizon ? leaves_before : program->horizon};
}

static ltv_line pays_bill(const void *context, const ltv_program *program, size_t segment,
                          uint32_t leaves_before)
{
    (void)program;
    (void)segment;
    return (ltv_line){.fixed = leaves_before > *(const uint32_t *)context};
}

/* LTV of the first *context bills. */
static ltv_line value_of_bills(const void *context, const ltv_program *program, size_t segment,
                               uint32_t leaves_before)
{
    uint32_t bills = *(const uint32_t *)context;
    bills = leaves_before < bills ? leaves_before : bills;
    return (ltv_line){
        .per_spend = (double)program->segments[segment].discounted_margin[bills],
        .fixed = -(double)program->segments[segment].discounted_service[bills],
    };
}

typedef struct {
    uint32_t bill;
    double ratio;
} revenue_residual;

/* Recurring revenue at a bill minus `ratio` times that of bill 0: its mean is 0, and its error
 * is that of the ratio (delta method). */
static ltv_line revenue_kept(const void *context, const ltv_program *program, size_t segment,
                             uint32_t leaves_before)
{
    const revenue_residual *residual = context;
    double kept = leaves_before > residual->bill ? 1 : 0;
    return (ltv_line){.per_spend =
                          program->segments[segment].revenue_per_bill * (kept - residual->ratio)};
}

/* --- the figures --- */

static void add_value(sheet *s)
{
    const ltv_value_estimate *ltv = &s->estimate->ltv, *net = &s->estimate->net_ltv;
    add(&s->list, "ltv", (ltv_mean){ltv->mean, ltv->standard_error}, "currency",
        "mean LTV: discounted contribution of the bills within the horizon, before CAC");
    add(&s->list, "net_ltv", (ltv_mean){net->mean, net->standard_error}, "currency",
        "mean LTV minus the customer's own CAC");
}

static void add_acquisition(sheet *s)
{
    s->arpu = in_units(ltv_group_mean_of(s->group, first_bill_revenue, NULL), s->quanta);
    add(&s->list, "arpu", s->arpu, "currency", "mean revenue of bill 0 per joined customer");
    add(&s->list, "cac", plain(s->expected->cac), "currency",
        "cost to acquire a customer: shares of the channels times their CAC (blended)");
}

static void note_without_cac(const sheet *s, ltv_metric *metric)
{
    if (!(s->expected->cac > 0))
        note(metric, "not applicable: CAC is 0");
}

static ltv_mean over_cac(double ltv, double standard_error, double cac)
{
    return cac > 0 ? (ltv_mean){ltv / cac, standard_error / cac} : plain(NAN);
}

static void add_ltv_cac(sheet *s)
{
    const ltv_value_estimate *ltv = &s->estimate->ltv;
    ltv_metric *metric =
        add(&s->list, "ltv_cac", over_cac(ltv->mean, ltv->standard_error, s->expected->cac),
            "ratio", "mean LTV over CAC, blended over channels");
    note_without_cac(s, metric);
    metric = add(&s->list, "p_ltv_cac_above_3", plain(NAN), "probability",
                 "share of draws of the uncertain inputs in which LTV/CAC is at least 3");
    note(metric, "not applicable: no input is uncertain");
}

/* Over the channels that cost something. */
static void add_paid(sheet *s)
{
    ltv_moments paid = {0};
    for (size_t c = s->group->first_channel; c < s->group->end_channel; c++) {
        if (s->group->program->cac[c] == 0)
            continue;
        ltv_group channel = ltv_group_in_channel(s->group, c);
        ltv_moments moments = ltv_group_ltv(&channel);
        ltv_moments_merge(&paid, &moments);
    }
    double error = sqrt(ltv_moments_variance(&paid) / (double)paid.n);
    ltv_metric *metric = add(&s->list, "cac_paid", plain(s->expected->cac_paid), "currency",
                             "cost to acquire a customer through a channel that has a cost");
    note_without_cac(s, metric);
    metric =
        add(&s->list, "ltv_cac_paid",
            over_cac(ltv_moments_mean(&paid) / s->quanta, error / s->quanta, s->expected->cac_paid),
            "ratio", "mean LTV over CAC of customers through channels that have a cost");
    note_without_cac(s, metric);
}

static void add_shares_above_cac(sheet *s)
{
    ltv_above_cac above = ltv_group_above_cac(s->group);
    ltv_metric *metric =
        add(&s->list, "share_customers_above_cac", share_of(above.at_least_cac, above.n), "share",
            "customers whose LTV is at least their own CAC, of those with a CAC");
    note_without_cac(s, metric);
    metric =
        add(&s->list, "share_customers_above_3_cac", share_of(above.at_least_3_cac, above.n),
            "share", "customers whose LTV is at least 3 times their own CAC, of those with a CAC");
    note_without_cac(s, metric);
    if (above.n > 0 && above.n < s->n)
        note(metric, "customers without a CAC are left out");
}

static void add_payback(sheet *s)
{
    double cac = s->expected->cac;
    double simple = ltv_formula_payback(cac, s->expected->arpu, s->group->program->gross_margin);
    ltv_metric *metric =
        add(&s->list, "payback_simple", plain(simple), "period",
            "bills until ARPU x margin covers CAC, before service cost and if nobody left");
    if (isnan(simple))
        note(metric, "not applicable: a bill brings no margin");
    double survival = cac > 0 ? NAN : 0;
    const double *value = s->estimate->cumulative_discounted_contribution;
    for (uint32_t u = 0; isnan(survival) && u < s->scenario->horizon; u++)
        if (value[u] >= cac * (1 - 1e-12))
            survival = u + 1;
    metric = add(&s->list, "payback_survival", plain(survival), "period",
                 "bills until mean discounted contribution covers mean CAC, leavers counted");
    if (isnan(survival))
        note(metric, "not within the horizon");
}

static void add_lifetime(sheet *s)
{
    uint32_t horizon = s->scenario->horizon;
    add(&s->list, "expected_lifetime", ltv_group_mean_of(s->group, bills_paid, NULL), "period",
        "mean number of bills paid within the horizon");
    add(&s->list, "retention_at_horizon", ltv_group_mean_of(s->group, pays_bill, &horizon), "share",
        "customers active still at the end of the horizon: what it cuts off");
    uint32_t one = 1;
    ltv_mean kept = ltv_group_mean_of(s->group, pays_bill, &one);
    add(&s->list, "churn_first_period", (ltv_mean){1 - kept.mean, kept.standard_error}, "share",
        "customers who leave in the first period, every reason together");
}

static double mean_revenue_at(const sheet *s, uint32_t bill)
{
    revenue_residual at = {.bill = bill, .ratio = 0};
    return ltv_group_mean_of(s->group, revenue_kept, &at).mean;
}

static void add_one_year(sheet *s)
{
    bool within = s->one_year <= s->scenario->horizon;
    ltv_mean crr = within ? ltv_group_mean_of(s->group, pays_bill, &s->one_year) : plain(NAN);
    ltv_metric *metric = add(&s->list, "crr_1y", crr, "share",
                             "customer retention: customers who still pay one year on");
    if (!within)
        note(metric, "the horizon is shorter than a year");
    ltv_mean nrr = plain(NAN);
    bool revenue = s->arpu.mean > 0;
    if (within && revenue) {
        revenue_residual residual = {.bill = s->one_year};
        residual.ratio = mean_revenue_at(s, s->one_year) / (s->arpu.mean * s->quanta);
        nrr.mean = residual.ratio;
        nrr.standard_error = ltv_group_mean_of(s->group, revenue_kept, &residual).standard_error /
                             (s->arpu.mean * s->quanta);
    }
    /* Prices do not change, so nobody's bill outgrows his first: gross equals net. */
    static const struct {
        const char *name, *meaning;
    } kept[] = {
        {"nrr_1y", "net revenue retention: recurring revenue one year on over that of bill 0"},
        {"grr_1y", "gross revenue retention: the same, each customer capped at his first bill"},
    };
    for (int i = 0; i < 2; i++) {
        metric = add(&s->list, kept[i].name, nrr, "share", kept[i].meaning);
        if (!within)
            note(metric, "the horizon is shorter than a year");
        else if (!revenue)
            note(metric, "not applicable: no recurring revenue");
    }
}

static void add_ltv_by_month(sheet *s)
{
    static const struct {
        uint32_t months;
        const char *name, *meaning;
    } by[] = {{12, "ltv_by_month_12", "mean LTV of the bills of the first year"},
              {36, "ltv_by_month_36", "mean LTV of the bills of the first three years"},
              {60, "ltv_by_month_60", "mean LTV of the bills of the first five years"}};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        uint32_t bills = ltv_periods_in_months(s->scenario->time_unit, by[i].months);
        bool within = bills > 0 && bills <= s->scenario->horizon;
        ltv_mean value = within ? ltv_group_mean_of(s->group, value_of_bills, &bills) : plain(NAN);
        ltv_metric *metric =
            add(&s->list, by[i].name, in_units(value, s->quanta), "currency", by[i].meaning);
        if (!within)
            note(metric, "beyond the horizon");
    }
}

static void add_closed_forms(sheet *s)
{
    const ltv_expectation *e = s->expected;
    bool leaves = e->churn_first_period > 0;
    ltv_metric *metric =
        add(&s->list, "closed_form_ltv", plain(leaves ? e->spreadsheet_ltv : NAN), "currency",
            "the spreadsheet's LTV: ARPU x gross margin / churn of the first period");
    if (!leaves)
        note(metric, "infinite: nobody leaves in the first period");
    metric = add(&s->list, "closed_form_ltv_cac",
                 leaves ? over_cac(e->spreadsheet_ltv, NAN, e->cac) : plain(NAN), "ratio",
                 "the spreadsheet's LTV over the CAC");
    note_without_cac(s, metric);
    if (e->cac > 0 && !leaves)
        note(metric, "infinite: nobody leaves in the first period");
    add(&s->list, "closed_form_ltv_annual",
        plain(e->arpu * s->group->program->gross_margin * e->lifetime), "currency",
        "annual value x gross margin x expected years within the horizon, undiscounted");
    add(&s->list, "expected_ltv", plain(e->ltv), "currency",
        "exact expectation of LTV within the horizon, without simulating");
    add(&s->list, "expected_discounted_lifetime", plain(e->discounted_lifetime), "period",
        "exact expectation of the discounted number of bills within the horizon");
    static const char *const only_sbg = "only for a plain, discounted beta_geometric retention";
    metric = add(&s->list, "closed_form_discounted_lifetime", plain(e->sbg_lifetime), "period",
                 "expected discounted bills of a new customer, to the end of time (2F1)");
    if (isnan(e->sbg_lifetime))
        note(metric, "%s", only_sbg);
    metric =
        add(&s->list, "closed_form_residual_lifetime", plain(e->sbg_residual_lifetime), "period",
            "expected discounted bills after the horizon of one who paid its last (2F1)");
    if (isnan(e->sbg_residual_lifetime))
        note(metric, "%s", only_sbg);
    metric = add(&s->list, "value_beyond_horizon", plain(e->beyond_horizon), "currency",
                 "expected discounted contribution of the bills that the horizon cuts off");
    note(metric, "%s", e->beyond_note);
}

/* A group that nobody joined has no figures. */
static void leave_empty(metric_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        list->metrics[i].value = list->metrics[i].mc_standard_error = NAN;
        note(&list->metrics[i], "no simulated customer is in this group");
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
    add_paid(&s);
    add_closed_forms(&s);
    if (s.n == 0)
        leave_empty(&s.list);
    estimate->n_metrics = s.list.n;
    estimate->metrics = s.list.metrics;
    return s.list.out_of_memory ? ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the metrics")
                                : LTV_OK;
}

ltv_status ltv_metrics_of_contrast(ltv_contrast_estimate *contrast, const ltv_scenario *scenario,
                                   ltv_error *err)
{
    metric_list list = {0};
    const ltv_value_estimate *delta = &contrast->delta_ltv;
    add(&list, "delta_ltv", (ltv_mean){delta->mean, delta->standard_error}, "currency",
        "mean difference of LTV, customer by customer on the same luck");
    ltv_metric *metric =
        add(&list, "roi", plain(NAN), "ratio", "net gain over the added programme cost");
    note(metric, "not applicable: the arms differ in more than interventions");
    double cohort = (double)scenario->cohort_size;
    ltv_mean total = {contrast->delta_ltv.mean * cohort,
                      contrast->delta_ltv.standard_error * cohort};
    metric = add(&list, "delta_ltv_total", cohort > 0 ? total : plain(NAN), "currency",
                 "difference of mean LTV times the customers of the real cohort");
    if (!(cohort > 0))
        note(metric, "the scenario does not say customers.count");
    contrast->n_metrics = list.n;
    contrast->metrics = list.metrics;
    return list.out_of_memory ? ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the metrics")
                              : LTV_OK;
}
