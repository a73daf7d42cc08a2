/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

/* Where the shares are read off: at joining, a year later and at the last bill. */
typedef struct {
    size_t n, bill[3];
} columns;

static columns choose_bills(const ltv_page *p)
{
    columns at = {.n = 1, .bill = {0}};
    size_t year = ltv_page_periods_in_months(p, 12), last = (size_t)p->horizon - 1;
    if (year > 0 && year < last)
        at.bill[at.n++] = year;
    if (last > 0)
        at.bill[at.n++] = last;
    return at;
}

/* `kind` is "/plans/" or "/add_ons/", `mark` what stands before the names. */
static void add_arm(ltv_page *p, ltv_text_table *table, size_t arm, const char *kind,
                    const char *mark, const columns *at)
{
    char **names = NULL;
    ltv_page_path folder = ltv_page_below(ltv_page_arm(p, arm).text, kind);
    ltv_page_path parent = folder;
    parent.text[strlen(parent.text) - 1] = '\0';
    size_t n = ltv_document_arrays(p->doc, parent.text, &names);
    for (size_t i = 0; i < n; i++) {
        ltv_page_path label = ltv_page_below(mark, ltv_page_shown_name(p, names[i]).text);
        if (p->n_arms > 1)
            label = ltv_page_below(ltv_page_below(label.text, ", ").text,
                                   ltv_page_shown_name(p, p->arms[arm]).text);
        const double *share = ltv_page_array(p, folder.text, names[i], (size_t)p->horizon);
        ltv_text_table_add(table, label.text);
        for (size_t c = 0; c < at->n; c++)
            ltv_text_table_add(table,
                               ltv_page_share(p, share != NULL ? share[at->bill[c]] : NAN).text);
    }
    ltv_names_free(names, n);
}

void ltv_page_offers(ltv_page *p)
{
    ltv_text_table table;
    columns at = choose_bills(p);
    if (!ltv_page_has_offers(p))
        return;
    ltv_text_table_init(&table, (const char *const[]){"lr", "lrr", "lrrr"}[at.n - 1]);
    ltv_text_table_add(&table, "Of all who joined, hold at bill");
    for (size_t c = 0; c < at.n; c++)
        ltv_text_table_add(&table, ltv_format_count((int64_t)at.bill[c]).text);
    for (size_t arm = 0; arm < p->n_arms; arm++)
        add_arm(p, &table, arm, "/plans/", "", &at);
    for (size_t arm = 0; arm < p->n_arms; arm++)
        add_arm(p, &table, arm, "/add_ons/", "+ ", &at);
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
}
