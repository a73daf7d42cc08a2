/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/report/curves.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"
#include "sim/cli/text.h"

enum { MOST_SERIES = 8 };

static size_t shown_arms(const ltv_report *r)
{
    return r->page.n_arms < LTV_REPORT_ARMS ? r->page.n_arms : LTV_REPORT_ARMS;
}

static void set_name(char *name, size_t size, const char *text)
{
    snprintf(name, size, "%s", ltv_report_shown(text).text);
}

/* A curve of each arm with its band; returns how many have it. */
static size_t series_of_arms(const ltv_report *r, const char *rest, size_t n,
                             ltv_report_series series[LTV_REPORT_ARMS])
{
    size_t found = 0;
    for (size_t arm = 0; arm < shown_arms(r); arm++) {
        ltv_page_path group = ltv_page_arm(&r->page, arm);
        const double *y = ltv_page_array(&r->page, group.text, rest, n);
        if (y == NULL)
            continue;
        ltv_report_series *s = &series[found++];
        *s = (ltv_report_series){.y = y, .n = n};
        s->limits = ltv_report_limits(r, group.text, ltv_page_below(rest, "_u90").text, n);
        set_name(s->name, sizeof s->name, r->page.arms[arm]);
    }
    return found;
}

/* ---- Retention ---------------------------------------------------------------------------- */

static json_t *say_retention(ltv_report *r, size_t arm)
{
    ltv_page_path group = ltv_page_arm(&r->page, arm);
    size_t horizon = (size_t)r->page.horizon;
    const double *retention = ltv_page_array(&r->page, group.text, "/retention", horizon + 1);
    uint32_t year = ltv_page_periods_in_months(&r->page, 12);
    bool has_year = year > 0 && year < horizon, alone = r->page.n_arms == 1;
    ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
    ltv_word word = has_year && alone ? LTV_WORD_RETENTION_SAYS
                    : has_year        ? LTV_WORD_RETENTION_SAYS_OF
                    : alone           ? LTV_WORD_RETENTION_SAYS_END
                                      : LTV_WORD_RETENTION_SAYS_END_OF;
    return ltv_report_say(
        r, word,
        (const ltv_blank[]){{"arm", name.text},
                            {"year", ltv_report_periods(r, year, 0).text},
                            {"share", ltv_format_share(has_year ? retention[year] : NAN).text},
                            {"end", ltv_format_share(retention[horizon]).text},
                            {NULL, NULL}});
}

void ltv_report_retention(ltv_report *r)
{
    ltv_report_series series[LTV_REPORT_ARMS];
    size_t n = series_of_arms(r, "/retention", (size_t)r->page.horizon + 1, series);
    if (n == 0)
        return;
    json_t *blocks = ltv_report_section(r, "retention", LTV_SAY(r, SECTION_RETENTION));
    if (n == shown_arms(r))
        ltv_report_add_text(r, blocks, say_retention(r, 0));
    ltv_report_curves curves = {
        .id = "retention-curve",
        .is_whole = true,
        .n_series = n,
        .series = series,
        .spread = LTV_WORD_SPREAD_PARAMETERS,
        .series_title = LTV_WORD_ARM,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_NO_MONEY),
    };
    ltv_report_add_curves(r, blocks, &curves, LTV_SAY(r, RETENTION),
                          ltv_report_time_title(r, LTV_WORD_TENURE_AXIS), LTV_SAY(r, HOLDING_AXIS));
}

/* ---- Payback ------------------------------------------------------------------------------ */

static const char payback_curve[] = "/cumulative_discounted_contribution";

static void add_rule(const ltv_report *r, ltv_report_curves *c, ltv_report_rule *rules,
                     const char *series, double cac, bool alone)
{
    if (!(cac > 0) || isinf(cac))
        return;
    ltv_report_rule *rule = &rules[c->n_rules++];
    *rule = (ltv_report_rule){.value = cac};
    snprintf(rule->series, sizeof rule->series, "%s", series);
    char *label = ltv_fill_blanks(ltv_report_word(r, alone ? LTV_WORD_CAC_ALONE : LTV_WORD_CAC_OF),
                                  (const ltv_blank[]){{"name", series},
                                                      {"cac", ltv_report_money(r, cac).text},
                                                      {NULL, NULL}});
    snprintf(rule->label, sizeof rule->label, "%s", label != NULL ? label : "");
    free(label);
}

