/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "same_scenario.h"
#include "sim/io/scenario/scenario_read.h"

/* A number that was drawn goes the same way from the file to its place as one that was written. */

/* With every kind of number somewhere. */
static const char everything[] =
    "ltvsim: 1\n"
    "currency: USD\n"
    "time: {horizon: 24, start: 2027-01}\n"
    "discount_rate: 10%\n"
    "customers: {count: 500}\n"
    "retention:\n"
    "  weibull: {scale: 30, shape: 0.8}\n"
    "  heterogeneity: {gamma: {cv: 0.7}}\n"
    "  cured: 5%\n"
    "  season: [1.4, 1.1, 1, 0.9, 0.9, 1, 1, 1.2, 1, 0.8, 0.9, 1.3]\n"
    "  by_tenure: {11: 1.8}\n"
    "involuntary_churn: {monthly: 1%}\n"
    "segments:\n"
    "  high:\n"
    "    {share: 25%, churn: x0.5, involuntary: x0.9, upgrade: x1.1, downgrade: x1.1, attach: "
    "x1.2,\n"
    "     drop: x0.8, orders: x1.3, spend: x1.1, price: x1.2, service_cost: 40,\n"
    "     starts: {basic: 50%, pro: 50%}}\n"
    "  low: {share: 75%, retention: {table: {churn: [5%, 4%, 3%]}, heterogeneity: {gamma: {cv: "
    "1}}}}\n"
    "  old: {share: 0%, retention: {geometric: {continuation: 90%}, heterogeneity: {gamma: {cv: "
    "1}}}}\n"
    "channels:\n"
    "  organic: {share: 40%, cac: {mean: 20, across_customers: {log_normal: {cv: 0.4}}}}\n"
    "  paid:\n"
    "    {share: 60%, cac: 900, churn: x1.2, price: x1.1, segments: {high: 20%, low: 70%, old: "
    "10%}}\n"
    "plans:\n"
    "  basic:\n"
    "    {price: 100, starts: 80%, gross_margin: 70%, churn: x1.1,\n"
    "     upgrade: {to: pro, monthly: 2%, from: 1, by_tenure: {3: 2}}}\n"
    "  pro: {price: 250, starts: 20%, term: 3, downgrade: [{to: basic, monthly: 1%}]}\n"
    "add_ons:\n"
    "  extra:\n"
    "    {price: 40, gross_margin: 90%, churn: x0.9, attach: {monthly: 1%, by_tenure: {5: 1.5}},\n"
    "     drop: {monthly: 2%}}\n"
    "revenue:\n"
    "  heterogeneity: {log_normal: {cv: 0.5}, correlation_with_churn: -0.3}\n"
    "  orders:\n"
    "    {yearly: 2.5, heterogeneity: {gamma: {cv: 1.1}},\n"
    "     value: {mean: 35, cv_within: 0.4, cv_between: 0.6}}\n"
    "gross_margin: 78%\n"
    "service_cost: 3\n"
    "price_change: {at_tenure: 12, times: 1.1, churn: {times: 1.5, for: 3}}\n"
    "interventions:\n"
    "  a:\n"
    "    who: {top_by_spend: 40%, reach: 90%, uptake: 60%}\n"
    "    when: {at_tenure: 0}\n"
    "    effect:\n"
    "      churn: {times: 0.8, for: 6, ramp: 2, fade_half_life: 6}\n"
    "      price: {times: 1.1, for: 3}\n"
    "    cost: {per_contact: 1, per_participant: 2, per_period: 0.5, fixed: 100,\n"
    "           fixed_per_period: 10}\n"
    "    capacity: 500\n"
    "  b:\n"
    "    when: {on_churn_intent: {accept: 30%, bluff: {monthly: 0.5%}}}\n"
    "    effect: {price_off: {rate: 20%, for: 3}}\n"
    "  c: {when: {on_payment_failure: {recover: 48%}}}\n"
    "  d: {when: {on_churn: {probability: 4%, for: 5}}}\n"
    "  e: {when: {on_risk_signal: {lead: 3, recall: 70%, false_alarm: 2%}}, cost: {per_contact: "
    "1}}\n"
    "arms: {today: [], all: [a, b, c, d, e]}\n";

