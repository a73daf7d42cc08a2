/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/quantiles.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

const double ltv_quantile_levels[LTV_QUANTILES] = {0.01, 0.05, 0.10, 0.25, 0.50,
                                                   0.75, 0.90, 0.95, 0.99};

/* P(Binomial(n, p) <= k). */
static double binomial_at_most(double k, double p, int64_t n)
{
    if (k < 0)
        return 0;
    return k >= (double)n ? 1 : gsl_cdf_beta_Q(p, k + 1, (double)n - k);
}

ltv_rank_limits ltv_quantile_rank_limits(double p, int64_t n)
{
    double mean = (double)n * p, reach = 1.959963984540054 * sqrt(mean * (1 - p));
    double lower = floor(mean - reach), upper = ceil(mean + reach) + 1;
    if (n <= 1000000) {
        /* P(X_(l) > quantile) = P(Bin <= l - 1), P(X_(u) < quantile) = 1 - P(Bin <= u - 1):
         * from the normal guess to the ranks where these cross 2.5 %. */
        lower = fmax(lower, 0);
        upper = fmin(upper, (double)n + 1);
        while (lower > 0 && binomial_at_most(lower - 1, p, n) > 0.025)
            lower--;
        while (binomial_at_most(lower, p, n) <= 0.025)
            lower++;
        while (upper <= (double)n && binomial_at_most(upper - 1, p, n) < 0.975)
            upper++;
        while (upper > 1 && binomial_at_most(upper - 2, p, n) >= 0.975)
            upper--;
    }
    return (ltv_rank_limits){.lower = lower < 1 ? 0 : (int64_t)lower,
                             .upper = upper > (double)n ? n + 1 : (int64_t)upper};
}

/* Ranks among n of which only so many are independent: those among the independent ones, as far
 * up, rounded outward. */
static ltv_rank_limits rank_limits(double p, int64_t n, int64_t independent)
{
    ltv_rank_limits ranks = ltv_quantile_rank_limits(p, independent);
    double scale = (double)n / (double)independent;
    if (independent >= n)
        return ranks;
    bool has_upper = ranks.upper <= independent;
    return (ltv_rank_limits){.lower = ranks.lower < 1 ? 0 : (int64_t)((double)ranks.lower * scale),
                             .upper =
                                 has_upper ? (int64_t)ceil((double)ranks.upper * scale) : n + 1};
}

ltv_rank_limits ltv_clustered_rank_limits(double p, int64_t n, double design_effect)
{
    ltv_rank_limits none = {0, n + 1};
    int64_t worth = isnan(design_effect) ? 0 : (int64_t)floor((double)n / design_effect);
    if (worth < 1)
        return none;
    ltv_rank_limits ranks = ltv_quantile_rank_limits(p, worth);
    if (ranks.lower >= 1)
        ranks.lower = (int64_t)((__int128)(ranks.lower - 1) * n / worth) + 1;
    if (ranks.upper <= worth)
        ranks.upper = (int64_t)(((__int128)ranks.upper * n + worth - 1) / worth);
    else
        ranks.upper = n + 1;
    return ranks;
}

/* The rank of the p-quantile, from 1. */
static int64_t rank_of(double p, int64_t n)
{
    int64_t rank = (int64_t)ceil(p * (double)n);
    return rank < 1 ? 1 : rank;
}

/* What is in the buckets at these ranks; of those that there are not, at the first and the last. */
static void amounts_at(ltv_sketch_amounts amounts[LTV_QUANTILES], const ltv_sketch *sketch,
                       int64_t n, const int64_t ranks[LTV_QUANTILES])
{
    ltv_sketch_bucket found[LTV_QUANTILES] = {{0}}; /* for an empty sketch */
    int64_t there[LTV_QUANTILES];
    for (int i = 0; i < LTV_QUANTILES; i++)
        there[i] = ranks[i] < 1 ? 1 : ranks[i] > n ? n : ranks[i];
    ltv_sketch_at_ranks(sketch, there, LTV_QUANTILES, found);
    for (int i = 0; i < LTV_QUANTILES; i++)
        amounts[i] = found[i].in;
}

/* What is in the buckets of the quantiles themselves. */
static void middle_amounts(ltv_sketch_amounts amounts[LTV_QUANTILES], const ltv_sketch *sketch,
                           int64_t n)
{
    int64_t ranks[LTV_QUANTILES];
    for (int i = 0; i < LTV_QUANTILES; i++)
        ranks[i] = rank_of(ltv_quantile_levels[i], n);
    amounts_at(amounts, sketch, n, ranks);
}

static void fill_quantiles(ltv_quantile quantiles[LTV_QUANTILES], const ltv_sketch *sketch,
                           int64_t n, const ltv_sketch_amounts middle[LTV_QUANTILES],
                           const ltv_rank_limits limits[LTV_QUANTILES], double quanta_per_unit)
{
    ltv_sketch_amounts lower[LTV_QUANTILES], upper[LTV_QUANTILES];
    int64_t lower_ranks[LTV_QUANTILES], upper_ranks[LTV_QUANTILES];
    for (int i = 0; i < LTV_QUANTILES; i++) {
        lower_ranks[i] = limits[i].lower;
        upper_ranks[i] = limits[i].upper;
    }
    amounts_at(lower, sketch, n, lower_ranks);
    amounts_at(upper, sketch, n, upper_ranks);
    for (int i = 0; i < LTV_QUANTILES; i++) {
        double value = ((double)middle[i].least + (double)middle[i].most) / 2;
        double least = (double)lower[i].least, most = (double)upper[i].most;
        quantiles[i] =
            (ltv_quantile){.p = ltv_quantile_levels[i],
                           .value = value / quanta_per_unit,
                           .mc95_lower = limits[i].lower >= 1 ? least / quanta_per_unit : NAN,
                           .mc95_upper = limits[i].upper <= n ? most / quanta_per_unit : NAN};
    }
}

