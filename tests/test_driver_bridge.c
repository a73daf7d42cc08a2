/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "must.h"
#include "random_pair.h"
#include "scenario_fixture.h"
#include "sim/driver_bridge.h"
#include "sim/kernel/kernel.h"
#include "sim/program.h"

static const ltv_simulate_options two_threads = {.threads = 2};

static ltv_driver_bridge find_in(const ltv_scenario *scenario, ltv_contrast contrast,
                                 uint64_t customers)
{
    ltv_driver_bridge bridge;
    ltv_stream stream = {.seed = scenario->seed};
    assert_int_equal(
        ltv_driver_bridge_find(&bridge, scenario, contrast, stream, customers, &two_threads, NULL),
        LTV_OK);
    return bridge;
}

/* The second arm against the first. */
static ltv_driver_bridge find(const ltv_scenario *scenario, uint64_t customers)
{
    return find_in(scenario, (ltv_contrast){1, 0}, customers);
}

static double amount(const ltv_driver_bridge *bridge, ltv_driver driver)
{
    return ltv_driver_bridge_mean(bridge, driver).mean;
}

static bool sums_up(const ltv_driver_bridge *bridge)
{
    __int128 sum = 0;
    for (int d = 0; d < LTV_DRIVERS; d++)
        sum += bridge->part[d];
    return sum == bridge->whole * LTV_DRIVER_FRACTION;
}

#define DRIVER(name) 1u << LTV_DRIVER_##name

/* --- what holds for any arms --- */

enum { PAIRS = 20, FEW_CUSTOMERS = 32 };

/* Capacities would make a pilot of each of up to 2^10 hybrids; test_hybrid_arm.c has them. */
static void init_pair(ltv_scenario *scenario, uint64_t number)
{
    random_pair_init(scenario, number);
    for (size_t a = 0; a < 2; a++)
        for (size_t k = 0; k < scenario->arms[a].n_interventions; k++)
            scenario->arms[a].interventions[k].capacity = INFINITY;
}

static void the_parts_of_any_two_arms_sum_to_the_whole(void **state)
{
    (void)state;
    ltv_driver_set met = 0;
    for (uint64_t number = 100; number < 100 + PAIRS; number++) {
        ltv_scenario scenario;
        init_pair(&scenario, number);
        ltv_driver_bridge bridge = find(&scenario, FEW_CUSTOMERS);
        if (!sums_up(&bridge))
            fail_msg("pair %d", (int)number);
        met |= bridge.differ;
        assert_int_equal(bridge.customers, FEW_CUSTOMERS);
        for (int d = 0; d < LTV_DRIVERS; d++)
            if (!(bridge.differ >> d & 1))
                assert_true(bridge.part[d] == 0 && bridge.customer[d].n == 0);
        ltv_scenario_free(&scenario);
    }
    assert_int_equal(met, (1u << LTV_DRIVERS) - 1); /* each at least once */
}

static void arms_that_change_places_change_every_sign(void **state)
{
    (void)state;
    for (uint64_t number = 200; number < 200 + PAIRS; number++) {
        ltv_scenario scenario;
        init_pair(&scenario, number);
        ltv_driver_bridge bridge = find(&scenario, FEW_CUSTOMERS);
        ltv_driver_bridge turned = find_in(&scenario, (ltv_contrast){0, 1}, FEW_CUSTOMERS);
        assert_true(turned.whole == -bridge.whole);
        for (ltv_driver d = 0; d < LTV_DRIVERS; d++) {
            assert_true(turned.part[d] == -bridge.part[d]);
            assert_true(amount(&turned, d) == -amount(&bridge, d));
            assert_close("standard error", ltv_driver_bridge_mean(&turned, d).standard_error,
                         ltv_driver_bridge_mean(&bridge, d).standard_error, 0);
        }
        ltv_scenario_free(&scenario);
    }
}

