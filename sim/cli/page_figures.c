/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

enum {
    COHORT_DIGITS = 4,
    MOST_NAMED = 5 /* arms in the answer */
};

static const double z_95 = 1.959963984540054;

/* ---- The answer in one sentence ----------------------------------------------------------- */

/* The arm with the highest LTV/CAC; n_arms when no arm has one. */
static size_t best_arm(const ltv_page *p)
{
    size_t best = p->n_arms;
    double most = -INFINITY;
    for (size_t arm = 0; arm < p->n_arms; arm++) {
        double ratio = ltv_page_metric(p, ltv_page_arm(p, arm).text, "ltv_cac");
        if (ratio > most) {
            most = ratio;
            best = arm;
        }
    }
    return best;
}

static void answer_for_one_arm(const ltv_page *p, char *text, size_t size)
{
    ltv_page_path arm = ltv_page_arm(p, 0);
    double ratio = ltv_page_metric(p, arm.text, "ltv_cac");
    double payback = ltv_page_metric(p, arm.text, "payback_survival");
    int used = snprintf(text, size, "A customer brings %s in %s",
                        ltv_format_money(&p->money, ltv_page_number(p, arm.text, "/ltv@mean")).text,
                        ltv_format_periods((double)p->horizon, 0, p->unit.text).text);
    if (isnan(ratio)) {
        snprintf(text + used, size - (size_t)used, ".");
        return;
    }
    used += snprintf(text + used, size - (size_t)used, ", %s times the CAC; ",
                     ltv_format_ratio(ratio, p->terminal->utf8).text);
    if (isnan(payback))
        snprintf(text + used, size - (size_t)used, "no payback in that time.");
    else
        snprintf(text + used, size - (size_t)used, "payback in %s.",
                 ltv_format_payback(payback, p->unit.text).text);
}

static void answer_for_arms(const ltv_page *p, char *text, size_t size)
{
    size_t best = best_arm(p);
    if (best == p->n_arms) {
        snprintf(text, size, "LTV/CAC does not apply: %s.",
                 ltv_page_metric_note(p, ltv_page_arm(p, 0).text, "ltv_cac"));
        return;
    }
    ltv_page_path group = ltv_page_arm(p, best);
    int used = snprintf(
        text, size, "Best LTV/CAC: %s with %s, at a CAC of %s.",
        ltv_page_shown_name(p, p->arms[best]).text,
        ltv_format_ratio(ltv_page_metric(p, group.text, "ltv_cac"), p->terminal->utf8).text,
        ltv_format_money(&p->money, ltv_page_metric(p, group.text, "cac")).text);
    for (size_t arm = 0; arm < p->n_arms && arm < MOST_NAMED && (size_t)used < size; arm++) {
        double ratio = ltv_page_metric(p, ltv_page_arm(p, arm).text, "ltv_cac");
        if (arm != best && !isnan(ratio))
            used += snprintf(text + used, size - (size_t)used, " %s: %s.",
                             ltv_page_shown_name(p, p->arms[arm]).text,
                             ltv_format_ratio(ratio, p->terminal->utf8).text);
    }
}

void ltv_page_answer(const ltv_page *p)
{
    char text[1024];
    if (p->n_arms == 1)
        answer_for_one_arm(p, text, sizeof text);
    else
        answer_for_arms(p, text, sizeof text);
    fprintf(p->out, "\n%s", ltv_bold(p->terminal));
    ltv_page_paragraph(p, text);
    fprintf(p->out, "%s", ltv_plain(p->terminal));
}

/* ---- Key figures -------------------------------------------------------------------------- */

typedef struct {
    ltv_formatted value;
    const char *note; /* why it does not apply; "" otherwise */
} figure;

static figure metric_figure(const ltv_page *p, const char *group, const char *name,
                            ltv_formatted (*format)(const ltv_page *, double))
{
    double value = ltv_page_metric(p, group, name);
    return (figure){format(p, value), isnan(value) ? ltv_page_metric_note(p, group, name) : ""};
}

