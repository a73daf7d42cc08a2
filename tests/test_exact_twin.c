/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "exact_states.h"
#include "exact_twin.h"
#include "naive_cohort.h"
#include "random_offers.h"
#include "scenario_fixture.h"
#include "sim/expectation.h"

static ltv_scenario scenario;
static ltv_arm *arm;
static exact_twin twin;

/* Of plain arms there is an expectation already, by other formulas. The quadrature over z is good
 * to some 1e-6 where spend is tied to churn, or a Beta frailty has a further spread. */
static void plain_arms_are_worth_what_the_expectation_says(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 60; number++) {
        ltv_expectation e;
        ltv_error err = {0};
        random_scenario_init(&scenario, number);
        exact_twin_init(&twin, &scenario, &scenario.arms[0]);
        assert_int_equal(ltv_expectation_init(&e, &scenario, &scenario.arms[0], true, &err),
                         LTV_OK);
        assert_close("ltv", twin.ltv, e.ltv, 3e-6);
        assert_close("bills", twin.bills, e.lifetime, 3e-6);
        assert_close("arpu", twin.revenue[0], e.arpu, 1e-8);
        for (uint32_t u = 0; u <= scenario.horizon; u++)
            assert_within("survival", twin.retention[u], e.survival[u], 3e-6);
        exact_twin_free(&twin);
        ltv_expectation_free(&e);
        ltv_scenario_free(&scenario);
    }
}

/* --- closed forms --- */

static void start(double churn)
{
    scenario_fixture_init(&scenario, churn);
    scenario.horizon = 30;
    arm = &scenario.arms[0];
    arm->price = 100;
    arm->gross_margin = 0.5;
}

static void *made(size_t n, size_t size)
{
    void *things = calloc(n, size);
    assert_non_null(things);
    return things;
}

/* Two plans at 100 and 200 that differ in nothing else; all start with the first. */
static void add_plans(uint32_t term, double upgrade)
{
    arm->n_plans = 2;
    arm->plans = made(2, sizeof *arm->plans);
    arm->plans[0] = (ltv_plan){.price = 100, .starts = 1, .margin = 0.5, .churn = 1, .term = term};
    arm->plans[1] = (ltv_plan){.price = 200, .margin = 0.5, .churn = 1};
    arm->plans[0].n_upgrades = upgrade > 0;
    arm->plans[0].upgrades = made(1, sizeof(ltv_plan_change));
    arm->plans[0].upgrades[0] = (ltv_plan_change){1, {.probability = upgrade, .until = UINT32_MAX}};
}

static ltv_intervention *add_programme(ltv_trigger when)
{
    if (arm->interventions == NULL)
        arm->interventions = made(EXACT_PROGRAMMES, sizeof *arm->interventions);
    ltv_intervention *programme = &arm->interventions[arm->n_interventions++];
    *programme = (ltv_intervention){.plans = UINT32_MAX,
                                    .top_by_spend = 1,
                                    .reach = 1,
                                    .uptake = 1,
                                    .when = when,
                                    .to_segment = LTV_NOWHERE,
                                    .to_plan = LTV_NOWHERE,
                                    .capacity = INFINITY};
    return programme;
}

static void run(void)
{
    exact_twin_init(&twin, &scenario, arm);
}

static void finish(void)
{
    exact_twin_free(&twin);
    ltv_scenario_free(&scenario);
}

static void one_upgrade_clock_leaves_its_exponential_share(void **state)
{
    (void)state;
    start(0.05);
    add_plans(0, 0.1);
    arm->channels[0].times.on[LTV_LEVER_UPGRADE] = 2;
    run();
    for (uint32_t u = 0; u < 30; u++) {
        double paying = pow(0.95, u), first = pow(0.9, 2 * u);
        assert_close("first plan", twin.plan_shares[u], paying * first, 1e-12);
        assert_close("revenue", twin.revenue[u], paying * (200 - 100 * first), 1e-12);
    }
    finish();
}