static json_t *contribution_title(ltv_report *r)
{
    return LTV_SAY(r, CONTRIBUTION_AXIS, {"currency", r->page.money.code});
}

/* How many channels an arm has, and their names, to be freed by ltv_names_free. */
static size_t channels_of(const ltv_report *r, size_t arm, char ***names)
{
    ltv_page_path folder = ltv_page_below(ltv_page_arm(&r->page, arm).text, "/channels");
    return ltv_document_children(r->page.doc, folder.text, names);
}

/* The channels of one arm against what each costs. */
static void add_payback_of_channels(ltv_report *r, json_t *blocks, size_t arm)
{
    char id[32], **names = NULL;
    size_t n = channels_of(r, arm, &names);
    ltv_report_series series[MOST_SERIES];
    ltv_report_rule rules[MOST_SERIES];
    ltv_report_curves curves = {
        .id = id,
        .series = series,
        .rules = rules,
        .is_money = true,
        .first = 1,
        .spread = LTV_WORD_SPREAD_PARAMETERS,
        .series_title = LTV_WORD_CHANNEL,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_BY_CHANNEL),
    };
    snprintf(id, sizeof id, "payback-%zu", arm);
    for (size_t i = 0; i < n && i < MOST_SERIES; i++) {
        ltv_page_path group = ltv_page_part(&r->page, arm, "/channels/", names[i]);
        const double *y =
            ltv_page_array(&r->page, group.text, payback_curve, (size_t)r->page.horizon);
        if (y == NULL)
            continue;
        ltv_report_series *s = &series[curves.n_series++];
        *s = (ltv_report_series){.y = y, .n = (size_t)r->page.horizon};
        s->limits = ltv_report_limits(r, group.text, "/cumulative_discounted_contribution_u90",
                                      (size_t)r->page.horizon);
        set_name(s->name, sizeof s->name, names[i]);
        add_rule(r, &curves, rules, s->name, ltv_page_metric(&r->page, group.text, "cac"), false);
    }
    ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
    if (curves.n_series > 0)
        ltv_report_add_curves(r, blocks, &curves,
                              r->page.n_arms > 1 ? LTV_SAY(r, PAYBACK_OF, {"arm", name.text})
                                                 : LTV_SAY(r, PAYBACK_ALL),
                              ltv_report_time_title(r, LTV_WORD_BILL_AXIS), contribution_title(r));
    ltv_names_free(names, n);
}

/* Without channels: the arms against their CAC. One line where all have the same. */
static void add_payback_of_arms(ltv_report *r, json_t *blocks)
{
    ltv_report_series series[LTV_REPORT_ARMS];
    ltv_report_rule rules[LTV_REPORT_ARMS];
    double first = ltv_page_metric(&r->page, ltv_page_arm(&r->page, 0).text, "cac");
    bool same = true;
    ltv_report_curves curves = {
        .id = "payback-0",
        .n_series = series_of_arms(r, payback_curve, (size_t)r->page.horizon, series),
        .series = series,
        .rules = rules,
        .is_money = true,
        .first = 1,
        .spread = LTV_WORD_SPREAD_PARAMETERS,
        .series_title = LTV_WORD_ARM,
        .footer_more = ltv_report_foot_cac(r),
    };
    for (size_t arm = 1; arm < shown_arms(r); arm++)
        same &= ltv_page_metric(&r->page, ltv_page_arm(&r->page, arm).text, "cac") == first;
    for (size_t arm = 0, s = 0; arm < shown_arms(r) && s < (same ? 1 : curves.n_series); arm++) {
        ltv_page_path group = ltv_page_arm(&r->page, arm);
        if (ltv_page_array(&r->page, group.text, payback_curve, (size_t)r->page.horizon) != NULL)
            add_rule(r, &curves, rules, series[s++].name,
                     ltv_page_metric(&r->page, group.text, "cac"), same);
    }
    ltv_report_add_curves(r, blocks, &curves, LTV_SAY(r, PAYBACK_ALL),
                          ltv_report_time_title(r, LTV_WORD_BILL_AXIS), contribution_title(r));
}

