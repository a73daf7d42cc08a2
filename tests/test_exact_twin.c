/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "close.h"
#include "exact_twin.h"
#include "random_offers.h"
#include "scenario_fixture.h"
#include "sim/expectation.h"

static void tmp_plain(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 60; number++) {
        ltv_scenario scenario;
        random_scenario_init(&scenario, number);
        exact_twin twin;
        ltv_expectation e;
        ltv_error err = {0};
        exact_twin_init(&twin, &scenario, scenario.arms);
        assert_int_equal(ltv_expectation_init(&e, &scenario, scenario.arms, &err), LTV_OK);
        printf("%d %.10g %.10g %.2g  %.2g\n", (int)number, twin.ltv, e.ltv, twin.ltv / e.ltv - 1, twin.bills/e.lifetime-1);
    }
}
static void tmp_time(void **state)
{
    (void)state;
    double all = 0;
    for (unsigned number = 0; number < 220; number++) {
        ltv_scenario scenario;
        random_scenario_init(&scenario, number);
        test_random random = {number};
        unsigned f = random_features_of(number, ((1u << RANDOM_FEATURES) - 1) & ~(1u << RANDOM_RISK_SIGNAL));
        random_offers_add(&scenario, scenario.arms, &random, f);
        exact_twin twin;
        clock_t t = clock();
        exact_twin_init(&twin, &scenario, scenario.arms);
        double s = (double)(clock() - t) / CLOCKS_PER_SEC;
        all += s;
        if (s > 1) {
        printf("%d h %u: %.6g, %.4g, %.2f s ", number, scenario.horizon, twin.ltv, twin.programme_cost, s);
        for (int i = 0; i < RANDOM_FEATURES; i++) if (f >> i & 1) printf(" %s", random_feature_name(i));
        printf("\n");}
    }
    printf("all %g s\n", all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tmp_plain),
        cmocka_unit_test(tmp_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
