/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"
#include "sim/cli/verdict.h"

/* A headline figure of an arm, or of the contrast of an arm with the baseline. */
typedef struct {
    const char *name;
    bool of_contrast, needs_draws;
} headline;

static const headline headlines[] = {
    {"ltv", false, false},           {"ltv_cac", false, false}, {"payback_survival", false, false},
    {"crr_1y", false, false},        {"nrr_1y", false, false},  {"p_ltv_cac_above_3", false, true},
    {"net_gain_total", true, false}, {"net_gain", true, false}, {"roi", true, false},
    {"p_roi_above_0", true, true},
};
enum { N_HEADLINES = sizeof headlines / sizeof *headlines };

/* A value and, on a line of its own, its interval. */
typedef struct {
    char value[96], interval[128];
} cell;

static bool has_draws(const ltv_report *r)
{
    return ltv_page_draws(&r->page) > 1;
}

static const char *unit_of(const ltv_report *r, const char *group, const char *name)
{
    const ltv_node *metrics = ltv_report_find_table(r, group, "/metrics");
    ptrdiff_t row = metrics != NULL ? ltv_node_row(metrics, "name", name) : -1;
    return row >= 0 ? ltv_report_text_at(metrics, "unit", (size_t)row) : "";
}

/* Gains are differences and carry their sign. */
static ltv_formatted value_text(const ltv_report *r, const char *name, double value,
                                const char *unit)
{
    return strncmp(name, "net_gain", 8) == 0 ? ltv_report_money_change(r, value)
                                             : ltv_report_value(r, value, unit);
}

/* Of what we don't know where something is uncertain, else of the simulation's noise. */
static void write_interval(const ltv_report *r, const char *group, const char *name,
                           const char *unit, cell *c)
{
    double limits[2], noise = ltv_page_metric_noise(&r->page, group, name);
    ltv_page_metric_limits(&r->page, group, name, limits);
    if (limits[0] == limits[1]) /* less than the noise of customers, or nothing */
        return;
    if (!isnan(limits[0]) && !isnan(limits[1]))
        snprintf(c->interval, sizeof c->interval, "%s",
                 ltv_report_interval(r, limits[0], limits[1], unit).text);
    else if (has_draws(r) || !(noise > 0))
        return;
    else if (strcmp(unit, r->page.money.code) == 0)
        snprintf(c->interval, sizeof c->interval, "%s", ltv_report_money_noise(r, noise).text);
    else if (strcmp(unit, "share") == 0)
        snprintf(c->interval, sizeof c->interval, "±%.60s %%",
                 ltv_format_significant(100 * noise, 2, true).text);
    else
        snprintf(c->interval, sizeof c->interval, "±%.60s",
                 ltv_format_significant(noise, 2, true).text);
}

static cell cell_of(const ltv_report *r, const char *group, const char *name)
{
    cell c = {"", ""};
    double value = ltv_page_metric(&r->page, group, name);
    const char *unit = unit_of(r, group, name);
    if (strcmp(name, "ltv") == 0) {
        value = ltv_page_number(&r->page, group, "/ltv@mean");
        unit = r->page.money.code;
    }
    snprintf(c.value, sizeof c.value, "%s",
             isnan(value) && strncmp(name, "payback", 7) == 0 && unit[0] != '\0'
                 ? ltv_report_word(r, LTV_WORD_NOT_WITHIN_HORIZON)
             : isnan(value) ? "–"
                            : value_text(r, name, value, unit).text);
    if (!isnan(value))
        write_interval(r, group, name, unit, &c);
    return c;
}

static ltv_page_path group_of(const ltv_report *r, const headline *what, size_t arm)
{
    return what->of_contrast ? ltv_page_below("/compare/", r->page.arms[arm])
                             : ltv_page_arm(&r->page, arm);
}

/* Whether some arm has the figure. A payback that does not come is a finding, too. */
static bool applies(const ltv_report *r, const headline *what)
{
    bool whole = ltv_page_cohort_size(&r->page) > 0;
    if (strcmp(what->name, whole ? "net_gain" : "net_gain_total") == 0)
        return false;
    if (what->needs_draws && !has_draws(r))
        return false;
    if (strcmp(what->name, "payback_survival") == 0)
        return !ltv_page_without_cac(&r->page);
    for (size_t arm = what->of_contrast ? 1 : 0; arm < r->page.n_arms; arm++)
        if (!isnan(ltv_page_metric(&r->page, group_of(r, what, arm).text, what->name)) ||
            strcmp(what->name, "ltv") == 0)
            return true;
    return false;
}

/* ---- The same in words -------------------------------------------------------------------- */

static json_t *interval_note(ltv_report *r)
{
    return has_draws(r) ? LTV_SAY(r, FIGURES_DRAWS) : LTV_SAY(r, FIGURES_NOISE);
}

static void add_card(ltv_report *r, json_t *items, json_t *label, const cell *c)
{
    ltv_report_add(
        r, items,
        json_pack("{s:o, s:s, s:s}", "label", label, "value", c->value, "interval", c->interval));
}

