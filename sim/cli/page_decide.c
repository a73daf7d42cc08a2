/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_decide.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/page_sections.h"
#include "sim/cli/text.h"

enum {
    MOST_INPUTS = 8, /* worth finding out, a row each */
    MOST_TESTS = 8   /* answers, a paragraph each */
};

/* A column of a table of numbers, NULL when the document has none. */
static const double *numbers(const ltv_node *table, const char *column)
{
    const ltv_values *values = table != NULL ? ltv_node_column(table, column) : NULL;
    return values != NULL ? values->real : NULL;
}

static const ltv_node *table_at(const ltv_page *p, const char *group, const char *rest)
{
    const ltv_node *node = ltv_document_find(p->doc, ltv_page_below(group, rest).text);
    return node != NULL && node->kind == LTV_NODE_TABLE ? node : NULL;
}

/* "$13,263 for 3,000" customers; nothing where the cohort's size is not known. */
static void say_total(const ltv_page *p, ltv_page_sentences *line, const char *before,
                      double per_customer, const char *after)
{
    double size = ltv_page_cohort_size(p);
    if (size > 0)
        ltv_page_say(line, "%s%s for %s%s", before, ltv_page_money(p, per_customer * size).text,
                     ltv_format_count((int64_t)size).text, after);
}

/* ---- The answer --------------------------------------------------------------------------- */

/* The table of arms, with the columns that the page is made of. */
typedef struct {
    const ltv_values *names;
    const double *value, *loss, *chance;
    size_t n, best;
} choice;

static bool choice_init(choice *of, const ltv_page *p)
{
    const ltv_node *table = table_at(p, "/decisions", "/arms");
    const char *best = ltv_document_string(p->doc, "/decisions@best");
    *of = (choice){.names = table != NULL ? ltv_node_column(table, "arm") : NULL,
                   .value = numbers(table, "expected_value"),
                   .loss = numbers(table, "expected_loss"),
                   .chance = numbers(table, "p_best")};
    ptrdiff_t row = table != NULL && best != NULL ? ltv_node_row(table, "arm", best) : -1;
    if (row < 0 || of->names == NULL || of->value == NULL || of->loss == NULL || of->chance == NULL)
        return false;
    of->n = table->n_rows;
    of->best = (size_t)row;
    return true;
}

static ltv_page_name name_of(const ltv_page *p, const choice *of, size_t row)
{
    return ltv_page_shown_name(p, of->names->string[row]);
}

/* The baseline is the first row. */
static void print_answer(const ltv_page *p, const choice *of)
{
    ltv_page_sentences line = {""};
    double gain = of->value[of->best] - of->value[0];
    ltv_page_say(&line, "Choose %s: ", name_of(p, of, of->best).text);
    if (of->best == 0)
        ltv_page_say(&line, "no other arm is expected to bring more");
    else {
        ltv_page_say(&line, "it is expected to bring %s more per customer than %s",
                     ltv_page_money(p, gain).text, name_of(p, of, 0).text);
        say_total(p, &line, " (", gain, ")");
    }
    ltv_page_say(&line, ", and it is the best with %s.",
                 ltv_page_share(p, of->chance[of->best]).text);
    fprintf(p->out, "\n%s", ltv_bold(p->terminal));
    ltv_page_paragraph(p, line.text);
    fputs(ltv_plain(p->terminal), p->out);
}

static void print_arms(ltv_page *p, const choice *of)
{
    ltv_text_table table;
    ltv_text_table_init(&table, "lrrrr");
    ltv_text_table_add(&table, "Arm");
    ltv_text_table_add(&table, "Expected value");
    ltv_text_table_add(&table, "Gain");
    ltv_text_table_add(&table, "Expected loss");
    ltv_text_table_add(&table, "P(best)");
    for (size_t row = 0; row < of->n; row++) {
        double gain = of->value[row] - of->value[0];
        ltv_text_table_add(&table, name_of(p, of, row).text);
        ltv_text_table_add(&table, ltv_page_money(p, of->value[row]).text);
        ltv_text_table_add(&table, row == 0 ? "" : ltv_format_money_change(&p->money, gain).text);
        ltv_text_table_add(&table, ltv_page_money(p, of->loss[row]).text);
        ltv_text_table_add(&table, ltv_page_share(p, of->chance[row]).text);
    }
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
    ltv_page_sentences note = {""};
    ltv_page_say(&note,
                 "Expected value: net LTV less fixed costs of programmes, per customer; Gain: over "
                 "%s; Expected loss: what the arm that is best in truth brings more; P(best): of "
                 "being that arm. Simulation noise is taken out of the last two.",
                 name_of(p, of, 0).text);
    ltv_page_indented(p, note.text);
}

/* ---- Hurdles and budgets ------------------------------------------------------------------ */

