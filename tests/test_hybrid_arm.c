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

#include "close.h"
#include "must.h"
#include "random_pair.h"
#include "random_scenario.h"
#include "scenario_fixture.h"
#include "sim/hybrid_arm.h"
#include "sim/kernel/kernel.h"
#include "sim/pilot.h"

enum { PAIRS = 40 };

/* LTV of the first block of customers of an arm. */
static void live(ltv_money ltv[LTV_BLOCK], const ltv_scenario *scenario, const ltv_arm *arm)
{
    ltv_program program;
    ltv_block block;
    ltv_luck *luck = must(malloc(sizeof *luck));
    ltv_stream stream = {.seed = scenario->seed};
    assert_int_equal(ltv_program_init(&program, scenario, arm, NULL), LTV_OK);
    assert_int_equal(ltv_pilot_set_limits(&program, stream, NULL), LTV_OK);
    assert_int_equal(ltv_block_init(&block, &program, NULL), LTV_OK);
    ltv_luck_fill(luck, stream, ltv_kernel_needs(&program), 0, LTV_BLOCK);
    ltv_kernel_run(&block, &program, luck);
    assert_false(block.overflow);
    memcpy(ltv, block.ltv, LTV_BLOCK * sizeof *ltv);
    free(luck);
    ltv_block_free(&block);
    ltv_program_free(&program);
}

static void live_hybrid(ltv_money ltv[LTV_BLOCK], const ltv_scenario *scenario,
                        const ltv_arm_pair *pair, ltv_driver_set from_second)
{
    ltv_arm hybrid;
    assert_int_equal(ltv_hybrid_arm_init(&hybrid, pair, from_second, NULL), LTV_OK);
    live(ltv, scenario, &hybrid);
    ltv_hybrid_arm_free(&hybrid);
}

static void assert_same_lives(uint64_t number, const char *what, const ltv_money *a,
                              const ltv_money *b)
{
    for (int i = 0; i < LTV_BLOCK; i++)
        if (a[i] != b[i])
            fail_msg("pair %d, customer %d: %s: %lld and not %lld", (int)number, i, what,
                     (long long)a[i], (long long)b[i]);
}

/* So nothing that LTV depends on is missing from the table of owners. */
static void with_everything_from_one_arm_customers_live_as_in_it(void **state)
{
    (void)state;
    static ltv_money own[LTV_BLOCK], mixed[LTV_BLOCK];
    int met[LTV_DRIVERS] = {0};
    for (uint64_t number = 0; number < PAIRS; number++) {
        ltv_scenario scenario;
        ltv_arm_pair pair;
        random_pair_init(&scenario, number);
        assert_int_equal(ltv_arm_pair_init(&pair, &scenario.arms[0], &scenario.arms[1], NULL),
                         LTV_OK);
        assert_true(pair.mixable);
        live(own, &scenario, &scenario.arms[0]);
        live_hybrid(mixed, &scenario, &pair, 0);
        assert_same_lives(number, "all from the first", mixed, own);
        live(own, &scenario, &scenario.arms[1]);
        live_hybrid(mixed, &scenario, &pair, pair.differ);
        assert_same_lives(number, "all that differs from the second", mixed, own);
        for (int d = 0; d < LTV_DRIVERS; d++)
            met[d] += pair.differ >> d & 1;
        ltv_arm_pair_free(&pair);
        ltv_scenario_free(&scenario);
    }
    for (ltv_driver d = 0; d < LTV_DRIVERS; d++)
        if (met[d] < 3)
            fail_msg("hardly any two arms differed in %s", ltv_driver_name(d));
}

static void it_does_not_matter_which_arm_is_called_the_first(void **state)
{
    (void)state;
    static ltv_money one[LTV_BLOCK], other[LTV_BLOCK];
    for (uint64_t number = 0; number < PAIRS; number++) {
        ltv_scenario scenario;
        ltv_arm_pair pair, turned;
        random_pair_init(&scenario, number);
        const ltv_arm *a = &scenario.arms[0], *b = &scenario.arms[1];
        assert_int_equal(ltv_arm_pair_init(&pair, a, b, NULL), LTV_OK);
        assert_int_equal(ltv_arm_pair_init(&turned, b, a, NULL), LTV_OK);
        assert_int_equal(pair.differ, turned.differ);
        test_random random = {number};
        ltv_driver_set second = pair.differ & test_random_below(&random, 1u << LTV_DRIVERS);
        live_hybrid(one, &scenario, &pair, second);
        live_hybrid(other, &scenario, &turned, pair.differ & ~second);
        assert_same_lives(number, "turned round", one, other);
        ltv_arm_pair_free(&pair);
        ltv_arm_pair_free(&turned);
        ltv_scenario_free(&scenario);
    }
}

