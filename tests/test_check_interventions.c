/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/check_interventions.h"
#include "tests/programmes_fixture.h"

/* Without anything to act on, from an arm that has it all. */
static void without_plan_changes(walk_fixture *f)
{
    f->arm.n_plans = 0;
}

static void without_add_ons(walk_fixture *f)
{
    f->arm.n_add_ons = 0;
}

static void without_orders(walk_fixture *f)
{
    f->arm.orders.rate = 0;
}

static void without_failures(walk_fixture *f)
{
    f->arm.involuntary_churn = 0;
}

static void without_prices(walk_fixture *f)
{
    for (size_t i = 0; i < f->arm.n_plans; ++i)
        f->arm.plans[i].price = 0;
}

static void alike(walk_fixture *f)
{
    f->arm.spend.kind = LTV_SPREAD_NONE;
}

static void without_count(walk_fixture *f)
{
    f->scenario.cohort_size = 0;
}

static void over_in_a_year(walk_fixture *f)
{
    f->scenario.horizon = 11;
}

static void with_a_beta_curve(walk_fixture *f)
{
    f->arm.segments[2].has_retention = true;
    f->arm.segments[2].retention.curve.kind = LTV_CURVE_BETA_GEOMETRIC;
}

static void with_a_beta_curve_and_more(walk_fixture *f)
{
    with_a_beta_curve(f);
    f->arm.segments[2].retention.heterogeneity = (ltv_spread){.kind = LTV_SPREAD_GAMMA, .cv = 1};
}

/* Reads and checks the one programme "a"; NULL for a message: nothing is wrong with it. */
static void expect(const char *programme, void (*change)(walk_fixture *), const char *message)
{
    walk_fixture f;
    char text[1024];
    programmes_fixture_init(&f);
    size_t n_plans = f.arm.n_plans, n_add_ons = f.arm.n_add_ons; /* to be freed */
    snprintf(text, sizeof text, "{a: {%s}}", programme);
    if (change != NULL)
        change(&f);
    ltv_status status = programmes_fixture_read(&f, text, "[a]");
    if (status == LTV_OK)
        status = ltv_check_interventions(&f.walk);
    walk_fixture_expect(&f, status, programme, message);
    f.arm.n_plans = n_plans;
    f.arm.n_add_ons = n_add_ons;
    walk_fixture_free(&f);
}