static void arms_that_agree_have_nothing_to_tell(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    scenario_fixture_add_arm(&scenario, "same")->channels[0].cac = 7; /* which LTV leaves out */
    ltv_driver_bridge bridge = find(&scenario, 0);
    assert_true(bridge.differ == 0 && bridge.whole == 0 && sums_up(&bridge));
    assert_true(amount(&bridge, LTV_DRIVER_PRICE) == 0);
    ltv_scenario_free(&scenario);
}

/* --- against other ways to find them --- */

static void change_price(ltv_arm *arm)
{
    arm->price = 500;
}
static void change_margin(ltv_arm *arm)
{
    arm->gross_margin = 0.9;
}
static void change_churn(ltv_arm *arm)
{
    arm->retention.curve.parameter[0] = 0.02;
}
static void change_service(ltv_arm *arm)
{
    arm->service_cost = 50;
}

enum { CHANGES = 4 };
static const struct {
    ltv_driver driver;
    void (*make)(ltv_arm *);
} changes[CHANGES] = {{LTV_DRIVER_CHURN, change_churn},
                      {LTV_DRIVER_PRICE, change_price},
                      {LTV_DRIVER_SERVICE_COST, change_service},
                      {LTV_DRIVER_MARGIN, change_margin}};

/* Sum of LTV of the first block of customers of an arm with some of the changes. */
static __int128 value_of(const ltv_scenario *scenario, unsigned changed)
{
    ltv_program program;
    ltv_block block;
    ltv_arm arm = scenario->arms[0]; /* borrows */
    ltv_luck *luck = must(malloc(sizeof *luck));
    __int128 sum = 0;
    for (int c = 0; c < CHANGES; c++)
        if (changed >> c & 1)
            changes[c].make(&arm);
    assert_int_equal(ltv_program_init(&program, scenario, &arm, NULL), LTV_OK);
    assert_int_equal(ltv_block_init(&block, &program, NULL), LTV_OK);
    ltv_luck_fill(luck, (ltv_stream){.seed = scenario->seed}, ltv_kernel_needs(&program), 0,
                  LTV_BLOCK);
    ltv_kernel_run(&block, &program, luck);
    for (int i = 0; i < LTV_BLOCK; i++)
        sum += block.ltv[i];
    free(luck);
    ltv_block_free(&block);
    ltv_program_free(&program);
    return sum;
}

/* Adds to each change what it adds in every order that begins like this. */
static void go_through_orders(const __int128 *value, unsigned changed, int64_t orders_left,
                              __int128 part[CHANGES])
{
    for (unsigned c = 0; c < CHANGES; c++) {
        if (changed >> c & 1)
            continue;
        int left = CHANGES - 1 - __builtin_popcount(changed);
        part[c] += orders_left / (left + 1) * (value[changed | 1u << c] - value[changed]);
        go_through_orders(value, changed | 1u << c, orders_left / (left + 1), part);
    }
}

static void they_are_means_over_all_orders_of_change(void **state)
{
    (void)state;
    ltv_scenario scenario;
    __int128 value[1 << CHANGES], part[CHANGES] = {0};
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "changed");
    for (int c = 0; c < CHANGES; c++)
        changes[c].make(arm);
    for (unsigned changed = 0; changed < 1u << CHANGES; changed++)
        value[changed] = value_of(&scenario, changed);
    go_through_orders(value, 0, LTV_DRIVER_FRACTION, part);
    ltv_driver_bridge bridge = find(&scenario, LTV_BLOCK);
    assert_int_equal(bridge.differ,
                     DRIVER(CHURN) | DRIVER(PRICE) | DRIVER(SERVICE_COST) | DRIVER(MARGIN));
    for (int c = 0; c < CHANGES; c++)
        assert_true(bridge.part[changes[c].driver] == part[c]);
    assert_true(bridge.whole == value[(1 << CHANGES) - 1] - value[0]);
    ltv_scenario_free(&scenario);
}