/* Which of two programmes that the other arm lacks asks first must not depend on it either. */
static void neither_does_it_to_programmes_that_one_arm_alone_has(void **state)
{
    (void)state;
    static ltv_money one[LTV_BLOCK], other[LTV_BLOCK];
    ltv_scenario scenario;
    ltv_arm_pair pair, turned;
    scenario_fixture_init(&scenario, 0.1);
    ltv_arm *arms[] = {scenario.arms, scenario_fixture_add_arm(&scenario, "other")};
    arms[0] = scenario.arms;
    for (size_t a = 0; a < 2; a++)
        scenario_fixture_add_intervention(
            arms[a], a == 0 ? "y" : "x",
            (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.5})
            ->per_contact = 3;
    assert_int_equal(ltv_arm_pair_init(&pair, arms[0], arms[1], NULL), LTV_OK);
    assert_int_equal(ltv_arm_pair_init(&turned, arms[1], arms[0], NULL), LTV_OK);
    live_hybrid(one, &scenario, &pair, 1u << LTV_DRIVER_CHURN);
    live_hybrid(other, &scenario, &turned, 1u << LTV_DRIVER_PROGRAMME_COST);
    assert_same_lives(0, "turned round", one, other);
    ltv_arm_pair_free(&pair);
    ltv_arm_pair_free(&turned);
    ltv_scenario_free(&scenario);
}

static void own_retention(ltv_arm *arm)
{
    arm->segments[0].has_retention = true;
    scenario_fixture_set_curve(&arm->segments[0].retention, LTV_CURVE_GEOMETRIC, (double[]){0.1});
}

/* The first arm has a retention for each segment alone. */
static void segments_bring_the_retention_of_the_arm_that_has_them(void **state)
{
    (void)state;
    static ltv_money mixed[LTV_BLOCK], expected[LTV_BLOCK];
    ltv_scenario scenario;
    ltv_arm_pair pair;
    scenario_fixture_init(&scenario, 0.1);
    ltv_arm *second = scenario_fixture_add_arm(&scenario, "second"), *first = scenario.arms;
    scenario_fixture_set_segments(first, 1, (double[]){1}, (double[]){1});
    own_retention(first);
    first->has_retention = false;
    scenario_fixture_set_segments(second, 2, (double[]){0.5, 0.5}, (double[]){1, 2});
    second->segments[0].name[0] = 'S';
    second->segments[1].name[0] = 'S';
    second->involuntary_churn = 0.02;
    assert_int_equal(ltv_arm_pair_init(&pair, first, second, NULL), LTV_OK);
    assert_int_equal(pair.differ, 1u << LTV_DRIVER_MIX | 1u << LTV_DRIVER_CHURN);
    assert_true(ltv_arm_pair_has_unmatched(&pair, LTV_DRIVER_MIX));
    live_hybrid(mixed, &scenario, &pair, 1u << LTV_DRIVER_MIX);
    second->involuntary_churn = 0;
    live(expected, &scenario, second);
    assert_same_lives(0, "mix of the second", mixed, expected);
    ltv_arm_pair_free(&pair);
    ltv_scenario_free(&scenario);
}

/* --- who owns what --- */

