/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

/* ---- By month ----------------------------------------------------------------------------- */

/* Ends of the first, third and fifth year and of the horizon, in periods. */
static size_t milestones(const ltv_page *p, size_t at[4])
{
    static const uint32_t months[] = {12, 36, 60};
    size_t n = 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        uint32_t periods = ltv_page_periods_in_months(p, months[i]);
        if (periods > 0 && periods < p->horizon)
            at[n++] = periods;
    }
    at[n++] = (size_t)p->horizon;
    return n;
}

/* `what` with the name of the arm, where there are several. */
static void add_label(ltv_text_table *table, const ltv_page *p, const char *what, size_t arm)
{
    ltv_page_path label = ltv_page_below(what, "");
    if (p->n_arms > 1) {
        ltv_text_append(label.text, sizeof label.text, ", ");
        ltv_text_append(label.text, sizeof label.text, ltv_page_shown_name(p, p->arms[arm]).text);
    }
    ltv_text_table_add(table, label.text);
}

static void add_milestones(ltv_page *p, ltv_text_table *table, const char *what, const char *rest,
                           bool is_share, size_t arm, const size_t *at, size_t n)
{
    const double *values =
        ltv_page_array(p, ltv_page_arm(p, arm).text, rest, (size_t)p->horizon + (is_share ? 1 : 0));
    add_label(table, p, what, arm);
    for (size_t i = 0; i < n; i++) {
        /* Bill m - 1 is the last of the first m; bill m is paid by those who stayed m periods. */
        double value = values == NULL ? NAN : is_share ? values[at[i]] : values[at[i] - 1];
        ltv_text_table_add(table, is_share ? ltv_page_share(p, value).text
                                           : ltv_page_money(p, value).text);
    }
}

void ltv_page_milestones(ltv_page *p)
{
    size_t at[4];
    size_t n = milestones(p, at);
    ltv_text_table table;
    ltv_text_table_init(&table, (const char *const[]){"lr", "lrr", "lrrr", "lrrrr"}[n - 1]);
    ltv_text_table_add(&table, ltv_page_below("By ", p->unit.text).text);
    for (size_t i = 0; i < n; i++)
        ltv_text_table_add(&table, ltv_format_count((int64_t)at[i]).text);
    for (size_t arm = 0; arm < p->n_arms; arm++)
        add_milestones(p, &table, "LTV so far", "/ltv/by_period", false, arm, at, n);
    for (size_t arm = 0; arm < p->n_arms; arm++)
        add_milestones(p, &table, "Still paying", "/retention", true, arm, at, n);
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
}

/* ---- Quantiles ---------------------------------------------------------------------------- */

void ltv_page_quantiles(ltv_page *p)
{
    static const double levels[] = {0.05, 0.25, 0.50, 0.75, 0.95};
    enum { N = sizeof levels / sizeof *levels };
    ltv_text_table table;
    ltv_text_table_init(&table, "lrrrrr");
    ltv_text_table_add(&table, "Customers up to");
    for (size_t i = 0; i < N; i++)
        ltv_text_table_add(&table, ltv_format_percent_input(levels[i]).text);
    for (size_t arm = 0; arm < p->n_arms; arm++) {
        add_label(&table, p, "bring at most", arm);
        for (size_t i = 0; i < N; i++)
            ltv_text_table_add(
                &table, ltv_format_money_quantile(
                            &p->money, ltv_page_quantile(p, ltv_page_arm(p, arm).text, levels[i]))
                            .text);
    }
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
}

/* ---- Segments and channels ---------------------------------------------------------------- */

static const char segments[] = "/segments/", channels[] = "/channels/";

static const char *const segment_columns[] = {"Share", "LTV", "8 in 10 customers", "LTV/CAC",
                                              "Lifetime"};
static const char *const channel_columns[] = {"Share", "LTV", "8 in 10 customers", "LTV/CAC",
                                              "CAC"};
enum { GROUP_COLUMNS = sizeof segment_columns / sizeof *segment_columns };

static void add_group_row(ltv_page *p, ltv_text_table *table, const char *kind, const char *name)
{
    ltv_page_path group = ltv_page_part(p, 0, kind, name);
    const char *place = group.text;
    ltv_text_table_add(table, ltv_page_shown_name(p, name).text);
    ltv_text_table_add(table, ltv_page_share(p, ltv_page_number(p, place, "@share")).text);
    ltv_text_table_add(table, ltv_page_money(p, ltv_page_number(p, place, "/ltv@mean")).text);
    ltv_text_table_add(table, ltv_page_spread(p, place).text);
    ltv_text_table_add(table, ltv_page_ratio(p, ltv_page_metric(p, place, "ltv_cac")).text);
    if (strcmp(kind, channels) == 0)
        ltv_text_table_add(table, ltv_page_money(p, ltv_page_metric(p, place, "cac")).text);
    else
        ltv_text_table_add(
            table, ltv_page_periods(p, ltv_page_metric(p, place, "expected_lifetime")).text);
}