static void an_effect_needs_something_to_act_on(void **state)
{
    (void)state;
    static const struct {
        const char *lever;
        void (*change)(walk_fixture *);
        const char *missing;
    } cases[] = {
        {"involuntary", without_failures, "there is no involuntary churn, so"},
        {"upgrade", without_plan_changes, "there are no upgrades, so"},
        {"downgrade", without_plan_changes, "there are no downgrades, so"},
        {"attach", without_add_ons, "there are no add-ons to attach, so"},
        {"drop", without_add_ons, "there are no add-ons to drop, so"},
        {"orders", without_orders, "there are no orders, so"},
        {"price", without_prices, "there is no recurring price, so"},
        {"spend", without_prices, "there is no recurring revenue, so"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        char programme[256], message[256];
        snprintf(programme, sizeof programme,
                 "when: {at_tenure: 1}, effect: {%s: {times: 2, for: 3}}", cases[i].lever);
        snprintf(message, sizeof message, "interventions.a.effect.%s: %s", cases[i].lever,
                 cases[i].missing);
        expect(programme, NULL, NULL);
        expect(programme, cases[i].change, message);
    }
    expect("when: {at_tenure: 1}, effect: {churn: {times: 2, for: 3}}", without_failures, NULL);
    expect("when: {at_tenure: 1}, effect: {price_off: {rate: 5%, for: 3}}", NULL, NULL);
    expect("when: {at_tenure: 1}, effect: {price_off: {rate: 5%, for: 3}}", without_prices,
           "interventions.a.effect.price_off: there is no recurring price, so there is nothing");
}

static void an_effect_has_a_course(void **state)
{
    (void)state;
    expect("when: {every: 1}, effect: {churn: {times: 2, for: 3, ramp: 3}}", NULL, NULL);
    expect("when: {every: 1}, effect: {churn: {times: 2, for: 3, ramp: 4}}", NULL,
           "effect.churn.ramp: the ramp of 4 is longer than the effect, which is there for 3");
    expect("when: {every: 1}, effect: {churn: {times: 2, for: ever, ramp: 4}}", NULL, NULL);
    expect("when: {every: 1}, effect: {drop: {times: 2, for: ever, fade_half_life: 4}}", NULL,
           "effect.drop.fade_half_life: an effect that is there for ever does not fade");
}

static void a_trigger_happens(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        void (*change)(walk_fixture *);
        const char *message;
    } cases[] = {
        {"{at_tenure: 23}", NULL, NULL},
        {"{at_tenure: 24}", NULL, "when.at_tenure: bill 24 never happens within the horizon"},
        {"{every: 23}", NULL, NULL},
        {"{every: 24}", NULL, "when.every: bill 24 never happens within the horizon"},
        {"{before_renewal: 12}", NULL, NULL},
        {"{before_renewal: 13}", NULL,
         "no plan of its audience has a contract term of at least 13"},
        {"{before_renewal: 2}", over_in_a_year, NULL}, /* at bill 10 */
        {"{before_renewal: 1}", over_in_a_year, "never happens within the horizon of 11"},
        {"{on_payment_failure: {recover: 1}}", NULL, NULL},
        {"{on_payment_failure: {recover: 1}}", without_failures,
         "when.on_payment_failure: never happens: there is no involuntary churn"},
        {"on_upgrade", NULL, NULL},
        {"on_upgrade", without_plan_changes,
         "when.on_upgrade: never happens: there are no upgrades"},
        {"{on_upgrade: {}}", without_plan_changes,
         "when.on_upgrade: never happens: there are no upgrades"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        char programme[256];
        snprintf(programme, sizeof programme, "when: %s, cost: {per_contact: 1}", cases[i].when);
        expect(programme, cases[i].change, cases[i].message);
    }
    expect("who: {plans: [basic, pro]}, when: {before_renewal: 1}, cost: {per_contact: 1}", NULL,
           "no plan of its audience has a contract term");
}

static void an_audience_is_not_empty(void **state)
{
    (void)state;
    expect("who: {top_by_spend: 4%}, when: {every: 1}, cost: {per_contact: 1}", NULL, NULL);
    expect("who: {top_by_spend: 4%}, when: {every: 1}, cost: {per_contact: 1}", alike,
           "interventions.a.who.top_by_spend: all customers spend alike");
}

static void a_bill_is_in_a_phase(void **state)
{
    (void)state;
    expect("who: {phases: later}, when: {at_tenure: 3}, cost: {per_contact: 1}", NULL, NULL);
    expect("who: {phases: [start, later]}, when: {at_tenure: 2}, cost: {per_contact: 1}", NULL,
           NULL);
    expect("who: {phases: later}, when: {at_tenure: 2}, cost: {per_contact: 1}", NULL,
           "when.at_tenure: bill 2 is in none of the phases in which it acts");
    expect("who: {phases: later}, when: {at_tenure: 12}, cost: {per_contact: 1}", NULL,
           "when.at_tenure: bill 12 is in none of the phases in which it acts");
}

static void a_cost_is_spread_over_something(void **state)
{
    (void)state;
    expect("when: {every: 1}, cost: {fixed: 5}", NULL, NULL);
    expect("when: {every: 1}, cost: {fixed: 5}", without_count,
           "interventions.a.cost.fixed: a fixed cost is spread over the real cohort");
    expect("when: {every: 1}, cost: {fixed_per_period: 5}", without_count,
           "interventions.a.cost.fixed_per_period: a fixed cost");
    expect("when: {every: 1}, effect: {churn: {times: 1, for: 2}}, cost: {per_period: 5}", NULL,
           NULL);
    expect("when: {every: 1}, effect: {price_off: {rate: 1, for: 2}}, cost: {per_period: 5}", NULL,
           NULL);
    expect("when: {every: 1}, effect: {plan: {to: pro}}, cost: {per_period: 5}", NULL,
           "interventions.a.cost.per_period: runs while an effect is held");
}

static void a_programme_has_a_point(void **state)
{
    (void)state;
    static const char none[] = "interventions.a: has neither an effect nor a cost";
    expect("when: {every: 1}", NULL, none);
    expect("when: {on_risk_signal: {lead: 1, recall: 1}}", NULL, none);
    expect("when: on_upgrade", NULL, none);
    expect("when: {on_churn_intent: {accept: 1}}", NULL, NULL);
    expect("when: {on_churn: {probability: 1, for: 1}}", NULL, NULL);
    expect("when: {every: 1}, effect: {segment: {to: high}}", NULL, NULL);
}

static void a_move_keeps_a_frailty_of_one_piece(void **state)
{
    (void)state;
    static const char to_high[] = "when: {every: 1}, effect: {segment: {to: high}}";
    static const char to_low[] = "when: {every: 1}, effect: {segment: {to: low}}";
    expect(to_high, with_a_beta_curve, NULL);
    expect(to_high, with_a_beta_curve_and_more, "(from low to high) is not in this version");
    expect(to_low, with_a_beta_curve_and_more, "(from high to low) is not in this version");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_effect_needs_something_to_act_on),
        cmocka_unit_test(an_effect_has_a_course),
        cmocka_unit_test(a_trigger_happens),
        cmocka_unit_test(an_audience_is_not_empty),
        cmocka_unit_test(a_bill_is_in_a_phase),
        cmocka_unit_test(a_cost_is_spread_over_something),
        cmocka_unit_test(a_programme_has_a_point),
        cmocka_unit_test(a_move_keeps_a_frailty_of_one_piece),
    };
    return cmocka_run_group_tests_name("check_interventions", tests, NULL, NULL);
}
