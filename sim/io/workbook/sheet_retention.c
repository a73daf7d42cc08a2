/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

enum { MOST_BANDS = 4 /* charts of arms between their limits */ };

static const char across[] = "periods since joining", up[] = "share of joined customers";

/* The baseline's customers by segment, or by channel. */
static void write_parts(ltv_sheet *sheet, const ltv_groups *parts, const char *what)
{
    char title[200];
    snprintf(title, sizeof title, "Who still pays, by %s: %.100s", what, sheet->book->baseline);
    ltv_curves curves = {.title = title,
                         .axis = "/period",
                         .array = "/retention",
                         .n_groups = parts->n,
                         .groups = parts->groups,
                         .headings = (const char *const *)parts->headings};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    ltv_curves_draw(sheet, &block, title, across, up, LTV_CELL_SHARE);
}

void ltv_sheet_retention(ltv_book *book)
{
    ltv_groups arms = ltv_groups_of_arms(book);
    ltv_groups segments = ltv_groups_below(book, ltv_source_arm(book, 0, "/segments").text);
    ltv_groups channels = ltv_groups_below(book, ltv_source_arm(book, 0, "/channels").text);
    bool limits = ltv_column_find(book, ltv_source_arm(book, 0, "/retention_u90").text, NULL).n > 0;
    size_t bands = !limits ? 0 : arms.n < MOST_BANDS ? arms.n : MOST_BANDS;
    ltv_sheet sheet = ltv_book_add_sheet(
        book, "Retention", "Who still pays",
        "Share of joined customers who pay the bill of each period; at the horizon, who would.",
        LTV_TERMS_SHARES, (unsigned)(1 + bands + (segments.n > 0) + (channels.n > 0)));
    ltv_curves curves = {.title = "Who still pays",
                         .short_title = "Who still pays",
                         .axis = "/period",
                         .array = "/retention",
                         .n_groups = arms.n,
                         .groups = arms.groups,
                         .headings = (const char *const *)arms.headings,
                         .with_limits = true};
    ltv_curve_block block = ltv_sheet_curves(&sheet, &curves);
    ltv_curves_draw(&sheet, &block, "Who still pays", across, up, LTV_CELL_SHARE);
    ltv_curves_draw_limits(&sheet, &block, &curves, MOST_BANDS, across, up, LTV_CELL_SHARE);
    if (segments.n > 0)
        write_parts(&sheet, &segments, "segment");
    if (channels.n > 0)
        write_parts(&sheet, &channels, "channel");
    ltv_groups_free(&arms);
    ltv_groups_free(&segments);
    ltv_groups_free(&channels);
}
