/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_errno.h>

#include "close.h"
#include "models/copula.h"
#include "models/spread.h"
#include "must.h"
#include "sim/address.h"

static int no_abort(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    return 0;
}

enum { MOST_NUMBERS = 12, MOST_PAIRS = 20 };

typedef struct {
    const char *label;
    size_t n, n_pairs;
    ltv_correlation pair[MOST_PAIRS];
} specimen;

static const specimen valid[] = {
    {"strong", 2, 1, {{0, 1, 0.95}}},
    {"strong, opposite", 2, 1, {{1, 0, -0.95}}},
    {"medium", 2, 1, {{0, 1, 0.5}}},
    {"medium, opposite", 2, 1, {{0, 1, -0.3}}},
    {"weak", 2, 1, {{0, 1, 0.1}}},
    {"three, all tied", 3, 3, {{0, 1, 0.7}, {1, 2, -0.4}, {2, 0, -0.2}}},
    {"three, in a chain", 3, 2, {{2, 1, 0.6}, {0, 1, 0.6}}},
    {"two of three", 3, 1, {{0, 2, -0.8}}},
    {"five", 5, 5, {{0, 1, 0.5}, {3, 1, 0.3}, {4, 3, -0.6}, {0, 4, 0.2}, {1, 4, 0}}},
};
enum { VALID = sizeof valid / sizeof *valid };

static ltv_copula made(const specimen *s)
{
    ltv_copula copula;
    ltv_error err = {0};
    if (ltv_copula_init(&copula, s->n, s->n_pairs, s->pair, NULL, &err))
        fail_msg("%s: %s", s->label, err.message);
    return copula;
}

static double given(const specimen *s, size_t i, size_t j)
{
    for (size_t k = 0; k < s->n_pairs; k++)
        if ((s->pair[k].first == i && s->pair[k].second == j) ||
            (s->pair[k].first == j && s->pair[k].second == i))
            return s->pair[k].spearman;
    return i == j;
}

static void the_factor_times_its_transpose_is_the_matrix(void **state)
{
    (void)state;
    for (size_t s = 0; s < VALID; s++) {
        ltv_copula copula = made(valid + s);
        size_t n = copula.n;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double sum = 0;
                for (size_t k = 0; k < n; k++)
                    sum += copula.factor[i * n + k] * copula.factor[j * n + k];
                assert_within(valid[s].label, sum, 2 * sin(M_PI * given(valid + s, i, j) / 6),
                              1e-14);
                assert_true(j <= i || copula.factor[i * n + j] == 0);
            }
        ltv_copula_free(&copula);
    }
}

/* --- what comes out --- */

/* Spearman's rho of two numbers is 12 E[U V] - 3 over the independent normal scores that went in,
 * here by the trapezoidal rule over those of the pair; in three dimensions over all three. */
static void results_have_exactly_the_correlation_asked_for(void **state)
{
    (void)state;
    const double step = 0.2;
    enum { REACH = 36 };
    for (size_t s = 0; s < VALID; s++) {
        if (valid[s].n > 3)
            continue;
        ltv_copula copula = made(valid + s);
        double sum[3][3] = {{0}}, total = 0;
        int reach_of_third = valid[s].n == 3 ? REACH : 0;
        for (int a = -REACH; a <= REACH; a++)
            for (int b = -REACH; b <= REACH; b++)
                for (int c = -reach_of_third; c <= reach_of_third; c++) {
                    double score[] = {a * step, b * step, c * step};
                    ltv_uniform in[3], out[3];
                    for (int i = 0; i < 3; i++)
                        in[i] = ltv_uniform_of_score(score[i]);
                    ltv_copula_apply(&copula, in, out);
                    double weight =
                        exp(-(score[0] * score[0] + score[1] * score[1] + score[2] * score[2]) / 2);
                    total += weight;
                    for (size_t i = 0; i < valid[s].n; i++)
                        for (size_t j = 0; j < i; j++)
                            sum[i][j] += weight * out[i].below * out[j].below;
                }
        for (size_t i = 0; i < valid[s].n; i++)
            for (size_t j = 0; j < i; j++) {
                /* The correlation of a pair that was not given is 0. */
                double rho = given(valid + s, i, j);
                assert_within(valid[s].label, 12 * sum[i][j] / total - 3, rho, 1e-8);
            }
        ltv_copula_free(&copula);
    }
}

