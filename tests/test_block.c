/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario_fixture.h"
#include "sim/kernel/block.h"

static ltv_scenario scenario;
static ltv_program program;
static ltv_block block;

static int setup(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.05);
    scenario_fixture_add_intervention(&scenario.arms[0], "a", (ltv_trigger){0});
    scenario_fixture_add_intervention(&scenario.arms[0], "b", (ltv_trigger){0});
    assert_int_equal(ltv_program_init(&program, &scenario, &scenario.arms[0], NULL), LTV_OK);
    assert_int_equal(ltv_block_init(&block, &program, NULL), LTV_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ltv_block_free(&block);
    ltv_block_free(&block);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
    return 0;
}

/* Customer i has i % 4 stretches of two bills with a gap after each, i % 3 costs, i % 2 orders. */
static void write(uint32_t n)
{
    ltv_block_clear(&block, &program, n);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t s = 0; s < i % 4; s++)
            ltv_block_add_stretch(&block,
                                  &(ltv_stretch){.from = 3 * s, .to = 3 * s + 2, .recurring = i});
        for (uint32_t c = 0; c < i % 3; c++)
            ltv_block_add_cost(&block, (ltv_cost){c, c + 1, i});
        if (i % 2 == 1)
            ltv_block_add_order(&block, (ltv_order){1, i});
        ltv_block_close_customer(&block, &program, i);
    }
}

static void lists_keep_each_customers_own_items(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) { /* a block is used many times */
        write(LTV_BLOCK);
        assert_false(block.out_of_memory);
        for (uint32_t i = 0; i < LTV_BLOCK; i++) {
            size_t n;
            const ltv_stretch *stretches = ltv_block_stretches(&block, i, &n);
            assert_int_equal(n, i % 4);
            for (size_t s = 0; s < n; s++)
                assert_true(stretches[s].from == 3 * s && stretches[s].recurring == i);
            size_t costs = block.costs.end[i] - (i > 0 ? block.costs.end[i - 1] : 0);
            size_t orders = block.orders.end[i] - (i > 0 ? block.orders.end[i - 1] : 0);
            assert_true(costs == i % 3 && orders == i % 2);
        }
    }
}

static void a_customer_pays_the_bills_of_his_stretches(void **state)
{
    (void)state;
    write(8);
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t bill = 0; bill < 12; bill++)
            assert_int_equal(ltv_block_pays(&block, i, bill), bill % 3 < 2 && bill / 3 < i % 4);
}

static void clearing_forgets_contacts_and_verdicts(void **state)
{
    (void)state;
    write(10);
    block.first_contact[LTV_BLOCK + 9] = 4;
    block.contacts[1] = 7;
    block.participants[0] = 3;
    block.overflow = block.out_of_memory = true;
    ltv_block_clear(&block, &program, 10);
    assert_int_equal(block.n, 10);
    assert_true(block.first_contact[LTV_BLOCK + 9] == LTV_NEVER);
    assert_true(block.contacts[1] == 0 && block.participants[0] == 0);
    assert_false(block.overflow || block.out_of_memory);
    assert_true(block.stretches.n == 0 && block.costs.n == 0 && block.orders.n == 0);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(lists_keep_each_customers_own_items),
        CLAIM(a_customer_pays_the_bills_of_his_stretches),
        CLAIM(clearing_forgets_contacts_and_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