/* With several arms a group has its share, then a column of figures for each arm, at most two. */
static ltv_formatted group_ltv(const ltv_page *p, const char *group)
{
    return ltv_page_money(p, ltv_page_number(p, group, "/ltv@mean"));
}

static ltv_formatted group_ltv_cac(const ltv_page *p, const char *group)
{
    return ltv_page_ratio(p, ltv_page_metric(p, group, "ltv_cac"));
}

typedef struct {
    const char *title;
    ltv_formatted (*of)(const ltv_page *p, const char *group);
} group_figure;

static const group_figure figures_by_arm[] = {{"LTV, ", group_ltv}, {"LTV/CAC, ", group_ltv_cac}};

/* Only channels differ in what they cost. */
static size_t n_figures_by_arm(const ltv_page *p, const char *kind)
{
    return strcmp(kind, channels) == 0 && !ltv_page_without_cac(p) ? 2 : 1;
}

/* As many arms as the table has columns for. */
static size_t arms_by_group(const ltv_page *p, const char *kind)
{
    size_t most = (LTV_TEXT_TABLE_COLUMNS - 2) / n_figures_by_arm(p, kind);
    return p->n_arms < most ? p->n_arms : most;
}

static void add_group_row_by_arm(ltv_page *p, ltv_text_table *table, const char *kind,
                                 const char *name)
{
    ltv_text_table_add(table, ltv_page_shown_name(p, name).text);
    ltv_text_table_add(
        table,
        ltv_page_share(p, ltv_page_number(p, ltv_page_part(p, 0, kind, name).text, "@share")).text);
    for (size_t i = 0; i < n_figures_by_arm(p, kind); i++)
        for (size_t arm = 0; arm < arms_by_group(p, kind); arm++)
            ltv_text_table_add(
                table, figures_by_arm[i].of(p, ltv_page_part(p, arm, kind, name).text).text);
}

static void start_group_table_by_arm(ltv_page *p, ltv_text_table *table, const char *kind,
                                     const char *title)
{
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1];
    size_t n = 2 + n_figures_by_arm(p, kind) * arms_by_group(p, kind);
    memset(alignment, 'r', sizeof alignment);
    alignment[0] = 'l';
    alignment[n] = '\0';
    ltv_text_table_init(table, alignment);
    ltv_text_table_add(table, title);
    ltv_text_table_add(table, "Share");
    for (size_t i = 0; i < n_figures_by_arm(p, kind); i++)
        for (size_t arm = 0; arm < arms_by_group(p, kind); arm++)
            ltv_text_table_add(table, ltv_page_below(figures_by_arm[i].title,
                                                     ltv_page_shown_name(p, p->arms[arm]).text)
                                          .text);
}

static void start_group_table(ltv_page *p, ltv_text_table *table, const char *kind,
                              const char *title)
{
    const char *const *names = strcmp(kind, channels) == 0 ? channel_columns : segment_columns;
    if (p->n_arms > 1) {
        start_group_table_by_arm(p, table, kind, title);
        return;
    }
    ltv_text_table_init(table, "lrrrrr");
    ltv_text_table_add(table, title);
    for (size_t i = 0; i < GROUP_COLUMNS; i++)
        ltv_text_table_add(table, names[i]);
}

/* `kind` is "/segments/" or "/channels/"; nothing when the scenario has none. */
static void print_groups(ltv_page *p, const char *kind, const char *title)
{
    char **names = NULL;
    ltv_page_path parent = ltv_page_below(ltv_page_arm(p, 0).text, kind);
    parent.text[strlen(parent.text) - 1] = '\0';
    size_t n = ltv_document_children(p->doc, parent.text, &names);
    if (n > 0) {
        ltv_text_table table;
        start_group_table(p, &table, kind, title);
        for (size_t i = 0; i < n; i++) {
            if (p->n_arms > 1)
                add_group_row_by_arm(p, &table, kind, names[i]);
            else
                add_group_row(p, &table, kind, names[i]);
        }
        fputc('\n', p->out);
        ltv_page_print_table(p, &table);
    }
    ltv_names_free(names, n);
}

void ltv_page_groups(ltv_page *p)
{
    print_groups(p, segments, "Segment");
    print_groups(p, channels, "Channel");
}
