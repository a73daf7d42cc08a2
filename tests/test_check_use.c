/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/check_use.h"
#include "tests/walk_fixture.h"

/* What a scenario file can say is in tests/bad_scenarios; here is what it takes several arms or a
 * programme for. */

enum { BASIC, PRO, N_PLANS };

typedef struct {
    ltv_segment segments[2];
    ltv_channel channel;
    ltv_plan plans[N_PLANS];
    ltv_intervention programme;
    ltv_arm arm;
} small_arm;

/* Everybody is in the first segment and starts with the plan basic. */
static void init(small_arm *a)
{
    *a = (small_arm){.segments = {{.name = "a", .share = 1, .times = LTV_NO_MULTIPLIERS},
                                  {.name = "b", .share = 0, .times = LTV_NO_MULTIPLIERS}},
                     .channel = {.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS},
                     .plans = {{.name = "basic", .starts = 1}, {.name = "pro"}},
                     .programme = {.to_segment = LTV_NOWHERE, .to_plan = LTV_NOWHERE}};
    a->arm = (ltv_arm){.n_segments = 1,
                       .segments = a->segments,
                       .n_channels = 1,
                       .channels = &a->channel,
                       .n_plans = 1,
                       .plans = a->plans,
                       .n_interventions = 1,
                       .interventions = &a->programme};
}

static void expect(const char *label, size_t n_arms, const ltv_arm *arms, const char *fragment)
{
    walk_fixture f;
    walk_fixture_init(&f);
    f.walk.root = walk_fixture_parse(&f, "{}");
    f.walk.path[0] = '\0';
    ltv_status status = ltv_check_use(&f.walk, n_arms, arms);
    strcpy(f.walk.path, "here");
    walk_fixture_expect(&f, status, label, fragment);
    walk_fixture_free(&f);
}

static void a_plan_is_reached_by_starts_changes_and_programmes(void **state)
{
    (void)state;
    ltv_plan_change up = {.to = PRO}, down = {.to = PRO};
    small_arm a;
    init(&a);
    expect("one plan", 1, &a.arm, NULL);
    a.arm.n_plans = N_PLANS;
    expect("no way", 1, &a.arm, "plans.pro: nobody can reach it");
    a.programme.to_plan = PRO;
    expect("a programme", 1, &a.arm, NULL);
    a.programme.to_plan = LTV_NOWHERE;
    a.plans[BASIC].upgrades = &up;
    a.plans[BASIC].n_upgrades = 1;
    expect("an upgrade", 1, &a.arm, NULL);
    a.plans[BASIC].n_upgrades = 0;
    a.plans[BASIC].downgrades = &down;
    a.plans[BASIC].n_downgrades = 1;
    expect("a downgrade", 1, &a.arm, NULL);
    a.plans[BASIC].n_downgrades = 0;
    double starts[] = {0, 1};
    a.segments[0].starts = starts;
    expect("starts of a segment", 1, &a.arm, "plans.basic: nobody can reach it");
}

static void a_segment_is_reached_by_channels_and_programmes(void **state)
{
    (void)state;
    small_arm a;
    init(&a);
    a.arm.n_segments = 2;
    expect("no way", 1, &a.arm, "segments.b.share: nobody can reach it");
    a.programme.to_segment = 1;
    expect("a programme", 1, &a.arm, NULL);
    a.programme.to_segment = LTV_NOWHERE;
    double shares[] = {0.5, 0.5};
    a.channel.segments = shares;
    expect("a channel", 1, &a.arm, NULL);
    a.segments[0].share = 0;
    a.segments[1].share = 1;
    shares[0] = 1;
    shares[1] = 0;
    expect("not by its share", 1, &a.arm, "segments.b.share: nobody can reach it");
}

static void what_one_arm_uses_another_may_leave(void **state)
{
    (void)state;
    small_arm a, b;
    init(&a);
    init(&b);
    a.arm.n_plans = b.arm.n_plans = N_PLANS;
    a.segments[0].times.on[LTV_LEVER_INVOLUNTARY] = 2;
    b.programme.to_plan = PRO;
    ltv_arm arms[] = {a.arm, b.arm};
    expect("nothing fails", 2, arms, "segments.a.involuntary: there is no involuntary churn");
    arms[1].involuntary_churn = 0.01;
    expect("in the other arm", 2, arms, NULL);
    expect("in no other arm", 1, arms, "plans.pro: nobody can reach it");
}

static void a_lever_needs_something_to_move(void **state)
{
    (void)state;
    ltv_plan_change change = {.to = PRO};
    ltv_add_on add_on = {.name = "extra"};
    const ltv_arm empty = {0};
    assert_true(ltv_arm_has_lever(&empty, LTV_LEVER_CHURN));
    for (ltv_lever lever = LTV_LEVER_INVOLUNTARY; lever < LTV_LEVERS; ++lever) {
        assert_false(ltv_arm_has_lever(&empty, lever));
        assert_non_null(ltv_lever_subject(lever));
    }
    ltv_plan plans[N_PLANS] = {{.upgrades = &change, .n_upgrades = 1}, {.price = 1}};
    const ltv_arm full = {.involuntary_churn = 0.1, .n_plans = N_PLANS, .plans = plans};
    assert_true(ltv_arm_has_lever(&full, LTV_LEVER_INVOLUNTARY));
    assert_true(ltv_arm_has_lever(&full, LTV_LEVER_UPGRADE));
    assert_false(ltv_arm_has_lever(&full, LTV_LEVER_DOWNGRADE));
    assert_true(ltv_arm_has_lever(&full, LTV_LEVER_PRICE));
    const ltv_arm shop = {.orders.rate = 1, .n_add_ons = 1, .add_ons = &add_on};
    assert_true(ltv_arm_has_lever(&shop, LTV_LEVER_ORDERS));
    assert_true(ltv_arm_has_lever(&shop, LTV_LEVER_ATTACH));
    assert_false(ltv_arm_has_lever(&shop, LTV_LEVER_DROP));
    add_on.drop.probability = 0.1;
    assert_true(ltv_arm_has_lever(&shop, LTV_LEVER_DROP));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_reached_by_starts_changes_and_programmes),
        cmocka_unit_test(a_segment_is_reached_by_channels_and_programmes),
        cmocka_unit_test(what_one_arm_uses_another_may_leave),
        cmocka_unit_test(a_lever_needs_something_to_move),
    };
    return cmocka_run_group_tests_name("check_use", tests, NULL, NULL);
}
