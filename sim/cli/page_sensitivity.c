/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sensitivity.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/page_sections.h"
#include "sim/cli/terms.h"
#include "sim/cli/text.h"

enum {
    INPUT_COLUMNS = 34, /* a path is cut to this, at its left: its end tells more */
    SHARES_COLUMNS = 40,
    LEAST_BAR = 12,
    MOST_ROWS = 12, /* of a table */
    TEXT_SIZE = 4 * LTV_PAGE_COLUMNS + 1
};

/* ---- words ---- */

typedef struct {
    char text[TEXT_SIZE];
} words;

/* "arms.today.ltv" is the "LTV of today", "compare.all|care.roi" the "roi of all against care". */
static words title_of(const char *figure)
{
    static const struct {
        const char *name, *shown;
    } known[] = {{"ltv", "LTV"},           {"net_ltv", "Net LTV"},
                 {"ltv_cac", "LTV/CAC"},   {"delta_ltv", "Change of LTV"},
                 {"net_gain", "Net gain"}, {"roi", "ROI"}};
    const char *metric = strrchr(figure, '.'), *owner = strchr(figure, '.');
    words title;
    if (metric == NULL || metric == owner) {
        ltv_text_clip(title.text, sizeof title.text, figure, LTV_PAGE_COLUMNS, false);
        return title;
    }
    const char *shown = metric + 1;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(metric + 1, known[i].name) == 0)
            shown = known[i].shown;
    char whole[LTV_PAGE_PATH_SIZE];
    int length = (int)(metric - owner) - 1;
    int first = (int)strcspn(owner + 1, "|");
    if (first < length)
        snprintf(whole, sizeof whole, "%.100s of %.*s against %.*s", shown, first, owner + 1,
                 length - first - 1, owner + 2 + first);
    else
        snprintf(whole, sizeof whole, "%.100s of %.*s", shown, length, owner + 1);
    ltv_text_clip(title.text, sizeof title.text, whole, LTV_PAGE_COLUMNS, false);
    return title;
}

/* The end of a path that is too long, after an ellipsis. */
static words input_of(const ltv_page *p, const char *path, int columns)
{
    const char *ellipsis = ltv_glyph(p->terminal, "…", "..."), *rest = path;
    char whole[LTV_PAGE_PATH_SIZE];
    words input;
    while (ltv_text_width(rest) > columns - (rest > path ? ltv_text_width(ellipsis) : 0))
        do
            rest++;
        while ((*rest & 0xc0) == 0x80);
    snprintf(whole, sizeof whole, "%s%.400s", rest > path ? ellipsis : "", rest);
    ltv_text_clip(input.text, sizeof input.text, whole, columns, p->terminal->utf8);
    return input;
}

/* A value of a figure in its unit. */
static ltv_formatted value_in(const ltv_page *p, const char *unit, double value)
{
    if (strcmp(unit, p->money.code) == 0)
        return ltv_page_money(p, value);
    if (strcmp(unit, "share") == 0 || strcmp(unit, "probability") == 0)
        return ltv_page_share(p, value);
    return ltv_format_significant(value, 4, p->terminal->utf8);
}

/* A share of variance in whole per cent; what is estimated to lie outside of 0 ... 1 at its end. */
static int percent(double share)
{
    return (int)lround(100 * fmin(fmax(share, 0), 1));
}

/* ---- a figure's tables ---- */

/* A column of numbers; NULL where the table has none. */
static const double *numbers(const ltv_node *table, const char *name)
{
    const ltv_values *values = ltv_node_column(table, name);
    return values != NULL ? values->real : NULL;
}

static const ltv_node *table_of(const ltv_page *p, const char *figure, const char *name)
{
    ltv_page_path group = ltv_page_below("/sensitivity/", figure);
    const ltv_node *table = ltv_document_find(p->doc, ltv_page_below(group.text, name).text);
    const ltv_values *inputs =
        table != NULL && table->kind == LTV_NODE_TABLE ? ltv_node_column(table, "input") : NULL;
    return inputs != NULL && inputs->string != NULL ? table : NULL;
}

static const char *input_at(const ltv_node *table, size_t row)
{
    return ltv_node_column(table, "input")->string[row];
}

/* Row with the greatest number, but for one; n_rows when none is a number. */
static size_t greatest(const double *values, size_t n, size_t except)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (i != except && !isnan(values[i]) && (best == n || values[i] > values[best]))
            best = i;
    return best;
}

