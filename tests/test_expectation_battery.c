/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_scenario.h"
#include "sim/expectation.h"
#include "sim/simulate.h"

/* Simulated mean LTV of random scenarios against its exact expectation, every feature mixed
 * with every other. One test a scenario by its standard score; fixed seeds. The limit makes the
 * chance that any of 60 fails without a fault, P(|N| > 6) x 60 = 1.2e-7, less than 1e-6 with
 * room for the skewness of LTV. Power: at 10^6 customers the standard error is about 0.1 % of
 * the mean, so an error of 1 % lies some 10 standard errors away. 10^5 customers with
 * LTV_TEST_DOSE=small. */

static const double score_limit = 6;

static uint64_t customers(void)
{
    const char *dose = getenv("LTV_TEST_DOSE");
    return dose != NULL && strcmp(dose, "small") == 0 ? 100000 : 1000000;
}

static void simulated_means_are_the_expected_ones(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 60; number++) {
        ltv_scenario scenario;
        ltv_estimate estimate;
        ltv_expectation expectation;
        ltv_error err = {0};
        random_scenario_init(&scenario, number);
        scenario.customers = customers();
        assert_int_equal(ltv_simulate(&estimate, &scenario, NULL, &err), LTV_OK);
        assert_int_equal(ltv_expectation_init(&expectation, &scenario, scenario.arms, true, &err),
                         LTV_OK);
        const ltv_value_estimate *ltv = &estimate.arms[0].all.ltv;
        double gap = ltv->mean - expectation.ltv;
        /* Amounts are rounded to quanta, so a figure without chance may be off by some. */
        if (!(fabs(gap) <= score_limit * ltv->standard_error + 1e-5))
            fail_msg("scenario %llu: %.8g instead of %.8g (%.1f standard errors)",
                     (unsigned long long)number, ltv->mean, expectation.ltv,
                     gap / ltv->standard_error);
        ltv_expectation_free(&expectation);
        ltv_estimate_free(&estimate);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulated_means_are_the_expected_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
