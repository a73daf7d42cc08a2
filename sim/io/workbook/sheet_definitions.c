/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/workbook/column.h"
#include "sim/io/workbook/contrast_name.h"
#include "sim/io/workbook/sheets.h"

static void write_text_attribute(ltv_sheet *sheet, const char *label, const char *source)
{
    const char *text = ltv_document_string(sheet->book->doc, source);
    if (text == NULL || text[0] == '\0')
        return;
    ltv_sheet_text(sheet, sheet->row, 0, label, LTV_CELL_TEXT);
    ltv_sheet_text(sheet, sheet->row++, 1, text, LTV_CELL_TEXT);
}

/* As text: of a number Excel shows 15 digits. */
static void write_seed(ltv_sheet *sheet)
{
    char text[32];
    snprintf(text, sizeof text, "%lld",
             (long long)ltv_document_int64(sheet->book->doc, "/@seed", 0));
    ltv_sheet_text(sheet, sheet->row, 0, "Seed of all random numbers", LTV_CELL_TEXT);
    ltv_sheet_text(sheet, sheet->row++, 1, text, LTV_CELL_TEXT);
}

static void write_terms(ltv_sheet *sheet)
{
    static const struct {
        const char *label, *source;
        ltv_cell_style style;
    } numbers[] = {
        {"Horizon: bills of each customer that count", "/@horizon", LTV_CELL_COUNT},
        {"Discount rate a year", "/@discount_rate_per_year", LTV_CELL_SHARE},
        {"Customers simulated in each arm and draw", "/@customers", LTV_CELL_COUNT},
        {"Draws of the uncertain inputs", "/@n_draws", LTV_CELL_COUNT},
        {"Customers of the real cohort", "/@cohort_size", LTV_CELL_COUNT},
        {"Half a 95 % interval, in standard errors", "/@mc_t95", LTV_CELL_NUMBER},
    };
    ltv_sheet_text(sheet, sheet->row++, 0, "Terms", LTV_CELL_BLOCK);
    write_text_attribute(sheet, "Currency", "/@currency");
    write_text_attribute(sheet, "Period", "/@time_unit");
    write_text_attribute(sheet, "When a bill is paid in its period", "/@payment");
    write_text_attribute(sheet, "Baseline", "/@baseline");
    write_text_attribute(sheet, "How draws were chosen", "/@sampling");
    write_text_attribute(sheet, "How the number of customers was chosen", "/@customers_chosen");
    write_text_attribute(sheet, "Why the run ended there", "/@stopped");
    write_seed(sheet);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ltv_sheet_attribute(sheet, numbers[i].label, numbers[i].source, numbers[i].style);
    write_text_attribute(sheet, "Version of ltvsim", "/provenance@version");
    write_text_attribute(sheet, "Revision", "/provenance@revision");
    write_text_attribute(sheet, "Started", "/provenance@started");
    write_text_attribute(sheet, "Command", "/provenance@command");
    sheet->row++;
}

static void write_lines_of(ltv_sheet *sheet, const char *title, size_t n, const char *const *lines)
{
    ltv_sheet_text(sheet, sheet->row++, 0, title, LTV_CELL_BLOCK);
    for (size_t i = 0; i < n; i++)
        ltv_sheet_text(sheet, sheet->row++, 0, lines[i], LTV_CELL_TEXT);
    sheet->row++;
}

static void write_formulas(ltv_sheet *sheet)
{
    static const char *const lines[] = {
        ("LTV of a customer = sum of the discounted contributions of the bills 0 ... horizon - 1 "
         "that he paid - discounted costs of programmes for him; before CAC."),
        "Contribution of a bill = revenue x gross margin - service cost.",
        ("Discount factor of bill u = (1 + rate) ^ -(u / periods a year), with u + 1/2 or u + 1 "
         "where bills are paid in mid-period or in arrears."),
        "Net LTV = LTV - CAC; CAC is dated at joining. Fixed costs of programmes are in neither.",
        ("LTV/CAC = mean LTV / mean CAC, of all channels (blended), or of those that cost "
         "something (paid)."),
        "ROI = net gain / programme cost that the arm adds.",
        ("All amounts are means over all who joined, whether they left or not, unless told "
         "otherwise."),
    };
    write_lines_of(sheet, "How it is calculated", sizeof lines / sizeof *lines, lines);
}

static void write_kinds(ltv_sheet *sheet)
{
    static const char *const lines[] = {
        "Customer spread: how one customer differs from the next. No data can reduce it.",
        ("What we don't know (parameter uncertainty): how the true mean varies as the uncertain "
         "inputs do; 90 % limits over draws, without the simulation's noise. Data can reduce it."),
        "Monte Carlo error: the simulation's own noise. More simulated customers reduce it.",
    };
    write_lines_of(sheet, "Three kinds of ±, never mixed", sizeof lines / sizeof *lines, lines);
}

/* Name, unit and meaning of each figure in the table. */
static void write_meanings(ltv_sheet *sheet, const char *title, const char *table)
{
    static const char *const names[] = {":name", ":unit", ":meaning"};
    ltv_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL) {
        sheet->book->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < 3; i++)
        ltv_columns_find(columns, sheet->book, ltv_source_join(table, names[i]).text, NULL);
    ltv_sheet_columns(sheet, title, columns, 1);
    free(columns);
}

/* A text of the results, line by line. */
static void write_text(ltv_sheet *sheet, const char *title, const char *path)
{
    const ltv_node *node = ltv_document_find(sheet->book->doc, path);
    if (node == NULL || node->kind != LTV_NODE_TEXT || node->text[0] == '\0')
        return;
    ltv_sheet_text(sheet, sheet->row++, 0, title, LTV_CELL_BLOCK);
    char *copy = strdup(node->text), *rest = copy;
    if (copy == NULL)
        sheet->book->out_of_memory = true;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
        ltv_sheet_text(sheet, sheet->row++, 0, line, LTV_CELL_TEXT);
    free(copy);
    sheet->row++;
}

void ltv_sheet_definitions(ltv_book *book)
{
    char title[300];
    ltv_sheet sheet = ltv_book_add_sheet(
        book, "Definitions", "What is meant",
        "Terms, figures, and the scenario that led to them: running it again gives the same "
        "numbers.",
        LTV_TERMS_DISCOUNTED, 0);
    write_terms(&sheet);
    write_formulas(&sheet);
    write_kinds(&sheet);
    snprintf(title, sizeof title, "Figures of an arm: %.200s", book->baseline);
    write_meanings(&sheet, title, ltv_source_arm(book, 0, "/metrics").text);
    if (book->n_contrasts > 0) {
        ltv_source group = ltv_source_join("/compare/", book->contrasts[0]);
        snprintf(title, sizeof title, "Figures of a comparison: %s",
                 ltv_contrast_name_of(book, 0).text);
        write_meanings(&sheet, title, ltv_source_join(group.text, "/metrics").text);
    }
    write_text(&sheet, "What can be run but misleads", "/scenario/warnings");
    write_text(&sheet, "What the command changed in the scenario", "/scenario/overrides");
    write_text(&sheet, "What was assumed", "/scenario/assumed");
    write_text(&sheet, "The scenario with every default", "/scenario/effective");
}
