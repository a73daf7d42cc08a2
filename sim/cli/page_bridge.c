/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"

enum { MOST_REASONS = 16 };

static const ltv_node *bridge_of(const ltv_page *p, size_t arm)
{
    const ltv_node *bridge =
        ltv_document_find(p->doc, ltv_page_below(ltv_page_arm(p, arm).text, "/bridge").text);
    bool usable = bridge != NULL && bridge->kind == LTV_NODE_TABLE && bridge->n_rows > 0;
    return usable ? bridge : NULL;
}

static const char *text_at(const ltv_node *table, const char *column, size_t row)
{
    const ltv_values *values = ltv_node_column(table, column);
    return values != NULL && values->string != NULL ? values->string[row] : "";
}

/* The reasons of all arms' bridges in one order: each arm may leave out what does not apply to
 * it, so that a reason new to the list goes behind the one it follows in its own arm. */
typedef struct {
    size_t n;
    const char *reason[MOST_REASONS], *meaning[MOST_REASONS];
} bridge_rows;

static size_t find_reason(const bridge_rows *rows, const char *reason)
{
    size_t i = 0;
    while (i < rows->n && strcmp(rows->reason[i], reason) != 0)
        i++;
    return i;
}

static void merge_bridge(bridge_rows *rows, const ltv_node *bridge)
{
    size_t behind = 0;
    for (size_t row = 0; row < bridge->n_rows && rows->n < MOST_REASONS; row++) {
        const char *reason = text_at(bridge, "reason", row);
        size_t at = find_reason(rows, reason);
        if (at == rows->n) {
            at = behind;
            memmove(&rows->reason[at + 1], &rows->reason[at],
                    (rows->n - at) * sizeof *rows->reason);
            memmove(&rows->meaning[at + 1], &rows->meaning[at],
                    (rows->n - at) * sizeof *rows->meaning);
            rows->reason[at] = reason;
            rows->meaning[at] = text_at(bridge, "meaning", row);
            rows->n++;
        }
        behind = at + 1;
    }
}

/* Whether the amount of some arm is more than half the smallest coin. */
static bool shows_in_any_arm(const ltv_page *p, const char *reason)
{
    double smallest = 0.5 * pow(10, -p->money.decimals);
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (fabs(ltv_page_bridge_amount(p, arm, reason)) >= smallest)
            return true;
    return false;
}

/* What this run's mean is off by is not the margin that the page calls simulation noise. */
static const char *shown_reason(const char *reason)
{
    return strcmp(reason, "simulation_noise") == 0 ? "simulation error" : reason;
}

static void add_bridge_row(ltv_page *p, ltv_text_table *table, const char *reason, bool is_change,
                           const char *meaning)
{
    char label[64];
    snprintf(label, sizeof label, "%s", shown_reason(reason));
    for (char *c = label; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    ltv_text_table_add(table, label);
    for (size_t arm = 0; arm < ltv_page_arms_in(table, p); arm++) {
        double amount = ltv_page_bridge_amount(p, arm, reason);
        ltv_formatted text = is_change ? ltv_format_money_change(&p->money, amount)
                                       : ltv_format_money(&p->money, amount);
        ltv_text_table_add(table, isnan(amount) && is_change ? "" : text.text);
    }
    if (p->n_arms == 1)
        ltv_text_table_add(table, meaning);
}

void ltv_page_bridge(ltv_page *p)
{
    bridge_rows rows = {0};
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (bridge_of(p, arm) != NULL)
            merge_bridge(&rows, bridge_of(p, arm));
    if (rows.n == 0)
        return;
    ltv_text_table table;
    ltv_page_init_arm_table(p, &table, "");
    for (size_t i = 0; i < rows.n; i++)
        if (shows_in_any_arm(p, rows.reason[i]))
            add_bridge_row(p, &table, rows.reason[i], i > 0, rows.meaning[i]);
    ltv_text_table_add(&table, "simulated LTV");
    for (size_t arm = 0; arm < ltv_page_arms_in(&table, p); arm++)
        ltv_text_table_add(
            &table,
            ltv_page_money(p, ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv@mean")).text);
    ltv_text_table_end_row(&table);
    ltv_page_heading(p, "From the spreadsheet to the simulation");
    ltv_page_print_table(p, &table);
}
