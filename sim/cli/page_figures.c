/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

enum { COHORT_DIGITS = 4, UNCERTAINTY_DIGITS = 3 };

typedef struct {
    ltv_formatted value;
    const char *note; /* what is unusual about it, such as why it does not apply; "" otherwise */
    char remark[128]; /* what stands beside it with a single arm; "": note, else the caption */
} figure;

static figure plain_figure(ltv_formatted value)
{
    return (figure){.value = value, .note = ""};
}

static figure metric_figure(const ltv_page *p, size_t arm, const char *name,
                            ltv_formatted (*format)(const ltv_page *, double))
{
    ltv_page_path group = ltv_page_arm(p, arm);
    double value = ltv_page_metric(p, group.text, name);
    figure result = plain_figure(format(p, value));
    if (isnan(value))
        result.note = ltv_page_metric_note(p, group.text, name);
    return result;
}

static double mean_ltv(const ltv_page *p, size_t arm)
{
    return ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv@mean");
}

static double expected_ltv(const ltv_page *p, size_t arm)
{
    return ltv_page_metric(p, ltv_page_arm(p, arm).text, "expected_ltv");
}

static figure figure_ltv(const ltv_page *p, size_t arm)
{
    figure result = plain_figure(ltv_page_money(p, mean_ltv(p, arm)));
    double expected = expected_ltv(p, arm);
    if (!isnan(expected))
        snprintf(result.remark, sizeof result.remark, "before CAC; exact expectation %s",
                 ltv_page_money(p, expected).text);
    return result;
}

static figure figure_expected(const ltv_page *p, size_t arm)
{
    return plain_figure(ltv_page_money(p, expected_ltv(p, arm)));
}

static figure figure_spread(const ltv_page *p, size_t arm)
{
    return plain_figure(ltv_page_spread(p, ltv_page_arm(p, arm).text));
}

/* Draws that differ no more than their customers' noise makes them differ have limits in one point:
 * whatever the inputs do is less than that. */
static const ltv_formatted below_noise = {"below noise"};

/* 90 % of the draws have their mean in it. */
static figure figure_uncertainty(const ltv_page *p, size_t arm)
{
    ltv_page_path ltv = ltv_page_below(ltv_page_arm(p, arm).text, "/ltv");
    double lower = ltv_page_number(p, ltv.text, "@u90_lower");
    double upper = ltv_page_number(p, ltv.text, "@u90_upper");
    return plain_figure(
        lower == upper ? below_noise
                       : ltv_format_money_interval(&p->money, lower, upper, UNCERTAINTY_DIGITS));
}

static figure figure_change(const ltv_page *p, size_t arm)
{
    ltv_page_path group = ltv_page_below("/compare/", p->arms[arm]);
    double change = ltv_page_number(p, group.text, "/delta_ltv@mean");
    if (arm == 0)
        return plain_figure((ltv_formatted){""});
    return plain_figure(ltv_format_money_change(&p->money, change));
}

static figure figure_cac(const ltv_page *p, size_t arm)
{
    return plain_figure(ltv_page_money(p, ltv_page_metric(p, ltv_page_arm(p, arm).text, "cac")));
}

static figure figure_ltv_cac(const ltv_page *p, size_t arm)
{
    double ratio = ltv_page_metric(p, ltv_page_arm(p, arm).text, "ltv_cac");
    figure result = metric_figure(p, arm, "ltv_cac", ltv_page_ratio);
    if (!isnan(ratio))
        snprintf(result.remark, sizeof result.remark, "%s", ltv_page_verdict(ratio));
    return result;
}

static figure figure_ltv_cac_uncertainty(const ltv_page *p, size_t arm)
{
    double limits[2];
    ltv_formatted text;
    ltv_page_metric_limits(p, ltv_page_arm(p, arm).text, "ltv_cac", limits);
    if (limits[0] == limits[1])
        return plain_figure(below_noise);
    snprintf(text.text, sizeof text.text, "[%.20s, %.20s]", ltv_page_ratio(p, limits[0]).text,
             ltv_page_ratio(p, limits[1]).text);
    return plain_figure(text);
}