static json_t *cell_text(ltv_report *r, const cell *c)
{
    char text[256];
    snprintf(text, sizeof text, "%s%s%s", c->value, c->interval[0] != '\0' ? "\n" : "",
             c->interval);
    return ltv_report_text(r, text);
}

/* ---- LTV/CAC of channels ------------------------------------------------------------------ */

static json_t *channel_label(ltv_report *r, const char *channel)
{
    return LTV_SAY(r, LTV_CAC_OF, {"channel", ltv_report_shown(channel).text});
}

/* The channels that have a CAC in some arm. */
static bool channel_applies(const ltv_report *r, const char *channel)
{
    for (size_t arm = 0; arm < r->page.n_arms; arm++)
        if (!isnan(ltv_page_metric(
                &r->page, ltv_page_part(&r->page, arm, "/channels/", channel).text, "ltv_cac")))
            return true;
    return false;
}

static cell channel_cell(const ltv_report *r, size_t arm, const char *channel)
{
    return cell_of(r, ltv_page_part(&r->page, arm, "/channels/", channel).text, "ltv_cac");
}

/* Names of the channels of the baseline; owned. */
static size_t channels_of(const ltv_report *r, char ***names)
{
    ltv_page_path folder = ltv_page_below(ltv_page_arm(&r->page, 0).text, "/channels");
    return ltv_document_children(r->page.doc, folder.text, names);
}

/* ---- One arm: cards ----------------------------------------------------------------------- */

static void add_channel_cards(ltv_report *r, json_t *items)
{
    char **names = NULL;
    size_t n = channels_of(r, &names);
    for (size_t i = 0; n > 1 && i < n; i++)
        if (channel_applies(r, names[i])) {
            cell c = channel_cell(r, 0, names[i]);
            add_card(r, items, channel_label(r, names[i]), &c);
        }
    ltv_names_free(names, n);
}

static void add_cards(ltv_report *r, json_t *blocks)
{
    json_t *items = json_array();
    for (size_t i = 0; i < N_HEADLINES; i++) {
        if (!applies(r, &headlines[i]))
            continue;
        cell c = cell_of(r, group_of(r, &headlines[i], 0).text, headlines[i].name);
        add_card(r, items, ltv_report_term(r, headlines[i].name), &c);
        if (strcmp(headlines[i].name, "ltv_cac") == 0)
            add_channel_cards(r, items);
    }
    ltv_report_add(
        r, blocks,
        json_pack("{s:s, s:o, s:o}", "type", "figures", "items", items, "note", interval_note(r)));
}

/* ---- Several arms: a table ---------------------------------------------------------------- */

static void add_channel_rows(ltv_report *r, json_t *table)
{
    char **names = NULL;
    size_t n = channels_of(r, &names);
    for (size_t i = 0; n > 1 && i < n; i++) {
        if (!channel_applies(r, names[i]))
            continue;
        json_t *row = json_array();
        ltv_report_add(r, row, channel_label(r, names[i]));
        for (size_t arm = 0; arm < r->page.n_arms; arm++) {
            cell c = channel_cell(r, arm, names[i]);
            ltv_report_add(r, row, cell_text(r, &c));
        }
        ltv_report_add_row(r, table, row);
    }
    ltv_names_free(names, n);
}

static json_t *row_of(ltv_report *r, const headline *what)
{
    json_t *row = json_array();
    ltv_report_add(r, row, ltv_report_term(r, what->name));
    for (size_t arm = 0; arm < r->page.n_arms; arm++) {
        cell c = {"", ""};
        if (arm > 0 || !what->of_contrast)
            c = cell_of(r, group_of(r, what, arm).text, what->name);
        ltv_report_add(r, row, cell_text(r, &c));
    }
    return row;
}

static void add_comparison(ltv_report *r, json_t *blocks)
{
    size_t n = r->page.n_arms + 1;
    json_t **columns = calloc(n, sizeof *columns);
    if (columns == NULL) {
        r->page.out_of_memory = true;
        return;
    }
    columns[0] = LTV_SAY(r, FIGURE);
    for (size_t arm = 0; arm < r->page.n_arms; arm++)
        columns[arm + 1] = ltv_report_text(r, ltv_report_shown(r->page.arms[arm]).text);
    json_t *table = ltv_report_table(r, interval_note(r), n, columns, 1);
    free(columns);
    for (size_t i = 0; i < N_HEADLINES; i++) {
        if (!applies(r, &headlines[i]))
            continue;
        ltv_report_add_row(r, table, row_of(r, &headlines[i]));
        if (strcmp(headlines[i].name, "ltv_cac") == 0)
            add_channel_rows(r, table);
    }
    ltv_report_add(r, blocks, table);
}

void ltv_report_figures(ltv_report *r)
{
    json_t *blocks = ltv_report_section(r, "figures", LTV_SAY(r, SECTION_FIGURES));
    if (r->page.n_arms == 1)
        add_cards(r, blocks);
    else
        add_comparison(r, blocks);
}
