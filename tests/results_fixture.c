/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results_fixture.h"

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/io/results/results_build.h"

static double edges[] = {-100.0, 0.0, 40000.0};
static int64_t counts[] = {1, 9};
static double by_period[] = {800.0, 1576.0, 2328.72};
static double retention[] = {1.0, 0.97, 0.9409, 0.912673};
static double revenue[] = {1000.0, 970.0, 940.9};
static double contribution[] = {800.0, 776.0, 752.72};
static double cumulative[] = {800.0, 1576.0, 2328.72};
static double programme_cost[] = {35.5, 0.0, 1.25};
static double basic[] = {0.75, 0.5, 0.25}, annual[] = {0.25, 0.375, 0.4375};
static double analytics[] = {0.0, 0.125, 0.0625};
static double of_basic[] = {0.75, 0.5, 0.25}, of_annual[] = {0.25, 0.375, 0.5};
static double of_analytics[] = {0.0, 0.125, 0.25};
static double delta_retention[] = {0.0, 0.015625, 0.03125, 0.0};
static double cumulative_gain[] = {-42.5, -10.0, 338.5};

static ltv_metric metrics[] = {
    {"ltv_cac", 5.3333333333333330, 0.01, NAN, NAN, "ratio", "Mean LTV over mean CAC.", "", 1},
    {"arpu", 1000.0, NAN, NAN, NAN, "currency", "Mean revenue of bill 0.", "", 1},
    {"revenue_rate", 970.5, NAN, NAN, NAN, "currency/period", "Mean revenue a period.", "", 1},
    {"payback_survival", NAN, NAN, NAN, NAN, "period", "Bills until CAC is covered.",
     "not within the horizon", 1},
    {"retention_at_horizon", 0.912673, 0.003, NAN, NAN, "share", "Share active at the horizon.", "",
     1},
};

static ltv_metric contrast_metrics[] = {
    {"delta_ltv_cac", 0.25, NAN, NAN, NAN, "ratio", "Change of LTV over CAC.", "", 1},
    {"roi", 1.5, 0.125, NAN, NAN, "ratio", "Net gain over the added programme cost.", "", 1},
    {"p_roi_above_0", NAN, NAN, NAN, NAN, "probability", "Share of draws in which ROI is above 0.",
     "not applicable: no input is uncertain", 1},
    {"break_even_案内, now", 0.93, 0.01, NAN, NAN, "ratio", "Multiplier at which ROI is 0.",
     "pays if it cuts churn by 7.0 % or more; assumed 21.0 %", 1},
};

static ltv_holding plans[] = {{FIXTURE_PLAN, annual, of_annual}, {"basic", basic, of_basic}};
static ltv_holding add_ons[] = {{"analytics", analytics, of_analytics}};

static ltv_gain gains[] = {
    {FIXTURE_SEGMENT, "all@once", 0.25, 4, 400.5, 20.25, 160.0, 2.5, 0.5},
    {"say \"hi\", twice", "all@once", 0.75, 6, -12.5, 3.0, 0.0, NAN, NAN},
};

static ltv_bridge_step bridge[] = {
    {"spreadsheet", "ARPU x margin / churn.", 26666.67, 26666.67},
    {"horizon", "Bills after the horizon do not count.", -24337.95, 2328.72},
};

#define QUANTILE(level, v)                                                                         \
    {                                                                                              \
        level, v, (v)-1.0, (v) + 1.5                                                               \
    }

#define VALUE(mean_, curve)                                                                        \
    {                                                                                              \
        .n = 10, .draws = 1, .mean = mean_, .standard_error = 0.1 * (mean_), .sd = 0.5 * (mean_),  \
        .customer_variance = 0.5 * (mean_)*0.5 * (mean_), .parameter_variance = NAN,               \
        .min = -100.0, .max = 40000.0,                                                             \
        .quantiles = {QUANTILE(0.01, 10.0),  QUANTILE(0.05, 50.0),  QUANTILE(0.1, 100.0),          \
                      QUANTILE(0.25, 250.0), QUANTILE(0.5, 500.0),  QUANTILE(0.75, 750.0),         \
                      QUANTILE(0.9, 900.0),  QUANTILE(0.95, 950.0), QUANTILE(0.99, 990.0)},        \
        .histogram = {FIXTURE_BINS, edges, counts}, .by_period = curve                             \
    }

#define CUSTOMERS(name_, share_, mean_)                                                            \
    {                                                                                              \
        .name = name_, .share = share_, .ltv = VALUE(mean_, by_period),                            \
        .net_ltv = VALUE((mean_)-5000.0, by_period), .retention = retention,                       \
        .recurring_revenue = revenue, .revenue = revenue, .contribution = contribution,            \
        .cumulative_contribution = cumulative, .cumulative_discounted_contribution = cumulative,   \
        .programme_cost = programme_cost, .n_metrics = sizeof metrics / sizeof metrics[0],         \
        .metrics = metrics                                                                         \
    }

static ltv_group_estimate segments[] = {
    CUSTOMERS(FIXTURE_SEGMENT, 0.25, 30000.0),
    CUSTOMERS("say \"hi\", twice", 0.75, 25000.0),
};

static ltv_group_estimate channels[] = {CUSTOMERS("all@once", 1.0, 26661.5)};

