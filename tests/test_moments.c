/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "sim/moments.h"

/* A plain generator for test data: the sequence of Knuth's MMIX, upper bits. */
static uint64_t next_word(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 11;
}

static void assert_same(const ltv_moments *a, const ltv_moments *b)
{
    assert_true(a->n == b->n);
    assert_true(a->sum == b->sum);
    assert_true(a->squares_low == b->squares_low);
    assert_true(a->squares_high == b->squares_high);
}

static ltv_moments moments_of(const ltv_money *x, size_t n)
{
    ltv_moments moments = {0};
    for (size_t i = 0; i < n; i++)
        ltv_moments_add(&moments, x[i]);
    return moments;
}

/* By the textbook's two passes, in long double. */
static double variance_by_two_passes(const ltv_money *x, size_t n)
{
    long double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += (long double)x[i];
    for (size_t i = 0; i < n; i++)
        squares += ((long double)x[i] - sum / n) * ((long double)x[i] - sum / n);
    return (double)(squares / (n - 1));
}

static void small_numbers_have_the_textbook_moments(void **state)
{
    (void)state;
    const ltv_money x[] = {2, 4, 4, 4, 5, 5, 7, 9};
    ltv_moments moments = moments_of(x, 8);
    assert_true(ltv_moments_mean(&moments) == 5);
    assert_close("variance", ltv_moments_variance(&moments), 32.0 / 7, 1e-15);
}

static void numbers_added_at_once_are_those_added_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n;
        ltv_money largest; /* numbers are below it in magnitude, and one is it … */
        int sign;          /* … with this sign */
    } cases[] = {
        {"none", 0, 1, 1},
        {"one", 1, 12345, -1},
        {"a block of small ones", LTV_MOMENTS_AT_ONCE, 1ll << 40, 1},
        {"the largest narrow one", LTV_MOMENTS_AT_ONCE, (1ll << 52) - 1, 1},
        {"the least narrow one", LTV_MOMENTS_AT_ONCE, 1ll << 52, -1},
        {"one too many", LTV_MOMENTS_AT_ONCE, 1ll << 52, 1},
        {"one too many below", LTV_MOMENTS_AT_ONCE, (1ll << 52) + 1, -1},
        {"where narrow squares would wrap", LTV_MOMENTS_AT_ONCE, 1ll << 60, -1},
        {"the largest there are", LTV_MOMENTS_AT_ONCE, INT64_MAX, 1},
        {"the least there are", LTV_MOMENTS_AT_ONCE, INT64_MAX, -1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        static ltv_money x[LTV_MOMENTS_AT_ONCE];
        uint64_t seed = c;
        for (size_t i = 0; i < cases[c].n; i++)
            x[i] = (ltv_money)(next_word(&seed) << 10 & INT64_MAX) % cases[c].largest *
                   (i % 3 == 0 ? -1 : 1);
        if (cases[c].n > 0)
            x[cases[c].n / 2] = cases[c].sign * cases[c].largest;
        ltv_moments expected = moments_of(x, cases[c].n), before = moments_of(x, cases[c].n / 3);
        ltv_moments at_once = {0};
        ltv_moments_add_all(&at_once, x, cases[c].n);
        assert_that(cases[c].label, at_once.n == expected.n && at_once.sum == expected.sum &&
                                        at_once.squares_low == expected.squares_low &&
                                        at_once.squares_high == expected.squares_high);
        ltv_moments_merge(&expected, &before); /* and on top of others */
        ltv_moments_add_all(&before, x, cases[c].n);
        assert_same(&before, &expected);
    }
}

static void none_and_one_have_no_variance(void **state)
{
    (void)state;
    ltv_moments moments = {0};
    assert_true(ltv_moments_mean(&moments) == 0);
    assert_true(isnan(ltv_moments_variance(&moments)));
    ltv_moments_add(&moments, -3);
    assert_true(ltv_moments_mean(&moments) == -3);
    assert_true(isnan(ltv_moments_variance(&moments)));
}

