/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reference_simulator.h"
#include "scenario_fixture.h"

/* The slow twin against months worked out by hand. What happens is made certain: probabilities of
 * 1 - 1e-15 in one period and 0 in all others. Twelve months at 1000 yen, margin 80 %, no
 * discounting. */

enum { HORIZON = 12 };

static const double certain = 1 - 1e-15;

/* One arm, simulated for customer 0. */
typedef struct {
    ltv_scenario scenario;
    ltv_arm *arm;
    reference_customer result;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    scenario_fixture_init(&f.scenario, 0);
    f.scenario.horizon = HORIZON;
    f.arm = f.scenario.arms;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ltv_scenario_free(&f->scenario);
    return 0;
}

static const reference_customer *simulated_with(fixture *f, const double *const *contacts)
{
    reference_arm tables;
    reference_arm_init(&tables, &f->scenario, f->arm, contacts);
    reference_simulate(&tables, 0, &f->result);
    reference_arm_free(&tables);
    return &f->result;
}

static const reference_customer *simulated(fixture *f)
{
    return simulated_with(f, NULL);
}

static void assert_yen(ltv_money actual, double expected)
{
    double yen = (double)actual / ltv_money_quanta_per_unit(0);
    if (!(fabs(yen - expected) < 1e-4))
        fail_msg("%.6f instead of %.6f", yen, expected);
}

/* The bills that the customer pays, the horizon's included: "012-4" is bills 0, 1, 2 and 4. */
static void assert_pays(const reference_customer *customer, const char *bills)
{
    char paid[HORIZON + 2] = "-------------";
    for (size_t i = 0; i < customer->n_stretches; i++)
        for (uint32_t u = customer->stretches[i].from; u < customer->stretches[i].to; u++)
            paid[u] = "0123456789abc"[u];
    assert_string_equal(paid, bills);
}

/* Costs of 1 yen at these bills, in this order. */
static void assert_costs(const reference_customer *customer, size_t n, const uint32_t *bills)
{
    assert_int_equal(customer->n_costs, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(customer->costs[i].bill, bills[i]);
        assert_yen(customer->costs[i].amount, 1);
    }
}

/* Voluntary churn certain in these periods, impossible in all others. */
static void churn_in(fixture *f, size_t n, const uint32_t *periods)
{
    ltv_tenure_spike spikes[HORIZON];
    for (uint32_t u = 0; u < HORIZON; u++) {
        spikes[u] = (ltv_tenure_spike){u, 0};
        for (size_t i = 0; i < n; i++)
            spikes[u].times += periods[i] == u;
    }
    f->arm->retention.curve.parameter[0] = certain;
    scenario_fixture_set_spikes(&f->arm->retention, HORIZON, spikes);
}

static void churn_in_period(fixture *f, uint32_t period)
{
    churn_in(f, 1, &period);
}

static ltv_rate in_period(uint32_t period)
{
    return (ltv_rate){.probability = certain, .from = period, .until = period + 1};
}

static void add_plans(fixture *f, size_t n)
{
    f->arm->n_plans = n;
    f->arm->plans = calloc(n, sizeof *f->arm->plans);
    for (size_t i = 0; i < n; i++) {
        ltv_plan *plan = &f->arm->plans[i];
        *plan = (ltv_plan){
            .price = 1000 * pow(2, (double)i), .starts = i == 0, .margin = 0.5, .churn = 1};
        snprintf(plan->name, sizeof plan->name, "plan %zu", i);
    }
}

static void add_change(ltv_plan_change **changes, size_t *n, uint32_t to, ltv_rate rate)
{
    *changes = realloc(*changes, (*n + 1) * sizeof **changes);
    (*changes)[(*n)++] = (ltv_plan_change){to, rate};
}

static void add_upgrade(fixture *f, size_t from, uint32_t to, uint32_t period)
{
    add_change(&f->arm->plans[from].upgrades, &f->arm->plans[from].n_upgrades, to,
               in_period(period));
}

static void add_downgrade(fixture *f, size_t from, uint32_t to, uint32_t period)
{
    add_change(&f->arm->plans[from].downgrades, &f->arm->plans[from].n_downgrades, to,
               in_period(period));
}