/* Paths of fixed numbers in it, each with a value that it may have instead. */
static const struct {
    const char *path;
    double value;
} numbers[] = {
    {"discount_rate", 0.081},
    {"retention.weibull.scale", 29.7},
    {"retention.weibull.shape", 0.83},
    {"retention.heterogeneity.gamma.cv", 0.71},
    {"retention.cured", 0.043},
    {"retention.by_tenure.11", 1.9},
    {"involuntary_churn.monthly", 0.013},
    {"segments.high.churn", 0.61},
    {"segments.high.involuntary", 0.93},
    {"segments.high.upgrade", 1.17},
    {"segments.high.downgrade", 1.13},
    {"segments.high.attach", 1.23},
    {"segments.high.drop", 0.81},
    {"segments.high.orders", 1.31},
    {"segments.high.spend", 1.07},
    {"segments.high.price", 1.19},
    {"segments.high.service_cost", 41.3},
    {"segments.low.retention.heterogeneity.gamma.cv", 1.1},
    {"segments.old.retention.geometric.continuation", 0.9375},
    {"channels.organic.cac.mean", 21.7},
    {"channels.organic.cac.across_customers.log_normal.cv", 0.43},
    {"channels.paid.cac", 913.1},
    {"channels.paid.churn", 1.29},
    {"channels.paid.price", 1.01},
    {"plans.basic.price", 101.7},
    {"plans.basic.gross_margin", 0.703},
    {"plans.basic.churn", 1.09},
    {"plans.basic.upgrade.monthly", 0.0207},
    {"plans.basic.upgrade.by_tenure.3", 2.03},
    {"plans.pro.price", 251.3},
    {"add_ons.extra.price", 41.9},
    {"add_ons.extra.gross_margin", 0.91},
    {"add_ons.extra.churn", 0.89},
    {"add_ons.extra.attach.monthly", 0.0103},
    {"add_ons.extra.attach.by_tenure.5", 1.47},
    {"add_ons.extra.drop.monthly", 0.0211},
    {"revenue.heterogeneity.log_normal.cv", 0.53},
    {"revenue.heterogeneity.correlation_with_churn", -0.29},
    {"revenue.orders.yearly", 2.7},
    {"revenue.orders.heterogeneity.gamma.cv", 1.07},
    {"revenue.orders.value.mean", 36.1},
    {"revenue.orders.value.cv_within", 0.41},
    {"revenue.orders.value.cv_between", 0.59},
    {"gross_margin", 0.77},
    {"service_cost", 3.1},
    {"price_change.times", 1.13},
    {"price_change.churn.times", 1.41},
    {"interventions.a.who.top_by_spend", 0.41},
    {"interventions.a.who.reach", 0.93},
    {"interventions.a.who.uptake", 0.61},
    {"interventions.a.effect.churn.times", 0.79},
    {"interventions.a.effect.churn.fade_half_life", 6.3},
    {"interventions.a.effect.price.times", 1.13},
    {"interventions.a.cost.per_contact", 1.1},
    {"interventions.a.cost.per_participant", 2.3},
    {"interventions.a.cost.per_period", 0.53},
    {"interventions.a.cost.fixed", 103},
    {"interventions.a.cost.fixed_per_period", 11.3},
    {"interventions.a.capacity", 501.5},
    {"interventions.b.when.on_churn_intent.accept", 0.29},
    {"interventions.b.when.on_churn_intent.bluff.monthly", 0.0053},
    {"interventions.b.effect.price_off.rate", 0.21},
    {"interventions.c.when.on_payment_failure.recover", 0.47},
    {"interventions.d.when.on_churn.probability", 0.041},
    {"interventions.e.when.on_risk_signal.recall", 0.71},
    {"interventions.e.when.on_risk_signal.false_alarm", 0.023},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static void read_with(ltv_scenario_file *file, size_t n, const char *const *overrides)
{
    ltv_error err = {0};
    if (ltv_scenario_read_text(file, "test.yaml", everything, strlen(everything), n, overrides,
                               &err) != LTV_OK)
        fail_msg("%s", err.message);
}

static void open_reader(const ltv_scenario_file *file, void **reader)
{
    ltv_error err = {0};
    assert_non_null(file->scenario.worlds);
    assert_int_equal(file->scenario.worlds->open(file->scenario.worlds, reader, &err), LTV_OK);
}

static void read_world(const ltv_scenario_file *file, void *reader, const double *values,
                       ltv_scenario *world)
{
    ltv_error err = {0};
    if (file->scenario.worlds->read(reader, values, world, &err) != LTV_OK)
        fail_msg("%s", err.message);
    world->customers = 1; /* how to simulate is not read again */
}

/* The scenario with this value written at the path. */
static void read_written(ltv_scenario_file *file, const char *path, double value)
{
    char text[256];
    const char *const override = text;
    snprintf(text, sizeof text, "%s=%.17g", path, value);
    read_with(file, 1, &override);
    file->scenario.customers = 1;
}

static void assert_world_is_as_written(const char *path, double value, bool by_arm)
{
    char uncertain[256], set[256];
    const char *const override = uncertain;
    ltv_scenario_file drawn, written;
    ltv_scenario world;
    void *reader = NULL;
    double low = value - 1e-3 * fabs(value), high = value + 1e-3 * fabs(value);
    if (by_arm) {
        snprintf(
            uncertain, sizeof uncertain,
            "arms.other={interventions: [a, b, c, d, e], set: {%s: {uniform: [%.17g, %.17g]}}}",
            path, low, high);
        snprintf(set, sizeof set, "arms.other={interventions: [a, b, c, d, e], set: {%s: %.17g}}",
                 path, value);
        const char *const written_override = set;
        read_with(&written, 1, &written_override);
        written.scenario.customers = 1;
    } else {
        snprintf(uncertain, sizeof uncertain, "%s={uniform: [%.17g, %.17g]}", path, low, high);
        read_written(&written, path, value);
    }
    read_with(&drawn, 1, &override);
    assert_int_equal(drawn.scenario.inputs.n, 1);
    snprintf(set, sizeof set, "%s%s", by_arm ? "arms.other.set." : "", path);
    assert_string_equal(drawn.scenario.inputs.items[0].name, set);
    open_reader(&drawn, &reader);
    for (int time = 0; time < 2; time++) { /* a reader reads again and again */
        read_world(&drawn, reader, &value, &world);
        assert_same_scenario(&world, &written.scenario);
        ltv_scenario_free(&world);
    }
    drawn.scenario.worlds->close(reader);
    ltv_scenario_file_free(&drawn);
    ltv_scenario_file_free(&written);
}

static void a_world_is_the_scenario_with_its_number_written_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUMBERS; i++)
        assert_world_is_as_written(numbers[i].path, numbers[i].value, false);
}

