/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/program.h"

#include "sim/address.h"

#include <math.h>
#include <stdlib.h>

double ltv_discount_at_bill(const ltv_scenario *scenario, uint32_t bill)
{
    static const double paid_after_start[] = {
        [LTV_PAY_ADVANCE] = 0, [LTV_PAY_MID] = 0.5, [LTV_PAY_ARREARS] = 1};
    double periods = bill + paid_after_start[scenario->payment];
    return pow(ltv_scenario_discount_per_period(scenario), periods);
}

void ltv_voluntary_hazard(const ltv_scenario *scenario, const ltv_retention *retention, size_t n,
                          double *cumulative)
{
    bool plain = !retention->has_season && retention->n_spikes == 0;
    double before = 0;
    for (size_t u = 0; u < n; u++) {
        double base = ltv_curve_cumulative_hazard(&retention->curve, (uint32_t)u);
        if (plain || u == 0) {
            cumulative[u] = base;
        } else {
            double times = ltv_scenario_churn_multiplier(scenario, retention, (uint32_t)u - 1);
            double added = isinf(base) ? INFINITY : base - before;
            cumulative[u] = cumulative[u - 1] + (times > 0 ? times * added : 0);
        }
        before = base;
    }
}

/* A hazard of 0 stays 0 at any ratio, one without end stays without end at any but 0. */
static double times_hazard(double times, double hazard)
{
    return times > 0 ? times * hazard : 0;
}

static void compile_voluntary(ltv_clock_program *clock, const ltv_scenario *scenario,
                              const ltv_retention *retention)
{
    size_t n = (size_t)scenario->horizon + 1;
    double *hazard = clock->voluntary;
    ltv_voluntary_hazard(scenario, retention, n, hazard);
    for (size_t u = 0; u < n; u++)
        hazard[u] = times_hazard(clock->times.on[LTV_LEVER_CHURN], hazard[u]);
    for (size_t u = 0; u < n && !clock->draws_z; u++)
        hazard[u] = ltv_frailty_marginal_hazard(&clock->frailty, hazard[u]);
    /* A search needs an order that the last bit of a special function may break; the running
     * maximum is first reached where the values are. */
    for (size_t u = 1; u < n; u++)
        hazard[u] = fmax(hazard[u], hazard[u - 1]);
    hazard[n] = INFINITY;
}

static void compile_involuntary(ltv_clock_program *clock, uint32_t horizon, double churn)
{
    for (uint32_t u = 0; u <= horizon; u++)
        clock->involuntary[u] =
            times_hazard(clock->times.on[LTV_LEVER_INVOLUNTARY], -(double)u * log1p(-churn));
    clock->involuntary[horizon + 1] = INFINITY;
}

static ltv_status compile_clock(ltv_clock_program *clock, const ltv_scenario *scenario,
                                const ltv_arm *arm, size_t segment, ltv_multipliers times,
                                ltv_error *err)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    size_t n = (size_t)scenario->horizon + 2;
    *clock = (ltv_clock_program){
        .times = times,
        .frailty = ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured),
        .cured_threshold = ltv_word_threshold(retention->cured),
        .voluntary = calloc(n, sizeof *clock->voluntary),
        .involuntary = calloc(n, sizeof *clock->involuntary)};
    clock->draws_z = ltv_frailty_has_explicit(&clock->frailty);
    if (clock->voluntary == NULL || clock->involuntary == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the hazards of %u periods",
                        scenario->horizon);
    compile_voluntary(clock, scenario, retention);
    compile_involuntary(clock, scenario->horizon, arm->involuntary_churn);
    return LTV_OK;
}

/* Clocks for every channel and segment; channels with the same ratios share them. */
static ltv_status compile_clocks(ltv_program *program, const ltv_scenario *scenario,
                                 const ltv_arm *arm, ltv_error *err)
{
    for (size_t c = 0; c < arm->n_channels; c++) {
        size_t like = ltv_arm_like_channel(arm, c);
        for (size_t s = 0; s < arm->n_segments; s++) {
            uint32_t *clock = &program->clock_of[c * arm->n_segments + s];
            *clock = program->clock_of[like * arm->n_segments + s];
            if (like < c)
                continue;
            *clock = (uint32_t)program->n_clocks;
            ltv_status status = compile_clock(&program->clocks[program->n_clocks++], scenario, arm,
                                              s, ltv_arm_multipliers(arm, c, s), err);
            if (status != LTV_OK)
                return status;
        }
    }
    return LTV_OK;
}

/* sums[T] = value of `amount` (quanta) paid with each of the first T bills, rounded bill by bill.
 */
