/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_offers.h"
#include "random_scenario.h"
#include "reference_simulator.h"
#include "sim/kernel/kernel.h"

/* Engine and month-by-month reference give the same customers: every bill, cost and order, every
 * amount to the quantum. No tolerance. 40 scenarios where customers do nothing but pay, 100,000
 * customers of each, and 600 with offers and programmes, 2,000 of each; with
 * LTV_TEST_DOSE=small in the environment 4,000 and 200. */

enum { PLAIN_SCENARIOS = 40, OFFER_SCENARIOS = 600 };

static uint32_t dose(uint32_t full, uint32_t small)
{
    const char *said = getenv("LTV_TEST_DOSE");
    return said != NULL && strcmp(said, "small") == 0 ? small : full;
}

/* --- one customer --- */

/* The customer at hand. */
typedef struct {
    uint64_t scenario;
    const ltv_program *program;
    const ltv_block *block;
    uint32_t i; /* in the block */
    const reference_customer *expected;
    ltv_counted counted; /* what the reference says of those customers whom the engine counts */
    int64_t *n_counted;
} pair;

/* What a reader of a failure wants to see first: the bills that both have him pay. */
static void describe(const pair *p)
{
    size_t n;
    const ltv_stretch *stretches = ltv_block_stretches(p->block, p->i, &n);
    print_message("horizon %u\n", p->program->horizon);
    for (size_t k = 0; k < n; k++)
        print_message("engine    %u ... %u, plan %u, add-ons %x, revenue %" PRId64 "\n",
                      stretches[k].from, stretches[k].to, stretches[k].plan, stretches[k].add_ons,
                      stretches[k].revenue);
    for (size_t k = 0; k < p->expected->n_stretches; k++)
        print_message("reference %u ... %u, plan %zu, add-ons %x, revenue %" PRId64 "\n",
                      p->expected->stretches[k].from, p->expected->stretches[k].to,
                      p->expected->stretches[k].plan, p->expected->stretches[k].add_ons,
                      p->expected->stretches[k].revenue);
}

static void same(const pair *p, const char *what, size_t index, int64_t actual, int64_t expected)
{
    if (actual == expected)
        return;
    if (p->i < p->block->n)
        describe(p);
    fail_msg("scenario %" PRIu64 ", customer %u: %s %zu is %" PRId64 " instead of %" PRId64,
             p->scenario, p->i, what, index, actual, expected);
}

static void compare_figures(const pair *p)
{
    const ltv_block *block = p->block;
    const reference_customer *expected = p->expected;
    uint32_t i = p->i;
    same(p, "channel", 0, block->channel[i], (int64_t)expected->channel);
    same(p, "segment", 0, block->segment[i], (int64_t)expected->segment);
    same(p, "bills", 0, block->bills[i], expected->bills);
    same(p, "CAC", 0, block->cac[i], expected->cac);
    same(p, "spend", 0, (int64_t)block->spend[i], (int64_t)expected->spend);
    same(p, "saves", 0, block->saves[i], expected->saves);
    same(p, "LTV", 0, block->ltv[i], expected->ltv);
    same(p, "programme cost", 0, block->programme_cost[i], expected->programme_cost);
    for (size_t k = 0; k < LTV_CHECKPOINTS; k++)
        same(p, "LTV at checkpoint", k, block->ltv_by[k][i], expected->ltv_by[k]);
    for (size_t k = 0; k < p->program->n_interventions; k++)
        same(p, "first contact of programme", k, block->first_contact[k * LTV_BLOCK + i],
             expected->first_contact[k]);
}

static void compare_stretches(const pair *p)
{
    size_t n;
    const ltv_stretch *stretches = ltv_block_stretches(p->block, p->i, &n);
    for (size_t k = 0; k < n && k < p->expected->n_stretches; k++) {
        const ltv_stretch *actual = &stretches[k];
        const reference_stretch *expected = &p->expected->stretches[k];
        same(p, "beginning of stretch", k, actual->from, expected->from);
        same(p, "end of stretch", k, actual->to, expected->to);
        same(p, "plan of stretch", k, actual->plan, (int64_t)expected->plan);
        same(p, "add-ons of stretch", k, actual->add_ons, expected->add_ons);
        same(p, "recurring revenue of stretch", k, actual->recurring, expected->recurring);
        same(p, "revenue of stretch", k, actual->revenue, expected->revenue);
        same(p, "margin of stretch", k, actual->margin, expected->margin);
        same(p, "forgone margin of stretch", k, actual->forgone, expected->forgone);
        same(p, "service cost of stretch", k, actual->service, expected->service);
    }
    same(p, "stretches:", 0, (int64_t)n, (int64_t)p->expected->n_stretches);
}

