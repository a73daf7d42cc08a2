/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "population.h"
#include "scenario_fixture.h"
#include "sim/group.h"

enum { CHANNELS = 3, SEGMENTS = 2, HORIZON = 24 };

static ltv_scenario scenario;
static population p;

static void start(ltv_spread spend)
{
    scenario_fixture_init(&scenario, 0.08);
    scenario.horizon = HORIZON;
    scenario.customers = 3000;
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_channels(arm, CHANNELS, (double[]){0.2, 0.5, 0.3},
                                  (double[]){0, 3000, 9000});
    scenario_fixture_set_segments(arm, SEGMENTS, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 90;
    arm->spend = spend;
    population_init(&p, &scenario);
}

static int same_spend(void **state)
{
    (void)state;
    start((ltv_spread){LTV_SPREAD_NONE, 0});
    return 0;
}

static int different_spend(void **state)
{
    (void)state;
    start((ltv_spread){LTV_SPREAD_GAMMA, 0.6});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    population_free(&p);
    ltv_scenario_free(&scenario);
    return 0;
}

/* All groups there are, with the members they should have. */
enum { GROUPS = 1 + SEGMENTS + CHANNELS };

static ltv_group group_number(int i)
{
    if (i == 0)
        return ltv_group_all(&p.programs[0], &p.tally.arms[0]);
    if (i <= SEGMENTS)
        return ltv_group_segment(&p.programs[0], &p.tally.arms[0], (size_t)i - 1);
    return ltv_group_channel(&p.programs[0], &p.tally.arms[0], (size_t)(i - 1 - SEGMENTS));
}

static bool is_member(int i, const person *one)
{
    return i == 0 || (i <= SEGMENTS ? one->segment == (size_t)i - 1
                                    : one->channel == (size_t)(i - 1 - SEGMENTS));
}

static void sizes_moments_and_cac_are_those_of_the_members(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        ltv_moments ltv = {0}, net = {0};
        __int128 cac = 0;
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, 0, i);
            if (!is_member(g, one))
                continue;
            ltv_moments_add(&ltv, one->ltv);
            ltv_moments_add(&net, one->ltv - p.programs[0].cac[one->channel]);
            cac += p.programs[0].cac[one->channel];
        }
        assert_true(ltv.n > 100 && ltv_group_size(&group) == ltv.n);
        ltv_moments of_ltv = ltv_group_ltv(&group), of_net = ltv_group_net_ltv(&group);
        assert_true(of_ltv.n == ltv.n && of_ltv.sum == ltv.sum);
        assert_true(of_ltv.squares_low == ltv.squares_low);
        assert_true(of_net.n == net.n && of_net.sum == net.sum);
        assert_true(of_net.squares_low == net.squares_low);
        assert_close("mean CAC", ltv_group_mean_cac(&group), (double)cac / (double)ltv.n, 1e-15);
    }
}

static void distributions_are_those_of_the_members(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        ltv_spread_tally spread;
        assert_true(ltv_group_spread(&group, &spread));
        ltv_sketch ltv = {0}, net = {0};
        ltv_money least = INT64_MAX, net_most = INT64_MIN;
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, 0, i);
            if (!is_member(g, one))
                continue;
            ltv_money x = one->ltv - p.programs[0].cac[one->channel];
            ltv_sketch_add(&ltv, one->ltv);
            ltv_sketch_add(&net, x);
            least = one->ltv < least ? one->ltv : least;
            net_most = x > net_most ? x : net_most;
        }
        int64_t n = ltv_sketch_total(&ltv);
        assert_int_equal(ltv_sketch_total(&spread.ltv), n);
        assert_int_equal(ltv_sketch_total(&spread.net_ltv), n);
        for (int64_t rank = 1; rank <= n; rank += 7) {
            assert_true(ltv_sketch_at_rank(&spread.ltv, rank).lower ==
                        ltv_sketch_at_rank(&ltv, rank).lower);
            assert_true(ltv_sketch_at_rank(&spread.net_ltv, rank).lower ==
                        ltv_sketch_at_rank(&net, rank).lower);
        }
        assert_true(spread.least == least && spread.net_most == net_most);
        ltv_spread_tally_free(&spread);
        ltv_sketch_free(&ltv);
        ltv_sketch_free(&net);
    }
}

/* A figure that depends on all that a line may depend on. */
static ltv_line some_line(const void *context, const ltv_program *program, size_t segment,
                          uint32_t leaves_before)
{
    double offset = *(const double *)context;
    return (ltv_line){.per_spend = program->segments[segment].revenue_per_bill / 0x1p20 *
                                   (leaves_before > 5),
                      .fixed = offset + leaves_before * (double)(segment + 1)};
}

static void assert_mean_of(double offset, double room)
{
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        long double n = 0, sum = 0, squares = 0, mean = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (size_t i = 0; i < p.n; i++) {
                const person *one = population_at(&p, 0, i);
                if (!is_member(g, one))
                    continue;
                ltv_line line =
                    some_line(&offset, &p.programs[0], one->segment, one->leaves_before);
                long double x = line.per_spend * (long double)person_spend(one) + line.fixed;
                n += pass == 0;
                sum += pass == 0 ? x : 0;
                squares += pass == 1 ? (x - mean) * (x - mean) : 0;
            }
            mean = sum / n;
        }
        ltv_mean actual = ltv_group_mean_of(&group, some_line, &offset);
        assert_close("mean", actual.mean, (double)mean, 1e-12);
        assert_close("standard error", actual.standard_error, (double)sqrtl(squares / (n - 1) / n),
                     room);
    }
}

