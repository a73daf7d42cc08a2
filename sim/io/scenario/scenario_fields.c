/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_fields.h"
#include "base/nearest.h"

#include <string.h>
#include <threads.h>

#include "sim/io/scenario/field_rows.h"
#include "sim/io/scenario/fields_interventions.h"
#include "sim/scenario.h"

/* ---- spread over customers --------------------------------------------------------------- */

static const ltv_field cv_fields[] = {
    {.key = "cv",
     SHARE,
     .required = true,
     MEMBER(SPREAD, ltv_spread, cv),
     .lowest_open = true,
     .highest = 100,
     .meaning = "coefficient of variation: standard deviation over customers divided by the mean"},
};
const ltv_block ltv_cv_block = {BLOCK(cv_fields, "cv", "how much customers differ"),
                                .usual_key = "cv"};

#define SPREAD_ROWS                                                                                \
    {.key = "gamma",                                                                               \
     .kind = LTV_FIELD_BLOCK,                                                                      \
     .block = &ltv_cv_block,                                                                       \
     .in = LTV_IN_SPREAD,                                                                          \
     .is_alternative = true,                                                                       \
     .chooses = true,                                                                              \
     .choice = LTV_SPREAD_GAMMA,                                                                   \
     .meaning = "gamma distributed over customers with mean 1"},                                   \
    {                                                                                              \
        .key = "log_normal", .kind = LTV_FIELD_BLOCK, .block = &ltv_cv_block, .in = LTV_IN_SPREAD, \
        .is_alternative = true, .chooses = true, .choice = LTV_SPREAD_LOG_NORMAL,                  \
        .meaning = "log-normally distributed over customers with mean 1"                           \
    }

static const ltv_field heterogeneity_fields[] = {SPREAD_ROWS};
static const ltv_block heterogeneity_block = {
    BLOCK(heterogeneity_fields, "heterogeneity",
          "how the churn hazard differs from customer to customer"),
    .alternatives = "distribution", .needs_an_alternative = true, .usual_key = "gamma"};

static const ltv_field spend_fields[] = {
    SPREAD_ROWS,
    {.key = "correlation_with_churn",
     .kind = LTV_FIELD_NUMBER,
     .fallback = "0",
     MEMBER(ARM, ltv_arm, spend_churn_correlation),
     .lowest = -1,
     .highest = 1,
     .lowest_open = true,
     .highest_open = true,
     .meaning = "Spearman correlation between what customers spend and how easily they leave"},
};
static const ltv_block spend_block = {
    BLOCK(spend_fields, "spend_heterogeneity", "how spend differs from customer to customer"),
    .alternatives = "distribution", .needs_an_alternative = true, .usual_key = "gamma"};

/* ---- retention --------------------------------------------------------------------------- */

static const ltv_field after_fields[] = {
    {.key = "hold",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     .rule = LTV_DEFAULT_HOLD,
     MEMBER(CURVE, ltv_curve, hold),
     WHOLE(ltv_curve, hold),
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "last periods of the table whose pooled churn goes on after its end"},
};
static const ltv_block after_block = {
    BLOCK(after_fields, "after_table", "how churn goes on after the end of the table"),
    .usual_key = "hold"};

static const ltv_field table_fields[] = {
    {.key = "survival",
     .kind = LTV_FIELD_SURVIVAL,
     .in = LTV_IN_CURVE,
     .is_alternative = true,
     .marks = LTV_MARK_PERCENT,
     .highest = 1,
     .high_hint = "survival is a share: divide each number by the first one",
     .meaning = "share of customers still active at the start of period 0, 1, 2, …; begins with "
                "100% and never rises"},
    {.key = "churn",
     .kind = LTV_FIELD_CHURN_LIST,
     .in = LTV_IN_CURVE,
     .is_alternative = true,
     .marks = LTV_MARK_PERCENT,
     .highest = 1,
     .meaning = "share of active customers who leave in period 0, 1, 2, …"},
    {.key = "csv",
     .kind = LTV_FIELD_CSV,
     .is_alternative = true,
     .meaning = "CSV file, beside the scenario unless a folder is given, that holds the list"},
    {.key = "column",
     .kind = LTV_FIELD_CSV_PART,
     .needs = "csv",
     .meaning = "name of the column in the CSV file"},
    {.key = "values",
     .kind = LTV_FIELD_CSV_PART,
     .needs = "csv",
     .choices = (const char *const[]){"survival", "churn", NULL},
     .meaning = "what the CSV column holds: survival (the default) or churn"},
    {.key = "after",
     .kind = LTV_FIELD_BLOCK,
     .block = &after_block,
     .fallback = "{}",
     .in = LTV_IN_CURVE,
     .word = "stop",
     .word_offset = offsetof(ltv_curve, stop),
     .meaning = "how churn goes on after the end of the table: {hold: n} or stop; by default the "
                "pooled churn of its last 6 periods"},
};

