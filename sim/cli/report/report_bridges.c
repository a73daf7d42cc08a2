/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"

/* A waterfall in the making. */
typedef struct {
    json_t *steps, *table;
    double running, least, most; /* least, most: of all ends of bars */
} waterfall;

static waterfall start(ltv_report *r, json_t *caption)
{
    json_t *columns[] = {LTV_SAY(r, STEP), LTV_SAY(r, AMOUNT), LTV_SAY(r, RUNNING)};
    return (waterfall){json_array(), ltv_report_table(r, caption, 3, columns, 1), 0, 0, 0};
}

/* A bar from zero for a total, else from where the last one ended; none of what is not finite. */
static void add_step(ltv_report *r, waterfall *w, json_t *label, double amount, bool is_total)
{
    if (!isfinite(amount)) {
        json_decref(label);
        return;
    }
    double from = is_total ? 0 : w->running, to = is_total ? amount : w->running + amount;
    ltv_word kind = is_total ? LTV_WORD_TOTAL : amount >= 0 ? LTV_WORD_ADDS : LTV_WORD_TAKES;
    ltv_formatted text =
        is_total ? ltv_report_money(r, amount) : ltv_report_money_change(r, amount);
    const char *name = json_string_value(label);
    ltv_report_add(r, w->steps,
                   json_pack("{s:s, s:f, s:f, s:f, s:f, s:s, s:s}", "label",
                             name != NULL ? name : "", "start", from, "end", to, "right",
                             fmax(from, to), "amount", amount, "kind", ltv_report_word(r, kind),
                             "text", text.text));
    ltv_report_add_row(
        r, w->table,
        json_pack("[s, s, s]", name != NULL ? name : "", text.text, ltv_report_money(r, to).text));
    json_decref(label);
    w->running = to;
    w->least = fmin(w->least, to);
    w->most = fmax(w->most, to);
}

static void finish(ltv_report *r, json_t *blocks, waterfall *w, const char *id, json_t *title,
                   json_t *x_title, const char *footer_more)
{
    char *axis = ltv_report_money_axis(r);
    ltv_report_chart chart = {
        .id = id,
        .chart = "waterfall",
        .title = title,
        .footer = ltv_report_footer(r, footer_more),
        .values = json_pack("{s:o, s:o, s:s, s:[s,s,s], s:s, s:i, s:[f,f], s:i}", "steps", w->steps,
                            "x_title", x_title, "x_label", axis != NULL ? axis : "", "kinds",
                            ltv_report_word(r, LTV_WORD_TOTAL), ltv_report_word(r, LTV_WORD_ADDS),
                            ltv_report_word(r, LTV_WORD_TAKES), "label_title",
                            ltv_report_word(r, LTV_WORD_STEP), "label_limit", 150, "x_domain",
                            w->least, w->most + 0.22 * (w->most - w->least), "height",
                            (int)(30 * json_array_size(w->steps))),
        .tables = json_pack("[o]", w->table),
    };
    free(axis);
    ltv_report_add_chart(r, blocks, &chart);
}

/* Less than half the smallest coin: nothing to see. */
static bool is_nothing(const ltv_report *r, double amount)
{
    return !(fabs(amount) >= 0.5 * pow(10, -r->page.money.decimals));
}

/* ---- Between arms ------------------------------------------------------------------------- */

static const ltv_node *drivers_of(const ltv_report *r, size_t contrast)
{
    return ltv_report_find_table(r, ltv_page_contrast(&r->page, contrast).text, "/drivers");
}

static void add_drivers(ltv_report *r, json_t *blocks, size_t contrast)
{
    char id[32];
    const ltv_node *table = drivers_of(r, contrast);
    ltv_page_path group = ltv_page_contrast(&r->page, contrast);
    ltv_report_name name = ltv_report_contrast_name(r, contrast);
    waterfall w = start(r, LTV_SAY(r, DRIVERS_OF, {"contrast", name.text}));
    for (size_t row = 0; row < table->n_rows; row++) {
        double amount = ltv_report_real_at(table, "amount", row);
        if (!is_nothing(r, amount))
            add_step(r, &w, ltv_report_term(r, ltv_report_text_at(table, "driver", row)), amount,
                     false);
    }
    add_step(r, &w, LTV_SAY(r, CHANGE_OF_LTV),
             ltv_page_number(&r->page, group.text, "/delta_ltv@mean"), true);
    snprintf(id, sizeof id, "drivers-%zu", contrast);
    finish(r, blocks, &w, id, LTV_SAY(r, DRIVERS_OF, {"contrast", name.text}),
           LTV_SAY(r, DELTA_AXIS, {"currency", r->page.money.code}),
           ltv_report_word(r, LTV_WORD_FOOT_GAIN));
}

/* ---- Between spreadsheet and simulation --------------------------------------------------- */

static const ltv_node *bridge_of(const ltv_report *r, size_t arm)
{
    return ltv_report_find_table(r, ltv_page_arm(&r->page, arm).text, "/bridge");
}

static void add_bridge(ltv_report *r, json_t *blocks, size_t arm)
{
    char id[32];
    const ltv_node *table = bridge_of(r, arm);
    ltv_page_path group = ltv_page_arm(&r->page, arm);
    ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
    json_t *title =
        r->page.n_arms > 1 ? LTV_SAY(r, BRIDGE_OF, {"arm", name.text}) : LTV_SAY(r, BRIDGE);
    waterfall w = start(r, json_incref(title));
    for (size_t row = 0; row < table->n_rows; row++) {
        double amount = ltv_report_real_at(table, "amount", row);
        if (!is_nothing(r, amount))
            add_step(r, &w, ltv_report_term(r, ltv_report_text_at(table, "reason", row)), amount,
                     row == 0);
    }
    add_step(r, &w, LTV_SAY(r, SIMULATED_LTV), ltv_page_number(&r->page, group.text, "/ltv@mean"),
             true);
    snprintf(id, sizeof id, "bridge-%zu", arm);
    finish(r, blocks, &w, id, title, LTV_SAY(r, LTV_AXIS, {"currency", r->page.money.code}),
           ltv_report_word(r, LTV_WORD_FOOT_BEFORE_CAC));
}

void ltv_report_bridges(ltv_report *r)
{
    bool has_bridge = bridge_of(r, 0) != NULL, has_drivers = false;
    for (size_t i = 0; i < r->page.n_contrasts && i < LTV_REPORT_CONTRASTS; i++)
        has_drivers |= drivers_of(r, i) != NULL;
    if (!has_bridge && !has_drivers)
        return;
    json_t *blocks = ltv_report_section(r, "bridge", LTV_SAY(r, SECTION_BRIDGE));
    for (size_t i = 0; i < r->page.n_contrasts && i < LTV_REPORT_CONTRASTS; i++)
        if (drivers_of(r, i) != NULL)
            add_drivers(r, blocks, i);
    if (has_bridge)
        add_bridge(r, blocks, 0);
}
