/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peers in C: what a careful person writes with GSL in an hour. One generator (mt19937), one
 * customer at a time, either month by month or from event to event, and the same answers as the
 * engine's main ones: mean and spread of LTV, its histogram, the retention curve, in W3 also
 * recurring revenue by plan.
 *
 *     gsl_peers w1|w2|w3 months|events CUSTOMERS SEED
 *
 * prints the mean LTV, its standard error, and the nanoseconds of processor time for a customer. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MONTHS = 120, MONTHS_W3 = 60, BINS = 512, PLANS = 3, ADD_ONS = 2, NEVER = 1000 };

static const double factor = 1 / 1.01, gross_margin = 0.8;

/* W3; see w3.yaml. */
static const double price[PLANS] = {500, 1000, 2000}, starts[PLANS] = {0.50, 0.35, 0.15};
static const double churn_of[PLANS] = {1.3, 1.0, 0.7};
static const double up[PLANS] = {0.015, 0.010, 0}, down[PLANS] = {0, 0.008, 0.012};
static const double add_on_price[ADD_ONS] = {100, 250}, attach[ADD_ONS] = {0.02, 0.01};
static const double failing = 0.006, frailty_shape = 1 / (0.7071 * 0.7071);
static const double programme_churn = 0.7, programme_cost = 50;
enum { PROGRAMME_AT = 3, PROGRAMME_FOR = 12 };

typedef struct {
    double sum, squares;
    unsigned long paying[MONTHS + 1], histogram[BINS];
    double revenue[PLANS][MONTHS];
} tally;

static gsl_rng *rng;
static tally t;
static double discount[MONTHS], value[MONTHS + 1]; /* of a bill of 1; of the first T of them */
static double hazard[MONTHS_W3 + 1];               /* cumulative, of W3 */

static double hazard_of(int u)
{
    static const double first[3] = {0.08, 0.06, 0.04};
    return u < 3 ? first[u] : u % 12 == 11 ? 0.12 : 0.02;
}

static void make_tables(void)
{
    for (int u = 0; u < MONTHS; u++) {
        discount[u] = pow(factor, u);
        value[u + 1] = value[u] + discount[u];
    }
    for (int u = 0; u < MONTHS_W3; u++)
        hazard[u + 1] = hazard[u] + hazard_of(u);
}

static void add(double ltv, double most)
{
    unsigned bin = (unsigned)(ltv / most * BINS);
    t.sum += ltv;
    t.squares += ltv * ltv;
    t.histogram[bin < BINS ? bin : BINS - 1]++;
}

/* --- W1 and W2 --- */

static double churn_of_customer(bool differs)
{
    return differs ? gsl_ran_beta(rng, 0.668, 3.806) : 0.03;
}

static void simple_by_months(bool differs)
{
    double churn = churn_of_customer(differs), ltv = 0;
    for (int u = 0; u < MONTHS; u++) {
        t.paying[u]++;
        ltv += 1000 * gross_margin * discount[u];
        if (gsl_rng_uniform(rng) < churn)
            break;
    }
    add(ltv, 1000 * gross_margin * value[MONTHS]);
}

static void simple_by_events(bool differs)
{
    double churn = churn_of_customer(differs);
    double bills = 1 + floor(log(gsl_rng_uniform_pos(rng)) / log1p(-churn));
    int n = bills < MONTHS ? (int)bills : MONTHS;
    t.paying[n]++; /* how many leave there: the curve follows */
    add(1000 * gross_margin * value[n], 1000 * gross_margin * value[MONTHS]);
}

/* --- W3 --- */

static int starting_plan(void)
{
    double x = gsl_rng_uniform(rng);
    return x < starts[0] ? 0 : x < starts[0] + starts[1] ? 1 : 2;
}

static bool happens(double of_hazard)
{
    return gsl_rng_uniform(rng) < -expm1(-of_hazard);
}

static double price_of(int plan, const bool held[ADD_ONS])
{
    return price[plan] + (held[0] ? add_on_price[0] : 0) + (held[1] ? add_on_price[1] : 0);
}

static void full_by_months(void)
{
    double z = gsl_ran_gamma(rng, frailty_shape, 1 / frailty_shape), ltv = 0;
    bool reached = gsl_rng_uniform(rng) < 0.5, held[ADD_ONS] = {false, false};
    int plan = starting_plan();
    for (int u = 0; u < MONTHS_W3; u++) {
        double revenue = price_of(plan, held);
        t.paying[u]++;
        t.revenue[plan][u] += revenue;
        ltv += revenue * gross_margin * discount[u];
        if (reached && u == PROGRAMME_AT)
            ltv -= programme_cost * discount[u];
        bool runs = reached && u >= PROGRAMME_AT && u < PROGRAMME_AT + PROGRAMME_FOR;
        if (happens(z * churn_of[plan] * (runs ? programme_churn : 1) * hazard_of(u)) ||
            happens(failing))
            break;
        bool falls = happens(down[plan]), rises = happens(up[plan]);
        plan += falls ? -1 : rises ? 1 : 0;
        for (int a = 0; a < ADD_ONS; a++)
            held[a] |= happens(attach[a]);
    }
    add(ltv, 2500 * gross_margin * value[MONTHS_W3]);
}