static void what_an_arm_sets_may_be_uncertain_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUMBERS; i++)
        if (strcmp(numbers[i].path, "discount_rate") != 0)
            assert_world_is_as_written(numbers[i].path, numbers[i].value, true);
}

/* All of them at once, and lists, of which an entry has no path to set. */
static void many_uncertain_numbers_find_their_places(void **state)
{
    (void)state;
    static char uncertain[NUMBERS + 2][200], fixed[NUMBERS + 2][200];
    const char *with[NUMBERS + 2], *written[NUMBERS + 2];
    double values[NUMBERS + 2];
    ltv_scenario_file drawn, expected;
    ltv_scenario world;
    void *reader = NULL;
    for (size_t i = 0; i < NUMBERS; i++) {
        double room = 1e-3 * fabs(numbers[i].value);
        snprintf(uncertain[i], sizeof uncertain[i], "%s={uniform: [%.17g, %.17g]}", numbers[i].path,
                 numbers[i].value - room, numbers[i].value + room);
        snprintf(fixed[i], sizeof fixed[i], "%s=%.17g", numbers[i].path, numbers[i].value);
    }
    snprintf(uncertain[NUMBERS], sizeof uncertain[NUMBERS],
             "retention.season=[1, {uniform: [1, 2]}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
    snprintf(fixed[NUMBERS], sizeof fixed[NUMBERS],
             "retention.season=[1, 1.7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
    snprintf(uncertain[NUMBERS + 1], sizeof uncertain[NUMBERS + 1],
             "segments.low.retention.table.churn=[5%%, {lost: 4, of: 100}, 3%%]");
    snprintf(fixed[NUMBERS + 1], sizeof fixed[NUMBERS + 1],
             "segments.low.retention.table.churn=[5%%, 4.5%%, 3%%]");
    for (size_t i = 0; i < NUMBERS + 2; i++) {
        with[i] = uncertain[i];
        written[i] = fixed[i];
    }
    read_with(&drawn, NUMBERS + 2, with);
    read_with(&expected, NUMBERS + 2, written);
    expected.scenario.customers = 1;
    assert_int_equal(drawn.scenario.inputs.n, NUMBERS + 2);
    for (size_t i = 0; i < NUMBERS; i++)
        values[ltv_inputs_find(&drawn.scenario.inputs, numbers[i].path)] = numbers[i].value;
    values[ltv_inputs_find(&drawn.scenario.inputs, "retention.season[1]")] = 1.7;
    values[ltv_inputs_find(&drawn.scenario.inputs, "segments.low.retention.table.churn[1]")] =
        0.045;
    open_reader(&drawn, &reader);
    read_world(&drawn, reader, values, &world);
    assert_same_scenario(&world, &expected.scenario);
    ltv_scenario_free(&world);
    drawn.scenario.worlds->close(reader);
    ltv_scenario_file_free(&drawn);
    ltv_scenario_file_free(&expected);
}

/* A tree that grew with every world would fill the memory in 65,536 draws. */
static void reading_worlds_takes_no_memory_for_good(void **state)
{
    (void)state;
    static const char *const overrides[] = {
        "channels.paid.segments={high: {uniform: [10%, 20%]}, low: 80%, old: 5%}",
        "segments.old.retention.table={churn: [{uniform: [1%, 2%]}, 5%]}",
        "plans.pro.starts={uniform: [15%, 25%]}",
        "segments.high.starts={basic: {uniform: [15%, 25%]}, pro: 80%}",
        "interventions.a.who={channels: [paid], segments: low, reach: {uniform: [10%, 20%]}}",
        "arms.more={interventions: [a, b], set: {service_cost: {uniform: [1, 2]}}}",
        "compare=[[more, all]]"};
    static const double values[] = {0.15, 0.15, 0.15, 0.15, 0.15, 1.5};
    ltv_scenario_file file;
    ltv_scenario world;
    void *reader = NULL;
    size_t before = 0;
    read_with(&file, sizeof overrides / sizeof *overrides, overrides);
    assert_int_equal(file.scenario.inputs.n, 6);
    open_reader(&file, &reader);
    for (int time = 0; time < 2000; time++) {
        read_world(&file, reader, values, &world);
        ltv_scenario_free(&world);
        if (time == 10)
            before = mallinfo2().uordblks;
    }
    assert_int_equal(mallinfo2().uordblks, before);
    file.scenario.worlds->close(reader);
    ltv_scenario_file_free(&file);
}

/* --- shares --- */

/* Three shares: what is written, the values of the uncertain ones in the world, and what comes of
 * them. */
typedef struct {
    const char *label;
    const char *text[3];
    double drawn[3]; /* of the uncertain ones; any where it is fixed */
    double expected[3];
} share_case;

static const share_case share_cases[] = {
    {"fixed ones take it in their proportions",
     {"{uniform: [20%, 30%]}", "50%", "25%"},
     {0.22},
     {0.22, 0.52, 0.26}},
    {"without a fixed one they are scaled",
     {"{uniform: [20%, 30%]}", "{uniform: [55%, 65%]}", "{uniform: [10%, 20%]}"},
     {0.25, 0.58, 0.2},
     {0.25 / 1.03, 0.58 / 1.03, 0.2 / 1.03}},
    {"those above 100 % together leave none to the fixed one",
     {"{uniform: [0%, 96%]}", "{uniform: [0%, 96%]}", "4%"},
     {0.9, 0.6},
     {0.6, 0.4, 0}},
    {"an uncertain one of 0 leaves all to the fixed ones",
     {"{samples: {set: s, values: [0%, 50%]}}", "50%", "25%"},
     {0},
     {0, 2.0 / 3, 1.0 / 3}},
};

static const char shares_text[] =
    "ltvsim: 1\n"
    "currency: USD\n"
    "retention: {geometric: {churn: 3%%}}\n"
    "plans:\n"
    "  a: {price: 1, starts: %s}\n"
    "  b: {price: 2, starts: %s}\n"
    "  c: {price: 3, starts: %s}\n"
    "segments:\n"
    "  a: {share: %s, starts: {a: %s, b: %s, c: %s}}\n"
    "  b: {share: %s}\n"
    "  c: {share: %s}\n"
    "channels:\n"
    "  all: {share: 100%%, cac: 1, segments: {a: %s, b: %s, c: %s}}\n";

static void check_shares(const share_case *of)
{
    char text[2048];
    const char *a = of->text[0], *b = of->text[1], *c = of->text[2];
    double values[12];
    ltv_error err = {0};
    ltv_scenario_file file;
    ltv_scenario world;
    void *reader = NULL;
    snprintf(text, sizeof text, shares_text, a, b, c, a, a, b, c, b, c, a, b, c);
    if (ltv_scenario_read_text(&file, "test.yaml", text, strlen(text), 0, NULL, &err) != LTV_OK)
        fail_msg("%s: %s", of->label, err.message);
    for (size_t i = 0; i < file.scenario.inputs.n; i++) { /* each ends in the name of its part */
        const char *name = file.scenario.inputs.items[i].name;
        bool of_block = strstr(name, ".share") != NULL || strncmp(name, "plans.", 6) == 0;
        char part = of_block ? strchr(name, '.')[1] : name[strlen(name) - 1];
        values[i] = of->drawn[part - 'a'];
    }
    open_reader(&file, &reader);
    read_world(&file, reader, values, &world);
    const ltv_arm *arm = &world.arms[0];
    for (size_t i = 0; i < 3; i++) {
        assert_within(of->label, arm->segments[i].share, of->expected[i], 1e-15);
        assert_within(of->label, arm->plans[i].starts, of->expected[i], 1e-15);
        assert_within(of->label, arm->segments[0].starts[i], of->expected[i], 1e-15);
        assert_within(of->label, arm->channels[0].segments[i], of->expected[i], 1e-15);
    }
    ltv_scenario_free(&world);
    file.scenario.worlds->close(reader);
    ltv_scenario_file_free(&file);
}

static void uncertain_shares_sum_to_one_in_every_world(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof share_cases / sizeof *share_cases; i++)
        check_shares(&share_cases[i]);
}

/* --- worlds that are none --- */

static void expect_refusal(const char *text, size_t n, const double *values, const char *part)
{
    ltv_error err = {0};
    ltv_scenario_file file;
    ltv_scenario world;
    void *reader = NULL;
    if (ltv_scenario_read_text(&file, "test.yaml", text, strlen(text), 0, NULL, &err) != LTV_OK)
        fail_msg("%s", err.message);
    assert_int_equal(file.scenario.inputs.n, n);
    open_reader(&file, &reader);
    assert_int_equal(file.scenario.worlds->read(reader, values, &world, &err), LTV_ERR_BAD_INPUT);
    assert_that(err.message, strstr(err.message, part) != NULL);
    ltv_scenario_free(&world);
    file.scenario.worlds->close(reader);
    ltv_scenario_file_free(&file);
}

static void a_world_that_is_no_scenario_is_refused(void **state)
{
    (void)state;
    static const double zeros[12] = {0};
    static const char shares[] = "ltvsim: 1\n"
                                 "currency: USD\n"
                                 "retention: {geometric: {churn: 3%}}\n"
                                 "revenue: {price: 1}\n"
                                 "segments:\n"
                                 "  a: {share: {samples: {set: s, values: [0%, 100%]}}}\n"
                                 "  b: {share: {samples: {set: s, values: [0%, 100%]}}}\n";
    static const char season[] = "ltvsim: 1\n"
                                 "currency: USD\n"
                                 "time: {start: 2027-01}\n"
                                 "retention:\n"
                                 "  geometric: {churn: 3%}\n"
                                 "  season: [{samples: {set: s, values: [0, 2]}}, 0, 0, 0, 0, 0, 0,"
                                 " 0, 0, 0, 0, 0]\n"
                                 "revenue: {price: 1}\n";
    expect_refusal(shares, 2, zeros, "test.yaml:5:1: segments: the shares are all 0");
    expect_refusal(season, 1, zeros, "retention.season: with 0 in every month");
}

/* What nobody uses is refused where it is written, for it is a slip; a draw in which nobody does is
 * one of many. */
static void a_part_may_be_without_use_in_some_world(void **state)
{
    (void)state;
    static const char text[] =
        "ltvsim: 1\n"
        "currency: USD\n"
        "retention: {geometric: {churn: 3%}}\n"
        "involuntary_churn: {monthly: {samples: {set: s, values: [0%, 2%]}}}\n"
        "plans:\n"
        "  a: {price: 1, starts: 100%}\n"
        "  b: {price: 1, starts: {samples: {set: s, values: [0%, 2%]}}}\n"
        "interventions:\n"
        "  c: {when: {on_payment_failure: {recover: 50%}}}\n"
        "  d: {when: {at_tenure: 1}, cost: {per_contact: {samples: {set: s, values: [0, 1]}}}}\n"
        "arms: {today: [], later: [c, d]}\n";
    static const double zeros[3] = {0};
    ltv_error err = {0};
    ltv_scenario_file file;
    ltv_scenario world;
    void *reader = NULL;
    if (ltv_scenario_read_text(&file, "test.yaml", text, strlen(text), 0, NULL, &err) != LTV_OK)
        fail_msg("%s", err.message);
    open_reader(&file, &reader);
    read_world(&file, reader, zeros, &world);
    assert_int_equal(world.arms[1].n_interventions, 2);
    ltv_scenario_free(&world);
    file.scenario.worlds->close(reader);
    ltv_scenario_file_free(&file);
}

/* --- the same unknown number --- */

static void arms_that_set_the_same_share_the_unknown_number(void **state)
{
    (void)state;
    static const char text[] = "ltvsim: 1\n"
                               "currency: USD\n"
                               "retention: {geometric: {churn: 3%}}\n"
                               "revenue: {price: 1}\n"
                               "arms:\n"
                               "  today: []\n"
                               "  a: {set: {revenue.price: {ci90: [2, 3]}}}\n"
                               "  b: {set: {gross_margin: 50%, revenue.price: {ci90: [2, 3]}}}\n"
                               "  c: {set: {revenue.price: {ci90: [2, 4]}}}\n"
                               "  d: {set: {revenue: {price: {ci90: [2, 3]}}}}\n";
    ltv_error err = {0};
    ltv_scenario_file file, again;
    ltv_scenario world;
    void *reader = NULL;
    static const double values[] = {2.25, 2.5, 2.75};
    if (ltv_scenario_read_text(&file, "test.yaml", text, strlen(text), 0, NULL, &err) != LTV_OK)
        fail_msg("%s", err.message);
    const ltv_inputs *inputs = &file.scenario.inputs;
    assert_int_equal(inputs->n, 3);
    assert_string_equal(inputs->items[0].name, "arms.a.set.revenue.price");
    assert_string_equal(inputs->items[1].name, "arms.c.set.revenue.price");
    open_reader(&file, &reader);
    read_world(&file, reader, values, &world);
    const double prices[] = {1, 2.25, 2.25, 2.5, 2.75};
    for (size_t a = 0; a < 5; a++)
        assert_close(world.arms[a].name, world.arms[a].price, prices[a], 0);
    ltv_scenario_free(&world);
    file.scenario.worlds->close(reader);
    assert_int_equal(ltv_scenario_read_text(&again, "test.yaml", file.effective,
                                            strlen(file.effective), 0, NULL, &err),
                     LTV_OK);
    assert_int_equal(again.scenario.inputs.n, 3);
    ltv_scenario_file_free(&again);
    ltv_scenario_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_world_is_the_scenario_with_its_number_written_in),
        cmocka_unit_test(what_an_arm_sets_may_be_uncertain_too),
        cmocka_unit_test(many_uncertain_numbers_find_their_places),
        cmocka_unit_test(reading_worlds_takes_no_memory_for_good),
        cmocka_unit_test(uncertain_shares_sum_to_one_in_every_world),
        cmocka_unit_test(a_world_that_is_no_scenario_is_refused),
        cmocka_unit_test(a_part_may_be_without_use_in_some_world),
        cmocka_unit_test(arms_that_set_the_same_share_the_unknown_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
