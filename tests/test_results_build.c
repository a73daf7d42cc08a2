/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/results/results_build.h"
#include "sim/io/results/results_schema.h"

/* The fixture's document as it comes back from a file. */
static int read_file_back(void **state)
{
    static ltv_document doc;
    char *folder = fixture_make_folder(), *path = fixture_path(folder, "results.h5");
    ltv_document built = fixture_document();
    ltv_error err = {0};
    assert_int_equal(ltv_hdf5_write(&built, path, &err), LTV_OK);
    assert_int_equal(ltv_hdf5_read(&doc, path, &err), LTV_OK);
    ltv_document_free(&built);
    fixture_remove_folder(folder);
    free(path);
    *state = &doc;
    return 0;
}

static int free_document(void **state)
{
    ltv_document_free(*state);
    return 0;
}

/* ---- conformance: everything in the file is declared, and as declared ---- */

static const ltv_item_kind kind_of[] = {[LTV_NODE_GROUP] = LTV_ITEM_GROUP,
                                        [LTV_NODE_ARRAY] = LTV_ITEM_ARRAY,
                                        [LTV_NODE_TABLE] = LTV_ITEM_TABLE,
                                        [LTV_NODE_TEXT] = LTV_ITEM_TEXT};

static size_t declared_extent(const char *shape)
{
    if (strcmp(shape, "[horizon]") == 0)
        return FIXTURE_HORIZON;
    if (strcmp(shape, "[horizon+1]") == 0)
        return FIXTURE_HORIZON + 1;
    if (strcmp(shape, "[bins]") == 0)
        return FIXTURE_BINS;
    if (strcmp(shape, "[bins+1]") == 0)
        return FIXTURE_BINS + 1;
    fail_msg("unknown shape %s", shape);
    return 0;
}

static void assert_part_declared(const ltv_node *node, const ltv_results_item *item,
                                 ltv_item_kind kind, const ltv_values *values)
{
    const ltv_results_item *part = ltv_results_find_part(item, kind, values->name);
    if (part == NULL)
        fail_msg("%s of %s is not declared", values->name, node->path);
    assert_int_equal(part->type, values->type);
    assert_int_equal(part->is_list, values->is_list);
}

static void assert_described(const ltv_node *node)
{
    const ltv_values *description = ltv_node_attribute(node, "description");
    const ltv_values *units = ltv_node_attribute(node, "units");
    if (description == NULL || description->string[0][0] == '\0')
        fail_msg("%s has no description", node->path);
    if (node->kind != LTV_NODE_GROUP && (units == NULL || units->string[0][0] == '\0'))
        fail_msg("%s has no units", node->path);
}

static void everything_in_a_file_is_declared_and_as_declared(void **state)
{
    const ltv_document *doc = *state;
    for (size_t i = 0; i < doc->n; i++) {
        const ltv_node *node = &doc->nodes[i];
        const ltv_results_item *item = ltv_results_find(node->path, NULL);
        if (item == NULL)
            fail_msg("%s is not declared", node->path);
        assert_int_equal(item->kind, kind_of[node->kind]);
        assert_described(node);
        for (size_t a = 0; a < node->n_attributes; a++)
            assert_part_declared(node, item, LTV_ITEM_ATTRIBUTE, &node->attributes[a]);
        for (size_t c = 0; c < node->n_columns; c++)
            assert_part_declared(node, item, LTV_ITEM_COLUMN, &node->columns[c]);
        if (node->kind == LTV_NODE_ARRAY) {
            assert_int_equal(node->type, item->type);
            assert_int_equal(node->rank, 1);
            assert_int_equal(node->extent[0], declared_extent(item->shape));
        }
    }
}

/* ---- and everything declared as always there is there ---- */