enum { SAMPLES = 100000 };

static ltv_uniform *samples_of(const specimen *s)
{
    ltv_copula copula = made(s);
    ltv_uniform *all = must(calloc(SAMPLES * s->n, sizeof *all));
    ltv_stream stream = {.seed = 7, .draw = (uint32_t)(s - valid)};
    for (uint32_t i = 0; i < SAMPLES; i++) {
        ltv_uniform in[MOST_NUMBERS];
        for (size_t j = 0; j < s->n; j++)
            in[j] = ltv_address_uniform(stream, i, LTV_UNNAMED, LTV_PURPOSE_SPEND, (uint32_t)j);
        ltv_copula_apply(&copula, in, all + i * s->n);
    }
    ltv_copula_free(&copula);
    return all;
}

typedef struct {
    double value, partner;
    size_t sample;
} ranked;

static int by_value(const void *a, const void *b)
{
    double x = ((const ranked *)a)->value, y = ((const ranked *)b)->value;
    return (x > y) - (x < y);
}

/* Ranks of one number, 0 ... 1, and, for each sample, what moving its number does to the sum of
 * ranks times the partner: the mean of the partner (less 1/2) over the samples that lie higher. */
static void rank_samples(const ltv_uniform *all, size_t n, size_t number, size_t partner,
                         double *rank, double *influence)
{
    ranked *sorted = must(calloc(SAMPLES, sizeof *sorted));
    for (size_t i = 0; i < SAMPLES; i++)
        sorted[i] = (ranked){all[i * n + number].below, all[i * n + partner].below - 0.5, i};
    qsort(sorted, SAMPLES, sizeof *sorted, by_value);
    double higher = 0;
    for (size_t i = SAMPLES; i-- > 0;) {
        higher += sorted[i].partner / SAMPLES;
        rank[sorted[i].sample] = ((double)i + 0.5) / SAMPLES;
        influence[sorted[i].sample] = higher;
    }
    free(sorted);
}

/* The sample's Spearman correlation and its standard error, from the influence of each sample:
 * 12 [(u - 1/2) (v - 1/2) + E(v - 1/2; U > u) + E(u - 1/2; V > v)] up to a constant. */
static double sample_spearman(const ltv_uniform *all, size_t n, size_t a, size_t b, double *error)
{
    double *rank[2], *influence[2], sum = 0, influences = 0, squares = 0;
    for (int i = 0; i < 2; i++) {
        rank[i] = must(calloc(SAMPLES, sizeof(double)));
        influence[i] = must(calloc(SAMPLES, sizeof(double)));
        rank_samples(all, n, i ? b : a, i ? a : b, rank[i], influence[i]);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        double product = (rank[0][i] - 0.5) * (rank[1][i] - 0.5);
        double all_of_it = 12 * (product + influence[0][i] + influence[1][i]);
        sum += 12 * product / SAMPLES;
        influences += all_of_it / SAMPLES;
        squares += all_of_it * all_of_it / SAMPLES;
    }
    *error = sqrt((squares - influences * influences) / SAMPLES);
    for (int i = 0; i < 2; i++) {
        free(rank[i]);
        free(influence[i]);
    }
    return sum;
}

/* The seed is fixed. 22 correlations within 5.8 standard errors: P(|N| > 5.8) = 6.7e-9, so that a
 * right program fails with a chance of 1.5e-7. (That the correlation is right to 1e-8 is shown by
 * quadrature above; this is the same with the generator at work, and in five dimensions.) */
static void samples_have_the_correlation_asked_for(void **state)
{
    (void)state;
    for (size_t s = 0; s < VALID; s++) {
        ltv_uniform *all = samples_of(valid + s);
        for (size_t i = 0; i < valid[s].n; i++)
            for (size_t j = 0; j < i; j++) {
                double error, rho = sample_spearman(all, valid[s].n, i, j, &error);
                assert_within(valid[s].label, rho, given(valid + s, i, j), 5.8 * error);
                assert_true(error < 0.0033); /* 1 / sqrt(n) at 0, less elsewhere */
            }
        free(all);
    }
}