/* Rows of the curves, made from their models; the table's parameters are lists, so its rows are
 * the ones above. One row more than parameters: `continuation` beside `churn`. */
static ltv_field curve_parameters[LTV_CURVE_KINDS][LTV_CURVE_MAX_PARAMETERS + 1];
static ltv_block curve_blocks[LTV_CURVE_KINDS];

static const ltv_field retention_extras[] = {
    {.key = "heterogeneity",
     .kind = LTV_FIELD_BLOCK,
     .block = &heterogeneity_block,
     .fallback = "none",
     .word = "none",
     MEMBER(RETENTION, ltv_retention, heterogeneity),
     .enters = true,
     .target = LTV_IN_SPREAD,
     .meaning = "how the churn hazard differs from customer to customer, or none"},
    {.key = "cured",
     SHARE,
     .fallback = "0%",
     MEMBER(RETENTION, ltv_retention, cured),
     .highest = 1,
     .highest_open = true,
     .meaning = "share of customers who never leave by themselves"},
    {.key = "season",
     .kind = LTV_FIELD_SEASON,
     MEMBER(RETENTION, ltv_retention, season),
     .present_offset = offsetof(ltv_retention, has_season),
     MULTIPLIER,
     .zero_hint = "nobody ever leaves; if that is meant, write retention: {geometric: {churn: 0}}",
     .meaning = "12 multipliers of the churn hazard, January to December"},
    {.key = "by_tenure",
     .kind = LTV_FIELD_SPIKES,
     ARRAY(RETENTION, ltv_retention, spikes, n_spikes),
     MULTIPLIER,
     .meaning = "multipliers of the churn hazard in single periods since joining, {11: 1.8}"},
};

static ltv_field retention_fields[LTV_CURVE_KINDS + COUNT_OF(retention_extras)];
static const ltv_block retention_block = {
    BLOCK(retention_fields, "retention", "how long customers stay"),
    .alternatives = "retention curve", .needs_an_alternative = true, .usual_key = "geometric"};

static ltv_field curve_parameter_row(const ltv_curve_model *model, size_t i)
{
    const ltv_curve_parameter *parameter = &model->parameter[i];
    return (ltv_field){
        .key = parameter->name,
        .kind = LTV_FIELD_NUMBER,
        .meaning = parameter->meaning,
        .required = true,
        .in = LTV_IN_CURVE,
        .offset = offsetof(ltv_curve, parameter) + i * sizeof(double),
        .lowest = parameter->lowest,
        .highest = parameter->highest,
        .lowest_open = parameter->lowest_open,
        .highest_open = parameter->highest_open,
        .not_zero = parameter->not_zero,
        .marks = parameter->is_probability ? LTV_MARK_PERCENT : LTV_MARK_NONE,
    };
}

/* People who think in continuation rates write `continuation: 97%` for `churn: 3%`. */
static ltv_field continuation_row(const ltv_field *churn)
{
    ltv_field row = *churn;
    row.key = "continuation";
    row.meaning = "probability to stay for another period: 100% minus churn";
    row.lowest = 0;
    row.highest = 1;
    row.lowest_open = true;
    row.highest_open = false;
    row.is_complement = true;
    return row;
}

static void make_parametric_curve_rows(const ltv_curve_model *model)
{
    ltv_field *rows = curve_parameters[model->kind];
    ltv_block *block = &curve_blocks[model->kind];
    size_t n = 0;
    for (size_t i = 0; i < model->n_parameters; ++i)
        rows[n++] = curve_parameter_row(model, i);
    if (n == 1 && strcmp(rows[0].key, "churn") == 0) {
        rows[0].required = false;
        rows[0].is_alternative = true;
        rows[n++] = continuation_row(&rows[0]);
        block->alternatives = "churn rate";
        block->usual_key = "churn";
        block->needs_an_alternative = true;
    }
    block->fields = rows;
    block->n_fields = n;
}

