/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/scenario.h"

/* Month of the date that lies `days` and `months` later, by the C library's calendar. */
static int month_by_libc(ltv_date start, int days, int months)
{
    struct tm date = {.tm_year = start.year - 1900,
                      .tm_mon = start.month - 1 + months,
                      .tm_mday = start.day + days,
                      .tm_hour = 12};
    time_t when = timegm(&date);
    return gmtime_r(&when, &date)->tm_mon + 1;
}

static const struct {
    const char *label;
    ltv_date start;
} starts[] = {
    {"new year of a common year", {2027, 1, 1}}, {"leap day", {2028, 2, 29}},
    {"last day of a leap year", {2024, 12, 31}}, {"century that is leap", {1999, 12, 31}},
    {"century that is not", {2099, 11, 30}},     {"mid-month", {2026, 4, 15}},
};
enum { STARTS = sizeof starts / sizeof *starts };

static void days_and_weeks_follow_the_calendar(void **state)
{
    (void)state;
    ltv_scenario scenario = {.has_start = true};
    for (size_t i = 0; i < STARTS; i++) {
        scenario.start = starts[i].start;
        for (uint32_t u = 0; u < 2500; u++) {
            scenario.time_unit = LTV_UNIT_DAY;
            assert_that(starts[i].label, ltv_scenario_calendar_month(&scenario, u) ==
                                             month_by_libc(starts[i].start, (int)u, 0));
            scenario.time_unit = LTV_UNIT_WEEK;
            assert_that(starts[i].label, ltv_scenario_calendar_month(&scenario, u) ==
                                             month_by_libc(starts[i].start, 7 * (int)u, 0));
        }
    }
}

static void months_quarters_and_years_step_by_months_whatever_the_day(void **state)
{
    (void)state;
    static const struct {
        ltv_time_unit unit;
        int months;
    } units[] = {{LTV_UNIT_MONTH, 1}, {LTV_UNIT_QUARTER, 3}, {LTV_UNIT_YEAR, 12}};
    ltv_scenario scenario = {.has_start = true};
    for (size_t i = 0; i < STARTS; i++)
        for (size_t j = 0; j < 3; j++) {
            scenario.start = starts[i].start;
            scenario.time_unit = units[j].unit;
            ltv_date first_of_month = {starts[i].start.year, starts[i].start.month, 1};
            for (uint32_t u = 0; u < 100; u++)
                assert_that(starts[i].label,
                            ltv_scenario_calendar_month(&scenario, u) ==
                                month_by_libc(first_of_month, 0, (int)u * units[j].months));
        }
}

static void the_longest_horizon_has_a_calendar_month(void **state)
{
    (void)state;
    ltv_scenario scenario = {.has_start = true, .start = {2027, 4, 1}};
    for (int unit = LTV_UNIT_DAY; unit <= LTV_UNIT_YEAR; unit++) {
        scenario.time_unit = (ltv_time_unit)unit;
        int month = ltv_scenario_calendar_month(&scenario, LTV_MAX_HORIZON);
        assert_in_range(month, 1, 12);
    }
}

static void periods_in_months_are_whole_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_time_unit unit;
        uint32_t months, periods;
    } cases[] = {
        {"a year of days", LTV_UNIT_DAY, 12, 365},
        {"five years of days", LTV_UNIT_DAY, 60, 1825},
        {"a month of days", LTV_UNIT_DAY, 1, 0},
        {"a year of weeks", LTV_UNIT_WEEK, 12, 52},
        {"three years of weeks", LTV_UNIT_WEEK, 36, 156},
        {"a quarter of weeks", LTV_UNIT_WEEK, 3, 13},
        {"a month of weeks", LTV_UNIT_WEEK, 1, 0},
        {"months", LTV_UNIT_MONTH, 36, 36},
        {"one month", LTV_UNIT_MONTH, 1, 1},
        {"a year of quarters", LTV_UNIT_QUARTER, 12, 4},
        {"two months of quarters", LTV_UNIT_QUARTER, 2, 0},
        {"five years", LTV_UNIT_YEAR, 60, 5},
        {"half a year of years", LTV_UNIT_YEAR, 6, 0},
        {"no months", LTV_UNIT_MONTH, 0, 0},
        {"more months than fit 32 bits of days", LTV_UNIT_DAY, 12 * 1000000u, 365000000u},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_that(cases[i].label,
                    ltv_periods_in_months(cases[i].unit, cases[i].months) == cases[i].periods);
}

