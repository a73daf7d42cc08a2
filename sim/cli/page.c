/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sim/cli/text.h"
#include "sim/scenario.h"

ltv_page_path ltv_page_below(const char *group, const char *rest)
{
    ltv_page_path p = {""};
    ltv_text_append(p.text, sizeof p.text, group);
    ltv_text_append(p.text, sizeof p.text, rest);
    return p;
}

ltv_page_path ltv_page_arm(const ltv_page *p, size_t arm)
{
    return ltv_page_below("/arms/", p->arms[arm]);
}

ltv_page_path ltv_page_contrast(const ltv_page *p, size_t contrast)
{
    return ltv_page_below("/compare/", p->contrasts[contrast]);
}

/* Files of format 1.0 hold no others than arms against the baseline, which they do not name. */
const char *ltv_page_contrast_arm(const ltv_page *p, size_t contrast)
{
    const char *arm = ltv_document_string(
        p->doc, ltv_page_below(ltv_page_contrast(p, contrast).text, "@arm").text);
    return arm != NULL ? arm : p->contrasts[contrast];
}

const char *ltv_page_contrast_against(const ltv_page *p, size_t contrast)
{
    const char *against = ltv_document_string(
        p->doc, ltv_page_below(ltv_page_contrast(p, contrast).text, "@against").text);
    return against != NULL ? against : p->arms[0];
}

ltv_page_path ltv_page_part(const ltv_page *p, size_t arm, const char *kind, const char *name)
{
    ltv_page_path group = ltv_page_below(ltv_page_arm(p, arm).text, kind);
    return ltv_page_below(group.text, name);
}

double ltv_page_number(const ltv_page *p, const char *group, const char *rest)
{
    return ltv_document_real(p->doc, ltv_page_below(group, rest).text);
}

double ltv_page_metric(const ltv_page *p, const char *group, const char *name)
{
    return ltv_document_metric(p->doc, ltv_page_below(group, "/metrics").text, name, "value");
}

const char *ltv_page_metric_note(const ltv_page *p, const char *group, const char *name)
{
    const char *note =
        ltv_document_metric_note(p->doc, ltv_page_below(group, "/metrics").text, name);
    return note != NULL ? note : "";
}

double ltv_page_left(const ltv_page *p, size_t arm)
{
    ltv_page_path group = ltv_page_arm(p, arm);
    double fixed = ltv_page_metric(p, group.text, "programme_fixed_cost");
    bool has_none = ltv_page_metric_note(p, group.text, "programme_fixed_cost")[0] == '\0';
    return ltv_page_number(p, group.text, "/net_ltv@mean") - (isnan(fixed) && has_none ? 0 : fixed);
}

bool ltv_page_has_more_left(const ltv_page *p, size_t than, size_t *best)
{
    double most = ltv_page_left(p, than);
    *best = than;
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (ltv_page_left(p, arm) > most) {
            *best = arm;
            most = ltv_page_left(p, arm);
        }
    return strcmp(ltv_page_money(p, most).text, ltv_page_money(p, ltv_page_left(p, than)).text) !=
           0;
}

const double *ltv_page_array(const ltv_page *p, const char *group, const char *rest, size_t n)
{
    const ltv_node *node = ltv_document_find(p->doc, ltv_page_below(group, rest).text);
    if (node == NULL || node->kind != LTV_NODE_ARRAY || node->type != LTV_TYPE_DOUBLE ||
        node->rank != 1 || node->extent[0] < n)
        return NULL;
    return node->real;
}

double ltv_page_bridge_amount(const ltv_page *p, size_t arm, const char *reason)
{
    const ltv_node *bridge =
        ltv_document_find(p->doc, ltv_page_below(ltv_page_arm(p, arm).text, "/bridge").text);
    bool usable = bridge != NULL && bridge->kind == LTV_NODE_TABLE;
    ptrdiff_t row = usable ? ltv_node_row(bridge, "reason", reason) : -1;
    const ltv_values *amounts = row >= 0 ? ltv_node_column(bridge, "amount") : NULL;
    return amounts != NULL && amounts->real != NULL ? amounts->real[row] : NAN;
}

const double ltv_page_z_95 = 1.959963984540054;