static ltv_status compile_prefix_sums(ltv_money **sums, const ltv_scenario *scenario, double amount,
                                      const char *what, ltv_error *err)
{
    *sums = calloc((size_t)scenario->horizon + 1, sizeof **sums);
    if (*sums == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the value of %u bills",
                        scenario->horizon);
    for (uint32_t u = 0; u < scenario->horizon; u++) {
        ltv_money bill;
        if (!ltv_money_round(amount * ltv_discount_at_bill(scenario, u), &bill) ||
            (*sums)[u] + bill >= LTV_MONEY_LIMIT)
            return ltv_fail(err, LTV_ERR_OVERFLOW,
                            "the %s of %u bills is too large to be held exactly: state amounts "
                            "in thousands or shorten the horizon",
                            what, u + 1);
        (*sums)[u + 1] = (*sums)[u] + bill;
    }
    return LTV_OK;
}

static ltv_status compile_segment(ltv_segment_program *program, const ltv_scenario *scenario,
                                  const ltv_arm *arm, size_t index, ltv_error *err)
{
    const ltv_segment *segment = &arm->segments[index];
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    program->revenue_per_bill = arm->price * segment->times.on[LTV_LEVER_PRICE] * quanta;
    program->service_per_bill = (arm->service_cost + segment->service_cost) * quanta;
    ltv_status status =
        compile_prefix_sums(&program->discounted_margin, scenario,
                            program->revenue_per_bill * arm->gross_margin, "contribution", err);
    if (status == LTV_OK)
        status = compile_prefix_sums(&program->discounted_service, scenario,
                                     program->service_per_bill, "service cost", err);
    return status;
}

static ltv_status compile_channels(ltv_program *program, const ltv_scenario *scenario,
                                   const ltv_arm *arm, ltv_error *err)
{
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals), share = 0;
    for (size_t c = 0; c < arm->n_channels; c++) {
        share += arm->channels[c].share;
        program->channel_threshold[c] = ltv_word_threshold(share);
        if (!ltv_money_round(arm->channels[c].cac * quanta, &program->cac[c]) ||
            program->cac[c] >= LTV_MONEY_LIMIT / 4)
            return ltv_fail(err, LTV_ERR_OVERFLOW,
                            "the CAC of channel '%s' is too large to be held exactly",
                            arm->channels[c].name);
    }
    share = 0;
    for (size_t s = 0; s < arm->n_segments; s++) {
        share += arm->segments[s].share;
        program->segment_threshold[s] = ltv_word_threshold(share);
    }
    /* Whatever the last bits of the sums, the last entry takes the rest. */
    program->channel_threshold[arm->n_channels - 1] = UINT64_MAX;
    program->segment_threshold[arm->n_segments - 1] = UINT64_MAX;
    return LTV_OK;
}

ltv_status ltv_program_init(ltv_program *program, const ltv_scenario *scenario, const ltv_arm *arm,
                            ltv_error *err)
{
    *program = (ltv_program){.horizon = scenario->horizon,
                             .involuntary = arm->involuntary_churn > 0,
                             .spend = arm->spend,
                             .spends_differ = arm->spend.kind != LTV_SPREAD_NONE,
                             .spend_follows_churn = arm->spend_churn_correlation != 0,
                             .spend_pearson = ltv_copula_pearson(arm->spend_churn_correlation),
                             .gross_margin = arm->gross_margin,
                             .n_segments = arm->n_segments,
                             .n_channels = arm->n_channels};
    program->segments = calloc(arm->n_segments, sizeof *program->segments);
    program->clocks = calloc(arm->n_channels * arm->n_segments, sizeof *program->clocks);
    program->clock_of = calloc(arm->n_channels * arm->n_segments, sizeof *program->clock_of);
    program->segment_threshold = calloc(arm->n_segments, sizeof *program->segment_threshold);
    program->channel_threshold = calloc(arm->n_channels, sizeof *program->channel_threshold);
    program->cac = calloc(arm->n_channels, sizeof *program->cac);
    if (program->segments == NULL || program->clocks == NULL || program->clock_of == NULL ||
        program->segment_threshold == NULL || program->channel_threshold == NULL ||
        program->cac == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the program of arm '%s'", arm->name);
    ltv_status status = compile_channels(program, scenario, arm, err);
    if (status == LTV_OK)
        status = compile_clocks(program, scenario, arm, err);
    for (size_t s = 0; status == LTV_OK && s < arm->n_segments; s++)
        status = compile_segment(&program->segments[s], scenario, arm, s, err);
    return status;
}

bool ltv_program_has_cac(const ltv_program *program)
{
    for (size_t c = 0; c < program->n_channels; c++)
        if (program->cac[c] != 0)
            return true;
    return false;
}

void ltv_program_free(ltv_program *program)
{
    for (size_t s = 0; program->segments != NULL && s < program->n_segments; s++) {
        free(program->segments[s].discounted_margin);
        free(program->segments[s].discounted_service);
    }
    free(program->segments);
    for (size_t k = 0; k < program->n_clocks; k++) {
        free(program->clocks[k].voluntary);
        free(program->clocks[k].involuntary);
    }
    free(program->clocks);
    free(program->clock_of);
    free(program->segment_threshold);
    free(program->channel_threshold);
    free(program->cac);
    *program = (ltv_program){0};
}