static const ltv_node *hurdles_of(const ltv_page *p, size_t contrast)
{
    return table_at(p, ltv_page_contrast(p, contrast).text, "/roi_hurdles");
}

/* One column for each contrast that has an ROI, one row for each hurdle. */
static void print_hurdles(ltv_page *p)
{
    size_t shown[LTV_TEXT_TABLE_COLUMNS - 1], n = 0;
    for (size_t i = 0; i < p->n_contrasts && n < LTV_TEXT_TABLE_COLUMNS - 1; i++)
        if (hurdles_of(p, i) != NULL)
            shown[n++] = i;
    if (n == 0)
        return;
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1] = "l";
    memset(alignment + 1, 'r', n);
    ltv_text_table table;
    ltv_text_table_init(&table, alignment);
    ltv_text_table_add(&table, "P(ROI at least)");
    for (size_t i = 0; i < n; i++)
        ltv_text_table_add(&table, ltv_page_shown_name(p, p->contrasts[shown[i]]).text);
    const double *hurdle = numbers(hurdles_of(p, shown[0]), "hurdle");
    for (size_t row = 0; hurdle != NULL && row < hurdles_of(p, shown[0])->n_rows; row++) {
        ltv_text_table_add(&table, ltv_page_ratio(p, hurdle[row]).text);
        for (size_t i = 0; i < n; i++) {
            const double *chance = numbers(hurdles_of(p, shown[i]), "probability");
            ltv_text_table_add(&table, chance != NULL ? ltv_page_share(p, chance[row]).text : "");
        }
    }
    fputc('\n', p->out);
    ltv_page_print_table(p, &table);
}

/* "Within a budget: nothing to spend, today; from $69,014, onboarding." */
static void print_budgets(const ltv_page *p)
{
    const ltv_node *table = table_at(p, "/decisions", "/budgets");
    const ltv_values *arms = table != NULL ? ltv_node_column(table, "arm") : NULL;
    const double *budget = numbers(table, "budget");
    ltv_page_sentences line = {""};
    if (arms == NULL || budget == NULL || table->n_rows < 2)
        return;
    ltv_page_say(&line, "By budget%s: %s without any money up front",
                 ltv_page_cohort_size(p) > 0 ? "" : " per customer",
                 ltv_page_shown_name(p, arms->string[0]).text);
    for (size_t row = 1; row < table->n_rows; row++)
        ltv_page_say(&line, ", %s from %s", ltv_page_shown_name(p, arms->string[row]).text,
                     ltv_page_money(p, budget[row]).text);
    ltv_page_say(&line, ". The budget covers the cash that the arm needs in 90 %% of draws.");
    fputc('\n', p->out);
    ltv_page_paragraph(p, line.text);
}

/* ---- What is worth finding out ------------------------------------------------------------ */

static void print_evpi(const ltv_page *p, const choice *of)
{
    ltv_page_sentences line = {""};
    double evpi = ltv_document_real(p->doc, "/decisions@evpi");
    double noise = ltv_page_z_95 * ltv_document_real(p->doc, "/decisions@evpi_mc_standard_error");
    if (!(evpi > 0))
        ltv_page_say(&line,
                     "Knowing the inputs exactly would be worth nothing for this choice: %s is the "
                     "best in every draw.",
                     name_of(p, of, of->best).text);
    else {
        ltv_page_say(&line, "Knowing every input exactly would be worth at most %s per customer",
                     ltv_page_money(p, evpi).text);
        say_total(p, &line, " (", evpi, ")");
        if (noise > 0)
            ltv_page_say(&line, ", simulation noise %s (95 %%)",
                         ltv_page_money_noise(p, noise).text);
        ltv_page_say(&line, ". No research into them is worth more.");
    }
    fputc('\n', p->out);
    ltv_page_paragraph(p, line.text);
}

/* Inputs whose EVPPI is more than noise; rows are sorted by it. */
static size_t count_worth(const ltv_node *table)
{
    const double *evppi = numbers(table, "evppi"), *error = numbers(table, "mc_standard_error");
    size_t n = 0;
    for (size_t row = 0; evppi != NULL && error != NULL && row < table->n_rows; row++)
        n += evppi[row] > 0 && !(evppi[row] <= ltv_page_z_95 * error[row]);
    return n;
}