static void assert_item_in(const ltv_document *doc, const char *place, const ltv_results_item *item)
{
    char path[512];
    const char *slash = item->path[0] == '\0' || item->path[0] == '/' ? "" : "/";
    snprintf(path, sizeof path, "%s%s%s", place, slash, item->path);
    const ltv_node *node = ltv_document_find(doc, path);
    if (item->kind == LTV_ITEM_LINK) /* the test in Python follows links */
        return;
    if (node == NULL && item->name != NULL && !ltv_results_find(path, NULL)->required)
        return;
    if (node == NULL)
        fail_msg("%s is missing", path);
    if (item->kind == LTV_ITEM_ATTRIBUTE && ltv_node_attribute(node, item->name) == NULL)
        fail_msg("%s@%s is missing", path, item->name);
    if (item->kind == LTV_ITEM_COLUMN && ltv_node_column(node, item->name) == NULL)
        fail_msg("%s:%s is missing", path, item->name);
}

static void everything_required_is_in_each_of_its_places(void **state)
{
    static const struct {
        const char *place, *path;
    } places[] = {
        {"", ""},
        {"arm", "/arms/" FIXTURE_BASELINE},
        {"arm", "/arms/" FIXTURE_OTHER_ARM},
        {"customers", "/arms/" FIXTURE_BASELINE},
        {"customers", "/arms/" FIXTURE_BASELINE "/segments/" FIXTURE_SEGMENT},
        {"customers", "/arms/" FIXTURE_OTHER_ARM "/segments/say \"hi\", twice"},
        {"customers", "/arms/" FIXTURE_OTHER_ARM "/channels/all@once"},
        {"value", "/arms/" FIXTURE_BASELINE "/ltv"},
        {"value", "/arms/" FIXTURE_BASELINE "/net_ltv"},
        {"value", "/arms/" FIXTURE_BASELINE "/segments/" FIXTURE_SEGMENT "/ltv"},
        {"value", "/arms/" FIXTURE_OTHER_ARM "/channels/all@once/net_ltv"},
        {"value", FIXTURE_CONTRAST "/delta_ltv"},
        {"value", FIXTURE_PAIR "/delta_ltv"},
        {"contrast", FIXTURE_CONTRAST},
        {"contrast", FIXTURE_PAIR},
        {"holding", "/arms/" FIXTURE_BASELINE "/plans/" FIXTURE_PLAN},
        {"holding", "/arms/" FIXTURE_OTHER_ARM "/add_ons/analytics"},
        {"revenue", "/arms/" FIXTURE_BASELINE "/plan_revenue/" FIXTURE_PLAN},
        {"revenue", "/arms/" FIXTURE_OTHER_ARM "/add_on_revenue/analytics"},
    };
    size_t checked = 0;
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
        for (size_t i = 0; i < ltv_results_n_items; i++) {
            const ltv_results_item *item = &ltv_results_items[i];
            if (!item->required || strcmp(item->place->name, places[p].place) != 0)
                continue;
            assert_item_in(*state, places[p].path, item);
            checked++;
        }
    assert_true(checked > 200);
}

/* ---- values ---- */

