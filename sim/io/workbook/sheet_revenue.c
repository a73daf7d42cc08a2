/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

static const char across[] = "bill", share[] = "share of joined customers";

/* Is there any of it in any bill? */
static bool is_any(const ltv_book *book, const ltv_groups *arms, const char *array)
{
    for (size_t arm = 0; arm < arms->n; arm++) {
        ltv_source source = ltv_source_join(arms->groups[arm].text, array);
        ltv_column column = ltv_column_find(book, source.text, NULL);
        for (size_t i = 0; column.real != NULL && i < column.n; i++)
            if (column.real[i] != 0)
                return true;
    }
    return false;
}

static ltv_curve_block write_curve(ltv_sheet *sheet, const ltv_groups *arms, const char *array,
                                   const char *title)
{
    ltv_curves curves = {.title = title,
                         .axis = "/bill",
                         .array = array,
                         .n_groups = arms->n,
                         .groups = arms->groups,
                         .headings = (const char *const *)arms->headings,
                         .with_limits = true};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    if (is_any(sheet->book, arms, array))
        ltv_curves_draw(sheet, &block, title, across, "per joined customer", LTV_CELL_MONEY);
    return block;
}

/* ---- plans and add-ons of an arm ---- */

typedef struct {
    const char *name; /* of the arm */
    ltv_groups plans, add_ons;
    ltv_groups plan_revenue, add_on_revenue; /* none in files of earlier versions */
    ltv_column recurring;                    /* all its recurring revenue */
} offers;

static ltv_groups arrays_of(ltv_book *book, size_t arm, const char *kind)
{
    return ltv_arrays_below(book, ltv_source_arm(book, arm, kind).text);
}

static offers offers_of(ltv_book *book, size_t arm)
{
    ltv_source recurring = ltv_source_arm(book, arm, "/recurring_revenue");
    return (offers){.name = book->arms[arm],
                    .plans = arrays_of(book, arm, "/plans"),
                    .add_ons = arrays_of(book, arm, "/add_ons"),
                    .plan_revenue = arrays_of(book, arm, "/plan_revenue"),
                    .add_on_revenue = arrays_of(book, arm, "/add_on_revenue"),
                    .recurring = ltv_column_find(book, recurring.text, NULL)};
}

static void offers_free(offers *o)
{
    ltv_groups_free(&o->plans);
    ltv_groups_free(&o->add_ons);
    ltv_groups_free(&o->plan_revenue);
    ltv_groups_free(&o->add_on_revenue);
}

/* A picture of a single plan would be that of all customers again. */
static bool has_plan_chart(const offers *o)
{
    return o->plans.n > 1;
}

static bool has_revenue_chart(const offers *o)
{
    return o->plan_revenue.n > 1 || o->add_on_revenue.n > 0;
}

static unsigned count_charts(const offers *o)
{
    return has_plan_chart(o) + has_revenue_chart(o) + (o->add_ons.n > 0);
}

static void say_single_plan(ltv_sheet *sheet, const offers *o)
{
    char text[400];
    bool all = o->plan_revenue.n == 1 && o->add_on_revenue.n == 0;
    if (o->plans.n != 1)
        return;
    snprintf(text, sizeof text, "%.150s has one plan, %.150s: whoever pays holds it%s.", o->name,
             o->plans.headings[0], all ? ", and it brings all recurring revenue" : "");
    ltv_sheet_text(sheet, sheet->row, 0, text, LTV_CELL_TEXT);
    sheet->row += 2;
}

/* Each add-on has a name in the legend, also a single one. */
static void draw_add_ons(ltv_sheet *sheet, const ltv_curve_block *block, const char *title)
{
    ltv_chart chart = ltv_curves_begin(sheet, block, title, across, share, LTV_CELL_SHARE);
    ltv_chart_from_zero(&chart);
    for (size_t i = 0; i < block->n; i++)
        ltv_chart_add_line(&chart, &block->block, 0, block->at[i], i, LTV_LINE_PLAIN);
    ltv_chart_end_with_legend(&chart);
}

/* Who holds what: plans as areas on each other, since each customer holds one at most; add-ons as
 * lines. */
static void write_holdings(ltv_sheet *sheet, const offers *o, const ltv_groups *names,
                           const char *what)
{
    char title[200];
    snprintf(title, sizeof title, "%s: %.100s", what, o->name);
    ltv_curves curves = {.title = title,
                         .axis = "/bill",
                         .array = "",
                         .n_groups = names->n,
                         .groups = names->groups,
                         .headings = (const char *const *)names->headings};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    if (names == &o->plans)
        ltv_curves_stack(sheet, &block, title, across, share, LTV_CELL_SHARE);
    else
        draw_add_ons(sheet, &block, title);
}

/* Groups and headings of two kinds behind one another, borrowed from both. */
static void join_groups(const ltv_groups *a, const ltv_groups *b, ltv_source *groups,
                        const char **headings)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++, n++) {
        groups[n] = a->groups[i];
        headings[n] = a->headings[i];
    }
    for (size_t i = 0; i < b->n; i++, n++) {
        groups[n] = b->groups[i];
        headings[n] = b->headings[i];
    }
}

/* One more column, at the bottom of the stack: what the add-ons leave of the recurring revenue.
 * `all`: the column that holds it. */
