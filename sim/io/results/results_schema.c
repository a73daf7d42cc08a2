/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/results_schema.h"

#include <string.h>

/* ---- places ---- */

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

static const ltv_results_pattern root_patterns[] = {{"", ""}};

static const ltv_results_pattern arm_patterns[] = {{"/arms/<arm>", "of the arm"}};

static const ltv_results_pattern customers_patterns[] = {
    {"/arms/<arm>", "of the arm"},
    {"/arms/<arm>/segments/<segment>", "of the segment"},
    {"/arms/<arm>/channels/<channel>", "of the channel"},
};

#define LTV_SUBJECT     "LTV, before CAC"
#define NET_LTV_SUBJECT "net LTV, LTV minus CAC"
#define DELTA_SUBJECT   "change of LTV, this arm minus the other on the same luck"

static const ltv_results_pattern value_patterns[] = {
    {"/arms/<arm>/ltv", LTV_SUBJECT},
    {"/arms/<arm>/net_ltv", NET_LTV_SUBJECT},
    {"/arms/<arm>/segments/<segment>/ltv", LTV_SUBJECT},
    {"/arms/<arm>/segments/<segment>/net_ltv", NET_LTV_SUBJECT},
    {"/arms/<arm>/channels/<channel>/ltv", LTV_SUBJECT},
    {"/arms/<arm>/channels/<channel>/net_ltv", NET_LTV_SUBJECT},
    {"/compare/<arm>/delta_ltv", DELTA_SUBJECT},
    {"/compare/<arm>|<other>/delta_ltv", DELTA_SUBJECT},
};

static const ltv_results_pattern holding_patterns[] = {
    {"/arms/<arm>/plans/<plan>", "this plan"},
    {"/arms/<arm>/add_ons/<add_on>", "this add-on"},
};

static const ltv_results_pattern bringing_patterns[] = {
    {"/arms/<arm>/plan_revenue/<plan>", "this plan"},
    {"/arms/<arm>/add_on_revenue/<add_on>", "this add-on"},
};

static const ltv_results_pattern contrast_patterns[] = {
    {"/compare/<arm>", "of the arm against the baseline"},
    {"/compare/<arm>|<other>", "of the first arm against the second"},
};

static const ltv_results_pattern draws_patterns[] = {
    {"/draws/<arm>", "of the arm"},
    {"/draws/<arm>|<other>", "of the first arm against the second"},
};

static const ltv_results_pattern sensitivity_patterns[] = {
    {"/sensitivity/<figure>", "of this figure"},
    {"/sensitivity/<figure>|<other>", "of this figure of the first arm against the second"},
};

static const ltv_results_place root = {"", "The file.", N_OF(root_patterns), root_patterns};
static const ltv_results_place any = {"any", "Every group and dataset.", 0, NULL};
static const ltv_results_place arm = {"arm", "One arm of the scenario.", N_OF(arm_patterns),
                                      arm_patterns};
static const ltv_results_place customers = {
    "customers", "All customers of an arm, or those who joined in one segment or by one channel.",
    N_OF(customers_patterns), customers_patterns};
static const ltv_results_place value = {"value", "An amount of money per joined customer.",
                                        N_OF(value_patterns), value_patterns};
static const ltv_results_place holding = {"holding", "A plan or an add-on of an arm.",
                                          N_OF(holding_patterns), holding_patterns};
static const ltv_results_place bringing = {"revenue", "What a plan or an add-on of an arm brings.",
                                           N_OF(bringing_patterns), bringing_patterns};
static const ltv_results_place contrast = {
    "contrast", "One arm minus another, customer by customer on the same luck.",
    N_OF(contrast_patterns), contrast_patterns};

static const ltv_results_place draws = {"draws",
                                        "One arm, or one arm against another, draw by draw.",
                                        N_OF(draws_patterns), draws_patterns};

static const ltv_results_place sensitivity = {
    "sensitivity",
    "What one figure depends on. Its name says where the figure stands: `arms.today.ltv`, "
    "`compare.care.net_gain`.",
    N_OF(sensitivity_patterns), sensitivity_patterns};

/* ---- items ---- */

#define REQUIRED true
#define OPTIONAL false

#define GROUP(place_, path_, required_, ...)                                                       \
    {                                                                                              \
        .kind = LTV_ITEM_GROUP, .place = &place_, .path = path_, .required = required_,            \
        .description = __VA_ARGS__                                                                 \
    }
#define AMOUNT_GROUP(place_, path_, ...)                                                           \
    {                                                                                              \
        .kind = LTV_ITEM_GROUP, .place = &place_, .path = path_, .units = "currency",              \
        .required = REQUIRED, .description = __VA_ARGS__                                           \
    }
#define ARRAY(place_, path_, type_, shape_, scale_, units_, required_, ...)                        \
    {                                                                                              \
        .kind = LTV_ITEM_ARRAY, .place = &place_, .path = path_, .type = LTV_TYPE_##type_,         \
        .shape = shape_, .scale = scale_, .units = units_, .required = required_,                  \
        .description = __VA_ARGS__                                                                 \
    }
#define TABLE(place_, path_, required_, ...)                                                       \
    {                                                                                              \
        .kind = LTV_ITEM_TABLE, .place = &place_, .path = path_, .required = required_,            \
        .description = __VA_ARGS__                                                                 \
    }
#define TEXT(place_, path_, ...)                                                                   \
    {                                                                                              \
        .kind = LTV_ITEM_TEXT, .place = &place_, .path = path_, .type = LTV_TYPE_STRING,           \
        .units = "text", .required = REQUIRED, .description = __VA_ARGS__                          \
    }
#define LINK(place_, path_, required_, ...)                                                        \
    {                                                                                              \
        .kind = LTV_ITEM_LINK, .place = &place_, .path = path_, .required = required_,             \
        .description = __VA_ARGS__                                                                 \
    }
#define ATTRIBUTE(place_, path_, name_, type_, units_, required_, ...)                             \
    {                                                                                              \
        .kind = LTV_ITEM_ATTRIBUTE, .place = &place_, .path = path_, .name = name_,                \
        .type = LTV_TYPE_##type_, .units = units_, .required = required_,                          \
        .description = __VA_ARGS__                                                                 \
    }
#define LIST_ATTRIBUTE(place_, path_, name_, required_, ...)                                       \
    {                                                                                              \
        .kind = LTV_ITEM_ATTRIBUTE, .place = &place_, .path = path_, .name = name_,                \
        .type = LTV_TYPE_STRING, .is_list = true, .required = required_,                           \
        .description = __VA_ARGS__                                                                 \
    }
#define COLUMN(place_, path_, name_, type_, units_, ...)                                           \
    {                                                                                              \
        .kind = LTV_ITEM_COLUMN, .place = &place_, .path = path_, .name = name_,                   \
        .type = LTV_TYPE_##type_, .units = units_, .required = REQUIRED,                           \
        .description = __VA_ARGS__                                                                 \
    }

