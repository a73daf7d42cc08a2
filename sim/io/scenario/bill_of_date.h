/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_BILL_OF_DATE_H
#define LTV_SIM_IO_BILL_OF_DATE_H

#include "sim/io/scenario/walk.h"

/* Number of the first bill dated `date` or later, for the cohort that joins at scenario->start
 * (so only with has_start). Bill u of a monthly scenario that starts on the 31st is dated the last
 * day of shorter months. False when the date lies before the start; with `whole_month` any day of
 * the date's month counts. */
bool ltv_bill_of_date(const ltv_scenario *scenario, ltv_date date, bool whole_month,
                      uint32_t *bill);

/* Stored as uint32_t. */
LTV_MUST_USE ltv_status ltv_read_bill_date(ltv_walk *walk, const ltv_field *field,
                                           ltv_yaml_node *node);

#endif
