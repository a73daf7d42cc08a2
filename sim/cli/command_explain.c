/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/frailty.h"
#include "models/unit_economics.h"
#include "sim/cli/commands.h"
#include "sim/cli/format.h"
#include "sim/cli/scenario_argument.h"
#include "sim/cli/terms.h"
#include "sim/cli/text.h"
#include "sim/cli/text_table.h"
#include "sim/draw_statistics.h"
#include "sim/expectation.h"

static const ltv_option options[] = {LTV_OPTION_SET, {.name = NULL}};

/* A scenario and what each of its arms yields in expectation. */
typedef struct {
    FILE *out;
    const ltv_scenario *scenario;
    const ltv_expectation *expected; /* one per arm */
    ltv_terminal terminal;
    ltv_money_style money;
    const char *unit;
} explanation;

static void heading(const explanation *e, const char *text)
{
    fprintf(e->out, "\n%s%s%s\n", ltv_bold(&e->terminal), text, ltv_plain(&e->terminal));
}

static void paragraph(const explanation *e, const char *text)
{
    fputs("  ", e->out);
    ltv_text_wrap(e->out, text, 2, 2, LTV_PAGE_COLUMNS);
}

/* Periods that make a year, if the horizon reaches so far; else the horizon. */
static uint32_t one_year(const explanation *e)
{
    uint32_t year = ltv_periods_in_months(e->scenario->time_unit, 12);
    return year > 0 && year <= e->scenario->horizon ? year : e->scenario->horizon;
}

/* ---- Unit economics ----------------------------------------------------------------------- */

static ltv_formatted arpu(const explanation *e, size_t arm)
{
    return ltv_format_money(&e->money, e->expected[arm].arpu);
}

static ltv_formatted margin(const explanation *e, size_t arm)
{
    return ltv_format_rate(e->expected[arm].gross_margin);
}

static ltv_formatted first_churn(const explanation *e, size_t arm)
{
    return ltv_format_rate(e->expected[arm].churn_first_period);
}

static ltv_formatted spreadsheet(const explanation *e, size_t arm)
{
    return ltv_format_money(&e->money, e->expected[arm].spreadsheet_ltv);
}

static ltv_formatted expected_ltv(const explanation *e, size_t arm)
{
    return ltv_format_money(&e->money, e->expected[arm].ltv);
}

static ltv_formatted cac(const explanation *e, size_t arm)
{
    return ltv_format_money(&e->money, e->expected[arm].cac);
}

static ltv_formatted ltv_cac(const explanation *e, size_t arm)
{
    double cost = e->expected[arm].cac;
    return ltv_format_ratio(cost > 0 ? e->expected[arm].ltv / cost : NAN, e->terminal.utf8);
}

static ltv_formatted payback(const explanation *e, size_t arm)
{
    const ltv_expectation *expected = &e->expected[arm];
    return ltv_format_payback(
        ltv_formula_payback(expected->cac, expected->arpu, expected->gross_margin), e->unit);
}

static ltv_formatted lifetime(const explanation *e, size_t arm)
{
    return ltv_format_periods(e->expected[arm].lifetime, 1, e->unit);
}

static ltv_formatted year_retention(const explanation *e, size_t arm)
{
    return ltv_format_share(e->expected[arm].survival[one_year(e)]);
}

static ltv_formatted last_retention(const explanation *e, size_t arm)
{
    return ltv_format_share(e->expected[arm].survival[e->scenario->horizon]);
}

static ltv_formatted beyond(const explanation *e, size_t arm)
{
    return ltv_format_money(&e->money, e->expected[arm].beyond_horizon);
}

static const struct {
    const char *label;
    ltv_formatted (*of)(const explanation *e, size_t arm);
    const char *remark;
} rows[] = {
    {"ARPU", arpu, "revenue of the first bill"},
    {"Gross margin", margin, ""},
    {"Churn at first", first_churn, "in the first period, of the whole mix"},
    {"LTV, spreadsheet", spreadsheet, "ARPU x margin / churn at first"},
    {"LTV, expected", expected_ltv, "exact, within the horizon"},
    {"  beyond the horizon", beyond, "not counted"},
    {"CAC", cac, ""},
    {"LTV/CAC", ltv_cac, "3 or more is healthy"},
    {"Payback, simple", payback, "as if nobody left"},
    {"Lifetime", lifetime, "expected, within the horizon"},
    {"Retention, one year", year_retention, "of the whole mix"},
    {"Retention at the end", last_retention, "still customers at the horizon"},
};

static void init_table(const explanation *e, ltv_text_table *table)
{
    size_t n_arms = e->scenario->n_arms;
    size_t shown = n_arms < LTV_TEXT_TABLE_COLUMNS - 1 ? n_arms : LTV_TEXT_TABLE_COLUMNS - 1;
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1];
    memset(alignment, 'r', sizeof alignment);
    alignment[0] = 'l';
    alignment[shown + 1] = '\0';
    ltv_text_table_init(table, n_arms == 1 ? "lrl" : alignment);
    if (n_arms > 1)
        ltv_text_table_add(table, "");
}