void ltv_report_payback_curves(ltv_report *r)
{
    char **names = NULL;
    if (ltv_page_without_cac(&r->page) ||
        ltv_page_array(&r->page, ltv_page_arm(&r->page, 0).text, payback_curve,
                       (size_t)r->page.horizon) == NULL)
        return;
    json_t *blocks = ltv_report_section(r, "payback", LTV_SAY(r, SECTION_PAYBACK));
    ltv_report_add_text(r, blocks, LTV_SAY(r, PAYBACK_SAYS));
    size_t n = channels_of(r, 0, &names);
    for (size_t arm = 0; n > 1 && arm < shown_arms(r); arm++)
        add_payback_of_channels(r, blocks, arm);
    if (n <= 1)
        add_payback_of_arms(r, blocks);
    ltv_names_free(names, n);
}

/* ---- Revenue ------------------------------------------------------------------------------ */

/* Where the first bill is far above all others, as where every customer begins with an order: the
 * end of a picture of the others; else 0. */
static double end_without_first(const ltv_report_series *series, size_t n)
{
    double first = 0, most = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t u = 0; u < series[s].n; u++)
            if (u == 0)
                first = fmax(first, series[s].y[u]);
            else
                most = fmax(most, series[s].y[u]);
    return first > 4 * most && most > 0 ? 1.15 * most : 0;
}

static void add_revenue_joined(ltv_report *r, json_t *blocks, const ltv_report_series *series,
                               size_t n)
{
    ltv_report_curves curves = {
        .id = "revenue-joined",
        .y_end = end_without_first(series, n),
        .n_series = n,
        .series = series,
        .is_money = true,
        .spread = LTV_WORD_SPREAD_PARAMETERS,
        .series_title = LTV_WORD_ARM,
        .undiscounted = true,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_BEFORE_CAC),
    };
    ltv_report_add_curves(r, blocks, &curves, LTV_SAY(r, REVENUE_JOINED),
                          ltv_report_time_title(r, LTV_WORD_TENURE_AXIS),
                          LTV_SAY(r, REVENUE_AXIS, {"currency", r->page.money.code}));
}

/* What those who are left pay: expansion, without what churn takes. */
static void add_revenue_paying(ltv_report *r, json_t *blocks, const ltv_report_series *joined,
                               size_t n_joined)
{
    size_t horizon = (size_t)r->page.horizon, n = 0;
    ltv_report_series series[LTV_REPORT_ARMS], retention[LTV_REPORT_ARMS];
    double *values = calloc(LTV_REPORT_ARMS * horizon, sizeof *values);
    if (values == NULL || series_of_arms(r, "/retention", horizon, retention) != n_joined) {
        r->page.out_of_memory |= values == NULL;
        free(values);
        return;
    }
    for (; n < n_joined; n++) {
        double *y = values + n * horizon;
        for (size_t u = 0; u < horizon; u++)
            y[u] = retention[n].y[u] > 0 ? joined[n].y[u] / retention[n].y[u] : NAN;
        series[n] = joined[n];
        series[n].y = y;
        series[n].limits = NULL;
    }
    ltv_report_curves curves = {
        .id = "revenue-paying",
        .y_end = end_without_first(series, n),
        .n_series = n,
        .series = series,
        .is_money = true,
        .series_title = LTV_WORD_ARM,
        .undiscounted = true,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_BEFORE_CAC),
    };
    ltv_report_add_curves(r, blocks, &curves, LTV_SAY(r, REVENUE_PAYING),
                          ltv_report_time_title(r, LTV_WORD_TENURE_AXIS),
                          LTV_SAY(r, REVENUE_PAYING_AXIS, {"currency", r->page.money.code}));
    free(values);
}

/* Blanks of a stack for shares or money. */
static void set_formats(ltv_report *r, json_t *values, bool is_money)
{
    json_object_set_new(values, "y_format",
                        json_string(is_money ? ltv_report_money_format(r) : ".1%"));
    if (!is_money) {
        json_object_set_new(values, "y_axis_format", json_string(".0%"));
        return;
    }
    char *axis = ltv_report_money_axis(r);
    json_object_set_new(values, "y_label", json_string(axis != NULL ? axis : ""));
    free(axis);
}

