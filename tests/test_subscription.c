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
#include "scenario_fixture.h"
#include "sim/kernel/subscription.h"

enum { HORIZON = 40, PLANS = 2, ADD_ONS = 3 };

typedef struct {
    ltv_program program;
    ltv_block block;
} room;

static room r;

/* Two plans at 900 and 1500, add-ons at 100, 200, 300, a service cost of 50, 10 % a year, yen. */
static void open_room(void)
{
    ltv_scenario scenario;
    ltv_error err = {0};
    const double prices[PLANS] = {900, 1500}, starts[PLANS] = {0.5, 0.5};
    scenario_fixture_init(&scenario, 0.03);
    scenario.horizon = HORIZON;
    scenario.discount_rate_per_year = 0.1;
    ltv_arm *arm = &scenario.arms[0];
    arm->service_cost = 50;
    scenario_fixture_set_plans(arm, PLANS, prices, starts);
    for (int a = 0; a < ADD_ONS; a++)
        scenario_fixture_add_add_on(arm, 100 * (a + 1), 0.1, 0.1);
    assert_int_equal(ltv_program_init(&r.program, &scenario, arm, &err), LTV_OK);
    assert_int_equal(ltv_block_init(&r.block, &r.program, &err), LTV_OK);
    ltv_scenario_free(&scenario);
}

static void leave_room(void)
{
    ltv_block_free(&r.block);
    ltv_program_free(&r.program);
}

static void empty(void)
{
    ltv_block_clear(&r.block, &r.program, 1);
    r.block.ltv[0] = r.block.programme_cost[0] = 0;
    r.block.bills[0] = 0;
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        r.block.ltv_by[k][0] = 0;
}

/* What bills from ... to - 1 are worth, in yen, by the definition: margin 80 % of the price paid,
 * minus service, each bill discounted by itself. */
static double by_definition(uint16_t plan, uint32_t add_ons, double paid, uint32_t from,
                            uint32_t to)
{
    double value = 0, price = plan == 0 ? 900 : 1500;
    for (int a = 0; a < ADD_ONS; a++)
        price += add_ons >> a & 1 ? 100 * (a + 1) : 0;
    for (uint32_t u = from; u < to; u++)
        value += (0.8 * price * paid - 50) / pow(1.1, u / 12.0);
    return value;
}

static void close_one(const ltv_subscription *subscription, uint32_t to)
{
    uint32_t counted = to < HORIZON ? to : HORIZON;
    double quantum = 0x1p-20, paid = (double)subscription->paid_weight / LTV_WEIGHT_ONE;
    double recurring = (double)subscription->recurring_weight / LTV_WEIGHT_ONE;
    uint16_t plan = subscription->plan;
    uint32_t add_ons = subscription->add_ons, from = subscription->from;
    empty();
    ltv_subscription_close(subscription, &r.block, &r.program, 0, to);
    /* Half a quantum for each rounded amount of a bill, at most five, and one for the sum. */
    double rounding = (2.5 * HORIZON + 1) * quantum;
    assert_int_equal(r.block.bills[0], counted > from ? counted - from : 0);
    assert_close("worth", (double)r.block.ltv[0] * quantum,
                 by_definition(plan, add_ons, paid, from, counted), rounding);
    for (int k = 0; k < LTV_CHECKPOINTS; k++) {
        uint32_t by = r.program.checkpoint[k], until = counted < by ? counted : by;
        assert_close("by then", (double)r.block.ltv_by[k][0] * quantum,
                     by_definition(plan, add_ons, paid, from, until), rounding);
    }
    double given = by_definition(plan, add_ons, recurring, from, counted) -
                   by_definition(plan, add_ons, paid, from, counted);
    assert_close("given away", (double)r.block.programme_cost[0] * quantum, given, rounding);
    const ltv_stretch *stretch = &r.block.stretches.items[0];
    assert_int_equal(r.block.stretches.n, 1);
    assert_true(stretch->from == from && stretch->to == to && stretch->plan == plan &&
                stretch->add_ons == add_ons);
}

static void bills_are_worth_what_they_are_by_definition(void **state)
{
    (void)state;
    static const struct {
        uint32_t from, to;
    } bills[] = {{0, 1},   {0, 41},  {0, 12},  {5, 12},  {5, 13}, {11, 37},
                 {12, 36}, {13, 20}, {36, 37}, {39, 41}, {40, 41}};
    open_room();
    assert_true(r.program.checkpoint[0] == 12 && r.program.checkpoint[1] == 36 &&
                r.program.checkpoint[2] == 0);
    for (uint16_t plan = 0; plan < PLANS; plan++)
        for (uint32_t add_ons = 0; add_ons < 1u << ADD_ONS; add_ons++)
            for (size_t b = 0; b < sizeof bills / sizeof *bills; b++)
                for (int weight = 0; weight < 3; weight++) {
                    ltv_subscription subscription = {.kind = &r.program.kinds[0],
                                                     .from = bills[b].from,
                                                     .plan = plan,
                                                     .add_ons = add_ons};
                    bool overflow = false;
                    subscription.recurring_weight =
                        ltv_weight_of(weight == 0 ? 1 : 1.75, &overflow);
                    subscription.paid_weight = ltv_weight_of(weight == 0   ? 1
                                                             : weight == 1 ? 1.75
                                                                           : 1.25,
                                                             &overflow);
                    close_one(&subscription, bills[b].to);
                }
    leave_room();
}

static void an_amount_beyond_what_can_be_held_is_told(void **state)
{
    (void)state;
    open_room();
    empty();
    ltv_subscription huge = {.kind = &r.program.kinds[0], .paid_weight = (ltv_weight)1 << 56};
    huge.recurring_weight = huge.paid_weight;
    ltv_subscription_close(&huge, &r.block, &r.program, 0, HORIZON);
    assert_true(r.block.overflow);
    leave_room();
}

static void dated_amounts_count_up_to_their_checkpoints(void **state)
{
    (void)state;
    open_room();
    empty();
    ltv_block_add_dated(&r.block, &r.program, 0, 7, 11);
    ltv_block_add_dated(&r.block, &r.program, 0, -100, 12);
    assert_true(r.block.ltv[0] == -93 && r.block.ltv_by[0][0] == 7 && r.block.ltv_by[1][0] == -93);
    assert_false(r.block.overflow);
    ltv_block_add_dated(&r.block, &r.program, 0, LTV_MONEY_LIMIT, 0);
    ltv_block_add_dated(&r.block, &r.program, 0, 93, 0);
    assert_true(r.block.overflow);
    leave_room();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bills_are_worth_what_they_are_by_definition),
        cmocka_unit_test(an_amount_beyond_what_can_be_held_is_told),
        cmocka_unit_test(dated_amounts_count_up_to_their_checkpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
