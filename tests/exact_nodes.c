/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_nodes.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "models/spread.h"
#include "must.h"

/* The trapezoidal rule over a normal score: for integrands as smooth as survival in the score of z
 * its error falls like e^(-1/step). */
enum { SCORES = 49, SPEND_SCORES = 601 };
static const double score_step = 0.25, last_score = 6, last_spend_score = 9;

static double density(double score)
{
    return exp(-score * score / 2) / sqrt(2 * M_PI);
}

static bool has_beta(const ltv_retention *retention)
{
    return ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty;
}

static bool is_constant(const ltv_retention *retention)
{
    return !has_beta(retention) && retention->heterogeneity.kind == LTV_SPREAD_NONE;
}

static bool is_product(const ltv_retention *retention)
{
    return has_beta(retention) && retention->heterogeneity.kind != LTV_SPREAD_NONE;
}

/* -ln(1 - p), p ~ Beta, at a rank given by its normal score. */
static double beta_z(const ltv_retention *retention, double score)
{
    const double *shape = retention->curve.parameter;
    if (score < 0)
        return -log1p(-gsl_cdf_beta_Pinv(gsl_cdf_ugaussian_P(score), shape[0], shape[1]));
    return -log(gsl_cdf_beta_Pinv(gsl_cdf_ugaussian_Q(score), shape[1], shape[0]));
}

static double spread_z(const ltv_retention *retention, double score)
{
    return ltv_spread_quantile(retention->heterogeneity, ltv_uniform_of_score(score));
}

static double z_of(const ltv_retention *retention, double score)
{
    return has_beta(retention) ? beta_z(retention, score) : spread_z(retention, score);
}

/* Customers within ranks of spend, given the score of their z. */
typedef struct {
    double share, level, square; /* how many lie within, their mean level, and of its square */
} spend_class;

/* By Simpson's rule over the score of spend, between the limits' scores. */
static spend_class class_given(const ltv_arm *arm, double pearson, double score, double from,
                               double until)
{
    double mean = pearson * score, sd = sqrt(1 - pearson * pearson);
    double high = from <= 0 ? INFINITY : gsl_cdf_ugaussian_Qinv(from);
    double low = until >= 1 ? -INFINITY : gsl_cdf_ugaussian_Qinv(until);
    spend_class class = {.level = 1, .square = 1};
    class.share = gsl_cdf_ugaussian_P((high - mean) / sd) - gsl_cdf_ugaussian_P((low - mean) / sd);
    if (arm->spend.kind == LTV_SPREAD_NONE || class.share <= 0)
        return class;
    double a = fmax(low, -last_spend_score), b = fmin(high, last_spend_score), sum = 0, squares = 0,
           share = 0;
    double step = (b - a) / (SPEND_SCORES - 1);
    for (int i = 0; i < SPEND_SCORES; i++) {
        double s = a + i * step;
        int simpson = i == 0 || i == SPEND_SCORES - 1 ? 1 : 2 + 2 * (i % 2);
        double weight = density((s - mean) / sd) * simpson;
        double level = ltv_spread_quantile(arm->spend, ltv_uniform_of_score(s));
        share += weight;
        sum += weight * level;
        squares += weight * level * level;
    }
    if (share > 0) {
        class.level = sum / share;
        class.square = squares / share;
    }
    return class;
}

/* `share` of the customers, of those in the class. */
static void add_node(exact_nodes *nodes, double share, spend_class class)
{
    nodes->weight[nodes->n] = share * class.share;
    nodes->level[nodes->n] = class.level;
    nodes->square[nodes->n] = class.square;
    nodes->n++;
}

static double *z_at(exact_nodes *nodes, size_t segment, size_t room)
{
    return nodes->z + segment * room + nodes->n;
}

/* One score for z, whose rank is the same in every segment. */
static void add_scores(exact_nodes *nodes, const ltv_arm *arm, double uncured, double from,
                       double until, size_t room)
{
    double pearson = 2 * sin(M_PI / 6 * arm->spend_churn_correlation);
    for (int i = 0; i < SCORES; i++) {
        double score = i * score_step - last_score;
        spend_class class = class_given(arm, pearson, score, from, until);
        for (size_t s = 0; s < arm->n_segments; s++)
            *z_at(nodes, s, room) = is_product(ltv_arm_retention(arm, s))
                                        ? NAN
                                        : z_of(ltv_arm_retention(arm, s), score);
        add_node(nodes, uncured * density(score) * score_step, class);
    }
}

/* Two scores: of the Beta part and of the further spread. */
static void add_products(exact_nodes *nodes, const ltv_retention *retention, size_t segment,
                         double uncured, spend_class class, size_t room)
{
    for (int i = 0; i < SCORES; i++)
        for (int j = 0; j < SCORES; j++) {
            double x = i * score_step - last_score, y = j * score_step - last_score;
            double weight = density(x) * density(y) * score_step * score_step;
            if (weight < 1e-10)
                continue;
            *z_at(nodes, segment, room) = beta_z(retention, x) * spread_z(retention, y);
            add_node(nodes, uncured * weight, class);
        }
}

static bool needs_scores(const ltv_arm *arm, size_t segment, bool moves)
{
    if (!is_constant(ltv_arm_retention(arm, segment)))
        return true;
    for (size_t s = 0; moves && s < arm->n_segments; s++)
        if (!is_constant(ltv_arm_retention(arm, s)))
            return true;
    return false;
}

/* z stands by segment; brings the segments' parts together to what was filled. */
static void close_gaps(exact_nodes *nodes, size_t room)
{
    for (size_t s = 1; s < nodes->n_segments; s++)
        for (size_t j = 0; j < nodes->n; j++)
            nodes->z[s * nodes->n + j] = nodes->z[s * room + j];
}

void exact_nodes_init(exact_nodes *nodes, const ltv_arm *arm, size_t segment, bool moves,
                      double from, double until)
{
    size_t room = SCORES * SCORES + 1;
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    *nodes = (exact_nodes){.n_segments = arm->n_segments,
                           .weight = must(calloc(room, sizeof *nodes->weight)),
                           .level = must(calloc(room, sizeof *nodes->level)),
                           .square = must(calloc(room, sizeof *nodes->square)),
                           .z = must(calloc(room * arm->n_segments, sizeof *nodes->z))};
    /* Of the cured their score says nothing: they are like all. */
    spend_class any = class_given(arm, 0, 0, from, until);
    if (retention->cured > 0)
        add_node(nodes, retention->cured, any);
    if (is_product(retention)) {
        add_products(nodes, retention, segment, 1 - retention->cured, any, room);
    } else if (needs_scores(arm, segment, moves)) {
        add_scores(nodes, arm, 1 - retention->cured, from, until, room);
    } else {
        for (size_t s = 0; s < arm->n_segments; s++)
            *z_at(nodes, s, room) = 1;
        add_node(nodes, 1 - retention->cured, any);
    }
    close_gaps(nodes, room);
}

void exact_nodes_free(exact_nodes *nodes)
{
    free(nodes->weight);
    free(nodes->level);
    free(nodes->square);
    free(nodes->z);
    *nodes = (exact_nodes){0};
}