static void say_rest(const ltv_page *p, size_t n)
{
    if (n > MOST_ROWS)
        fprintf(p->out, "  and %zu more: --json and -o have them all\n", n - MOST_ROWS);
}

/* ---- the answer ---- */

/* "LTV of today depends most on revenue.price: 62 % of what we don't know is due to it alone." */
static void answer(const ltv_page *p, const char *figure)
{
    const ltv_node *table = table_of(p, figure, "/indices");
    ltv_page_sentences text = {""};
    words title = title_of(figure);
    const double *first = numbers(table, "first"), *low = numbers(table, "first_lower");
    const double *high = numbers(table, "first_upper");
    if (first == NULL || low == NULL || high == NULL)
        return;
    size_t n = table->n_rows, best = greatest(first, n, n), next = greatest(first, n, best);
    if (best == n) {
        ltv_page_say(&text, "%s does not depend on any of the uncertain inputs.", title.text);
    } else if (next < n && !(high[next] < low[best])) {
        ltv_page_say(&text,
                     "%s depends most on %.200s (%d %%) and %.200s (%d %%); these points cannot "
                     "tell which matters more.",
                     title.text, input_at(table, best), percent(first[best]), input_at(table, next),
                     percent(first[next]));
    } else {
        bool several = strstr(input_at(table, best), " & ") != NULL;
        ltv_page_say(&text,
                     "%s depends most on %.400s: %d %% of what we don't know about it is due to "
                     "%s alone.",
                     title.text, input_at(table, best), percent(first[best]),
                     several ? "them" : "it");
    }
    ltv_page_paragraph(p, text.text);
}

/* ---- the tornado ---- */

/* What all its bars have in common. */
typedef struct {
    double least, greatest, base;
    const char *unit;
    int input_columns, low_columns, high_columns, bar_columns;
} tornado_scale;

static int longer(int a, int b)
{
    return a > b ? a : b;
}

static tornado_scale scale_of(const ltv_page *p, const ltv_node *table, const char *unit,
                              double base)
{
    const double *low = numbers(table, "at_p10"), *high = numbers(table, "at_p90");
    tornado_scale scale = {.least = base, .greatest = base, .base = base, .unit = unit};
    scale.input_columns = ltv_text_width("input");
    scale.low_columns = scale.high_columns = ltv_text_width("at P10");
    for (size_t i = 0; i < table->n_rows && i < MOST_ROWS; i++) {
        scale.least = fmin(scale.least, fmin(low[i], high[i]));
        scale.greatest = fmax(scale.greatest, fmax(low[i], high[i]));
        scale.input_columns =
            longer(scale.input_columns,
                   ltv_text_width(input_of(p, input_at(table, i), INPUT_COLUMNS).text));
        scale.low_columns =
            longer(scale.low_columns, ltv_text_width(value_in(p, unit, low[i]).text));
        scale.high_columns =
            longer(scale.high_columns, ltv_text_width(value_in(p, unit, high[i]).text));
    }
    scale.bar_columns = LTV_PAGE_COLUMNS - 7 - scale.input_columns - scale.low_columns -
                        scale.high_columns; /* indent 2, gaps 2, 2 and 1 */
    scale.bar_columns = longer(scale.bar_columns, LEAST_BAR);
    return scale;
}

static int column_at(const tornado_scale *scale, double value)
{
    double width = scale->greatest - scale->least;
    double place = width > 0 ? (value - scale->least) / width : 0.5;
    return (int)lround(place * (scale->bar_columns - 1));
}

enum { NOTHING, AT_P10, AT_P90, BASE };

/* Marks the cells from the base's to the value's. */
static void mark(char *cells, int base, int to, char as)
{
    for (int i = base; i != to; i += to > base ? 1 : -1)
        cells[i] = as;
    cells[to] = as;
}

/* The shorter side over the longer one, where an input moves the figure the same way at both ends;
 * the base over both. */