/* One whose stretches and costs the engine counts: they are of its prices, and counted here too. */
static void count_expected(pair *p)
{
    const ltv_program *program = p->program;
    size_t cell = p->expected->channel * program->n_segments + p->expected->segment;
    const ltv_kind *kind = &program->kinds[program->kind_of[cell]];
    for (size_t k = 0; k < p->expected->n_stretches; k++) {
        const reference_stretch *expected = &p->expected->stretches[k];
        uint16_t plan = (uint16_t)expected->plan;
        ltv_money recurring = ltv_bundle_sum(program, kind->recurring, 1, plan, expected->add_ons);
        uint32_t held = 1u << plan | expected->add_ons << program->n_plans;
        for (size_t c = 0; c < p->counted.n_components; c++) {
            int32_t *holders =
                p->counted.holders + (cell * p->counted.n_components + c) * p->counted.stride;
            holders[expected->from] += held >> c & 1;
            holders[expected->to] -= held >> c & 1;
        }
        same(p, "recurring revenue of those who hold", k, recurring, expected->recurring);
        same(p, "revenue of those who hold", k, recurring, expected->revenue);
        same(p, "margin of those who hold", k,
             ltv_bundle_sum(program, kind->margin, 1, plan, expected->add_ons), expected->margin);
        same(p, "forgone margin of those who hold", k, 0, expected->forgone);
        same(p, "service cost of those who hold", k, kind->service, expected->service);
        same(p, "last bill", k, p->block->pays_before[p->i],
             p->expected->stretches[p->expected->n_stretches - 1].to);
    }
    for (size_t k = 0; k < p->expected->n_costs; k++)
        ltv_counted_add_cost(&p->counted, cell, p->expected->costs[k].bill,
                             p->expected->costs[k].bill + 1, p->expected->costs[k].amount);
    ++*p->n_counted;
}

static void compare_counts(const pair *p)
{
    size_t n = ltv_counted_rows(&p->counted) * p->counted.stride;
    for (size_t k = 0; k < n; k++)
        same(p, "holders at place", k, p->block->counted.holders[k], p->counted.holders[k]);
    for (size_t k = 0; n > 0 && k < p->counted.n_cells * p->counted.stride; k++)
        same(p, "costs at place", k, (int64_t)p->block->counted.costs[k],
             (int64_t)p->counted.costs[k]);
}

/* Costs are the same when their sums at each bill are. */
static void compare_costs(const pair *p)
{
    ltv_money actual[REFERENCE_MAX_HORIZON] = {0}, expected[REFERENCE_MAX_HORIZON] = {0};
    const ltv_cost_list *costs = &p->block->costs;
    for (size_t k = p->i == 0 ? 0 : costs->end[p->i - 1]; k < costs->end[p->i]; k++)
        for (uint32_t u = costs->items[k].from; u < costs->items[k].to; u++)
            actual[u] += costs->items[k].amount;
    for (size_t k = 0; k < p->expected->n_costs; k++)
        expected[p->expected->costs[k].bill] += p->expected->costs[k].amount;
    for (uint32_t u = 0; u < p->program->horizon; u++)
        same(p, "costs at bill", u, actual[u], expected[u]);
}

static void compare_orders(const pair *p)
{
    const ltv_order_list *orders = &p->block->orders;
    size_t first = p->i == 0 ? 0 : orders->end[p->i - 1];
    same(p, "orders:", 0, (int64_t)(orders->end[p->i] - first), (int64_t)p->expected->n_orders);
    for (size_t k = 0; k < p->expected->n_orders; k++) {
        same(p, "bill of order", k, orders->items[first + k].bill, p->expected->orders[k].bill);
        same(p, "value of order", k, orders->items[first + k].value, p->expected->orders[k].amount);
    }
}

static void compare_customer(pair *p)
{
    if (p->block->pays_before[p->i] > 0) {
        count_expected(p);
    } else {
        compare_stretches(p);
        compare_costs(p);
    }
    compare_orders(p);
    compare_figures(p);
}

/* --- what a battery has met, so that it cannot quietly test less than it says --- */

static struct {
    int curves[LTV_CURVE_KINDS], seasons, spikes, cured, correlated, involuntary, spend,
        own_retention, ratios, cac_spread;
    int asked[RANDOM_FEATURES];                              /* scenarios */
    int64_t contacts[LTV_WHEN_RISK_SIGNAL + 1];              /* by trigger */
    int64_t participants[LTV_WHEN_RISK_SIGNAL + 1];          /* by trigger */
    int64_t saves, returns, plan_changes, add_ons, orders;   /* of customers */
    int64_t segment_moves, changed_spend, forgone, rationed; /* likewise */
    int64_t counted;                                         /* likewise */
} met;