/* Areas on each other, for what adds up to a whole. */
static void add_stack(ltv_report *r, json_t *blocks, const ltv_report_curves *c, json_t *title,
                      json_t *y_title)
{
    json_t *points = json_array(), *names = json_array(), *table, *row;
    json_t *columns[2 + MOST_SERIES] = {ltv_report_time_title(r, LTV_WORD_TENURE_AXIS)};
    for (size_t s = 0; s < c->n_series; s++) {
        for (size_t i = 0; i < c->series[s].n; i = ltv_report_next(i, c->series[s].n))
            ltv_report_add(r, points,
                           json_pack("{s:i, s:o, s:s}", "x", (int)i, "y",
                                     ltv_report_real(c->series[s].y[i]), "series",
                                     c->series[s].name));
        ltv_report_add(r, names, ltv_report_text(r, c->series[s].name));
        columns[1 + s] = ltv_report_text(r, c->series[s].name);
    }
    table = ltv_report_table(r, LTV_SAY(r, CURVES), 1 + c->n_series, columns, 1);
    for (size_t i = 0; i < c->series[0].n; i = ltv_report_next(i, c->series[0].n)) {
        row = json_array();
        ltv_report_add(r, row, ltv_report_text(r, ltv_format_count((int64_t)i).text));
        for (size_t s = 0; s < c->n_series; s++)
            ltv_report_add(r, row,
                           ltv_report_text(r, c->is_money
                                                  ? ltv_report_money(r, c->series[s].y[i]).text
                                                  : ltv_format_share(c->series[s].y[i]).text));
        ltv_report_add_row(r, table, row);
    }
    ltv_report_chart chart = {
        .id = c->id,
        .chart = "area",
        .title = title,
        .footer = c->undiscounted ? ltv_report_footer_undiscounted(r, c->footer_more)
                                  : ltv_report_footer(r, c->footer_more),
        .values = json_pack(
            "{s:o, s:o, s:o, s:i, s:o, s:o, s:s}", "points", points, "series", names,
            "legend_columns", ltv_report_legend_columns(c->series, c->n_series), "label_limit",
            LTV_REPORT_LABEL_LIMIT, "x_title", ltv_report_time_title(r, LTV_WORD_TENURE_AXIS),
            "y_title", y_title, "series_title", ltv_report_word(r, c->series_title)),
        .tables = json_pack("[o]", table),
    };
    set_formats(r, chart.values, c->is_money);
    ltv_report_add_chart(r, blocks, &chart);
}

/* The arrays of a folder as series, the names behind a mark. */
static void add_series_below(ltv_report *r, const char *folder, const char *mark, size_t *n_series,
                             ltv_report_series *series)
{
    char **names = NULL;
    size_t n = ltv_document_arrays(r->page.doc, folder, &names);
    for (size_t i = 0; i < n && *n_series < MOST_SERIES; i++) {
        ltv_page_path rest = ltv_page_below("/", names[i]);
        const double *y = ltv_page_array(&r->page, folder, rest.text, (size_t)r->page.horizon);
        if (y == NULL)
            continue;
        ltv_report_series *s = &series[(*n_series)++];
        *s = (ltv_report_series){.y = y, .n = (size_t)r->page.horizon};
        snprintf(s->name, sizeof s->name, "%s%.200s", mark, ltv_report_shown(names[i]).text);
    }
    ltv_names_free(names, n);
}

static void add_holdings(ltv_report *r, json_t *blocks, size_t arm, bool plans)
{
    char id[32];
    ltv_report_series series[MOST_SERIES];
    ltv_report_curves curves = {
        .id = id,
        .series = series,
        .series_title = plans ? LTV_WORD_PLAN : LTV_WORD_ADD_ON,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_NO_MONEY),
    };
    ltv_page_path folder =
        ltv_page_below(ltv_page_arm(&r->page, arm).text, plans ? "/plans" : "/add_ons");
    snprintf(id, sizeof id, "%s-%zu", plans ? "plans" : "add-ons", arm);
    add_series_below(r, folder.text, "", &curves.n_series, series);
    if (curves.n_series == 0 || (plans && curves.n_series == 1)) /* an only plan: retention again */
        return;
    ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
    bool alone = r->page.n_arms == 1;
    if (plans)
        /* plans exclude each other; a customer may hold several add-ons */
        add_stack(r, blocks, &curves,
                  alone ? LTV_SAY(r, PLANS) : LTV_SAY(r, PLANS_OF, {"arm", name.text}),
                  LTV_SAY(r, HOLDING_AXIS));
    else
        ltv_report_add_curves(
            r, blocks, &curves,
            alone ? LTV_SAY(r, ADD_ONS) : LTV_SAY(r, ADD_ONS_OF, {"arm", name.text}),
            ltv_report_time_title(r, LTV_WORD_TENURE_AXIS), LTV_SAY(r, HOLDING_AXIS));
}