double ltv_page_t_95(const ltv_page *p)
{
    double t = ltv_document_real(p->doc, "/@mc_t95");
    return isnan(t) ? ltv_page_z_95 : t;
}

double ltv_page_noise(const ltv_page *p, const char *group)
{
    return ltv_page_t_95(p) * ltv_page_number(p, group, "@standard_error");
}

double ltv_page_metric_noise(const ltv_page *p, const char *group, const char *name)
{
    return ltv_page_t_95(p) * ltv_document_metric(p->doc, ltv_page_below(group, "/metrics").text,
                                                  name, "mc_standard_error");
}

int64_t ltv_page_draws(const ltv_page *p)
{
    return ltv_document_int64(p->doc, "/@n_draws", 1);
}

void ltv_page_metric_limits(const ltv_page *p, const char *group, const char *name,
                            double limits[2])
{
    ltv_page_path table = ltv_page_below(group, "/metrics");
    limits[0] = ltv_document_metric(p->doc, table.text, name, "u90_lower");
    limits[1] = ltv_document_metric(p->doc, table.text, name, "u90_upper");
}

double ltv_page_cohort_size(const ltv_page *p)
{
    return (double)ltv_document_int64(p->doc, "/@cohort_size", 0);
}

uint32_t ltv_page_periods_in_months(const ltv_page *p, uint32_t months)
{
    ltv_time_unit unit = LTV_UNIT_DAY;
    while (unit < LTV_UNIT_YEAR && strcmp(ltv_time_unit_name(unit), p->unit.text) != 0)
        unit++;
    return ltv_periods_in_months(unit, months);
}

bool ltv_page_without_cac(const ltv_page *p)
{
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (ltv_page_metric(p, ltv_page_arm(p, arm).text, "cac") != 0)
            return false;
    return true;
}

bool ltv_page_has_offers(const ltv_page *p)
{
    for (size_t arm = 0; arm < p->n_arms; arm++) {
        ltv_page_path group = ltv_page_arm(p, arm);
        if (ltv_document_find(p->doc, ltv_page_below(group.text, "/plans").text) != NULL ||
            ltv_document_find(p->doc, ltv_page_below(group.text, "/add_ons").text) != NULL)
            return true;
    }
    return false;
}

double ltv_page_quantile(const ltv_page *p, const char *group, double level)
{
    const ltv_node *table =
        ltv_document_find(p->doc, ltv_page_below(group, "/ltv/one_customer/quantiles").text);
    const ltv_values *levels = table != NULL ? ltv_node_column(table, "p") : NULL;
    const ltv_values *values = table != NULL ? ltv_node_column(table, "value") : NULL;
    for (size_t i = 0; levels != NULL && values != NULL && i < table->n_rows; i++)
        if (levels->real != NULL && values->real != NULL && fabs(levels->real[i] - level) < 1e-9)
            return values->real[i];
    return NAN;
}

ltv_page_name ltv_page_shown_name(const ltv_page *p, const char *name)
{
    ltv_page_name shown;
    ltv_text_clip(shown.text, sizeof shown.text, name, LTV_PAGE_NAME_COLUMNS, p->terminal->utf8);
    return shown;
}

void ltv_page_say(ltv_page_sentences *sentences, const char *format, ...)
{
    size_t used = strlen(sentences->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentences->text + used, sizeof sentences->text - used, format, arguments);
    va_end(arguments);
}

void ltv_page_heading(const ltv_page *p, const char *text)
{
    fprintf(p->out, "\n%s%s%s\n", ltv_bold(p->terminal), text, ltv_plain(p->terminal));
}

void ltv_page_paragraph(const ltv_page *p, const char *text)
{
    ltv_text_wrap(p->out, text, 0, 0, LTV_PAGE_COLUMNS);
}

void ltv_page_indented(const ltv_page *p, const char *text)
{
    fputs("  ", p->out);
    ltv_text_wrap(p->out, text, 2, 4, LTV_PAGE_COLUMNS);
}

void ltv_page_print_table(ltv_page *p, ltv_text_table *table)
{
    p->out_of_memory |= table->out_of_memory;
    ltv_text_table_print(p->out, table, 2, p->terminal);
    ltv_text_table_free(table);
}