static void make_curve_rows(ltv_curve_kind kind)
{
    const ltv_curve_model *model = ltv_curve_model_of(kind);
    ltv_block *block = &curve_blocks[kind];
    *block = (ltv_block){.name = model->name, .meaning = model->description};
    if (kind == LTV_CURVE_TABLE) {
        block->fields = table_fields;
        block->n_fields = COUNT_OF(table_fields);
        block->alternatives = "list";
        block->needs_an_alternative = true;
    } else {
        make_parametric_curve_rows(model);
    }
    retention_fields[kind] = (ltv_field){
        .key = model->name,
        .kind = LTV_FIELD_BLOCK,
        .meaning = model->description,
        .block = block,
        .is_alternative = true,
        MEMBER(RETENTION, ltv_retention, curve),
        .enters = true,
        .target = LTV_IN_CURVE,
        .chooses = true,
        .choice = (int)kind,
    };
}

static void make_retention_rows(void)
{
    for (int kind = 0; kind < LTV_CURVE_KINDS; ++kind)
        make_curve_rows((ltv_curve_kind)kind);
    memcpy(retention_fields + LTV_CURVE_KINDS, retention_extras, sizeof retention_extras);
}

/* ---- the other blocks -------------------------------------------------------------------- */

static const ltv_field time_fields[] = {
    {.key = "unit",
     .kind = LTV_FIELD_CHOICE,
     .fallback = "month",
     MEMBER(SCENARIO, ltv_scenario, time_unit),
     .choices = (const char *const[]){"day", "week", "month", "quarter", "year", NULL},
     .meaning = "the period between two bills"},
    {.key = "horizon",
     .kind = LTV_FIELD_COUNT,
     .rule = LTV_DEFAULT_HORIZON,
     MEMBER(SCENARIO, ltv_scenario, horizon),
     WHOLE(ltv_scenario, horizon),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "number of bills that count, in periods; by default ten years"},
    {.key = "start",
     .kind = LTV_FIELD_DATE,
     MEMBER(SCENARIO, ltv_scenario, start),
     .present_offset = offsetof(ltv_scenario, has_start),
     .meaning = "date of the first bill, YYYY-MM or YYYY-MM-DD"},
    {.key = "payment",
     .kind = LTV_FIELD_CHOICE,
     .fallback = "advance",
     MEMBER(SCENARIO, ltv_scenario, payment),
     .choices = (const char *const[]){"advance", "mid", "arrears", NULL},
     .meaning = "when in its period a bill is paid, for discounting"},
    {.key = "fiscal_year_start",
     .kind = LTV_FIELD_COUNT,
     .fallback = "1",
     MEMBER(SCENARIO, ltv_scenario, fiscal_year_start),
     WHOLE(ltv_scenario, fiscal_year_start),
     .lowest = 1,
     .highest = 12,
     .meaning = "month in which the fiscal year begins, 1 to 12; kept with the results, no figure "
                "depends on it yet"},
};
static const ltv_block time_block = {BLOCK(time_fields, "time", "the clock of the scenario")};

static const ltv_field customers_fields[] = {
    {.key = "count",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(SCENARIO, ltv_scenario, cohort_size),
     WHOLE(ltv_scenario, cohort_size),
     .lowest = 1,
     .highest = 1e12,
     .meaning = "customers in the real cohort that a forecast is for"},
    RESERVED("existing"),
    RESERVED("new_per_month"),
};
static const ltv_block customers_block = {
    BLOCK(customers_fields, "customers", "the real customers"), .usual_key = "count"};

#define INVOLUNTARY_ROW(name, unit)                                                                \
    {                                                                                              \
        .key = name, SHARE, .fallback = "0%", MEMBER(ARM, ltv_arm, involuntary_churn),             \
        .highest = 1, .highest_open = true, .for_unit = 1 + LTV_UNIT_##unit,                       \
        .is_alternative = true,                                                                    \
        .meaning = "probability per period to leave through a failed payment"                      \
    }

static const ltv_field involuntary_fields[] = {
    INVOLUNTARY_ROW("daily", DAY),     INVOLUNTARY_ROW("weekly", WEEK),
    INVOLUNTARY_ROW("monthly", MONTH), INVOLUNTARY_ROW("quarterly", QUARTER),
    INVOLUNTARY_ROW("yearly", YEAR),
};
static const ltv_block involuntary_block = {
    BLOCK(involuntary_fields, "involuntary_churn",
          "churn through failed payments, in the scenario's own time unit"),
    .alternatives = "rate"};