static void remember_arm(const ltv_arm *arm)
{
    for (size_t s = 0; s < arm->n_segments; s++) {
        const ltv_retention *retention = ltv_arm_retention(arm, s);
        met.curves[retention->curve.kind]++;
        met.seasons += retention->has_season;
        met.spikes += retention->n_spikes > 0;
        met.cured += retention->cured > 0;
        met.own_retention += arm->segments[s].has_retention;
        for (size_t c = 0; c < arm->n_channels; c++)
            met.ratios += ltv_arm_multipliers(arm, c, s).on[LTV_LEVER_CHURN] != 1;
    }
    for (size_t c = 0; c < arm->n_channels; c++)
        met.cac_spread += arm->channels[c].cac_spread.kind != LTV_SPREAD_NONE;
    met.correlated += arm->spend_churn_correlation != 0;
    met.involuntary += arm->involuntary_churn > 0;
    met.spend += arm->spend.kind != LTV_SPREAD_NONE;
}

static void remember_customer(const ltv_arm *arm, const reference_customer *customer)
{
    for (size_t k = 0; k < arm->n_interventions; k++) {
        ltv_trigger_kind kind = arm->interventions[k].when.kind;
        met.contacts[kind] += customer->contacts[k];
        met.participants[kind] += customer->participants[k];
        met.rationed += isfinite(arm->interventions[k].capacity) ? customer->contacts[k] : 0;
    }
    met.saves += customer->saves;
    met.orders += (int64_t)customer->n_orders;
    for (size_t k = 0; k < customer->n_stretches; k++) {
        const reference_stretch *now = &customer->stretches[k], *before = now - (k > 0);
        met.returns += k > 0 && before->to < now->from;
        met.plan_changes += before->plan != now->plan;
        met.segment_moves += before->segment != now->segment;
        met.changed_spend += before->held != now->held;
        met.add_ons += now->add_ons != 0;
        met.forgone += now->forgone != 0;
    }
}

/* --- one scenario --- */

static void compare_block(pair *p, const ltv_arm *arm, const reference_arm *tables, uint32_t first)
{
    static reference_customer expected;
    int64_t contacts[LTV_MAX_INTERVENTIONS] = {0}, participants[LTV_MAX_INTERVENTIONS] = {0};
    p->expected = &expected;
    ltv_counted_clear(&p->counted);
    p->counted.any = p->counted.n_components > 0;
    for (p->i = 0; p->i < p->block->n; p->i++) {
        reference_simulate(tables, first + p->i, &expected);
        compare_customer(p);
        remember_customer(arm, &expected);
        for (size_t k = 0; k < arm->n_interventions; k++) {
            contacts[k] += expected.contacts[k];
            participants[k] += expected.participants[k];
        }
    }
    compare_counts(p);
    for (size_t k = 0; k < arm->n_interventions; k++) {
        same(p, "contacts of programme", k, p->block->contacts[k], contacts[k]);
        same(p, "participants of programme", k, p->block->participants[k], participants[k]);
    }
}

/* `contact`: by intervention and bill, for programmes with a capacity; or NULL. */
static void compare_arm(uint64_t number, const ltv_scenario *scenario, uint32_t customers,
                        const double *const *contact)
{
    const ltv_arm *arm = scenario->arms;
    ltv_program program;
    ltv_block block;
    reference_arm tables;
    ltv_error err = {0};
    assert_int_equal(ltv_program_init(&program, scenario, arm, &err), LTV_OK);
    for (size_t k = 0; contact != NULL && k < arm->n_interventions; k++)
        for (uint32_t u = 0; u <= scenario->horizon; u++)
            program.interventions[k].contact_threshold[u] = ltv_word_threshold(contact[k][u]);
    assert_int_equal(ltv_block_init(&block, &program, &err), LTV_OK);
    reference_arm_init(&tables, scenario, arm, contact);
    ltv_luck *luck = calloc(1, sizeof *luck);
    pair p = {.scenario = number, .program = &program, .block = &block, .n_counted = &met.counted};
    assert_true(ltv_counted_init(&p.counted, &program));
    for (uint32_t first = 0; first < customers; first += LTV_BLOCK) {
        uint32_t n = customers - first < LTV_BLOCK ? customers - first : LTV_BLOCK;
        ltv_luck_fill(luck, (ltv_stream){.seed = scenario->seed}, ltv_kernel_needs(&program), first,
                      n);
        ltv_kernel_run(&block, &program, luck);
        assert_false(block.overflow || block.out_of_memory);
        compare_block(&p, arm, &tables, first);
    }
    free(luck);
    ltv_counted_free(&p.counted);
    reference_arm_free(&tables);
    ltv_block_free(&block);
    ltv_program_free(&program);
}

static void customers_who_do_nothing_but_pay_are_identical(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < PLAIN_SCENARIOS; number++) {
        ltv_scenario scenario;
        random_scenario_init(&scenario, number);
        remember_arm(scenario.arms);
        compare_arm(number, &scenario, dose(100000, 4000), NULL);
        ltv_scenario_free(&scenario);
    }
}

