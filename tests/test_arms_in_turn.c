/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "random_offers.h"
#include "same_blocks.h"
#include "scenario_fixture.h"
#include "sim/kernel/crowd.h"
#include "sim/kernel/kernel.h"
#include "sim/program_set.h"

/* The arms of some draws, one after the other through the same blocks on the same luck, as in the
 * engine: what one block of customers leaves behind in columns, ladders, kept sums and
 * what other arms lend must not be seen by the next. Each is compared with an arm compiled and
 * lived by itself in a new block, customer by customer. */

enum { SCENARIOS = 40, ARMS = 6, DRAWS = 4, BLOCKS = 3 };

static bool sometimes(test_random *random, double probability)
{
    return test_random_uniform(random, 0, 1) < probability;
}

/* --- scenarios --- */

/* More plans and add-ons than a random scenario ever has. */
static void add_as_many_as_there_can_be(ltv_arm *arm)
{
    double prices[LTV_MAX_PLANS], starts[LTV_MAX_PLANS];
    for (int p = 0; p < LTV_MAX_PLANS; p++) {
        prices[p] = 10 + p;
        starts[p] = 1.0 / LTV_MAX_PLANS;
    }
    scenario_fixture_set_plans(arm, LTV_MAX_PLANS, prices, starts);
    for (uint32_t p = 0; p + 1 < LTV_MAX_PLANS; p++)
        scenario_fixture_add_upgrade(&arm->plans[p], p + 1, 0.05);
    for (int a = 0; a < LTV_MAX_ADD_ONS; a++)
        scenario_fixture_add_add_on(arm, 1 + a, 0.02 * (1 + a % 5), 0.1);
}

/* By multiplier on churn alone its crowd goes on by heads, by others it reads budgets; with a price
 * or a save some customers live alone. */
static void add_programme(ltv_arm *arm, test_random *random)
{
    char name[20];
    snprintf(name, sizeof name, "%zu", arm->n_interventions);
    ltv_trigger when = {.kind = LTV_WHEN_AT_TENURE, .periods = test_random_below(random, 4)};
    if (sometimes(random, 0.3))
        when = (ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 1 + test_random_below(random, 6)};
    if (sometimes(random, 0.1))
        when = (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.4};
    ltv_intervention *programme = scenario_fixture_add_intervention(arm, name, when);
    scenario_fixture_set_effect(programme, LTV_LEVER_CHURN, test_random_uniform(random, 0.2, 2),
                                1 + test_random_below(random, 9));
    if (sometimes(random, 0.2) && arm->n_add_ons > 0)
        scenario_fixture_set_effect(programme, LTV_LEVER_ATTACH, 2, 5);
    if (sometimes(random, 0.1)) {
        programme->price_off = 0.2;
        programme->price_off_bills = 3;
    }
    programme->reach = sometimes(random, 0.6) ? test_random_uniform(random, 0.1, 0.9) : 1;
    programme->uptake = sometimes(random, 0.5) ? test_random_uniform(random, 0.1, 0.9) : 1;
    programme->per_period = sometimes(random, 0.5) ? 0.5 : 0;
    programme->per_contact = 1;
}

/* Arm 0 without programmes; the others but the last with some; the last with other offers. */
static void make_arms(ltv_scenario *scenario, uint64_t number)
{
    static const unsigned offers[] = {0, 1u << RANDOM_PLANS, 1u << RANDOM_ADD_ONS,
                                      1u << RANDOM_PLANS | 1u << RANDOM_ADD_ONS,
                                      1u << RANDOM_TERMS | 1u << RANDOM_LEVERS |
                                          1u << RANDOM_ADD_ONS | 1u << RANDOM_PRICE_CHANGES};
    static const uint32_t horizons[] = {1, 2, 100, 400};
    test_random random = {number + 31};
    bool most = number % 10 == 3;
    random_scenario_init(scenario, number);
    ltv_arm *first = scenario->arms;
    random_offers_add(scenario, first, &random, most ? 0 : offers[number % 5]);
    if (most)
        add_as_many_as_there_can_be(first);
    if (number % 6 == 5)
        scenario->horizon = horizons[number / 6 % 4];
    for (int a = 1; a < ARMS; a++) {
        char name[20];
        snprintf(name, sizeof name, "arm %d", a);
        ltv_arm *arm = a + 1 < ARMS ? scenario_fixture_add_arm(scenario, name)
                                    : scenario_fixture_add_other_arm(scenario, name);
        for (uint32_t k = test_random_below(&random, 4); k > 0; k--)
            add_programme(arm, &random);
    }
}