static ltv_intervention *add_programme(fixture *f, ltv_trigger when)
{
    if (f->arm->interventions == NULL)
        f->arm->interventions = calloc(LTV_MAX_INTERVENTIONS, sizeof *f->arm->interventions);
    ltv_intervention *it = &f->arm->interventions[f->arm->n_interventions++];
    *it = (ltv_intervention){.plans = UINT32_MAX,
                             .top_by_spend = 1,
                             .reach = 1,
                             .uptake = 1,
                             .when = when,
                             .to_segment = LTV_NOWHERE,
                             .to_plan = LTV_NOWHERE,
                             .capacity = INFINITY};
    snprintf(it->name, sizeof it->name, "programme %zu", f->arm->n_interventions);
    return it;
}

static void add_effect(ltv_intervention *it, ltv_effect effect)
{
    it->effects[it->n_effects++] = effect;
}

static void add_second_segment(fixture *f)
{
    static const double shares[] = {1, 0}, prices[] = {1, 1.5};
    scenario_fixture_set_segments(f->arm, 2, shares, prices);
}

/* --- paying --- */

static void who_never_leaves_pays_every_bill_and_the_one_at_the_horizon(void **state)
{
    fixture *f = *state;
    f->scenario.discount_rate_per_year = 0.21;
    f->arm->service_cost = 100;
    const reference_customer *c = simulated(f);
    assert_pays(c, "0123456789abc");
    assert_int_equal(c->bills, HORIZON);
    double worth = (1 - 1 / 1.21) / (1 - pow(1.21, -1.0 / 12));
    assert_yen(c->ltv, 700 * worth);
    assert_true(c->ltv_by[0] == c->ltv && c->ltv_by[1] == 0);
    assert_true(c->spend == LTV_WEIGHT_ONE);
    assert_yen(c->cac, 5000);
}

static void the_last_period_decides_about_the_bill_at_the_horizon(void **state)
{
    fixture *f = *state;
    churn_in_period(f, HORIZON - 1);
    assert_pays(simulated(f), "0123456789ab-");
    assert_int_equal(f->result.bills, HORIZON);
    assert_yen(f->result.ltv, 12 * 800);
}

static void ltv_after_a_year_is_that_of_a_horizon_of_a_year(void **state)
{
    fixture *f = *state;
    f->scenario.discount_rate_per_year = 0.1;
    f->arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.8};
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 10, 0, 0});
    it->price_off = 0.3;
    it->price_off_bills = 5;
    it->per_period = 3;
    ltv_money year = simulated(f)->ltv;
    f->scenario.horizon = 3 * HORIZON;
    assert_true(simulated(f)->ltv_by[0] == year);
    assert_true(f->result.ltv_by[1] == f->result.ltv && f->result.ltv > year);
}

static void price_changes_compound_and_churn_answers_while_they_are_new(void **state)
{
    fixture *f = *state;
    static const ltv_price_change changes[] = {{2, 1.5, 0, 3}, {4, 2, 1, 0}};
    f->arm->n_price_changes = 2;
    f->arm->price_changes = calloc(2, sizeof *f->arm->price_changes);
    f->arm->price_changes[0] = changes[0];
    f->arm->price_changes[1] = changes[1];
    static const uint32_t periods[] = {3, 4, 5};
    churn_in(f, 3, periods); /* but periods 2, 3, 4 are still */
    const reference_customer *c = simulated(f);
    assert_pays(c, "012345-------");
    assert_yen(c->ltv, 800 * (2 + 2 * 1.5 + 2 * 3));
    assert_int_equal(c->n_stretches, 1); /* at price index 1 nothing differs */
}

/* --- plans and add-ons --- */

static void an_upgrade_holds_from_the_next_bill_on(void **state)
{
    fixture *f = *state;
    add_plans(f, 3);
    add_upgrade(f, 0, 2, 3);
    add_upgrade(f, 0, 1, 3); /* listed later: not tried */
    const reference_customer *c = simulated(f);
    assert_int_equal(c->n_stretches, 2);
    assert_true(c->stretches[0].to == 4 && c->stretches[0].plan == 0);
    assert_true(c->stretches[1].from == 4 && c->stretches[1].plan == 2);
    assert_yen(c->stretches[1].recurring, 4000);
    assert_yen(c->ltv, 500 * 4 + 2000 * 8);
}

