/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/who_gains.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the table --- */

/* The errors are those of customers that share draws, as much as all customers do. */
static void fill_gain(ltv_gain *gain, const ltv_moments cell[LTV_DELTAS], double quanta,
                      bool of_programmes, const ltv_value_estimate *all)
{
    ltv_mean delta = ltv_moments_estimate(&cell[LTV_DELTA_LTV]);
    ltv_mean cost = ltv_moments_estimate(&cell[LTV_DELTA_COST]);
    gain->n = cell[LTV_DELTA_LTV].n;
    double inflation = sqrt(ltv_value_design_effect(all, (double)gain->n));
    gain->delta_ltv = delta.mean / quanta;
    gain->delta_ltv_standard_error = inflation * delta.standard_error / quanta;
    gain->programme_cost = cost.mean / quanta;
    gain->roi = gain->roi_standard_error = NAN;
    if (of_programmes && cost.mean > 0) {
        gain->roi = delta.mean / cost.mean;
        gain->roi_standard_error =
            inflation * ltv_ratio_error(gain->roi, cost.mean, &cell[LTV_DELTA_LTV],
                                        &cell[LTV_DELTA_COST], &cell[LTV_DELTA_BOTH]);
    }
}

/* What the table is sorted by first. */
static double rank_of(const ltv_gain *gain, bool of_programmes)
{
    if (!of_programmes || !isnan(gain->roi))
        return of_programmes ? gain->roi : gain->delta_ltv;
    return gain->delta_ltv > 0 ? INFINITY : gain->delta_ltv < 0 ? -INFINITY : 0;
}

/* True when a is to stand before b; cells without customers come last. */
static bool is_better(const ltv_gain *a, const ltv_gain *b, bool of_programmes)
{
    if (a->n == 0 || b->n == 0)
        return a->n > 0 && b->n == 0;
    double rank_a = rank_of(a, of_programmes), rank_b = rank_of(b, of_programmes);
    return rank_a != rank_b ? rank_a > rank_b : a->delta_ltv > b->delta_ltv;
}

/* By insertion: there are few cells, and equal ones keep their order. */
static void insert(ltv_gain *gains, size_t n, const ltv_gain *gain, bool of_programmes)
{
    size_t at = n;
    for (; at > 0 && is_better(gain, &gains[at - 1], of_programmes); at--)
        gains[at] = gains[at - 1];
    gains[at] = *gain;
}

/* --- the advice --- */

enum { MOST_NAMED = 4 };

__attribute__((format(printf, 3, 4))) static void say(char *text, size_t size, const char *format,
                                                      ...)
{
    size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}

/* 1 or -1 where a cell gains or loses beyond two standard errors, else 0. */
static int sign_of(const ltv_gain *gain)
{
    double noise = 2 * gain->delta_ltv_standard_error;
    return gain->delta_ltv > noise ? 1 : gain->delta_ltv < -noise ? -1 : 0;
}

/* How many cells the contrast reaches, that is costs something in or changes, and how many of those
 * gain and lose. A cell that nothing is done in has no say. */
typedef struct {
    size_t reached, gain, lose;
} tally_of_cells;

static tally_of_cells count_cells(const ltv_contrast_estimate *estimate)
{
    tally_of_cells count = {0};
    for (size_t i = 0; i < estimate->n_gains; i++) {
        const ltv_gain *gain = &estimate->who_gains[i];
        int sign = sign_of(gain);
        count.reached += gain->programme_cost > 0 || sign != 0;
        count.gain += sign > 0;
        count.lose += sign < 0;
    }
    return count;
}

static void name_of(char *name, size_t size, const ltv_gain *gain, const ltv_arm *arm)
{
    bool both = arm->declared_segments && arm->declared_channels;
    snprintf(name, size, "%s%s%s", arm->declared_segments ? gain->segment : "", both ? " × " : "",
             arm->declared_channels ? gain->channel : "");
}