static void more_price(ltv_arm *arm)
{
    arm->plans[0].price += 1;
}
static void more_spread(ltv_arm *arm)
{
    arm->spend.cv += 0.1;
}
static void other_spread(ltv_arm *arm)
{
    arm->spend.kind = LTV_SPREAD_LOG_NORMAL;
}
static void correlation(ltv_arm *arm)
{
    arm->spend_churn_correlation = 0.2;
}
static void later_rise(ltv_arm *arm)
{
    arm->price_changes[0].bill++;
}
static void higher_rise(ltv_arm *arm)
{
    arm->price_changes[0].times += 0.1;
}
static void rise_with_churn(ltv_arm *arm)
{
    arm->price_changes[0].churn_times = 2;
}
static void longer_response(ltv_arm *arm)
{
    arm->price_changes[0].churn_for++;
}
static void no_rise(ltv_arm *arm)
{
    arm->n_price_changes = 0;
}
static void price_of_segment(ltv_arm *arm)
{
    arm->segments[0].times.on[LTV_LEVER_PRICE] = 2;
}
static void spend_of_channel(ltv_arm *arm)
{
    arm->channels[0].times.on[LTV_LEVER_SPEND] = 2;
}
static void price_of_add_on(ltv_arm *arm)
{
    arm->add_ons[0].price += 1;
}
static void margin(ltv_arm *arm)
{
    arm->gross_margin /= 2;
}
static void margin_of_plan(ltv_arm *arm)
{
    arm->plans[1].margin /= 2;
}
static void margin_of_add_on(ltv_arm *arm)
{
    arm->add_ons[0].margin /= 2;
}
static void parameter(ltv_arm *arm)
{
    arm->retention.curve.parameter[0] /= 2;
}
static void curve(ltv_arm *arm)
{
    scenario_fixture_set_curve(&arm->retention, LTV_CURVE_WEIBULL, (double[]){20, 0.9});
}
static void table(ltv_arm *arm)
{
    scenario_fixture_set_table(&arm->retention, 3, (double[]){1, 0.9, 0.8}, 2);
}
static void frailty(ltv_arm *arm)
{
    arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
}
static void cured(ltv_arm *arm)
{
    arm->retention.cured = 0.1;
}
static void season(ltv_arm *arm)
{
    arm->retention.has_season = true;
}
static void spike(ltv_arm *arm)
{
    scenario_fixture_set_spikes(&arm->retention, 1, (ltv_tenure_spike[]){{3, 2}});
}
static void involuntary(ltv_arm *arm)
{
    arm->involuntary_churn /= 2;
}
static void churn_of_segment(ltv_arm *arm)
{
    arm->segments[0].times.on[LTV_LEVER_CHURN] = 2;
}
static void failures_of_channel(ltv_arm *arm)
{
    arm->channels[0].times.on[LTV_LEVER_INVOLUNTARY] = 2;
}
static void churn_of_plan(ltv_arm *arm)
{
    arm->plans[0].churn = 2;
}
static void term(ltv_arm *arm)
{
    arm->plans[0].term = 6;
}
static void churn_of_add_on(ltv_arm *arm)
{
    arm->add_ons[0].churn = 2;
}
static void accept(ltv_arm *arm)
{
    arm->interventions[0].when.probability = 0.9;
}
static void less_churn(ltv_arm *arm)
{
    arm->interventions[1].effects[0].times = 0.5;
}
static void longer_effect(ltv_arm *arm)
{
    arm->interventions[1].effects[0].periods++;
}
static void ramp(ltv_arm *arm)
{
    arm->interventions[1].effects[0].ramp = 2;
}
static void fade(ltv_arm *arm)
{
    arm->interventions[1].effects[0].fade_half_life = 2;
}
static void starts(ltv_arm *arm)
{
    arm->plans[0].starts = 0.5;
    arm->plans[1].starts = 0.5;
}
static void starts_of_segment(ltv_arm *arm)
{
    arm->segments[0].starts = must(calloc(2, sizeof(double)));
    arm->segments[0].starts[0] = 1;
}
static void upgrade(ltv_arm *arm)
{
    arm->plans[0].upgrades[0].rate.probability = 0.5;
}
static void no_upgrade(ltv_arm *arm)
{
    arm->plans[0].n_upgrades = 0;
}
static void upgrade_of_segment(ltv_arm *arm)
{
    arm->segments[1].times.on[LTV_LEVER_UPGRADE] = 2;
}
static void downgrade_of_channel(ltv_arm *arm)
{
    arm->channels[1].times.on[LTV_LEVER_DOWNGRADE] = 2;
}
static void rename_plan(ltv_arm *arm)
{
    arm->plans[0].name[0] = 'P';
}
static void move_to_plan(ltv_arm *arm)
{
    arm->interventions[1].to_plan = 1;
}
static void upgrades_by_programme(ltv_arm *arm)
{
    scenario_fixture_set_effect(&arm->interventions[1], LTV_LEVER_UPGRADE, 2, 8);
}
static void attach(ltv_arm *arm)
{
    arm->add_ons[0].attach.from = 2;
}
static void drop(ltv_arm *arm)
{
    arm->add_ons[0].drop.probability = 0.4;
}
static void attach_of_segment(ltv_arm *arm)
{
    arm->segments[1].times.on[LTV_LEVER_ATTACH] = 2;
}
static void drop_of_channel(ltv_arm *arm)
{
    arm->channels[1].times.on[LTV_LEVER_DROP] = 2;
}
static void second_add_on(ltv_arm *arm)
{
    scenario_fixture_add_add_on(arm, 1, 0.1, 0.1);
}
static void order_rate(ltv_arm *arm)
{
    arm->orders.rate *= 2;
}
static void order_value(ltv_arm *arm)
{
    arm->orders.value_mean *= 2;
}
static void order_shape(ltv_arm *arm)
{
    arm->orders.p = 2;
}
static void order_customers(ltv_arm *arm)
{
    arm->orders.q = 5;
}
static void first_order(ltv_arm *arm)
{
    arm->orders.first_order_certain = false;
}
static void orders_of_segment(ltv_arm *arm)
{
    arm->segments[1].times.on[LTV_LEVER_ORDERS] = 2;
}
static void segment_share(ltv_arm *arm)
{
    arm->segments[0].share = 0.3;
}
static void channel_share(ltv_arm *arm)
{
    arm->channels[0].share = 0.1;
}
static void channel_mix(ltv_arm *arm)
{
    arm->channels[0].segments = must(calloc(2, sizeof(double)));
    arm->channels[0].segments[1] = 1;
}
static void move_to_segment(ltv_arm *arm)
{
    arm->interventions[1].to_segment = 1;
}
static void service(ltv_arm *arm)
{
    arm->service_cost += 1;
}
static void service_of_segment(ltv_arm *arm)
{
    arm->segments[1].service_cost += 1;
}
static void reach(ltv_arm *arm)
{
    arm->interventions[1].reach = 0.5;
}
static void uptake(ltv_arm *arm)
{
    arm->interventions[1].uptake = 0.5;
}
static void tenure(ltv_arm *arm)
{
    arm->interventions[1].when.periods = 3;
}
static void bluff(ltv_arm *arm)
{
    arm->interventions[0].when.rate = 0.1;
}
static void plans_of_audience(ltv_arm *arm)
{
    arm->interventions[1].plans = 1;
}
static void segments_of_audience(ltv_arm *arm)
{
    arm->interventions[1].segments = must(calloc(2, sizeof(bool)));
}
static void channels_of_audience(ltv_arm *arm)
{
    arm->interventions[1].channels = must(calloc(3, sizeof(bool)));
}
static void phases(ltv_arm *arm)
{
    arm->interventions[1].phases = must(calloc(1, sizeof(ltv_phase)));
    arm->interventions[1].n_phases = 1;
}
static void best_customers(ltv_arm *arm)
{
    arm->interventions[1].top_by_spend = 0.1;
}
static void capacity(ltv_arm *arm)
{
    arm->interventions[1].capacity = 9;
}
static void other_order(ltv_arm *arm)
{
    ltv_intervention first = arm->interventions[0];
    arm->interventions[0] = arm->interventions[1];
    arm->interventions[1] = first;
}
static void per_contact(ltv_arm *arm)
{
    arm->interventions[0].per_contact += 1;
}
static void per_participant(ltv_arm *arm)
{
    arm->interventions[0].per_participant += 1;
}
static void per_period(ltv_arm *arm)
{
    arm->interventions[1].per_period += 1;
}
static void price_off(ltv_arm *arm)
{
    arm->interventions[0].price_off = 0.5;
}
static void price_off_bills(ltv_arm *arm)
{
    arm->interventions[0].price_off_bills++;
}
static void nothing(ltv_arm *arm)
{
    (void)arm;
}
static void cac(ltv_arm *arm)
{
    arm->channels[1].cac += 1;
}
static void fixed(ltv_arm *arm)
{
    arm->interventions[1].fixed += 1;
}
static void arm_price_beside_plans(ltv_arm *arm)
{
    arm->price = 5;
}
static void no_touch(ltv_arm *arm)
{
    arm->n_interventions = 1;
}
static void no_offer(ltv_arm *arm)
{
    arm->interventions[0] = arm->interventions[1];
    arm->n_interventions = 1;
}