static void a_downgrade_comes_before_an_upgrade_and_only_one_plan_change_a_period(void **state)
{
    fixture *f = *state;
    add_plans(f, 3);
    f->arm->plans[0].starts = 0;
    f->arm->plans[1].starts = 1;
    add_upgrade(f, 1, 2, 3);
    add_downgrade(f, 1, 0, 3);
    add_upgrade(f, 0, 2, 3); /* too late: he is on plan 0 from period 4 on */
    const reference_customer *c = simulated(f);
    assert_int_equal(c->n_stretches, 2);
    assert_int_equal(c->stretches[1].plan, 0);
}

static void an_add_on_is_held_from_attachment_to_drop(void **state)
{
    fixture *f = *state;
    f->arm->n_add_ons = 2;
    f->arm->add_ons = calloc(2, sizeof *f->arm->add_ons);
    f->arm->add_ons[0] = (ltv_add_on){"one", 200, 0.5, 1, in_period(2), in_period(2)};
    f->arm->add_ons[1] = (ltv_add_on){"two", 300, 1, 1, in_period(2), in_period(5)};
    const reference_customer *c = simulated(f);
    assert_int_equal(c->n_stretches, 3);
    assert_true(c->stretches[0].to == 3 && c->stretches[0].add_ons == 0);
    assert_true(c->stretches[1].to == 6 && c->stretches[1].add_ons == 3);
    assert_true(c->stretches[2].to == 13 && c->stretches[2].add_ons == 1);
    assert_yen(c->stretches[1].revenue, 1500);
    assert_yen(c->ltv, 800 * 12 + 300 * 3 + 100 * 9);
}

static void holding_a_plan_and_an_add_on_multiplies_churn(void **state)
{
    fixture *f = *state;
    add_plans(f, 2);
    add_upgrade(f, 0, 1, 3);
    f->arm->plans[1].churn = 0;
    static const uint32_t periods[] = {5};
    churn_in(f, 1, periods);
    assert_pays(simulated(f), "0123456789abc");
    f->arm->plans[1].churn = 1;
    assert_pays(simulated(f), "012345-------");
    f->arm->n_add_ons = 1;
    f->arm->add_ons = calloc(1, sizeof *f->arm->add_ons);
    f->arm->add_ons[0] = (ltv_add_on){"one", 200, 0.5, 0, in_period(4), in_period(12)};
    assert_pays(simulated(f), "0123456789abc");
}

static void notice_is_given_to_the_end_of_the_term(void **state)
{
    fixture *f = *state;
    add_plans(f, 2);
    f->arm->plans[0].term = 4;
    churn_in_period(f, 4);
    assert_pays(simulated(f), "01234567-----");
    /* An upgrade meanwhile neither cancels it nor moves it. */
    add_upgrade(f, 0, 1, 5);
    f->arm->plans[1].term = 7;
    assert_pays(simulated(f), "01234567-----");
    assert_int_equal(f->result.stretches[1].plan, 1);
    /* A change before it begins another term: bills 2 … 8. */
    f->arm->plans[0].upgrades[0].rate = in_period(1);
    assert_pays(simulated(f), "012345678----");
    f->arm->involuntary_churn = certain; /* never deferred */
    assert_pays(simulated(f), "0------------");
}

/* --- programmes --- */