static figure figure_ltv(const ltv_page *p, size_t arm)
{
    return (figure){ltv_page_money(p, ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv@mean")),
                    ""};
}

static figure figure_spread(const ltv_page *p, size_t arm)
{
    return (figure){ltv_page_spread(p, ltv_page_arm(p, arm).text), ""};
}

static figure figure_change(const ltv_page *p, size_t arm)
{
    ltv_page_path group = ltv_page_below("/compare/", p->arms[arm]);
    double change = ltv_page_number(p, group.text, "/delta_ltv@mean");
    if (arm == 0)
        return (figure){{""}, ""};
    return (figure){ltv_format_money_change(&p->money, change), ""};
}

static figure figure_cac(const ltv_page *p, size_t arm)
{
    return (figure){ltv_page_money(p, ltv_page_metric(p, ltv_page_arm(p, arm).text, "cac")), ""};
}

static figure figure_ltv_cac(const ltv_page *p, size_t arm)
{
    return metric_figure(p, ltv_page_arm(p, arm).text, "ltv_cac", ltv_page_ratio);
}

static figure figure_payback_simple(const ltv_page *p, size_t arm)
{
    return metric_figure(p, ltv_page_arm(p, arm).text, "payback_simple", ltv_page_payback);
}

static figure figure_payback(const ltv_page *p, size_t arm)
{
    return metric_figure(p, ltv_page_arm(p, arm).text, "payback_survival", ltv_page_payback);
}

static figure figure_above_cac(const ltv_page *p, size_t arm)
{
    return metric_figure(p, ltv_page_arm(p, arm).text, "share_customers_above_cac", ltv_page_share);
}

static figure figure_lifetime(const ltv_page *p, size_t arm)
{
    return metric_figure(p, ltv_page_arm(p, arm).text, "expected_lifetime", ltv_page_periods);
}

static double cohort_size(const ltv_page *p)
{
    return (double)ltv_document_int64(p->doc, "/@cohort_size", 0);
}

static figure figure_cohort(const ltv_page *p, size_t arm)
{
    double mean = ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv@mean");
    return (figure){ltv_page_money(p, cohort_size(p) * mean), ""};
}

static figure figure_cohort_interval(const ltv_page *p, size_t arm)
{
    ltv_page_path group = ltv_page_arm(p, arm);
    double n = cohort_size(p);
    double total = n * ltv_page_number(p, group.text, "/ltv@mean");
    double half = z_95 * sqrt(n) * ltv_page_number(p, group.text, "/ltv/one_customer@sd");
    return (figure){ltv_format_money_interval(&p->money, total - half, total + half, COHORT_DIGITS),
                    ""};
}

typedef struct {
    const char *label;
    figure (*of)(const ltv_page *p, size_t arm);
    const char *remark;
    bool only_arms, only_cohort; /* where it says something */
} figure_row;

static const figure_row figure_rows[] = {
    {"LTV per customer", figure_ltv, "before CAC", false, false},
    {"  8 in 10 customers", figure_spread, "customer spread", false, false},
    {"  against the baseline", figure_change, "", true, false},
    {"CAC", figure_cac, "", false, false},
    {"LTV/CAC", figure_ltv_cac, "3 or more is healthy", false, false},
    {"Payback, simple", figure_payback_simple, "as if nobody left", false, false},
    {"Payback, with churn", figure_payback, "leavers counted", false, false},
    {"Customers above CAC", figure_above_cac, "of those with a CAC", false, false},
    {"Expected lifetime", figure_lifetime, "within the horizon", false, false},
    {"All customers", figure_cohort, "", false, true},
    {"  95 %, by chance", figure_cohort_interval, "chance between customers", false, true},
};

static bool row_applies(const ltv_page *p, const figure_row *row)
{
    return (!row->only_arms || p->n_arms > 1) && (!row->only_cohort || cohort_size(p) > 0);
}

/* Some labels name the baseline or the size of the cohort. */
static ltv_page_path row_label(const ltv_page *p, const figure_row *row)
{
    ltv_page_path label;
    if (row->of == figure_change)
        return ltv_page_below("  against ", ltv_page_shown_name(p, p->arms[0]).text);
    if (row->of != figure_cohort)
        return ltv_page_below(row->label, "");
    label = ltv_page_below("All ", ltv_format_count((int64_t)cohort_size(p)).text);
    return ltv_page_below(label.text, " customers");
}

static void print_table_of_figures(ltv_page *p)
{
    ltv_text_table table;
    ltv_page_init_arm_table(p, &table, "");
    for (size_t i = 0; i < sizeof figure_rows / sizeof *figure_rows; i++) {
        const figure_row *row = &figure_rows[i];
        const char *note = "";
        if (!row_applies(p, row))
            continue;
        ltv_text_table_add(&table, row_label(p, row).text);
        for (size_t arm = 0; arm < ltv_page_arms_in(&table, p); arm++) {
            figure value = row->of(p, arm);
            ltv_text_table_add(&table, value.value.text);
            note = value.note;
        }
        if (p->n_arms == 1)
            ltv_text_table_add(&table, note[0] != '\0' ? note : row->remark);
    }
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
    fputs("  ", p->out);
    ltv_text_wrap(p->out, text.text, 2, 4, LTV_PAGE_COLUMNS);
}

/* With several arms there is no room beside a figure: the reasons follow the table. */
static void print_notes(const ltv_page *p)
{
    for (size_t i = 0; p->n_arms > 1 && i < sizeof figure_rows / sizeof *figure_rows; i++)
        for (size_t arm = 0; arm < p->n_arms && row_applies(p, &figure_rows[i]); arm++)
            print_note(p, &figure_rows[i], arm);
}

void ltv_page_figures(ltv_page *p)
{
    fputc('\n', p->out);
    print_table_of_figures(p);
    print_notes(p);
    if (p->n_arms >= LTV_TEXT_TABLE_COLUMNS)
        fprintf(p->out, "  and %zu more arms, which are in the results file\n",
                p->n_arms - LTV_TEXT_TABLE_COLUMNS + 1);
}
