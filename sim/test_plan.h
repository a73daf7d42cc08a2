/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_TEST_PLAN_H
#define LTV_SIM_TEST_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/decision_draws.h"
#include "sim/moments.h"

/* Test first? A holdout test gives n customers the programme and withholds it from n others, and
 * measures the difference of their values with variance v = (variance with + variance without)/n.
 * What we believe now about theta, the programme's true net gain per joined customer, is the
 * distribution over draws. EVSI, the expected value of sample information, is what the decision
 * after the test is expected to bring more than the one now, per customer it is made for:
 * E[max(0, E[theta | result])] - max(0, E[theta]). EVSI <= EVPI, and it rises with n. Raiffa &
 * Schlaifer (1961); Claxton, J. Health Economics 18 (1999). */

/* E[max(0, X)] - max(0, mean) for normal X: EVPI of a normal theta. 0 for sd <= 0. */
double ltv_normal_opportunity_loss(double mean, double sd);

/* EVSI of a normal theta: the loss above, at the standard deviation of the mean after the test,
 * sd^2 / sqrt(sd^2 + test_variance). */
double ltv_evsi_normal(double mean, double sd, double test_variance);

/* EVSI with the n values theta as the prior, equally likely, for a normal test result with this
 * variance (>= 0, INFINITY: no test). By Bayes' rule exactly, without any simulation: the posterior
 * mean rises with the result x, so it is 0 at one x0, and
 * E[max(0, E[theta | x])] = mean of theta_d P(x > x0 | theta_d).
 * NaN for no values or where one is NaN. */
double ltv_evsi(const double *theta, size_t n, double test_variance);

/* EVSI between two arms, theta being the second less the first without simulation noise, and its
 * error by leaving out groups of draws or scrambles. Fails like ltv_decision_differences, and with
 * BAD_INPUT for another number of arms. */
LTV_MUST_USE ltv_status ltv_evsi_of_draws(ltv_mean *evsi, const ltv_decision_draws *draws,
                                          double test_variance, ltv_error *err);

/* What a test is about. Periods are those of the scenario. */
typedef struct {
    double customers_to_come;    /* N > 0: who will join while the decision holds, from now on */
    double customers_per_period; /* > 0: how fast; so the decision holds N / this many periods */
    double share_in_test;        /* (0, 1]: of those who join during the test, how many take part */
    double delay;    /* >= 0: periods from the last of the test's customers to the decision */
    double discount; /* (0, 1]: worth of money one period on */
    double cost_per_test_customer; /* >= 0, besides the programme itself */
    double fixed_cost;             /* >= 0, of the test */
    double variance[2]; /* from customer to customer, of the value without and with the programme */
} ltv_test_terms;

/* A test of one size. With b(s, t) the number of customers who join between periods s and t, each
 * weighted by discount^(when he joins), and the test's customers all there at r = 2n / (rate x
 * share):
 *
 *   net = b(r + delay, end) EVSI(n) - b(0, r) share [cost per customer + |E theta| / 2] - fixed
 *
 * Half of the test's customers get what seems worse now, and lose |E theta| each. All others who
 * join before the decision get what seems best now: the same as without a test. (Willan & Pinto,
 * Statistics in Medicine 24, 2005: expected net gain with accrual and follow-up.) */
typedef struct {
    double per_group; /* n */
    double evsi;      /* per customer */
    double customers; /* b(r + delay, end): for whom the decision is made, discounted */
    double gain;      /* customers x evsi */
    double cost;      /* what the test costs, customers who get the worse arm included */
    double net;       /* gain - cost */
} ltv_test_point;

enum { LTV_TEST_POINTS = 41 };

typedef struct {
    size_t n_points; /* 0 where the decision would come too late even for one customer a group */
    ltv_test_point points[LTV_TEST_POINTS]; /* ascending in geometric steps to the largest test
                                             * whose result comes in time for somebody; whole
                                             * numbers, each once */
    ltv_test_point best;                    /* the best whole size; all 0: do not test */
} ltv_test_plan;

/* theta: [n], the programme's net gain per joined customer over draws, without simulation noise.
 * Fails with BAD_INPUT, naming the term, for terms outside their ranges, and for theta that are
 * none or not finite. */
LTV_MUST_USE ltv_status ltv_test_plan_make(ltv_test_plan *plan, const double *theta, size_t n,
                                           const ltv_test_terms *terms, ltv_error *err);

#endif
