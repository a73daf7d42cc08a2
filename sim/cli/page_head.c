/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <string.h>

#include "sim/cli/terms.h"
#include "sim/cli/text.h"

enum { MOST_CHANGED_BYTES = 315 /* four lines */ };

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* Is the input of this path uncertain? */
static bool is_uncertain(const ltv_page *p, const char *path)
{
    const ltv_node *names = ltv_document_find(p->doc, "/draws/names");
    if (names == NULL || names->kind != LTV_NODE_ARRAY || names->type != LTV_TYPE_STRING)
        return false;
    for (size_t i = 0; i < names->extent[0]; i++)
        if (strcmp(names->string[i], path) == 0)
            return true;
    return false;
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
        .discount_is_uncertain = is_uncertain(p, "discount_rate"),
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

void ltv_page_head(const ltv_page *p)
{
    print_terms(p);
    print_changed(p);
    print_stopped(p);
    print_warnings(p);
}