/* Of a product each factor's part is its change times the mean of the other factor. */
static void the_parts_of_price_and_margin_are_those_of_a_product(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0); /* nobody leaves: 120 bills */
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "dearer");
    arm->price = 1300;
    arm->gross_margin = 0.7;
    ltv_driver_bridge bridge = find(&scenario, 100);
    assert_within("price", amount(&bridge, LTV_DRIVER_PRICE), 120 * 300 * 0.75, 1e-4);
    assert_within("margin", amount(&bridge, LTV_DRIVER_MARGIN), 120 * 1150 * -0.1, 1e-4);
    assert_true(ltv_driver_bridge_mean(&bridge, LTV_DRIVER_PRICE).standard_error == 0);
    ltv_scenario_free(&scenario);
}

/* Expected bills of 120 at a churn. */
static double bills(double churn)
{
    return (1 - pow(1 - churn, 120)) / churn;
}

/* Price times bills, on 2^18 customers. A false alarm of 5.5 standard errors has a chance of 4e-8
 * for each of the two, and their errors are below 0.2 %. */
static void the_parts_of_price_and_churn_are_those_of_a_product(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "dearer");
    arm->price = 1300;
    arm->retention.curve.parameter[0] = 0.045;
    ltv_driver_bridge bridge = find(&scenario, 1 << 18);
    ltv_mean price = ltv_driver_bridge_mean(&bridge, LTV_DRIVER_PRICE);
    ltv_mean churn = ltv_driver_bridge_mean(&bridge, LTV_DRIVER_CHURN);
    double by_price = 0.8 * 300 * (bills(0.03) + bills(0.045)) / 2;
    double by_churn = 0.8 * 1150 * (bills(0.045) - bills(0.03));
    assert_true(price.standard_error < 0.002 * by_price);
    assert_true(churn.standard_error < 0.002 * -by_churn);
    assert_within("price", price.mean, by_price, 5.5 * price.standard_error);
    assert_within("churn", churn.mean, by_churn, 5.5 * churn.standard_error);
    ltv_scenario_free(&scenario);
}

/* The stated error is that of the mean from draw to draw. */
static void the_error_is_that_of_independent_customers(void **state)
{
    (void)state;
    ltv_scenario scenario;
    double sum = 0, squares = 0;
    enum { DRAWS = 400, CUSTOMERS = 500 };
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "dearer");
    arm->price = 1300;
    arm->retention.curve.parameter[0] = 0.045;
    double error = 0;
    for (uint32_t draw = 0; draw < DRAWS; draw++) {
        ltv_driver_bridge bridge;
        assert_int_equal(ltv_driver_bridge_find(&bridge, &scenario, (ltv_contrast){1, 0},
                                                (ltv_stream){.seed = 5, .draw = draw}, CUSTOMERS,
                                                &two_threads, NULL),
                         LTV_OK);
        ltv_mean churn = ltv_driver_bridge_mean(&bridge, LTV_DRIVER_CHURN);
        sum += churn.mean;
        squares += churn.mean * churn.mean;
        error += churn.standard_error / DRAWS;
    }
    double sd = sqrt((squares - sum * sum / DRAWS) / (DRAWS - 1));
    /* Relative sd of a standard deviation of 400 normal numbers: 1 / sqrt(800); 5.5 of them. */
    assert_within("standard error", error / sd, 1, 5.5 / sqrt(2.0 * DRAWS));
    ltv_scenario_free(&scenario);
}

/* --- programmes --- */

static ltv_intervention *add_programme(ltv_scenario *scenario, ltv_trigger when)
{
    ltv_arm *arm = scenario_fixture_add_arm(scenario, "with");
    return scenario_fixture_add_intervention(arm, "programme", when);
}

