/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "close.h"
#include "sim/quantiles.h"

static uint64_t next_word(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 11;
}

/* --- ranks --- */

/* P(Binomial(n, p) <= k) for all k by adding up the probabilities. */
static void sum_binomial(long double p, int n, long double *at_most)
{
    long double term = powl(1 - p, n), sum = 0;
    for (int k = 0; k <= n; k++) {
        sum += term;
        at_most[k] = sum;
        term *= (long double)(n - k) / (k + 1) * p / (1 - p);
    }
}

/* The limits are the tightest whose tails are 2.5 % each at most; the last bits of the sums above
 * may differ from those of the code. */
static void assert_tightest(double p, int n, const long double *at_most)
{
    const long double tail = 0.025L, room = 1e-11L;
    ltv_rank_limits ranks = ltv_quantile_rank_limits(p, n);
    assert_true(ranks.lower >= 0 && ranks.lower <= n);
    assert_true(ranks.upper >= 1 && ranks.upper <= n + 1);
    assert_true(ranks.lower < ranks.upper);
    if (ranks.lower > 0)
        assert_true(at_most[ranks.lower - 1] <= tail + room);
    assert_true(at_most[ranks.lower] > tail - room);
    if (ranks.upper <= n)
        assert_true(1 - at_most[ranks.upper - 1] <= tail + room);
    if (ranks.upper >= 2)
        assert_true(1 - at_most[ranks.upper - 2] > tail - room);
}

static void rank_limits_are_the_tightest_that_hold_95_percent(void **state)
{
    (void)state;
    enum { MOST = 2000 };
    static long double at_most[MOST + 1];
    for (int n = 1; n <= MOST; n++)
        for (int i = 0; i < LTV_QUANTILES; i++) {
            sum_binomial(ltv_quantile_levels[i], n, at_most);
            assert_tightest(ltv_quantile_levels[i], n, at_most);
        }
}

typedef struct {
    double below, above; /* P(quantile < X_(lower)), P(quantile > X_(upper)) */
} tails;

/* The tails of some limits by adding up the probabilities within nine standard deviations; what
 * lies outside is less than 1e-18. */
static tails tails_of(double p, int64_t n, ltv_rank_limits ranks)
{
    int64_t mode = (int64_t)((double)n * p);
    int64_t reach = (int64_t)(9 * sqrt((double)n * p * (1 - p))) + 10;
    long double odds = (long double)p / (1 - (long double)p), total = 0, below = 0, above = 0;
    for (int direction = -1; direction <= 1; direction += 2) {
        long double term = 1; /* relative to that of the mode */
        int64_t k = mode;
        for (int64_t i = 0; i <= reach && k >= 0 && k <= n; i++) {
            if (i > 0 || direction > 0) { /* the mode itself once */
                total += term;
                below += k <= ranks.lower - 1 ? term : 0;
                above += k >= ranks.upper ? term : 0;
            }
            term *= direction > 0 ? (long double)(n - k) / (long double)(k + 1) * odds
                                  : (long double)k / (long double)(n - k + 1) / odds;
            k += direction;
        }
    }
    return (tails){(double)(below / total), (double)(above / total)};
}

static void rank_limits_of_large_samples_hold_95_percent_and_hardly_more(void **state)
{
    (void)state;
    static const int64_t sizes[] = {5000,    20011,   100000,   999999,     1000000,
                                    1000001, 1234567, 10000000, 1000000000, 4000000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int j = 0; j < LTV_QUANTILES; j++) {
            int64_t n = sizes[i];
            double p = ltv_quantile_levels[j];
            ltv_rank_limits ranks = ltv_quantile_rank_limits(p, n);
            tails t = tails_of(p, n, ranks);
            /* One rank is worth at most 0.058 standard deviations of the count: less than that. */
            double rank = 0.0585 / sqrt((double)n * p * (1 - p));
            assert_that("lower tail", t.below <= 0.025 + 1e-12 && t.below > 0.025 - 3 * rank);
            assert_that("upper tail", t.above <= 0.025 + 1e-12 && t.above > 0.025 - 3 * rank);
        }
}

static void rank_limits_of_enormous_samples_are_sane(void **state)
{
    (void)state;
    const int64_t n = 4000000000000;
    ltv_rank_limits ranks = ltv_quantile_rank_limits(0.5, n);
    /* Standard deviation of the count: 10^6. */
    assert_within("lower", (double)(n / 2 - ranks.lower), 1959964, 1.5);
    assert_within("upper", (double)(ranks.upper - n / 2), 1959965, 1.5);
    ranks = ltv_quantile_rank_limits(0.99, INT64_C(1) << 50);
    assert_true(ranks.lower < ranks.upper && ranks.upper < INT64_C(1) << 50);
}

