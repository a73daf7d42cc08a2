/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/summary.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/page_sections.h"
#include "sim/cli/terms.h"
#include "sim/cli/text.h"

enum { MOST_ASSUMED_BYTES = 155 }; /* two lines */

static const double z_95 = 1.959963984540054;

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void print_terms(const ltv_page *p)
{
    char customers[64];
    ltv_terms terms = {
        .title = or_empty(ltv_document_string(p->doc, "/@title")),
        .currency = p->money.code,
        .unit = p->unit.text,
        .horizon = p->horizon,
        .discount_rate_per_year = ltv_document_real(p->doc, "/@discount_rate_per_year"),
        .payment = or_empty(ltv_document_string(p->doc, "/@payment")),
    };
    snprintf(customers, sizeof customers, "%.30s customers simulated",
             ltv_format_count(ltv_document_int64(p->doc, "/@customers", 0)).text);
    ltv_terms_print(p->out, &terms, customers, p->terminal);
}

/* "2.6 % of customers pay on after month 120, worth about ¥690 per joined customer" */
static void print_cut_off(const ltv_page *p)
{
    char text[1024];
    for (size_t arm = 0; arm < p->n_arms; arm++) {
        ltv_page_path group = ltv_page_arm(p, arm);
        double left = ltv_page_metric(p, group.text, "retention_at_horizon");
        double value = ltv_page_metric(p, group.text, "value_beyond_horizon");
        if (!(left > 0))
            continue;
        int used = snprintf(text, sizeof text, "Cut off%s%s: %s still pay after %s %" PRId64,
                            p->n_arms > 1 ? ", " : "",
                            p->n_arms > 1 ? ltv_page_shown_name(p, p->arms[arm]).text : "",
                            ltv_format_share(left).text, p->unit.text, p->horizon);
        if (isnan(value))
            snprintf(text + used, sizeof text - (size_t)used, "; what they bring is not known.");
        else
            snprintf(
                text + used, sizeof text - (size_t)used, ", worth %s%s more per joined customer.",
                ltv_page_metric_note(p, group.text, "value_beyond_horizon")[0] != '\0' ? "at least "
                                                                                       : "",
                ltv_format_money(&p->money, value).text);
        ltv_page_paragraph(p, text);
    }
}

/* The lines of /scenario/assumed in one paragraph, as many as fit some lines. */
static void print_assumed(const ltv_page *p, const char *results_path)
{
    const ltv_node *node = ltv_document_find(p->doc, "/scenario/assumed");
    if (node == NULL || node->kind != LTV_NODE_TEXT || node->text[0] == '\0')
        return;
    char text[MOST_ASSUMED_BYTES + LTV_PAGE_PATH_SIZE] = "Assumed by default: ";
    size_t used = strlen(text), left_out = 0;
    const char *separator = "";
    for (const char *line = node->text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 0 && left_out == 0 && used + length + 2 < MOST_ASSUMED_BYTES) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", separator,
                                     (int)length, line);
            separator = ", ";
        } else if (length > 0) {
            left_out++;
        }
        line += length + (line[length] == '\n');
    }
    if (left_out > 0)
        snprintf(text + used, sizeof text - used,
                 " and %zu more: ltvsim show %.200s scenario/assumed", left_out, results_path);
    ltv_page_paragraph(p, text);
}

/* The largest over the arms, as a share of the mean; NaN when no arm has one. */
static double noise_of_ltv(const ltv_page *p)
{
    double most = NAN;
    for (size_t arm = 0; arm < p->n_arms; arm++) {
        ltv_page_path group = ltv_page_arm(p, arm);
        most = fmax(most, z_95 * ltv_page_number(p, group.text, "/ltv@standard_error") /
                              fabs(ltv_page_number(p, group.text, "/ltv@mean")));
    }
    return most;
}

static void print_footer(const ltv_page *p, const char *results_path)
{
    fputc('\n', p->out);
    print_cut_off(p);
    print_assumed(p, results_path);
    if (ltv_document_int64(p->doc, "/@uncertain_inputs", 0) == 0)
        ltv_page_paragraph(
            p, "No input is uncertain, so no forecast interval: [low, high] is customer "
               "spread.");
    double noise = noise_of_ltv(p);
    if (isfinite(noise))
        fprintf(p->out, "%sSimulation noise of LTV: %s%s %% (95 %%).%s\n", ltv_dim(p->terminal),
                ltv_glyph(p->terminal, "±", "+/-"),
                ltv_format_significant(100 * noise, 2, false).text, ltv_plain(p->terminal));
    fputs("Results: ", p->out);
    ltv_text_print(p->out, results_path);
    fputc('\n', p->out);
}

ltv_status ltv_summary_print(FILE *out, const ltv_document *doc, const char *results_path,
                             const ltv_terminal *terminal, ltv_error *err)
{
    ltv_page page;
    ltv_status status = ltv_page_open(&page, out, doc, terminal, err);
    if (status == LTV_OK) {
        print_terms(&page);
        ltv_page_answer(&page);
        ltv_page_figures(&page);
        ltv_page_milestones(&page);
        ltv_page_quantiles(&page);
        ltv_page_charts(&page);
        ltv_page_groups(&page);
        ltv_page_bridge(&page);
        print_footer(&page, results_path);
    }
    if (status == LTV_OK && page.out_of_memory)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    ltv_page_close(&page);
    return status;
}