/* Programme 0 is a save offer with costs and price_off, programme 1 costs something per period and
 * cuts churn. */
static void each_change_belongs_to_one_driver(void **state)
{
    (void)state;
#define D(driver) 1u << LTV_DRIVER_##driver
    static const struct {
        const char *label;
        void (*change)(ltv_arm *);
        ltv_driver_set owners;
    } cases[] = {
#define CASE(change, owners) {#change, change, owners}
        CASE(more_price, D(PRICE)),
        CASE(more_spread, D(PRICE)),
        CASE(other_spread, D(PRICE)),
        CASE(correlation, D(PRICE)),
        CASE(later_rise, D(PRICE)),
        CASE(higher_rise, D(PRICE)),
        CASE(rise_with_churn, D(PRICE)),
        CASE(longer_response, D(PRICE)),
        CASE(no_rise, D(PRICE)),
        CASE(price_of_segment, D(PRICE)),
        CASE(spend_of_channel, D(PRICE)),
        CASE(price_of_add_on, D(PRICE)),
        CASE(margin, D(MARGIN)),
        CASE(margin_of_plan, D(MARGIN)),
        CASE(margin_of_add_on, D(MARGIN)),
        CASE(parameter, D(CHURN)),
        CASE(curve, D(CHURN)),
        CASE(table, D(CHURN)),
        CASE(frailty, D(CHURN)),
        CASE(cured, D(CHURN)),
        CASE(season, D(CHURN)),
        CASE(spike, D(CHURN)),
        CASE(involuntary, D(CHURN)),
        CASE(own_retention, D(CHURN)),
        CASE(churn_of_segment, D(CHURN)),
        CASE(failures_of_channel, D(CHURN)),
        CASE(churn_of_plan, D(CHURN)),
        CASE(term, D(CHURN)),
        CASE(churn_of_add_on, D(CHURN)),
        CASE(accept, D(CHURN)),
        CASE(less_churn, D(CHURN)),
        CASE(longer_effect, D(CHURN)),
        CASE(ramp, D(CHURN)),
        CASE(fade, D(CHURN)),
        CASE(starts, D(EXPANSION)),
        CASE(starts_of_segment, D(EXPANSION)),
        CASE(upgrade, D(EXPANSION)),
        CASE(no_upgrade, D(EXPANSION)),
        CASE(upgrade_of_segment, D(EXPANSION)),
        CASE(downgrade_of_channel, D(EXPANSION)),
        CASE(rename_plan, D(EXPANSION)),
        CASE(move_to_plan, D(EXPANSION)),
        CASE(upgrades_by_programme, D(EXPANSION)),
        CASE(attach, D(CROSS_SELL)),
        CASE(drop, D(CROSS_SELL)),
        CASE(attach_of_segment, D(CROSS_SELL)),
        CASE(drop_of_channel, D(CROSS_SELL)),
        CASE(second_add_on, D(CROSS_SELL)),
        CASE(order_rate, D(ORDERS)),
        CASE(order_value, D(ORDERS)),
        CASE(order_shape, D(ORDERS)),
        CASE(order_customers, D(ORDERS)),
        CASE(first_order, D(ORDERS)),
        CASE(orders_of_segment, D(ORDERS)),
        CASE(segment_share, D(MIX)),
        CASE(channel_share, D(MIX)),
        CASE(channel_mix, D(MIX)),
        CASE(move_to_segment, D(MIX)),
        CASE(service, D(SERVICE_COST)),
        CASE(service_of_segment, D(SERVICE_COST)),
        CASE(reach, D(REACH)),
        CASE(uptake, D(REACH)),
        CASE(tenure, D(REACH)),
        CASE(bluff, D(REACH)),
        CASE(plans_of_audience, D(REACH)),
        CASE(segments_of_audience, D(REACH)),
        CASE(channels_of_audience, D(REACH)),
        CASE(phases, D(REACH)),
        CASE(best_customers, D(REACH)),
        CASE(capacity, D(REACH)),
        CASE(other_order, D(REACH)),
        CASE(per_contact, D(PROGRAMME_COST)),
        CASE(per_participant, D(PROGRAMME_COST)),
        CASE(per_period, D(PROGRAMME_COST)),
        CASE(price_off, D(PROGRAMME_COST)),
        CASE(price_off_bills, D(PROGRAMME_COST)),
        CASE(nothing, 0),
        CASE(cac, 0),
        CASE(fixed, 0),
        CASE(arm_price_beside_plans, 0),
        /* A programme of one arm alone is in each driver that it acts on. */
        CASE(no_touch, D(CHURN) | D(PROGRAMME_COST)),
        CASE(no_offer, D(CHURN) | D(PROGRAMME_COST)),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario;
        ltv_arm_pair pair;
        scenario_fixture_init_eventful(&scenario);
        ltv_arm all = scenario.arms[2];
        scenario.arms[2] = scenario.arms[0]; /* the arm with programmes comes first … */
        scenario.arms[0] = all;
        scenario_fixture_add_arm(&scenario, "changed"); /* … and is copied */
        ltv_arm changed = scenario.arms[3];
        cases[i].change(&changed);
        assert_int_equal(ltv_arm_pair_init(&pair, &scenario.arms[0], &changed, NULL), LTV_OK);
        if (pair.differ != cases[i].owners)
            fail_msg("%s: %#x and not %#x", cases[i].label, pair.differ, cases[i].owners);
        ltv_arm_pair_free(&pair);
        scenario.arms[3] = changed;
        for (size_t k = changed.n_interventions; k < 2; k++)
            scenario.arms[3].n_interventions = 2; /* what was left out is freed */
        ltv_scenario_free(&scenario);
    }
}