static void add_base_price(ltv_sheet *sheet, ltv_curve_block *curves, const offers *o,
                           const ltv_block *recurring, size_t all)
{
    enum { MOST = sizeof curves->at / sizeof *curves->at };
    ltv_block *block = &curves->block;
    if (curves->n == MOST || o->recurring.real == NULL || o->recurring.n != block->n_rows)
        return;
    lxw_col_t at = (lxw_col_t)block->n_columns++;
    ltv_sheet_text(sheet, block->heading_row, at, "base price", LTV_CELL_HEADING_RIGHT);
    for (size_t i = 0; i < block->n_rows; i++) {
        char formula[128];
        lxw_row_t row = block->first_row + (lxw_row_t)i;
        double rest = o->recurring.real[i];
        for (size_t k = 0; k < o->add_on_revenue.n; k++)
            rest -= ltv_column_find(sheet->book, o->add_on_revenue.groups[k].text, NULL).real[i];
        snprintf(formula, sizeof formula, "=%s-SUM(%s:%s)",
                 ltv_cell_name_of(recurring->first_row + (lxw_row_t)i, (lxw_col_t)all).text,
                 ltv_cell_name_of(row, 1).text, ltv_cell_name_of(row, (lxw_col_t)(at - 1)).text);
        ltv_sheet_formula(sheet, row, at, formula, rest, LTV_CELL_MONEY);
    }
    memmove(curves->at + 1, curves->at, curves->n++ * sizeof *curves->at);
    curves->at[0] = at;
}

/* What plans, or the base price where there are none, and add-ons bring, as areas on each other. */
static void write_sources(ltv_sheet *sheet, const offers *o, const ltv_curve_block *recurring,
                          size_t arm)
{
    ltv_book *book = sheet->book;
    char title[200];
    size_t n = o->plan_revenue.n + o->add_on_revenue.n;
    ltv_source *groups = calloc(n, sizeof *groups);
    const char **headings = calloc(n, sizeof *headings);
    snprintf(title, sizeof title, "Recurring revenue by plan and add-on: %.100s", o->name);
    if (groups != NULL && headings != NULL) {
        join_groups(&o->plan_revenue, &o->add_on_revenue, groups, headings);
        ltv_curves curves = {.title = title,
                             .axis = "/bill",
                             .array = "",
                             .n_groups = n,
                             .groups = groups,
                             .headings = headings};
        ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
        if (o->plan_revenue.n == 0 && recurring->n == book->n_arms)
            add_base_price(sheet, &block, o, &recurring->block, recurring->at[arm]);
        ltv_curves_stack(sheet, &block, title, across, "per joined customer", LTV_CELL_MONEY);
    }
    book->out_of_memory |= groups == NULL || headings == NULL;
    free(groups);
    free(headings);
}

static void write_offers(ltv_sheet *sheet, const offers *o, const ltv_curve_block *recurring,
                         size_t arm)
{
    say_single_plan(sheet, o);
    if (has_revenue_chart(o))
        write_sources(sheet, o, recurring, arm);
    if (has_plan_chart(o))
        write_holdings(sheet, o, &o->plans, "Who holds which plan");
    if (o->add_ons.n > 0)
        write_holdings(sheet, o, &o->add_ons, "Who holds which add-on");
}

static void write_all(ltv_book *book, const ltv_groups *arms, const offers *all)
{
    static const struct {
        const char *array, *title;
    } curves[] = {{"/revenue", "Revenue by bill"},
                  {"/recurring_revenue", "Recurring revenue by bill"},
                  {"/contribution", "Contribution by bill"}};
    enum { CURVES = sizeof curves / sizeof *curves, RECURRING = 1 };
    ltv_curve_block blocks[CURVES];
    unsigned n_charts = 0;
    for (size_t i = 0; i < CURVES; i++)
        n_charts += is_any(book, arms, curves[i].array);
    for (size_t arm = 0; arm < arms->n; arm++)
        n_charts += count_charts(&all[arm]);
    ltv_sheet sheet =
        ltv_book_add_sheet(book, "Revenue and plans", "What customers pay over time, and for what",
                           "Revenue and contribution of each bill per joined customer, "
                           "undiscounted; what plans and add-ons bring, and who holds "
                           "which plan and add-on.",
                           LTV_TERMS_UNDISCOUNTED, n_charts);
    for (size_t i = 0; i < CURVES; i++)
        blocks[i] = write_curve(&sheet, arms, curves[i].array, curves[i].title);
    for (size_t arm = 0; arm < arms->n; arm++)
        write_offers(&sheet, &all[arm], &blocks[RECURRING], arm);
}

void ltv_sheet_revenue(ltv_book *book)
{
    ltv_groups arms = ltv_groups_of_arms(book);
    offers *all = calloc(arms.n + 1, sizeof *all);
    for (size_t arm = 0; all != NULL && arm < arms.n; arm++)
        all[arm] = offers_of(book, arm);
    if (all != NULL)
        write_all(book, &arms, all);
    else
        book->out_of_memory = true;
    for (size_t arm = 0; all != NULL && arm < arms.n; arm++)
        offers_free(&all[arm]);
    free(all);
    ltv_groups_free(&arms);
}