static const ltv_field revenue_fields[] = {
    {.key = "price",
     MONEY,
     MEMBER(ARM, ltv_arm, price),
     .meaning = "price of one period, in the currency; needed unless there are plans or orders"},
    {.key = "heterogeneity",
     .kind = LTV_FIELD_BLOCK,
     .block = &spend_block,
     .fallback = "none",
     .word = "none",
     MEMBER(ARM, ltv_arm, spend),
     .enters = true,
     .target = LTV_IN_SPREAD,
     .meaning = "how spend differs from customer to customer, or none"},
    {.key = "orders",
     .kind = LTV_FIELD_BLOCK,
     .block = &ltv_orders_block,
     .in = LTV_IN_ARM,
     .meaning = "single purchases, besides what recurs"},
};
static const ltv_block revenue_block = {BLOCK(revenue_fields, "revenue", "what customers pay"),
                                        .usual_key = "price"};

static const ltv_field cac_spread_fields[] = {
    {.key = "log_normal",
     .kind = LTV_FIELD_BLOCK,
     .block = &ltv_cv_block,
     .in = LTV_IN_SPREAD,
     .is_alternative = true,
     .chooses = true,
     .choice = LTV_SPREAD_LOG_NORMAL,
     .meaning = "log-normally distributed over customers"},
};
static const ltv_block cac_spread_block = {
    BLOCK(cac_spread_fields, "cac_spread", "how the cost differs from customer to customer"),
    .alternatives = "distribution", .needs_an_alternative = true, .usual_key = "log_normal"};

static const ltv_field cac_fields[] = {
    {.key = "mean",
     MONEY,
     .required = true,
     MEMBER(CHANNEL, ltv_channel, cac),
     .meaning = "mean cost to acquire one customer, in the currency"},
    {.key = "across_customers",
     .kind = LTV_FIELD_BLOCK,
     .block = &cac_spread_block,
     .required = true,
     MEMBER(CHANNEL, ltv_channel, cac_spread),
     .enters = true,
     .target = LTV_IN_SPREAD,
     .meaning = "how the cost differs from customer to customer"},
};
static const ltv_block cac_block = {
    BLOCK(cac_fields, "cac", "a cost that differs from customer to customer")};

/* One number for all customers, or a block. */
#define CAC                                                                                        \
    .kind = LTV_FIELD_AMOUNT, .marks = LTV_MARK_MONEY, .highest = 1e12, .block = &cac_block,       \
    MEMBER(CHANNEL, ltv_channel, cac),                                                             \
    .meaning =                                                                                     \
        "cost to acquire one customer, in the currency; where it differs from one to the next: "   \
        "{mean: 900, across_customers: {log_normal: {cv: 0.5}}}"

static const ltv_field acquisition_fields[] = {
    {.key = "cac", CAC, .fallback = "0"},
};
static const ltv_block acquisition_block = {
    BLOCK(acquisition_fields, "acquisition", "what it costs to win a customer"),
    .usual_key = "cac"};

