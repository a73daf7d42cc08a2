/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

enum { MOST_BANDS = 4 };

static const char across[] = LTV_ACROSS_BILLS, up[] = "per joined customer";
static const char array[] = "/cumulative_discounted_contribution";

static double cac_of(const ltv_book *book, const ltv_source *group)
{
    return ltv_document_metric(book->doc, ltv_source_join(group->text, "/metrics").text, "cac",
                               "value");
}

static double value_at(const ltv_sheet *sheet, const ltv_source *group, size_t i)
{
    ltv_column column =
        ltv_column_find(sheet->book, ltv_source_join(group->text, array).text, NULL);
    return column.real != NULL && i < column.n ? column.real[i] : NAN;
}

/* CAC of each group in a row of its own, for formulas. Returns the first one; a group without CAC
 * has an empty row. */
static lxw_row_t write_cacs(ltv_sheet *sheet, const ltv_groups *groups)
{
    lxw_row_t first = sheet->row;
    for (size_t i = 0; i < groups->n; i++) {
        sheet->row = first + (lxw_row_t)i;
        ltv_sheet_metric(sheet, ltv_source_join("CAC, ", groups->headings[i]).text,
                         groups->groups[i].text, "cac", LTV_CELL_MONEY);
    }
    sheet->row = first + (lxw_row_t)groups->n + 1;
    return first;
}

/* One more column: CAC at every bill. Returns its number. */
static size_t add_cac(ltv_sheet *sheet, ltv_block *block, lxw_row_t cacs, size_t group,
                      const char *heading, double cac)
{
    char formula[64];
    size_t at = block->n_columns++;
    ltv_sheet_text(sheet, block->heading_row, (lxw_col_t)at, heading, LTV_CELL_HEADING_RIGHT);
    snprintf(formula, sizeof formula, "=%s", ltv_cell_name_of(cacs + (lxw_row_t)group, 1).text);
    for (size_t i = 0; i < block->n_rows; i++)
        ltv_sheet_formula(sheet, block->first_row + (lxw_row_t)i, (lxw_col_t)at, formula, cac,
                          LTV_CELL_MONEY);
    return at;
}

/* One more column: what the group has brought by each bill, less its CAC. Returns its number. */
static size_t add_rest(ltv_sheet *sheet, ltv_curve_block *curves, lxw_row_t cacs, size_t group,
                       const ltv_groups *groups)
{
    char formula[64], heading[200];
    size_t at = curves->block.n_columns++;
    double cac = cac_of(sheet->book, &groups->groups[group]);
    snprintf(heading, sizeof heading, "%.150s, less CAC", groups->headings[group]);
    ltv_sheet_text(sheet, curves->block.heading_row, (lxw_col_t)at, heading,
                   LTV_CELL_HEADING_RIGHT);
    for (size_t i = 0; i < curves->block.n_rows; i++) {
        lxw_row_t row = curves->block.first_row + (lxw_row_t)i;
        snprintf(formula, sizeof formula, "=%s-%s",
                 ltv_cell_name_of(row, (lxw_col_t)curves->at[group]).text,
                 ltv_cell_name_of(cacs + (lxw_row_t)group, 1).text);
        ltv_sheet_formula(sheet, row, (lxw_col_t)at, formula,
                          value_at(sheet, &groups->groups[group], i) - cac, LTV_CELL_MONEY);
    }
    return at;
}

static bool has_cac(const ltv_book *book, const ltv_groups *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        if (cac_of(book, &groups->groups[i]) > 0)
            return true;
    return false;
}

static bool have_one_cac(const ltv_book *book, const ltv_groups *groups)
{
    for (size_t i = 1; i < groups->n; i++)
        if (cac_of(book, &groups->groups[i]) != cac_of(book, &groups->groups[0]))
            return false;
    return true;
}

static void write_arms(ltv_sheet *sheet, const ltv_groups *arms)
{
    bool any_cac = has_cac(sheet->book, arms), same = have_one_cac(sheet->book, arms);
    lxw_row_t cacs = write_cacs(sheet, arms);
    ltv_curves curves = {.title = "Contribution so far",
                         .short_title = "Contribution so far",
                         .axis = "/bill",
                         .array = array,
                         .n_groups = arms->n,
                         .groups = arms->groups,
                         .headings = (const char *const *)arms->headings,
                         .with_limits = true};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    ltv_chart chart =
        ltv_curves_begin(sheet, &block, any_cac ? "When the CAC comes back" : curves.title, across,
                         up, LTV_CELL_MONEY);
    for (size_t i = 0; i < block.n; i++)
        ltv_chart_add_line(&chart, &block.block, 0, block.at[i], i, LTV_LINE_PLAIN);
    for (size_t i = 0; i < block.n && any_cac && i < (same ? 1 : arms->n); i++) {
        double cac = cac_of(sheet->book, &arms->groups[i]);
        ltv_source heading = ltv_source_join("CAC, ", arms->headings[i]);
        if (isnan(cac))
            continue;
        size_t at = add_cac(sheet, &block.block, cacs, i, same ? "CAC" : heading.text, cac);
        ltv_chart_add_line(&chart, &block.block, 0, at, i, same ? LTV_LINE_MARK : LTV_LINE_DASHED);
    }
    ltv_chart_end(&chart);
    ltv_curves_draw_limits(sheet, &block, &curves, MOST_BANDS, across, up, LTV_CELL_MONEY);
}

static void write_channels(ltv_sheet *sheet, const ltv_groups *channels)
{
    char title[200];
    snprintf(title, sizeof title, "Less CAC, by channel: %.100s", sheet->book->baseline);
    lxw_row_t cacs = write_cacs(sheet, channels);
    ltv_curves curves = {.title = title,
                         .axis = "/bill",
                         .array = array,
                         .n_groups = channels->n,
                         .groups = channels->groups,
                         .headings = (const char *const *)channels->headings};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    if (block.n != channels->n)
        return;
    ltv_chart chart = ltv_curves_begin(sheet, &block, title, across,
                                       "above 0 the channel has paid back", LTV_CELL_MONEY);
    for (size_t i = 0; i < block.n; i++)
        ltv_chart_add_line(&chart, &block.block, 0, add_rest(sheet, &block, cacs, i, channels), i,
                           LTV_LINE_PLAIN);
    ltv_chart_end(&chart);
}

void ltv_sheet_payback(ltv_book *book)
{
    ltv_groups arms = ltv_groups_of_arms(book);
    ltv_groups channels = ltv_groups_below(book, ltv_source_arm(book, 0, "/channels").text);
    ltv_source limits = ltv_source_join(array, "_u90");
    size_t bands = ltv_column_find(book, ltv_source_arm(book, 0, limits.text).text, NULL).n == 0 ? 0
                   : arms.n < MOST_BANDS ? arms.n
                                         : MOST_BANDS;
    bool with_channels = channels.n > 0 && has_cac(book, &channels);
    ltv_sheet sheet = ltv_book_add_sheet(
        book, "Payback", "When the cost to acquire comes back",
        "Contribution so far of all who joined, against what it cost to win them (blended CAC). "
        "The first bill is 0, so what 7 bills bring stands at bill 6.",
        LTV_TERMS_DISCOUNTED, (unsigned)(1 + bands + with_channels));
    write_arms(&sheet, &arms);
    if (with_channels)
        write_channels(&sheet, &channels);
    ltv_groups_free(&arms);
    ltv_groups_free(&channels);
}