static void what_a_programme_costs_at_joining_is_its_cost(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    add_programme(&scenario, (ltv_trigger){.kind = LTV_WHEN_AT_TENURE})->per_contact = 12.5;
    ltv_driver_bridge bridge = find(&scenario, 1000);
    assert_int_equal(bridge.differ, DRIVER(PROGRAMME_COST));
    assert_true(bridge.whole == -1000 * (__int128)(12.5 * (1 << 20)));
    /* … whatever else it does, and whatever else differs. */
    ltv_arm *arm = &scenario.arms[1];
    scenario_fixture_set_effect(&arm->interventions[0], LTV_LEVER_CHURN, 0.7, LTV_FOR_EVER);
    arm->price = 1500;
    bridge = find(&scenario, 1000);
    assert_int_equal(bridge.differ, DRIVER(PROGRAMME_COST) | DRIVER(CHURN) | DRIVER(PRICE));
    assert_true(bridge.part[LTV_DRIVER_PROGRAMME_COST] ==
                -1000 * (__int128)(12.5 * (1 << 20)) * LTV_DRIVER_FRACTION);
    assert_true(bridge.part[LTV_DRIVER_CHURN] > 0 && bridge.part[LTV_DRIVER_PRICE] > 0);
    assert_true(sums_up(&bridge));
    ltv_scenario_free(&scenario);
}

/* Costs per period are paid while the effect is held, with or without it: half of what the effect
 * makes customers stay longer and cost more is the cost's. */
static void what_is_paid_while_an_effect_is_held_is_cost(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_intervention *care = add_programme(&scenario, (ltv_trigger){.kind = LTV_WHEN_AT_TENURE});
    scenario_fixture_set_effect(care, LTV_LEVER_CHURN, 0.5, LTV_FOR_EVER);
    care->per_period = 100;
    ltv_driver_bridge bridge = find(&scenario, 1 << 16);
    double before = bills(0.03), with = bills(1 - sqrt(0.97));
    ltv_mean cost = ltv_driver_bridge_mean(&bridge, LTV_DRIVER_PROGRAMME_COST);
    ltv_mean churn = ltv_driver_bridge_mean(&bridge, LTV_DRIVER_CHURN);
    assert_within("cost", cost.mean, -100 * (before + with) / 2, 5.5 * cost.standard_error);
    assert_within("churn", churn.mean, (800 - 50) * (with - before), 5.5 * churn.standard_error);
    /* The same where the other arm's programme does something else, for one bill. */
    ltv_intervention other = *care;
    other.effects[0] = (ltv_effect){.lever = LTV_LEVER_PRICE, .times = 1.1, .periods = 1};
    other.per_period = 0;
    scenario.arms[0].interventions =
        memcpy(must(realloc(scenario.arms[0].interventions, sizeof other)), &other, sizeof other);
    scenario.arms[0].n_interventions = 1;
    bridge = find(&scenario, 1 << 16);
    assert_int_equal(bridge.differ, DRIVER(PRICE) | DRIVER(CHURN) | DRIVER(PROGRAMME_COST));
    cost = ltv_driver_bridge_mean(&bridge, LTV_DRIVER_PROGRAMME_COST);
    assert_within("cost", cost.mean, -100 * (before + with) / 2, 5.5 * cost.standard_error);
    assert_within("price", amount(&bridge, LTV_DRIVER_PRICE), -80, 1e-4);
    ltv_scenario_free(&scenario);
}

/* --- which customers, how --- */

static void it_takes_as_many_customers_as_the_hybrids_allow(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "changed");
    arm->price = 10;
    ltv_driver_bridge bridge = find(&scenario, 0);
    assert_int_equal(bridge.customers, LTV_DRIVER_CUSTOMERS);
    for (int c = 0; c < CHANGES; c++)
        changes[c].make(arm);
    scenario_fixture_set_orders(arm, 0.1, 10);
    bridge = find(&scenario, 0);
    assert_int_equal(bridge.customers, LTV_DRIVER_LIVES >> 5);
    scenario.customers = 10;
    bridge = find(&scenario, 0);
    assert_int_equal(bridge.customers, 10);
    ltv_scenario_free(&scenario);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init_eventful(&scenario);
    ltv_driver_bridge one = find_in(&scenario, (ltv_contrast){2, 0}, 2500), three;
    const ltv_simulate_options options = {.threads = 3};
    assert_int_equal(ltv_driver_bridge_find(&three, &scenario, (ltv_contrast){2, 0},
                                            (ltv_stream){.seed = scenario.seed}, 2500, &options,
                                            NULL),
                     LTV_OK);
    assert_true(one.whole == three.whole && one.differ == three.differ);
    assert_memory_equal(one.part, three.part, sizeof one.part);
    for (int d = 0; d < LTV_DRIVERS; d++)
        assert_true(one.customer[d].sum == three.customer[d].sum &&
                    one.customer[d].squares_low == three.customer[d].squares_low);
    ltv_scenario_free(&scenario);
}