static void an_add_on_is_a_chain_of_two_states(void **state)
{
    (void)state;
    start(0.05);
    arm->n_add_ons = 1;
    arm->add_ons = made(1, sizeof *arm->add_ons);
    arm->add_ons[0] = (ltv_add_on){.price = 10,
                                   .margin = 1,
                                   .churn = 1,
                                   .attach = {.probability = 0.1, .until = UINT32_MAX},
                                   .drop = {.probability = 0.3, .until = UINT32_MAX}};
    run();
    for (uint32_t u = 0; u < 30; u++)
        assert_within("held", twin.add_on_shares[u], pow(0.95, u) * 0.25 * (1 - pow(0.6, u)),
                      1e-13);
    finish();
}

static void a_term_defers_departures_to_its_end(void **state)
{
    (void)state;
    start(0.05);
    add_plans(6, 0);
    run();
    for (uint32_t u = 0; u <= 30; u++)
        assert_close("paying", twin.retention[u], pow(0.95, 6 * (u / 6)), 1e-12);
    finish();
}

static void saving_a_share_of_those_who_leave_divides_churn(void **state)
{
    (void)state;
    start(0.05);
    arm->involuntary_churn = 0.02;
    ltv_intervention *offer = add_programme(
        (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.4, .rate = 0.1});
    offer->per_contact = 3;
    offer->per_participant = 7;
    ltv_intervention *dunning =
        add_programme((ltv_trigger){.kind = LTV_WHEN_PAYMENT_FAILURE, .probability = 0.5});
    dunning->reach = 0.6;
    run();
    double kept = 1 - 0.05 * 0.6, cost = 0;
    for (uint32_t u = 0; u <= 30; u++) {
        double paying = pow(kept, u) * (0.6 * pow(0.99, u) + 0.4 * pow(0.98, u));
        double next = pow(kept, u + 1) * (0.6 * pow(0.99, u + 1) + 0.4 * pow(0.98, u + 1));
        assert_close("paying", twin.retention[u], paying, 1e-12);
        if (u + 1 < 30) /* what period u brings falls due at the next bill */
            cost += paying * 0.05 * (3 + 0.4 * 7) + next * 0.1 * (3 + 7);
    }
    assert_close("cost", twin.programme_cost, cost, 1e-12);
    finish();
}

/* An offer in periods 4 ... 7, the phase; what they bring falls due at bills 5 ... 8. */
static void an_event_counts_for_the_bill_after_it(void **state)
{
    (void)state;
    start(0.05);
    scenario.discount_rate_per_year = 0.5;
    ltv_intervention *offer = add_programme(
        (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.4, .rate = 0.1});
    offer->per_contact = 3;
    offer->n_phases = 1;
    offer->phases = made(1, sizeof *offer->phases);
    offer->phases[0] = (ltv_phase){"phase", 4, 8};
    run();
    double paying = 1, cost = 0;
    for (uint32_t u = 0; u <= 30; u++) {
        assert_close("paying", twin.retention[u], paying, 1e-12);
        bool served = u >= 4 && u < 8;
        double next = paying * (served ? 0.97 : 0.95);
        cost += served ? pow(1.5, -(u + 1.0) / 12) * 3 * (0.05 * paying + 0.1 * next) : 0;
        paying = next;
    }
    assert_close("cost", twin.programme_cost, cost, 1e-12);
    finish();
}

/* Back two bills after the last one paid, or three, or never. */
static void those_won_back_have_missed_a_bill_or_two(void **state)
{
    (void)state;
    start(0.1);
    ltv_intervention *offer =
        add_programme((ltv_trigger){.kind = LTV_WHEN_CHURN, .periods = 2, .probability = 0.3});
    offer->per_contact = 1;
    offer->per_participant = 20;
    run();
    double paying[33] = {1, 0.9}, cost = 0.1;
    for (uint32_t u = 2; u <= 30; u++) {
        double won = 0.1 * (0.3 * paying[u - 2] + (u > 2 ? 0.7 * 0.3 * paying[u - 3] : 0));
        paying[u] = 0.9 * paying[u - 1] + won;
        cost += u < 30 ? won * 20 + 0.1 * paying[u - 1] : 0;
    }
    for (uint32_t u = 0; u <= 30; u++)
        assert_close("paying", twin.retention[u], paying[u], 1e-12);
    assert_close("cost", twin.programme_cost, cost, 1e-12);
    finish();
}