/* --- quantiles of a sketch --- */

static int compare_money(const void *a, const void *b)
{
    ltv_money x = *(const ltv_money *)a, y = *(const ltv_money *)b;
    return (x > y) - (x < y);
}

/* Amounts like an LTV's: some exact zeros, some losses, a long tail. In quanta of a yen. */
static ltv_money next_amount(uint64_t *state)
{
    uint64_t kind = next_word(state) % 10;
    double u = ((double)next_word(state) + 0.5) * 0x1p-53;
    if (kind == 0)
        return 0;
    return (ltv_money)(0x1p20 * (kind == 1 ? -500 * u : -26666 * log(u)));
}

typedef struct {
    int n;
    ltv_money *sorted;
    ltv_sketch sketch;
} sample;

static void sample_init(sample *s, int n, uint64_t seed)
{
    *s = (sample){.n = n, .sorted = calloc((size_t)n, sizeof(ltv_money))};
    assert_non_null(s->sorted);
    for (int i = 0; i < n; i++) {
        s->sorted[i] = next_amount(&seed);
        ltv_sketch_add(&s->sketch, s->sorted[i], 1);
    }
    qsort(s->sorted, (size_t)n, sizeof *s->sorted, compare_money);
}

static void sample_free(sample *s)
{
    free(s->sorted);
    ltv_sketch_free(&s->sketch);
}

static void quantiles_and_limits_come_from_the_sorted_amounts(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 10, 99, 100, 101, 367, 1000, 5000, 20000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sample s;
        sample_init(&s, sizes[i], i + 1);
        ltv_quantile q[LTV_QUANTILES];
        double least = (double)s.sorted[0] / 0x1p20, most = (double)s.sorted[s.n - 1] / 0x1p20;
        ltv_quantiles_of_sketch(q, &s.sketch, s.n, s.n, 0x1p20);
        for (int j = 0; j < LTV_QUANTILES; j++) {
            assert_true(q[j].p == ltv_quantile_levels[j]);
            /* The smallest x with at least p n amounts at or below it, to half a bucket. */
            int rank = 1;
            while (rank < s.n && rank < q[j].p * s.n * (1 - 1e-15))
                rank++;
            double x = (double)s.sorted[rank - 1] / 0x1p20;
            assert_close("value", q[j].value, x, 0.0005);
            assert_that("range", least <= q[j].value && q[j].value <= most);
            ltv_rank_limits limits = ltv_quantile_rank_limits(q[j].p, s.n);
            if (limits.lower == 0) {
                assert_true(isnan(q[j].mc95_lower));
            } else {
                double lower = (double)s.sorted[limits.lower - 1] / 0x1p20;
                assert_that("lower", q[j].mc95_lower <= lower && q[j].mc95_lower >= least);
                assert_close("lower", q[j].mc95_lower, lower, 0.001);
            }
            if (limits.upper > s.n) {
                assert_true(isnan(q[j].mc95_upper));
            } else {
                double upper = (double)s.sorted[limits.upper - 1] / 0x1p20;
                assert_that("upper", q[j].mc95_upper >= upper && q[j].mc95_upper <= most);
                assert_close("upper", q[j].mc95_upper, upper, 0.001);
            }
        }
        sample_free(&s);
    }
}

/* 5,000 amounts of which only 100 are independent: the limits are 7 times as far away. */
static void amounts_that_are_alike_widen_the_limits(void **state)
{
    (void)state;
    sample s;
    sample_init(&s, 5000, 1);
    ltv_quantile q[LTV_QUANTILES];
    ltv_quantiles_of_sketch(q, &s.sketch, s.n, 100, 0x1p20);
    for (int j = 0; j < LTV_QUANTILES; j++) {
        ltv_rank_limits of_100 = ltv_quantile_rank_limits(q[j].p, 100);
        assert_true(isnan(q[j].mc95_lower) == (of_100.lower == 0));
        assert_true(isnan(q[j].mc95_upper) == (of_100.upper == 101));
        if (of_100.lower > 0)
            assert_close("lower", q[j].mc95_lower, (double)s.sorted[50 * of_100.lower - 1] / 0x1p20,
                         0.001);
        if (of_100.upper <= 100)
            assert_close("upper", q[j].mc95_upper, (double)s.sorted[50 * of_100.upper - 1] / 0x1p20,
                         0.001);
    }
    sample_free(&s);
}