/* The error above against David & Mallows' series for the normal distribution (Biometrika 48,
 * 1961). */
static void the_standard_error_of_a_rank_correlation_is_right(void **state)
{
    (void)state;
    double error;
    ltv_uniform *all = samples_of(valid + 2);
    sample_spearman(all, 2, 0, 1, &error);
    double r = 2 * sin(M_PI * valid[2].pair[0].spearman / 6), r2 = r * r;
    double series = 1 - 1.563465 * r2 + 0.304743 * r2 * r2 + 0.155286 * r2 * r2 * r2 +
                    0.061552 * r2 * r2 * r2 * r2;
    assert_close("error", error, sqrt(series / SAMPLES), 0.02);
    free(all);
}

/* Kolmogorov & Smirnov: the scaled distance exceeds 3 with a chance of 2 exp(-18) = 3e-8, for 24
 * numbers 7e-7. */
static void each_number_stays_uniform(void **state)
{
    (void)state;
    for (size_t s = 0; s < VALID; s++) {
        ltv_uniform *all = samples_of(valid + s);
        double *rank = must(calloc(SAMPLES, sizeof *rank));
        double *influence = must(calloc(SAMPLES, sizeof *influence));
        for (size_t j = 0; j < valid[s].n; j++) {
            rank_samples(all, valid[s].n, j, j, rank, influence);
            double worst = 0;
            for (size_t i = 0; i < SAMPLES; i++)
                worst = fmax(worst, fabs(rank[i] - all[i * valid[s].n + j].below));
            assert_that(valid[s].label, worst * sqrt(SAMPLES) < 3);
        }
        free(rank);
        free(influence);
        free(all);
    }
}

static void a_number_in_no_pair_comes_out_as_it_went_in(void **state)
{
    (void)state;
    static const ltv_correlation pairs[] = {{1, 3, 0.6}, {4, 3, -0.5}, {2, 5, 0}};
    ltv_copula copula;
    assert_int_equal(ltv_copula_init(&copula, 6, 3, pairs, NULL, NULL), LTV_OK);
    assert_false(copula.independent);
    for (uint32_t i = 0; i < 1000; i++) {
        ltv_uniform in[6], out[6];
        for (uint32_t j = 0; j < 6; j++)
            in[j] =
                ltv_address_uniform((ltv_stream){.seed = 3}, i, LTV_UNNAMED, LTV_PURPOSE_SPEND, j);
        in[0].below *= 1e-25; /* digits that a score would not keep */
        ltv_copula_apply(&copula, in, out);
        static const bool is_moved[] = {false, false, false, true, true, false};
        for (int j = 0; j < 6; j++)
            assert_true((memcmp(in + j, out + j, sizeof *in) != 0) == is_moved[j]);
    }
    ltv_copula_free(&copula);
}

static void without_correlations_nothing_is_moved(void **state)
{
    (void)state;
    static const ltv_correlation zero[] = {{0, 1, 0}};
    for (size_t n_pairs = 0; n_pairs < 2; n_pairs++) {
        ltv_copula copula;
        assert_int_equal(ltv_copula_init(&copula, 3, n_pairs, zero, NULL, NULL), LTV_OK);
        assert_true(copula.independent);
        ltv_uniform in[] = {{1e-28, 1}, {0.3, 0.7}, {1, 1e-20}}, out[3];
        ltv_copula_apply(&copula, in, out);
        assert_memory_equal(in, out, sizeof in);
        ltv_copula_free(&copula);
    }
}

static void tails_keep_their_digits(void **state)
{
    (void)state;
    static const ltv_correlation pair[] = {{0, 1, 0.999999}};
    ltv_copula copula;
    assert_int_equal(ltv_copula_init(&copula, 2, 1, pair, NULL, NULL), LTV_OK);
    ltv_uniform in[] = {{1, 1e-20}, {0.5, 0.5}}, out[2];
    ltv_copula_apply(&copula, in, out);
    assert_true(out[1].above > 0.99e-20 && out[1].above < 1.01e-20);
    ltv_copula_free(&copula);
}