/* There only where inputs are uncertain. */
#define DRAWS_ATTRIBUTE(place_, path_, name_, type_, units_, ...)                                  \
    {                                                                                              \
        .kind = LTV_ITEM_ATTRIBUTE, .place = &place_, .path = path_, .name = name_,                \
        .type = LTV_TYPE_##type_, .units = units_, .description = __VA_ARGS__                      \
    }
#define DRAWS_COLUMN(place_, path_, name_, type_, units_, ...)                                     \
    {                                                                                              \
        .kind = LTV_ITEM_COLUMN, .place = &place_, .path = path_, .name = name_,                   \
        .type = LTV_TYPE_##type_, .units = units_, .description = __VA_ARGS__                      \
    }
#define DRAWS_ARRAY(place_, path_, type_, shape_, scale_, units_, ...)                             \
    {                                                                                              \
        .kind = LTV_ITEM_ARRAY, .place = &place_, .path = path_, .type = LTV_TYPE_##type_,         \
        .shape = shape_, .scale = scale_, .units = units_, .description = __VA_ARGS__              \
    }
#define DRAWS_GROUP(place_, path_, ...)                                                            \
    {                                                                                              \
        .kind = LTV_ITEM_GROUP, .place = &place_, .path = path_, .description = __VA_ARGS__        \
    }
#define DRAWS_TABLE(place_, path_, ...)                                                            \
    {                                                                                              \
        .kind = LTV_ITEM_TABLE, .place = &place_, .path = path_, .description = __VA_ARGS__        \
    }
#define BAND(place_, path_, shape_, scale_, units_)                                                \
    DRAWS_ARRAY(place_, path_ "_u90", DOUBLE, shape_, scale_, units_,                              \
                "Parameter uncertainty of " path_ " {}: lower and upper 90 % limits over draws, "  \
                "without the simulation's noise.")

#define METRICS(place_, text)                                                                      \
    TABLE(place_, "metrics", REQUIRED, text),                                                      \
        COLUMN(place_, "metrics", "name", STRING, NULL, "What scripts call the figure."),          \
        COLUMN(place_, "metrics", "value", DOUBLE, "see unit",                                     \
               "The figure; NaN where it does not apply, with the reason in note."),               \
        COLUMN(place_, "metrics", "mc_standard_error", DOUBLE, "see unit",                         \
               "Monte Carlo standard error; NaN where there is no such noise or none is known."),  \
        DRAWS_COLUMN(                                                                              \
            place_, "metrics", "u90_lower", DOUBLE, "see unit",                                    \
            "Lower 90 % limit of parameter uncertainty, over draws; NaN where the figure "         \
            "does not apply in every draw."),                                                      \
        DRAWS_COLUMN(place_, "metrics", "u90_upper", DOUBLE, "see unit", "The upper one."),        \
        COLUMN(place_, "metrics", "unit", STRING, NULL,                                            \
               "Unit of value: the currency, the time unit, ratio, share or probability, or a "    \
               "quotient."),                                                                       \
        COLUMN(place_, "metrics", "note", STRING, NULL,                                            \
               "Why it does not apply, or how to read it; empty otherwise."),                      \
        COLUMN(place_, "metrics", "meaning", STRING, NULL,                                         \
               "What the figure says, per whom and over which time.")