/* Recurring revenue without what the series bring; NULL where nothing is left or without memory. */
static double *rest_of_revenue(ltv_report *r, const char *arm, const ltv_report_series *series,
                               size_t n)
{
    size_t horizon = (size_t)r->page.horizon;
    const double *whole = ltv_page_array(&r->page, arm, "/recurring_revenue", horizon);
    double *rest = calloc(horizon, sizeof *rest), most = 0;
    r->page.out_of_memory |= rest == NULL;
    for (size_t u = 0; rest != NULL && whole != NULL && u < horizon; u++) {
        rest[u] = whole[u];
        for (size_t s = 0; s < n; s++)
            rest[u] -= series[s].y[u];
        most = fmax(most, rest[u] - 1e-9 * whole[u]);
    }
    if (most > 0)
        return rest;
    free(rest);
    return NULL;
}

/* Recurring revenue by what brings it: plans, or the base price where there are none, and
 * add-ons. Nothing where one of them brings it all: that is the revenue itself. */
static void add_revenue_by_source(ltv_report *r, json_t *blocks, size_t arm)
{
    char id[40];
    ltv_report_series series[MOST_SERIES + 1]; /* and the rest */
    ltv_page_path path = ltv_page_arm(&r->page, arm);
    ltv_report_curves curves = {
        .id = id,
        .series = series,
        .is_money = true,
        .series_title = LTV_WORD_BROUGHT_BY,
        .undiscounted = true,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_RECURRING),
    };
    add_series_below(r, ltv_page_below(path.text, "/plan_revenue").text, "", &curves.n_series,
                     series);
    bool has_plans = curves.n_series > 0;
    add_series_below(r, ltv_page_below(path.text, "/add_on_revenue").text, "+ ", &curves.n_series,
                     series);
    if (curves.n_series == 0)
        return;
    ltv_word other = has_plans ? LTV_WORD_OTHER_SOURCES : LTV_WORD_BASE_PRICE;
    double *rest = rest_of_revenue(r, path.text, series, curves.n_series);
    if (rest != NULL) {
        ltv_report_series *s = &series[curves.n_series++];
        *s = (ltv_report_series){.y = rest, .n = (size_t)r->page.horizon};
        snprintf(s->name, sizeof s->name, "%s", ltv_report_word(r, other));
    }
    snprintf(id, sizeof id, "revenue-by-source-%zu", arm);
    ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
    if (curves.n_series > 1)
        add_stack(r, blocks, &curves,
                  r->page.n_arms == 1 ? LTV_SAY(r, BY_SOURCE)
                                      : LTV_SAY(r, BY_SOURCE_OF, {"arm", name.text}),
                  LTV_SAY(r, REVENUE_AXIS, {"currency", r->page.money.code}));
    free(rest);
}

/* The arm that brings most, which stands beside the baseline. */
static size_t arm_with_most(const ltv_report *r)
{
    size_t best = 0;
    for (size_t arm = 1; arm < r->page.n_arms; arm++)
        if (ltv_page_number(&r->page, ltv_page_arm(&r->page, arm).text, "/ltv@mean") >
            ltv_page_number(&r->page, ltv_page_arm(&r->page, best).text, "/ltv@mean"))
            best = arm;
    return best;
}

void ltv_report_revenue(ltv_report *r)
{
    ltv_report_series series[LTV_REPORT_ARMS];
    size_t n = series_of_arms(r, "/revenue", (size_t)r->page.horizon, series);
    if (n == 0)
        return;
    json_t *blocks = ltv_report_section(r, "revenue", LTV_SAY(r, SECTION_REVENUE));
    if (end_without_first(series, n) > 0)
        ltv_report_add_text(
            r, blocks,
            LTV_SAY(r, FIRST_BILL, {"amount", ltv_report_money(r, series[0].y[0]).text}));
    add_revenue_joined(r, blocks, series, n);
    add_revenue_paying(r, blocks, series, n);
    size_t most = arm_with_most(r);
    for (size_t arm = 0; arm <= most; arm += most > 0 ? most : 1) {
        add_revenue_by_source(r, blocks, arm);
        add_holdings(r, blocks, arm, true);
        add_holdings(r, blocks, arm, false);
    }
}

