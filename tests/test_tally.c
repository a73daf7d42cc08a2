/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "population.h"
#include "scenario_fixture.h"

enum { CHANNELS = 3, SEGMENTS = 2, HORIZON = 24 };

/* Two arms with everything in them that a tally tells apart. */
static void mixed_scenario(ltv_scenario *scenario, bool spends_differ)
{
    scenario_fixture_init(scenario, 0.08);
    scenario->horizon = HORIZON;
    scenario->customers = 2500; /* two full blocks and a piece */
    ltv_arm *arm = &scenario->arms[0];
    scenario_fixture_set_channels(arm, CHANNELS, (double[]){0.2, 0.5, 0.3},
                                  (double[]){0, 3000, 9000});
    scenario_fixture_set_segments(arm, SEGMENTS, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 90;
    arm->segments[1].service_cost = 900; /* some of them bring losses */
    if (spends_differ)
        arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.6};
    scenario_fixture_add_arm(scenario, "cheaper")->price = 930;
}

static int64_t count_at_least(const population *p, size_t arm, size_t c, size_t s, int times)
{
    int64_t count = 0;
    for (size_t i = 0; i < p->n; i++) {
        const person *one = population_at(p, arm, i);
        count +=
            one->channel == c && one->segment == s && one->ltv >= times * p->programs[arm].cac[c];
    }
    return count;
}

static void assert_cell(const population *p, size_t arm, size_t c, size_t s)
{
    const ltv_cell_tally *cell = &p->tally.arms[arm].cells[c * SEGMENTS + s];
    int64_t n = 0, leaves[HORIZON + 2] = {0};
    __int128 sum = 0, squares = 0;
    double spend[HORIZON + 2] = {0}, spend_squared[HORIZON + 2] = {0};
    for (size_t i = 0; i < p->n; i++) {
        const person *one = population_at(p, arm, i);
        if (one->channel != c || one->segment != s)
            continue;
        n++;
        sum += one->ltv;
        squares += (__int128)one->ltv * one->ltv;
        leaves[one->leaves_before]++;
        spend[one->leaves_before] += person_spend(one);
        spend_squared[one->leaves_before] += person_spend(one) * person_spend(one);
    }
    assert_true(n > 50 && cell->ltv.n == n && cell->ltv.sum == sum);
    assert_true(cell->ltv.squares_high == 0);
    assert_true(cell->ltv.squares_low == (unsigned __int128)squares);
    assert_true(cell->at_least_cac == count_at_least(p, arm, c, s, 1));
    assert_true(cell->at_least_3_cac == count_at_least(p, arm, c, s, 3));
    assert_memory_equal(cell->leaves_before, leaves, sizeof leaves);
    for (int u = 0; cell->spend != NULL && u <= HORIZON + 1; u++) {
        assert_close("spend", (double)cell->spend[u] * 0x1p-24, spend[u], 1e-12);
        assert_close("its squares", (double)cell->spend_squared[u] * 0x1p-48, spend_squared[u],
                     1e-12);
    }
}

static void cells_count_their_customers(void **state)
{
    (void)state;
    for (int spends_differ = 0; spends_differ < 2; spends_differ++) {
        ltv_scenario scenario;
        population p;
        mixed_scenario(&scenario, spends_differ);
        population_init(&p, &scenario);
        assert_int_equal(p.tally.n_arms, 2);
        for (size_t a = 0; a < 2; a++)
            for (size_t c = 0; c < CHANNELS; c++)
                for (size_t s = 0; s < SEGMENTS; s++) {
                    assert_cell(&p, a, c, s);
                    const ltv_cell_tally *cell = &p.tally.arms[a].cells[c * SEGMENTS + s];
                    assert_int_equal(cell->spend != NULL, spends_differ);
                    assert_int_equal(cell->spend_squared != NULL, spends_differ);
                }
        population_free(&p);
        ltv_scenario_free(&scenario);
    }
}

