/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/read_lists.h"
#include "tests/walk_fixture.h"

typedef ltv_status reader(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

static const ltv_field season = {.kind = LTV_FIELD_SEASON,
                                 .in = LTV_IN_RETENTION,
                                 .offset = offsetof(ltv_retention, season),
                                 .highest = 10,
                                 .marks = LTV_MARK_TIMES,
                                 .zero_hint = "nothing happens"};
static const ltv_field share_list = {
    .key = "list", .in = LTV_IN_CURVE, .highest = 1, .marks = LTV_MARK_PERCENT};
static const ltv_field spikes = {.kind = LTV_FIELD_SPIKES,
                                 .in = LTV_IN_RETENTION,
                                 .offset = offsetof(ltv_retention, spikes),
                                 .count_offset = offsetof(ltv_retention, n_spikes),
                                 .highest = 10,
                                 .marks = LTV_MARK_TIMES};

static void a_list_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        reader *read;
        const ltv_field *field;
        const char *text, *message;
    } cases[] = {
        {"season of 11", ltv_read_season, &season, "[1,1,1,1,1,1,1,1,1,1,1]",
         "here: the list has 11 entries; it needs exactly 12"},
        {"season of one number", ltv_read_season, &season, "1",
         "a list in brackets is due here, not a single value"},
        {"season of zeros", ltv_read_season, &season, "[0,0,0,0,0,0,0,0,0,0,0,0]",
         "with 0 in every month nothing happens"},
        {"bad entry", ltv_read_season, &season, "[1,1,11,1,1,1,1,1,1,1,1,1]",
         "here[2]: 11 is out of range"},
        {"split thousands", ltv_read_season, &season, "[1,000,1,1,1,1,1,1,1,1,1,1]",
         "here[1]: YAML splits 1,000 at the comma inside [ ]"},
        {"survival of one entry", ltv_read_survival, &share_list, "[100%]",
         "the list has 1 entries; it needs at least 2"},
        {"survival from less than all", ltv_read_survival, &share_list, "[90%, 80%]",
         "begins with 90%; a survival list begins with 100%"},
        {"rising survival", ltv_read_survival, &share_list, "[100%, 50%, 60%]",
         "entry 2 rises from 50% to 60%"},
        {"survival above all", ltv_read_survival, &share_list, "[100%, 110%]",
         "here[1]: 110% is out of range"},
        {"no churn", ltv_read_churn_list, &share_list, "[]",
         "the list has 0 entries; it needs at least 1"},
        {"spikes in a list", ltv_read_spikes, &spikes, "[11, 1.8]",
         "tenures with multipliers are due here, such as {11: 1.8}"},
        {"no spikes", ltv_read_spikes, &spikes, "{}", "tenures with multipliers are due here"},
        {"half a tenure", ltv_read_spikes, &spikes, "{1.5: 2}",
         "1.5 is not a tenure; write whole periods from 0 to 19999"},
        {"tenure beyond all horizons", ltv_read_spikes, &spikes, "{20000: 2}",
         "20000 is not a tenure"},
        {"the same tenure in two notations", ltv_read_spikes, &spikes, "{11: 2, 1.1e1: 3}",
         "the tenure 11 is written twice"},
        {"bad multiplier", ltv_read_spikes, &spikes, "{11: x-2}", "here.11: x-2 is out of range"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        f.retention.curve.kind = LTV_CURVE_TABLE;
        ltv_status status =
            cases[i].read(&f.walk, cases[i].field, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        walk_fixture_free(&f);
    }
}

static void a_season_is_twelve_multipliers(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    ltv_yaml_node *node = walk_fixture_parse(&f, "[x2,1,1,1,1,1,1,1,1,1,1,0.5]");
    walk_fixture_expect(&f, ltv_read_season(&f.walk, &season, node), "season", NULL);
    assert_true(f.retention.season[0] == 2 && f.retention.season[11] == 0.5);
    walk_fixture_free(&f);
}

static void survival_and_churn_give_the_same_table(void **state)
{
    (void)state;
    static const double expected[] = {1, 0.75, 0.75, 0.375, 0};
    static const struct {
        const char *label;
        reader *read;
        const char *text;
    } cases[] = {
        {"survival", ltv_read_survival, "[100%, 75%, 0.75, 37.5%, 0%]"},
        {"churn", ltv_read_churn_list, "[25%, 0, 50%, 100%]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_curve *curve = &f.retention.curve;
        curve->kind = LTV_CURVE_TABLE;
        ltv_status status =
            cases[i].read(&f.walk, &share_list, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, NULL);
        assert_int_equal(curve->table_size, 5);
        assert_memory_equal(curve->survival, expected, sizeof expected);
        walk_fixture_free(&f);
    }
}

static void spikes_are_put_in_order(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    walk_fixture_expect(
        &f, ltv_read_spikes(&f.walk, &spikes, walk_fixture_parse(&f, "{23: x1.5, 0: 0, 11: 2}")),
        "spikes", NULL);
    assert_int_equal(f.retention.n_spikes, 3);
    static const ltv_tenure_spike expected[] = {{0, 0}, {11, 2}, {23, 1.5}};
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(f.retention.spikes[i].period, expected[i].period);
        assert_true(f.retention.spikes[i].times == expected[i].times);
    }
    walk_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_that_makes_no_sense_is_refused),
        cmocka_unit_test(a_season_is_twelve_multipliers),
        cmocka_unit_test(survival_and_churn_give_the_same_table),
        cmocka_unit_test(spikes_are_put_in_order),
    };
    return cmocka_run_group_tests_name("read_lists", tests, NULL, NULL);
}
