/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/scenario_warnings.h"

/* The warnings of a scenario whose two arms both have the programme. */
static void expect_warning(ltv_intervention programme, const char *says, const char *says_not)
{
    ltv_arm arms[] = {{.n_interventions = 1, .interventions = &programme},
                      {.n_interventions = 1, .interventions = &programme}};
    ltv_scenario scenario = {.n_arms = 2, .arms = arms};
    ltv_yaml_node root = {.kind = LTV_YAML_MAP};
    ltv_warning_list list = {0};
    assert_int_equal(ltv_scenario_warnings(&list, &root, &scenario), LTV_OK);
    assert_int_equal(list.n, says == NULL ? 0 : 1);
    if (says != NULL) {
        assert_non_null(strstr(list.lines[0], "interventions.offer: "));
        assert_non_null(strstr(list.lines[0], says));
        assert_true(says_not == NULL || strstr(list.lines[0], says_not) == NULL);
    }
    ltv_warning_list_free(&list);
}

static void a_save_offer_that_looks_too_good_is_told(void **state)
{
    (void)state;
    ltv_intervention offer = {.name = "offer", .when = {.kind = LTV_WHEN_CHURN_INTENT}};
    expect_warning(offer, "nobody asks for it who would have stayed anyway, and customers who stay",
                   NULL);
    offer.when.rate = 0.01;
    expect_warning(offer, "customers who stay are not more likely to leave later", "nobody asks");
    offer.n_effects = 1;
    offer.effects[0] = (ltv_effect){.lever = LTV_LEVER_CHURN, .times = 0.9, .periods = 3};
    expect_warning(offer, "customers who stay are not more likely to leave later", "nobody asks");
    offer.effects[0].times = 2;
    expect_warning(offer, NULL, NULL);
    offer.when.rate = 0;
    expect_warning(offer, "nobody asks for it", "customers who stay");
}

static void other_programmes_are_taken_at_their_word(void **state)
{
    (void)state;
    expect_warning((ltv_intervention){.name = "offer", .when.kind = LTV_WHEN_PAYMENT_FAILURE}, NULL,
                   NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_save_offer_that_looks_too_good_is_told),
        cmocka_unit_test(other_programmes_are_taken_at_their_word),
    };
    return cmocka_run_group_tests_name("scenario_warnings", tests, NULL, NULL);
}