static void a_constant_has_exact_quantiles(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    const ltv_money x = 12345678912345;
    for (int i = 0; i < 1000; i++)
        ltv_sketch_add(&sketch, x, 1);
    ltv_quantile q[LTV_QUANTILES];
    ltv_quantiles_of_sketch(q, &sketch, 1000, 1000, 1);
    for (int j = 0; j < LTV_QUANTILES; j++) {
        assert_true(q[j].value == (double)x);
        assert_true(q[j].mc95_lower == (double)x && q[j].mc95_upper == (double)x);
    }
    ltv_sketch_free(&sketch);
}

static void amounts_in_equal_steps_have_exact_quantiles(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    for (int bills = 1; bills <= 100; bills++) /* 800 yen a bill */
        ltv_sketch_add(&sketch, (ltv_money)bills * (800ll << 20), 1);
    ltv_quantile q[LTV_QUANTILES];
    ltv_quantiles_of_sketch(q, &sketch, 100, 100, 0x1p20);
    for (int j = 0; j < LTV_QUANTILES; j++)
        assert_true(q[j].value == 800 * round(100 * q[j].p));
    ltv_sketch_free(&sketch);
}

/* --- histograms --- */

static void assert_sound(const char *label, const ltv_histogram *h, int64_t n)
{
    int64_t total = 0;
    assert_that(label, h->n_bins >= 1 && h->n_bins <= 62);
    for (size_t i = 0; i < h->n_bins; i++) {
        assert_that(label, h->edges[i] < h->edges[i + 1]);
        assert_that(label, h->counts[i] >= 0);
        total += h->counts[i];
    }
    assert_that(label, total == n);
}

/* Counts anew, amount by amount; exact for amounts below 2^53 quanta. */
static void assert_counts(const char *label, const ltv_histogram *h, const ltv_money *x, int n)
{
    int64_t *counts = calloc(h->n_bins, sizeof *counts);
    assert_non_null(counts);
    for (int i = 0; i < n; i++) {
        double amount = (double)x[i] / 0x1p20;
        assert_that(label, amount >= h->edges[0] && amount <= h->edges[h->n_bins]);
        size_t bin = 0;
        while (bin + 1 < h->n_bins && amount >= h->edges[bin + 1])
            bin++;
        counts[bin]++;
    }
    assert_memory_equal(counts, h->counts, h->n_bins * sizeof *counts);
    free(counts);
}

static void histogram_of(ltv_histogram *h, const ltv_sketch *sketch, int64_t n, ltv_money least,
                         ltv_money most, ltv_money spacing)
{
    ltv_error err = {0};
    *h = (ltv_histogram){0};
    assert_int_equal(ltv_histogram_of_sketch(h, sketch, n, least, most, spacing, 0x1p20, &err),
                     LTV_OK);
}

static void every_amount_is_in_its_bin(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 3, 100, 5000, 50000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sample s;
        sample_init(&s, sizes[i], 100 + i);
        ltv_histogram h;
        histogram_of(&h, &s.sketch, s.n, s.sorted[0], s.sorted[s.n - 1], 0);
        assert_sound("sample", &h, s.n);
        assert_counts("sample", &h, s.sorted, s.n);
        if (s.n >= 5000) {
            assert_in_range(h.n_bins, 55, 62);
            /* the last bin is for the top 0.5 % */
            assert_in_range(h.counts[h.n_bins - 1], 1, s.n / 200);
        }
        ltv_histogram_free(&h);
        sample_free(&s);
    }
}

