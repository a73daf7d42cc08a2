/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

enum { MOST_ROWS = 24, LEAST_DRIVERS = 2 /* a single one is the whole difference */ };

/* The last row of a table, which is no driver: of one world, and of draws of uncertain numbers. */
static const char *rest_of(const ltv_page *p)
{
    return ltv_page_draws(p) > 1 ? "uncertainty_and_noise" : "simulation_noise";
}

/* The contrasts that are shown, and the drivers of any of them. */
typedef struct {
    size_t n_contrasts, contrast[LTV_TEXT_TABLE_COLUMNS];
    bool left_out; /* there are more of them than fit the page */
    size_t n_drivers;
    const char *driver[MOST_ROWS];
} drivers_shown;

static const ltv_node *drivers_of(const ltv_page *p, size_t contrast)
{
    const ltv_node *table = ltv_document_find(
        p->doc, ltv_page_below(ltv_page_contrast(p, contrast).text, "/drivers").text);
    const ltv_values *names =
        table != NULL && table->kind == LTV_NODE_TABLE ? ltv_node_column(table, "driver") : NULL;
    return names != NULL && names->string != NULL ? table : NULL;
}

static double amount_of(const ltv_page *p, size_t contrast, const char *driver)
{
    const ltv_node *table = drivers_of(p, contrast);
    ptrdiff_t row = table != NULL ? ltv_node_row(table, "driver", driver) : -1;
    const ltv_values *amounts = row >= 0 ? ltv_node_column(table, "amount") : NULL;
    return amounts != NULL && amounts->real != NULL ? amounts->real[row] : NAN;
}

static size_t count_drivers(const ltv_page *p, size_t contrast)
{
    const ltv_node *table = drivers_of(p, contrast);
    if (table == NULL)
        return 0;
    return table->n_rows - (ltv_node_row(table, "driver", rest_of(p)) >= 0);
}

/* The arm, and what it is held against where that is not the baseline. */
static ltv_formatted title_of(const ltv_page *p, size_t contrast)
{
    ltv_formatted title;
    const char *against = ltv_page_contrast_against(p, contrast);
    ltv_page_name arm = ltv_page_shown_name(p, ltv_page_contrast_arm(p, contrast));
    bool pair = strcmp(against, p->arms[0]) != 0;
    snprintf(title.text, sizeof title.text, "%.45s%s%.45s", arm.text,
             !pair ? "" : ltv_glyph(p->terminal, " − ", " - "),
             pair ? ltv_page_shown_name(p, against).text : "");
    return title;
}

/* In the order of the first contrast, what others have besides behind that. */
static void add_drivers(const ltv_page *p, drivers_shown *shown, const ltv_node *table)
{
    const ltv_values *names = ltv_node_column(table, "driver");
    for (size_t row = 0; row < table->n_rows && shown->n_drivers < MOST_ROWS; row++) {
        const char *name = names->string[row];
        size_t i = 0;
        while (i < shown->n_drivers && strcmp(shown->driver[i], name) != 0)
            i++;
        if (i == shown->n_drivers && strcmp(name, rest_of(p)) != 0)
            shown->driver[shown->n_drivers++] = name;
    }
}

/* As many contrasts as stand beside each other. */
static drivers_shown choose(const ltv_page *p)
{
    enum { LABEL = 18, GAP = 2, LEAST_WIDTH = 10 };
    drivers_shown shown = {0};
    int corner = 8 + ltv_text_width(ltv_page_shown_name(p, p->arms[0]).text); /* "against …" */
    int width = GAP + (corner > LABEL ? corner : LABEL);
    for (size_t i = 0; i < p->n_contrasts; i++) {
        int column = ltv_text_width(title_of(p, i).text);
        if (count_drivers(p, i) < LEAST_DRIVERS)
            continue;
        width += GAP + (column > LEAST_WIDTH ? column : LEAST_WIDTH);
        if (shown.n_contrasts > 0 &&
            (width > LTV_PAGE_COLUMNS || shown.n_contrasts + 1 == LTV_TEXT_TABLE_COLUMNS)) {
            shown.left_out = true;
            break;
        }
        shown.contrast[shown.n_contrasts++] = i;
        add_drivers(p, &shown, drivers_of(p, i));
    }
    return shown;
}

static void add_row(const ltv_page *p, ltv_text_table *table, const drivers_shown *shown,
                    const char *driver, const char *label)
{
    char text[64];
    snprintf(text, sizeof text, "%s", label);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    ltv_text_table_add(table, text);
    for (size_t i = 0; i < shown->n_contrasts; i++) {
        double amount = amount_of(p, shown->contrast[i], driver);
        ltv_text_table_add(table,
                           isnan(amount) ? "" : ltv_format_money_change(&p->money, amount).text);
    }
}

static bool has_rest(const ltv_page *p, const drivers_shown *shown)
{
    double smallest = 0.5 * pow(10, -p->money.decimals);
    for (size_t i = 0; i < shown->n_contrasts; i++)
        if (fabs(amount_of(p, shown->contrast[i], rest_of(p))) >= smallest)
            return true;
    return false;
}

void ltv_page_drivers(ltv_page *p)
{
    drivers_shown shown = choose(p);
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1] = "l", corner[128];
    ltv_text_table table;
    if (shown.n_contrasts == 0)
        return;
    memset(alignment + 1, 'r', shown.n_contrasts);
    ltv_text_table_init(&table, alignment);
    snprintf(corner, sizeof corner, "against %s", ltv_page_shown_name(p, p->arms[0]).text);
    ltv_text_table_add(&table, corner);
    for (size_t i = 0; i < shown.n_contrasts; i++)
        ltv_text_table_add(&table, title_of(p, shown.contrast[i]).text);
    for (size_t d = 0; d < shown.n_drivers; d++)
        add_row(p, &table, &shown, shown.driver[d], shown.driver[d]);
    if (has_rest(p, &shown))
        add_row(p, &table, &shown, rest_of(p),
                ltv_page_draws(p) > 1 ? "uncertainty" : "simulation error");
    ltv_text_table_add(&table, "change of LTV");
    for (size_t i = 0; i < shown.n_contrasts; i++) {
        ltv_page_path group = ltv_page_contrast(p, shown.contrast[i]);
        double change = ltv_page_number(p, group.text, "/delta_ltv@mean");
        ltv_text_table_add(&table, ltv_format_money_change(&p->money, change).text);
    }
    ltv_page_heading(p, "Where the difference comes from");
    ltv_page_print_table(p, &table);
    if (shown.left_out)
        ltv_page_indented(p, "Of other pairs the results file tells: compare/<pair>/drivers.");
}