static void change_rate(ltv_rate *rate, test_random *random)
{
    rate->probability = sometimes(random, 0.2) ? 0 : test_random_uniform(random, 0.01, 0.5);
}

/* Another draw of what is uncertain in an arm: how many kinds of customers there are, and which
 * clocks there are, may change too. */
static void draw_again(ltv_arm *arm, test_random *random)
{
    bool alike = sometimes(random, 0.5);
    for (size_t c = 0; c < arm->n_channels; c++) {
        arm->channels[c].times = LTV_NO_MULTIPLIERS;
        for (int lever = 0; !alike && lever < LTV_LEVERS; lever++)
            arm->channels[c].times.on[lever] =
                sometimes(random, 0.1) ? 0 : test_random_uniform(random, 0.5, 1.5);
    }
    arm->involuntary_churn = sometimes(random, 0.4) ? 0 : test_random_uniform(random, 0.01, 0.1);
    arm->price *= test_random_uniform(random, 0.5, 2);
    for (size_t p = 0; p < arm->n_plans; p++) {
        arm->plans[p].price *= test_random_uniform(random, 0.5, 2);
        for (size_t c = 0; c < arm->plans[p].n_upgrades; c++)
            change_rate(&arm->plans[p].upgrades[c].rate, random);
    }
    for (size_t a = 0; a < arm->n_add_ons; a++) {
        arm->add_ons[a].price *= test_random_uniform(random, 0.5, 2);
        change_rate(&arm->add_ons[a].attach, random);
        change_rate(&arm->add_ons[a].drop, random);
    }
    /* Last, since arms with the same world may have other programmes. */
    for (size_t k = 0; k < arm->n_interventions; k++)
        for (size_t e = 0; e < arm->interventions[k].n_effects; e++)
            arm->interventions[k].effects[e].times = test_random_uniform(random, 0.2, 2);
}

/* --- living --- */

static ltv_luck luck, own_luck;

/* What a battery met. */
typedef struct {
    int arms, by_heads, by_budgets, could_be_lent;
} met;

static void note(met *so_far, const ltv_program *program, const ltv_program *other)
{
    bool heads = ltv_crowd_reads_heads(program);
    so_far->arms++;
    so_far->by_heads += heads;
    so_far->by_budgets += !heads && ltv_crowd_knows(program);
    so_far->could_be_lent += heads && other != NULL && ltv_crowd_reads_heads(other);
}

/* Whose life an arm is given: that of an arm that differs in programmes alone, the first as in the
 * engine or another one, which may have been given everything itself; the arm itself: nobody's. */
static size_t other_of(const ltv_program_set *set, size_t a, test_random *random)
{
    size_t any = test_random_below(random, (uint32_t)a + 1);
    bool may_be = any == a || set->like[any] == set->like[a];
    return may_be && sometimes(random, 0.6) ? any : set->like[a];
}

