/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer of configs/music_streaming.yaml: what a careful person writes with GSL in an hour.
 * One uniform of mt19937 a customer, the lifetime by inversion, one customer at a time, and the
 * same answers as the command: mean and spread of LTV, its histogram, the retention curve.
 *
 *     gsl_event_driven CUSTOMERS SEED        prints mean LTV and its standard error */
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { HORIZON = 600, BINS = 512 };
static const double churn = 0.03, price = 1000, gross_margin = 0.80;

typedef struct {
    double sum, sum_of_squares;
    unsigned long lost_after[HORIZON + 1]; /* [T]: customers who paid T bills */
    unsigned long histogram[BINS];
} tally;

static void simulate(tally *t, unsigned long customers, unsigned long seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    const double contribution = price * gross_margin;
    const double bin_width = contribution * HORIZON / BINS;
    const double periods_per_budget = -1 / log1p(-churn);
    for (unsigned long i = 0; i < customers; i++) {
        double bills = 1 + floor(-log(gsl_rng_uniform_pos(rng)) * periods_per_budget);
        if (bills > HORIZON)
            bills = HORIZON;
        double ltv = bills * contribution;
        unsigned bin = (unsigned)(ltv / bin_width);
        t->sum += ltv;
        t->sum_of_squares += ltv * ltv;
        t->lost_after[(unsigned)bills]++;
        t->histogram[bin < BINS ? bin : BINS - 1]++;
    }
    gsl_rng_free(rng);
}

int main(int argc, char **argv)
{
    static tally t;
    if (argc != 3) {
        fprintf(stderr, "usage: gsl_event_driven CUSTOMERS SEED\n");
        return 2;
    }
    unsigned long customers = strtoul(argv[1], NULL, 10);
    simulate(&t, customers, strtoul(argv[2], NULL, 10));
    double n = (double)customers, mean = t.sum / n;
    double variance = (t.sum_of_squares - n * mean * mean) / (n - 1);
    printf("%.6f %.6f\n", mean, sqrt(variance / n));
    return 0;
}