static void scheduled_programmes_meet_their_bills(void **state)
{
    fixture *f = *state;
    static const struct {
        ltv_trigger when;
        size_t n;
        uint32_t bills[5];
    } cases[] = {
        {{LTV_WHEN_AT_TENURE, 0, 0, 0}, 1, {0}},
        {{LTV_WHEN_AT_TENURE, 7, 0, 0}, 1, {7}},
        {{LTV_WHEN_AT_TENURE, 12, 0, 0}, 0, {0}},
        {{LTV_WHEN_EVERY, 5, 0, 0}, 2, {5, 10}},
        {{LTV_WHEN_BEFORE_RENEWAL, 1, 0, 0}, 3, {2, 6, 9}},
        {{LTV_WHEN_BEFORE_RENEWAL, 3, 0, 0}, 5, {0, 3, 4, 7, 10}},
        {{LTV_WHEN_BEFORE_RENEWAL, 4, 0, 0}, 0, {0}}, /* no term is that long */
    };
    add_plans(f, 2);
    f->arm->plans[0].term = 3;
    f->arm->plans[1].term = 3;
    add_upgrade(f, 0, 1, 3); /* a new term from bill 4 on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->arm->n_interventions = 0;
        add_programme(f, cases[i].when)->per_contact = 1;
        assert_costs(simulated(f), cases[i].n, cases[i].bills);
        assert_int_equal(f->result.contacts[0], cases[i].n);
        assert_int_equal(f->result.first_contact[0],
                         cases[i].n > 0 ? cases[i].bills[0] : REFERENCE_NEVER);
    }
}

static void effects_ramp_hold_and_fade(void **state)
{
    fixture *f = *state;
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 2, 0, 0});
    add_effect(it, (ltv_effect){LTV_LEVER_PRICE, 4, 3, 2, 0.25});
    it->per_period = 1;
    const reference_customer *c = simulated(f);
    /* times^w: w = 1/2, 1, 1, then 2^-4, 2^-8, ... 2^-20, then 0. */
    static const double factor[] = {1, 1, 2, 4, 4};
    for (size_t u = 2; u < 5; u++)
        assert_yen(c->stretches[u < 3 ? 1 : 2].recurring, 1000 * factor[u]);
    assert_true(c->stretches[2].from == 3 && c->stretches[2].to == 5);
    for (size_t k = 0; k < 5; k++) {
        assert_int_equal(c->stretches[3 + k].from, 5 + k);
        double faded = pow(4, exp2(-4 * (double)(k + 1)));
        assert_int_equal(c->stretches[3 + k].held, ltv_weight_of(faded, &(bool){false}));
    }
    assert_true(c->stretches[8].from == 10 && c->stretches[8].held == LTV_WEIGHT_ONE);
    static const uint32_t held[] = {2, 3, 4};
    assert_costs(c, 3, held);
}

static void price_off_is_forgone_margin_and_starts_again_when_given_again(void **state)
{
    fixture *f = *state;
    f->scenario.discount_rate_per_year = 0.1;
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_EVERY, 4, 0, 0});
    it->price_off = 0.25;
    it->price_off_bills = 2;
    const reference_customer *c = simulated(f);
    double worth = 0, forgone = 0;
    for (int u = 0; u < HORIZON; u++) {
        bool off = u == 4 || u == 5 || u == 8 || u == 9;
        worth += pow(1.1, -u / 12.0) * 800 * (off ? 0.75 : 1);
        forgone += off ? pow(1.1, -u / 12.0) * 200 : 0;
    }
    assert_yen(c->ltv, worth);
    assert_yen(c->programme_cost, forgone);
    assert_int_equal(c->n_stretches, 5);
    assert_yen(c->stretches[1].recurring, 1000);
    assert_yen(c->stretches[1].revenue, 750);
    assert_yen(c->stretches[1].margin, 600);
    assert_yen(c->stretches[1].forgone, 200);
}

static void a_saved_customer_stays_and_may_want_to_leave_again(void **state)
{
    fixture *f = *state;
    static const uint32_t periods[] = {2, 6};
    churn_in(f, 2, periods);
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_CHURN_INTENT, 0, 0, 0});
    it->per_contact = 1;
    assert_pays(simulated(f), "012----------"); /* nobody accepts, the contact costs */
    static const uint32_t bills[] = {3, 3, 7, 7};
    assert_costs(&f->result, 1, bills);
    ltv_intervention *second = add_programme(f, (ltv_trigger){LTV_WHEN_CHURN_INTENT, 0, 1, 0});
    second->per_participant = 1;
    assert_pays(simulated(f), "0123456789abc");
    assert_costs(&f->result, 4, bills);
    assert_int_equal(f->result.saves, 2);
    assert_true(f->result.contacts[0] == 2 && f->result.participants[0] == 0);
    assert_true(f->result.contacts[1] == 2 && f->result.participants[1] == 2);
    second->phases = calloc(1, sizeof *second->phases); /* asked in periods 2 and 6 */
    second->phases[0] = (ltv_phase){"early", 2, 3};
    second->n_phases = 1;
    assert_pays(simulated(f), "0123456------");
}