const ltv_results_item ltv_results_items[] = {
    ATTRIBUTE(any, "", "description", STRING, NULL, REQUIRED, "What it holds, in one sentence."),
    ATTRIBUTE(any, "", "units", STRING, NULL, OPTIONAL,
              "Units, on every dataset and on groups with amounts as attributes; of a table, those "
              "of its columns: \"p: 1, value: JPY\"."),

    GROUP(root, "/", REQUIRED,
          "One run of ltvsim: what was asked, what came out, how it was made."),
    ATTRIBUTE(root, "/", "format", STRING, NULL, REQUIRED, "Always \"" LTV_RESULTS_FORMAT "\"."),
    ATTRIBUTE(root, "/", "format_version", STRING, NULL, REQUIRED,
              "MAJOR.MINOR; a reader refuses a newer major only."),
    ATTRIBUTE(root, "/", "title", STRING, NULL, REQUIRED, "Title of the scenario."),
    ATTRIBUTE(root, "/", "currency", STRING, NULL, REQUIRED, "ISO 4217 code of all amounts."),
    ATTRIBUTE(root, "/", "currency_decimals", INT64, "1", REQUIRED,
              "Digits after the decimal point that people write."),
    ATTRIBUTE(root, "/", "time_unit", STRING, NULL, REQUIRED,
              "The period: day, week, month, quarter or year."),
    ATTRIBUTE(root, "/", "horizon", INT64, "period", REQUIRED,
              "Bills 0 to horizon - 1 of each customer count."),
    ATTRIBUTE(root, "/", "payment", STRING, NULL, REQUIRED,
              "When a bill is paid in its period, for discounting: advance, mid or arrears."),
    ATTRIBUTE(root, "/", "discount_rate_per_year", DOUBLE, "1", REQUIRED,
              "Effective annual discount rate."),
    ATTRIBUTE(root, "/", "seed", INT64, "1", REQUIRED, "Seed of all random numbers."),
    ATTRIBUTE(root, "/", "customers", INT64, "1", REQUIRED,
              "Customers simulated for each arm, and in each draw of uncertain inputs."),
    DRAWS_ATTRIBUTE(root, "/", "n_draws", INT64, "1", "Joint samples of the uncertain inputs."),
    DRAWS_ATTRIBUTE(root, "/", "sampling", STRING, NULL,
                    "How the draws were chosen: random, latin_hypercube or sobol."),
    DRAWS_ATTRIBUTE(root, "/", "customers_chosen", STRING, NULL,
                    "How the number of customers was chosen; absent where the scenario says it."),
    ATTRIBUTE(root, "/", "mc_t95", DOUBLE, "1", REQUIRED,
              "Monte Carlo standard errors times this are half 95 % intervals: the quantile of the "
              "normal distribution, or Student's t for as many draws, or scrambles of them, as are "
              "independent."),
    DRAWS_ATTRIBUTE(root, "/", "stopped", STRING, NULL,
                    "Why the run ended there; only where the scenario says experiment.until."),
    DRAWS_ATTRIBUTE(root, "/", "is_precise", INT64, "1",
                    "1 where all figures of experiment.until are known well enough, else 0."),
    ATTRIBUTE(root, "/", "cohort_size", INT64, "1", REQUIRED,
              "Customers of the real cohort; 0 when the scenario does not say."),
    ATTRIBUTE(root, "/", "baseline", STRING, NULL, REQUIRED, "Name of the baseline arm."),
    ATTRIBUTE(root, "/", "n_arms", INT64, "1", REQUIRED, "Number of arms."),
    ATTRIBUTE(root, "/", "uncertain_inputs", INT64, "1", REQUIRED,
              "Inputs given as a distribution; with 0 there is no forecast interval."),
    ATTRIBUTE(root, "/", "complete", INT64, "1", REQUIRED, "Always 1: the run went to its end."),
    ATTRIBUTE(root, "/", "NX_class", STRING, NULL, REQUIRED, "NXroot, for NeXus-aware viewers."),
    ATTRIBUTE(root, "/", "default", STRING, NULL, REQUIRED, "Where viewers look for a plot."),

    ARRAY(root, "/period", INT64, "[horizon+1]", NULL, "period", REQUIRED,
          "Tenure: periods since joining. Dimension scale of the curves over 0 to horizon."),
    ARRAY(root, "/bill", INT64, "[horizon]", NULL, "1", REQUIRED,
          "Number of the bill; bill u is due at tenure u. Dimension scale of the curves by bill."),

    GROUP(root, "/scenario", REQUIRED, "What was asked."),
    TEXT(root, "/scenario/source", "The scenario file as given (YAML)."),
    TEXT(root, "/scenario/effective",
         "The scenario with every default, override and the seed filled in (YAML); running it "
         "gives the same datasets."),
    TEXT(root, "/scenario/overrides",
         "What the command changed in the scenario file, one \"path: value\" a line; empty without "
         "overrides."),
    TEXT(root, "/scenario/assumed", "The defaults that were assumed, one a line."),
    TEXT(root, "/scenario/warnings",
         "What in the scenario can be run but misleads, one sentence a line; empty without such."),

    GROUP(root, "/provenance", REQUIRED,
          "How the file was made; nothing else in it depends on this."),
    ATTRIBUTE(root, "/provenance", "version", STRING, NULL, REQUIRED, "Version of ltvsim."),
    ATTRIBUTE(root, "/provenance", "revision", STRING, NULL, REQUIRED,
              "Revision of the source; unknown outside a checkout."),
    ATTRIBUTE(root, "/provenance", "compiler", STRING, NULL, REQUIRED, "Compiler and its version."),
    ATTRIBUTE(root, "/provenance", "flags", STRING, NULL, REQUIRED,
              "Build type and compiler flags."),
    ATTRIBUTE(root, "/provenance", "simd", STRING, NULL, REQUIRED,
              "Instruction set the engine was built for."),
    ATTRIBUTE(root, "/provenance", "threads", INT64, "1", REQUIRED, "Threads used."),
    ATTRIBUTE(root, "/provenance", "ranks", INT64, "1", REQUIRED, "Processes used."),
    ATTRIBUTE(root, "/provenance", "gsl", STRING, NULL, REQUIRED, "Version of GSL."),
    ATTRIBUTE(root, "/provenance", "hdf5", STRING, NULL, REQUIRED, "Version of HDF5."),
    ATTRIBUTE(root, "/provenance", "started", STRING, NULL, REQUIRED,
              "Start of the run, ISO 8601 in UTC."),
    ATTRIBUTE(root, "/provenance", "wall_seconds", DOUBLE, "s", REQUIRED,
              "Duration of the simulation."),
    ATTRIBUTE(root, "/provenance", "command", STRING, NULL, REQUIRED,
              "The command as typed; empty when a program called the library."),
    ATTRIBUTE(root, "/provenance", "repro_scope", STRING, NULL, REQUIRED,
              "What the promise of identical results covers."),

    GROUP(root, "/arms", REQUIRED, "The arms of the scenario, the baseline first."),
    ATTRIBUTE(root, "/arms", "NX_class", STRING, NULL, REQUIRED, "NXentry."),
    ATTRIBUTE(root, "/arms", "default", STRING, NULL, REQUIRED,
              "The histogram of the baseline's LTV."),
    GROUP(root, "/compare", OPTIONAL,
          "Each arm against the baseline, then the pairs that the scenario compares; absent with "
          "one arm alone."),

    DRAWS_GROUP(root, "/draws", "The draws of the uncertain inputs, one by one."),
    DRAWS_ARRAY(root, "/draws/names", STRING, "[inputs]", NULL, "text",
                "Paths of the uncertain inputs in the scenario."),
    DRAWS_ARRAY(root, "/draws/parameters", DOUBLE, "[draws,inputs]", NULL, "see /draws/names",
                "Value of each uncertain input in each draw."),

    DRAWS_GROUP(draws, "", "What each draw says {}."),
    DRAWS_ARRAY(draws, "mean_ltv", DOUBLE, "[draws]", NULL, "currency",
                "Mean LTV in each draw; the simulation's noise is in it. Of arms."),
    DRAWS_ARRAY(draws, "mean_delta_ltv", DOUBLE, "[draws]", NULL, "currency",
                "Mean change of LTV in each draw; the simulation's noise is in it. Of pairs."),
    DRAWS_ARRAY(draws, "metric_names", STRING, "[metrics]", NULL, "text",
                "Names of the figures, as in the table of metrics."),
    DRAWS_ARRAY(draws, "metrics", DOUBLE, "[draws,metrics]", NULL, "see metrics",
                "Each figure in each draw; NaN where it does not apply, infinite where payback "
                "does not come within the horizon."),
    DRAWS_ARRAY(draws, "metrics_noise", DOUBLE, "[draws,metrics]", NULL, "see metrics",
                "Monte Carlo standard error of each; NaN where it is not known."),

    DRAWS_GROUP(root, "/decisions",
                "Which arm to choose, as far as the uncertain inputs are known, and what it would "
                "be worth to know them better. Absent with one arm alone."),
    DRAWS_ATTRIBUTE(root, "/decisions", "best", STRING, NULL,
                    "The arm with the highest expected value."),
    DRAWS_ATTRIBUTE(root, "/decisions", "evpi", DOUBLE, "currency",
                    "Expected value of perfect information: what it would be worth per joined "
                    "customer to know all inputs exactly before choosing."),
    DRAWS_ATTRIBUTE(root, "/decisions", "evpi_mc_standard_error", DOUBLE, "currency",
                    "Monte Carlo standard error of evpi."),
    DRAWS_ATTRIBUTE(root, "/decisions", "evpi_total", DOUBLE, "currency",
                    "evpi times the customers of the real cohort, where their number is known."),
    DRAWS_ATTRIBUTE(root, "/decisions", "evpi_uncorrected", DOUBLE, "currency",
                    "What evpi would be with the simulation's noise taken for uncertainty."),
    DRAWS_TABLE(root, "/decisions/arms", "What each arm is worth as a choice."),
    DRAWS_COLUMN(root, "/decisions/arms", "arm", STRING, NULL, "Name of the arm."),
    DRAWS_COLUMN(
        root, "/decisions/arms", "expected_value", DOUBLE, "currency",
        "Mean net LTV over draws, less the fixed cost of programmes, per joined customer."),
    DRAWS_COLUMN(root, "/decisions/arms", "mc_standard_error", DOUBLE, "currency",
                 "Monte Carlo standard error of expected_value; arms share most of it."),
    DRAWS_COLUMN(root, "/decisions/arms", "expected_loss", DOUBLE, "currency",
                 "How much the arm that is best in truth is expected to bring more."),
    DRAWS_COLUMN(
        root, "/decisions/arms", "p_best", DOUBLE, "1",
        "Probability that this arm is best in truth; the simulation's noise is taken out."),
    DRAWS_TABLE(root, "/decisions/evppi",
                "Expected value of partial perfect information: what it would be worth to know one "
                "input exactly before choosing, or those of one sample set; the largest first."),
    DRAWS_COLUMN(root, "/decisions/evppi", "input", STRING, NULL,
                 "Path of the input, or the file of a sample set."),
    DRAWS_COLUMN(
        root, "/decisions/evppi", "evppi", DOUBLE, "currency",
        "Per joined customer; NaN where there are too few draws, with the reason in note."),
    DRAWS_COLUMN(root, "/decisions/evppi", "mc_standard_error", DOUBLE, "currency",
                 "Monte Carlo standard error of evppi."),
    DRAWS_COLUMN(
        root, "/decisions/evppi", "evppi_total", DOUBLE, "currency",
        "evppi times the customers of the real cohort; NaN where their number is unknown."),
    DRAWS_COLUMN(root, "/decisions/evppi", "note", STRING, NULL, "Why it is not known, or empty."),
    DRAWS_TABLE(root, "/decisions/budgets",
                "The best arm that can be afforded: one row for each budget from which it changes. "
                "An arm counts as affordable with a budget that covers the cash it needs over the "
                "baseline in 90 % of draws."),
    DRAWS_COLUMN(root, "/decisions/budgets", "budget", DOUBLE, "currency",
                 "From this budget on, of the real cohort where its size is known, else per joined "
                 "customer."),
    DRAWS_COLUMN(root, "/decisions/budgets", "arm", STRING, NULL, "The arm to choose."),
    DRAWS_COLUMN(root, "/decisions/budgets", "expected_gain", DOUBLE, "currency",
                 "Its expected value less the baseline's, per joined customer."),
    DRAWS_GROUP(root, "/sensitivity", "Which uncertain inputs move the figures."),
    DRAWS_ATTRIBUTE(root, "/sensitivity", "base_points", INT64, "1",
                    "Rows of the design of Sobol indices. From ltvsim sensitivity only, as are "
                    "customers, points and the tables tornado and indices."),
    DRAWS_ATTRIBUTE(root, "/sensitivity", "points", INT64, "1",
                    "Points of the inputs that were simulated, of tornado and design."),
    DRAWS_ATTRIBUTE(root, "/sensitivity", "customers", INT64, "1",
                    "Customers simulated at each point, the same ones with the same luck."),

    DRAWS_GROUP(sensitivity, "", "What moves {}."),
    ATTRIBUTE(sensitivity, "", "unit", STRING, NULL, REQUIRED, "Unit of the figure."),
    ATTRIBUTE(sensitivity, "", "meaning", STRING, NULL, REQUIRED, "What the figure says."),
    ATTRIBUTE(sensitivity, "", "rank_draws", INT64, "1", REQUIRED,
              "Draws of the inputs that rank_correlations are over."),
    DRAWS_ATTRIBUTE(sensitivity, "", "at_medians", DOUBLE, "see unit",
                    "The figure with every input at its median."),
    DRAWS_ATTRIBUTE(sensitivity, "", "mean", DOUBLE, "see unit",
                    "Mean of the figure over the design."),
    DRAWS_ATTRIBUTE(sensitivity, "", "standard_deviation", DOUBLE, "see unit",
                    "Its standard deviation, whose square the indices divide up."),
    DRAWS_ATTRIBUTE(sensitivity, "", "additive", DOUBLE, "1",
                    "Sum of the first-order indices: what is not interaction."),
    DRAWS_TABLE(sensitivity, "tornado",
                "The figure with one input at its 10th and 90th percentile, all others at their "
                "medians, whatever correlations say; the widest bar first. Inputs of a sample set "
                "stand at their means and have no row."),
    COLUMN(sensitivity, "tornado", "input", STRING, NULL, "Path of the input."),
    COLUMN(sensitivity, "tornado", "input_p10", DOUBLE, "see input", "Its 10th percentile."),
    COLUMN(sensitivity, "tornado", "input_p90", DOUBLE, "see input", "Its 90th percentile."),
    COLUMN(sensitivity, "tornado", "at_p10", DOUBLE, "see unit", "The figure at the first."),
    COLUMN(sensitivity, "tornado", "at_p90", DOUBLE, "see unit", "The figure at the second."),
    COLUMN(sensitivity, "tornado", "swing", DOUBLE, "see unit", "at_p90 - at_p10."),
    DRAWS_TABLE(sensitivity, "indices",
                "Sobol indices: shares of the figure's variance due to inputs, with 95 % intervals "
                "over resampled base points. Inputs that are tied by correlations or belong to one "
                "sample set stand in one row."),
    COLUMN(sensitivity, "indices", "input", STRING, NULL,
           "Paths of the inputs, joined by \" & \"."),
    COLUMN(sensitivity, "indices", "first", DOUBLE, "1",
           "First order: the share that is expected to go once they are known; NaN where the "
           "figure does not vary. Estimated without limits: slightly below 0 means 0."),
    COLUMN(sensitivity, "indices", "first_lower", DOUBLE, "1", "Lower 95 % limit."),
    COLUMN(sensitivity, "indices", "first_upper", DOUBLE, "1", "Upper 95 % limit."),
    COLUMN(sensitivity, "indices", "total", DOUBLE, "1",
           "Total: with all interactions; the share that stays once all others are known."),
    COLUMN(sensitivity, "indices", "total_lower", DOUBLE, "1", "Lower 95 % limit."),
    COLUMN(sensitivity, "indices", "total_upper", DOUBLE, "1", "Upper 95 % limit."),
    DRAWS_TABLE(sensitivity, "rank_correlations",
                "How strongly the figure rises and falls with each input over draws: those of the "
                "run, simulation noise included, or the samples of the design."),
    COLUMN(sensitivity, "rank_correlations", "input", STRING, NULL, "Path of the input."),
    COLUMN(sensitivity, "rank_correlations", "spearman", DOUBLE, "1",
           "Spearman's rank correlation; NaN where one of them does not vary."),
    COLUMN(sensitivity, "rank_correlations", "standard_error", DOUBLE, "1",
           "Its standard error, as if the draws were independent."),
    COLUMN(sensitivity, "rank_correlations", "partial", DOUBLE, "1",
           "Partial rank correlation: what is left when all other inputs are regressed out; NaN "
           "where there are too few draws, or where nothing is left of the input."),

    GROUP(arm, "segments", OPTIONAL, "The customers by the segment they joined in."),
    GROUP(arm, "channels", OPTIONAL, "The customers by the channel they came through."),
    GROUP(arm, "plans", OPTIONAL, "Who holds which plan; absent where there are no plans."),
    GROUP(arm, "add_ons", OPTIONAL, "Who holds which add-on; absent where there are none."),
    GROUP(arm, "plan_revenue", OPTIONAL, "What each plan brings; absent where there are none."),
    GROUP(arm, "add_on_revenue", OPTIONAL,
          "What each add-on brings; absent where there are none. With plan_revenue, or where there "
          "are no plans the base price, it makes up the arm's recurring_revenue."),
    TABLE(arm, "bridge", REQUIRED,
          "From the spreadsheet's LTV to the simulated mean: each reason for the difference."),
    COLUMN(
        arm, "bridge", "reason", STRING, NULL,
        "What is taken into account in this step. No rows where nobody leaves in the first period: "
        "the formula does not apply."),
    COLUMN(arm, "bridge", "amount", DOUBLE, "currency",
           "The spreadsheet's LTV in the first row, then what each reason adds."),
    COLUMN(arm, "bridge", "running", DOUBLE, "currency",
           "Sum so far; the simulated mean LTV in the last row."),
    COLUMN(arm, "bridge", "meaning", STRING, NULL, "The step in one sentence."),

    GROUP(customers, "", REQUIRED, "Results {}."),
    ATTRIBUTE(customers, "", "share", DOUBLE, "1", REQUIRED, "Share of joining customers."),
    ATTRIBUTE(customers, "", "NX_class", STRING, NULL, REQUIRED,
              "NXdata: viewers plot retention over period."),
    ATTRIBUTE(customers, "", "signal", STRING, NULL, REQUIRED, "retention."),
    LIST_ATTRIBUTE(customers, "", "axes", REQUIRED, "[period]."),
    LINK(customers, "period", REQUIRED, "The same dataset as /period, for the plot."),
    ARRAY(customers, "retention", DOUBLE, "[horizon+1]", "/period", "1", REQUIRED,
          "Share of joined customers {} who pay bill u; at the horizon, who would."),
    ARRAY(customers, "recurring_revenue", DOUBLE, "[horizon]", "/bill", "currency", REQUIRED,
          "Recurring revenue of bill u per joined customer {}, undiscounted."),
    ARRAY(customers, "revenue", DOUBLE, "[horizon]", "/bill", "currency", REQUIRED,
          "Revenue of bill u per joined customer {}, undiscounted."),
    ARRAY(customers, "contribution", DOUBLE, "[horizon]", "/bill", "currency", REQUIRED,
          "Contribution of bill u (revenue x gross margin - service cost) per joined customer {}, "
          "undiscounted."),
    ARRAY(customers, "cumulative_contribution", DOUBLE, "[horizon]", "/bill", "currency", REQUIRED,
          "Contribution of bills 0 to u per joined customer {}, undiscounted."),
    ARRAY(customers, "cumulative_discounted_contribution", DOUBLE, "[horizon]", "/bill", "currency",
          REQUIRED,
          "Discounted contribution of bills 0 to u per joined customer {}: the payback curve."),
    ARRAY(customers, "programme_cost", DOUBLE, "[horizon]", "/bill", "currency", OPTIONAL,
          "What programmes cost at bill u per joined customer {}, price_off given included and "
          "fixed costs not, undiscounted. Absent where no arm has a programme."),
    BAND(customers, "retention", "[horizon+1,2]", "/period", "1"),
    BAND(customers, "recurring_revenue", "[horizon,2]", "/bill", "currency"),
    BAND(customers, "revenue", "[horizon,2]", "/bill", "currency"),
    BAND(customers, "contribution", "[horizon,2]", "/bill", "currency"),
    BAND(customers, "cumulative_contribution", "[horizon,2]", "/bill", "currency"),
    BAND(customers, "cumulative_discounted_contribution", "[horizon,2]", "/bill", "currency"),
    METRICS(customers, "Named figures {}."),

    ARRAY(holding, "", DOUBLE, "[horizon]", "/bill", "1", REQUIRED,
          "Share of joined customers who hold {} at bill u."),
    ARRAY(bringing, "", DOUBLE, "[horizon]", "/bill", "currency", REQUIRED,
          "Recurring revenue that {} brings at bill u per joined customer, undiscounted and before "
          "price_off. A bill is split by list prices, in each draw by its own."),

    AMOUNT_GROUP(value, "", "Per joined customer: {}."),
    ATTRIBUTE(value, "", "n", INT64, "1", REQUIRED, "Simulated customers, all draws together."),
    ATTRIBUTE(value, "", "draws", INT64, "1", REQUIRED,
              "Joint samples of the uncertain inputs; 1 without any."),
    ATTRIBUTE(value, "", "mean", DOUBLE, "currency", REQUIRED, "Mean over customers."),
    ATTRIBUTE(value, "", "standard_error", DOUBLE, "currency", REQUIRED,
              "Monte Carlo standard error of the mean: the simulation's own noise."),
    ATTRIBUTE(value, "", "against", STRING, NULL, OPTIONAL,
              "Of a difference: the arm that is subtracted."),
    ATTRIBUTE(value, "", "mean_controlled", DOUBLE, "currency", OPTIONAL,
              "The mean by way of a control variate: the exact expectation of a life in which "
              "nothing happens but that the customer leaves, plus what the simulation finds beyond "
              "it. Of LTV; absent where that expectation is not known."),
    ATTRIBUTE(value, "", "standard_error_controlled", DOUBLE, "currency", OPTIONAL,
              "Monte Carlo standard error of mean_controlled."),
    ATTRIBUTE(value, "", "control_factor", DOUBLE, "1", OPTIONAL,
              "How many times smaller the variance of its noise is than that of mean; absent where "
              "it has none."),
    DRAWS_ATTRIBUTE(value, "", "u90_lower", DOUBLE, "currency",
                    "Parameter uncertainty of the mean: lower 90 % limit over draws, without the "
                    "simulation's noise."),
    DRAWS_ATTRIBUTE(value, "", "u90_upper", DOUBLE, "currency", "The upper one."),
    DRAWS_ATTRIBUTE(value, "", "predicted90_lower", DOUBLE, "currency",
                    "90 % of real cohorts of cohort_size customers have their mean above this and "
                    "below predicted90_upper: parameter uncertainty and chance between customers "
                    "together. Only of whole arms and pairs, where the cohort is known."),
    DRAWS_ATTRIBUTE(value, "", "predicted90_upper", DOUBLE, "currency", "The upper limit."),
    ATTRIBUTE(value, "", "NX_class", STRING, NULL, OPTIONAL,
              "NXdata: viewers plot by_period over bill."),
    ATTRIBUTE(value, "", "signal", STRING, NULL, OPTIONAL, "by_period."),
    LIST_ATTRIBUTE(value, "", "axes", OPTIONAL, "[bill]."),
    LINK(value, "bill", OPTIONAL, "The same dataset as /bill, for the plot."),
    ARRAY(value, "by_period", DOUBLE, "[horizon]", "/bill", "currency", OPTIONAL,
          "Mean cumulative amount after bills 0 to u: {}. Absent for a difference."),
    BAND(value, "by_period", "[horizon,2]", "/bill", "currency"),
    DRAWS_GROUP(value, "mean_over_draws",
                "The mean itself, over draws: {}. Parameter uncertainty."),
    DRAWS_TABLE(value, "mean_over_draws/quantiles",
                "Quantiles over draws of the mean, without the simulation's noise: {}."),
    DRAWS_COLUMN(value, "mean_over_draws/quantiles", "p", DOUBLE, "1", "Probability level."),
    DRAWS_COLUMN(value, "mean_over_draws/quantiles", "value", DOUBLE, "currency",
                 "In a share p of draws the mean lies at or below."),
    AMOUNT_GROUP(value, "one_customer",
                 "One customer picked at random: {}. Customer spread, which no data can reduce."),
    ATTRIBUTE(value, "one_customer", "sd", DOUBLE, "currency", REQUIRED,
              "Standard deviation over customers."),
    ATTRIBUTE(value, "one_customer", "min", DOUBLE, "currency", REQUIRED,
              "Smallest simulated customer."),
    ATTRIBUTE(value, "one_customer", "max", DOUBLE, "currency", REQUIRED,
              "Largest simulated customer."),
    TABLE(value, "one_customer/quantiles", REQUIRED, "Quantiles over customers: {}."),
    COLUMN(value, "one_customer/quantiles", "p", DOUBLE, "1", "Probability level."),
    COLUMN(value, "one_customer/quantiles", "value", DOUBLE, "currency",
           "A share p of customers lies at or below."),
    COLUMN(value, "one_customer/quantiles", "mc95_lower", DOUBLE, "currency",
           "Lower 95 % limit for Monte Carlo error, rounded outward; NaN where there is none: for "
           "few customers, and for segments and channels where inputs are uncertain."),
    COLUMN(value, "one_customer/quantiles", "mc95_upper", DOUBLE, "currency",
           "Upper 95 % limit for Monte Carlo error, rounded outward."),
    GROUP(value, "one_customer/histogram", REQUIRED, "Histogram over customers: {}."),
    ATTRIBUTE(value, "one_customer/histogram", "NX_class", STRING, NULL, REQUIRED,
              "NXdata: viewers plot counts over centers."),
    ATTRIBUTE(value, "one_customer/histogram", "signal", STRING, NULL, REQUIRED, "counts."),
    LIST_ATTRIBUTE(value, "one_customer/histogram", "axes", REQUIRED, "[centers]."),
    ARRAY(value, "one_customer/histogram/edges", DOUBLE, "[bins+1]", NULL, "currency", REQUIRED,
          "Bin i holds edges[i] <= x < edges[i+1], the last one its upper edge too."),
    ARRAY(value, "one_customer/histogram/centers", DOUBLE, "[bins]", NULL, "currency", REQUIRED,
          "Midpoints of the bins, for plots."),
    ARRAY(value, "one_customer/histogram/counts", INT64, "[bins]", NULL, "1", REQUIRED,
          "Customers in each bin."),
    TABLE(value, "variance", REQUIRED, "The three kinds of variation, never mixed: {}. One row."),
    COLUMN(value, "variance", "customer", DOUBLE, "currency^2",
           "Customer spread: variance from one customer to the next."),
    COLUMN(value, "variance", "parameter", DOUBLE, "currency^2",
           "Parameter uncertainty: variance of the true mean; NaN where no input is uncertain."),
    COLUMN(value, "variance", "monte_carlo", DOUBLE, "currency^2",
           "Monte Carlo error: variance of the estimated mean by the simulation's own noise."),
    COLUMN(value, "variance", "note", STRING, NULL, "Why a part does not apply; empty otherwise."),

    GROUP(contrast, "", REQUIRED, "Results {}."),
    ATTRIBUTE(contrast, "", "arm", STRING, NULL, REQUIRED, "The arm."),
    ATTRIBUTE(contrast, "", "against", STRING, NULL, REQUIRED, "The arm that is subtracted."),
    ATTRIBUTE(contrast, "", "advice", STRING, NULL, OPTIONAL,
              "Whom to aim the programme at, in a sentence; absent where there is no choice."),
    ATTRIBUTE(contrast, "", "NX_class", STRING, NULL, OPTIONAL,
              "NXdata: viewers plot cumulative_gain over bill."),
    ATTRIBUTE(contrast, "", "signal", STRING, NULL, OPTIONAL, "cumulative_gain."),
    LIST_ATTRIBUTE(contrast, "", "axes", OPTIONAL, "[bill]."),
    LINK(contrast, "bill", OPTIONAL, "The same dataset as /bill, for the plot."),
    METRICS(contrast, "Named figures {}."),
    ARRAY(contrast, "delta_retention", DOUBLE, "[horizon+1]", "/period", "1", OPTIONAL,
          "Share of joined customers who pay bill u, the one arm minus the other."),
    ARRAY(contrast, "cumulative_gain", DOUBLE, "[horizon]", "/bill", "currency", OPTIONAL,
          "Mean discounted gain of bills 0 to u per joined customer, fixed costs included: where "
          "it stays above 0 the programme has paid back."),
    BAND(contrast, "cumulative_gain", "[horizon,2]", "/bill", "currency"),
    TABLE(
        contrast, "who_gains", OPTIONAL,
        "What the contrast is worth in each segment and channel, per joined customer of that "
        "cell and without fixed costs, best first. One row of all without segments and channels."),
    COLUMN(contrast, "who_gains", "segment", STRING, NULL, "Segment they joined in."),
    COLUMN(contrast, "who_gains", "channel", STRING, NULL, "Channel they came through."),
    COLUMN(contrast, "who_gains", "share", DOUBLE, "1", "Share of all joining customers."),
    COLUMN(contrast, "who_gains", "n", INT64, "1", "Simulated customers."),
    COLUMN(contrast, "who_gains", "delta_ltv", DOUBLE, "currency", "Mean change of LTV."),
    COLUMN(contrast, "who_gains", "delta_ltv_mc_standard_error", DOUBLE, "currency",
           "Monte Carlo standard error of delta_ltv."),
    COLUMN(contrast, "who_gains", "programme_cost", DOUBLE, "currency",
           "Programme cost added, discounted; part of delta_ltv."),
    COLUMN(contrast, "who_gains", "roi", DOUBLE, "1",
           "delta_ltv over programme_cost; NaN without an added cost or where the arms differ in "
           "more than interventions."),
    COLUMN(contrast, "who_gains", "roi_mc_standard_error", DOUBLE, "1",
           "Monte Carlo standard error of roi; NaN where roi is."),
    TABLE(contrast, "drivers", OPTIONAL,
          "Where the change of LTV comes from: the Shapley value of each driver in which the arms "
          "differ. Their amounts sum exactly to the change of LTV of the first n customers; a last "
          "row, simulation_noise, leads from there to that of all customers. Absent where nothing "
          "differs that LTV depends on."),
    ATTRIBUTE(contrast, "drivers", "n", INT64, "1", REQUIRED,
              "Customers simulated for it, of which the drivers' amounts are means."),
    COLUMN(contrast, "drivers", "driver", STRING, NULL,
           "What differs between the arms: price, margin, churn and so on."),
    COLUMN(contrast, "drivers", "amount", DOUBLE, "currency", "What it adds to LTV."),
    COLUMN(contrast, "drivers", "amount_mc_standard_error", DOUBLE, "currency",
           "Monte Carlo standard error of amount, from the spread of the customers' own amounts; "
           "NaN where none is known."),
    COLUMN(contrast, "drivers", "running", DOUBLE, "currency",
           "Sum so far; the mean of delta_ltv in the last row."),
    COLUMN(contrast, "drivers", "note", STRING, NULL, "What else is in it; empty otherwise."),
    COLUMN(contrast, "drivers", "meaning", STRING, NULL, "The driver in one sentence."),

    DRAWS_TABLE(contrast, "roi_hurdles",
                "How likely the ROI is to clear a hurdle; absent where it does not apply in every "
                "draw."),
    DRAWS_COLUMN(contrast, "roi_hurdles", "hurdle", DOUBLE, "1", "ROI wanted."),
    DRAWS_COLUMN(contrast, "roi_hurdles", "probability", DOUBLE, "1",
                 "P(ROI >= hurdle) over draws; the simulation's noise is taken out."),
    DRAWS_COLUMN(contrast, "roi_hurdles", "mc_standard_error", DOUBLE, "1",
                 "Monte Carlo standard error of probability."),
    DRAWS_TABLE(contrast, "budgets",
                "The budget that covers the cash needed (cash_needed) with a given probability."),
    DRAWS_COLUMN(contrast, "budgets", "probability", DOUBLE, "1",
                 "Probability over draws that the cash needed is at most the budget."),
    DRAWS_COLUMN(contrast, "budgets", "budget", DOUBLE, "currency",
                 "Of the real cohort where its size is known, else per joined customer."),
    DRAWS_GROUP(contrast, "test_first",
                "Whether to test the arm against the baseline before choosing; there where the "
                "scenario has a test."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "why_not", STRING, NULL,
                    "Why no test pays; empty where one does."),
    DRAWS_ATTRIBUTE(
        contrast, "test_first", "per_group", DOUBLE, "1",
        "Customers in each of the two groups of the test that pays best; 0: none pays."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "net_benefit", DOUBLE, "currency",
                    "What that test brings less what it costs, of all customers to come."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "gain", DOUBLE, "currency",
                    "What it brings: evsi times customers."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "cost", DOUBLE, "currency",
                    "What it costs, the customers who get what seems worse included."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "evsi", DOUBLE, "currency",
                    "Expected value of its sample information, per customer decided for."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "evsi_mc_standard_error", DOUBLE, "currency",
                    "Monte Carlo standard error of evsi."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "sd_without", DOUBLE, "currency",
                    "Standard deviation of LTV from customer to customer in the baseline."),
    DRAWS_ATTRIBUTE(contrast, "test_first", "sd_with", DOUBLE, "currency", "In the arm."),
    DRAWS_TABLE(contrast, "test_first/sizes",
                "Tests of other sizes, up to the largest whose result comes in time for anybody."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "per_group", DOUBLE, "1",
                 "Customers in each of the two groups."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "evsi", DOUBLE, "currency",
                 "Expected value of sample information, per customer decided for, with the draws "
                 "as the prior."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "evsi_normal", DOUBLE, "currency",
                 "The same for a normal prior of their mean and variance."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "customers", DOUBLE, "1",
                 "Customers decided for: those who join after the decision, discounted."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "gain", DOUBLE, "currency", "evsi times customers."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "cost", DOUBLE, "currency", "What the test costs."),
    DRAWS_COLUMN(contrast, "test_first/sizes", "net_benefit", DOUBLE, "currency",
                 "gain less cost."),
};