static void print_bar(const ltv_page *p, const tornado_scale *scale, double low, double high)
{
    char cells[LTV_PAGE_COLUMNS] = {NOTHING};
    int base = column_at(scale, scale->base);
    int at_low = column_at(scale, low), at_high = column_at(scale, high);
    bool low_is_longer = abs(at_low - base) > abs(at_high - base);
    mark(cells, base, low_is_longer ? at_low : at_high, low_is_longer ? AT_P10 : AT_P90);
    mark(cells, base, low_is_longer ? at_high : at_low, low_is_longer ? AT_P90 : AT_P10);
    cells[base] = BASE;
    const char *const glyphs[] = {[NOTHING] = " ",
                                  [AT_P10] = ltv_glyph(p->terminal, "░", "-"),
                                  [AT_P90] = ltv_glyph(p->terminal, "█", "#"),
                                  [BASE] = ltv_glyph(p->terminal, "│", "|")};
    for (int i = 0; i < scale->bar_columns; i++)
        fputs(glyphs[(int)cells[i]], p->out);
}

static void print_cell(const ltv_page *p, const char *text, int columns, bool right)
{
    int blanks = columns - ltv_text_width(text);
    ltv_text_blanks(p->out, right ? blanks : 0);
    fputs(text, p->out);
    ltv_text_blanks(p->out, right ? 0 : blanks);
}

static void print_tornado_row(const ltv_page *p, const tornado_scale *scale, const char *input,
                              double low, double high)
{
    fputs("  ", p->out);
    print_cell(p, input_of(p, input, INPUT_COLUMNS).text, scale->input_columns, false);
    fputs("  ", p->out);
    print_cell(p, value_in(p, scale->unit, low).text, scale->low_columns, true);
    fputs("  ", p->out);
    print_bar(p, scale, low, high);
    fputs(" ", p->out);
    print_cell(p, value_in(p, scale->unit, high).text, scale->high_columns, true);
    fputc('\n', p->out);
}

static void print_tornado(const ltv_page *p, const char *figure, const char *unit, double base)
{
    const ltv_node *table = table_of(p, figure, "/tornado");
    const double *low = numbers(table, "at_p10"), *high = numbers(table, "at_p90");
    ltv_page_sentences head = {""};
    if (table == NULL || low == NULL || high == NULL || table->n_rows == 0)
        return;
    tornado_scale scale = scale_of(p, table, unit, base);
    ltv_page_say(&head, "%s with every input at its median; one at its P10 (%s) or P90 (%s):",
                 value_in(p, unit, base).text, ltv_glyph(p->terminal, "░", "-"),
                 ltv_glyph(p->terminal, "█", "#"));
    ltv_page_indented(p, head.text);
    fputs("  ", p->out);
    print_cell(p, "input", scale.input_columns, false);
    fputs("  ", p->out);
    print_cell(p, "at P10", scale.low_columns, true);
    ltv_text_blanks(p->out, scale.bar_columns + 3);
    print_cell(p, "at P90", scale.high_columns, true);
    fputc('\n', p->out);
    for (size_t i = 0; i < table->n_rows && i < MOST_ROWS; i++)
        print_tornado_row(p, &scale, input_at(table, i), low[i], high[i]);
    say_rest(p, table->n_rows);
}

/* ---- shares and correlations ---- */

/* "62 % [55, 69]" */
static words share_at(const ltv_node *table, const char *name, size_t row)
{
    char lower[64], upper[64];
    words text = {"n/a"};
    snprintf(lower, sizeof lower, "%s_lower", name);
    snprintf(upper, sizeof upper, "%s_upper", name);
    const double *value = numbers(table, name), *low = numbers(table, lower);
    const double *high = numbers(table, upper);
    if (value == NULL || low == NULL || high == NULL || isnan(value[row]))
        return text;
    if (isnan(low[row]) || isnan(high[row]))
        snprintf(text.text, sizeof text.text, "%d %%", percent(value[row]));
    else
        snprintf(text.text, sizeof text.text, "%d %% [%d, %d]", percent(value[row]),
                 percent(low[row]), percent(high[row]));
    return text;
}

/* Rows in the order of a column, the greatest first; `taken` is room for them. */
static size_t next_greatest(const double *values, size_t n, bool *taken)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (!taken[i] && (best == n || values[i] > values[best] || isnan(values[best])))
            best = i;
    if (best < n)
        taken[best] = true;
    return best;
}