static void effects_of_a_save_act_from_the_next_bill_on(void **state)
{
    fixture *f = *state;
    static const uint32_t periods[] = {2, 3, 4, 5};
    churn_in(f, 4, periods);
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_CHURN_INTENT, 0, 1, 0});
    add_effect(it, (ltv_effect){LTV_LEVER_CHURN, 0, 2, 0, 0});
    simulated(f); /* saved in 2, at rest in 3 and 4, saved in 5 */
    assert_int_equal(f->result.saves, 2);
    assert_pays(&f->result, "0123456789abc");
}

static void a_failed_payment_is_recovered_or_not(void **state)
{
    fixture *f = *state;
    f->arm->involuntary_churn = certain;
    assert_pays(simulated(f), "0------------");
    add_programme(f, (ltv_trigger){LTV_WHEN_PAYMENT_FAILURE, 0, 1, 0})->per_participant = 1;
    assert_pays(simulated(f), "0123456789abc");
    assert_int_equal(f->result.saves, HORIZON);
    assert_int_equal(f->result.n_costs, HORIZON - 1); /* the last one is dated at the horizon */
    assert_int_equal(f->result.participants[0], HORIZON - 1);
    /* Who leaves by himself in the same period is not asked to pay. */
    churn_in_period(f, 4);
    assert_pays(simulated(f), "01234--------");
    assert_int_equal(f->result.saves, 4);
}

static void who_is_won_back_pays_again_without_his_add_ons(void **state)
{
    fixture *f = *state;
    f->arm->n_add_ons = 1;
    f->arm->add_ons = calloc(1, sizeof *f->arm->add_ons);
    f->arm->add_ons[0] = (ltv_add_on){"one", 200, 0.5, 1, in_period(0), in_period(12)};
    static const uint32_t periods[] = {2, 6};
    churn_in(f, 2, periods);
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_CHURN, 2, 1, 0});
    it->per_contact = it->per_participant = 1;
    it->price_off = 0.5;
    it->price_off_bills = 1;
    const reference_customer *c = simulated(f);
    assert_pays(c, "012-456-89abc");
    assert_int_equal(c->bills, 10);
    static const uint32_t bills[] = {3, 4, 7, 8};
    assert_costs(c, 4, bills);
    assert_int_equal(c->stretches[1].add_ons, 1);
    assert_true(c->stretches[2].from == 4 && c->stretches[2].add_ons == 0);
    assert_yen(c->stretches[2].revenue, 500);
    assert_yen(c->stretches[3].revenue, 1000);
    it->when.probability = 0;
    assert_pays(simulated(f), "012----------");
    assert_costs(c, 1, bills);
}

static void who_is_won_back_in_the_last_period_pays_the_bill_at_the_horizon(void **state)
{
    fixture *f = *state;
    churn_in_period(f, HORIZON - 2);
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_CHURN, 3, 1, 0});
    it->per_contact = it->per_participant = 1;
    static const uint32_t bills[] = {HORIZON - 1}; /* the contact; taking part is cut off */
    assert_pays(simulated(f), "0123456789a-c");
    assert_costs(&f->result, 1, bills);
    assert_int_equal(f->result.bills, HORIZON - 1);
}

static void an_upgrade_by_the_clock_calls_its_programme_a_move_does_not(void **state)
{
    fixture *f = *state;
    add_plans(f, 3);
    add_upgrade(f, 0, 1, 3);
    ltv_intervention *mover = add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 6, 0, 0});
    mover->to_plan = 2;
    mover->per_contact = 1;
    add_programme(f, (ltv_trigger){.kind = LTV_WHEN_UPGRADE})->per_contact = 1;
    static const uint32_t bills[] = {4, 6};
    assert_costs(simulated(f), 2, bills);
    assert_int_equal(f->result.n_stretches, 3);
    assert_true(f->result.stretches[2].from == 6 && f->result.stretches[2].plan == 2);
}

static void a_programme_sees_what_an_earlier_one_did_at_the_same_bill(void **state)
{
    fixture *f = *state;
    add_plans(f, 2);
    ltv_intervention *first = add_programme(f, (ltv_trigger){LTV_WHEN_EVERY, 4, 0, 0});
    ltv_intervention *mover = add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 4, 0, 0});
    ltv_intervention *last = add_programme(f, (ltv_trigger){LTV_WHEN_EVERY, 4, 0, 0});
    mover->to_plan = 1;
    first->plans = last->plans = 2;
    simulated(f);
    assert_int_equal(f->result.first_contact[0], 8);
    assert_int_equal(f->result.first_contact[2], 4);
}

