/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exact_twin.h"
#include "random_offers.h"
#include "sim/simulate.h"

/* Simulated random arms, every feature of offers and programmes and every pair of features, against
 * their exact expectation.
 *
 * Each figure is tested by its standard score, with fixed seeds. There are some 35,000 of them; the
 * chance that any lies beyond 7 without a fault is at most 35,000 x 2.6e-12 = 9e-8, less than
 * 1e-6 with room for skewness, which is small because figures that fewer than 1000 events make up
 * are left out. Power: at 10^6 customers the standard error of most figures is about 0.1 % of the
 * figure, so an error of 1 % lies some 10 standard errors away. 10^5 customers with
 * LTV_TEST_DOSE=small. */

enum { SCENARIOS = 230 };
static const double score_limit = 7;
static const double least_events = 1000;

static const unsigned covered = ((1u << RANDOM_FEATURES) - 1) & ~(1u << RANDOM_RISK_SIGNAL);

static uint64_t customers(void)
{
    const char *dose = getenv("LTV_TEST_DOSE");
    return dose != NULL && strcmp(dose, "small") == 0 ? 100000 : 1000000;
}

typedef struct {
    unsigned number; /* of the scenario */
    char features[200];
    double n; /* customers */
    size_t figures, misses;
    double furthest;
} battery;

/* A figure without chance may be off by the rounding of amounts and the quadrature. */
static void compare(battery *b, const char *label, size_t at, double seen, double expected,
                    double error)
{
    double room = 1e-5 + 3e-6 * fabs(expected);
    double away = fmax(fabs(seen - expected) - room, 0);
    double score = away == 0 ? 0 : away / error;
    b->figures++;
    b->furthest = fmax(b->furthest, score);
    if (score <= score_limit)
        return;
    b->misses++;
    print_error("scenario %u (%s), %s at %zu: %.8g instead of %.8g (%.1f standard errors)\n",
                b->number, b->features, label, at, seen, expected, score);
}

static void compare_share(battery *b, const char *label, size_t at, double seen, double expected)
{
    double p = fmin(fmax(expected, 0), 1);
    if (b->n * fmin(p, 1 - p) >= least_events || p == 0 || p == 1)
        compare(b, label, at, seen, expected, sqrt(p * (1 - p) / b->n));
}

static void compare_amount(battery *b, const char *label, size_t at, double seen, double expected,
                           double square)
{
    compare(b, label, at, seen, expected, sqrt(fmax(square - expected * expected, 0) / b->n));
}

static void compare_curves(battery *b, const ltv_group_estimate *seen, const exact_twin *twin)
{
    for (uint32_t u = 0; u <= twin->horizon; u++)
        compare_share(b, "retention", u, seen->retention[u], twin->retention[u]);
    for (uint32_t u = 0; u < twin->horizon; u++) {
        if (b->n * twin->retention[u] < least_events)
            continue;
        compare_amount(b, "recurring revenue", u, seen->recurring_revenue[u], twin->recurring[u],
                       twin->recurring_squares[u]);
        compare_amount(b, "revenue", u, seen->revenue[u], twin->revenue[u],
                       twin->revenue_squares[u]);
    }
}

static void compare_holdings(battery *b, const char *label, const ltv_holding *seen, size_t n,
                             const double *expected, uint32_t horizon)
{
    for (size_t i = 0; i < n; i++)
        for (uint32_t u = 0; u < horizon; u++)
            compare_share(b, label, u, seen[i].share[u], expected[i * horizon + u]);
}

/* What plans or add-ons bring of the recurring revenue. */
static void compare_parts(battery *b, const char *label, const double *recurring,
                          const ltv_holding *seen, size_t n, const double *expected,
                          const double *squares, const double *held, uint32_t horizon)
{
    for (size_t i = 0; i < n; i++)
        for (uint32_t u = 0; u < horizon; u++) {
            size_t at = i * horizon + u;
            if (b->n * held[at] >= least_events || held[at] == 0)
                compare_amount(b, label, u, recurring[u] * seen[i].revenue_share[u], expected[at],
                               squares[at]);
        }
}

/* How many events make up a mean can be told from its error: of a rare event that happens to a
 * customer or does not, the square of mean / error is their number. */
