/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/who_gains.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the table --- */

static void fill_gain(ltv_gain *gain, const ltv_moments cell[LTV_DELTAS], double quanta,
                      bool of_programmes)
{
    ltv_mean delta = ltv_moments_estimate(&cell[LTV_DELTA_LTV]);
    ltv_mean cost = ltv_moments_estimate(&cell[LTV_DELTA_COST]);
    gain->n = cell[LTV_DELTA_LTV].n;
    gain->delta_ltv = delta.mean / quanta;
    gain->delta_ltv_standard_error = delta.standard_error / quanta;
    gain->programme_cost = cost.mean / quanta;
    gain->roi = gain->roi_standard_error = NAN;
    if (of_programmes && cost.mean > 0) {
        gain->roi = delta.mean / cost.mean;
        gain->roi_standard_error = ltv_ratio_error(gain->roi, cost.mean, &cell[LTV_DELTA_LTV],
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

enum { MOST_NAMED = 3 };

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

static size_t count_of(const ltv_contrast_estimate *estimate, int sign)
{
    size_t n = 0;
    for (size_t i = 0; i < estimate->n_gains; i++)
        n += sign_of(&estimate->who_gains[i]) == sign;
    return n;
}

static void name_of(char *name, size_t size, const ltv_gain *gain, const ltv_arm *arm)
{
    bool both = arm->declared_segments && arm->declared_channels;
    snprintf(name, size, "%s%s%s", arm->declared_segments ? gain->segment : "", both ? " × " : "",
             arm->declared_channels ? gain->channel : "");
}

/* "a, b and 3 more": cells of this sign, the best or the worst first, as far as they fit. */
static void say_cells(ltv_contrast_estimate *estimate, const ltv_arm *arm, int sign, size_t room)
{
    size_t n = count_of(estimate, sign), named = 0;
    char *text = estimate->advice, name[2 * LTV_NAME_SIZE + 8];
    enum { SIZE = sizeof estimate->advice };
    for (size_t i = 0; i < estimate->n_gains && named < MOST_NAMED; i++) {
        const ltv_gain *gain = &estimate->who_gains[sign > 0 ? i : estimate->n_gains - 1 - i];
        if (sign_of(gain) != sign)
            continue;
        name_of(name, sizeof name, gain, arm);
        if (named > 0 && strlen(text) + strlen(name) > room)
            break;
        const char *separator = named == 0 ? "" : named + 1 == n ? " and " : ", ";
        say(text, SIZE, "%s%s", separator, name);
        named++;
    }
    if (named < n)
        say(text, SIZE, " and %zu more", n - named);
}

static void advise(ltv_contrast_estimate *estimate, const ltv_arm *arm, bool of_programmes)
{
    size_t gains = count_of(estimate, 1), losses = count_of(estimate, -1);
    char *text = estimate->advice;
    enum { SIZE = sizeof estimate->advice };
    if (gains == 0 && losses == 0) {
        say(text, SIZE, "No cell gains or loses beyond the simulation's noise.");
        return;
    }
    if (gains == estimate->n_gains) {
        say(text, SIZE, "Every cell gains, most of all ");
        say_cells(estimate, arm, 1, SIZE / 2);
    } else if (gains > 0) {
        say(text, SIZE, of_programmes ? "Aim it at " : "It gains on ");
        say_cells(estimate, arm, 1, SIZE / 2);
    } else {
        say(text, SIZE, "No cell gains beyond the simulation's noise");
    }
    if (losses > 0) {
        say(text, SIZE, "; it loses on ");
        say_cells(estimate, arm, -1, SIZE - 40);
    }
    say(text, SIZE, ".");
}

ltv_status ltv_who_gains_fill(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                              const ltv_contrast_tally *tally, bool of_programmes, ltv_error *err)
{
    const ltv_arm *arm = &scenario->arms[tally->arm];
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    if (!arm->declared_segments && !arm->declared_channels)
        return LTV_OK;
    estimate->who_gains = calloc(tally->n_cells, sizeof *estimate->who_gains);
    if (estimate->who_gains == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for who gains");
    for (size_t c = 0; c < arm->n_channels; c++)
        for (size_t s = 0; s < arm->n_segments; s++) {
            ltv_gain gain = {.share = arm->channels[c].share * ltv_arm_segment_share(arm, c, s)};
            snprintf(gain.segment, sizeof gain.segment, "%s", arm->segments[s].name);
            snprintf(gain.channel, sizeof gain.channel, "%s", arm->channels[c].name);
            fill_gain(&gain, tally->cells[c * arm->n_segments + s], quanta, of_programmes);
            insert(estimate->who_gains, estimate->n_gains++, &gain, of_programmes);
        }
    advise(estimate, arm, of_programmes);
    return LTV_OK;
}