/* Whether some arm does more than what closed forms cover. */
static bool changes_on_the_way(const explanation *e)
{
    for (size_t arm = 0; arm < e->scenario->n_arms; arm++)
        if (!e->expected[arm].exact)
            return true;
    return false;
}

static bool print_unit_economics(const explanation *e)
{
    ltv_text_table table;
    size_t n_arms = e->scenario->n_arms;
    init_table(e, &table);
    for (size_t arm = 0; n_arms > 1 && arm + 1 < table.n_columns; arm++)
        ltv_text_table_add(&table, e->scenario->arms[arm].name);
    ltv_text_table_end_row(&table);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ltv_text_table_add(&table, rows[i].label);
        for (size_t arm = 0; arm < n_arms && arm + 1 < table.n_columns; arm++)
            ltv_text_table_add(&table, rows[i].of(e, arm).text);
        if (n_arms == 1)
            ltv_text_table_add(&table, rows[i].remark);
    }
    heading(e, "Unit economics, by closed form and not by simulation");
    ltv_text_table_print(e->out, &table, 2, &e->terminal);
    if (changes_on_the_way(e))
        paragraph(e, "These are for customers as they join: plan changes, add-ons, contract terms, "
                     "price changes and programmes come on top, in the simulation.");
    if (e->scenario->inputs.n > 0)
        paragraph(e,
                  "All at the means of what is uncertain: the mean over draws that a run finds is "
                  "another, where LTV bends.");
    bool complete = !table.out_of_memory;
    ltv_text_table_free(&table);
    return complete;
}

/* ---- You wrote 3 % ------------------------------------------------------------------------ */

/* Churn in the first period of the curve by itself, as it is written: no multipliers, no spread
 * of the hazard, nobody cured, no failed payments. */
static double written_churn(const ltv_retention *retention)
{
    ltv_frailty frailty = ltv_frailty_of(&retention->curve, (ltv_spread){0}, 0);
    double hazard = ltv_curve_cumulative_hazard(&retention->curve, 1);
    double survival;
    ltv_frailty_survival(&frailty, 1, &hazard, &survival);
    return 1 - survival;
}

/* What the curve says by itself, in `text`. */
static void describe_curve(const explanation *e, const ltv_arm *arm, char *text, size_t size)
{
    if (arm->has_retention)
        snprintf(text, size, "You wrote a %s curve that loses %s in the first %s.",
                 ltv_curve_model_of(arm->retention.curve.kind)->name,
                 ltv_format_rate(written_churn(&arm->retention)).text, e->unit);
    else
        snprintf(text, size, "You wrote a curve for each segment.");
}

static void explain_mix(const explanation *e, size_t arm)
{
    const ltv_expectation *expected = &e->expected[arm];
    char text[1024], curve[512];
    describe_curve(e, &e->scenario->arms[arm], curve, sizeof curve);
    snprintf(text, sizeof text,
             "%s%s%s The whole mix, with everything that acts on churn, loses %s, and %s of it "
             "still pay after %s.",
             e->scenario->n_arms > 1 ? e->scenario->arms[arm].name : "",
             e->scenario->n_arms > 1 ? ": " : "", curve,
             ltv_format_rate(expected->churn_first_period).text,
             ltv_format_share(expected->survival[one_year(e)]).text,
             ltv_format_periods(one_year(e), 0, e->unit).text);
    paragraph(e, text);
}

static void print_mix(const explanation *e)
{
    heading(e, "What the mix does");
    for (size_t arm = 0; arm < e->scenario->n_arms; arm++)
        explain_mix(e, arm);
}

/* ---- What we don't know ------------------------------------------------------------------- */

static void add_number(ltv_text_table *table, const explanation *e, double value)
{
    enum { DIGITS = 4 };
    ltv_text_table_add(table, ltv_format_significant(value, DIGITS, e->terminal.utf8).text);
}

/* The ends between which 90 % of the samples lie. */
static void sample_limits(const ltv_sample_set *set, size_t column, double limits[2])
{
    const double *values = set->values + column * set->n_rows;
    double *sorted = malloc(set->n_rows * sizeof *sorted);
    limits[0] = limits[1] = NAN;
    if (sorted != NULL) {
        memcpy(sorted, values, set->n_rows * sizeof *sorted);
        ltv_draws_sort(sorted, set->n_rows);
        limits[0] = ltv_draws_quantile(sorted, set->n_rows, 0.05);
        limits[1] = ltv_draws_quantile(sorted, set->n_rows, 0.95);
    }
    free(sorted);
}

static void add_input(ltv_text_table *table, const explanation *e, const ltv_input *input)
{
    double limits[2];
    bool sampled = input->set != LTV_NO_SET;
    if (sampled) {
        sample_limits(&e->scenario->inputs.sets[input->set], input->column, limits);
    } else {
        limits[0] = ltv_uncertain_quantile(&input->number, (ltv_uniform){0.05, 0.95});
        limits[1] = ltv_uncertain_quantile(&input->number, (ltv_uniform){0.95, 0.05});
    }
    ltv_text_table_add(table, input->name);
    ltv_text_table_add(table, sampled ? "samples" : ltv_uncertain_kind_name(input->number.kind));
    add_number(table, e, input->mean);
    add_number(table, e, limits[0]);
    add_number(table, e, limits[1]);
}