/* --- refusals --- */

static void pairs_that_make_no_sense_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_correlation pair[3];
        const char *reason;
    } cases[] = {
        {"1",
         {{0, 1, 0.5}, {1, 2, 1}, {0, 2, 0}},
         "correlation 2 must lie between -1 and 1, both excluded, it is 1"},
        {"-1",
         {{0, 1, -1}, {1, 2, 0}, {0, 2, 0}},
         "correlation 1 must lie between -1 and 1, both excluded, it is -1"},
        {"above 1",
         {{0, 1, 0.5}, {1, 2, 1.2}, {0, 2, 0}},
         "correlation 2 must lie between -1 and 1, both excluded, it is 1.2"},
        {"not a number",
         {{0, 1, 0.5}, {1, 2, 0}, {0, 2, NAN}},
         "correlation 3 must lie between -1 and 1, both excluded, it is nan"},
        {"itself", {{0, 1, 0.5}, {1, 1, 0.3}, {0, 2, 0}}, "correlation 2 ties a number to itself"},
        {"twice",
         {{0, 1, 0.5}, {1, 2, 0.3}, {0, 1, 0.5}},
         "correlations 1 and 3 are of the same pair"},
        {"twice, turned round",
         {{0, 1, 0.5}, {2, 1, 0.3}, {1, 2, 0.3}},
         "correlations 2 and 3 are of the same pair"},
        {"a number too many",
         {{0, 1, 0.5}, {2, 3, 0.3}, {1, 2, 0.3}},
         "correlation 2 is of a number that is not there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_copula copula;
        ltv_copula_conflict conflict;
        ltv_error err = {0};
        ltv_status status = ltv_copula_init(&copula, 3, 3, cases[i].pair, &conflict, &err);
        assert_that(cases[i].label, status == LTV_ERR_BAD_INPUT);
        assert_string_equal(err.message, cases[i].reason);
        assert_that(cases[i].label, conflict.n_pairs == 0 && conflict.nearest == NULL);
        ltv_copula_conflict_free(&conflict);
        ltv_copula_free(&copula);
        ltv_copula_free(&copula);
    }
}

static const struct {
    specimen specimen;
    size_t n_conflicting;
    size_t conflicting[MOST_PAIRS];
} conflicts[] = {
    {{"a and b high, b and c high, a and c low", 3, 3, {{0, 1, 0.9}, {1, 2, 0.9}, {0, 2, -0.9}}},
     3,
     {0, 1, 2}},
    {{"a chain without its third pair", 3, 2, {{0, 1, 0.9}, {1, 2, 0.9}}}, 2, {0, 1}},
    {{"among others that can hold",
      8,
      6,
      {{6, 7, 0.35}, {1, 2, 0.9}, {5, 4, -0.2}, {3, 2, 0.9}, {1, 3, -0.9}, {3, 4, 0.1}}},
     3,
     {1, 3, 4}},
    {{"two conflicts far apart",
      6,
      6,
      {{0, 1, 0.9}, {1, 2, 0.9}, {0, 2, -0.9}, {3, 4, -0.8}, {4, 5, -0.8}, {3, 5, -0.8}}},
     3,
     {0, 1, 2}},
    {{"four that only together are too many",
      4,
      6,
      {{0, 1, -0.4}, {0, 2, -0.4}, {0, 3, -0.4}, {1, 2, -0.4}, {1, 3, -0.4}, {2, 3, -0.4}}},
     6,
     {0, 1, 2, 3, 4, 5}},
    {{"a star", 6, 5, {{0, 1, 0.5}, {0, 2, 0.5}, {0, 3, 0.5}, {0, 4, 0.5}, {0, 5, 0.5}}},
     4,
     {1, 2, 3, 4}},
    {{"a triple beside a larger conflict that is found first",
      8,
      8,
      {{3, 4, 0.5},
       {3, 5, 0.5},
       {3, 6, 0.5},
       {3, 7, 0.5},
       {2, 3, 0.05},
       {0, 1, 0.9},
       {1, 2, 0.9},
       {0, 2, -0.9}}},
     3,
     {5, 6, 7}},
    {{"hardly", 3, 3, {{0, 1, 0.95}, {1, 2, 0.95}, {0, 2, 0.78}}}, 3, {0, 1, 2}},
};
enum { CONFLICTS = sizeof conflicts / sizeof *conflicts };

