/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/summary.h"
#include "sim/cli/text.h"
#include "sim/io/results/document.h"

/* A results document made by hand: a horizon of two years and figures that are easy to check. */

enum { HORIZON = 24 };

static const char *path_of(const char *group, const char *rest)
{
    static char path[256];
    snprintf(path, sizeof path, "%s%s", group, rest);
    return path;
}

typedef struct {
    double ltv, cac; /* cac 0: none */
    double stays;    /* share that pays the next bill */
} customers;

/* Figures that only some scenarios have. */
typedef struct {
    double kept, orders, programme_cost, fixed_cost;
} extras;

static const extras no_extras = {NAN, NAN, 0, 0};

static void add_curves(ltv_document *doc, const char *group, const customers *who)
{
    double retention[HORIZON + 1], by_period[HORIZON];
    for (int u = 0; u <= HORIZON; u++)
        retention[u] = pow(who->stays, u);
    for (int u = 0; u < HORIZON; u++)
        by_period[u] = who->ltv * (1 - pow(who->stays, u + 1)) / (1 - pow(who->stays, HORIZON));
    ltv_document_array(doc, path_of(group, "/retention"), 1, (size_t[]){HORIZON + 1}, retention);
    ltv_document_array(doc, path_of(group, "/ltv/by_period"), 1, (size_t[]){HORIZON}, by_period);
}