static void compare_programme_cost(battery *b, const ltv_group_estimate *seen, double expected)
{
    for (size_t i = 0; i < seen->n_metrics; i++) {
        const ltv_metric *metric = &seen->metrics[i];
        double error = metric->mc_standard_error;
        if (strcmp(metric->name, "programme_cost_in_ltv") == 0 &&
            !(expected * expected < least_events * error * error))
            compare(b, "programme cost", 0, metric->value, expected, error);
    }
}

static void compare_arm(battery *b, const ltv_arm_estimate *seen, const ltv_arm *arm,
                        const exact_twin *twin)
{
    const ltv_value_estimate *ltv = &seen->all.ltv;
    compare(b, "ltv", 0, ltv->mean, twin->ltv, ltv->standard_error);
    /* Orders and price changes leave it out; in a plain life it is the expectation itself. */
    if (ltv->standard_error_controlled > 0)
        compare(b, "ltv, controlled", 0, ltv->mean_controlled, twin->ltv,
                ltv->standard_error_controlled);
    compare_programme_cost(b, &seen->all, twin->programme_cost);
    compare_curves(b, &seen->all, twin);
    assert_int_equal(seen->n_plans, arm->n_plans);
    assert_int_equal(seen->n_add_ons, arm->n_add_ons);
    compare_holdings(b, "plan", seen->plans, arm->n_plans, twin->plan_shares, twin->horizon);
    compare_holdings(b, "add-on", seen->add_ons, arm->n_add_ons, twin->add_on_shares,
                     twin->horizon);
    compare_parts(b, "revenue of plan", seen->all.recurring_revenue, seen->plans, arm->n_plans,
                  twin->plan_recurring, twin->plan_squares, twin->plan_shares, twin->horizon);
    compare_parts(b, "revenue of add-on", seen->all.recurring_revenue, seen->add_ons,
                  arm->n_add_ons, twin->add_on_recurring, twin->add_on_squares, twin->add_on_shares,
                  twin->horizon);
}

/* Fixed costs belong to the cohort and not to a customer: the twin knows nothing of them. */
static void random_arm(ltv_scenario *scenario, unsigned number, unsigned features)
{
    test_random random = {number};
    random_scenario_init(scenario, number);
    random_offers_add(scenario, &scenario->arms[0], &random, features);
    for (size_t i = 0; i < scenario->arms[0].n_interventions; i++)
        scenario->arms[0].interventions[i].fixed =
            scenario->arms[0].interventions[i].fixed_per_period = 0;
}

static void name_features(battery *b, unsigned features)
{
    b->features[0] = '\0';
    for (int f = 0; f < RANDOM_FEATURES; f++)
        if ((features >> f & 1) != 0) {
            size_t used = strlen(b->features);
            snprintf(b->features + used, sizeof b->features - used, "%s%s", used > 0 ? ", " : "",
                     random_feature_name((random_feature)f));
        }
}

static void simulated_figures_are_the_expected_ones(void **state)
{
    (void)state;
    battery b = {.n = (double)customers()};
    for (b.number = 0; b.number < SCENARIOS; b.number++) {
        ltv_scenario scenario;
        ltv_estimate estimate;
        exact_twin twin;
        ltv_error err = {0};
        unsigned features = random_features_of(b.number, covered);
        name_features(&b, features);
        random_arm(&scenario, b.number, features);
        scenario.customers = customers();
        assert_int_equal(ltv_simulate(&estimate, &scenario, NULL, &err), LTV_OK);
        exact_twin_init(&twin, &scenario, &scenario.arms[0]);
        compare_arm(&b, &estimate.arms[0], &scenario.arms[0], &twin);
        exact_twin_free(&twin);
        ltv_estimate_free(&estimate);
        ltv_scenario_free(&scenario);
    }
    print_message("%zu figures, the furthest %.1f standard errors away\n", b.figures, b.furthest);
    assert_int_equal(b.misses, 0);
}

static void the_battery_meets_every_pair_of_features(void **state)
{
    (void)state;
    for (unsigned f = 0; f < RANDOM_FEATURES; f++)
        for (unsigned g = f; g < RANDOM_FEATURES; g++) {
            unsigned pair = 1u << f | 1u << g;
            bool met = (pair & ~covered) != 0;
            for (unsigned number = 0; number < SCENARIOS; number++)
                met |= random_features_of(number, covered) == pair;
            assert_true(met);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_battery_meets_every_pair_of_features),
        cmocka_unit_test(simulated_figures_are_the_expected_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