static void conflicts_are_named_by_as_few_pairs_as_possible(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONFLICTS; i++) {
        const specimen *s = &conflicts[i].specimen;
        ltv_copula copula;
        ltv_copula_conflict conflict;
        ltv_error err = {0};
        assert_that(s->label, ltv_copula_init(&copula, s->n, s->n_pairs, s->pair, &conflict,
                                              &err) == LTV_ERR_BAD_INPUT);
        assert_string_equal(err.message, "these correlations cannot hold together");
        assert_that(s->label, conflict.n_pairs == conflicts[i].n_conflicting);
        for (size_t j = 0; strcmp(s->label, "a star") != 0 && j < conflict.n_pairs; j++)
            assert_that(s->label, conflict.pairs[j] == conflicts[i].conflicting[j]);
        /* They conflict by themselves, and no longer with any number of theirs left out. */
        for (size_t without = 0; without <= s->n; without++) {
            ltv_correlation some[MOST_PAIRS];
            size_t n = 0;
            for (size_t j = 0; j < conflict.n_pairs; j++) {
                const ltv_correlation *pair = s->pair + conflict.pairs[j];
                if (pair->first != without && pair->second != without)
                    some[n++] = *pair;
            }
            ltv_copula part;
            ltv_status status = ltv_copula_init(&part, s->n, n, some, NULL, NULL);
            assert_that(s->label, status == (n == conflict.n_pairs ? LTV_ERR_BAD_INPUT : LTV_OK));
            ltv_copula_free(&part);
        }
        ltv_copula_conflict_free(&conflict);
        ltv_copula_free(&copula);
    }
}

static bool is_valid_with(const specimen *s, const double *spearman)
{
    ltv_correlation pairs[MOST_PAIRS];
    for (size_t i = 0; i < s->n_pairs; i++)
        pairs[i] = (ltv_correlation){s->pair[i].first, s->pair[i].second, spearman[i]};
    ltv_copula copula;
    bool is_valid = ltv_copula_init(&copula, s->n, s->n_pairs, pairs, NULL, NULL) == LTV_OK;
    ltv_copula_free(&copula);
    return is_valid;
}

static double distance(const specimen *s, const double *spearman)
{
    double sum = 0;
    for (size_t i = 0; i < s->n_pairs; i++)
        sum += pow(ltv_copula_pearson(spearman[i]) - ltv_copula_pearson(s->pair[i].spearman), 2);
    return sqrt(sum);
}

/* The given ones, all weakened by the same factor until they can hold. */
static double distance_of_weakened(const specimen *s)
{
    double weakened[MOST_PAIRS];
    for (double kept = 1; kept >= 0; kept -= 0.0005) {
        for (size_t i = 0; i < s->n_pairs; i++)
            weakened[i] = kept * s->pair[i].spearman;
        if (is_valid_with(s, weakened))
            break;
    }
    return distance(s, weakened);
}

static void the_nearest_correlations_can_hold_and_are_near(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONFLICTS; i++) {
        const specimen *s = &conflicts[i].specimen;
        ltv_copula copula;
        ltv_copula_conflict conflict;
        assert_int_equal(ltv_copula_init(&copula, s->n, s->n_pairs, s->pair, &conflict, NULL),
                         LTV_ERR_BAD_INPUT);
        double pasted[MOST_PAIRS];
        for (size_t j = 0; j < s->n_pairs; j++) {
            char text[20];
            snprintf(text, sizeof text, "%.3f", conflict.nearest[j]);
            pasted[j] = strtod(text, NULL);
            assert_that(s->label, pasted[j] == conflict.nearest[j]);
        }
        assert_that(s->label, is_valid_with(s, pasted));
        /* Three decimals may cost a thousandth or two of each pair. */
        double rounding = 0.002 * sqrt((double)s->n_pairs);
        assert_that(s->label, distance(s, pasted) < distance_of_weakened(s) + rounding);
        /* And nothing nearer will do: on the straight way back to the given ones, 1 % is too far
         * or less than the rounding. */
        double back[MOST_PAIRS];
        double share = 0.02 + rounding / distance(s, pasted);
        for (size_t j = 0; j < s->n_pairs; j++)
            back[j] = pasted[j] + share * (s->pair[j].spearman - pasted[j]);
        assert_that(s->label, !is_valid_with(s, back));
        ltv_copula_conflict_free(&conflict);
        ltv_copula_free(&copula);
    }
}