/* ---- Segments and channels ---------------------------------------------------------------- */

/* The retention of a group as a row of the heat map and of its table. */
static void add_group(ltv_report *r, json_t *cells, json_t *table, const char *group,
                      const char *name)
{
    size_t n = (size_t)r->page.horizon + 1;
    const double *retention = ltv_page_array(&r->page, group, "/retention", n);
    if (retention == NULL)
        return;
    size_t columns = json_array_size(json_object_get(table, "columns")) - 1;
    json_t *row = json_array();
    ltv_report_add(r, row, ltv_report_text(r, name));
    for (size_t i = 0; i < columns; i++) {
        size_t u = i * (n - 1) / (columns - 1);
        ltv_report_add(r, cells,
                       json_pack("{s:s, s:i, s:o}", "group", name, "x", (int)u, "value",
                                 ltv_report_real(retention[u])));
        ltv_report_add(r, row, ltv_report_text(r, ltv_format_share(retention[u]).text));
    }
    ltv_report_add_row(r, table, row);
}

static void add_groups(ltv_report *r, json_t *cells, json_t *table, const char *kind)
{
    char **names = NULL;
    ltv_page_path folder = ltv_page_below(ltv_page_arm(&r->page, 0).text, kind);
    size_t n = ltv_document_children(r->page.doc, folder.text, &names);
    for (size_t i = 0; i < n; i++)
        add_group(r, cells, table,
                  ltv_page_below(ltv_page_below(folder.text, "/").text, names[i]).text,
                  ltv_report_shown(names[i]).text);
    ltv_names_free(names, n);
}

/* At most this many columns, evenly over the horizon: whole periods. */
static size_t columns_of(const ltv_report *r)
{
    size_t n = (size_t)r->page.horizon, most = 24;
    while (most > 2 && n % (most - 1) != 0)
        most--;
    return n < 24 ? n + 1 : most;
}

void ltv_report_groups(ltv_report *r)
{
    enum { MOST_COLUMNS = 25 };
    ltv_page_path arm = ltv_page_arm(&r->page, 0);
    if (r->page.horizon < 2 ||
        (ltv_document_find(r->page.doc, ltv_page_below(arm.text, "/segments").text) == NULL &&
         ltv_document_find(r->page.doc, ltv_page_below(arm.text, "/channels").text) == NULL))
        return;
    json_t *columns[1 + MOST_COLUMNS] = {LTV_SAY(r, GROUP)}, *cells = json_array();
    size_t n = columns_of(r);
    for (size_t i = 0; i < n; i++)
        columns[1 + i] = ltv_report_text(
            r, ltv_format_count((int64_t)(i * (size_t)r->page.horizon / (n - 1))).text);
    json_t *table =
        ltv_report_table(r, ltv_report_time_title(r, LTV_WORD_TENURE_AXIS), 1 + n, columns, 1);
    add_group(r, cells, table, arm.text, ltv_report_word(r, LTV_WORD_ALL_CUSTOMERS));
    add_groups(r, cells, table, "/segments");
    add_groups(r, cells, table, "/channels");
    json_t *blocks = ltv_report_section(r, "groups", LTV_SAY(r, SECTION_GROUPS));
    ltv_report_name name = ltv_report_shown(r->page.arms[0]);
    ltv_report_chart chart = {
        .id = "groups-heat",
        .chart = "heat",
        .title = LTV_SAY(r, GROUPS, {"arm", name.text}),
        .footer = ltv_report_footer(r, ltv_report_word(r, LTV_WORD_FOOT_NO_MONEY)),
        .values =
            json_pack("{s:o, s:o, s:o, s:o, s:i, s:i}", "cells", cells, "x_title",
                      ltv_report_time_title(r, LTV_WORD_TENURE_AXIS), "value_title",
                      LTV_SAY(r, HOLDING_AXIS), "group_title", LTV_SAY(r, GROUP), "label_limit",
                      110, "height", (int)(26 * json_array_size(json_object_get(table, "rows")))),
        .tables = json_pack("[o]", table),
    };
    ltv_report_add_chart(r, blocks, &chart);
}