static void bins_of_a_lattice_hold_whole_steps(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_money first;
        int steps;
    } cases[] = {{"a few steps", 800ll << 20, 7}, {"60 steps", 800ll << 20, 60},
                 {"61 steps", 800ll << 20, 61},   {"120 steps", 800ll << 20, 120},
                 {"600 steps", 800ll << 20, 600}, {"from a loss to a gain", -(4200ll << 20), 120}};
    const ltv_money spacing = 800ll << 20;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_sketch sketch = {0};
        ltv_money most = cases[i].first + (cases[i].steps - 1) * spacing;
        for (int k = 0; k < cases[i].steps; k++)
            for (int copies = 0; copies < 3; copies++)
                ltv_sketch_add(&sketch, cases[i].first + k * spacing, 1);
        ltv_histogram h;
        histogram_of(&h, &sketch, 3 * cases[i].steps, cases[i].first, most, spacing);
        assert_sound(cases[i].label, &h, 3 * cases[i].steps);
        /* amounts stand in the middle of their steps, to the width of a bucket */
        double edge = (double)(cases[i].first - spacing / 2) / 0x1p20;
        assert_that(cases[i].label, h.edges[0] <= edge && h.edges[0] >= edge - 0.001 * fabs(edge));
        /* Equally frequent amounts give equally high bins, but for the last ones. */
        for (size_t b = 0; b + 2 < h.n_bins; b++)
            assert_that(cases[i].label, h.counts[b] == h.counts[0] && h.counts[b] % 3 == 0);
        ltv_histogram_free(&h);
        ltv_sketch_free(&sketch);
    }
}

static void the_largest_amounts_fit(void **state)
{
    (void)state;
    const ltv_money limit = LTV_MONEY_LIMIT, huge = INT64_MAX;
    const struct {
        const char *label;
        ltv_money least, most;
    } cases[] = {
        {"from end to end", -huge, huge},      {"at the top", huge - 5, huge},
        {"at the bottom", -huge, 5 - huge},    {"below minus the limit", -limit - 3, 7},
        {"all below", -limit - 9, -limit - 3}, {"all above", limit + 3, limit + 9},
        {"one tiny loss", -1, limit},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_sketch sketch = {0};
        ltv_sketch_add(&sketch, cases[i].least, 1);
        ltv_sketch_add(&sketch, cases[i].most, 1);
        ltv_histogram h;
        histogram_of(&h, &sketch, 2, cases[i].least, cases[i].most, 0);
        assert_sound(cases[i].label, &h, 2);
        ltv_histogram_free(&h);
        ltv_sketch_free(&sketch);
    }
}

static void the_few_who_differ_have_a_bin_beside_the_many_at_zero(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    for (int i = 0; i < 9990; i++)
        ltv_sketch_add(&sketch, 0, 1);
    for (int i = 0; i < 10; i++)
        ltv_sketch_add(&sketch, 5000ll << 20, 1);
    ltv_histogram h;
    histogram_of(&h, &sketch, 10000, 0, 5000ll << 20, 0);
    assert_sound("many at zero", &h, 10000);
    assert_int_equal(h.n_bins, 2);
    assert_int_equal(h.counts[0], 9990);
    assert_int_equal(h.counts[1], 10);
    ltv_histogram_free(&h);
    ltv_sketch_free(&sketch);
}

static void a_constant_has_one_bin(void **state)
{
    (void)state;
    const ltv_money constants[] = {0, 1, -1, 5000ll << 20, -(5000ll << 20)};
    const ltv_money spacings[] = {0, 800ll << 20};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 2; j++) {
            ltv_sketch sketch = {0};
            for (int k = 0; k < 1000; k++)
                ltv_sketch_add(&sketch, constants[i], 1);
            ltv_histogram h;
            histogram_of(&h, &sketch, 1000, constants[i], constants[i], spacings[j]);
            assert_sound("constant", &h, 1000);
            assert_int_equal(h.n_bins, 1);
            double x = (double)constants[i] / 0x1p20;
            assert_true(h.edges[0] <= x && x <= h.edges[1]);
            ltv_histogram_free(&h);
            ltv_histogram_free(&h);
            ltv_sketch_free(&sketch);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_limits_are_the_tightest_that_hold_95_percent),
        cmocka_unit_test(rank_limits_of_large_samples_hold_95_percent_and_hardly_more),
        cmocka_unit_test(rank_limits_of_enormous_samples_are_sane),
        cmocka_unit_test(quantiles_and_limits_come_from_the_sorted_amounts),
        cmocka_unit_test(amounts_that_are_alike_widen_the_limits),
        cmocka_unit_test(a_constant_has_exact_quantiles),
        cmocka_unit_test(amounts_in_equal_steps_have_exact_quantiles),
        cmocka_unit_test(every_amount_is_in_its_bin),
        cmocka_unit_test(bins_of_a_lattice_hold_whole_steps),
        cmocka_unit_test(the_largest_amounts_fit),
        cmocka_unit_test(the_few_who_differ_have_a_bin_beside_the_many_at_zero),
        cmocka_unit_test(a_constant_has_one_bin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