/* Squared distance of the scores' correlations from the given ones of three numbers, the least of
 * all valid ones on a grid of this width around `centre`, which is moved to it. */
static double least_on_grid(const double *score, double *centre, double width)
{
    enum { HALF = 40 };
    double least = INFINITY, best[3] = {0};
    for (int i = -HALF; i <= HALF; i++)
        for (int j = -HALF; j <= HALF; j++)
            for (int k = -HALF; k <= HALF; k++) {
                double a = centre[0] + i * width / HALF, b = centre[1] + j * width / HALF;
                double c = centre[2] + k * width / HALF;
                double squares = pow(a - score[0], 2) + pow(b - score[1], 2) + pow(c - score[2], 2);
                bool is_valid =
                    fabs(a) <= 1 && fabs(b) <= 1 && 1 + 2 * a * b * c - a * a - b * b - c * c >= 0;
                if (is_valid && squares < least) {
                    least = squares;
                    memcpy(best, (double[]){a, b, c}, sizeof best);
                }
            }
    memcpy(centre, best, sizeof best);
    return least;
}

static void no_valid_correlations_of_three_are_nearer(void **state)
{
    (void)state;
    static const double given_ones[][3] = {
        {0.9, 0.5, -0.7}, {0.99, 0.2, -0.6}, {-0.9, -0.8, -0.1}, {0.95, 0.95, 0.1}};
    for (size_t i = 0; i < 4; i++) {
        const double *rho = given_ones[i];
        const specimen s = {"three", 3, 3, {{0, 1, rho[0]}, {1, 2, rho[1]}, {2, 0, rho[2]}}};
        double score[3], centre[3] = {0}, least = 0;
        for (int j = 0; j < 3; j++)
            score[j] = ltv_copula_pearson(rho[j]);
        for (double width = 1; width > 1e-3; width /= 8)
            least = least_on_grid(score, centre, width);
        ltv_copula copula;
        ltv_copula_conflict conflict;
        assert_int_equal(ltv_copula_init(&copula, 3, 3, s.pair, &conflict, NULL),
                         LTV_ERR_BAD_INPUT);
        assert_within("distance", distance(&s, conflict.nearest), sqrt(least), 0.002);
        for (int j = 0; j < 3; j++)
            assert_within("score", ltv_copula_pearson(conflict.nearest[j]), centre[j], 0.004);
        ltv_copula_conflict_free(&conflict);
        ltv_copula_free(&copula);
    }
}

/* Known answers. For a, b, c with scores r, r, -r the nearest has 1/2, 1/2, -1/2; in a chain with
 * the ends apart, 1 / sqrt 2 each. */
static void the_nearest_of_simple_ones_are_known(void **state)
{
    (void)state;
    double half = 6 / M_PI * asin(0.25), root = 6 / M_PI * asin(sqrt(0.125));
    const double expected[2][3] = {{half, half, -half}, {root, root}};
    for (size_t i = 0; i < 2; i++) {
        const specimen *s = &conflicts[i].specimen;
        ltv_copula copula;
        ltv_copula_conflict conflict;
        assert_int_equal(ltv_copula_init(&copula, s->n, s->n_pairs, s->pair, &conflict, NULL),
                         LTV_ERR_BAD_INPUT);
        for (size_t j = 0; j < s->n_pairs; j++) {
            assert_within(s->label, conflict.nearest[j], expected[i][j], 0.0016);
            assert_that(s->label, fabs(conflict.nearest[j]) < fabs(expected[i][j]));
        }
        ltv_copula_conflict_free(&conflict);
        ltv_copula_free(&copula);
    }
}

