/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_VERDICT_H
#define LTV_SIM_CLI_VERDICT_H

#include "sim/cli/page.h"

/* Whether a programme pays, for every page that says so. A contrast is a position in
 * page->contrasts. */

typedef enum {
    LTV_VERDICT_NO_DIFFERENCE, /* gains nothing and costs nothing */
    LTV_VERDICT_TOO_CLOSE,     /* within the simulation's noise, with nothing uncertain */
    LTV_VERDICT_NO,
    LTV_VERDICT_LIKELY_NO,
    LTV_VERDICT_OPEN,
    LTV_VERDICT_LIKELY_YES,
    LTV_VERDICT_YES
} ltv_verdict;

/* Money can be put into it or not: the arms differ in programmes alone, which cost something. */
bool ltv_contrast_is_decision(const ltv_page *p, size_t contrast);

bool ltv_contrast_is_against_baseline(const ltv_page *p, size_t contrast);

/* The figure that is the net gain: of the cohort where its size is known, else per joined
 * customer. */
const char *ltv_contrast_gain_metric(const ltv_page *p);
double ltv_contrast_gain(const ltv_page *p, size_t contrast);
double ltv_contrast_gain_noise(const ltv_page *p, size_t contrast); /* half its 95 % interval */

/* How likely the programme is to pay, over the draws of what is uncertain; NaN where nothing is. */
double ltv_contrast_chance_to_pay(const ltv_page *p, size_t contrast);

/* By that chance; by the Monte Carlo interval of the net gain where there is none. */
ltv_verdict ltv_contrast_verdict(const ltv_page *p, size_t contrast);

/* Whether a is told before b where not all can be told in full: what is funded or not before what
 * is funded rather than something else, then the larger net gain. */
bool ltv_contrast_matters_more(const ltv_page *p, size_t a, size_t b);

#endif