static void print_inputs(ltv_page *p)
{
    const ltv_node *inputs = table_at(p, "/decisions", "/evppi");
    const ltv_values *names = inputs != NULL ? ltv_node_column(inputs, "input") : NULL;
    const double *evppi = numbers(inputs, "evppi"), *error = numbers(inputs, "mc_standard_error");
    double size = ltv_page_cohort_size(p);
    size_t worth = names != NULL ? count_worth(inputs) : 0;
    if (worth == 0) {
        if (ltv_document_real(p->doc, "/decisions@evpi") > 0)
            ltv_page_indented(p, "No single one of them is worth finding out by itself.");
        return;
    }
    ltv_text_table table;
    ltv_text_table_init(&table, size > 0 ? "lrr" : "lr");
    ltv_text_table_add(&table, "Worth finding out");
    ltv_text_table_add(&table, "Per customer");
    if (size > 0)
        ltv_text_table_add(&table, "Whole cohort");
    size_t shown = 0;
    for (size_t row = 0; row < inputs->n_rows && shown < MOST_INPUTS; row++) {
        if (!(evppi[row] > 0) || evppi[row] <= ltv_page_z_95 * error[row])
            continue;
        ltv_text_table_add(&table, names->string[row]);
        ltv_text_table_add(&table, ltv_page_money(p, evppi[row]).text);
        if (size > 0)
            ltv_text_table_add(&table, ltv_page_money(p, evppi[row] * size).text);
        shown++;
    }
    ltv_page_print_table(p, &table);
    ltv_page_sentences rest = {""};
    if (inputs->n_rows > shown)
        ltv_page_say(&rest, "%zu other%s: less, or nothing that could be told from noise.",
                     inputs->n_rows - shown, inputs->n_rows - shown == 1 ? "" : "s");
    if (rest.text[0] != '\0')
        ltv_page_indented(p, rest.text);
}

/* ---- Test first? -------------------------------------------------------------------------- */

static void print_test(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences line = {""};
    ltv_page_path test = ltv_page_below(ltv_page_contrast(p, contrast).text, "/test_first");
    const char *why_not = ltv_document_string(p->doc, ltv_page_below(test.text, "@why_not").text);
    double per_group = ltv_page_number(p, test.text, "@per_group");
    ltv_page_say(&line, "Test %s first? ",
                 ltv_page_shown_name(p, ltv_page_contrast_arm(p, contrast)).text);
    if (per_group > 0)
        ltv_page_say(&line,
                     "Yes: 2 %s %s customers for %s, net benefit %s: what it tells is worth %s to "
                     "those who join later.",
                     ltv_glyph(p->terminal, "×", "x"), ltv_format_count((int64_t)per_group).text,
                     ltv_page_money(p, ltv_page_number(p, test.text, "@cost")).text,
                     ltv_page_money(p, ltv_page_number(p, test.text, "@net_benefit")).text,
                     ltv_page_money(p, ltv_page_number(p, test.text, "@gain")).text);
    else
        ltv_page_say(&line, "No: %s.", why_not != NULL ? why_not : "no test pays");
    ltv_page_paragraph(p, line.text);
}

static bool has_test(const ltv_page *p, size_t contrast)
{
    ltv_page_path group = ltv_page_contrast(p, contrast);
    return ltv_document_find(p->doc, ltv_page_below(group.text, "/test_first").text) != NULL;
}

static void print_tests(const ltv_page *p)
{
    size_t n = 0;
    fputc('\n', p->out);
    for (size_t i = 0; i < p->n_contrasts; i++) {
        if (!has_test(p, i))
            continue;
        if (n++ < MOST_TESTS)
            print_test(p, i);
    }
    if (n > MOST_TESTS)
        fprintf(p->out, "and %zu more: ltvsim show FILE compare/NAME/test_first\n", n - MOST_TESTS);
    if (n == 0 && !(ltv_document_real(p->doc, "/decisions@evpi") > 0))
        ltv_page_paragraph(p, "So a holdout test would not pay first either.");
    else if (n == 0)
        ltv_page_paragraph(p, "Would a holdout test pay first? To know, add to the scenario whom "
                              "it could serve, such as test: {customers_to_come: 36000, monthly: "
                              "3000, delay: 6}.");
}

/* ---- All of it ---------------------------------------------------------------------------- */

static void print_page(ltv_page *p, const choice *of, const char *results_path)
{
    ltv_page_head(p);
    print_answer(p, of);
    print_arms(p, of);
    print_hurdles(p);
    print_budgets(p);
    print_evpi(p, of);
    print_inputs(p);
    print_tests(p);
    fputs("\nResults: ", p->out);
    ltv_text_print(p->out, results_path);
    fputc('\n', p->out);
}

ltv_status ltv_page_decide(FILE *out, const ltv_document *doc, const char *results_path,
                           const ltv_terminal *terminal, ltv_error *err)
{
    ltv_page page;
    choice of;
    ltv_status status = ltv_page_open(&page, out, doc, terminal, err);
    if (status == LTV_OK && !choice_init(&of, &page))
        status = ltv_fail(err, LTV_ERR_NOT_RESULTS, "the results hold no decisions");
    if (status == LTV_OK)
        print_page(&page, &of, results_path);
    if (status == LTV_OK && page.out_of_memory)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    ltv_page_close(&page);
    return status;
}
