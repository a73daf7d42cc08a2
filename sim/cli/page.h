/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_PAGE_H
#define LTV_SIM_CLI_PAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "sim/cli/format.h"
#include "sim/cli/terminal.h"
#include "sim/cli/text_table.h"
#include "sim/io/results/document.h"

/* What the sections of the first screen (page_sections.h) share: the document they are made of,
 * how to look things up in it, and how to write them. */

enum {
    LTV_PAGE_PATH_SIZE = 512,
    LTV_PAGE_NAME_COLUMNS = 24 /* names of arms, segments and channels are cut to this */
};

typedef struct {
    char text[LTV_PAGE_PATH_SIZE];
} ltv_page_path;

typedef struct {
    char text[4 * LTV_PAGE_NAME_COLUMNS + 1];
} ltv_page_name;

typedef struct {
    FILE *out;
    const ltv_document *doc;
    const ltv_terminal *terminal;
    ltv_money_style money;
    ltv_page_name unit; /* "month" */
    int64_t horizon;
    size_t n_arms;
    char **arms; /* owned names; the first is the baseline */
    size_t n_contrasts;
    char **contrasts;   /* owned names of the groups under /compare */
    bool out_of_memory; /* sticky */
} ltv_page;

/* Fills *page from the document; `out`, `doc` and `terminal` are borrowed. Fails with
 * LTV_ERR_NOT_RESULTS when the document lacks currency, time unit, horizon or arms. *page may be
 * closed whatever is returned. */
LTV_MUST_USE ltv_status ltv_page_open(ltv_page *page, FILE *out, const ltv_document *doc,
                                      const ltv_terminal *terminal, ltv_error *err);
void ltv_page_close(ltv_page *page);

/* The place of `rest` below the group at `group`, e.g. "/arms/today" and "/ltv@mean". */
ltv_page_path ltv_page_below(const char *group, const char *rest);

/* The group of an arm. */
ltv_page_path ltv_page_arm(const ltv_page *p, size_t arm);

/* The group of a contrast, and the arms that it compares; borrowed names. */
ltv_page_path ltv_page_contrast(const ltv_page *p, size_t contrast);
const char *ltv_page_contrast_arm(const ltv_page *p, size_t contrast);
const char *ltv_page_contrast_against(const ltv_page *p, size_t contrast);

/* A segment or channel of an arm; `kind` is "/segments/" or "/channels/". */
ltv_page_path ltv_page_part(const ltv_page *p, size_t arm, const char *kind, const char *name);

/* The attribute at `rest` below the group, as in "/ltv@mean"; a figure of its metrics table; why
 * that one does not apply. NaN and "" where there is none. */
double ltv_page_number(const ltv_page *p, const char *group, const char *rest);
double ltv_page_metric(const ltv_page *p, const char *group, const char *name);
const char *ltv_page_metric_note(const ltv_page *p, const char *group, const char *name);

/* What is left of a customer's value in an arm after CAC and its share of the programmes' fixed
 * costs, where the size of the cohort says what that is; NaN where it is not known. */
double ltv_page_left(const ltv_page *p, size_t arm);

/* Whether of another arm more is left than of this one, as the page shows it; and of which most is.
 */
bool ltv_page_has_more_left(const ltv_page *p, size_t than, size_t *best);

/* The real array at that place with at least `n` entries; NULL when there is none. */
const double *ltv_page_array(const ltv_page *p, const char *group, const char *rest, size_t n);

/* The amount that arm's bridge has for the reason; NaN when it has none. */
double ltv_page_bridge_amount(const ltv_page *p, size_t arm, const char *reason);

/* Half the width of a 95 % interval in standard deviations of a normal distribution. */
extern const double ltv_page_z_95;

/* Half the width of a 95 % interval of Monte Carlo error in standard errors: more than the above
 * where they are estimated from few draws. */
double ltv_page_t_95(const ltv_page *p);

/* Half the 95 % interval of the mean in the group, e.g. "/arms/today/ltv"; NaN when not known. */
double ltv_page_noise(const ltv_page *p, const char *group);

/* Half the 95 % interval of a figure of the group's metrics table; NaN when not known. */
double ltv_page_metric_noise(const ltv_page *p, const char *group, const char *name);

/* Joint samples of the uncertain inputs; 1 where none is uncertain. */
int64_t ltv_page_draws(const ltv_page *p);

/* The 90 % limits over draws of a figure of the group's metrics table: limits[0] and [1], NaN where
 * they are not known. */
void ltv_page_metric_limits(const ltv_page *p, const char *group, const char *name,
                            double limits[2]);

/* The size of the real cohort; 0 when the scenario does not say. */
double ltv_page_cohort_size(const ltv_page *p);

/* Number of periods of the scenario in so many months; 0 when that is not a whole number. */
uint32_t ltv_page_periods_in_months(const ltv_page *p, uint32_t months);

/* Whether no arm has a cost to acquire customers. */
bool ltv_page_without_cac(const ltv_page *p);

/* Whether an arm has plans or add-ons. */
bool ltv_page_has_offers(const ltv_page *p);

/* A quantile of the LTV of one customer; NaN when the file does not hold it. */
double ltv_page_quantile(const ltv_page *p, const char *group, double level);

/* A name as it may be shown: cut, without control characters. */
ltv_page_name ltv_page_shown_name(const ltv_page *p, const char *name);

/* Sentences in the making: cut at the end where there is no more room. */
typedef struct {
    char text[2048];
} ltv_page_sentences;

__attribute__((format(printf, 2, 3))) void ltv_page_say(ltv_page_sentences *sentences,
                                                        const char *format, ...);

/* Writing: a heading after a blank line, lines broken at the page's edge, the same
 * two columns in, and a table, which is
 * freed. */
void ltv_page_heading(const ltv_page *p, const char *text);
void ltv_page_paragraph(const ltv_page *p, const char *text);
void ltv_page_indented(const ltv_page *p, const char *text);
void ltv_page_print_table(ltv_page *p, ltv_text_table *table);

/* Starts a table of a label, one column of numbers an arm, and with a single arm a remark. */
void ltv_page_init_arm_table(const ltv_page *p, ltv_text_table *table, const char *label);

/* Arms that such a table has room for. */
size_t ltv_page_arms_in(const ltv_text_table *table, const ltv_page *p);

/* Numbers in the terms of the page. */
ltv_formatted ltv_page_money(const ltv_page *p, double value);
ltv_formatted ltv_page_money_noise(const ltv_page *p, double noise); /* ±$2,100 */
ltv_formatted ltv_page_ratio(const ltv_page *p, double value);
ltv_formatted ltv_page_share(const ltv_page *p, double value);
ltv_formatted ltv_page_payback(const ltv_page *p, double value);
ltv_formatted ltv_page_periods(const ltv_page *p, double value);

/* What an LTV/CAC means: "healthy: 3 or more" or "below 3". */
const char *ltv_page_verdict(double ltv_cac);

/* What 8 in 10 customers of the group bring. */
ltv_formatted ltv_page_spread(const ltv_page *p, const char *group);

#endif