static figure figure_chance_of_3(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "p_ltv_cac_above_3", ltv_page_share);
}

static bool has_service_cost(const ltv_page *p)
{
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (!isnan(ltv_page_bridge_amount(p, arm, "service_cost")))
            return true;
    return false;
}

static const char *simple_caption(const ltv_page *p)
{
    return has_service_cost(p) ? "as if nobody left, before service cost" : "as if nobody left";
}

static figure figure_payback_simple(const ltv_page *p, size_t arm)
{
    double bills = ltv_page_metric(p, ltv_page_arm(p, arm).text, "payback_simple");
    figure result = metric_figure(p, arm, "payback_simple", ltv_page_payback);
    bool beyond = bills > (double)p->horizon;
    if (beyond)
        result.note = "beyond the horizon";
    if (!isnan(bills))
        snprintf(result.remark, sizeof result.remark, "%s%s", beyond ? "beyond the horizon; " : "",
                 simple_caption(p));
    return result;
}

static figure figure_payback(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "payback_survival", ltv_page_payback);
}

static figure figure_above_cac(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "share_customers_above_cac", ltv_page_share);
}

static figure figure_lifetime(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "expected_lifetime", ltv_page_periods);
}

static figure figure_programme_cost(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "programme_cost", ltv_page_money);
}

static figure figure_kept_revenue(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "nrr_1y", ltv_page_share);
}

static ltv_formatted count_of_orders(const ltv_page *p, double value)
{
    return ltv_format_decimal(value, 2, p->terminal->utf8);
}

static figure figure_orders(const ltv_page *p, size_t arm)
{
    return metric_figure(p, arm, "orders_per_customer", count_of_orders);
}

/* What the cohort brings, after the fixed costs of its programmes. */
static double cohort_total(const ltv_page *p, size_t arm)
{
    double fixed = ltv_page_metric(p, ltv_page_arm(p, arm).text, "programme_fixed_cost");
    return ltv_page_cohort_size(p) * (mean_ltv(p, arm) - (isnan(fixed) ? 0 : fixed));
}

static figure figure_cohort(const ltv_page *p, size_t arm)
{
    return plain_figure(ltv_page_money(p, cohort_total(p, arm)));
}

static figure figure_cohort_interval(const ltv_page *p, size_t arm)
{
    double n = ltv_page_cohort_size(p);
    double total = cohort_total(p, arm);
    double half = ltv_page_z_95 * sqrt(n) *
                  ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv/one_customer@sd");
    return plain_figure(
        ltv_format_money_interval(&p->money, total - half, total + half, COHORT_DIGITS));
}

/* What we don't know and the chance between customers together. */
static figure figure_forecast(const ltv_page *p, size_t arm)
{
    double n = ltv_page_cohort_size(p), shift = cohort_total(p, arm) - n * mean_ltv(p, arm);
    ltv_page_path ltv = ltv_page_below(ltv_page_arm(p, arm).text, "/ltv");
    double low = ltv_page_number(p, ltv.text, "@predicted90_lower");
    double high = ltv_page_number(p, ltv.text, "@predicted90_upper");
    return plain_figure(
        ltv_format_money_interval(&p->money, n * low + shift, n * high + shift, COHORT_DIGITS));
}

typedef enum {
    ALWAYS,
    WITH_DRAWS,
    WITH_DRAWS_AND_CAC,
    WITH_DRAWS_AND_COHORT,
    WITH_COHORT_ALONE, /* and nothing uncertain */
    WITH_ARMS,
    WITH_EXPECTATION, /* beside each other; a single arm has it in its caption */
    WITH_CAC,
    WITH_COHORT,
    WITH_PROGRAMMES,
    WITH_PLANS, /* or add-ons */
    WITH_ORDERS
} condition;

