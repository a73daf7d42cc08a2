/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/chart.h"

#include <math.h>
#include <string.h>

#include "sim/cli/text.h"

/* The line's parts are bounded (columns x 4 bytes), so that appending never has to fail. */
static void append(ltv_chart *chart, int line, const char *text)
{
    size_t used = strlen(chart->line[line]);
    if (used + strlen(text) < sizeof chart->line[line])
        strcpy(chart->line[line] + used, text);
}

static void append_blanks(ltv_chart *chart, int line, int n)
{
    for (int i = 0; i < n; i++)
        append(chart, line, " ");
}

/* What one bar of `eighths` eighths of a line shows in the line that is `below` lines above the
 * axis. */
static const char *bar_piece(int eighths, int below, const ltv_terminal *terminal)
{
    static const char *const utf8[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    int here = eighths - 8 * below;
    here = here < 0 ? 0 : here > 8 ? 8 : here;
    if (terminal->utf8)
        return utf8[here];
    return here == 0 ? " " : here < 4 ? "." : here < 8 ? ":" : "#";
}

static int bar_eighths(double height, int rows)
{
    if (!(height > 0))
        return 0;
    int eighths = (int)lround(fmin(height, 1) * rows * 8);
    return eighths > 0 ? eighths : 1;
}

static void draw_bars(ltv_chart *chart, const double *height, int n, int rows,
                      const ltv_terminal *terminal)
{
    for (int line = 0; line < rows; line++)
        for (int i = 0; i < n; i++)
            append(chart, line, bar_piece(bar_eighths(height[i], rows), rows - 1 - line, terminal));
}

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

void ltv_chart_bars(ltv_chart *chart, const double *height, int n, int rows,
                    const ltv_terminal *terminal)
{
    *chart = (ltv_chart){.n_lines = at_most(rows, LTV_CHART_LINES)};
    draw_bars(chart, height, at_most(n, LTV_CHART_COLUMNS), chart->n_lines, terminal);
}

/* Index of the bin that holds x; the last bin for anything above. */
static size_t bin_of(const ltv_chart_histogram *histogram, double x)
{
    size_t i = 0;
    while (i + 1 < histogram->n_bins && x >= histogram->edges[i + 1])
        i++;
    return i;
}

/* How bins fall on columns: whole bins a column, or whole columns a bin. Splitting bins would
 * draw teeth into a smooth distribution. */
typedef struct {
    size_t n_bins;          /* drawn */
    size_t bins_per_column; /* 1 when columns_per_bin > 1 */
    size_t columns_per_bin;
    int n_columns;
} bin_layout;

static bin_layout lay_out(const ltv_chart_histogram *histogram, int columns)
{
    bin_layout layout = {.n_bins = bin_of(histogram, histogram->right) + 1};
    size_t room = (size_t)columns;
    layout.bins_per_column = (layout.n_bins + room - 1) / room;
    layout.columns_per_bin = layout.n_bins < room ? room / layout.n_bins : 1;
    layout.n_columns = (int)((layout.n_bins + layout.bins_per_column - 1) / layout.bins_per_column *
                             layout.columns_per_bin);
    return layout;
}

static int column_of_bin(const bin_layout *layout, size_t bin)
{
    return (int)(bin / layout->bins_per_column * layout->columns_per_bin);
}

static void histogram_heights(const ltv_chart_histogram *histogram, const bin_layout *layout,
                              double *height)
{
    double most = 0;
    for (size_t bin = 0; bin < layout->n_bins; bin++) {
        int column = column_of_bin(layout, bin);
        for (size_t k = 0; k < layout->columns_per_bin; k++)
            height[column + (int)k] += (double)histogram->counts[bin];
        most = fmax(most, height[column]);
    }
    for (int i = 0; i < layout->n_columns; i++)
        height[i] = most > 0 ? height[i] / most : 0;
}

static void append_axis(ltv_chart *chart, int line, int columns, int mark,
                        const ltv_terminal *terminal)
{
    for (int i = 0; i < columns; i++)
        append(chart, line,
               i == mark ? ltv_glyph(terminal, "▲", "^") : ltv_glyph(terminal, "─", "-"));
}

typedef struct {
    char left[64], mark[128], right[80];
} axis_labels;

/* The left, the marked and the right label on one line, the middle one centred below its mark
 * as far as the others leave room; it is left out where there is none. */
static void append_labels(ltv_chart *chart, int line, const axis_labels *labels, int columns,
                          int mark)
{
    int left = ltv_text_width(labels->left);
    int right = ltv_text_width(labels->right);
    int middle = mark >= 0 ? ltv_text_width(labels->mark) : 0;
    int first = left + 2, last = columns - right - 2 - middle;
    append(chart, line, labels->left);
    int at = left;
    if (mark >= 0 && first <= last) {
        int start = mark - middle / 2;
        start = start < first ? first : start > last ? last : start;
        append_blanks(chart, line, start - at);
        append(chart, line, labels->mark);
        at = start + middle;
    }
    append_blanks(chart, line, columns - right - at > 1 ? columns - right - at : 1);
    append(chart, line, labels->right);
}

static axis_labels label_axis(const ltv_chart_histogram *histogram, const bin_layout *layout,
                              const ltv_money_style *money, const ltv_terminal *terminal)
{
    axis_labels labels;
    bool more = layout->n_bins < histogram->n_bins;
    double right = histogram->edges[layout->n_bins];
    snprintf(labels.left, sizeof labels.left, "%.60s",
             ltv_format_money_quantile(money, histogram->edges[0]).text);
    snprintf(labels.mark, sizeof labels.mark, "%.30s %.90s", histogram->mark_name,
             ltv_format_money(money, histogram->mark).text);
    snprintf(labels.right, sizeof labels.right, "%.60s%s",
             ltv_format_money_quantile(money, right).text,
             more ? ltv_glyph(terminal, " →", " >") : "");
    return labels;
}

/* The labels end where the axis ends, unless they need more room than that. */
static int label_width(const axis_labels *labels, int axis, int columns)
{
    int needed = ltv_text_width(labels->left) + ltv_text_width(labels->mark) +
                 ltv_text_width(labels->right) + 4;
    return needed <= axis ? axis : needed <= columns ? needed : columns;
}

/* Column of the mark; -1 when it lies outside of the drawing. */
static int mark_column(const ltv_chart_histogram *histogram, const bin_layout *layout)
{
    double mark = histogram->mark;
    if (!(mark >= histogram->edges[0] && mark <= histogram->edges[layout->n_bins]))
        return -1;
    size_t bin = bin_of(histogram, mark);
    return column_of_bin(layout, bin < layout->n_bins ? bin : layout->n_bins - 1);
}

void ltv_chart_draw_histogram(ltv_chart *chart, const ltv_chart_histogram *histogram,
                              const ltv_money_style *money, int columns, int rows,
                              const ltv_terminal *terminal)
{
    double height[LTV_CHART_COLUMNS] = {0};
    columns = at_most(columns, LTV_CHART_COLUMNS);
    rows = at_most(rows, LTV_CHART_LINES - 2);
    bin_layout layout = lay_out(histogram, columns);
    histogram_heights(histogram, &layout, height);
    *chart = (ltv_chart){.n_lines = rows + 2};
    draw_bars(chart, height, layout.n_columns, rows, terminal);
    int mark = mark_column(histogram, &layout);
    axis_labels labels = label_axis(histogram, &layout, money, terminal);
    append_axis(chart, rows, layout.n_columns, mark, terminal);
    append_labels(chart, rows + 1, &labels, label_width(&labels, layout.n_columns, columns), mark);
}

void ltv_chart_draw_shares(ltv_chart *chart, const double *share, size_t n, int columns, int rows,
                           const ltv_terminal *terminal)
{
    enum { SCALE = 7 };
    double height[LTV_CHART_COLUMNS] = {0};
    columns = at_most(columns, LTV_CHART_COLUMNS);
    rows = at_most(rows, LTV_CHART_LINES - 2);
    int width = columns - SCALE;
    for (int i = 0; i < width; i++)
        height[i] = share[(size_t)llround((double)i * (double)(n - 1) / (width - 1))];
    *chart = (ltv_chart){.n_lines = rows + 2};
    for (int line = 0; line <= rows; line++) {
        append(chart, line, line == 0 ? "100 % " : line == rows ? "  0 % " : "      ");
        append(chart, line,
               line == rows ? ltv_glyph(terminal, "└", "+") : ltv_glyph(terminal, "│", "|"));
    }
    draw_bars(chart, height, width, rows, terminal);
    append_axis(chart, rows, width, -1, terminal);
    ltv_formatted last = ltv_format_count((int64_t)(n - 1));
    append_blanks(chart, rows + 1, SCALE);
    append(chart, rows + 1, "0");
    append_blanks(chart, rows + 1, width - 1 - ltv_text_width(last.text));
    append(chart, rows + 1, last.text);
}

/* Bytes of the line without the blanks at its end. */
static int trimmed(const char *line)
{
    size_t length = strlen(line);
    while (length > 0 && line[length - 1] == ' ')
        length--;
    return (int)length;
}

void ltv_chart_print(FILE *out, const ltv_chart *left, const ltv_chart *right, int indent, int at)
{
    int n = right != NULL && right->n_lines > left->n_lines ? right->n_lines : left->n_lines;
    for (int i = 0; i < n; i++) {
        const char *first = i < left->n_lines ? left->line[i] : "";
        const char *second = right != NULL && i < right->n_lines ? right->line[i] : "";
        ltv_text_blanks(out, indent);
        fprintf(out, "%.*s", trimmed(first), first);
        if (trimmed(second) > 0) {
            ltv_text_blanks(out, at - ltv_text_width(first) + (int)strlen(first) - trimmed(first));
            fprintf(out, "%.*s", trimmed(second), second);
        }
        fputc('\n', out);
    }
}
