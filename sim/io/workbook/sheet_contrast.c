/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/io/workbook/contrast_name.h"
#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/histogram.h"
#include "sim/io/workbook/sheets.h"

static void write_gain(ltv_sheet *sheet, const ltv_source *group, const char *name)
{
    ltv_curves curves = {.title = "Gain so far, per joined customer: above 0 it has paid back",
                         .short_title = "Gain so far",
                         .axis = "/bill",
                         .array = "/cumulative_gain",
                         .n_groups = 1,
                         .groups = group,
                         .headings = &name,
                         .with_limits = true};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    if (block.n > 0 && block.has_limits[0])
        ltv_curves_draw_limits(sheet, &block, &curves, 1, LTV_ACROSS_BILLS, "gain so far",
                               LTV_CELL_MONEY);
    else
        ltv_curves_draw(sheet, &block, "Gain so far", LTV_ACROSS_BILLS, "gain so far",
                        LTV_CELL_MONEY);
}

static bool is_text(const ltv_values *values)
{
    return values != NULL && values->string != NULL;
}

/* "mid, paid" in one more column, which a chart can be labelled with. */
static void add_cell_names(ltv_sheet *sheet, const char *table, ltv_block *block)
{
    const ltv_node *node = ltv_document_find(sheet->book->doc, table);
    const ltv_values *segments = ltv_node_column(node, "segment");
    const ltv_values *channels = ltv_node_column(node, "channel");
    lxw_col_t at = (lxw_col_t)block->n_columns++;
    ltv_sheet_text(sheet, block->heading_row, at, "who", LTV_CELL_HEADING_ASIDE);
    for (size_t i = 0; i < block->n_rows && is_text(segments) && is_text(channels); i++) {
        char who[300];
        snprintf(who, sizeof who, "%.140s, %.140s", segments->string[i], channels->string[i]);
        ltv_sheet_text(sheet, block->first_row + (lxw_row_t)i, at, who, LTV_CELL_ASIDE);
    }
}

static void write_who_gains(ltv_sheet *sheet, const ltv_source *group)
{
    ltv_source table = ltv_source_join(group->text, "/who_gains");
    ltv_block block = ltv_sheet_table(sheet, "Who gains", table.text);
    int change = ltv_table_column(sheet, table.text, "delta_ltv");
    if (block.n_rows < 2 || change < 0)
        return;
    add_cell_names(sheet, table.text, &block);
    ltv_chart chart =
        ltv_chart_begin(sheet, LXW_CHART_BAR, "Who gains: change of LTV", "segment, channel",
                        "per joined customer of that group", LTV_CELL_MONEY);
    ltv_chart_add_bars(&chart, &block, block.n_columns - 1, (size_t)change, ltv_chart_colour(0));
    ltv_chart_end(&chart);
}

static void write_hurdles(ltv_sheet *sheet, const ltv_source *group)
{
    ltv_source table = ltv_source_join(group->text, "/roi_hurdles");
    ltv_block block = ltv_sheet_table(sheet, "How likely the ROI is to clear a hurdle", table.text);
    int x = ltv_table_column(sheet, table.text, "hurdle");
    int y = ltv_table_column(sheet, table.text, "probability");
    if (block.n_rows == 0 || x < 0 || y < 0)
        return;
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_SCATTER_STRAIGHT, "P(ROI ≥ hurdle)",
                                      "ROI wanted", "probability over draws", LTV_CELL_SHARE);
    ltv_chart_categories_in(&chart, LTV_CELL_SHARE);
    ltv_chart_whole_share(&chart);
    ltv_chart_add_line(&chart, &block, (size_t)x, (size_t)y, 0, LTV_LINE_PLAIN);
    ltv_chart_end(&chart);
}

/* ---- distributions over draws ---- */

typedef struct {
    ltv_draw_distribution delta, roi;
} distributions;

static distributions find_distributions(ltv_book *book, size_t contrast)
{
    distributions of;
    ltv_contrast_arms arms = ltv_contrast_arms_of(book, contrast);
    if (!ltv_draw_distribution_find(&of.delta, book->doc, arms.arm, arms.against, "delta_ltv") ||
        !ltv_draw_distribution_find(&of.roi, book->doc, arms.arm, arms.against, "roi"))
        book->out_of_memory = true;
    return of;
}