static void an_effect_fades_for_those_who_take_part(void **state)
{
    (void)state;
    start(0.1);
    ltv_intervention *programme =
        add_programme((ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 3});
    programme->reach = 0.8;
    programme->uptake = 0.5;
    programme->n_effects = 1;
    programme->effects[0] = (ltv_effect){LTV_LEVER_CHURN, 0.25, 4, 2, 1};
    programme->per_period = 5;
    programme->price_off = 0.2;
    programme->price_off_bills = 3;
    run();
    double with = 1, cost = 0;
    static const double weights[] = {0.5, 1, 1, 1, 0.5, 0.25, 0.125};
    for (uint32_t u = 0; u <= 12; u++) {
        double w = u < 3 ? 0 : u < 10 ? weights[u - 3] : pow(2, -(u - 6.0));
        assert_close("paying", twin.retention[u], 0.4 * with + 0.6 * pow(0.9, u), 1e-12);
        cost += 0.4 * with * ((u >= 3 && u < 7 ? 5 : 0) + (u >= 3 && u < 6 ? 10 : 0));
        with *= pow(0.9, pow(0.25, w));
    }
    assert_close("cost", twin.programme_cost, cost, 1e-12);
    finish();
}

/* A price cut for the top fifth by spend, log-normal: their share of all spend is
 * Phi(sigma - Phi^-1(0.8)). */
static void the_top_by_spend_pay_more_than_their_share(void **state)
{
    (void)state;
    start(0.1);
    arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.8};
    ltv_intervention *programme =
        add_programme((ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 10});
    programme->top_by_spend = 0.2;
    programme->price_off = 0.3;
    programme->price_off_bills = 1;
    programme->per_participant = 2;
    run();
    double sigma = ltv_spread_log_normal_sigma(0.8), bills = pow(0.9, 10) + pow(0.9, 20);
    double spent = 0.5 * erfc((0.8416212335729143 - sigma) / sqrt(2));
    assert_close("cost", twin.programme_cost, bills * (0.3 * 50 * spent + 0.2 * 2), 1e-8);
    finish();
}

/* A Poisson number with a gamma rate, each order worth its own level times the customer's. */
static void squares_of_revenue_follow_all_that_is_drawn(void **state)
{
    (void)state;
    start(0.1);
    arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
    arm->orders = (ltv_orders){.rate = 0.8,
                               .first_order_certain = true,
                               .heterogeneity = {LTV_SPREAD_GAMMA, 0.6},
                               .value_mean = 40,
                               .p = 2,
                               .q = 6};
    run();
    double one = 40 * 40 * 1.25 * 1.5, two = 40 * 40 * 1.25, pairs = 0.64 * 1.36;
    assert_close("price", twin.recurring_squares[0], 1.25 * 1e4, 1e-8);
    assert_close("bill 0", twin.revenue_squares[0],
                 1.25 * 1e4 + 2 * 100 * 1.8 * 40 + 1.8 * one + (1.6 + pairs) * two, 1e-8);
    assert_close("bill 1", twin.revenue_squares[1],
                 0.9 * (1.25 * 1e4 + 2 * 100 * 0.8 * 40 + 0.8 * one + pairs * two), 1e-8);
    finish();
}

/* Renewal at bills 6, 12 ...; one bill before, everybody moves to the plan without a term. */
static void before_the_first_renewal_all_move_to_the_other_plan(void **state)
{
    (void)state;
    start(0.05);
    add_plans(6, 0);
    add_programme((ltv_trigger){.kind = LTV_WHEN_BEFORE_RENEWAL, .periods = 1})->to_plan = 1;
    run();
    for (uint32_t u = 0; u <= 30; u++) {
        /* Who wanted to leave in periods 0 ... 4 still leaves after period 5. */
        assert_close("paying", twin.retention[u], u < 6 ? 1 : pow(0.95, u), 1e-12);
        if (u < 30)
            assert_close("first plan", twin.plan_shares[u], u < 5 ? 1 : 0, 1e-12);
    }
    finish();
}

/* --- against customers one by one --- */

/* Standard scores of all figures of all scenarios. With 40,000 comparisons the chance that any
 * lies beyond 7 without a fault, 2.6e-12 x 40,000 = 1e-7, leaves room for their skewness. */
static const double score_limit = 7;
static const double least_events = 400;

static double customers(void)
{
    const char *dose = getenv("LTV_TEST_DOSE");
    return dose != NULL && strcmp(dose, "small") == 0 ? 5000 : 20000;
}