#define ARM(name_, mean_)                                                                          \
    {                                                                                              \
        .all = CUSTOMERS(name_, 1.0, mean_), .n_segments = 2, .n_channels = 1,                     \
        .segments = segments, .channels = channels, .n_plans = 2, .plans = plans, .n_add_ons = 1,  \
        .add_ons = add_ons, .n_bridge = 2, .bridge = bridge                                        \
    }

static ltv_arm_estimate arms[] = {ARM(FIXTURE_BASELINE, 26661.5), ARM(FIXTURE_OTHER_ARM, 27000.0)};

static ltv_driver_step drivers[] = {
    {"churn", "how long customers stay", "", 400.25, 12.5, 400.25},
    {"programme_cost", "what programmes cost", "with \"price_off\", given", -70.5, 1.5, 329.75},
    {"simulation_noise", "the others", "", 8.75, NAN, 338.5},
};

static ltv_contrast_estimate contrasts[] = {
    {.arm = FIXTURE_OTHER_ARM,
     .against = FIXTURE_BASELINE,
     .delta_ltv = VALUE(338.5, NULL),
     .n_metrics = sizeof contrast_metrics / sizeof contrast_metrics[0],
     .metrics = contrast_metrics,
     .delta_retention = delta_retention,
     .cumulative_gain = cumulative_gain,
     .n_gains = sizeof gains / sizeof gains[0],
     .who_gains = gains,
     .n_drivers = sizeof drivers / sizeof drivers[0],
     .drivers = drivers,
     .drivers_customers = 8,
     .advice = FIXTURE_ADVICE},
    {.arm = FIXTURE_BASELINE,
     .against = FIXTURE_OTHER_ARM,
     .delta_ltv = VALUE(-338.5, NULL),
     .n_metrics = 1,
     .metrics = contrast_metrics},
};

const ltv_estimate *fixture_estimate(void)
{
    static const ltv_estimate estimate = {.horizon = FIXTURE_HORIZON,
                                          .customers = 10,
                                          .mc_t95 = 1.96,
                                          .n_arms = 2,
                                          .arms = arms,
                                          .n_contrasts = 2,
                                          .contrasts = contrasts};
    return &estimate;
}

const ltv_scenario_file *fixture_scenario(void)
{
    static char title[] = "音楽 \"streaming\"";
    static char source[] = "ltvsim: 1\ncurrency: JPY\n";
    static char effective[] = "ltvsim: 1\ncurrency: JPY\ntime: {horizon: 3}\n";
    static char horizon[] = "time.horizon: 3", seed[] = "experiment.seed: 1";
    static char overrides[] = "time.horizon: 2\ntime.horizon: 3";
    static char *assumed[] = {horizon, seed};
    static char flatters[] = "interventions.案内: flatters itself";
    static char *warnings[] = {flatters};
    static const ltv_scenario_file file = {.scenario = {.title = title,
                                                        .currency = "JPY",
                                                        .currency_decimals = 0,
                                                        .time_unit = LTV_UNIT_MONTH,
                                                        .horizon = FIXTURE_HORIZON,
                                                        .payment = LTV_PAY_ADVANCE,
                                                        .discount_rate_per_year = 0.1,
                                                        .seed = LTV_MAX_SEED,
                                                        .customers = 10,
                                                        .n_arms = 2},
                                           .source = source,
                                           .effective = effective,
                                           .n_assumed = 2,
                                           .assumed = assumed,
                                           .n_warnings = 1,
                                           .warnings = warnings,
                                           .overrides = overrides};
    return &file;
}

const ltv_provenance *fixture_provenance(void)
{
    static const ltv_provenance provenance = {.version = "0.1.0",
                                              .revision = "unknown",
                                              .compiler = "GNU 12.2.0",
                                              .flags = "Debug",
                                              .simd = "SSE2",
                                              .gsl = "2.7.1",
                                              .hdf5 = "1.10.8",
                                              .repro_scope = "all of it",
                                              .command = "ltvsim run 音楽.yaml",
                                              .started = "2027-04-01T09:30:00Z",
                                              .wall_seconds = 0.25,
                                              .threads = 2,
                                              .ranks = 1};
    return &provenance;
}

ltv_document fixture_document(void)
{
    ltv_document doc;
    ltv_error err = {0};
    ltv_status status =
        ltv_results_build(&doc, fixture_estimate(), fixture_scenario(), fixture_provenance(), &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, LTV_OK);
    return doc;
}

char *fixture_read_file(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *n = (size_t)ftell(file);
    rewind(file);
    char *bytes = calloc(*n + 1, 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *n, file), *n);
    fclose(file);
    return bytes;
}

char *fixture_make_folder(void)
{
    char *folder = strdup("/tmp/ltvsim-test-XXXXXX");
    assert_non_null(folder);
    assert_non_null(mkdtemp(folder));
    return folder;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

void fixture_remove_folder(char *folder)
{
    assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(folder);
}

char *fixture_path(const char *folder, const char *name)
{
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    return path;
}

void fixture_assert_holds(const char *path, const char *text)
{
    size_t n = 0;
    char *bytes = fixture_read_file(path, &n);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(bytes, text, n);
    free(bytes);
}

size_t fixture_count_entries(const char *folder)
{
    size_t n = 0;
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    while (readdir(listing) != NULL)
        n++;
    closedir(listing);
    return n - 2; /* . and .. */
}

void fixture_assert_child_succeeds(int (*body)(const char *folder), const char *folder)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(body(folder));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}