static void the_risk_signal_sees_the_departure_coming_once(void **state)
{
    fixture *f = *state;
    churn_in_period(f, 5);
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_RISK_SIGNAL, 3, 1, 0});
    it->per_contact = 1;
    static const uint32_t bills[] = {3};
    assert_costs(simulated(f), 1, bills);
    assert_pays(&f->result, "012345-------");
    add_effect(it, (ltv_effect){LTV_LEVER_CHURN, 0, 3, 0, 0});
    assert_pays(simulated(f), "0123456789abc");
    it->when.probability = 0; /* not recalled */
    assert_costs(simulated(f), 0, bills);
    it->when.rate = certain; /* a false alarm in period 0: flagged, once */
    static const uint32_t alarm[] = {1};
    assert_costs(simulated(f), 1, alarm);
    it->when.probability = 1;
    assert_costs(simulated(f), 1, alarm);
}

static void bluffers_get_the_offer_without_being_asked_whether_they_accept(void **state)
{
    fixture *f = *state;
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_CHURN_INTENT, 0, 0, certain});
    it->price_off = 0.5;
    it->price_off_bills = 1;
    const reference_customer *c = simulated(f);
    assert_true(c->contacts[0] == HORIZON - 1 && c->participants[0] == HORIZON - 1);
    assert_int_equal(c->saves, 0);
    assert_yen(c->ltv, 800 + 11 * 400);
}

static void a_segment_move_changes_prices_and_multipliers_from_its_bill_on(void **state)
{
    fixture *f = *state;
    add_second_segment(f);
    churn_in_period(f, 6);
    f->arm->segments[1].times.on[LTV_LEVER_CHURN] = 0;
    f->arm->segments[1].service_cost = 200;
    add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 5, 0, 0})->to_segment = 1;
    const reference_customer *c = simulated(f);
    assert_pays(c, "0123456789abc");
    assert_int_equal(c->segment, 0); /* reports go by the one he joined with */
    assert_int_equal(c->stretches[1].from, 5);
    assert_yen(c->ltv, 5 * 800 + 7 * (1200 - 200));
}

/* Both segments follow the same curve, once written twice: the remaining budget has to be worth
 * the same when it is carried over. */
static void a_move_to_an_equal_curve_changes_nothing(void **state)
{
    fixture *f = *state;
    static const double churn[] = {0.15};
    add_second_segment(f);
    scenario_fixture_set_curve(&f->arm->retention, LTV_CURVE_GEOMETRIC, churn);
    add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 2, 0, 0})->to_segment = 1;
    static const ltv_spread spreads[] = {
        {0}, {LTV_SPREAD_GAMMA, 0.8}, {LTV_SPREAD_LOG_NORMAL, 0.8}};
    for (int i = 0; i < 3; i++) {
        f->arm->retention.heterogeneity = spreads[i];
        for (uint32_t customer = 0; customer < 200; customer++) {
            uint32_t bills[2];
            for (int own = 0; own < 2; own++) {
                f->arm->segments[1].has_retention = own == 1;
                scenario_fixture_set_curve(&f->arm->segments[1].retention, LTV_CURVE_GEOMETRIC,
                                           churn);
                f->arm->segments[1].retention.heterogeneity = spreads[i];
                reference_arm tables;
                reference_arm_init(&tables, &f->scenario, f->arm, NULL);
                reference_simulate(&tables, customer, &f->result);
                reference_arm_free(&tables);
                bills[own] = f->result.bills;
            }
            assert_int_equal(bills[0], bills[1]);
        }
    }
}

static void whether_he_is_cured_is_read_again_on_another_curve(void **state)
{
    fixture *f = *state;
    static const double churn[] = {1 - 1e-15};
    add_second_segment(f);
    churn_in_period(f, 7);
    f->arm->segments[1].has_retention = true;
    scenario_fixture_set_curve(&f->arm->segments[1].retention, LTV_CURVE_GEOMETRIC, churn);
    add_programme(f, (ltv_trigger){LTV_WHEN_AT_TENURE, 5, 0, 0})->to_segment = 1;
    assert_pays(simulated(f), "012345-------");
    f->arm->segments[1].retention.cured = certain;
    assert_pays(simulated(f), "0123456789abc");
    f->arm->segments[1].retention.cured = 0;
    f->arm->retention.cured = certain; /* his clock stood still until bill 5 */
    assert_pays(simulated(f), "012345-------");
}

