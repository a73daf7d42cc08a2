/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/summary.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/page_sections.h"
#include "sim/cli/terms.h"
#include "sim/cli/text.h"

enum {
    MOST_ASSUMED_BYTES = 155, /* two lines */
    MOST_CHANGED_BYTES = 315, /* four lines */
};

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void print_terms(const ltv_page *p)
{
    char customers[96];
    ltv_terms terms = {
        .title = or_empty(ltv_document_string(p->doc, "/@title")),
        .currency = p->money.code,
        .unit = p->unit.text,
        .horizon = p->horizon,
        .discount_rate_per_year = ltv_document_real(p->doc, "/@discount_rate_per_year"),
        .payment = or_empty(ltv_document_string(p->doc, "/@payment")),
    };
    int64_t n = ltv_document_int64(p->doc, "/@customers", 0);
    snprintf(customers, sizeof customers, "%.80s simulated",
             ltv_terms_simulated(ltv_page_draws(p), (uint64_t)n).text);
    ltv_terms_print(p->out, &terms, customers, p->terminal);
}

/* "Changed: retention.geometric.churn = 2%": what --set and its like put into the scenario. */
static void print_changed(const ltv_page *p)
{
    char text[MOST_CHANGED_BYTES] = "Changed: ";
    const ltv_node *node = ltv_document_find(p->doc, "/scenario/overrides");
    if (node == NULL || node->kind != LTV_NODE_TEXT || node->text[0] == '\0')
        return;
    const char *separator = "";
    for (const char *line = node->text; *line != '\0'; line += line[0] == '\n') {
        char change[MOST_CHANGED_BYTES];
        int path = (int)strcspn(line, ":\n"), length = (int)strcspn(line, "\n");
        const char *value = line + path + (line[path] == ':');
        value += strspn(value, " ");
        snprintf(change, sizeof change, "%s%.*s = %.*s", separator, path, line,
                 (int)(line + length - value), value);
        ltv_text_append(text, sizeof text, change);
        separator = "; ";
        line += length;
    }
    ltv_page_paragraph(p, text);
}

/* Why a run that waits for precision ended. */
static void print_stopped(const ltv_page *p)
{
    const char *stopped = ltv_document_string(p->doc, "/@stopped");
    if (stopped == NULL)
        return;
    ltv_page_sentences text = {""};
    bool precise = ltv_document_int64(p->doc, "/@is_precise", 0) != 0;
    ltv_page_say(&text, "%s%s.",
                 precise ? "Stopped: " : "Warning: not as precise as asked for: ", stopped);
    ltv_page_paragraph(p, text.text);
}

/* What in the scenario flatters the figures. */
static void print_warnings(const ltv_page *p)
{
    const ltv_node *node = ltv_document_find(p->doc, "/scenario/warnings");
    if (node == NULL || node->kind != LTV_NODE_TEXT)
        return;
    for (const char *line = node->text; *line != '\0';) {
        ltv_page_sentences warning = {"Warning: "};
        int length = (int)strcspn(line, "\n");
        ltv_page_say(&warning, "%.*s", length, line);
        if (length > 0)
            ltv_page_paragraph(p, warning.text);
        line += length + (line[length] == '\n');
    }
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
            snprintf(text + used, sizeof text - (size_t)used,
                     "; at the mix's own retention they bring %s%s more per joined customer.",
                     ltv_page_metric_note(p, group.text, "value_beyond_horizon")[0] != '\0'
                         ? "at least "
                         : "",
                     ltv_format_money(&p->money, value).text);
        ltv_page_paragraph(p, text);
    }
}

/* The assumptions that move the figures most; 0 is first. */
static size_t rank_of(const char *line, size_t length)
{
    static const char *const paths[] = {"time.horizon", "table.after", "gross_margin",
                                        "discount_rate", "acquisition"};
    enum { RANKS = sizeof paths / sizeof *paths };
    size_t rank = 0;
    while (rank < RANKS && memmem(line, length, paths[rank], strlen(paths[rank])) == NULL)
        rank++;
    return rank;
}

typedef struct {
    char text[MOST_ASSUMED_BYTES + LTV_PAGE_PATH_SIZE];
    const char *separator;
    size_t left_out;
} assumptions;

/* Appends the lines of that rank, unless one before did not fit. */
static void take_rank(assumptions *taken, const char *lines, size_t rank, bool *any)
{
    for (const char *line = lines; *line != '\0';) {
        size_t length = strcspn(line, "\n"), used = strlen(taken->text);
        size_t own = rank_of(line, length);
        *any |= own > rank;
        if (length > 0 && own == rank) {
            if (taken->left_out == 0 && used + length + 2 < MOST_ASSUMED_BYTES)
                snprintf(taken->text + used, sizeof taken->text - used, "%s%.*s", taken->separator,
                         (int)length, line);
            else
                taken->left_out++;
            taken->separator = ", ";
        }
        line += length + (line[length] == '\n');
    }
}

/* The lines of /scenario/assumed in one paragraph, as many as fit some lines. */
static void print_assumed(const ltv_page *p, const char *results_path)
{
    const ltv_node *node = ltv_document_find(p->doc, "/scenario/assumed");
    if (node == NULL || node->kind != LTV_NODE_TEXT || node->text[0] == '\0')
        return;
    assumptions taken = {"Assumed by default: ", "", 0};
    bool more = true;
    for (size_t rank = 0; more; rank++) {
        more = false;
        take_rank(&taken, node->text, rank, &more);
    }
    size_t used = strlen(taken.text);
    if (taken.left_out > 0)
        snprintf(taken.text + used, sizeof taken.text - used,
                 " and %zu more: ltvsim show %.200s scenario/assumed", taken.left_out,
                 results_path);
    ltv_page_paragraph(p, taken.text);
}

static void print_meaning_of_intervals(const ltv_page *p)
{
    if (ltv_document_int64(p->doc, "/@uncertain_inputs", 0) != 0)
        return;
    if (ltv_page_has_decisions(p))
        ltv_page_paragraph(p, "Yes and No take every input as exact; how likely a programme is to "
                              "pay is not known before some are uncertain.");
    if (ltv_document_int64(p->doc, "/@cohort_size", 0) == 0)
        ltv_page_paragraph(
            p, "No input is uncertain, so no forecast interval: [low, high] is customer spread.");
    else
        ltv_page_paragraph(
            p,
            "No input is uncertain, so no forecast interval: [low, high] of \"8 in 10 customers\" "
            "is customer spread, that of \"95 % of such cohorts\" chance between customers.");
}

static void print_footer(const ltv_page *p, const char *results_path)
{
    fputc('\n', p->out);
    print_cut_off(p);
    print_assumed(p, results_path);
    print_meaning_of_intervals(p);
    ltv_page_noise_note(p);
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
        print_changed(&page);
        print_stopped(&page);
        print_warnings(&page);
        ltv_page_answer(&page);
        ltv_page_figures(&page);
        ltv_page_milestones(&page);
        ltv_page_quantiles(&page);
        ltv_page_charts(&page);
        ltv_page_groups(&page);
        ltv_page_offers(&page);
        ltv_page_bridge(&page);
        print_footer(&page, results_path);
    }
    if (status == LTV_OK && page.out_of_memory)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    ltv_page_close(&page);
    return status;
}