static void estimates_arrive_where_they_belong(void **state)
{
    static const struct {
        const char *place;
        double value;
    } cases[] = {
        {"/@horizon", FIXTURE_HORIZON},
        {"/@seed", 9007199254740992.0},
        {"/@customers", 10},
        {"/@cohort_size", 0},
        {"/@n_arms", 2},
        {"/@complete", 1},
        {"/@uncertain_inputs", 0},
        {"/@discount_rate_per_year", 0.1},
        {"/provenance@threads", 2},
        {"/arms/" FIXTURE_BASELINE "/ltv@mean", 26661.5},
        {"/arms/" FIXTURE_BASELINE "/net_ltv@mean", 21661.5},
        {"/arms/" FIXTURE_BASELINE "/ltv@n", 10},
        {"/arms/" FIXTURE_OTHER_ARM "/ltv@mean", 27000.0},
        {"/arms/" FIXTURE_OTHER_ARM "/ltv/one_customer@sd", 13500.0},
        {"/arms/" FIXTURE_BASELINE "/segments/" FIXTURE_SEGMENT "@share", 0.25},
        {"/arms/" FIXTURE_BASELINE "/segments/" FIXTURE_SEGMENT "/ltv@mean", 30000.0},
        {FIXTURE_CONTRAST "/delta_ltv@mean", 338.5},
        {FIXTURE_PAIR "/delta_ltv@mean", -338.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (ltv_document_real(*state, cases[i].place) != cases[i].value)
            fail_msg("%s is %g", cases[i].place, ltv_document_real(*state, cases[i].place));
    assert_string_equal(ltv_document_string(*state, "/@baseline"), FIXTURE_BASELINE);
    assert_string_equal(ltv_document_string(*state, "/@payment"), "advance");
    assert_string_equal(ltv_document_string(*state, FIXTURE_CONTRAST "/delta_ltv@against"),
                        FIXTURE_BASELINE);
    assert_string_equal(ltv_document_find(*state, "/scenario/assumed")->text,
                        "time.horizon: 3\nexperiment.seed: 1");
    assert_string_equal(ltv_document_find(*state, "/scenario/overrides")->text,
                        "time.horizon: 2\ntime.horizon: 3");
    assert_string_equal(ltv_document_find(*state, "/scenario/warnings")->text,
                        "interventions.案内: flatters itself");
}

static void assert_reals(const ltv_document *doc, const char *path, size_t n, const double *v)
{
    const ltv_node *node = ltv_document_find(doc, path);
    if (node == NULL)
        fail_msg("%s is missing", path);
    assert_int_equal(node->extent[0], n);
    assert_memory_equal(node->real, v, n * sizeof *v);
}

static void what_programmes_cost_and_customers_hold_is_there(void **state)
{
    static const char segment[] =
        "/arms/" FIXTURE_OTHER_ARM "/segments/" FIXTURE_SEGMENT "/programme_cost";
    static const char plan[] = "/arms/" FIXTURE_BASELINE "/plans/" FIXTURE_PLAN;
    assert_reals(*state, "/arms/" FIXTURE_BASELINE "/programme_cost", FIXTURE_HORIZON,
                 (double[]){35.5, 0, 1.25});
    assert_reals(*state, segment, FIXTURE_HORIZON, (double[]){35.5, 0, 1.25});
    assert_reals(*state, plan, FIXTURE_HORIZON, (double[]){0.25, 0.375, 0.4375});
    assert_reals(*state, "/arms/" FIXTURE_OTHER_ARM "/plans/basic", FIXTURE_HORIZON,
                 (double[]){0.75, 0.5, 0.25});
    assert_reals(*state, "/arms/" FIXTURE_OTHER_ARM "/add_ons/analytics", FIXTURE_HORIZON,
                 (double[]){0, 0.125, 0.0625});
    assert_reals(*state, "/arms/" FIXTURE_BASELINE "/plan_revenue/" FIXTURE_PLAN, FIXTURE_HORIZON,
                 (double[]){1000.0 * 0.25, 970.0 * 0.375, 940.9 * 0.5});
    assert_reals(*state, "/arms/" FIXTURE_OTHER_ARM "/add_on_revenue/analytics", FIXTURE_HORIZON,
                 (double[]){0, 970.0 * 0.125, 940.9 * 0.25});
    assert_string_equal(
        ltv_node_attribute(ltv_document_find(*state, plan), "description")->string[0],
        "Share of joined customers who hold this plan at bill u.");
}

static void a_contrast_says_who_gains_and_when(void **state)
{
    const ltv_node *gains = ltv_document_find(*state, FIXTURE_CONTRAST "/who_gains");
    assert_reals(*state, FIXTURE_CONTRAST "/delta_retention", FIXTURE_HORIZON + 1,
                 (double[]){0, 0.015625, 0.03125, 0});
    assert_reals(*state, FIXTURE_CONTRAST "/cumulative_gain", FIXTURE_HORIZON,
                 (double[]){-42.5, -10, 338.5});
    assert_int_equal(gains->n_rows, 2);
    assert_string_equal(ltv_node_column(gains, "segment")->string[0], FIXTURE_SEGMENT);
    assert_string_equal(ltv_node_column(gains, "channel")->string[1], "all@once");
    assert_int_equal(ltv_node_column(gains, "n")->int64[1], 6);
    static const struct {
        const char *column;
        double value;
    } first[] = {
        {"share", 0.25},         {"delta_ltv", 400.5}, {"delta_ltv_mc_standard_error", 20.25},
        {"programme_cost", 160}, {"roi", 2.5},         {"roi_mc_standard_error", 0.5}};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        assert_true(ltv_node_column(gains, first[i].column)->real[0] == first[i].value);
    assert_true(isnan(ltv_node_column(gains, "roi")->real[1]));
    assert_string_equal(ltv_node_attribute(gains, "units")->string[0],
                        "share: 1, n: 1, delta_ltv: JPY, delta_ltv_mc_standard_error: JPY, "
                        "programme_cost: JPY, roi: 1, roi_mc_standard_error: 1");
    assert_string_equal(ltv_document_string(*state, FIXTURE_CONTRAST "@advice"), FIXTURE_ADVICE);
    assert_string_equal(ltv_document_string(*state, FIXTURE_CONTRAST "@signal"), "cumulative_gain");
}

static void a_contrast_says_where_it_comes_from(void **state)
{
    const ltv_node *table = ltv_document_find(*state, FIXTURE_CONTRAST "/drivers");
    assert_int_equal(table->n_rows, 3);
    assert_int_equal(ltv_document_int64(*state, FIXTURE_CONTRAST "/drivers@n", 0), 8);
    assert_string_equal(ltv_node_column(table, "driver")->string[0], "churn");
    assert_string_equal(ltv_node_column(table, "meaning")->string[0], "how long customers stay");
    assert_string_equal(ltv_node_column(table, "note")->string[1], "with \"price_off\", given");
    assert_true(ltv_node_column(table, "amount")->real[1] == -70.5);
    assert_true(ltv_node_column(table, "amount_mc_standard_error")->real[1] == 1.5);
    assert_true(isnan(ltv_node_column(table, "amount_mc_standard_error")->real[2]));
    assert_true(ltv_node_column(table, "running")->real[2] == 338.5);
    assert_string_equal(ltv_node_attribute(table, "units")->string[0],
                        "amount: JPY, amount_mc_standard_error: JPY, running: JPY");
}

static void a_pair_is_named_after_both_arms_and_leaves_out_what_it_lacks(void **state)
{
    assert_string_equal(ltv_document_string(*state, FIXTURE_PAIR "@arm"), FIXTURE_BASELINE);
    assert_string_equal(ltv_document_string(*state, FIXTURE_PAIR "@against"), FIXTURE_OTHER_ARM);
    assert_string_equal(ltv_document_string(*state, FIXTURE_CONTRAST "@against"), FIXTURE_BASELINE);
    assert_non_null(ltv_document_find(*state, FIXTURE_PAIR "/metrics"));
    assert_null(ltv_document_find(*state, FIXTURE_PAIR "/who_gains"));
    assert_null(ltv_document_find(*state, FIXTURE_PAIR "/drivers"));
    assert_null(ltv_document_find(*state, FIXTURE_PAIR "/cumulative_gain"));
    assert_null(ltv_document_string(*state, FIXTURE_PAIR "@advice"));
    assert_null(ltv_document_string(*state, FIXTURE_PAIR "@signal"));
}

static void metrics_carry_units_of_the_scenario_and_reasons(void **state)
{
    static const char path[] = "/arms/" FIXTURE_BASELINE "/metrics";
    const ltv_node *metrics = ltv_document_find(*state, path);
    const ltv_values *unit = ltv_node_column(metrics, "unit");
    assert_string_equal(unit->string[ltv_node_row(metrics, "name", "arpu")], "JPY");
    assert_string_equal(unit->string[ltv_node_row(metrics, "name", "revenue_rate")], "JPY/month");
    assert_string_equal(unit->string[ltv_node_row(metrics, "name", "payback_survival")], "month");
    assert_true(isnan(ltv_document_metric(*state, path, "payback_survival", "value")));
    assert_string_equal(ltv_document_metric_note(*state, path, "payback_survival"),
                        "not within the horizon");
    assert_string_equal(
        ltv_node_attribute(ltv_document_find(*state, "/period"), "units")->string[0], "month");
}

static void the_three_kinds_of_variation_are_kept_apart(void **state)
{
    const ltv_node *variance = ltv_document_find(*state, "/arms/" FIXTURE_BASELINE "/ltv/variance");
    assert_int_equal(variance->n_rows, 1);
    assert_true(ltv_node_column(variance, "customer")->real[0] == 13330.75 * 13330.75);
    assert_true(isnan(ltv_node_column(variance, "parameter")->real[0]));
    assert_true(fabs(ltv_node_column(variance, "monte_carlo")->real[0] - 2666.15 * 2666.15) < 1e-6);
    assert_string_equal(ltv_node_column(variance, "note")->string[0],
                        "parameter does not apply: no input is uncertain");
}

static void one_arm_without_groups_needs_no_contrast(void **state)
{
    ltv_estimate estimate = *fixture_estimate();
    ltv_arm_estimate arm = estimate.arms[0];
    ltv_document doc;
    ltv_error err = {0};
    (void)state;
    arm.n_segments = arm.n_channels = arm.n_plans = arm.n_add_ons = 0;
    arm.all.programme_cost = NULL;
    estimate.arms = &arm;
    estimate.n_arms = 1;
    estimate.n_contrasts = 0;
    assert_int_equal(
        ltv_results_build(&doc, &estimate, fixture_scenario(), fixture_provenance(), &err), LTV_OK);
    assert_null(ltv_document_find(&doc, "/compare"));
    assert_null(ltv_document_find(&doc, "/arms/" FIXTURE_BASELINE "/segments"));
    assert_null(ltv_document_find(&doc, "/arms/" FIXTURE_BASELINE "/channels"));
    assert_null(ltv_document_find(&doc, "/arms/" FIXTURE_BASELINE "/plans"));
    assert_null(ltv_document_find(&doc, "/arms/" FIXTURE_BASELINE "/add_ons"));
    assert_null(ltv_document_find(&doc, "/arms/" FIXTURE_BASELINE "/programme_cost"));
    ltv_document_free(&doc);
}

static void names_of_the_greatest_length_fit(void **state)
{
    ltv_estimate estimate = *fixture_estimate();
    ltv_arm_estimate arm = estimate.arms[0];
    ltv_group_estimate segment = arm.segments[0];
    ltv_contrast_estimate pair = estimate.contrasts[1];
    ltv_document doc;
    ltv_error err = {0};
    char path[512];
    (void)state;
    memset(segment.name, 's', LTV_NAME_SIZE - 1);
    memset(arm.all.name, 'a', LTV_NAME_SIZE - 1);
    memset(pair.arm, 'b', LTV_NAME_SIZE - 1);
    memset(pair.against, 'c', LTV_NAME_SIZE - 1);
    segment.name[LTV_NAME_SIZE - 1] = arm.all.name[LTV_NAME_SIZE - 1] = '\0';
    arm.segments = &segment;
    arm.n_segments = 1;
    estimate.arms = &arm;
    estimate.n_arms = 1;
    estimate.contrasts = &pair;
    estimate.n_contrasts = 1;
    assert_int_equal(
        ltv_results_build(&doc, &estimate, fixture_scenario(), fixture_provenance(), &err), LTV_OK);
    snprintf(path, sizeof path, "/arms/%s/segments/%s/net_ltv/one_customer/histogram/centers",
             arm.all.name, segment.name);
    assert_non_null(ltv_document_find(&doc, path));
    snprintf(path, sizeof path, "/compare/%s|%s/delta_ltv/one_customer/histogram/centers", pair.arm,
             pair.against);
    assert_non_null(ltv_document_find(&doc, path));
    ltv_document_free(&doc);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, read_file_back, free_document)
    const struct CMUnitTest tests[] = {
        TEST(everything_in_a_file_is_declared_and_as_declared),
        TEST(everything_required_is_in_each_of_its_places),
        TEST(estimates_arrive_where_they_belong),
        TEST(what_programmes_cost_and_customers_hold_is_there),
        TEST(a_contrast_says_who_gains_and_when),
        TEST(a_contrast_says_where_it_comes_from),
        TEST(a_pair_is_named_after_both_arms_and_leaves_out_what_it_lacks),
        TEST(metrics_carry_units_of_the_scenario_and_reasons),
        TEST(the_three_kinds_of_variation_are_kept_apart),
        cmocka_unit_test(one_arm_without_groups_needs_no_contrast),
        cmocka_unit_test(names_of_the_greatest_length_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
