/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "close.h"
#include "normals.h"
#include "sim/outline.h"
#include "sim/quantiles.h"

/* --- bins --- */

static void bins_are_in_order_and_narrow(void **state)
{
    (void)state;
    assert_int_equal(ltv_outline_bin(0), LTV_OUTLINE_SIDE);
    int before = -1;
    for (int exponent = 61; exponent >= 0; exponent--) /* from the most negative up to -1 */
        for (int part = 15; part >= 0; part--) {
            int64_t x = ((int64_t)1 << exponent) + (int64_t)(ldexp(part, exponent - 4));
            int bin = ltv_outline_bin(-x);
            assert_true(bin >= before && bin >= 0);
            assert_int_equal(bin + ltv_outline_bin(x), 2 * LTV_OUTLINE_SIDE);
            before = bin;
        }
    assert_true(ltv_outline_bin(INT64_MAX) == LTV_OUTLINE_BINS - 1);
    assert_true(ltv_outline_bin(-INT64_MAX) == 0);
    static const struct {
        const char *label;
        int64_t low, high;
        bool same;
    } cases[] = {
        {"1 and 2", 1, 2, false},
        {"within 1/16", 1600000, 1637599, true},
        {"more than 1/16", 1600000, 1800000, false},
        {"around 0", -1, 1, false},
        {"one and the least negative", -1600000, 1600000, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_that(cases[i].label, (ltv_outline_bin(cases[i].low) ==
                                     ltv_outline_bin(cases[i].high)) == cases[i].same);
}

/* --- design effects --- */

/* Draws of n customers each, who are `scale` x exp(normal) of a normal shift of the draw, a part
 * `alike` of the variance. Draws of a scramble balance each other if `balanced`: every second has
 * minus the shift of the one before it in its scramble. */
typedef struct {
    uint32_t scrambles, draws, customers;
    double alike;
    bool balanced;
    uint64_t seed;
} world;

static void fill(ltv_outline_sums *sums, const world *w)
{
    ltv_outline *draw = calloc(1, sizeof *draw);
    assert_int_equal(ltv_outline_sums_init(sums, w->scrambles, NULL), LTV_OK);
    uint32_t groups = w->scrambles > 1 ? w->scrambles : w->draws;
    for (uint32_t d = 0; d < w->draws; d++) {
        uint32_t pair = d / groups / 2 * groups + d % groups;
        bool second = d / groups % 2 == 1;
        double shift = normal_number(w->seed, w->balanced ? pair : d);
        shift = sqrt(w->alike) * (w->balanced && second ? -shift : shift);
        *draw = (ltv_outline){0};
        for (uint32_t i = 0; i < w->customers; i++) {
            double own = sqrt(1 - w->alike) * normal_number(w->seed + 1000, d * w->customers + i);
            draw->counts[ltv_outline_bin((int64_t)(1e9 * exp(shift + own)))]++;
        }
        ltv_outline_sums_add(sums, draw);
    }
    free(draw);
}

static const double z = 1.959963984540054;

static void customers_who_are_alike_count_for_fewer(void **state)
{
    (void)state;
    /* At the median of a normal of which a part rho of the variance is the draw's, the share of a
     * draw below it has the variance asin(rho) / (2 pi) (Sheppard), plus its noise: the design
     * effect is 1 + (n - 1) 4 asin(rho) / (2 pi). Four standard errors of an estimate from 4,000
     * draws are 9 %; the edge is at most 6 % off the median. */
    static const double parts[] = {0, 0.1, 0.5, 0.9};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        world w = {.draws = 4000, .customers = 20, .alike = parts[i], .seed = 3};
        ltv_outline_sums sums;
        char label[40];
        fill(&sums, &w);
        double expected = 1 + 19 * 4 * asin(parts[i]) / (2 * M_PI);
        double effect = ltv_outline_design_effect(&sums, (int64_t)1e9);
        snprintf(label, sizeof label, "a part %g", parts[i]);
        assert_close(label, effect, expected, 0.09);
        assert_that(label, effect >= 1);
        ltv_outline_sums_free(&sums);
    }
}

static void draws_that_balance_each_other_are_seen_to_do_so(void **state)
{
    (void)state;
    /* Independent draws would have a design effect of 1 + 19 x 0.25 at a part of 0.38. Where each
     * has a partner with the opposite shift, their shares below the median sum to 1 but for noise,
     * whose variance is that of independent customers less the shifts': below 1, so 1. With the
     * balance taken apart, as if draws were independent, it is seen in full. */
    world w = {.scrambles = 16,
               .draws = 4096,
               .customers = 20,
               .alike = 0.38,
               .balanced = true,
               .seed = 8};
    ltv_outline_sums sums;
    fill(&sums, &w);
    double t = 2.131449545559323;
    /* 0.75 of what independent customers have, and chi-squared of 15 degrees of freedom, which is
     * more than 3.77 times them with a chance of 1e-6. */
    double most = 0.76 * 3.77 * (t / z) * (t / z);
    assert_true(ltv_outline_design_effect(&sums, (int64_t)1e9) < most);
    ltv_outline_sums_free(&sums);
    w.scrambles = 1;
    fill(&sums, &w);
    assert_close("as if independent", ltv_outline_design_effect(&sums, (int64_t)1e9),
                 1 + 19 * 4 * asin(0.38) / (2 * M_PI), 0.09);
    ltv_outline_sums_free(&sums);
}

static void with_few_draws_students_t_is_in_it(void **state)
{
    (void)state;
    /* Two draws of two customers: {1, 1} and {4, 4}. At the edge between, half are below; the
     * draws' counts 2 and 0 have a squared deviation of 1 each. */
    ltv_outline low = {0}, high = {0};
    low.counts[ltv_outline_bin(1)] = 2;
    high.counts[ltv_outline_bin(4)] = 2;
    ltv_outline_sums sums;
    assert_int_equal(ltv_outline_sums_init(&sums, 1, NULL), LTV_OK);
    ltv_outline_sums_add(&sums, &low);
    assert_true(isnan(ltv_outline_design_effect(&sums, 1)));
    ltv_outline_sums_add(&sums, &high);
    double t = 12.706204736432095; /* of one degree of freedom */
    assert_close("two draws", ltv_outline_design_effect(&sums, 4),
                 2.0 * 2 / 1 / (4 * 0.25) * t * t / z / z, 1e-9);
    ltv_outline_sums_free(&sums);
}

static void where_no_edge_parts_the_customers_a_draw_counts_as_one(void **state)
{
    (void)state;
    ltv_outline same = {0};
    same.counts[ltv_outline_bin(5)] = 7;
    ltv_outline_sums sums;
    assert_int_equal(ltv_outline_sums_init(&sums, 1, NULL), LTV_OK);
    for (int d = 0; d < 3; d++)
        ltv_outline_sums_add(&sums, &same);
    assert_true(ltv_outline_design_effect(&sums, 5) == 7);
    ltv_outline_sums_free(&sums);
}

static void a_merged_outline_counts_both(void **state)
{
    (void)state;
    ltv_outline a = {0}, b = {0};
    a.counts[3] = 2;
    b.counts[3] = 5;
    b.counts[4] = 1;
    ltv_outline_merge(&a, &b);
    assert_true(a.counts[3] == 7 && a.counts[4] == 1);
}

/* --- ranks --- */

static void ranks_of_clustered_amounts_are_those_of_fewer_taken_outward(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double p;
        int64_t n;
        double effect;
    } cases[] = {
        {"independent", 0.5, 1000, 1},         {"twice", 0.5, 1000, 2},
        {"not a whole number", 0.9, 997, 1.7}, {"hardly any are left", 0.05, 100, 40},
        {"many", 0.25, 3000000, 7.3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t n = cases[i].n, worth = (int64_t)floor((double)n / cases[i].effect);
        ltv_rank_limits ranks = ltv_clustered_rank_limits(cases[i].p, n, cases[i].effect);
        ltv_rank_limits few = ltv_quantile_rank_limits(cases[i].p, worth);
        double lower = ((double)few.lower - 1) / (double)worth,
               upper = (double)few.upper / (double)worth;
        assert_that(cases[i].label, (few.lower == 0) == (ranks.lower == 0));
        assert_that(cases[i].label, (few.upper > worth) == (ranks.upper > n));
        if (few.lower >
            0) /* the share below the limit, at most that of the few, by less than one */
            assert_that(cases[i].label, (double)(ranks.lower - 1) <= lower * (double)n + 1e-6 &&
                                            (double)ranks.lower > lower * (double)n - 1e-6);
        if (few.upper <= worth)
            assert_that(cases[i].label, (double)ranks.upper >= upper * (double)n - 1e-6 &&
                                            (double)ranks.upper < upper * (double)n + 1);
    }
    ltv_rank_limits plain = ltv_quantile_rank_limits(0.9, 500);
    ltv_rank_limits one = ltv_clustered_rank_limits(0.9, 500, 1);
    assert_true(plain.lower == one.lower && plain.upper == one.upper);
    ltv_rank_limits none = ltv_clustered_rank_limits(0.9, 500, NAN);
    assert_true(none.lower == 0 && none.upper == 501);
    none = ltv_clustered_rank_limits(0.9, 500, 501);
    assert_true(none.lower == 0 && none.upper == 501);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_are_in_order_and_narrow),
        cmocka_unit_test(customers_who_are_alike_count_for_fewer),
        cmocka_unit_test(draws_that_balance_each_other_are_seen_to_do_so),
        cmocka_unit_test(with_few_draws_students_t_is_in_it),
        cmocka_unit_test(where_no_edge_parts_the_customers_a_draw_counts_as_one),
        cmocka_unit_test(a_merged_outline_counts_both),
        cmocka_unit_test(ranks_of_clustered_amounts_are_those_of_fewer_taken_outward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