static void print_indices(ltv_page *p, const char *figure)
{
    const ltv_node *indices = table_of(p, figure, "/indices");
    const double *total = numbers(indices, "total");
    ltv_text_table table;
    bool *taken = indices != NULL ? calloc(indices->n_rows + 1, sizeof *taken) : NULL;
    if (total == NULL || taken == NULL) {
        free(taken);
        return;
    }
    ltv_text_table_init(&table, "lrr");
    ltv_text_table_add(&table, "due to");
    ltv_text_table_add(&table, "alone");
    ltv_text_table_add(&table, "with others");
    for (size_t i = 0; i < indices->n_rows && i < MOST_ROWS; i++) {
        size_t row = next_greatest(total, indices->n_rows, taken);
        ltv_text_table_add(&table, input_of(p, input_at(indices, row), SHARES_COLUMNS).text);
        ltv_text_table_add(&table, share_at(indices, "first", row).text);
        ltv_text_table_add(&table, share_at(indices, "total", row).text);
    }
    free(taken);
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
    say_rest(p, indices->n_rows);
}

static ltv_formatted correlation(const ltv_page *p, double value)
{
    return ltv_format_decimal(value, 2, p->terminal->utf8);
}

static void print_ranks(ltv_page *p, const char *figure)
{
    const ltv_node *ranks = table_of(p, figure, "/rank_correlations");
    const ltv_node *tornado = table_of(p, figure, "/tornado");
    const double *spearman = numbers(ranks, "spearman"), *partial = numbers(ranks, "partial");
    const double *low = numbers(tornado, "input_p10"), *high = numbers(tornado, "input_p90");
    ltv_text_table table;
    if (spearman == NULL || partial == NULL)
        return;
    ltv_text_table_init(&table, "lrrrr");
    const char *const head[] = {"input", "P10", "P90", "rank correlation", "partial"};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        ltv_text_table_add(&table, head[i]);
    for (size_t i = 0; i < ranks->n_rows && i < MOST_ROWS; i++) {
        ptrdiff_t bar = tornado != NULL ? ltv_node_row(tornado, "input", input_at(ranks, i)) : -1;
        bool has_ends = bar >= 0 && low != NULL && high != NULL;
        ltv_text_table_add(&table, input_of(p, input_at(ranks, i), INPUT_COLUMNS).text);
        ltv_text_table_add(
            &table, has_ends ? ltv_format_significant(low[bar], 3, p->terminal->utf8).text : NULL);
        ltv_text_table_add(
            &table, has_ends ? ltv_format_significant(high[bar], 3, p->terminal->utf8).text : NULL);
        ltv_text_table_add(&table, correlation(p, spearman[i]).text);
        ltv_text_table_add(&table, correlation(p, partial[i]).text);
    }
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
    say_rest(p, ranks->n_rows);
}

static void print_figure(ltv_page *p, const char *figure)
{
    ltv_page_path group = ltv_page_below("/sensitivity/", figure);
    const char *unit = ltv_document_string(p->doc, ltv_page_below(group.text, "@unit").text);
    double base = ltv_page_number(p, group.text, "@at_medians");
    if (unit == NULL || isnan(base))
        return;
    ltv_page_heading(p, title_of(figure).text);
    print_tornado(p, figure, unit, base);
    print_indices(p, figure);
    print_ranks(p, figure);
}

/* ---- the page ---- */

static void print_head(const ltv_page *p)
{
    char simulated[96];
    const char *title = ltv_document_string(p->doc, "/@title");
    const char *payment = ltv_document_string(p->doc, "/@payment");
    ltv_terms terms = {
        .title = title != NULL ? title : "",
        .currency = p->money.code,
        .unit = p->unit.text,
        .horizon = p->horizon,
        .discount_rate_per_year = ltv_document_real(p->doc, "/@discount_rate_per_year"),
        .payment = payment != NULL ? payment : "",
    };
    int64_t customers = ltv_document_int64(p->doc, "/sensitivity@customers", 0);
    snprintf(simulated, sizeof simulated, "%.20s points of %.20s customer%s",
             ltv_format_count(ltv_document_int64(p->doc, "/sensitivity@points", 0)).text,
             ltv_format_count(customers).text, customers == 1 ? "" : "s");
    ltv_terms_print(p->out, &terms, simulated, p->terminal);
}

static bool has_groups(const ltv_page *p, char **figures, size_t n)
{
    for (size_t f = 0; f < n; f++) {
        const ltv_node *table = table_of(p, figures[f], "/indices");
        for (size_t i = 0; table != NULL && i < table->n_rows; i++)
            if (strstr(input_at(table, i), " & ") != NULL)
                return true;
    }
    return false;
}