const size_t ltv_results_n_items = N_OF(ltv_results_items);

/* ---- lookup ---- */

/* Whether `path` is `pattern` followed by `below`, what is in angle brackets standing for any
 * name; names hold neither '/' nor '|'. */
static bool path_matches(const char *path, const char *pattern, const char *below)
{
    while (*pattern != '\0') {
        if (*pattern == '<') {
            size_t length = strcspn(path, "/|");
            if (length == 0)
                return false;
            path += length;
            pattern = strchr(pattern, '>') + 1;
        } else if (*path++ != *pattern++) {
            return false;
        }
    }
    if (*below != '\0' && *below != '/' && *path++ != '/')
        return false;
    return strcmp(path, below) == 0;
}

const ltv_results_item *ltv_results_find(const char *path, const ltv_results_pattern **pattern)
{
    for (size_t i = 0; i < ltv_results_n_items; i++) {
        const ltv_results_item *item = &ltv_results_items[i];
        if (item->name != NULL)
            continue;
        for (size_t p = 0; p < item->place->n_patterns; p++) {
            if (!path_matches(path, item->place->patterns[p].pattern, item->path))
                continue;
            if (pattern != NULL)
                *pattern = &item->place->patterns[p];
            return item;
        }
    }
    return NULL;
}

const ltv_results_item *ltv_results_find_part(const ltv_results_item *item, ltv_item_kind kind,
                                              const char *name)
{
    for (size_t i = 0; i < ltv_results_n_items; i++) {
        const ltv_results_item *part = &ltv_results_items[i];
        bool belongs = part->place == &any ||
                       (part->place == item->place && strcmp(part->path, item->path) == 0);
        if (part->kind == kind && belongs && strcmp(part->name, name) == 0)
            return part;
    }
    return NULL;
}