typedef struct {
    const char *label;
    figure (*of)(const ltv_page *p, size_t arm);
    const char *caption; /* NULL: it depends, see row_caption */
    condition shown;     /* where it says something */
} figure_row;

static const figure_row figure_rows[] = {
    {"LTV per customer", figure_ltv, "before CAC", ALWAYS},
    {"  exact expectation", figure_expected, "", WITH_EXPECTATION},
    {"  what we don't know", figure_uncertainty, "90 % of the mean over draws", WITH_DRAWS},
    {"  8 in 10 customers", figure_spread, NULL, ALWAYS},
    {"  against the baseline", figure_change, "", WITH_ARMS},
    {"Programme cost", figure_programme_cost, NULL, WITH_PROGRAMMES},
    {"CAC", figure_cac, "", WITH_CAC},
    {"LTV/CAC", figure_ltv_cac, "3 or more is healthy", WITH_CAC},
    {"  what we don't know", figure_ltv_cac_uncertainty, "90 % over draws", WITH_DRAWS_AND_CAC},
    {"  P(LTV/CAC at least 3)", figure_chance_of_3, "share of draws", WITH_DRAWS_AND_CAC},
    {"Payback, simple", figure_payback_simple, NULL, WITH_CAC},
    {"Payback, with churn", figure_payback, "leavers counted", WITH_CAC},
    {"Customers above CAC", figure_above_cac, "of those with a CAC", WITH_CAC},
    {"Expected lifetime", figure_lifetime, "within the horizon", ALWAYS},
    {"Revenue kept, 1 year", figure_kept_revenue, "net retention: leavers and expansion counted",
     WITH_PLANS},
    {"Orders per customer", figure_orders, "within the horizon", WITH_ORDERS},
    {"All customers", figure_cohort, NULL, WITH_COHORT},
    {"  95 % of such cohorts", figure_cohort_interval, "by chance between customers alone",
     WITH_COHORT_ALONE},
    {"  90 % of such cohorts", figure_forecast, "what we don't know and chance between customers",
     WITH_DRAWS_AND_COHORT},
};
enum { FIGURE_ROWS = sizeof figure_rows / sizeof *figure_rows };

/* Whether an arm has that figure, and it is not 0. */
static bool has_figure(const ltv_page *p, const char *name)
{
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (fabs(ltv_page_metric(p, ltv_page_arm(p, arm).text, name)) > 0)
            return true;
    return false;
}

static bool row_applies(const ltv_page *p, const figure_row *row)
{
    switch (row->shown) {
    case WITH_ARMS:
        return p->n_arms > 1;
    case WITH_EXPECTATION:
        return p->n_arms > 1 && has_figure(p, "expected_ltv");
    case WITH_CAC:
        return !ltv_page_without_cac(p);
    case WITH_DRAWS:
        return ltv_page_draws(p) > 1;
    case WITH_DRAWS_AND_CAC:
        return ltv_page_draws(p) > 1 && !ltv_page_without_cac(p);
    case WITH_DRAWS_AND_COHORT:
        return ltv_page_draws(p) > 1 && ltv_page_cohort_size(p) > 0;
    case WITH_COHORT_ALONE:
        return ltv_page_draws(p) == 1 && ltv_page_cohort_size(p) > 0;
    case WITH_COHORT:
        return ltv_page_cohort_size(p) > 0;
    case WITH_PROGRAMMES:
        return has_figure(p, "programme_cost") || has_figure(p, "programme_cost_in_ltv");
    case WITH_PLANS:
        return ltv_page_has_offers(p);
    case WITH_ORDERS:
        return has_figure(p, "orders_per_customer");
    case ALWAYS:
        break;
    }
    return true;
}