static void audiences_and_capacity_decide_who_is_contacted(void **state)
{
    fixture *f = *state;
    add_second_segment(f);
    ltv_intervention *it = add_programme(f, (ltv_trigger){LTV_WHEN_EVERY, 3, 0, 0});
    it->per_contact = it->per_participant = 1;
    static const uint32_t both[] = {3, 3, 6, 6, 9, 9}, some[] = {3, 9};
    assert_costs(simulated(f), 6, both);
    it->uptake = 0;
    it->capacity = 5;
    double probability[HORIZON + 1] = {0};
    probability[3] = probability[9] = 1;
    const double *contacts[] = {probability};
    assert_costs(simulated_with(f, contacts), 2, some);
    it->segments = calloc(2, sizeof *it->segments);
    it->segments[1] = true;
    assert_costs(simulated_with(f, contacts), 0, some);
    it->segments[0] = true;
    it->top_by_spend = 0;
    assert_costs(simulated_with(f, contacts), 0, some);
}

static void orders_come_besides(void **state)
{
    fixture *f = *state;
    f->scenario.payment = LTV_PAY_ARREARS;
    f->scenario.discount_rate_per_year = 0.1;
    f->arm->price = 0;
    f->arm->orders = (ltv_orders){
        .rate = 1e-12, .first_order_certain = true, .value_mean = 50, .p = INFINITY, .q = INFINITY};
    const reference_customer *c = simulated(f);
    assert_int_equal(c->n_orders, 1);
    assert_int_equal(c->orders[0].bill, 0);
    assert_yen(c->orders[0].amount, 50);
    assert_yen(c->ltv, 50 * 0.8 * pow(1.1, -1.0 / 12));
    /* Gaps between orders are those of a Poisson process, met in the period where they end. */
    f->arm->orders.rate = 2;
    simulated(f);
    double at = 0;
    for (uint32_t i = 1; i < c->n_orders; i++) {
        at += ltv_exponential_of_uniform(ltv_address_uniform(
            (ltv_stream){f->scenario.seed, 0}, 0, LTV_UNNAMED, LTV_PURPOSE_ORDER_GAP, i));
        assert_int_equal(c->orders[i].bill, (uint32_t)(at / 2));
    }
    assert_in_range(c->n_orders, 5, 60);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(who_never_leaves_pays_every_bill_and_the_one_at_the_horizon),
        CASE(the_last_period_decides_about_the_bill_at_the_horizon),
        CASE(ltv_after_a_year_is_that_of_a_horizon_of_a_year),
        CASE(price_changes_compound_and_churn_answers_while_they_are_new),
        CASE(an_upgrade_holds_from_the_next_bill_on),
        CASE(a_downgrade_comes_before_an_upgrade_and_only_one_plan_change_a_period),
        CASE(an_add_on_is_held_from_attachment_to_drop),
        CASE(holding_a_plan_and_an_add_on_multiplies_churn),
        CASE(notice_is_given_to_the_end_of_the_term),
        CASE(scheduled_programmes_meet_their_bills),
        CASE(effects_ramp_hold_and_fade),
        CASE(price_off_is_forgone_margin_and_starts_again_when_given_again),
        CASE(a_saved_customer_stays_and_may_want_to_leave_again),
        CASE(effects_of_a_save_act_from_the_next_bill_on),
        CASE(a_failed_payment_is_recovered_or_not),
        CASE(who_is_won_back_pays_again_without_his_add_ons),
        CASE(who_is_won_back_in_the_last_period_pays_the_bill_at_the_horizon),
        CASE(an_upgrade_by_the_clock_calls_its_programme_a_move_does_not),
        CASE(a_programme_sees_what_an_earlier_one_did_at_the_same_bill),
        CASE(the_risk_signal_sees_the_departure_coming_once),
        CASE(bluffers_get_the_offer_without_being_asked_whether_they_accept),
        CASE(a_segment_move_changes_prices_and_multipliers_from_its_bill_on),
        CASE(a_move_to_an_equal_curve_changes_nothing),
        CASE(whether_he_is_cured_is_read_again_on_another_curve),
        CASE(audiences_and_capacity_decide_who_is_contacted),
        CASE(orders_come_besides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