bool ltv_results_is_scale(const char *path)
{
    for (size_t i = 0; i < ltv_results_n_items; i++)
        if (ltv_results_items[i].scale != NULL && strcmp(ltv_results_items[i].scale, path) == 0)
            return true;
    return false;
}

/* ---- texts ---- */

static size_t append(char *text, size_t size, size_t length, const char *piece, size_t n)
{
    for (size_t i = 0; i < n && length + 1 < size; i++)
        text[length++] = piece[i];
    text[length] = '\0';
    return length;
}

const char *ltv_results_unit_text(char units[LTV_UNITS_SIZE], const char *unit,
                                  const char *currency, const char *time_unit)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    size_t length = 0;
    units[0] = '\0';
    while (*unit != '\0') {
        size_t word = strspn(unit, letters);
        const char *piece = unit;
        size_t n = word > 0 ? word : 1;
        unit += n;
        if (word == strlen("currency") && strncmp(piece, "currency", word) == 0) {
            piece = currency;
            n = strlen(currency);
        } else if (word == strlen("period") && strncmp(piece, "period", word) == 0) {
            piece = time_unit;
            n = strlen(time_unit);
        }
        length = append(units, LTV_UNITS_SIZE, length, piece, n);
    }
    return units;
}

const char *ltv_results_units(char units[LTV_UNITS_SIZE], const ltv_results_item *item,
                              const char *currency, const char *time_unit)
{
    return ltv_results_unit_text(units, item->units == NULL ? "" : item->units, currency,
                                 time_unit);
}