static void pairs_without_a_tie_to_a_conflict_stay_as_given(void **state)
{
    (void)state;
    static const ltv_correlation pairs[] = {
        {0, 1, 0.9}, {3, 4, 0.123456}, {1, 2, 0.9}, {2, 0, -0.5}, {5, 4, -0.3}};
    ltv_copula copula;
    ltv_copula_conflict conflict;
    assert_int_equal(ltv_copula_init(&copula, 6, 5, pairs, &conflict, NULL), LTV_ERR_BAD_INPUT);
    assert_true(conflict.nearest[1] == 0.123456 && conflict.nearest[4] == -0.3);
    assert_true(conflict.nearest[0] != 0.9);
    ltv_copula_conflict_free(&conflict);
    ltv_copula_conflict_free(&conflict);
    ltv_copula_free(&copula);
}

/* Random correlations, nearly all in conflict, of up to 12 numbers. */
static void whatever_is_given_the_nearest_can_hold(void **state)
{
    (void)state;
    ltv_stream stream = {.seed = 11};
    for (uint32_t trial = 0; trial < 200; trial++) {
        specimen s = {.label = "random", .n = 3 + trial % 10};
        uint32_t at = 0;
        for (size_t i = 0; i < s.n; i++)
            for (size_t j = 0; j < i && s.n_pairs < MOST_PAIRS; j++) {
                double keep =
                    ltv_address_uniform(stream, trial, LTV_UNNAMED, LTV_PURPOSE_REACH, at).below;
                double rho =
                    ltv_address_uniform(stream, trial, LTV_UNNAMED, LTV_PURPOSE_UPTAKE, at++).below;
                if (keep < 0.6)
                    s.pair[s.n_pairs++] = (ltv_correlation){i, j, 2 * rho - 1};
            }
        ltv_copula copula;
        ltv_copula_conflict conflict;
        if (ltv_copula_init(&copula, s.n, s.n_pairs, s.pair, &conflict, NULL)) {
            assert_true(conflict.n_pairs >= 2);
            assert_true(is_valid_with(&s, conflict.nearest));
            assert_true(distance(&s, conflict.nearest) < distance_of_weakened(&s) + 0.01);
        }
        ltv_copula_conflict_free(&conflict);
        ltv_copula_free(&copula);
    }
}

static void the_least_eigenvalue_is_asked_for(void **state)
{
    (void)state;
    /* Of a pair it is 1 - r. */
    static const double off[] = {2e-8, 0.5e-8};
    for (int i = 0; i < 2; i++) {
        double rho = 6 / M_PI * asin((1 - off[i]) / 2);
        const ltv_correlation pair[] = {{0, 1, rho}};
        ltv_copula copula;
        assert_int_equal(ltv_copula_init(&copula, 2, 1, pair, NULL, NULL),
                         i == 0 ? LTV_OK : LTV_ERR_BAD_INPUT);
        ltv_copula_free(&copula);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factor_times_its_transpose_is_the_matrix),
        cmocka_unit_test(results_have_exactly_the_correlation_asked_for),
        cmocka_unit_test(samples_have_the_correlation_asked_for),
        cmocka_unit_test(the_standard_error_of_a_rank_correlation_is_right),
        cmocka_unit_test(each_number_stays_uniform),
        cmocka_unit_test(a_number_in_no_pair_comes_out_as_it_went_in),
        cmocka_unit_test(without_correlations_nothing_is_moved),
        cmocka_unit_test(tails_keep_their_digits),
        cmocka_unit_test(pairs_that_make_no_sense_are_refused_with_the_reason),
        cmocka_unit_test(conflicts_are_named_by_as_few_pairs_as_possible),
        cmocka_unit_test(the_nearest_correlations_can_hold_and_are_near),
        cmocka_unit_test(no_valid_correlations_of_three_are_nearer),
        cmocka_unit_test(the_nearest_of_simple_ones_are_known),
        cmocka_unit_test(pairs_without_a_tie_to_a_conflict_stay_as_given),
        cmocka_unit_test(whatever_is_given_the_nearest_can_hold),
        cmocka_unit_test(the_least_eigenvalue_is_asked_for),
    };
    return cmocka_run_group_tests(tests, no_abort, NULL);
}