/* Whole months until a clock of constant hazard fires. */
static int months_until(double of_hazard)
{
    double months = of_hazard > 0 ? gsl_ran_exponential(rng, 1) / of_hazard : NEVER;
    return months < NEVER ? (int)months : NEVER;
}

/* The first month from `from` on in which z x hazard x multiplier uses up the budget; what is left
 * of it at `until` where it does not come before. */
static int leaves_in(int from, int until, double times, double *budget)
{
    double target = hazard[from] + *budget / times;
    if (hazard[until] < target) {
        *budget -= times * (hazard[until] - hazard[from]);
        return NEVER;
    }
    int low = from, high = until - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (hazard[middle + 1] >= target)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int smallest(int a, int b)
{
    return a < b ? a : b;
}

static void full_by_events(void)
{
    double z = gsl_ran_gamma(rng, frailty_shape, 1 / frailty_shape), ltv = 0;
    bool reached = gsl_rng_uniform(rng) < 0.5, held[ADD_ONS] = {false, false};
    int plan = starting_plan(), fails = months_until(failing), from = 0;
    int falls = months_until(down[plan]), rises = months_until(up[plan]);
    int attaches[ADD_ONS] = {months_until(attach[0]), months_until(attach[1])};
    double budget = gsl_ran_exponential(rng, 1);
    for (bool stays = true; stays;) {
        /* Equal bills from here to the next month in which something changes. */
        bool runs = reached && from >= PROGRAMME_AT && from < PROGRAMME_AT + PROGRAMME_FOR;
        int until = !reached || from >= PROGRAMME_AT + PROGRAMME_FOR ? MONTHS_W3
                    : runs                                           ? PROGRAMME_AT + PROGRAMME_FOR
                                                                     : PROGRAMME_AT;
        int event = smallest(smallest(falls, rises), smallest(attaches[0], attaches[1]));
        until = smallest(until, event + 1);
        until = until < MONTHS_W3 ? until : MONTHS_W3;
        double times = z * churn_of[plan] * (runs ? programme_churn : 1);
        int leaves = smallest(leaves_in(from, until, times, &budget), fails);
        stays = leaves >= until;
        if (!stays)
            until = leaves + 1;
        double revenue = price_of(plan, held);
        ltv += revenue * gross_margin * (value[until] - value[from]);
        t.revenue[plan][from] += revenue; /* changes: the curve follows */
        t.revenue[plan][until < MONTHS ? until : MONTHS - 1] -= revenue;
        stays &= until < MONTHS_W3;
        from = until;
        if (!stays)
            break;
        if (reached && from == PROGRAMME_AT)
            ltv -= programme_cost * discount[from];
        if (until == event + 1 && (falls == event || rises == event)) {
            plan += falls == event ? -1 : 1;
            falls = from + months_until(down[plan]);
            rises = from + months_until(up[plan]);
        }
        for (int a = 0; a < ADD_ONS; a++)
            if (attaches[a] == until - 1) {
                held[a] = true;
                attaches[a] = NEVER;
            }
    }
    t.paying[from]++; /* how many leave there */
    add(ltv, 2500 * gross_margin * value[MONTHS_W3]);
}

static void by_months_w1(void)
{
    simple_by_months(false);
}
static void by_months_w2(void)
{
    simple_by_months(true);
}
static void by_events_w1(void)
{
    simple_by_events(false);
}
static void by_events_w2(void)
{
    simple_by_events(true);
}

int main(int argc, char **argv)
{
    static void (*const lives[3][2])(void) = {{by_months_w1, by_events_w1},
                                              {by_months_w2, by_events_w2},
                                              {full_by_months, full_by_events}};
    if (argc != 5) {
        fprintf(stderr, "usage: gsl_peers w1|w2|w3 months|events CUSTOMERS SEED\n");
        return 2;
    }
    void (*live)(void) = lives[argv[1][1] - '1'][strcmp(argv[2], "events") == 0];
    unsigned long n = strtoul(argv[3], NULL, 10);
    rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, strtoul(argv[4], NULL, 10));
    make_tables();
    clock_t started = clock();
    for (unsigned long i = 0; i < n; i++)
        live();
    double seconds = (double)(clock() - started) / CLOCKS_PER_SEC;
    double mean = t.sum / (double)n;
    double variance = (t.squares - (double)n * mean * mean) / ((double)n - 1);
    printf("%.17g %.17g %.17g\n", mean, sqrt(variance / (double)n), 1e9 * seconds / (double)n);
    gsl_rng_free(rng);
    return 0;
}