const char *ltv_results_description(char text[LTV_DESCRIPTION_SIZE], const ltv_results_item *item,
                                    const ltv_results_pattern *pattern)
{
    const char *rest = item->description;
    const char *gap = strstr(rest, "{}");
    size_t length = 0;
    text[0] = '\0';
    if (gap != NULL) {
        length = append(text, LTV_DESCRIPTION_SIZE, length, rest, (size_t)(gap - rest));
        length =
            append(text, LTV_DESCRIPTION_SIZE, length, pattern->subject, strlen(pattern->subject));
        rest = gap + 2;
    }
    append(text, LTV_DESCRIPTION_SIZE, length, rest, strlen(rest));
    return text;
}

/* ---- docs/results.md ---- */

static const char *const kind_words[] = {
    [LTV_ITEM_GROUP] = "group",   [LTV_ITEM_ARRAY] = "array", [LTV_ITEM_TABLE] = "table",
    [LTV_ITEM_TEXT] = "text",     [LTV_ITEM_LINK] = "link",   [LTV_ITEM_ATTRIBUTE] = "attribute",
    [LTV_ITEM_COLUMN] = "column",
};

static const char *const type_words[] = {
    [LTV_TYPE_INT64] = "int64", [LTV_TYPE_DOUBLE] = "float64", [LTV_TYPE_STRING] = "string"};