typedef struct {
    unsigned number; /* of the scenario */
    double n;        /* customers */
    size_t comparisons;
    double furthest;
} comparison;

static void compare(comparison *c, const char *label, uint32_t at, naive_sum seen, double expected)
{
    double mean = seen.sum / c->n, variance = (seen.squares / c->n - mean * mean) / (c->n - 1);
    double error = sqrt(fmax(variance, 0)), room = 3e-6 * fabs(expected); /* quadrature */
    double score = error > 0 ? fmax(fabs(mean - expected) - room, 0) / error : 0;
    if (error == 0 && fabs(mean - expected) > room)
        score = INFINITY;
    c->comparisons++;
    c->furthest = fmax(c->furthest, score);
    if (!(score <= score_limit))
        fail_msg("scenario %u, %s at %u: %.8g instead of %.8g (%.1f standard errors)", c->number,
                 label, at, mean, expected, score);
}

/* `count` of the customers; left out where so few are expected that no score is normal. */
static void compare_count(comparison *c, const char *label, uint32_t at, double count,
                          double expected)
{
    if (c->n * fmin(expected, 1 - expected) >= least_events)
        compare(c, label, at, (naive_sum){count, count}, expected);
}

static void compare_all(comparison *c, const naive_cohort *seen)
{
    uint32_t h = scenario.horizon;
    compare(c, "ltv", 0, seen->ltv, twin.ltv);
    compare(c, "programme cost", 0, seen->programme_cost, twin.programme_cost);
    for (uint32_t u = 0; u <= h; u++)
        compare_count(c, "retention", u, seen->retention[u], twin.retention[u]);
    for (uint32_t u = 0; u < h && c->n * twin.retention[u] >= least_events; u++) {
        compare(c, "recurring revenue", u, seen->recurring[u], twin.recurring[u]);
        compare(c, "revenue", u, seen->revenue[u], twin.revenue[u]);
        compare(c, "orders", u, seen->orders[u], twin.orders[u]);
    }
    for (uint32_t i = 0; i < arm->n_plans * h; i++)
        compare_count(c, "plan x bill", i, seen->plan_shares[i], twin.plan_shares[i]);
    for (uint32_t i = 0; i < arm->n_add_ons * h; i++)
        compare_count(c, "add-on x bill", i, seen->add_on_shares[i], twin.add_on_shares[i]);
}

/* Every feature and every pair of features that the twin covers. */
static void customers_one_by_one_have_the_same_means(void **state)
{
    (void)state;
    const unsigned allowed = ((1u << RANDOM_FEATURES) - 1) & ~(1u << RANDOM_RISK_SIGNAL);
    comparison c = {.n = customers()};
    for (c.number = 0; c.number < 220; c.number++) {
        naive_cohort seen;
        test_random random = {c.number};
        random_scenario_init(&scenario, c.number);
        arm = &scenario.arms[0];
        random_offers_add(&scenario, arm, &random, random_features_of(c.number, allowed));
        run();
        naive_cohort_init(&seen, &scenario, (uint32_t)c.n, 1000003 * c.number);
        compare_all(&c, &seen);
        naive_cohort_free(&seen);
        finish();
    }
    print_message("%zu comparisons, the furthest %.1f standard errors away\n", c.comparisons,
                  c.furthest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_arms_are_worth_what_the_expectation_says),
        cmocka_unit_test(one_upgrade_clock_leaves_its_exponential_share),
        cmocka_unit_test(an_add_on_is_a_chain_of_two_states),
        cmocka_unit_test(a_term_defers_departures_to_its_end),
        cmocka_unit_test(saving_a_share_of_those_who_leave_divides_churn),
        cmocka_unit_test(an_event_counts_for_the_bill_after_it),
        cmocka_unit_test(those_won_back_have_missed_a_bill_or_two),
        cmocka_unit_test(an_effect_fades_for_those_who_take_part),
        cmocka_unit_test(the_top_by_spend_pay_more_than_their_share),
        cmocka_unit_test(squares_of_revenue_follow_all_that_is_drawn),
        cmocka_unit_test(before_the_first_renewal_all_move_to_the_other_plan),
        cmocka_unit_test(customers_one_by_one_have_the_same_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