static void random_numbers_agree_with_two_passes(void **state)
{
    (void)state;
    enum { N = 1000 };
    static const int bits[] = {4, 20, 40, 52, 61};
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        ltv_money x[N];
        for (size_t j = 0; j < N; j++) {
            ltv_money magnitude = (ltv_money)(next_word(&seed) << 9 >> 1 >> (62 - bits[i]));
            x[j] = next_word(&seed) % 3 == 0 ? -magnitude : magnitude;
        }
        ltv_moments moments = moments_of(x, N);
        assert_close("variance", ltv_moments_variance(&moments), variance_by_two_passes(x, N),
                     1e-14);
    }
}

static void a_small_spread_around_a_huge_number_does_not_cancel(void **state)
{
    (void)state;
    const ltv_money huge = ((ltv_money)1 << 62) - 10;
    ltv_moments moments = {0};
    for (int i = 0; i < 1000000; i++)
        ltv_moments_add(&moments, huge + i % 3 - 1);
    /* 333,334 times -1, 333,333 times 0 and 333,333 times 1. */
    double n = 1e6;
    assert_close("variance", ltv_moments_variance(&moments), (n * 666667 - 1.0) / (n * (n - 1)),
                 1e-14);
}

static void a_constant_has_a_variance_of_exactly_zero(void **state)
{
    (void)state;
    const ltv_money limit = LTV_MONEY_LIMIT;
    const ltv_money constants[] = {0, 1, -1, 999999999999, limit - 1, 1 - limit, 2 * (limit - 1)};
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        ltv_moments moments = {0};
        for (int j = 0; j < 1000; j++)
            ltv_moments_add(&moments, constants[i]);
        assert_true(ltv_moments_variance(&moments) == 0);
        assert_close("mean", ltv_moments_mean(&moments), (double)constants[i], 1e-15);
        /* 2^31 times as many, by doubling */
        for (int j = 0; j < 31; j++) {
            ltv_moments same = moments;
            ltv_moments_merge(&moments, &same);
        }
        assert_true(moments.n == 1000ll << 31);
        assert_true(ltv_moments_variance(&moments) == 0);
    }
}

static void the_room_promised_is_there(void **state)
{
    (void)state;
    /* 2^61 times +m and 2^61 times -m, m = 2^62 - 1: the mean is 0, the variance m^2 n/(n-1). */
    const ltv_money m = LTV_MONEY_LIMIT - 1;
    ltv_moments moments = {0};
    ltv_moments_add(&moments, m);
    ltv_moments_add(&moments, -m);
    for (int j = 0; j < 61; j++) {
        ltv_moments same = moments;
        ltv_moments_merge(&moments, &same);
    }
    assert_true(moments.n == 1ll << 62);
    assert_true(ltv_moments_mean(&moments) == 0);
    assert_close("variance", ltv_moments_variance(&moments), (double)m * (double)m, 1e-15);
}

static void merging_in_any_order_gives_the_same_bits(void **state)
{
    (void)state;
    enum { PARTS = 7, EACH = 100 };
    ltv_moments parts[PARTS] = {{0}}, all = {0};
    uint64_t seed = 2;
    for (int p = 0; p < PARTS; p++)
        for (int i = 0; i < EACH; i++) {
            ltv_money x = (ltv_money)(next_word(&seed) << 9) - LTV_MONEY_LIMIT / 2;
            ltv_moments_add(&parts[p], x);
            ltv_moments_add(&all, x);
        }
    for (int first = 0; first < PARTS; first++)
        for (int step = 1; step < PARTS; step++) { /* 7 is prime: every step visits all */
            ltv_moments merged = {0};
            for (int i = 0; i < PARTS; i++)
                ltv_moments_merge(&merged, &parts[(first + i * step) % PARTS]);
            assert_same(&merged, &all);
        }
}