static bool print_inputs(const explanation *e)
{
    static const char *const headings[] = {"", "", "mean", "5 %", "95 %"};
    const ltv_inputs *inputs = &e->scenario->inputs;
    ltv_text_table table;
    if (inputs->n == 0)
        return true;
    heading(e, "What we don't know exactly");
    ltv_text_table_init(&table, "llrrr");
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        ltv_text_table_add(&table, headings[i]);
    for (size_t i = 0; i < inputs->n; i++)
        add_input(&table, e, &inputs->items[i]);
    ltv_text_table_print(e->out, &table, 2, &e->terminal);
    bool complete = !table.out_of_memory;
    ltv_text_table_free(&table);
    for (size_t i = 0; i < inputs->n_correlations; i++) {
        const ltv_correlation *pair = &inputs->correlations[i];
        fprintf(e->out, "  %s and %s: Spearman correlation %.3g\n", inputs->items[pair->first].name,
                inputs->items[pair->second].name, pair->spearman);
    }
    return complete;
}

/* ---- What will run ------------------------------------------------------------------------ */

static void print_plan(const explanation *e)
{
    char text[1024];
    snprintf(text, sizeof text,
             "%s, %s simulated in each, the same ones in every arm; seed %" PRIu64
             "; %s unless --threads says otherwise. Memory does not grow with the number of "
             "customers.",
             ltv_format_periods((double)e->scenario->n_arms, 0, "arm").text,
             ltv_terms_simulated(e->scenario->draws, e->scenario->customers).text,
             e->scenario->seed,
             ltv_format_periods((double)sysconf(_SC_NPROCESSORS_ONLN), 0, "thread").text);
    heading(e, "What run will do");
    paragraph(e, text);
}

/* ---- The page ----------------------------------------------------------------------------- */

static void print_scenario(const explanation *e, const ltv_scenario_file *file)
{
    heading(e, "The scenario with every default filled in");
    fputs(file->effective, e->out);
    heading(e, "Assumed by default");
    for (size_t i = 0; i < file->n_assumed; i++)
        paragraph(e, file->assumed[i]);
    if (file->n_assumed == 0)
        paragraph(e, "nothing");
}

static ltv_status print_explanation(const ltv_scenario_file *file, const ltv_expectation *expected,
                                    ltv_error *err)
{
    const ltv_scenario *scenario = &file->scenario;
    explanation e = {
        .out = stdout,
        .scenario = scenario,
        .expected = expected,
        .terminal = ltv_terminal_detect(stdout),
        .unit = ltv_time_unit_name(scenario->time_unit),
    };
    e.money = (ltv_money_style){.decimals = scenario->currency_decimals, .utf8 = e.terminal.utf8};
    memcpy(e.money.code, scenario->currency, sizeof e.money.code);
    ltv_terms terms = {
        .title = scenario->title,
        .currency = scenario->currency,
        .unit = e.unit,
        .horizon = scenario->horizon,
        .discount_rate_per_year = scenario->discount_rate_per_year,
        .discount_is_uncertain =
            ltv_inputs_find(&scenario->inputs, "discount_rate") < scenario->inputs.n,
        .payment = ltv_payment_name(scenario->payment),
    };
    ltv_terms_print(e.out, &terms, "", &e.terminal);
    bool complete = print_unit_economics(&e);
    print_mix(&e);
    complete &= print_inputs(&e);
    print_plan(&e);
    print_scenario(&e, file);
    return complete ? LTV_OK : ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
}

static ltv_status explain(const ltv_scenario_file *file, ltv_error *err)
{
    const ltv_scenario *scenario = &file->scenario;
    ltv_expectation *expected = calloc(scenario->n_arms, sizeof *expected);
    if (expected == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    ltv_status status = LTV_OK;
    for (size_t arm = 0; status == LTV_OK && arm < scenario->n_arms; arm++)
        status = ltv_expectation_init(&expected[arm], scenario, &scenario->arms[arm], true, err);
    if (status == LTV_OK)
        status = print_explanation(file, expected, err);
    for (size_t arm = 0; arm < scenario->n_arms; arm++)
        ltv_expectation_free(&expected[arm]);
    free(expected);
    return status;
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    ltv_scenario_file file;
    ltv_status status = ltv_scenario_argument_read(&file, arguments, err);
    if (status == LTV_OK)
        status = explain(&file, err);
    ltv_scenario_file_free(&file);
    return status;
}

const ltv_command ltv_command_explain = {
    .name = "explain",
    .operands = "SCENARIO",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Show what a scenario means, without simulating",
    .description = "Prints the unit economics that follow from the scenario by closed form, what "
                   "the whole mix of customers does, what a run will simulate, and the scenario "
                   "with every default filled in.",
    .example = "ltvsim explain music.yaml --set retention.geometric.churn=2%",
    .options = options,
    .run = run,
};
