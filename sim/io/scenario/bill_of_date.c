/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/bill_of_date.h"

#include <string.h>

#include "sim/io/scenario/read_words.h"

/* Days since 1 March of the year 0 in the Gregorian calendar: years are counted from March, so that
 * a leap day is the last of its year. */
static long day_number(ltv_date date)
{
    long year = date.month > 2 ? date.year : date.year - 1;
    long month = (date.month + 9) % 12; /* March is 0 */
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day - 1;
}

static long month_number(ltv_date date)
{
    return 12L * date.year + date.month - 1;
}

/* ceil(days / length) */
static uint32_t bill_by_days(long days, long length)
{
    return (uint32_t)((days + length - 1) / length);
}

static uint32_t bill_by_months(ltv_date start, ltv_date date, long length)
{
    long months = month_number(date) - month_number(start);
    long bill = (months + length - 1) / length;
    int last_day = ltv_days_in_month(date.year, date.month);
    int day = start.day < last_day ? start.day : last_day; /* of a bill in that month */
    return (uint32_t)(bill * length == months && day < date.day ? bill + 1 : bill);
}

bool ltv_bill_of_date(const ltv_scenario *scenario, ltv_date date, bool whole_month, uint32_t *bill)
{
    ltv_date start = scenario->start;
    if (whole_month && month_number(date) == month_number(start))
        date.day = start.day;
    long days = day_number(date) - day_number(start);
    if (days < 0)
        return false;
    switch (scenario->time_unit) {
    case LTV_UNIT_DAY:
        *bill = bill_by_days(days, 1);
        break;
    case LTV_UNIT_WEEK:
        *bill = bill_by_days(days, 7);
        break;
    case LTV_UNIT_MONTH:
        *bill = bill_by_months(start, date, 1);
        break;
    case LTV_UNIT_QUARTER:
        *bill = bill_by_months(start, date, 3);
        break;
    case LTV_UNIT_YEAR:
        *bill = bill_by_months(start, date, 12);
        break;
    }
    return true;
}

ltv_status ltv_read_bill_date(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    const ltv_scenario *scenario = walk->scenario;
    ltv_date date;
    char shown[LTV_SHOWN_SIZE];
    uint32_t bill = 0;
    ltv_status status = ltv_parse_date(walk, node, &date);
    if (status != LTV_OK)
        return status;
    ltv_shown(shown, node->text);
    if (!scenario->has_start)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a date needs that of the first bill; write time: {start: 2027-04}");
    if (!ltv_bill_of_date(scenario, date, strlen(node->text) == strlen("YYYY-MM"), &bill))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "%s lies before the first bill, %04d-%02d-%02d", shown,
                            scenario->start.year, scenario->start.month, scenario->start.day);
    *(uint32_t *)ltv_walk_address(walk, field) = bill;
    return LTV_OK;
}