static void carries_into_the_high_part_are_not_lost(void **state)
{
    (void)state;
    /* 16 squares of 2^124 are 2^128: one carry, by adding and by merging. */
    const ltv_money x = (ltv_money)1 << 62;
    ltv_moments added = {0}, half = {0};
    for (int i = 0; i < 16; i++)
        ltv_moments_add(&added, x);
    for (int i = 0; i < 8; i++)
        ltv_moments_add(&half, -x);
    ltv_moments merged = half;
    ltv_moments_merge(&merged, &half);
    assert_true(added.squares_high == 1 && added.squares_low == 0);
    assert_true(merged.squares_high == 1 && merged.squares_low == 0);
}

static void an_estimate_has_the_textbook_error(void **state)
{
    (void)state;
    const ltv_money x[] = {1, 2, 4, 9};
    ltv_moments some = moments_of(x, 4), one = moments_of(x, 1), none = {0};
    ltv_mean mean = ltv_moments_estimate(&some);
    assert_true(mean.mean == 4);
    assert_close("error", mean.standard_error, sqrt((9 + 4 + 0 + 25) / 3.0 / 4), 1e-15);
    assert_true(ltv_moments_estimate(&one).mean == 1);
    assert_true(isnan(ltv_moments_estimate(&one).standard_error));
    assert_true(isnan(ltv_moments_estimate(&none).mean));
}

/* The error of a ratio is that of the mean of y - r x, over the denominator. */
static void the_error_of_a_ratio_is_that_of_its_residual(void **state)
{
    (void)state;
    enum { N = 200 };
    static const double constants[] = {0, 5000};
    uint64_t seed = 11;
    for (size_t c = 0; c < sizeof constants / sizeof *constants; c++) {
        ltv_money x[N], y[N], both[N];
        long double sum_x = 0, sum_y = 0, squares = 0;
        for (int i = 0; i < N; i++) {
            x[i] = (ltv_money)(next_word(&seed) >> 50);
            y[i] = x[i] / 2 + (ltv_money)(next_word(&seed) >> 52) - 1000;
            both[i] = x[i] + y[i];
            sum_x += x[i];
            sum_y += y[i];
        }
        double denominator = (double)(sum_x / N) + constants[c];
        double ratio = (double)(sum_y / N) / denominator;
        long double residual = (sum_y - (long double)ratio * sum_x) / N;
        for (int i = 0; i < N; i++) {
            long double off = y[i] - (long double)ratio * x[i] - residual;
            squares += off * off;
        }
        ltv_moments of_x = moments_of(x, N), of_y = moments_of(y, N), of_both = moments_of(both, N);
        assert_close("error", ltv_ratio_error(ratio, denominator, &of_y, &of_x, &of_both),
                     sqrt((double)squares / (N - 1) / N) / denominator, 1e-12);
    }
}

static void a_constant_ratio_has_no_error(void **state)
{
    (void)state;
    enum { N = 50 };
    ltv_money x[N], y[N], both[N];
    for (int i = 0; i < N; i++) {
        x[i] = 1000 + i * i;
        y[i] = -x[i];
        both[i] = 0;
    }
    ltv_moments of_x = moments_of(x, N), of_y = moments_of(y, N), of_both = moments_of(both, N);
    assert_true(ltv_ratio_error(-1, ltv_moments_mean(&of_x), &of_y, &of_x, &of_both) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers_have_the_textbook_moments),
        cmocka_unit_test(numbers_added_at_once_are_those_added_one_by_one),
        cmocka_unit_test(none_and_one_have_no_variance),
        cmocka_unit_test(random_numbers_agree_with_two_passes),
        cmocka_unit_test(a_small_spread_around_a_huge_number_does_not_cancel),
        cmocka_unit_test(a_constant_has_a_variance_of_exactly_zero),
        cmocka_unit_test(the_room_promised_is_there),
        cmocka_unit_test(merging_in_any_order_gives_the_same_bits),
        cmocka_unit_test(carries_into_the_high_part_are_not_lost),
        cmocka_unit_test(an_estimate_has_the_textbook_error),
        cmocka_unit_test(the_error_of_a_ratio_is_that_of_its_residual),
        cmocka_unit_test(a_constant_ratio_has_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