/* "a, b and 3 others": the n cells of this sign, the best or the worst first, as many
 * as fit. */
static void say_cells(ltv_contrast_estimate *estimate, const ltv_arm *arm, int sign, size_t n,
                      size_t room)
{
    size_t named = 0;
    char *text = estimate->advice, name[2 * LTV_NAME_SIZE + 8];
    enum { SIZE = sizeof estimate->advice };
    for (size_t i = 0; i < estimate->n_gains && named < MOST_NAMED; i++) {
        const ltv_gain *gain = &estimate->who_gains[sign > 0 ? i : estimate->n_gains - 1 - i];
        if (sign_of(gain) != sign)
            continue;
        name_of(name, sizeof name, gain, arm);
        if (named > 0 && strlen(text) + strlen(name) > room)
            break;
        say(text, SIZE, "%s%s", named == 0 ? "" : ", ", name);
        named++;
    }
    if (named < n)
        say(text, SIZE, " and %zu other%s", n - named, n - named == 1 ? "" : "s");
}

static void advise_all_gain(ltv_contrast_estimate *estimate, const ltv_arm *arm, size_t reached,
                            double net_gain)
{
    char name[2 * LTV_NAME_SIZE + 8], *text = estimate->advice;
    enum { SIZE = sizeof estimate->advice };
    size_t best = 0;
    while (sign_of(&estimate->who_gains[best]) <= 0)
        best++;
    name_of(name, sizeof name, &estimate->who_gains[best], arm);
    if (net_gain <= 0)
        say(text, SIZE, "Every group that it reaches gains, but not enough for the fixed costs.");
    else if (reached > 1)
        say(text, SIZE, "It gains in every group that it reaches, most of all %s.", name);
}

static void advise(ltv_contrast_estimate *estimate, const ltv_arm *arm, bool of_programmes,
                   double net_gain)
{
    tally_of_cells count = count_cells(estimate);
    char *text = estimate->advice;
    enum { SIZE = sizeof estimate->advice };
    if (count.gain > 0 && count.gain == count.reached) {
        advise_all_gain(estimate, arm, count.reached, net_gain);
        return;
    }
    if (count.lose > 0 && count.lose == count.reached) {
        say(text, SIZE, "It loses with every group that it reaches.");
        return;
    }
    if (count.gain > 0) {
        say(text, SIZE, of_programmes ? "Aim it at " : "It gains with ");
        say_cells(estimate, arm, 1, count.gain, SIZE / 2);
    } else {
        say(text, SIZE, "No group gains beyond the simulation's noise");
    }
    if (count.lose > 0) {
        say(text, SIZE, "; it loses with ");
        say_cells(estimate, arm, -1, count.lose, SIZE - 40);
    }
    say(text, SIZE, ".");
}

ltv_status ltv_who_gains_fill(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                              const ltv_contrast_tally *tally, bool of_programmes, double net_gain,
                              ltv_error *err)
{
    const ltv_arm *arm = &scenario->arms[tally->arm];
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    estimate->who_gains = calloc(tally->n_cells, sizeof *estimate->who_gains);
    if (estimate->who_gains == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for who gains");
    for (size_t c = 0; c < arm->n_channels; c++)
        for (size_t s = 0; s < arm->n_segments; s++) {
            ltv_gain gain = {.share = arm->channels[c].share * ltv_arm_segment_share(arm, c, s)};
            snprintf(gain.segment, sizeof gain.segment, "%s", arm->segments[s].name);
            snprintf(gain.channel, sizeof gain.channel, "%s", arm->channels[c].name);
            fill_gain(&gain, tally->cells[c * arm->n_segments + s], quanta, of_programmes,
                      &estimate->delta_ltv);
            insert(estimate->who_gains, estimate->n_gains++, &gain, of_programmes);
        }
    if (arm->declared_segments || arm->declared_channels)
        advise(estimate, arm, of_programmes, net_gain);
    return LTV_OK;
}