/* --- what cannot be mixed --- */

static void a_frailty_without_a_rank_is_not_torn_from_what_needs_the_rank(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_arm_pair pair;
    scenario_fixture_init(&scenario, 0.05);
    scenario_fixture_set_curve(&scenario.arms[0].retention, LTV_CURVE_BETA_GEOMETRIC,
                               (double[]){1, 9});
    scenario.arms[0].retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    scenario.arms[0].spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    ltv_arm *arm = scenario_fixture_add_arm(&scenario, "follows");
    arm->retention.heterogeneity.kind = LTV_SPREAD_NONE;
    arm->spend_churn_correlation = 0.4;
    arm->gross_margin = 0.5;
    assert_int_equal(ltv_arm_pair_init(&pair, &scenario.arms[0], arm, NULL), LTV_OK);
    assert_int_equal(pair.differ, D(PRICE) | D(CHURN) | D(MARGIN));
    assert_int_equal(ltv_arm_pair_inseparable(&pair, LTV_DRIVER_CHURN) & pair.differ,
                     D(PRICE) | D(CHURN));
    assert_int_equal(ltv_arm_pair_inseparable(&pair, LTV_DRIVER_MARGIN), D(MARGIN));
    ltv_arm_pair_free(&pair);
    arm->spend_churn_correlation = 0;
    assert_int_equal(ltv_arm_pair_init(&pair, &scenario.arms[0], arm, NULL), LTV_OK);
    assert_int_equal(ltv_arm_pair_inseparable(&pair, LTV_DRIVER_CHURN), D(CHURN));
    ltv_arm_pair_free(&pair);
    ltv_scenario_free(&scenario);
}