static const char *row_caption(const ltv_page *p, const figure_row *row)
{
    bool fixed = has_figure(p, "programme_fixed_cost");
    if (row->caption != NULL)
        return row->caption;
    if (row->of == figure_programme_cost)
        return fixed ? "per customer, with fixed ones" : "per customer";
    if (row->of == figure_spread)
        return ltv_page_draws(p) > 1 ? "customer spread and what we don't know" : "customer spread";
    if (row->of == figure_cohort)
        return fixed ? "after fixed costs" : "";
    return simple_caption(p);
}

/* Some labels name the baseline or the size of the cohort. */
static ltv_page_path row_label(const ltv_page *p, const figure_row *row)
{
    ltv_page_path label;
    if (row->of == figure_change)
        return ltv_page_below("  against ", ltv_page_shown_name(p, p->arms[0]).text);
    if (row->of != figure_cohort)
        return ltv_page_below(row->label, "");
    label = ltv_page_below("All ", ltv_format_count((int64_t)ltv_page_cohort_size(p)).text);
    return ltv_page_below(label.text, " customers");
}

static void add_row(const ltv_page *p, ltv_text_table *table, const figure_row *row)
{
    ltv_text_table_add(table, row_label(p, row).text);
    for (size_t arm = 0; arm < ltv_page_arms_in(table, p); arm++)
        ltv_text_table_add(table, row->of(p, arm).value.text);
    if (p->n_arms > 1)
        return;
    figure only = row->of(p, 0);
    ltv_text_table_add(table, only.remark[0] != '\0' ? only.remark
                              : only.note[0] != '\0' ? only.note
                                                     : row_caption(p, row));
}

static void print_table_of_figures(ltv_page *p)
{
    ltv_text_table table;
    ltv_page_init_arm_table(p, &table, "");
    for (size_t i = 0; i < FIGURE_ROWS; i++)
        if (row_applies(p, &figure_rows[i]))
            add_row(p, &table, &figure_rows[i]);
    ltv_page_print_table(p, &table);
}

static void print_note(const ltv_page *p, const figure_row *row, size_t arm)
{
    figure value = row->of(p, arm);
    if (value.note[0] == '\0')
        return;
    ltv_page_path text = ltv_page_below(row_label(p, row).text, ", ");
    ltv_text_append(text.text, sizeof text.text, ltv_page_shown_name(p, p->arms[arm]).text);
    ltv_text_append(text.text, sizeof text.text, ": ");
    ltv_text_append(text.text, sizeof text.text, value.note);
    ltv_page_indented(p, text.text);
}

static void print_captions(const ltv_page *p)
{
    char text[1024] = "";
    for (size_t i = 0; i < FIGURE_ROWS; i++) {
        const char *caption = row_caption(p, &figure_rows[i]);
        if (!row_applies(p, &figure_rows[i]) || caption[0] == '\0')
            continue;
        const char *const parts[] = {text[0] != '\0' ? "; " : "",
                                     figure_rows[i].label + strspn(figure_rows[i].label, " "), ": ",
                                     caption};
        for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
            ltv_text_append(text, sizeof text, parts[part]);
    }
    ltv_text_append(text, sizeof text, ".");
    ltv_page_indented(p, text);
}

/* With several arms there is no room beside a figure: what is to be said about the rows, and
 * about single figures, follows the table. */
static void print_notes(const ltv_page *p)
{
    print_captions(p);
    for (size_t i = 0; i < FIGURE_ROWS; i++)
        for (size_t arm = 0; arm < p->n_arms && row_applies(p, &figure_rows[i]); arm++)
            print_note(p, &figure_rows[i], arm);
}

void ltv_page_figures(ltv_page *p)
{
    fputc('\n', p->out);
    print_table_of_figures(p);
    if (p->n_arms > 1)
        print_notes(p);
    if (ltv_page_without_cac(p))
        ltv_page_indented(p, "No CAC given: LTV/CAC and payback do not apply.");
    if (p->n_arms >= LTV_TEXT_TABLE_COLUMNS)
        fprintf(p->out, "  and %zu more arms, which are in the results file\n",
                p->n_arms - LTV_TEXT_TABLE_COLUMNS + 1);
}
