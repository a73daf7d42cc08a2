/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/read_offers.h"
#include "tests/walk_fixture.h"

typedef ltv_status reader(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

static const ltv_field *root_field(const char *key)
{
    return ltv_block_field(ltv_scenario_fields(), key);
}

static void read_ok(walk_fixture *f, reader *read, const char *key, const char *text)
{
    walk_fixture_expect(f, read(&f->walk, root_field(key), walk_fixture_parse(f, text)), key, NULL);
}

static void a_plan_has_the_general_margin_unless_it_has_its_own(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    f.arm.gross_margin = 0.8;
    read_ok(&f, ltv_read_plans, "plans", "{a: {price: 1}, b: {price: 2, gross_margin: 0}}");
    read_ok(&f, ltv_read_add_ons, "add_ons",
            "{c: {price: 1, attach: {monthly: 0}, gross_margin: 1}, d: {price: 1, attach: "
            "{monthly: 0}}}");
    assert_true(f.arm.plans[0].margin == 0.8 && f.arm.plans[1].margin == 0);
    assert_true(f.arm.add_ons[0].margin == 1 && f.arm.add_ons[1].margin == 0.8);
    walk_fixture_free(&f);
}

static void a_change_may_lead_to_a_plan_further_down(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    read_ok(&f, ltv_read_plans, "plans",
            "{a: {price: 1, upgrade: [{to: c, monthly: 1%}, {to: b, monthly: 2%, until: 7}]}, "
            "b: {price: 2, downgrade: {to: a, monthly: 3%}}, c: {price: 3}}");
    const ltv_plan *a = &f.arm.plans[0], *b = &f.arm.plans[1];
    assert_int_equal(a->n_upgrades, 2);
    assert_int_equal(a->upgrades[0].to, 2);
    assert_int_equal(a->upgrades[0].rate.until, UINT32_MAX);
    assert_int_equal(a->upgrades[1].to, 1);
    assert_int_equal(a->upgrades[1].rate.until, 7);
    assert_int_equal(b->n_downgrades, 1);
    assert_true(b->downgrades[0].rate.probability == 0.03);
    assert_null(f.walk.target[LTV_IN_RATE]); /* no block is open any more */
    walk_fixture_free(&f);
}

static void price_changes_are_put_in_order(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    read_ok(&f, ltv_read_price_changes, "price_change",
            "[{at_tenure: 12, times: 2}, {at_tenure: 3, times: x4}, {at_tenure: 3, times: 0.5, "
            "churn: {times: 3, for: 2}}]");
    static const ltv_price_change expected[] = {{3, 0.5, 3, 2}, {3, 4, 1, 0}, {12, 2, 1, 0}};
    assert_int_equal(f.arm.n_price_changes, 3);
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(f.arm.price_changes[i].bill, expected[i].bill);
        assert_true(f.arm.price_changes[i].times == expected[i].times);
        assert_true(f.arm.price_changes[i].churn_times == expected[i].churn_times);
        assert_int_equal(f.arm.price_changes[i].churn_for, expected[i].churn_for);
    }
    walk_fixture_free(&f);
}

/* Both ways to say it give the same numbers; where nothing varies p and q are infinite. */
static void an_order_value_may_be_said_in_two_ways(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double mean, p, q;
    } cases[] = {
        {"{mean: 35, cv_within: 0.5, cv_between: 50%}", 35, 4, 6},
        {"{p: 4, q: 6, gamma: 43.75}", 35, 4, 6},
        {"{mean: 35, cv_within: 0.5}", 35, 4, INFINITY},
        {"{mean: 35, cv_between: 0.5}", 35, INFINITY, 6},
        {"{mean: 0}", 0, INFINITY, INFINITY},
    };
    const ltv_block *revenue = root_field("revenue")->block;
    const ltv_block *orders = ltv_block_field(revenue, "orders")->block;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status = ltv_read_order_value(&f.walk, ltv_block_field(orders, "value"),
                                                 walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].text, NULL);
        assert_true(f.arm.orders.value_mean == cases[i].mean);
        assert_true(f.arm.orders.p == cases[i].p && f.arm.orders.q == cases[i].q);
        walk_fixture_free(&f);
    }
}

static void what_is_wrong_with_an_offer_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        reader *read;
        const char *key, *text, *message;
    } cases[] = {
        {"no name", ltv_read_plans, "plans", "{}", "names with their values are due here"},
        {"a plan for 16", ltv_read_plans, "plans",
         "{a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {}, i: {}, j: {}, k: {}, l: {}, "
         "m: {}, n: {}, o: {}, p: {}, q: {}}",
         "there are 17 of them; at most 16 are possible"},
        {"in a list", ltv_read_plans, "plans",
         "{a: {price: 1, upgrade: [{to: b, monthly: 1%}, {to: c, monthly: 1%}]}, b: {price: 1}}",
         "here.a.upgrade[1].to: there is no plan c"},
        {"no list", ltv_read_plans, "plans", "{a: {price: 1, upgrade: {to: b, monthly: 1%}}}",
         "here.a.upgrade.to: there is no plan b"},
        {"another unit", ltv_read_add_ons, "add_ons", "{a: {price: 1, attach: {daily: 1%}}}",
         "here.a.attach.daily: the scenario's time unit is month, so write monthly"},
        {"a change of nothing", ltv_read_price_changes, "price_change", "[]",
         "here: the list has 0 entries"},
        {"in a list of changes", ltv_read_price_changes, "price_change",
         "[{at_tenure: 1, times: 1}, {times: 1}]", "here[1]: no time of the change is given"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status =
            cases[i].read(&f.walk, root_field(cases[i].key), walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        walk_fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_has_the_general_margin_unless_it_has_its_own),
        cmocka_unit_test(a_change_may_lead_to_a_plan_further_down),
        cmocka_unit_test(price_changes_are_put_in_order),
        cmocka_unit_test(an_order_value_may_be_said_in_two_ways),
        cmocka_unit_test(what_is_wrong_with_an_offer_is_told),
    };
    return cmocka_run_group_tests_name("read_offers", tests, NULL, NULL);
}
