/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    double per_year;
    uint32_t per_month_numerator, per_month_denominator; /* periods in one month */
} units[] = {
    /* A year has 365 days and 52 weeks; a month is a whole number of neither, a year is. */
    [LTV_UNIT_DAY] = {"day", 365, 365, 12}, [LTV_UNIT_WEEK] = {"week", 52, 52, 12},
    [LTV_UNIT_MONTH] = {"month", 12, 1, 1}, [LTV_UNIT_QUARTER] = {"quarter", 4, 1, 3},
    [LTV_UNIT_YEAR] = {"year", 1, 1, 12},
};

double ltv_periods_per_year(ltv_time_unit unit)
{
    return units[unit].per_year;
}

const char *ltv_time_unit_name(ltv_time_unit unit)
{
    return units[unit].name;
}

const char *ltv_payment_name(ltv_payment payment)
{
    static const char *const names[] = {
        [LTV_PAY_ADVANCE] = "advance", [LTV_PAY_MID] = "mid", [LTV_PAY_ARREARS] = "arrears"};
    return names[payment];
}

uint32_t ltv_periods_in_months(ltv_time_unit unit, uint32_t months)
{
    uint64_t numerator = (uint64_t)months * units[unit].per_month_numerator;
    uint32_t denominator = units[unit].per_month_denominator;
    return numerator % denominator == 0 ? (uint32_t)(numerator / denominator) : 0;
}

double ltv_scenario_discount_per_period(const ltv_scenario *scenario)
{
    return pow(1 + scenario->discount_rate_per_year,
               -1 / ltv_periods_per_year(scenario->time_unit));
}

const ltv_retention *ltv_arm_retention(const ltv_arm *arm, size_t segment)
{
    return arm->segments[segment].has_retention ? &arm->segments[segment].retention
                                                : &arm->retention;
}

ltv_multipliers ltv_arm_multipliers(const ltv_arm *arm, size_t channel, size_t segment)
{
    ltv_multipliers times = arm->segments[segment].times;
    for (int lever = 0; lever < LTV_LEVERS; lever++)
        times.on[lever] *= arm->channels[channel].times.on[lever];
    return times;
}

static bool same_multipliers(const ltv_multipliers *a, const ltv_multipliers *b)
{
    for (int lever = 0; lever < LTV_LEVERS; lever++)
        if (a->on[lever] != b->on[lever])
            return false;
    return true;
}

size_t ltv_arm_like_channel(const ltv_arm *arm, size_t channel)
{
    size_t like = 0;
    while (!same_multipliers(&arm->channels[like].times, &arm->channels[channel].times))
        like++;
    return like;
}

double ltv_arm_segment_share(const ltv_arm *arm, size_t channel, size_t segment)
{
    const double *own = arm->channels[channel].segments;
    return own != NULL ? own[segment] : arm->segments[segment].share;
}

double ltv_arm_starting_share(const ltv_arm *arm, size_t segment, size_t plan)
{
    const double *own = arm->segments[segment].starts;
    if (arm->n_plans == 0)
        return 1;
    return own != NULL ? own[plan] : arm->plans[plan].starts;
}

bool ltv_arm_has_intervention(const ltv_arm *arm, const char *name)
{
    for (size_t k = 0; k < arm->n_interventions; k++)
        if (strcmp(arm->interventions[k].name, name) == 0)
            return true;
    return false;
}

double ltv_scenario_per_customer(const ltv_scenario *scenario, double cost)
{
    if (cost == 0)
        return 0;
    return scenario->cohort_size > 0 ? cost / (double)scenario->cohort_size : NAN;
}

bool ltv_arm_is_plain(const ltv_arm *arm)
{
    return arm->n_plans == 0 && arm->n_add_ons == 0 && arm->orders.rate == 0 &&
           arm->n_price_changes == 0 && arm->n_interventions == 0;
}

static bool is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int ltv_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

static int month_after_days(ltv_date date, uint64_t days)
{
    days += (uint64_t)date.day - 1; /* count from the first of the month */
    while (days >= (uint64_t)ltv_days_in_month(date.year, date.month)) {
        days -= (uint64_t)ltv_days_in_month(date.year, date.month);
        if (++date.month > 12) {
            date.month = 1;
            date.year++;
        }
    }
    return date.month;
}

int ltv_scenario_calendar_month(const ltv_scenario *scenario, uint32_t period)
{
    uint64_t months = period;
    switch (scenario->time_unit) {
    case LTV_UNIT_DAY:
        return month_after_days(scenario->start, period);
    case LTV_UNIT_WEEK:
        return month_after_days(scenario->start, 7 * (uint64_t)period);
    case LTV_UNIT_MONTH:
        break;
    case LTV_UNIT_QUARTER:
        months *= 3;
        break;
    case LTV_UNIT_YEAR:
        months *= 12;
        break;
    }
    return (int)(((uint64_t)scenario->start.month - 1 + months) % 12) + 1;
}

static double spike_at(const ltv_retention *retention, uint32_t period)
{
    for (size_t i = 0; i < retention->n_spikes; i++)
        if (retention->spikes[i].period == period)
            return retention->spikes[i].times;
    return 1;
}

double ltv_scenario_churn_multiplier(const ltv_scenario *scenario, const ltv_retention *retention,
                                     uint32_t period)
{
    double times = spike_at(retention, period);
    if (retention->has_season)
        times *= retention->season[ltv_scenario_calendar_month(scenario, period) - 1];
    return times;
}

void ltv_retention_free(ltv_retention *retention)
{
    ltv_curve_free(&retention->curve);
    free(retention->spikes);
    *retention = (ltv_retention){0};
}

void ltv_arm_free(ltv_arm *arm)
{
    ltv_retention_free(&arm->retention);
    for (size_t i = 0; i < arm->n_segments; i++) {
        ltv_retention_free(&arm->segments[i].retention);
        free(arm->segments[i].starts);
    }
    for (size_t i = 0; i < arm->n_channels; i++)
        free(arm->channels[i].segments);
    for (size_t i = 0; i < arm->n_plans; i++)
        ltv_plan_free(&arm->plans[i]);
    for (size_t i = 0; i < arm->n_add_ons; i++)
        ltv_add_on_free(&arm->add_ons[i]);
    for (size_t i = 0; i < arm->n_interventions; i++)
        ltv_intervention_free(&arm->interventions[i]);
    free(arm->segments);
    free(arm->channels);
    free(arm->plans);
    free(arm->add_ons);
    free(arm->price_changes);
    free(arm->interventions);
    *arm = (ltv_arm){0};
}

void ltv_scenario_free(ltv_scenario *scenario)
{
    free(scenario->title);
    for (size_t i = 0; i < scenario->n_arms; i++)
        ltv_arm_free(&scenario->arms[i]);
    free(scenario->arms);
    free(scenario->phases);
    free(scenario->contrasts);
    for (size_t i = 0; i < scenario->n_precisions; i++)
        free(scenario->precisions[i].metric);
    free(scenario->precisions);
    ltv_inputs_free(&scenario->inputs);
    *scenario = (ltv_scenario){0};
}