static void print_foot(const ltv_page *p, const char *results_path, char **figures, size_t n)
{
    ltv_page_sentences text = {""};
    fputc('\n', p->out);
    ltv_page_say(&text,
                 "alone: share of what we don't know (variance) that goes once the input is known; "
                 "with others: that stays once all others are. [low, high]: 95 %% intervals over "
                 "%" PRId64 " base points. The same customers with the same luck live at points "
                 "that are compared.",
                 ltv_document_int64(p->doc, "/sensitivity@base_points", 0));
    if (has_groups(p, figures, n))
        ltv_page_say(&text, " Inputs that hang together are judged together, but each has a bar.");
    fputs(ltv_dim(p->terminal), p->out);
    ltv_page_paragraph(p, text.text);
    fputs(ltv_plain(p->terminal), p->out);
    if (results_path == NULL)
        return;
    fputs("Results: ", p->out);
    ltv_text_print(p->out, results_path);
    fputc('\n', p->out);
}

/* A page without arms, which the document of a study alone lacks. */
static ltv_status open_page(ltv_page *p, FILE *out, const ltv_document *doc,
                            const ltv_terminal *terminal, ltv_error *err)
{
    *p = (ltv_page){.out = out, .doc = doc, .terminal = terminal};
    const char *currency = ltv_document_string(doc, "/@currency");
    const char *unit = ltv_document_string(doc, "/@time_unit");
    if (currency == NULL || unit == NULL || ltv_document_find(doc, "/sensitivity") == NULL)
        return ltv_fail(err, LTV_ERR_NOT_RESULTS,
                        "the results lack their currency, time unit or sensitivity");
    p->horizon = ltv_document_int64(doc, "/@horizon", 0);
    p->money.utf8 = terminal->utf8;
    p->money.decimals = (int)ltv_document_int64(doc, "/@currency_decimals", 2);
    p->unit = ltv_page_shown_name(p, unit);
    ltv_text_clip(p->money.code, sizeof p->money.code, currency, 3, false);
    return LTV_OK;
}

ltv_status ltv_page_sensitivity(FILE *out, const ltv_document *doc, const char *results_path,
                                const ltv_terminal *terminal, ltv_error *err)
{
    ltv_page page;
    char **figures = NULL;
    ltv_status status = open_page(&page, out, doc, terminal, err);
    if (status != LTV_OK)
        return status;
    size_t n = ltv_document_children(doc, "/sensitivity", &figures);
    print_head(&page);
    fputc('\n', out);
    for (size_t f = 0; f < n; f++)
        answer(&page, figures[f]);
    for (size_t f = 0; f < n; f++)
        print_figure(&page, figures[f]);
    print_foot(&page, results_path, figures, n);
    ltv_names_free(figures, n);
    return page.out_of_memory ? ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory") : LTV_OK;
}

/* ---- the line of a run's page ---- */

/* The input with the largest correlation in size; n_rows where none differs from 0 by 3 of its
 * standard errors, which leaves little room for the best of many by chance. */
static size_t biggest_driver(const double *value, const double *error, size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (fabs(value[i]) > 3 * error[i] && (best == n || fabs(value[i]) > fabs(value[best])))
            best = i;
    return best;
}

void ltv_page_biggest_input(const ltv_page *p)
{
    ltv_page_path figure = ltv_page_below(p->arms[0], ".ltv");
    figure = ltv_page_below("arms.", figure.text);
    const ltv_node *table = table_of(p, figure.text, "/rank_correlations");
    const double *value = table != NULL ? numbers(table, "spearman") : NULL;
    const double *error = table != NULL ? numbers(table, "standard_error") : NULL;
    ltv_page_sentences text = {"Biggest driver of LTV"};
    if (value == NULL || error == NULL)
        return;
    size_t best = biggest_driver(value, error, table->n_rows);
    if (best == table->n_rows)
        return;
    if (p->n_arms > 1)
        ltv_page_say(&text, ", %s", ltv_page_shown_name(p, p->arms[0]).text);
    ltv_page_say(&text, ": %.300s (rank correlation %s).", input_at(table, best),
                 correlation(p, value[best]).text);
    ltv_page_paragraph(p, text.text);
}