static bool has_type(ltv_item_kind kind)
{
    return kind == LTV_ITEM_ARRAY || kind == LTV_ITEM_ATTRIBUTE || kind == LTV_ITEM_COLUMN;
}

/* "metrics" below <customers>, "metrics: value" its column, "metrics@…" an attribute. */
static void print_item(FILE *out, const ltv_results_item *item)
{
    const char *mark = item->kind == LTV_ITEM_COLUMN ? ":" : "@";
    fprintf(out, "| `%s%s%s` | %s", item->path[0] == '\0' && item->name == NULL ? "." : item->path,
            item->name == NULL ? "" : mark, item->name == NULL ? "" : item->name,
            kind_words[item->kind]);
    if (has_type(item->kind))
        fprintf(out, ", %s%s", type_words[item->type], item->is_list ? " list" : "");
    if (item->shape != NULL)
        fprintf(out, " %s", item->shape);
    fprintf(out, " | %s | %s | 1.%d | ", item->units == NULL ? "" : item->units,
            item->required ? "yes" : "", item->since_minor);
    for (const char *c = item->description; *c != '\0'; c++) {
        if (strncmp(c, "{}", 2) == 0) {
            fputs("…", out);
            c++;
        } else {
            fputc(*c, out);
        }
    }
    fputs(" |\n", out);
}