static void other_draws_have_other_customers(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_driver_bridge other;
    scenario_fixture_init_eventful(&scenario);
    ltv_driver_bridge bridge = find(&scenario, 100);
    assert_int_equal(ltv_driver_bridge_find(&other, &scenario, (ltv_contrast){1, 0},
                                            (ltv_stream){.seed = scenario.seed, .draw = 1}, 100,
                                            &two_threads, NULL),
                     LTV_OK);
    assert_true(bridge.whole != other.whole);
    ltv_scenario_free(&scenario);
}

static bool stop_at_third(void *context, uint64_t done, uint64_t customers)
{
    (void)done;
    (void)customers;
    return ++*(int *)context < 3;
}

static void it_stops_when_asked(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_driver_bridge bridge;
    int asked = 0;
    const ltv_simulate_options options = {
        .threads = 1, .progress = stop_at_third, .progress_context = &asked};
    scenario_fixture_init_eventful(&scenario);
    assert_int_equal(ltv_driver_bridge_find(&bridge, &scenario, (ltv_contrast){1, 0},
                                            (ltv_stream){.seed = 1}, 100, &options, NULL),
                     LTV_ERR_INTERRUPTED);
    assert_int_equal(asked, 3);
    ltv_scenario_free(&scenario);
}

/* --- notes --- */

static void a_row_says_what_else_is_in_it(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.05);
    scenario_fixture_set_curve(&scenario.arms[0].retention, LTV_CURVE_BETA_GEOMETRIC,
                               (double[]){1, 9});
    scenario.arms[0].retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    scenario.arms[0].spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    ltv_arm *arm = scenario_fixture_add_arm(&scenario, "follows");
    arm->retention.heterogeneity.kind = LTV_SPREAD_NONE;
    arm->spend_churn_correlation = 0.4;
    scenario_fixture_add_add_on(arm, 10, 0.1, 0.1);
    ltv_driver_bridge bridge = find(&scenario, 200);
    assert_int_equal(bridge.differ, DRIVER(PRICE) | DRIVER(CROSS_SELL));
    assert_int_equal(bridge.counted[LTV_DRIVER_PRICE], DRIVER(PRICE) | DRIVER(CHURN));
    assert_string_equal(bridge.note[LTV_DRIVER_PRICE],
                        "cannot be told apart here, and is in it: churn");
    assert_string_equal(bridge.note[LTV_DRIVER_CROSS_SELL],
                        "prices, margins and churn of add-ons that one arm alone has come with "
                        "them");
    assert_true(sums_up(&bridge) && bridge.part[LTV_DRIVER_CHURN] == 0);
    ltv_scenario_free(&scenario);
}

/* --- as part of a run --- */

static void a_run_splits_each_difference(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_estimate estimate;
    scenario_fixture_init_eventful(&scenario); /* few customers: all of them */
    scenario.arms[2].interventions[1].capacity = 100;
    assert_int_equal(ltv_simulate(&estimate, &scenario, &two_threads, NULL), LTV_OK);
    for (size_t i = 0; i < estimate.n_contrasts; i++) {
        const ltv_contrast_estimate *contrast = &estimate.contrasts[i];
        assert_int_equal(contrast->drivers_customers, scenario.customers);
        assert_int_equal(contrast->n_drivers, 2);
        assert_string_equal(contrast->drivers[0].driver, "churn");
        assert_string_equal(contrast->drivers[1].driver, "programme_cost");
        assert_true(strlen(contrast->drivers[0].meaning) > 10);
        assert_close("running", contrast->drivers[0].running, contrast->drivers[0].amount, 0);
        assert_close("sum", contrast->drivers[1].running, contrast->delta_ltv.mean, 1e-12);
    }
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
}