static void a_year_of_periods_discounts_by_the_annual_rate(void **state)
{
    (void)state;
    static const struct {
        ltv_time_unit unit;
        const char *name;
        double per_year;
    } units[] = {{LTV_UNIT_DAY, "day", 365},
                 {LTV_UNIT_WEEK, "week", 52},
                 {LTV_UNIT_MONTH, "month", 12},
                 {LTV_UNIT_QUARTER, "quarter", 4},
                 {LTV_UNIT_YEAR, "year", 1}};
    static const double rates[] = {0, 0.1, 0.03, 1, -0.02};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        assert_true(ltv_periods_per_year(units[i].unit) == units[i].per_year);
        assert_string_equal(ltv_time_unit_name(units[i].unit), units[i].name);
        for (size_t j = 0; j < sizeof rates / sizeof *rates; j++) {
            ltv_scenario scenario = {.time_unit = units[i].unit,
                                     .discount_rate_per_year = rates[j]};
            double factor = ltv_scenario_discount_per_period(&scenario);
            assert_close(units[i].name, pow(factor, -units[i].per_year), 1 + rates[j], 1e-13);
        }
    }
    ltv_scenario undiscounted = {.time_unit = LTV_UNIT_MONTH};
    assert_true(ltv_scenario_discount_per_period(&undiscounted) == 1);
}

static void season_and_spikes_multiply(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_retention *retention = &scenario.arms[0].retention;
    for (uint32_t u = 0; u < 30; u++)
        assert_true(ltv_scenario_churn_multiplier(&scenario, retention, u) == 1);
    static const ltv_tenure_spike spikes[] = {{0, 0.5}, {11, 1.8}, {23, 0}};
    scenario_fixture_set_spikes(retention, 3, spikes);
    scenario.has_start = true;
    scenario.start = (ltv_date){2027, 11, 1};
    retention->has_season = true;
    for (int month = 0; month < 12; month++)
        retention->season[month] = 1 + month / 10.0;
    static const struct {
        const char *label;
        uint32_t period;
        double times;
    } cases[] = {
        {"November, first spike", 0, 2.0 * 0.5},
        {"December", 1, 2.1},
        {"January", 2, 1.0},
        {"October, anniversary", 11, 1.9 * 1.8},
        {"November again", 12, 2.0},
        {"October, switched off", 23, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(cases[i].label,
                     ltv_scenario_churn_multiplier(&scenario, retention, cases[i].period),
                     cases[i].times, 1e-15);
    ltv_scenario_free(&scenario);
}

static void a_segment_follows_its_own_retention_or_else_the_arms(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_segments(arm, 2, (double[]){0.5, 0.5}, (double[]){1, 2});
    arm->segments[1].has_retention = true;
    scenario_fixture_set_table(&arm->segments[1].retention, 2, (double[]){1, 0.5}, 1);
    assert_ptr_equal(ltv_arm_retention(arm, 0), &arm->retention);
    assert_ptr_equal(ltv_arm_retention(arm, 1), &arm->segments[1].retention);
    ltv_scenario_free(&scenario);
}

static void freeing_twice_is_safe(void **state)
{
    (void)state;
    ltv_scenario scenario = {0};
    ltv_scenario_free(&scenario);
    scenario_fixture_init(&scenario, 0.03);
    scenario_fixture_set_table(&scenario.arms[0].retention, 2, (double[]){1, 0.5}, 1);
    scenario_fixture_set_spikes(&scenario.arms[0].retention, 1, &(ltv_tenure_spike){3, 2});
    scenario_fixture_add_arm(&scenario, "other");
    ltv_scenario_free(&scenario);
    assert_null(scenario.arms);
    assert_int_equal(scenario.n_arms, 0);
    ltv_scenario_free(&scenario);
}

static void a_cost_of_the_cohort_falls_on_those_who_were_counted(void **state)
{
    (void)state;
    ltv_scenario scenario = {.cohort_size = 400};
    assert_true(ltv_scenario_per_customer(&scenario, 1000) == 2.5);
    scenario.cohort_size = 0;
    assert_true(isnan(ltv_scenario_per_customer(&scenario, 1000)));
    assert_true(ltv_scenario_per_customer(&scenario, 0) == 0);
}

static void an_arm_knows_its_interventions_by_name(void **state)
{
    (void)state;
    ltv_intervention interventions[] = {{.name = "call"}, {.name = "letter"}};
    ltv_arm arm = {.n_interventions = 2, .interventions = interventions};
    assert_true(ltv_arm_has_intervention(&arm, "letter"));
    assert_false(ltv_arm_has_intervention(&arm, "lette"));
    arm.n_interventions = 1;
    assert_false(ltv_arm_has_intervention(&arm, "letter"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_weeks_follow_the_calendar),
        cmocka_unit_test(months_quarters_and_years_step_by_months_whatever_the_day),
        cmocka_unit_test(the_longest_horizon_has_a_calendar_month),
        cmocka_unit_test(periods_in_months_are_whole_or_none),
        cmocka_unit_test(a_year_of_periods_discounts_by_the_annual_rate),
        cmocka_unit_test(season_and_spikes_multiply),
        cmocka_unit_test(a_segment_follows_its_own_retention_or_else_the_arms),
        cmocka_unit_test(freeing_twice_is_safe),
        cmocka_unit_test(a_cost_of_the_cohort_falls_on_those_who_were_counted),
        cmocka_unit_test(an_arm_knows_its_interventions_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