/* By itself, in a new block. */
static void assert_as_alone(const char *label, const ltv_block *lived, const ltv_scenario *scenario,
                            size_t a)
{
    ltv_program program;
    ltv_block alone;
    ltv_error err = {0};
    assert_int_equal(ltv_program_init(&program, scenario, &scenario->arms[a], &err), LTV_OK);
    assert_int_equal(ltv_block_init(&alone, &program, &err), LTV_OK);
    ltv_luck_fill(&own_luck, luck.stream, ltv_needs_all, luck.customer[0], luck.n);
    if (program.plain)
        ltv_kernel_run(&alone, &program, &own_luck);
    else
        ltv_kernel_join(&alone, &program, &own_luck);
    for (uint32_t i = 0; !program.plain && i < luck.n; i++)
        ltv_kernel_live_alone(&alone, &program, &own_luck, i);
    assert_same_blocks(label, lived, &alone, &program);
    ltv_block_free(&alone);
    ltv_program_free(&program);
}

/* A few blocks of customers in all arms. */
static void live_draw(met *so_far, ltv_block *blocks, const ltv_scenario *scenario,
                      const ltv_program_set *set, ltv_stream stream, test_random *random)
{
    for (uint32_t b = 0; b < BLOCKS; b++) {
        uint32_t n = sometimes(random, 0.9) ? 150 : 1 + test_random_below(random, LTV_BLOCK);
        stream.draw ^= b == 1; /* the first customers again, by another luck */
        ltv_luck_fill(&luck, stream, set->needs, b / 2 * 200, n);
        for (size_t a = 0; a < set->n; a++) {
            size_t other = other_of(set, a, random);
            const ltv_program *others = other < a ? &set->programs[other] : NULL;
            ltv_kernel_run_again(&blocks[a], &set->programs[a], &luck,
                                 other < a ? &blocks[other] : NULL, others);
            note(so_far, &set->programs[a], others);
        }
        for (size_t a = 0; a < set->n; a++) {
            char label[80];
            snprintf(label, sizeof label, "scenario %d, draw %d, block %u, arm %zu",
                     (int)scenario->seed - 1000, (int)stream.draw, b, a);
            assert_as_alone(label, &blocks[a], scenario, a);
        }
    }
}

static void live_draws(met *so_far, ltv_scenario *scenario, uint64_t number)
{
    ltv_program_set mean;
    ltv_block blocks[ARMS];
    ltv_error err = {0};
    test_random random = {number + 99};
    assert_int_equal(ltv_program_set_init(&mean, scenario, &err), LTV_OK);
    for (int a = 0; a < ARMS; a++)
        assert_int_equal(ltv_block_init(&blocks[a], &mean.programs[a], &err), LTV_OK);
    for (uint32_t draw = 0; draw < DRAWS; draw++) {
        ltv_program_set set;
        for (int a = 0; a < ARMS; a++) {
            /* The same for arms that differ in programmes alone. */
            test_random world = {number * 100 + draw + scenario->arms[a].overrides};
            draw_again(&scenario->arms[a], &world);
        }
        assert_int_equal(ltv_program_set_init_draw(&set, scenario, &mean, &err), LTV_OK);
        /* Some draws have the luck of the one before. */
        live_draw(so_far, blocks, scenario, &set, (ltv_stream){scenario->seed, draw / 2}, &random);
        ltv_program_set_free(&set);
    }
    for (int a = 0; a < ARMS; a++)
        ltv_block_free(&blocks[a]);
    ltv_program_set_free(&mean);
}

static void arms_and_draws_leave_nothing_behind(void **state)
{
    (void)state;
    met so_far = {0};
    /* What nobody fills is rubbish. */
    memset(&luck, 0x7f, sizeof luck);
    for (uint64_t number = 0; number < SCENARIOS; number++) {
        ltv_scenario scenario;
        make_arms(&scenario, number);
        live_draws(&so_far, &scenario, number);
        ltv_scenario_free(&scenario);
    }
    print_message("%d blocks of arms, %d by heads, %d by budgets, %d that could be lent first "
                  "clocks\n",
                  so_far.arms, so_far.by_heads, so_far.by_budgets, so_far.could_be_lent);
    assert_true(so_far.by_heads > so_far.arms / 5 && so_far.by_budgets > so_far.arms / 20 &&
                so_far.could_be_lent > so_far.arms / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_and_draws_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