/* What the customers of one segment or channel differ in. */
#define LEVER(target_, type_, key_, lever_, hint_, what_)                                          \
    .key = key_, .kind = LTV_FIELD_NUMBER, .marks = LTV_MARK_TIMES, .highest = 100,                \
    .high_hint = "it is a factor on " hint_ ": x2 doubles it",                                     \
    MEMBER(target_, type_, times.on[LTV_LEVER_##lever_]), .meaning = "multiplier of " what_

#define HAZARD_RATIOS(target_, type_)                                                              \
    {LEVER(target_, type_, "churn", CHURN, "the hazard of voluntary churn",                        \
           "the hazard of voluntary churn"),                                                       \
     .fallback = "x1"},                                                                            \
        {LEVER(target_, type_, "involuntary", INVOLUNTARY, "the hazard of failed payments",        \
               "the hazard of involuntary churn"),                                                 \
         .fallback = "x1"},                                                                        \
        {LEVER(target_, type_, "upgrade", UPGRADE, "the hazard of upgrades",                       \
               "the hazard of every upgrade")},                                                    \
        {LEVER(target_, type_, "downgrade", DOWNGRADE, "the hazard of downgrades",                 \
               "the hazard of every downgrade")},                                                  \
        {LEVER(target_, type_, "attach", ATTACH, "the hazard of attaching",                        \
               "the hazard of taking an add-on")},                                                 \
        {LEVER(target_, type_, "drop", DROP, "the hazard of dropping",                             \
               "the hazard of giving up an add-on")},                                              \
        {LEVER(target_, type_, "orders", ORDERS, "the number of orders", "the number of orders")}, \
    {                                                                                              \
        LEVER(target_, type_, "spend", SPEND, "recurring revenue", "recurring revenue")            \
    }

static const ltv_field channel_fields[] = {
    {.key = "share",
     SHARE,
     .required = true,
     MEMBER(CHANNEL, ltv_channel, share),
     .lowest_open = true,
     .highest = 1,
     .zero_hint = "nobody can reach it, so leave it out",
     .meaning = "share of joining customers"},
    {.key = "cac", CAC, .required = true},
    HAZARD_RATIOS(CHANNEL, ltv_channel),
    {LEVER(CHANNEL, ltv_channel, "price", PRICE, "all recurring prices", "the price")},
    {.key = "segments",
     .kind = LTV_FIELD_SEGMENT_SHARES,
     MEMBER(CHANNEL, ltv_channel, segments),
     .marks = LTV_MARK_PERCENT,
     .highest = 1,
     .meaning = "shares of the segments among the customers of this channel, by name, instead of "
                "the segments' own; one left out has none"},
};
static const ltv_block channel_block = {
    BLOCK(channel_fields, "channel", "customers who come the same way")};

static const ltv_field segment_fields[] = {
    {.key = "share",
     SHARE,
     .required = true,
     MEMBER(SEGMENT, ltv_segment, share),
     .highest = 1,
     .meaning = "share of joining customers, unless their channel has shares of its own"},
    {.key = "price",
     .kind = LTV_FIELD_NUMBER,
     .fallback = "x1",
     .marks = LTV_MARK_TIMES,
     .highest = 100,
     .high_hint = "a segment's price is a factor on all recurring prices: write x1.5 for one and "
                  "a half times",
     MEMBER(SEGMENT, ltv_segment, times.on[LTV_LEVER_PRICE]),
     .meaning = "multiplier of the price"},
    {.key = "service_cost",
     MONEY,
     .fallback = "0",
     MEMBER(SEGMENT, ltv_segment, service_cost),
     .meaning = "cost per active customer and period besides the general one, in the currency"},
    {.key = "retention",
     .kind = LTV_FIELD_BLOCK,
     .block = &retention_block,
     MEMBER(SEGMENT, ltv_segment, retention),
     .enters = true,
     .target = LTV_IN_RETENTION,
     .present_offset = offsetof(ltv_segment, has_retention),
     .meaning = "retention of this segment instead of the general one"},
    HAZARD_RATIOS(SEGMENT, ltv_segment),
    {.key = "starts",
     .kind = LTV_FIELD_STARTS,
     MEMBER(SEGMENT, ltv_segment, starts),
     .marks = LTV_MARK_PERCENT,
     .highest = 1,
     .meaning = "shares of the plans that customers of this segment begin with, by name, instead "
                "of the plans' own; one left out has none"},
};
static const ltv_block segment_block = {
    BLOCK(segment_fields, "segment", "customers who behave alike")};

static const ltv_field half_width_fields[] = {
    {.key = "absolute",
     .kind = LTV_FIELD_NUMBER,
     .required = true,
     MEMBER(PRECISION, ltv_precision, absolute),
     .lowest_open = true,
     .highest = 1e15,
     .meaning =
         "enough in any case, in the figure's own unit; due beside a relative one too, since "
         "the figure may be near 0"},
    {.key = "relative",
     SHARE,
     MEMBER(PRECISION, ltv_precision, relative),
     .lowest_open = true,
     .highest = 1,
     .meaning = "enough too, as a share of the figure's size"},
};
static const ltv_block half_width_block = {
    BLOCK(half_width_fields, "half_width", "half the width of an interval that is narrow enough"),
    .usual_key = "absolute"};

static const ltv_field until_fields[] = {
    {.key = "metric",
     .kind = LTV_FIELD_TEXT,
     .required = true,
     MEMBER(PRECISION, ltv_precision, metric),
     .meaning = "path of a figure in the results, such as arms.today.ltv, "
                "arms.today.segments.high.ltv_cac or compare.onboarding.delta_ltv"},
    {.key = "half_width",
     .kind = LTV_FIELD_BLOCK,
     .block = &half_width_block,
     .required = true,
     .in = LTV_IN_PRECISION,
     .meaning = "how wide the interval of its simulation noise may be, half of it"},
    {.key = "confidence",
     SHARE,
     .fallback = "95%",
     MEMBER(PRECISION, ltv_precision, confidence),
     .lowest = 0.5,
     .highest = 0.999,
     .meaning = "of that interval"},
    {.key = "min_customers",
     .kind = LTV_FIELD_COUNT,
     .fallback = "0",
     MEMBER(PRECISION, ltv_precision, min_customers),
     WHOLE(ltv_precision, min_customers),
     .highest = 1e12,
     .meaning = "simulated customers of each arm, all draws together, from which on it may do"},
    {.key = "max_customers",
     .kind = LTV_FIELD_COUNT,
     .fallback = "1000000000",
     MEMBER(PRECISION, ltv_precision, max_customers),
     WHOLE(ltv_precision, max_customers),
     .lowest = 1,
     .highest = 1e12,
     .meaning = "with which the run ends, whatever is known by then"},
};
static const ltv_block until_block = {
    BLOCK(until_fields, "until", "a figure that must be known well enough before the run ends")};

static const ltv_field experiment_fields[] = {
    {.key = "seed",
     .kind = LTV_FIELD_COUNT,
     .fallback = "1",
     MEMBER(SCENARIO, ltv_scenario, seed),
     WHOLE(ltv_scenario, seed),
     .highest = LTV_MAX_SEED,
     .meaning = "number from which all luck follows: the same seed gives the same answer"},
    {.key = "customers",
     .kind = LTV_FIELD_COUNT,
     .fallback = "100000",
     MEMBER(SCENARIO, ltv_scenario, customers),
     WHOLE(ltv_scenario, customers),
     .lowest = 1,
     .highest = LTV_MAX_CUSTOMERS,
     .word = "auto",
     .meaning =
         "customers to simulate in each arm, and in each draw of uncertain numbers; auto: "
         "as many as tell the draws apart, which is the default where numbers are uncertain"},
    {.key = "draws",
     .kind = LTV_FIELD_COUNT,
     MEMBER(SCENARIO, ltv_scenario, draws),
     WHOLE(ltv_scenario, draws),
     .lowest = 2,
     .highest = LTV_MOST_DRAWS,
     .meaning = "joint samples of the uncertain numbers; 1024 by default"},
    {.key = "sampling",
     .kind = LTV_FIELD_CHOICE,
     MEMBER(SCENARIO, ltv_scenario, sampling),
     .choices = (const char *const[]){"random", "latin_hypercube", "sobol", NULL},
     .meaning = "how the draws of uncertain numbers are chosen; sobol by default, which needs the "
                "fewest"},
    {.key = "horizon",
     .kind = LTV_FIELD_COUNT,
     MEMBER(SCENARIO, ltv_scenario, horizon),
     WHOLE(ltv_scenario, horizon),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "number of bills that count, in periods; another place for time.horizon"},
    {.key = "until",
     .kind = LTV_FIELD_UNTIL,
     .block = &until_block,
     ARRAY(SCENARIO, ltv_scenario, precisions, n_precisions),
     .meaning =
         "goes on, with twice the customers (or draws, of uncertain numbers) each time, until "
         "figures are known well enough: a block, or a list of which all must hold"},
    RESERVED("samples"),
};
static const ltv_block experiment_block = {
    BLOCK(experiment_fields, "experiment", "how to simulate")};

#define JOINING_ROW(name, unit)                                                                    \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_NUMBER,                                                     \
        MEMBER(SCENARIO, ltv_scenario, test.customers_per_period), .lowest_open = true,            \
        .highest = 1e12, .per_unit = 1 + LTV_UNIT_##unit, .is_alternative = true,                  \
        .zero_hint = "nobody would join who could be tested, so leave the block out",              \
        .meaning = "how many of the customers to come join in this time"                           \
    }

static const ltv_field test_fields[] = {
    {.key = "customers_to_come",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(SCENARIO, ltv_scenario, test.customers_to_come),
     WHOLE(ltv_scenario, test.customers_to_come),
     .lowest = 1,
     .highest = 1e12,
     .meaning = "customers who will join while the decision holds, from now on: those whom a test "
                "can still do good"},
    JOINING_ROW("daily", DAY),
    JOINING_ROW("weekly", WEEK),
    JOINING_ROW("monthly", MONTH),
    JOINING_ROW("quarterly", QUARTER),
    JOINING_ROW("yearly", YEAR),
    {.key = "share",
     SHARE,
     .fallback = "100%",
     MEMBER(SCENARIO, ltv_scenario, test.share),
     .lowest_open = true,
     .highest = 1,
     .zero_hint = "nobody would be in the test, so leave the block out",
     .meaning = "share of the customers who join during the test that take part in it, half of "
                "them with the programme"},
    {.key = "delay",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(SCENARIO, ltv_scenario, test.delay),
     WHOLE(ltv_scenario, test.delay),
     .is_periods = true,
     .highest = LTV_MAX_HORIZON,
     .meaning = "periods from the last customer who joins the test to the decision: how long one "
                "has to wait for what they are worth"},
    {.key = "cost_per_customer",
     MONEY,
     .fallback = "0",
     MEMBER(SCENARIO, ltv_scenario, test.cost_per_customer),
     .meaning = "cost per customer in the test besides the programme itself, in the currency"},
    {.key = "fixed",
     MONEY,
     .fallback = "0",
     MEMBER(SCENARIO, ltv_scenario, test.fixed_cost),
     .meaning = "cost of the test that does not depend on its size, in the currency"},
};
static const ltv_block test_block = {
    BLOCK(test_fields, "test", "a holdout test that could be run before the decision"),
    .alternatives = "rate of customers to come", .needs_an_alternative = true};

static const ltv_field arm_fields[] = {
    {.key = "interventions",
     .kind = LTV_FIELD_PROGRAMMES,
     .meaning = "names of the arm's programmes, in the order in which they act"},
    {.key = "set",
     .kind = LTV_FIELD_SET,
     .meaning = "what differs in this arm: paths in the scenario with their values"},
};
static const ltv_block arm_block = {BLOCK(arm_fields, "arm", "one way the future may go")};

static const ltv_field root_fields[] = {
    {.key = "ltvsim",
     .kind = LTV_FIELD_VERSION,
     .required = true,
     .meaning = "version of the scenario language: 1"},
    {.key = "title",
     .kind = LTV_FIELD_TEXT,
     .rule = LTV_DEFAULT_TITLE,
     MEMBER(SCENARIO, ltv_scenario, title),
     .meaning = "heading of the results; by default the name of the file"},
    {.key = "currency",
     .kind = LTV_FIELD_CURRENCY,
     .required = true,
     .in = LTV_IN_SCENARIO,
     .meaning = "ISO 4217 code of the currency of all amounts, for example USD"},
    {.key = "time",
     .kind = LTV_FIELD_BLOCK,
     .block = &time_block,
     .fallback = "{}",
     .in = LTV_IN_SCENARIO,
     .meaning = "the clock of the scenario"},
    {.key = "discount_rate",
     SHARE,
     .fallback = "0%",
     MEMBER(SCENARIO, ltv_scenario, discount_rate_per_year),
     .highest = 1,
     .meaning = "discount rate of a year"},
    {.key = "customers",
     .kind = LTV_FIELD_BLOCK,
     .block = &customers_block,
     .in = LTV_IN_SCENARIO,
     .meaning = "the real customers that a forecast is for"},
    {.key = "retention",
     .kind = LTV_FIELD_BLOCK,
     .block = &retention_block,
     MEMBER(ARM, ltv_arm, retention),
     .enters = true,
     .target = LTV_IN_RETENTION,
     .present_offset = offsetof(ltv_arm, has_retention),
     .settable = true,
     .meaning = "how long customers stay; needed unless every segment has its own"},
    {.key = "involuntary_churn",
     .kind = LTV_FIELD_BLOCK,
     .block = &involuntary_block,
     .fallback = "{}",
     .in = LTV_IN_ARM,
     .settable = true,
     .meaning = "churn through failed payments, in the scenario's own time unit"},
    {.key = "revenue",
     .kind = LTV_FIELD_BLOCK,
     .block = &revenue_block,
     .fallback = "{}",
     .in = LTV_IN_ARM,
     .settable = true,
     .meaning = "what customers pay"},
    {.key = "gross_margin",
     SHARE,
     .fallback = "100%",
     MEMBER(ARM, ltv_arm, gross_margin),
     .highest = 1,
     .settable = true,
     .meaning = "share of revenue left after its direct cost"},
    {.key = "service_cost",
     MONEY,
     .fallback = "0",
     MEMBER(ARM, ltv_arm, service_cost),
     .settable = true,
     .meaning = "cost per active customer and period, in the currency"},
    {.key = "plans",
     .kind = LTV_FIELD_PLANS,
     .block = &ltv_plan_block,
     .in = LTV_IN_ARM,
     .settable = true,
     .meaning = "what customers subscribe to, by name, instead of revenue.price; each holds one"},
    {.key = "add_ons",
     .kind = LTV_FIELD_ADD_ONS,
     .block = &ltv_add_on_block,
     .in = LTV_IN_ARM,
     .settable = true,
     .meaning = "what customers may take besides, by name"},
    {.key = "price_change",
     .kind = LTV_FIELD_PRICE_CHANGES,
     .block = &ltv_price_change_block,
     ARRAY(ARM, ltv_arm, price_changes, n_price_changes),
     .settable = true,
     .meaning = "change of all recurring prices from a bill on; a list for several"},
    {.key = "segments",
     .kind = LTV_FIELD_SEGMENTS,
     .block = &segment_block,
     .in = LTV_IN_ARM,
     .present_offset = offsetof(ltv_arm, declared_segments),
     .settable = true,
     .meaning = "groups of customers who behave alike, by name; shares sum to 100%"},
    {.key = "acquisition",
     .kind = LTV_FIELD_BLOCK,
     .block = &acquisition_block,
     .fallback = "{}",
     .in = LTV_IN_CHANNEL,
     .is_alternative = true,
     .settable = true,
     .meaning = "what it costs to win a customer, the same for all"},
    {.key = "channels",
     .kind = LTV_FIELD_CHANNELS,
     .block = &channel_block,
     .in = LTV_IN_ARM,
     .present_offset = offsetof(ltv_arm, declared_channels),
     .is_alternative = true,
     .settable = true,
     .meaning = "ways by which customers come, by name; shares sum to 100%"},
    {.key = "phases",
     .kind = LTV_FIELD_PHASES,
     ARRAY(SCENARIO, ltv_scenario, phases, n_phases),
     .highest = LTV_MAX_HORIZON,
     .meaning = "ranges of tenure by name, [first bill, bill after the last]"},
    {.key = "experiment",
     .kind = LTV_FIELD_BLOCK,
     .block = &experiment_block,
     .fallback = "{}",
     .in = LTV_IN_SCENARIO,
     .meaning = "how to simulate"},
    {.key = "interventions",
     .kind = LTV_FIELD_INTERVENTIONS,
     .block = &ltv_intervention_block,
     .in = LTV_IN_ARM,
     .settable = true,
     .meaning = "programmes that arms may use, by name"},
    {.key = "arms",
     .kind = LTV_FIELD_ARMS,
     .block = &arm_block,
     .fallback = "{baseline: []}",
     .meaning = "alternatives to compare, by name; the first is the baseline"},
    {.key = "compare",
     .kind = LTV_FIELD_COMPARE,
     .in = LTV_IN_SCENARIO,
     .meaning = "pairs of arms to compare besides each arm with the baseline"},
    {.key = "test",
     .kind = LTV_FIELD_BLOCK,
     .block = &test_block,
     .in = LTV_IN_SCENARIO,
     .present_offset = offsetof(ltv_scenario, has_test),
     .meaning = "a holdout test that could be run before the decision: would it pay?"},
    {.key = "correlations",
     .kind = LTV_FIELD_CORRELATIONS,
     .in = LTV_IN_SCENARIO,
     .meaning = "Spearman correlations between uncertain numbers, each [path, path, correlation]"},
};
static const ltv_block root_block = {BLOCK(root_fields, "scenario", "an ltvsim scenario"),
                                     .alternatives = "cost of winning customers"};

const ltv_block *ltv_scenario_fields(void)
{
    static once_flag made = ONCE_FLAG_INIT;
    call_once(&made, make_retention_rows);
    return &root_block;
}

bool ltv_field_has_names(ltv_field_kind kind)
{
    return kind == LTV_FIELD_SEGMENTS || kind == LTV_FIELD_CHANNELS || kind == LTV_FIELD_PLANS ||
           kind == LTV_FIELD_ADD_ONS || kind == LTV_FIELD_INTERVENTIONS || kind == LTV_FIELD_ARMS;
}

const ltv_field *ltv_block_field(const ltv_block *block, const char *key)
{
    for (size_t i = 0; i < block->n_fields; ++i)
        if (strcmp(block->fields[i].key, key) == 0)
            return &block->fields[i];
    return NULL;
}

static const char *const distribution_words[] = {"normal",  "log_normal", "beta",   "gamma",
                                                 "uniform", "triangular", "pert",   "ci90",
                                                 "lost",    "of",         "samples"};

bool ltv_is_distribution_word(const char *key)
{
    for (size_t i = 0; i < COUNT_OF(distribution_words); ++i)
        if (strcmp(distribution_words[i], key) == 0)
            return true;
    return false;
}

const char *ltv_nearest_distribution_word(const char *key)
{
    return ltv_nearest(key, COUNT_OF(distribution_words), distribution_words);
}