/* "ROI over draws: P(ROI > 0) is 97.3 %". */
static void write_roi_title(char *title, size_t size, double probability)
{
    static const char what[] = "ROI over draws";
    if (isnan(probability))
        snprintf(title, size, "%s", what);
    else if (probability > 0 && probability < 0.0005)
        snprintf(title, size, "%s: P(ROI > 0) is below 0.1 %%", what);
    else if (probability < 1 && probability >= 0.9995)
        snprintf(title, size, "%s: P(ROI > 0) is above 99.9 %%", what);
    else
        snprintf(title, size, "%s: P(ROI > 0) is %.1f %%", what, 100 * probability);
}

static void write_distributions(ltv_sheet *sheet, size_t contrast, const ltv_source *group,
                                const distributions *of)
{
    static const char probability[] = "p_roi_above_0";
    const ltv_book *book = sheet->book;
    ltv_contrast_arms arms = ltv_contrast_arms_of(book, contrast);
    ltv_source metrics = ltv_source_join(group->text, "/metrics");
    char title[100], source[LTV_SOURCE_SIZE];
    snprintf(source, sizeof source, "bins of /draws/%.200s|%.200s: ", arms.arm, arms.against);
    ltv_draw_histogram delta = {.title = "Mean change of LTV over draws",
                                .figure = "mean change of LTV per joined customer",
                                .style = LTV_CELL_MONEY};
    ltv_source delta_source = ltv_source_join(source, "delta_ltv");
    delta.source = delta_source.text;
    ltv_sheet_draw_histogram(sheet, &delta, &of->delta);
    if (of->roi.n_bins == 0)
        return;
    write_roi_title(title, sizeof title,
                    ltv_document_metric(book->doc, metrics.text, probability, "value"));
    ltv_sheet_metric(sheet, "P(ROI > 0)", group->text, probability, LTV_CELL_SHARE);
    sheet->row++;
    ltv_source roi_source = ltv_source_join(source, "roi");
    ltv_sheet_draw_histogram(
        sheet,
        &(ltv_draw_histogram){
            .title = title, .figure = "ROI", .style = LTV_CELL_RATIO, .source = roi_source.text},
        &of->roi);
}

static unsigned count_charts(const ltv_book *book, const ltv_source *group, const distributions *of)
{
    static const char *const drawn[] = {"/cumulative_gain", "/roi_hurdles",
                                        "/delta_ltv/one_customer/histogram"};
    const ltv_node *gains =
        ltv_document_find(book->doc, ltv_source_join(group->text, "/who_gains").text);
    unsigned n = (of->delta.n_bins > 0) + (of->roi.n_bins > 0);
    n += gains != NULL && gains->n_rows > 1;
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
        n += ltv_document_find(book->doc, ltv_source_join(group->text, drawn[i]).text) != NULL;
    return n;
}

static void write_contrast(ltv_book *book, size_t contrast)
{
    ltv_contrast_name name = ltv_contrast_name_of(book, contrast);
    ltv_source group = ltv_source_join("/compare/", book->contrasts[contrast]);
    distributions of = find_distributions(book, contrast);
    const char *advice =
        ltv_document_string(book->doc, ltv_source_join(group.text, "@advice").text);
    ltv_sheet sheet = ltv_book_add_sheet(
        book, name.text, name.text,
        advice != NULL && advice[0] != '\0'
            ? advice
            : "What the one arm brings more than the other, on the same customers and luck.",
        LTV_TERMS_DISCOUNTED, count_charts(book, &group, &of));
    ltv_sheet_table(&sheet, "Figures", ltv_source_join(group.text, "/metrics").text);
    write_gain(&sheet, &group, name.text);
    write_distributions(&sheet, contrast, &group, &of);
    write_hurdles(&sheet, &group);
    write_who_gains(&sheet, &group);
    ltv_sheet_table(&sheet, "Change of LTV of one customer picked at random",
                    ltv_source_join(group.text, "/delta_ltv/one_customer/quantiles").text);
    ltv_sheet_table(&sheet, "Mean change of LTV",
                    ltv_source_join(group.text, "/delta_ltv/mean_over_draws/quantiles").text);
    ltv_sheet_table(&sheet, "Budgets that cover the cash needed",
                    ltv_source_join(group.text, "/budgets").text);
    ltv_sheet_histogram(&sheet, "Change of LTV of one customer",
                        ltv_source_join(group.text, "/delta_ltv/one_customer/histogram").text,
                        &(ltv_histogram_mark){0, "no change", "loses", "around 0, or gains", true});
}

void ltv_sheet_contrasts(ltv_book *book)
{
    for (size_t i = 0; i < book->n_contrasts && i < LTV_MOST_CONTRAST_SHEETS; i++)
        write_contrast(book, i);
}