void ltv_quantiles_of_sketch(ltv_quantile quantiles[LTV_QUANTILES], const ltv_sketch *sketch,
                             int64_t n, int64_t independent, double quanta_per_unit)
{
    ltv_sketch_amounts middle[LTV_QUANTILES];
    ltv_rank_limits limits[LTV_QUANTILES];
    middle_amounts(middle, sketch, n);
    for (int i = 0; i < LTV_QUANTILES; i++)
        limits[i] = rank_limits(ltv_quantile_levels[i], n, independent);
    fill_quantiles(quantiles, sketch, n, middle, limits, quanta_per_unit);
}

void ltv_quantiles_of_draws(ltv_quantile quantiles[LTV_QUANTILES], const ltv_sketch *sketch,
                            int64_t n, double quanta_per_unit, const ltv_outline_sums *draws)
{
    ltv_sketch_amounts middle[LTV_QUANTILES];
    ltv_rank_limits limits[LTV_QUANTILES];
    middle_amounts(middle, sketch, n);
    for (int i = 0; i < LTV_QUANTILES; i++) {
        double effect = ltv_outline_design_effect(draws, middle[i].least);
        limits[i] = ltv_clustered_rank_limits(ltv_quantile_levels[i], n, effect);
    }
    fill_quantiles(quantiles, sketch, n, middle, limits, quanta_per_unit);
}

enum { MOST_BINS = 62 };

typedef struct {
    size_t n_bins;
    ltv_money edges[MOST_BINS]; /* lower edges of the bins, each that of a bucket */
    int64_t counts[MOST_BINS];
} money_histogram;

static void add_edge(money_histogram *histogram, ltv_money at)
{
    ltv_money edge = ltv_sketch_bucket_of(at).lower;
    if (histogram->n_bins == 0 || edge > histogram->edges[histogram->n_bins - 1])
        histogram->edges[histogram->n_bins++] = edge;
}

static bool count_bucket(void *context, ltv_sketch_bucket bucket)
{
    money_histogram *histogram = context;
    size_t bin = histogram->n_bins - 1;
    while (bin > 0 && bucket.lower < histogram->edges[bin])
        bin--;
    histogram->counts[bin] += bucket.in.count;
    return true;
}

/* The amount nearest to `at`, at most `highest`: a double near 2^63 may lie beyond both. */
static ltv_money amount_at(double at, ltv_money highest)
{
    if (at >= (double)highest)
        return highest;
    return at <= -0x1p63 ? -INT64_MAX : (ltv_money)at;
}

static void place_edges(money_histogram *histogram, const ltv_sketch *sketch, int64_t n,
                        ltv_money least, ltv_money most, ltv_money spacing)
{
    enum { EVEN_BINS = 60 };
    ltv_money top = ltv_sketch_at_rank(sketch, (int64_t)ceil(0.995 * (double)n)).upper;
    top = top < most ? top : most;
    ltv_money first = least - spacing / 2; /* amounts stand in the middle of their steps */
    double width = ((double)top - (double)least) / EVEN_BINS;
    if (spacing > 0)
        width = fmax(ceil(width / (double)spacing), 1) * (double)spacing;
    add_edge(histogram, first);
    for (int i = 1; i <= EVEN_BINS && (double)first + i * width <= (double)top; i++)
        add_edge(histogram, amount_at((double)first + i * width, top));
    if (top < most)
        add_edge(histogram, top + 1);
}

ltv_status ltv_histogram_of_sketch(ltv_histogram *histogram, const ltv_sketch *sketch, int64_t n,
                                   ltv_money least, ltv_money most, ltv_money spacing,
                                   double quanta_per_unit, ltv_error *err)
{
    money_histogram bins = {0};
    place_edges(&bins, sketch, n, least, most, spacing);
    ltv_sketch_visit(sketch, count_bucket, &bins);
    histogram->n_bins = bins.n_bins;
    histogram->edges = calloc(bins.n_bins + 1, sizeof *histogram->edges);
    histogram->counts = calloc(bins.n_bins, sizeof *histogram->counts);
    if (histogram->edges == NULL || histogram->counts == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a histogram");
    for (size_t i = 0; i < bins.n_bins; i++) {
        histogram->edges[i] = (double)bins.edges[i] / quanta_per_unit;
        histogram->counts[i] = bins.counts[i];
    }
    double last = (double)ltv_sketch_bucket_of(most).upper + 1;
    histogram->edges[bins.n_bins] = last / quanta_per_unit;
    return LTV_OK;
}

void ltv_histogram_free(ltv_histogram *histogram)
{
    free(histogram->edges);
    free(histogram->counts);
    *histogram = (ltv_histogram){0};
}