static void an_ltv_of_exactly_the_cac_is_above_it(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 2000;
    scenario.arms[0].channels[0].cac = 2 * 800; /* two bills; three times as much is six */
    population_init(&p, &scenario);
    int64_t at_least[121] = {0}; /* customers who pay that many bills */
    for (size_t i = 0; i < p.n; i++)
        for (uint32_t bills = 0; bills <= person_bills(population_at(&p, 0, i), 120); bills++)
            at_least[bills]++;
    assert_true(at_least[2] > at_least[3] && at_least[6] > at_least[7]);
    assert_int_equal(p.tally.arms[0].cells[0].at_least_cac, at_least[2]);
    assert_int_equal(p.tally.arms[0].cells[0].at_least_3_cac, at_least[6]);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

/* A sketch of some people's amounts, made anew, has the same counts. */
static void assert_same_counts(const ltv_sketch *a, const ltv_sketch *b)
{
    assert_int_equal(ltv_sketch_total(a), ltv_sketch_total(b));
    for (int64_t rank = 1; rank <= ltv_sketch_total(a); rank++)
        assert_true(ltv_sketch_at_rank(a, rank).lower == ltv_sketch_at_rank(b, rank).lower);
}

static void assert_spread(const population *p, size_t arm, const ltv_spread_tally *spread,
                          size_t only_channel, size_t only_segment)
{
    ltv_sketch ltv = {0}, net = {0};
    ltv_money least = INT64_MAX, most = INT64_MIN, net_least = INT64_MAX, net_most = INT64_MIN;
    for (size_t i = 0; i < p->n; i++) {
        const person *one = population_at(p, arm, i);
        if ((only_channel != SIZE_MAX && one->channel != only_channel) ||
            (only_segment != SIZE_MAX && one->segment != only_segment))
            continue;
        ltv_money x = one->ltv - p->programs[arm].cac[one->channel];
        ltv_sketch_add(&ltv, one->ltv);
        ltv_sketch_add(&net, x);
        least = one->ltv < least ? one->ltv : least;
        most = one->ltv > most ? one->ltv : most;
        net_least = x < net_least ? x : net_least;
        net_most = x > net_most ? x : net_most;
    }
    assert_same_counts(&spread->ltv, &ltv);
    assert_same_counts(&spread->net_ltv, &net);
    assert_true(spread->least == least && spread->most == most);
    assert_true(spread->net_least == net_least && spread->net_most == net_most);
    ltv_sketch_free(&ltv);
    ltv_sketch_free(&net);
}

static void distributions_hold_their_customers(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    mixed_scenario(&scenario, true);
    population_init(&p, &scenario);
    for (size_t a = 0; a < 2; a++) {
        for (size_t s = 0; s < SEGMENTS; s++)
            assert_spread(&p, a, &p.tally.arms[a].by_segment[s], SIZE_MAX, s);
        for (size_t c = 0; c < CHANNELS; c++)
            assert_spread(&p, a, &p.tally.arms[a].by_channel[c], c, SIZE_MAX);
    }
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void one_channel_needs_no_distribution_of_its_own(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 100;
    population_init(&p, &scenario);
    assert_null(p.tally.arms[0].by_channel);
    assert_int_equal(ltv_sketch_total(&p.tally.arms[0].by_segment[0].ltv), 100);
    assert_int_equal(ltv_sketch_total(&p.tally.arms[0].by_segment[0].net_ltv), 100);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void without_any_cac_net_ltv_is_not_counted_twice(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 100;
    scenario.arms[0].channels[0].cac = 0;
    population_init(&p, &scenario);
    assert_int_equal(ltv_sketch_total(&p.tally.arms[0].by_segment[0].net_ltv), 0);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void contrasts_are_differences_customer_by_customer(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    mixed_scenario(&scenario, true);
    scenario_fixture_add_arm(&scenario, "the same again");
    population_init(&p, &scenario);
    for (size_t a = 1; a < 3; a++) {
        const ltv_contrast_tally *contrast = &p.tally.contrasts[a - 1];
        ltv_moments moments = {0};
        ltv_sketch sketch = {0};
        ltv_money least = INT64_MAX, most = INT64_MIN;
        for (size_t i = 0; i < p.n; i++) {
            ltv_money delta = population_at(&p, a, i)->ltv - population_at(&p, 0, i)->ltv;
            ltv_moments_add(&moments, delta);
            ltv_sketch_add(&sketch, delta);
            least = delta < least ? delta : least;
            most = delta > most ? delta : most;
        }
        assert_true(contrast->delta_ltv.n == moments.n && contrast->delta_ltv.sum == moments.sum);
        assert_true(contrast->delta_ltv.squares_low == moments.squares_low);
        assert_true(contrast->least == least && contrast->most == most);
        assert_same_counts(&contrast->distribution, &sketch);
        ltv_sketch_free(&sketch);
    }
    const ltv_contrast_tally *same = &p.tally.contrasts[1];
    assert_true(same->least == 0 && same->most == 0 && same->delta_ltv.sum == 0);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void merged_tallies_are_the_tally_of_all(void **state)
{
    (void)state;
    enum { PARTS = 3 };
    ltv_scenario scenario;
    population whole;
    mixed_scenario(&scenario, true);
    population_init(&whole, &scenario);
    ltv_tally parts[PARTS];
    ltv_luck *luck = calloc(1, sizeof *luck);
    ltv_block *blocks = calloc(2, sizeof *blocks);
    assert_true(luck != NULL && blocks != NULL);
    for (int i = 0; i < PARTS; i++) {
        assert_int_equal(ltv_tally_init(&parts[i], 2, whole.programs, NULL), LTV_OK);
        /* other blocks than the whole was made of */
        uint32_t first = (uint32_t)i * 900, n = i < 2 ? 900 : 700;
        ltv_luck_fill(luck, (ltv_stream){.seed = scenario.seed}, (ltv_luck_needs){true, true, true},
                      first, n);
        for (size_t a = 0; a < 2; a++)
            ltv_kernel_run(&blocks[a], &whole.programs[a], luck);
        ltv_tally_add(&parts[i], whole.programs, blocks);
    }
    static const int orders[][PARTS] = {{0, 1, 2}, {2, 0, 1}};
    for (int o = 0; o < 2; o++) {
        population merged = whole;
        assert_int_equal(ltv_tally_init(&merged.tally, 2, whole.programs, NULL), LTV_OK);
        for (int i = 0; i < PARTS; i++)
            ltv_tally_merge(&merged.tally, &parts[orders[o][i]]);
        for (size_t a = 0; a < 2; a++)
            for (size_t c = 0; c < CHANNELS; c++)
                for (size_t s = 0; s < SEGMENTS; s++)
                    assert_cell(&merged, a, c, s);
        for (size_t s = 0; s < SEGMENTS; s++)
            assert_spread(&merged, 1, &merged.tally.arms[1].by_segment[s], SIZE_MAX, s);
        for (size_t c = 0; c < CHANNELS; c++)
            assert_spread(&merged, 1, &merged.tally.arms[1].by_channel[c], c, SIZE_MAX);
        const ltv_contrast_tally *contrast = &merged.tally.contrasts[0];
        assert_true(contrast->delta_ltv.sum == whole.tally.contrasts[0].delta_ltv.sum);
        assert_true(contrast->least == whole.tally.contrasts[0].least);
        assert_true(contrast->most == whole.tally.contrasts[0].most);
        assert_same_counts(&contrast->distribution, &whole.tally.contrasts[0].distribution);
        assert_false(merged.tally.overflow || ltv_tally_out_of_memory(&merged.tally));
        ltv_tally_free(&merged.tally);
    }
    for (int i = 0; i < PARTS; i++)
        ltv_tally_free(&parts[i]);
    free(luck);
    free(blocks);
    population_free(&whole);
    ltv_scenario_free(&scenario);
}

static void an_overflow_sticks_through_adding_and_merging(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 2000;
    scenario.arms[0].price = 4e10;
    scenario.arms[0].service_cost = 3.6e10;
    scenario.arms[0].channels[0].cac = 1e12;
    scenario.arms[0].spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 3};
    ltv_arm *other = scenario_fixture_add_arm(&scenario, "all at the other end");
    other->price = 0;
    population_init(&p, &scenario);
    assert_true(p.tally.overflow);
    ltv_tally sum;
    assert_int_equal(ltv_tally_init(&sum, 2, p.programs, NULL), LTV_OK);
    assert_false(sum.overflow);
    ltv_tally_merge(&sum, &p.tally);
    assert_true(sum.overflow);
    ltv_tally_free(&sum);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void a_missing_counter_is_noticed_wherever_it_is(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    mixed_scenario(&scenario, false);
    scenario.customers = 10;
    population_init(&p, &scenario);
    bool *flags[] = {&p.tally.arms[0].by_segment[1].ltv.out_of_memory,
                     &p.tally.arms[1].by_segment[0].net_ltv.out_of_memory,
                     &p.tally.arms[1].by_channel[2].ltv.out_of_memory,
                     &p.tally.arms[0].by_channel[0].net_ltv.out_of_memory,
                     &p.tally.contrasts[0].distribution.out_of_memory};
    assert_false(ltv_tally_out_of_memory(&p.tally));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        *flags[i] = true;
        assert_true(ltv_tally_out_of_memory(&p.tally));
        *flags[i] = false;
    }
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void a_new_tally_is_empty_and_may_be_freed_twice(void **state)
{
    (void)state;
    ltv_tally tally = {0};
    ltv_tally_free(&tally);
    ltv_scenario scenario;
    ltv_program program;
    scenario_fixture_init(&scenario, 0.03);
    assert_int_equal(ltv_program_init(&program, &scenario, &scenario.arms[0], NULL), LTV_OK);
    assert_int_equal(ltv_tally_init(&tally, 1, &program, NULL), LTV_OK);
    const ltv_spread_tally *spread = &tally.arms[0].by_segment[0];
    assert_true(spread->least > spread->most && spread->net_least > spread->net_most);
    assert_int_equal(tally.arms[0].cells[0].ltv.n, 0);
    ltv_tally_free(&tally);
    ltv_tally_free(&tally);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_count_their_customers),
        cmocka_unit_test(an_ltv_of_exactly_the_cac_is_above_it),
        cmocka_unit_test(distributions_hold_their_customers),
        cmocka_unit_test(one_channel_needs_no_distribution_of_its_own),
        cmocka_unit_test(without_any_cac_net_ltv_is_not_counted_twice),
        cmocka_unit_test(contrasts_are_differences_customer_by_customer),
        cmocka_unit_test(merged_tallies_are_the_tally_of_all),
        cmocka_unit_test(an_overflow_sticks_through_adding_and_merging),
        cmocka_unit_test(a_missing_counter_is_noticed_wherever_it_is),
        cmocka_unit_test(a_new_tally_is_empty_and_may_be_freed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