/* Where the place occurs, and what "…" stands for there. */
static void print_patterns(FILE *out, const ltv_results_place *place)
{
    for (size_t p = 0; p < place->n_patterns; p++) {
        const ltv_results_pattern *pattern = &place->patterns[p];
        if (pattern->pattern[0] != '\0')
            fprintf(out, "%s- `%s` (… is \"%s\")\n", p == 0 ? "\n" : "", pattern->pattern,
                    pattern->subject);
    }
}

static void print_place(FILE *out, const ltv_results_place *place)
{
    fprintf(out, "\n## %s\n\n%s\n", place->name[0] == '\0' ? "root" : place->name, place->meaning);
    print_patterns(out, place);
    fputs("\n| path | what | units | always there | since | meaning |\n|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < ltv_results_n_items; i++)
        if (ltv_results_items[i].place == place)
            print_item(out, &ltv_results_items[i]);
}

static const char page_head[] =
    "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
    "<!-- Made by ltv_results_page from sim/io/results/results_schema.c: change that. -->\n"
    "# The results file\n"
    "\n"
    "`ltvsim run` writes one HDF5 file: the estimates, the scenario that led to them, and how "
    "they\n"
    "were made. This page lists everything that a file of format %d.%d may hold. A reader should\n"
    "accept any file whose `format` is `" LTV_RESULTS_FORMAT "` and whose major version it knows,\n"
    "and pass over what it does not know.\n"
    "\n"
    "- Amounts are in major units of the scenario's currency, per joined customer unless said\n"
    "  otherwise. In the column *units*, `currency` and `period` stand for the scenario's own: "
    "the\n"
    "  file says `JPY` and `month`.\n"
    "- The three kinds of ± are kept apart: customer spread (`one_customer`, `variance: "
    "customer`),\n"
    "  Monte Carlo error (`standard_error`, `mc_…`, `mc95_…`), and parameter uncertainty "
    "(`u90_…`,\n"
    "  `mean_over_draws`, `variance: parameter`), which is absent where no input is uncertain.\n"
    "- What does not apply is NaN, with the reason in a `note`.\n"
    "- `@name` is an attribute, `:name` a column of a table (a one-dimensional dataset of a "
    "compound\n"
    "  type). Texts are UTF-8. An empty path, or `.`, is the place itself.\n"
    "- Curves over tenure carry `/period` or `/bill` as their HDF5 dimension scale. Groups with "
    "an\n"
    "  obvious plot follow NeXus (NXdata), so that H5Web, silx and JupyterLab draw it.\n"
    "- After the HDF5 data stands a line with a checksum, which other programs pass over and "
    "which\n"
    "  ltvsim checks before reading: a file that is damaged anywhere is refused. A program that\n"
    "  changes the file through HDF5 removes the line; it is read without that check then.\n"
    "- Equal scenarios give equal datasets, bit by bit, outside `/provenance` (see `repro_scope`\n"
    "  there).\n"
    "\n"
    "`ltvsim run --json` prints the same tree under the same names: groups are objects, "
    "attributes\n"
    "and children their members. A table is a list of rows, `metrics` an object by name. NaN is "
    "null.\n"
    "Attributes of datasets and those for viewers are left out. `ltvsim export --csv` writes one "
    "file\n"
    "per table and array.\n";

void ltv_results_print_page(FILE *out)
{
    static const ltv_results_place *const places[] = {&any,     &root,       &arm,   &customers,
                                                      &holding, &bringing,   &value, &contrast,
                                                      &draws,   &sensitivity};
    fprintf(out, page_head, LTV_RESULTS_MAJOR, LTV_RESULTS_MINOR);
    for (size_t i = 0; i < N_OF(places); i++)
        print_place(out, places[i]);
}