void ltv_page_init_arm_table(const ltv_page *p, ltv_text_table *table, const char *label)
{
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1];
    size_t columns =
        p->n_arms < LTV_TEXT_TABLE_COLUMNS - 1 ? p->n_arms : LTV_TEXT_TABLE_COLUMNS - 1;
    memset(alignment, 'r', sizeof alignment);
    alignment[0] = 'l';
    alignment[columns + 1] = '\0';
    ltv_text_table_init(table, p->n_arms == 1 ? "lrl" : alignment);
    if (p->n_arms == 1)
        return;
    ltv_text_table_add(table, label);
    for (size_t arm = 0; arm < columns; arm++)
        ltv_text_table_add(table, ltv_page_shown_name(p, p->arms[arm]).text);
}

size_t ltv_page_arms_in(const ltv_text_table *table, const ltv_page *p)
{
    return p->n_arms < table->n_columns ? p->n_arms : table->n_columns - 1;
}

ltv_formatted ltv_page_money(const ltv_page *p, double value)
{
    return ltv_format_money(&p->money, value);
}

ltv_formatted ltv_page_money_noise(const ltv_page *p, double noise)
{
    ltv_formatted text;
    snprintf(text.text, sizeof text.text, "%s%.80s", ltv_glyph(p->terminal, "±", "+/-"),
             ltv_format_money_at_most(&p->money, ltv_round_significant(noise, 2)).text);
    return text;
}

ltv_formatted ltv_page_ratio(const ltv_page *p, double value)
{
    return ltv_format_ratio(value, p->terminal->utf8);
}

ltv_formatted ltv_page_share(const ltv_page *p, double value)
{
    (void)p;
    return ltv_format_share(value);
}

const char *ltv_page_verdict(double ltv_cac)
{
    return ltv_cac >= 3 ? "healthy: 3 or more" : "below 3";
}

ltv_formatted ltv_page_payback(const ltv_page *p, double value)
{
    return ltv_format_payback(value, p->unit.text);
}

ltv_formatted ltv_page_periods(const ltv_page *p, double value)
{
    return ltv_format_periods(value, 1, p->unit.text);
}

ltv_formatted ltv_page_spread(const ltv_page *p, const char *group)
{
    return ltv_format_money_interval(&p->money, ltv_page_quantile(p, group, 0.10),
                                     ltv_page_quantile(p, group, 0.90), LTV_QUANTILE_DIGITS);
}

/* The baseline comes first whatever the order in the file. */
static void put_baseline_first(ltv_page *p)
{
    const char *baseline = ltv_document_string(p->doc, "/@baseline");
    for (size_t i = 1; baseline != NULL && i < p->n_arms; i++)
        if (strcmp(p->arms[i], baseline) == 0) {
            char *name = p->arms[i];
            memmove(p->arms + 1, p->arms, i * sizeof *p->arms);
            p->arms[0] = name;
        }
}

ltv_status ltv_page_open(ltv_page *p, FILE *out, const ltv_document *doc,
                         const ltv_terminal *terminal, ltv_error *err)
{
    *p = (ltv_page){.out = out, .doc = doc, .terminal = terminal};
    const char *currency = ltv_document_string(p->doc, "/@currency");
    const char *unit = ltv_document_string(p->doc, "/@time_unit");
    p->horizon = ltv_document_int64(p->doc, "/@horizon", 0);
    p->n_arms = ltv_document_children(p->doc, "/arms", &p->arms);
    p->n_contrasts = ltv_document_children(p->doc, "/compare", &p->contrasts);
    if (currency == NULL || unit == NULL || p->horizon < 1 || p->n_arms == 0)
        return ltv_fail(err, LTV_ERR_NOT_RESULTS,
                        "the results lack their currency, time unit, horizon or arms");
    p->money.utf8 = p->terminal->utf8;
    p->money.decimals = (int)ltv_document_int64(p->doc, "/@currency_decimals", 2);
    p->unit = ltv_page_shown_name(p, unit);
    ltv_text_clip(p->money.code, sizeof p->money.code, currency, 3, false);
    put_baseline_first(p);
    return LTV_OK;
}

void ltv_page_close(ltv_page *p)
{
    ltv_names_free(p->arms, p->n_arms);
    ltv_names_free(p->contrasts, p->n_contrasts);
    p->arms = p->contrasts = NULL;
    p->n_arms = p->n_contrasts = 0;
}