static void a_single_driver_is_the_difference_with_its_error(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_estimate estimate;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 3000;
    scenario_fixture_add_other_arm(&scenario, "dearer")->price = 1200;
    assert_int_equal(ltv_simulate(&estimate, &scenario, &two_threads, NULL), LTV_OK);
    const ltv_contrast_estimate *contrast = &estimate.contrasts[0];
    assert_int_equal(contrast->n_drivers, 1);
    assert_close("amount", contrast->drivers[0].amount, contrast->delta_ltv.mean, 1e-14);
    assert_close("error", contrast->drivers[0].standard_error, contrast->delta_ltv.standard_error,
                 1e-12);
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
}

static void the_last_row_leads_to_the_difference_of_all_customers(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_estimate estimate;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = LTV_DRIVER_CUSTOMERS + 5000;
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "dearer");
    arm->price = 1200;
    arm->service_cost = 10;
    assert_int_equal(ltv_simulate(&estimate, &scenario, &two_threads, NULL), LTV_OK);
    const ltv_contrast_estimate *contrast = &estimate.contrasts[0];
    const ltv_driver_step *last = &contrast->drivers[2];
    assert_int_equal(contrast->n_drivers, 3);
    assert_int_equal(contrast->drivers_customers, LTV_DRIVER_CUSTOMERS);
    assert_string_equal(last->driver, "simulation_noise");
    assert_close("running", last->running, contrast->delta_ltv.mean, 1e-14);
    assert_close("sum", contrast->drivers[1].running,
                 contrast->drivers[0].amount + contrast->drivers[1].amount, 1e-14);
    double error = contrast->drivers[0].standard_error; /* of more than the difference */
    assert_true(fabs(last->amount) < 5.5 * error && isnan(last->standard_error));
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
}

/* The dear plan at the margin of a tenth is too dear at that of one. */
static void hybrids_that_are_worth_too_much_leave_the_run_whole(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_estimate estimate;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 10;
    scenario.arms[0].gross_margin = 0.01;
    scenario.arms[0].price = 1e11;
    ltv_arm *arm = scenario_fixture_add_other_arm(&scenario, "cheap");
    arm->gross_margin = 1;
    arm->price = 1;
    assert_int_equal(ltv_simulate(&estimate, &scenario, &two_threads, NULL), LTV_OK);
    assert_int_equal(estimate.contrasts[0].n_drivers, 0);
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_of_any_two_arms_sum_to_the_whole),
        cmocka_unit_test(arms_that_change_places_change_every_sign),
        cmocka_unit_test(arms_that_agree_have_nothing_to_tell),
        cmocka_unit_test(they_are_means_over_all_orders_of_change),
        cmocka_unit_test(the_parts_of_price_and_margin_are_those_of_a_product),
        cmocka_unit_test(the_parts_of_price_and_churn_are_those_of_a_product),
        cmocka_unit_test(the_error_is_that_of_independent_customers),
        cmocka_unit_test(what_a_programme_costs_at_joining_is_its_cost),
        cmocka_unit_test(what_is_paid_while_an_effect_is_held_is_cost),
        cmocka_unit_test(it_takes_as_many_customers_as_the_hybrids_allow),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(other_draws_have_other_customers),
        cmocka_unit_test(it_stops_when_asked),
        cmocka_unit_test(a_row_says_what_else_is_in_it),
        cmocka_unit_test(a_run_splits_each_difference),
        cmocka_unit_test(a_single_driver_is_the_difference_with_its_error),
        cmocka_unit_test(the_last_row_leads_to_the_difference_of_all_customers),
        cmocka_unit_test(hybrids_that_are_worth_too_much_leave_the_run_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