static void more_programmes_than_an_arm_can_hold_are_not_mixed(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_arm_pair pair;
    scenario_fixture_init(&scenario, 0.05);
    scenario_fixture_add_arm(&scenario, "other");
    for (size_t a = 0; a < 2; a++)
        for (int k = 0; k < 40; k++) {
            char name[LTV_NAME_SIZE];
            snprintf(name, sizeof name, "%zu %d", a, k);
            scenario_fixture_add_intervention(&scenario.arms[a], name,
                                              (ltv_trigger){.kind = LTV_WHEN_AT_TENURE})
                ->per_contact = 1;
        }
    assert_int_equal(ltv_arm_pair_init(&pair, &scenario.arms[0], &scenario.arms[1], NULL), LTV_OK);
    assert_false(pair.mixable);
    ltv_arm_pair_free(&pair);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_everything_from_one_arm_customers_live_as_in_it),
        cmocka_unit_test(it_does_not_matter_which_arm_is_called_the_first),
        cmocka_unit_test(neither_does_it_to_programmes_that_one_arm_alone_has),
        cmocka_unit_test(segments_bring_the_retention_of_the_arm_that_has_them),
        cmocka_unit_test(each_change_belongs_to_one_driver),
        cmocka_unit_test(a_frailty_without_a_rank_is_not_torn_from_what_needs_the_rank),
        cmocka_unit_test(more_programmes_than_an_arm_can_hold_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