static void means_have_the_textbook_standard_error(void **state)
{
    (void)state;
    assert_mean_of(0, 1e-7);
}

static void a_large_offset_does_not_spoil_the_error(void **state)
{
    (void)state;
    assert_mean_of(1e9, 1e-7);
}

static ltv_line spend_alone(const void *context, const ltv_program *program, size_t segment,
                            uint32_t leaves_before)
{
    (void)context;
    (void)program;
    (void)segment;
    (void)leaves_before;
    return (ltv_line){.per_spend = 1};
}

static void small_differences_of_spend_are_measured(void **state)
{
    (void)state;
    static const double cvs[] = {0.1, 1e-3, 1e-5};
    for (size_t k = 0; k < sizeof cvs / sizeof *cvs; k++) {
        start((ltv_spread){LTV_SPREAD_LOG_NORMAL, cvs[k]});
        long double mean = 0, squares = 0;
        for (size_t i = 0; i < p.n; i++)
            mean += person_spend(population_at(&p, 0, i)) / (long double)p.n;
        for (size_t i = 0; i < p.n; i++) {
            long double x = person_spend(population_at(&p, 0, i)) - mean;
            squares += x * x;
        }
        ltv_group group = group_number(0);
        double expected = sqrt((double)squares / (double)(p.n - 1) / (double)p.n);
        assert_close("mean level", ltv_group_mean_of(&group, spend_alone, NULL).mean, (double)mean,
                     1e-12);
        assert_close("its error", ltv_group_mean_of(&group, spend_alone, NULL).standard_error,
                     expected, 0.01);
        teardown(NULL);
    }
}

static void paying_customers_and_their_spend_add_up(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        for (size_t s = group.first_segment; s < group.end_segment; s++) {
            double paying[HORIZON + 1], spend[HORIZON + 1];
            ltv_group_paying(&group, s, paying, spend);
            for (uint32_t u = 0; u <= HORIZON; u++) {
                double count = 0, level = 0;
                for (size_t i = 0; i < p.n; i++) {
                    const person *one = population_at(&p, 0, i);
                    bool pays = is_member(g, one) && one->segment == s && one->leaves_before > u;
                    count += pays;
                    level += pays ? person_spend(one) : 0;
                }
                assert_true(paying[u] == count);
                assert_close("spend", spend[u], level, 1e-12);
            }
        }
    }
}

static void an_empty_group_has_no_mean(void **state)
{
    (void)state;
    ltv_tally empty;
    assert_int_equal(ltv_tally_init(&empty, 1, p.programs, NULL), LTV_OK);
    ltv_group group = ltv_group_channel(&p.programs[0], &empty.arms[0], 1);
    double offset = 0;
    ltv_mean mean = ltv_group_mean_of(&group, some_line, &offset);
    assert_true(isnan(mean.mean) && isnan(mean.standard_error));
    assert_true(ltv_group_size(&group) == 0);
    assert_true(ltv_group_mean_cac(&group) == 0);
    ltv_spread_tally spread;
    assert_true(ltv_group_spread(&group, &spread));
    assert_true(spread.least > spread.most);
    ltv_spread_tally_free(&spread);
    ltv_tally_free(&empty);
}

static void one_customer_has_a_mean_and_no_error(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.08);
    scenario.horizon = HORIZON;
    scenario.customers = 1;
    population_init(&p, &scenario);
    ltv_group group = ltv_group_all(&p.programs[0], &p.tally.arms[0]);
    double offset = 3;
    ltv_mean mean = ltv_group_mean_of(&group, some_line, &offset);
    assert_false(isnan(mean.mean));
    assert_true(isnan(mean.standard_error));
    teardown(NULL);
}

static void without_a_cac_net_ltv_is_ltv(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 500;
    scenario.arms[0].channels[0].cac = 0;
    population_init(&p, &scenario);
    ltv_group group = ltv_group_all(&p.programs[0], &p.tally.arms[0]);
    ltv_spread_tally spread;
    assert_true(ltv_group_spread(&group, &spread));
    assert_int_equal(ltv_sketch_total(&spread.net_ltv), 500);
    assert_true(spread.net_least == spread.least && spread.net_most == spread.most);
    ltv_spread_tally_free(&spread);
    teardown(NULL);
}

#define FOR_BOTH(name)                                                                             \
    cmocka_unit_test_setup_teardown(name, same_spend, teardown),                                   \
        cmocka_unit_test_setup_teardown(name, different_spend, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOR_BOTH(sizes_moments_and_cac_are_those_of_the_members),
        FOR_BOTH(distributions_are_those_of_the_members),
        FOR_BOTH(means_have_the_textbook_standard_error),
        FOR_BOTH(a_large_offset_does_not_spoil_the_error),
        cmocka_unit_test(small_differences_of_spend_are_measured),
        FOR_BOTH(paying_customers_and_their_spend_add_up),
        cmocka_unit_test_setup_teardown(an_empty_group_has_no_mean, same_spend, teardown),
        cmocka_unit_test(one_customer_has_a_mean_and_no_error),
        cmocka_unit_test(without_a_cac_net_ltv_is_ltv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