static void spread_cac(ltv_arm *arm, test_random *random)
{
    for (size_t c = 0; c < arm->n_channels; c++)
        arm->channels[c].cac_spread =
            (ltv_spread){LTV_SPREAD_LOG_NORMAL, test_random_uniform(random, 0.1, 2)};
}

/* Gives every programme of the arm a capacity and the chance of a contact at each bill that a
 * pilot might have found; 1 where there is enough for all. */
static void ration(ltv_arm *arm, uint32_t horizon, test_random *random,
                   const double *contact[LTV_MAX_INTERVENTIONS],
                   double chances[LTV_MAX_INTERVENTIONS][REFERENCE_MAX_HORIZON])
{
    for (size_t k = 0; k < arm->n_interventions; k++) {
        arm->interventions[k].capacity = 1;
        contact[k] = chances[k];
        for (uint32_t u = 0; u <= horizon; u++)
            chances[k][u] = fmin(test_random_uniform(random, 0, 1.3), 1);
    }
}

static void compare_offers(uint64_t number)
{
    static double chances[LTV_MAX_INTERVENTIONS][REFERENCE_MAX_HORIZON];
    const double *contact[LTV_MAX_INTERVENTIONS];
    ltv_scenario scenario;
    test_random random = {number};
    unsigned features = random_features_of((unsigned)number, (1u << RANDOM_FEATURES) - 1);
    random_scenario_init(&scenario, PLAIN_SCENARIOS + number);
    ltv_arm *arm = scenario.arms;
    random_offers_add(&scenario, arm, &random, features);
    for (int f = 0; f < RANDOM_FEATURES; f++)
        met.asked[f] += features >> f & 1;
    if (number % 7 == 0)
        spread_cac(arm, &random);
    bool rationed = number % 5 == 0;
    if (rationed)
        ration(arm, scenario.horizon, &random, contact, chances);
    remember_arm(arm);
    compare_arm(PLAIN_SCENARIOS + number, &scenario, dose(2000, 200), rationed ? contact : NULL);
    ltv_scenario_free(&scenario);
}

static void customers_with_offers_and_programmes_are_identical(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < OFFER_SCENARIOS; number++)
        compare_offers(number);
}

static void report(const char *what, int64_t times)
{
    print_message("%-28s %10" PRId64 "\n", what, times);
    if (times < 2)
        fail_msg("the battery has hardly met: %s", what);
}

static void the_battery_met_every_feature(void **state)
{
    (void)state;
    for (int kind = 0; kind < LTV_CURVE_KINDS; kind++)
        report(ltv_curve_model_of((ltv_curve_kind)kind)->name, met.curves[kind]);
    report("season", met.seasons);
    report("by_tenure", met.spikes);
    report("cured share", met.cured);
    report("involuntary churn", met.involuntary);
    report("level of spend", met.spend);
    report("spend that follows churn", met.correlated);
    report("retention of a segment", met.own_retention);
    report("multipliers of churn", met.ratios);
    report("CAC over customers", met.cac_spread);
    for (int f = 0; f < RANDOM_FEATURES; f++)
        report(random_feature_name((random_feature)f), met.asked[f]);
}

static void everything_that_may_happen_has_happened(void **state)
{
    (void)state;
    static const char *const triggers[] = {
        [LTV_WHEN_AT_TENURE] = "at_tenure",     [LTV_WHEN_EVERY] = "every",
        [LTV_WHEN_BEFORE_RENEWAL] = "renewal",  [LTV_WHEN_CHURN_INTENT] = "churn intent",
        [LTV_WHEN_PAYMENT_FAILURE] = "failure", [LTV_WHEN_CHURN] = "win-back",
        [LTV_WHEN_UPGRADE] = "upgrade",         [LTV_WHEN_RISK_SIGNAL] = "risk signal",
    };
    for (int kind = 0; kind <= LTV_WHEN_RISK_SIGNAL; kind++) {
        print_message("contacts, participants:\n");
        report(triggers[kind], met.contacts[kind]);
        report(triggers[kind], met.participants[kind]);
    }
    report("contacts under a capacity", met.rationed);
    report("saves", met.saves);
    report("returns", met.returns);
    report("plan changes", met.plan_changes);
    report("segment moves", met.segment_moves);
    report("changes of the weight", met.changed_spend);
    report("customers who are counted", met.counted);
    report("stretches with add-ons", met.add_ons);
    report("stretches at a price_off", met.forgone);
    report("orders", met.orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_who_do_nothing_but_pay_are_identical),
        cmocka_unit_test(customers_with_offers_and_programmes_are_identical),
        cmocka_unit_test(the_battery_met_every_feature),
        cmocka_unit_test(everything_that_may_happen_has_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