static void add_distribution(ltv_document *doc, const char *group, double ltv)
{
    enum { BINS = 20 };
    static const double p[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
    double value[9], edges[BINS + 1];
    int64_t counts[BINS];
    for (int i = 0; i < 9; i++)
        value[i] = -ltv * log(1 - p[i]);
    for (int i = 0; i <= BINS; i++)
        edges[i] = 0.25 * ltv * i;
    for (int i = 0; i < BINS; i++)
        counts[i] = (int64_t)(10000 * exp(-0.25 * i) * (1 - exp(-0.25)));
    ltv_node *table = ltv_document_table(doc, path_of(group, "/ltv/one_customer/quantiles"), 9);
    ltv_node_column_real(doc, table, "p", p);
    ltv_node_column_real(doc, table, "value", value);
    ltv_document_array(doc, path_of(group, "/ltv/one_customer/histogram/edges"), 1,
                       (size_t[]){BINS + 1}, edges);
    ltv_document_array_int64(doc, path_of(group, "/ltv/one_customer/histogram/counts"), 1,
                             (size_t[]){BINS}, counts);
}

static void add_metrics(ltv_document *doc, const char *group, const customers *who,
                        const extras *more)
{
    static const char *const names[] = {"cac",
                                        "ltv_cac",
                                        "payback_simple",
                                        "payback_survival",
                                        "share_customers_above_cac",
                                        "expected_lifetime",
                                        "retention_at_horizon",
                                        "value_beyond_horizon",
                                        "expected_ltv",
                                        "nrr_1y",
                                        "orders_per_customer",
                                        "programme_cost",
                                        "programme_fixed_cost"};
    enum { ROWS = sizeof names / sizeof *names };
    bool has_cac = who->cac > 0;
    const char *none = has_cac ? "" : "not applicable: CAC is 0";
    ltv_node *table = ltv_document_table(doc, path_of(group, "/metrics"), ROWS);
    ltv_node_column_string(doc, table, "name", names);
    ltv_node_column_real(doc, table, "value",
                         (double[ROWS]){who->cac, has_cac ? who->ltv / who->cac : NAN,
                                        has_cac ? 7 : 0, has_cac ? NAN : 0, has_cac ? 0.7512 : NAN,
                                        (1 - pow(who->stays, HORIZON)) / (1 - who->stays),
                                        pow(who->stays, HORIZON), 1234, who->ltv * 1.001,
                                        more->kept, more->orders, more->programme_cost,
                                        more->fixed_cost});
    ltv_node_column_string(doc, table, "note",
                           (const char *const[]){"", none, "",
                                                 has_cac ? "not within the horizon" : "", none, "",
                                                 "", "", "", "", "", "", ""});
}

static void add_group_with(ltv_document *doc, const char *group, customers who, extras more)
{
    ltv_node *node = ltv_document_group(doc, group);
    ltv_node_set_real(doc, node, "share", 0.5);
    node = ltv_document_group(doc, path_of(group, "/ltv"));
    ltv_node_set_real(doc, node, "mean", who.ltv);
    ltv_node_set_real(doc, node, "standard_error", who.ltv * 0.002);
    node = ltv_document_group(doc, path_of(group, "/ltv/one_customer"));
    ltv_node_set_real(doc, node, "sd", who.ltv);
    add_distribution(doc, group, who.ltv);
    add_metrics(doc, group, &who, &more);
    add_curves(doc, group, &who);
}

static void add_group(ltv_document *doc, const char *group, customers who)
{
    add_group_with(doc, group, who, no_extras);
}

static void add_bridge(ltv_document *doc, const char *path, double ltv, bool discounted)
{
    ltv_node *table = ltv_document_table(doc, path, discounted ? 3 : 2);
    ltv_node_column_string(
        doc, table, "reason",
        discounted ? (const char *const[]){"spreadsheet", "discounting", "simulation_noise"}
                   : (const char *const[]){"spreadsheet", "simulation_noise"});
    ltv_node_column_string(
        doc, table, "meaning",
        discounted
            ? (const char *const[]){"ARPU x gross margin / churn of the first period",
                                    "later bills are worth less today", "chance"}
            : (const char *const[]){"ARPU x gross margin / churn of the first period", "chance"});
    ltv_node_column_real(doc, table, "amount",
                         discounted ? (double[]){ltv * 1.2, ltv * -0.199, -ltv * 0.001}
                                    : (double[]){ltv * 1.001, -ltv * 0.001});
}

static void add_root(ltv_document *doc, const char *title, const char *currency, int64_t decimals)
{
    ltv_node *root = ltv_document_group(doc, "/");
    ltv_node_set_string(doc, root, "title", title);
    ltv_node_set_string(doc, root, "currency", currency);
    ltv_node_set_int64(doc, root, "currency_decimals", decimals);
    ltv_node_set_string(doc, root, "time_unit", "month");
    ltv_node_set_int64(doc, root, "horizon", HORIZON);
    ltv_node_set_string(doc, root, "payment", "advance");
    ltv_node_set_real(doc, root, "discount_rate_per_year", 0);
    ltv_node_set_int64(doc, root, "customers", 100000);
    ltv_node_set_int64(doc, root, "cohort_size", 0);
    ltv_node_set_int64(doc, root, "uncertain_inputs", 0);
    ltv_node_set_string(doc, root, "baseline", "baseline");
}

static ltv_node *root_of(ltv_document *doc)
{
    return (ltv_node *)ltv_document_find(doc, "/");
}

static void make_short(ltv_document *doc)
{
    add_root(doc, "Music streaming", "JPY", 0);
    add_group(doc, "/arms/baseline", (customers){26666.67, 5000, 0.97});
    add_bridge(doc, "/arms/baseline/bridge", 26666.67, true);
    ltv_document_text(doc, "/scenario/assumed", "time.horizon: 120\nexperiment.seed: 1\n");
}

static void make_rich(ltv_document *doc)
{
    static const char overrides[] = "retention.geometric.churn: 2%\nexperiment.seed: 7\n";
    static const char assumed[] = "title: plan\ntime.unit: month\nacquisition: none\n"
                                  "retention.table.after: hold\ngross_margin: 100%\n"
                                  "time.payment: advance\nservice_cost: 0\n"
                                  "experiment.seed: 1\nexperiment.customers: 100000\n"
                                  "time.horizon: 120\n";

    add_root(doc, "B2B サービス", "USD", 2);
    ltv_node_set_real(doc, root_of(doc), "discount_rate_per_year", 0.1);
    ltv_node_set_string(doc, root_of(doc), "payment", "arrears");
    ltv_node_set_int64(doc, root_of(doc), "cohort_size", 3000);
    add_group(doc, "/arms/baseline", (customers){812.5, 300, 0.95});
    add_group(doc, "/arms/baseline/segments/推奨者", (customers){1500, 300, 0.98});
    add_group(doc, "/arms/baseline/segments/low \"touch\"", (customers){125, 300, 0.9});
    add_group(doc, "/arms/baseline/channels/organic", (customers){812.5, 0, 0.95});
    add_group(doc, "/arms/baseline/channels/paid", (customers){812.5, 600, 0.95});
    add_bridge(doc, "/arms/baseline/bridge", 812.5, true);
    ltv_document_text(doc, "/scenario/overrides", overrides);
    ltv_document_text(doc, "/scenario/assumed", assumed);
}

static void make_arms(ltv_document *doc)
{
    add_root(doc, "どちらに投資するか", "JPY", 0);
    add_group(doc, "/arms/B", (customers){20000, 3000, 0.98});
    add_group(doc, "/arms/baseline", (customers){14000, 8000, 0.95});
    add_group(doc, "/arms/free", (customers){9000, 0, 0.95});
    add_bridge(doc, "/arms/baseline/bridge", 14000, false);
    add_bridge(doc, "/arms/B/bridge", 20000, true);
    ltv_node *delta = ltv_document_group(doc, "/compare/B/delta_ltv");
    ltv_node_set_real(doc, delta, "mean", 6000);
    ltv_node_set_real(doc, delta, "standard_error", 20);
    delta = ltv_document_group(doc, "/compare/free/delta_ltv");
    ltv_node_set_real(doc, delta, "mean", -5000);
    ltv_node_set_real(doc, delta, "standard_error", 3000);
    static const char *const arms[] = {"B", "baseline", "free"};
    for (int i = 0; i < 3; i++) {
        char group[64];
        snprintf(group, sizeof group, "/arms/%s/channels/paid", arms[i]);
        add_group(doc, group, (customers){14000 + 1000 * i, 4000, 0.95});
        snprintf(group, sizeof group, "/arms/%s/channels/organic", arms[i]);
        add_group(doc, group, (customers){14000 + 1000 * i, 0, 0.95});
    }
}

/* A contrast as programmes have it; NaN where a figure does not apply. */
typedef struct {
    double gain, error; /* net gain per customer */
    double roi, payback, cash;
} contrast;

static void add_contrast(ltv_document *doc, const char *name, const char *arm, const char *against,
                         contrast what, const char *break_even)
{
    static const char *const names[] = {"net_gain",   "net_gain_total", "roi",
                                        "payback",    "cash_needed",    "fixed_cost",
                                        "deadweight", "break_even_x"};
    enum { ROWS = sizeof names / sizeof *names };
    double cohort = (double)ltv_document_int64(doc, "/@cohort_size", 0);
    char group[128];
    snprintf(group, sizeof group, "/compare/%s", name);
    ltv_node *node = ltv_document_group(doc, group);
    ltv_node_set_string(doc, node, "arm", arm);
    ltv_node_set_string(doc, node, "against", against);
    node = ltv_document_group(doc, path_of(group, "/delta_ltv"));
    ltv_node_set_real(doc, node, "mean", what.gain + 5);
    ltv_node_set_real(doc, node, "standard_error", what.error);
    ltv_node *table = ltv_document_table(doc, path_of(group, "/metrics"), ROWS);
    ltv_node_column_string(doc, table, "name", names);
    bool sized = cohort > 0;
    ltv_node_column_real(doc, table, "value",
                         (double[ROWS]){what.gain, sized ? what.gain * cohort : NAN, what.roi,
                                        what.payback, what.cash, 5, sized ? 0.624 : 0, NAN});
    ltv_node_column_real(doc, table, "mc_standard_error",
                         (double[ROWS]){what.error, sized ? what.error * cohort : NAN, NAN, NAN,
                                        NAN, NAN, NAN, NAN});
    ltv_node_column_string(doc, table, "note",
                           (const char *const[ROWS]){"", "", "", "", "", "", "", break_even});
}

static void add_who_gains(ltv_document *doc, const char *group, double worst)
{
    ltv_node *table = ltv_document_table(doc, path_of(group, "/who_gains"), 4);
    ltv_node_column_string(doc, table, "segment",
                           (const char *const[]){"mid", "mid", "low", "high"});
    ltv_node_column_string(doc, table, "channel",
                           (const char *const[]){"paid", "organic", "organic", "paid"});
    ltv_node_column_real(doc, table, "delta_ltv", (double[]){60, 30, worst * 20, 0});
    ltv_node_column_real(doc, table, "delta_ltv_mc_standard_error", (double[]){1, 1, 1, 0});
    ltv_node_column_real(doc, table, "roi", (double[]){1.9, 0.5, worst, NAN});
    ltv_node_column_real(doc, table, "roi_mc_standard_error", (double[]){0.1, 0.1, 0.1, NAN});
}

/* Churn by half of the change, cost by a tenth, chance by a hundredth; what is left by `other`. */
static void add_drivers(ltv_document *doc, const char *group, const char *other, double change)
{
    ltv_node *table = ltv_document_table(doc, path_of(group, "/drivers"), 4);
    ltv_node_column_string(
        doc, table, "driver",
        (const char *const[]){"churn", other, "programme_cost", "simulation_noise"});
    ltv_node_column_real(doc, table, "amount",
                         (double[]){0.5 * change, 0.59 * change, -0.1 * change, 0.01 * change});
}

static void add_holding(ltv_document *doc, const char *path, double first, double last)
{
    double share[HORIZON];
    for (int u = 0; u < HORIZON; u++)
        share[u] = first + (last - first) * u / (HORIZON - 1);
    ltv_document_array(doc, path, 1, (size_t[]){HORIZON}, share);
}

/* A contrast with break-even sentences of an arm of that many programmes, 1 or 2. */
static void add_break_evens(ltv_document *doc, size_t programmes)
{
    add_root(doc, "Two programmes", "USD", 2);
    ltv_node_set_string(doc, root_of(doc), "baseline", "today");
    add_group(doc, "/arms/today", (customers){800, 300, 0.95});
    add_group(doc, "/arms/both", (customers){812.5, 300, 0.95});
    ltv_node *figures = ltv_document_table(doc, "/arms/both/metrics", programmes);
    ltv_node_column_string(doc, figures, "name",
                           (const char *const[]){"contacts_dunning", "contacts_onboarding"});
    ltv_node *table = ltv_document_table(doc, "/compare/both/metrics", 4);
    ltv_node_column_string(doc, table, "name",
                           (const char *const[]){"roi", "break_even_onboarding",
                                                 "break_even_dunning", "break_even_gift"});
    ltv_node_column_real(doc, table, "value", (double[]){0.7, 0.93, NAN, NAN});
    ltv_node_column_string(
        doc, table, "note",
        (const char *const[]){"", "pays if it cuts churn by 7.0 % or more; assumed 21.0 %",
                              "pays however often it succeeds",
                              "not applicable: it changes nothing that could be scaled"});
}

static void make_programmes(ltv_document *doc)
{
    static const char *const arms[] = {"today", "onboarding", "everything", "price_up"};
    static const char *const parts[] = {"segments/mid", "segments/low", "channels/paid",
                                        "channels/organic"};
    add_root(doc, "B2B SaaS, onboarding programme", "USD", 2);
    ltv_node_set_real(doc, root_of(doc), "discount_rate_per_year", 0.1);
    ltv_node_set_int64(doc, root_of(doc), "cohort_size", 3000);
    ltv_node_set_string(doc, root_of(doc), "baseline", "today");
    for (int i = 0; i < 4; i++) {
        char group[128];
        snprintf(group, sizeof group, "/arms/%s", arms[i]);
        add_group(doc, group, (customers){2100 + 33 * i, 535, 0.97});
        for (int j = 0; j < 4; j++) {
            snprintf(group, sizeof group, "/arms/%s/%s", arms[i], parts[j]);
            add_group(doc, group, (customers){2100 + 33 * i, 535, 0.97});
        }
    }
    add_contrast(doc, "onboarding", "onboarding", "today", (contrast){28, 0.35, 0.7, 14, 20000},
                 "pays if it cuts churn by 7.0 % or more; assumed 21.0 %");
    add_contrast(doc, "everything", "everything", "today", (contrast){1, 2, 0.02, 24, 63000}, "");
    add_contrast(doc, "price_up", "price_up", "today", (contrast){94, 0.5, NAN, NAN, NAN}, "");
    add_contrast(doc, "everything|onboarding", "everything", "onboarding",
                 (contrast){-27, 1, -0.61, NAN, 42000}, "");
    add_drivers(doc, "/compare/onboarding", "cross_sell", 33);
    add_drivers(doc, "/compare/everything", "expansion", 6);
    add_drivers(doc, "/compare/everything|onboarding", "expansion", -22);
    ltv_node *table = ltv_document_table(doc, "/compare/price_up/drivers", 1);
    ltv_node_column_string(doc, table, "driver", (const char *const[]){"price"});
    ltv_node_column_real(doc, table, "amount", (double[]){94});
    add_who_gains(doc, "/compare/onboarding", -0.6);
    add_who_gains(doc, "/compare/everything", 0.1);
    ltv_node_set_string(doc, (ltv_node *)ltv_document_find(doc, "/compare/onboarding"), "advice",
                        "Aim it at mid x paid alone: that brings $60.00 a customer there and "
                        "leaves out low x organic, where it costs more than it brings.");
    ltv_document_text(doc, "/scenario/warnings",
                      "save_offer: without bluffers the offer looks better than it is\n"
                      "save_offer: without a shaky period after it, too");
}

static void make_offers(ltv_document *doc)
{
    static const char *const arms[] = {"/arms/baseline", "/arms/other"};
    add_root(doc, "Plans and add-ons", "EUR", 2);
    add_group_with(doc, arms[0], (customers){812.5, 0, 0.95}, (extras){0.871, 3.21, 0, 0});
    add_group_with(doc, arms[1], (customers){900, 0, 0.95}, (extras){1.042, 3.456, 12.5, 0});
    for (int i = 0; i < 2; i++) {
        add_holding(doc, path_of(arms[i], "/plans/basic"), 0.8, 0.1 + 0.02 * i);
        add_holding(doc, path_of(arms[i], "/plans/pro"), 0.2, 0.31 + 0.02 * i);
    }
    add_contrast(doc, "other", "other", "baseline", (contrast){82.5, 1, NAN, NAN, NAN}, "");
    add_holding(doc, path_of(arms[0], "/add_ons/分析"), 0, 0.0004);
    add_holding(doc, path_of(arms[1], "/plans/annual"), 0, 0.1);
}

static char *page_of(const ltv_document *doc, bool utf8)
{
    char *text;
    size_t size;
    ltv_error err = {0};
    ltv_terminal terminal = {.utf8 = utf8};
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(ltv_summary_print(out, doc, "plan.h5", &terminal, &err), LTV_OK);
    fclose(out);
    return text;
}

static char *file_text(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s is missing", path);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* The page as it was looked at and found good: tests/pages/NAME.txt. What the page is now is left
 * in the build folder, to be compared and, if it is better, copied over. */
static void expect_page(const char *name, void (*make)(ltv_document *), bool utf8)
{
    char expected[512], made[512];
    ltv_document doc = {0};
    make(&doc);
    assert_false(doc.out_of_memory);
    char *text = page_of(&doc, utf8);
    snprintf(expected, sizeof expected, LTV_SOURCE_DIR "/tests/pages/%s.txt", name);
    snprintf(made, sizeof made, "page_%s.txt", name);
    FILE *file = fopen(made, "wb");
    if (file != NULL) {
        fputs(text, file);
        fclose(file);
    }
    assert_string_equal(text, file_text(expected));
    free(text);
    ltv_document_free(&doc);
}

static void the_page_of_a_short_scenario_is_as_agreed(void **state)
{
    (void)state;
    expect_page("short", make_short, true);
}

static void the_page_in_ascii_is_as_agreed(void **state)
{
    (void)state;
    expect_page("short_ascii", make_short, false);
}

static void the_page_with_segments_channels_and_a_cohort_is_as_agreed(void **state)
{
    (void)state;
    expect_page("rich", make_rich, true);
}

static void the_page_of_several_arms_is_as_agreed(void **state)
{
    (void)state;
    expect_page("arms", make_arms, true);
}

static void the_page_of_programmes_is_as_agreed(void **state)
{
    (void)state;
    expect_page("programmes", make_programmes, true);
}

static void the_page_of_plans_and_orders_is_as_agreed(void **state)
{
    (void)state;
    expect_page("offers", make_offers, true);
}

static void every_page_fits_80_columns_and_leaves_no_blanks(void **state)
{
    (void)state;
    static void (*const makers[])(ltv_document *) = {make_short, make_rich, make_arms,
                                                     make_programmes, make_offers};
    for (size_t i = 0; i < 2 * sizeof makers / sizeof *makers; i++) {
        ltv_document doc = {0};
        makers[i / 2](&doc);
        char *text = page_of(&doc, i % 2 == 0);
        for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
            assert_in_range(ltv_text_width(line), 1, LTV_PAGE_COLUMNS);
            assert_int_not_equal(line[strlen(line) - 1], ' ');
        }
        free(text);
        ltv_document_free(&doc);
    }
}

static void the_page_of_a_short_scenario_is_one_screen(void **state)
{
    (void)state;
    int lines = 0;
    ltv_document doc = {0};
    make_short(&doc);
    char *text = page_of(&doc, true);
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    assert_in_range(lines, 20, 45);
    free(text);
    ltv_document_free(&doc);
}

static void expect_in_page(ltv_document *doc, const char *text)
{
    char *page = page_of(doc, true);
    for (char *c = page; *c != '\0'; c++) /* however the lines are broken */
        *c = *c == '\n' ? ' ' : *c;
    if (strstr(page, text) == NULL)
        fail_msg("\"%s\" is not in: %s", text, page);
    free(page);
    ltv_document_free(doc);
}

/* Three contrasts that do not stand beside each other on a page. */
static void make_long_names(ltv_document *doc)
{
    static const char *const names[] = {"a_name_of_some_length", "another_name_of_length",
                                        "a_third_name_of_length", "one_driver"};
    add_root(doc, "Drivers", "USD", 2);
    add_group(doc, "/arms/baseline", (customers){800, 300, 0.95});
    for (int i = 0; i < 4; i++) {
        char group[128];
        snprintf(group, sizeof group, "/arms/%s", names[i]);
        add_group(doc, group, (customers){812.5, 300, 0.95});
        snprintf(group, sizeof group, "/compare/%s", names[i]);
        if (i < 3)
            add_drivers(doc, group, "mix", 12.5);
    }
}

static void what_does_not_fit_of_the_drivers_is_in_the_file(void **state)
{
    (void)state;
    ltv_document doc = {0};
    make_long_names(&doc);
    expect_in_page(&doc, "another_name_of_length   churn ");
    doc = (ltv_document){0};
    make_long_names(&doc);
    expect_in_page(&doc, "Of other pairs the results file tells: compare/<pair>/drivers.");
}

static void one_customer_says_nothing_about_noise(void **state)
{
    (void)state;
    ltv_document doc = {0};
    make_short(&doc);
    ltv_node_set_int64(&doc, root_of(&doc), "customers", 1);
    expect_in_page(&doc, "one simulated customer tells nothing about it");
}

static void without_a_cac_one_line_says_so(void **state)
{
    (void)state;
    ltv_document doc = {0};
    add_root(&doc, "Free", "JPY", 0);
    add_group(&doc, "/arms/baseline", (customers){9000, 0, 0.95});
    char *page = page_of(&doc, true);
    assert_null(strstr(page, "n/a"));
    free(page);
    expect_in_page(&doc, "No CAC given: LTV/CAC and payback do not apply.");
    doc = (ltv_document){0};
    add_root(&doc, "Free", "JPY", 0);
    add_group(&doc, "/arms/baseline", (customers){9000, 0, 0.95});
    add_group(&doc, "/arms/other", (customers){9500, 0, 0.95});
    expect_in_page(&doc, "other brings most: ¥9,500 per customer in 24 months. baseline: ¥9,000.");
}

static void the_answer_tells_the_most_ltv_from_the_best_ratio(void **state)
{
    (void)state;
    static const struct {
        customers baseline, other;
        const char *expected;
    } cases[] = {
        {{10000, 2000, 0.95},
         {12000, 8000, 0.95},
         "other brings most: ¥12,000 per customer in 24 months, at an LTV/CAC of 1.50 (below 3). "
         "Best LTV/CAC: baseline with 5.00."},
        {{10000, 5000, 0.95},
         {12000, 5000, 0.95},
         "other brings most: ¥12,000 per customer in 24 months, and has the best LTV/CAC, 2.40 "
         "(below 3). baseline: ¥10,000, LTV/CAC 2.00 (below 3)."},
        {{10000, 5000, 0.95},
         {10000, 2500, 0.95},
         "All arms bring ¥10,000 per customer in 24 months. Best LTV/CAC: other with 4.00."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_document doc = {0};
        add_root(&doc, "Two", "JPY", 0);
        add_group(&doc, "/arms/baseline", cases[i].baseline);
        add_group(&doc, "/arms/other", cases[i].other);
        expect_in_page(&doc, cases[i].expected);
    }
}

/* Two arms, the other one with this contrast. */
static void make_decision(ltv_document *doc, contrast what)
{
    add_root(doc, "Decision", "JPY", 0);
    add_group(doc, "/arms/baseline", (customers){9000, 0, 0.95});
    add_group(doc, "/arms/call", (customers){9500, 0, 0.95});
    add_contrast(doc, "call", "call", "baseline", what, "");
}

static void a_verdict_needs_more_than_noise(void **state)
{
    (void)state;
    static const struct {
        contrast what;
        const char *expected;
    } cases[] = {
        {{100, 50, 0.25, 9, 40},
         "Fund call?   Yes   Net gain per customer: +¥100, simulation noise ±¥98 (95 %).   "
         "ROI 0.25; pays back in month 9; needs ¥40 per customer up front."},
        {{100, 52, 0.25, 9, 40}, "Fund call?   Too close to call   Net gain per customer: +¥100,"},
        {{-100, 52, -0.25, NAN, 40}, "Fund call?   Too close to call   Net gain"},
        {{-100, 50, -0.25, NAN, 40},
         "Fund call?   No   Net gain per customer: −¥100, simulation noise ±¥98 (95 %).   "
         "ROI −0.25; no payback in 24 months; needs ¥40 per customer up front."},
        {{-100, 0, -1, NAN, 90}, "Fund call?   No   Net gain per customer: −¥100.   ROI −1.00;"},
        {{0, 0, 0, 0, 0},
         "Fund call?   It makes no difference   Net gain per customer: ¥0.   ROI 0.00; pays back "
         "at once; needs no money up front."},
        {{100, NAN, 0.25, 9, NAN},
         "Fund call?   Too close to call   Net gain per customer: +¥100.   ROI 0.25; pays back in "
         "month 9.  baseline: a customer brings ¥9,000 in 24 months."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_document doc = {0};
        make_decision(&doc, cases[i].what);
        expect_in_page(&doc, cases[i].expected);
    }
}

static void without_a_cost_there_is_nothing_to_fund(void **state)
{
    (void)state;
    ltv_document doc = {0};
    make_decision(&doc, (contrast){100, 50, NAN, NAN, NAN});
    char *page = page_of(&doc, true);
    assert_null(strstr(page, "Fund"));
    assert_null(strstr(page, "against baseline: LTV"));
    free(page);
    expect_in_page(&doc, "call brings most: ¥9,500 per customer in 24 months. baseline: ¥9,000.");
}

static void pairs_have_a_line_without_a_decision_too(void **state)
{
    (void)state;
    ltv_document doc = {0};
    make_arms(&doc);
    add_contrast(&doc, "B|free", "B", "free", (contrast){10995, 100, NAN, NAN, NAN}, "");
    expect_in_page(&doc,
                   "B against free: LTV +¥11,000 per customer, simulation noise ±¥200 (95 %)");
}

/* Two arms that differ in more than programmes, in segments and channels. */
static void make_price_rise(ltv_document *doc, double worst)
{
    add_root(doc, "Dearer", "USD", 2);
    add_group(doc, "/arms/baseline", (customers){9000, 0, 0.95});
    add_group(doc, "/arms/dearer", (customers){9500, 0, 0.95});
    add_group(doc, "/arms/dearer/segments/mid", (customers){9500, 0, 0.95});
    add_contrast(doc, "dearer", "dearer", "baseline", (contrast){100, 1, NAN, NAN, NAN}, "");
    ltv_node *table = ltv_document_table(doc, "/compare/dearer/who_gains", 7);
    ltv_node_column_string(
        doc, table, "segment",
        (const char *const[]){"loyal", "normal", "c", "d", "e", "none", "shaky"});
    ltv_node_column_real(doc, table, "delta_ltv", (double[]){158, 84, 50.5, 20, 10, 0.1, worst});
    ltv_node_column_real(doc, table, "delta_ltv_mc_standard_error",
                         (double[]){1, 1, 1, 1, 1, 1, 1});
}

static void without_an_roi_it_is_told_who_gains_and_who_loses(void **state)
{
    (void)state;
    ltv_document doc = {0};
    make_price_rise(&doc, -115);
    expect_in_page(&doc, "dearer against baseline gains with loyal +$158.00, normal +$84.00, c "
                         "+$50.50, d +$20.00 and 1 other; loses with shaky −$115.00.");
    doc = (ltv_document){0};
    make_price_rise(&doc, -1.5);
    char *page = page_of(&doc, true);
    assert_null(strstr(page, "gains with"));
    free(page);
    add_group(&doc, "/arms/call", (customers){9500, 0, 0.95});
    add_contrast(&doc, "call", "call", "baseline", (contrast){100, 10, 0.5, 3, 0}, "");
    expect_in_page(&doc, "dearer against baseline: LTV +$105.00 per customer, simulation noise "
                         "±$2 (95 %).  ");
    doc = (ltv_document){0};
    make_price_rise(&doc, -115);
    add_group(&doc, "/arms/call", (customers){9500, 0, 0.95});
    add_contrast(&doc, "call", "call", "baseline", (contrast){100, 10, 0.5, 3, 0}, "");
    expect_in_page(&doc, "(95 %). Gains with loyal +$158.00, normal");
}

static void the_cohort_is_after_fixed_costs(void **state)
{
    (void)state;
    ltv_document doc = {0};
    add_root(&doc, "One arm", "USD", 2);
    ltv_node_set_int64(&doc, root_of(&doc), "cohort_size", 1000);
    add_group_with(&doc, "/arms/baseline", (customers){500, 0, 0.95}, (extras){NAN, NAN, 30, 20});
    char *page = page_of(&doc, true);
    assert_non_null(strstr(page, "$30.00  per customer, with fixed"));
    assert_non_null(strstr(page, "$480,000  after fixed costs\n"));
    free(page);
    expect_in_page(&doc, "95 % of such cohorts");
}

static void three_decisions_are_told_in_full_and_the_others_in_a_line(void **state)
{
    (void)state;
    ltv_document doc = {0};
    add_root(&doc, "Many", "JPY", 0);
    add_group(&doc, "/arms/baseline", (customers){9000, 0, 0.95});
    for (int i = 0; i < 13; i++) {
        char name[32];
        snprintf(name, sizeof name, "call %d", i);
        add_group(&doc, path_of("/arms/", name), (customers){9500, 0, 0.95});
        double gain = i == 6 ? 900 : i == 1 ? 500 : 100 + i;
        add_contrast(&doc, name, name, "baseline", (contrast){gain, 10, 0.5, 3, 0}, "");
    }
    add_contrast(&doc, "call 6|call 1", "call 6", "call 1", (contrast){9999, 10, 0.5, 3, 0}, "");
    char *page = page_of(&doc, true);
    /* Call 6 gains most of all, call 1 and 12 come next; a pair's gain does not count as much. */
    const char *at = page;
    static const char *const in_full[] = {"Fund call 1?   Yes\n  Net gain",
                                          "Fund call 6?   Yes\n  Net gain",
                                          "Fund call 12?   Yes\n  Net gain"};
    for (size_t i = 0; i < 3; i++) {
        at = strstr(at, in_full[i]);
        assert_non_null(at);
    }
    assert_non_null(strstr(page, "\nFund call 3? Yes: net gain +¥103, ROI 0.50.\n"));
    assert_non_null(strstr(page, "and 3 more contrasts\n"
                                 "More about each: ltvsim show FILE compare/NAME/metrics\n"));
    assert_null(strstr(page, "rather than call 1?   Yes"));
    free(page);
    ltv_document_free(&doc);
}

static void break_even_is_said_by_programme_where_it_is_known(void **state)
{
    (void)state;
    ltv_document doc = {0};
    add_break_evens(&doc, 2);
    char *page = page_of(&doc, true);
    assert_null(strstr(page, "gift"));
    assert_non_null(
        strstr(page, "\n  dunning, on top of the rest: pays however often it succeeds.\n"));
    free(page);
    expect_in_page(&doc, "onboarding, on top of the rest: pays if it cuts churn by 7.0 % or more;");
    doc = (ltv_document){0};
    add_break_evens(&doc, 1);
    expect_in_page(&doc, "  Pays if it cuts churn by 7.0 % or more; assumed 21.0 %.");
}

static void names_cannot_write_to_the_terminal(void **state)
{
    (void)state;
    ltv_document doc = {0};
    make_short(&doc);
    ltv_node_set_string(&doc, root_of(&doc), "title", "red \x1b[31m title");
    add_group(&doc, "/arms/a\x1b]0;arm", (customers){1, 1, 0.5});
    char *text = page_of(&doc, true);
    assert_null(strchr(text, '\x1b'));
    free(text);
    ltv_document_free(&doc);
}

static void a_file_that_lacks_parts_is_shown_as_far_as_it_goes(void **state)
{
    (void)state;
    ltv_document doc = {0};
    add_root(&doc, "Little", "JPY", 0);
    ltv_document_group(&doc, "/arms/baseline");
    char *text = page_of(&doc, true);
    assert_non_null(strstr(text, "n/a"));
    free(text);
    ltv_document_free(&doc);
}

static void a_file_without_its_terms_is_refused(void **state)
{
    (void)state;
    ltv_document doc = {0};
    ltv_error err = {0};
    ltv_terminal terminal = {0};
    ltv_document_group(&doc, "/");
    FILE *out = tmpfile();
    assert_int_equal(ltv_summary_print(out, &doc, "x.h5", &terminal, &err), LTV_ERR_NOT_RESULTS);
    assert_int_equal(ftell(out), 0);
    fclose(out);
    ltv_document_free(&doc);
}

static void many_arms_with_long_names_still_fit(void **state)
{
    (void)state;
    ltv_document doc = {0};
    add_root(&doc, "Many", "JPY", 0);
    ltv_node_set_string(&doc, root_of(&doc), "baseline", "arm 0");
    for (int i = 0; i < 20; i++) {
        char group[64];
        snprintf(group, sizeof group, i == 0 ? "/arms/arm %d" : "/arms/a rather long name %d", i);
        add_group(&doc, group, (customers){1e6 * (i + 1), 300, 0.9});
    }
    char *text = page_of(&doc, true);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_in_range(ltv_text_width(line), 1, LTV_PAGE_COLUMNS);
    free(text);
    ltv_document_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_of_a_short_scenario_is_as_agreed),
        cmocka_unit_test(the_page_in_ascii_is_as_agreed),
        cmocka_unit_test(the_page_with_segments_channels_and_a_cohort_is_as_agreed),
        cmocka_unit_test(the_page_of_several_arms_is_as_agreed),
        cmocka_unit_test(the_page_of_programmes_is_as_agreed),
        cmocka_unit_test(the_page_of_plans_and_orders_is_as_agreed),
        cmocka_unit_test(a_verdict_needs_more_than_noise),
        cmocka_unit_test(without_a_cost_there_is_nothing_to_fund),
        cmocka_unit_test(pairs_have_a_line_without_a_decision_too),
        cmocka_unit_test(without_an_roi_it_is_told_who_gains_and_who_loses),
        cmocka_unit_test(the_cohort_is_after_fixed_costs),
        cmocka_unit_test(three_decisions_are_told_in_full_and_the_others_in_a_line),
        cmocka_unit_test(break_even_is_said_by_programme_where_it_is_known),
        cmocka_unit_test(every_page_fits_80_columns_and_leaves_no_blanks),
        cmocka_unit_test(the_page_of_a_short_scenario_is_one_screen),
        cmocka_unit_test(what_does_not_fit_of_the_drivers_is_in_the_file),
        cmocka_unit_test(one_customer_says_nothing_about_noise),
        cmocka_unit_test(without_a_cac_one_line_says_so),
        cmocka_unit_test(the_answer_tells_the_most_ltv_from_the_best_ratio),
        cmocka_unit_test(names_cannot_write_to_the_terminal),
        cmocka_unit_test(a_file_that_lacks_parts_is_shown_as_far_as_it_goes),
        cmocka_unit_test(a_file_without_its_terms_is_refused),
        cmocka_unit_test(many_arms_with_long_names_still_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
