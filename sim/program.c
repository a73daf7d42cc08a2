/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/program.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sim/address.h"
#include "sim/program_parts.h"

void ltv_discount_at_bills(const ltv_scenario *scenario, size_t n, double *discount)
{
    static const double paid_after_start[] = {
        [LTV_PAY_ADVANCE] = 0, [LTV_PAY_MID] = 0.5, [LTV_PAY_ARREARS] = 1};
    double per_period = ltv_scenario_discount_per_period(scenario);
    for (size_t u = 0; u < n; u++)
        discount[u] =
            per_period == 1 ? 1 : pow(per_period, (double)u + paid_after_start[scenario->payment]);
}

void ltv_voluntary_hazard(const ltv_scenario *scenario, const ltv_retention *retention, size_t n,
                          double *cumulative)
{
    bool plain = !retention->has_season && retention->n_spikes == 0;
    ltv_curve_cumulative_hazards(&retention->curve, n, cumulative);
    double before = cumulative[0];
    for (size_t u = 1; u < n && !plain; u++) {
        double base = cumulative[u];
        double times = ltv_scenario_churn_multiplier(scenario, retention, (uint32_t)u - 1);
        double added = isinf(base) ? INFINITY : base - before;
        cumulative[u] = cumulative[u - 1] + (times > 0 ? times * added : 0);
        before = base;
    }
}

void *ltv_program_array(size_t n, size_t size)
{
    return calloc(n + 1, size);
}

ltv_status ltv_program_no_memory(const char *arm, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the program of arm '%s'", arm);
}

/* A hazard of 0 stays 0 at any ratio, one without end stays without end at any but 0. */
static double times_hazard(double times, double hazard)
{
    return times > 0 ? times * hazard : 0;
}

/* --- hazards --- */

static double price_response(const ltv_arm *arm, uint32_t period)
{
    double times = 1;
    for (size_t i = 0; i < arm->n_price_changes; i++) {
        const ltv_price_change *change = &arm->price_changes[i];
        if (period >= change->bill && period - change->bill < change->churn_for)
            times *= change->churn_times;
    }
    return times;
}

/* Where everybody left leaves, the hazard of a period is infinite. A customer who is saved or
 * comes back has a next period, in which he must be able to leave again: so there the hazard is
 * taken as finite, LTV_CERTAIN, which no clock with a multiplier survives. */

/* Voluntary churn of a segment in so many periods, with everything that depends on tenure alone. */
static void compile_base_hazard(double *base, const ltv_scenario *scenario, const ltv_arm *arm,
                                size_t segment, uint32_t periods)
{
    ltv_voluntary_hazard(scenario, ltv_arm_retention(arm, segment), (size_t)periods + 1, base);
    double before = base[0]; /* the entry of the curve before it was replaced */
    bool from_joining = true;
    for (uint32_t u = 0; u < periods; u++) {
        double response = price_response(arm, u), entry = base[u + 1];
        from_joining &= response == 1 && isfinite(entry);
        double added = isinf(entry) ? LTV_CERTAIN : entry - before;
        if (!from_joining)
            base[u + 1] = base[u] + response * added;
        before = entry;
    }
}

static void compile_voluntary(ltv_kind *kind, const ltv_scenario *scenario,
                              const ltv_retention *retention)
{
    uint32_t horizon = scenario->horizon;
    double *hazard = kind->voluntary;
    bool differ = !kind->draws_z && !ltv_frailty_is_constant(&kind->frailty);
    ltv_voluntary_hazard(scenario, retention, (size_t)horizon + 1, hazard);
    for (uint32_t u = 0; u <= horizon; u++) {
        hazard[u] = times_hazard(kind->times.on[LTV_LEVER_CHURN], hazard[u]);
        if (differ)
            hazard[u] = ltv_frailty_marginal_hazard(&kind->frailty, hazard[u]);
    }
    /* A search needs an order that the last bit of a special function may break; the running
     * maximum is first reached where the values are. */
    for (uint32_t u = 1; u <= horizon; u++)
        hazard[u] = hazard[u] > hazard[u - 1] ? hazard[u] : hazard[u - 1];
    hazard[horizon + 1] = INFINITY;
}

/* The first segment that shares its retention with this one. */
static size_t first_like_segment(const ltv_program *program, size_t segment)
{
    size_t like = 0;
    while (program->retention_of[like] != program->retention_of[segment])
        like++;
    return like;
}

/* How many sets of tables there have been, of all threads. */
static atomic_uint_fast64_t tables_compiled;

static ltv_status compile_hazards(ltv_program *program, const ltv_scenario *scenario,
                                  const ltv_arm *arm, ltv_error *err)
{
    size_t n = (size_t)program->horizon + 2;
    program->base_hazard = ltv_program_array(arm->n_segments, sizeof *program->base_hazard);
    program->retention_of = ltv_program_array(arm->n_segments, sizeof *program->retention_of);
    program->involuntary_hazard = ltv_program_array(n, sizeof *program->involuntary_hazard);
    if (program->base_hazard == NULL || program->retention_of == NULL ||
        program->involuntary_hazard == NULL)
        return ltv_program_no_memory(arm->name, err);
    for (size_t s = 0; s < arm->n_segments; s++) {
        program->base_hazard[s] = ltv_program_array(n, sizeof **program->base_hazard);
        if (program->base_hazard[s] == NULL)
            return ltv_program_no_memory(arm->name, err);
        program->retention_of[s] = arm->segments[s].has_retention ? (uint32_t)s + 1 : 0;
        size_t like = first_like_segment(program, s);
        if (like < s)
            memcpy(program->base_hazard[s], program->base_hazard[like], n * sizeof(double));
        else
            compile_base_hazard(program->base_hazard[s], scenario, arm, s, program->horizon);
        program->base_hazard[s][n - 1] = INFINITY;
    }
    double failed = -log1p(-arm->involuntary_churn);
    for (uint32_t u = 0; u <= program->horizon; u++)
        program->involuntary_hazard[u] = u * failed;
    program->involuntary_hazard[n - 1] = INFINITY;
    program->tables_number = atomic_fetch_add(&tables_compiled, 1) + 1;
    return LTV_OK;
}

/* --- kinds of customers --- */

/* For customers who can be counted (sim/kernel/census.h). */
static ltv_status compile_kind_ladders(ltv_kind *kind, const ltv_program *program,
                                       const ltv_arm *arm, ltv_error *err)
{
    uint32_t last = program->horizon + 1;
    if (kind->draws_z || program->spends_differ || program->cacs_differ)
        return LTV_OK;
    bool ok = ltv_ladder_set(&kind->voluntary_ladder, kind->voluntary, last);
    if (ok && program->involuntary)
        ok = ltv_ladder_set(&kind->involuntary_ladder, kind->involuntary, last);
    return ok ? LTV_OK : ltv_program_no_memory(arm->name, err);
}

static ltv_status compile_kind_hazards(ltv_kind *kind, const ltv_program *program,
                                       const ltv_scenario *scenario, const ltv_arm *arm,
                                       ltv_error *err)
{
    size_t n = (size_t)program->horizon + 2;
    kind->voluntary = ltv_program_array(n, sizeof *kind->voluntary);
    kind->involuntary = ltv_program_array(n, sizeof *kind->involuntary);
    if (kind->voluntary == NULL || kind->involuntary == NULL)
        return ltv_program_no_memory(arm->name, err);
    compile_voluntary(kind, scenario, ltv_arm_retention(arm, kind->segment));
    double times = kind->times.on[LTV_LEVER_INVOLUNTARY];
    for (uint32_t u = 0; program->involuntary && u < n; u++)
        kind->involuntary[u] = times_hazard(times, program->involuntary_hazard[u]);
    kind->involuntary[n - 1] = INFINITY;
    return compile_kind_ladders(kind, program, arm, err);
}

/* sums[T] = value of `amount` (quanta) paid with each of the first T bills, at the price index
 * where there is one, rounded bill by bill. */
static ltv_status compile_prefix_sums(ltv_money *sums, const ltv_program *program, double amount,
                                      const double *price_index, const char *what, ltv_error *err)
{
    for (uint32_t u = 0; u < program->horizon; u++) {
        ltv_money bill;
        double index = price_index != NULL ? price_index[u] : 1;
        if (!ltv_money_round(amount * index * program->discount[u], &bill) ||
            sums[u] + bill >= LTV_MONEY_LIMIT)
            return ltv_fail(err, LTV_ERR_OVERFLOW,
                            "the %s of %u bills is too large to be held exactly: state amounts "
                            "in thousands or shorten the horizon",
                            what, u + 1);
        sums[u + 1] = sums[u] + bill;
    }
    return LTV_OK;
}

/* A customer holds one plan and any number of add-ons: together they must fit. */
static ltv_status check_holdings(const ltv_kind *kind, const ltv_program *program, ltv_error *err)
{
    size_t n = (size_t)program->horizon + 1;
    ltv_money dearest = 0;
    __int128 sum = 0;
    for (size_t c = 0; c < program->n_components; c++) {
        ltv_money all = kind->discounted_margin[c * n + program->horizon];
        if (c >= program->n_plans)
            sum += all;
        else if (all > dearest)
            dearest = all;
    }
    return sum + dearest < LTV_MONEY_LIMIT
               ? LTV_OK
               : ltv_fail(err, LTV_ERR_OVERFLOW,
                          "the contribution of a plan with all add-ons is too large to be held "
                          "exactly: state amounts in thousands or shorten the horizon");
}

/* What is paid at a bill, times what its price is multiplied by. */
static double price_factor(const ltv_kind *kind)
{
    return kind->times.on[LTV_LEVER_PRICE] * kind->times.on[LTV_LEVER_SPEND];
}

static double service_of(const ltv_kind *kind, const ltv_arm *arm)
{
    return arm->service_cost + arm->segments[kind->segment].service_cost;
}

/* Values of components, taken from an earlier kind who pays the same where there is one. */
static ltv_status compile_margins(ltv_kind *kind, const ltv_program *program, ltv_error *err)
{
    size_t n = (size_t)program->horizon + 1, n_components = program->n_components;
    double times = price_factor(kind);
    const ltv_kind *like = program->kinds;
    while (like < kind && price_factor(like) != times)
        like++;
    if (like < kind) {
        memcpy(kind->recurring, like->recurring, n_components * sizeof *kind->recurring);
        memcpy(kind->margin, like->margin, n_components * sizeof *kind->margin);
        memcpy(kind->discounted_margin, like->discounted_margin,
               n_components * n * sizeof *kind->discounted_margin);
        return LTV_OK;
    }
    ltv_status status = LTV_OK;
    for (size_t c = 0; status == LTV_OK && c < n_components; c++) {
        const ltv_component *component = &program->components[c];
        double amount = component->price * times * program->quanta_per_unit;
        if (!ltv_money_round(amount, &kind->recurring[c]) ||
            !ltv_money_round(amount * component->margin, &kind->margin[c]))
            return ltv_fail(err, LTV_ERR_OVERFLOW,
                            "a price is too large to be held exactly: state amounts in thousands");
        status = compile_prefix_sums(kind->discounted_margin + c * n, program,
                                     amount * component->margin, program->price_index,
                                     "contribution", err);
    }
    return status;
}

/* Likewise what it costs to serve him. */
static ltv_status compile_service(ltv_kind *kind, const ltv_program *program, const ltv_arm *arm,
                                  ltv_error *err)
{
    const ltv_kind *like = program->kinds;
    while (like < kind && service_of(like, arm) != service_of(kind, arm))
        like++;
    double service = service_of(kind, arm) * program->quanta_per_unit;
    ltv_status status = LTV_OK;
    if (like < kind)
        memcpy(kind->discounted_service, like->discounted_service,
               ((size_t)program->horizon + 1) * sizeof *kind->discounted_service);
    else if (service != 0)
        status = compile_prefix_sums(kind->discounted_service, program, service, NULL,
                                     "service cost", err);
    if (status == LTV_OK)
        kind->service = (ltv_money)round(service); /* as small as its first bill */
    return status;
}

static ltv_status compile_kind_money(ltv_kind *kind, const ltv_program *program, const ltv_arm *arm,
                                     ltv_error *err)
{
    size_t n = (size_t)program->horizon + 1, n_components = program->n_components;
    kind->discounted_margin = ltv_program_array(n_components * n, sizeof *kind->discounted_margin);
    kind->discounted_service = ltv_program_array(n, sizeof *kind->discounted_service);
    kind->recurring = ltv_program_array(n_components, sizeof *kind->recurring);
    kind->margin = ltv_program_array(n_components, sizeof *kind->margin);
    if (kind->discounted_margin == NULL || kind->discounted_service == NULL ||
        kind->recurring == NULL || kind->margin == NULL)
        return ltv_program_no_memory(arm->name, err);
    ltv_status status = compile_margins(kind, program, err);
    if (status == LTV_OK)
        status = compile_service(kind, program, arm, err);
    return status == LTV_OK ? check_holdings(kind, program, err) : status;
}

static ltv_status compile_kind(ltv_kind *kind, const ltv_program *program,
                               const ltv_scenario *scenario, const ltv_arm *arm, size_t channel,
                               size_t segment, ltv_error *err)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    *kind = (ltv_kind){
        .times = ltv_arm_multipliers(arm, channel, segment),
        .segment = segment,
        .frailty = ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured),
        .cured_threshold = ltv_word_threshold(retention->cured)};
    kind->draws_z = ltv_frailty_has_explicit(&kind->frailty);
    ltv_status status = LTV_OK;
    if (program->plain)
        status = compile_kind_hazards(kind, program, scenario, arm, err);
    return status == LTV_OK ? compile_kind_money(kind, program, arm, err) : status;
}

/* Kinds for every channel and segment; channels with the same multipliers share them. */
static ltv_status compile_kinds(ltv_program *program, const ltv_scenario *scenario,
                                const ltv_arm *arm, ltv_error *err)
{
    program->kinds = ltv_program_array(arm->n_channels * arm->n_segments, sizeof *program->kinds);
    program->kind_of =
        ltv_program_array(arm->n_channels * arm->n_segments, sizeof *program->kind_of);
    if (program->kinds == NULL || program->kind_of == NULL)
        return ltv_program_no_memory(arm->name, err);
    for (size_t c = 0; c < arm->n_channels; c++) {
        size_t like = ltv_arm_like_channel(arm, c);
        for (size_t s = 0; s < arm->n_segments; s++) {
            uint32_t *kind = &program->kind_of[c * arm->n_segments + s];
            *kind = program->kind_of[like * arm->n_segments + s];
            if (like < c)
                continue;
            *kind = (uint32_t)program->n_kinds;
            ltv_status status = compile_kind(&program->kinds[program->n_kinds++], program, scenario,
                                             arm, c, s, err);
            if (status != LTV_OK)
                return status;
        }
    }
    return LTV_OK;
}

/* --- how customers join --- */

static ltv_status compile_cac(ltv_program *program, const ltv_arm *arm, size_t channel,
                              ltv_error *err)
{
    const ltv_channel *of = &arm->channels[channel];
    program->cac[channel] = of->cac * program->quanta_per_unit;
    program->same_cac[channel] = (ltv_money)fmin(round(program->cac[channel]), 0x1p61);
    program->cac_spread[channel] = of->cac_spread;
    program->cacs_differ |= of->cac_spread.kind != LTV_SPREAD_NONE;
    if (program->cac[channel] >= (double)(LTV_MONEY_LIMIT / 4))
        return ltv_fail(err, LTV_ERR_OVERFLOW,
                        "the CAC of channel '%s' is too large to be held exactly", of->name);
    return LTV_OK;
}

static ltv_status compile_joining(ltv_program *program, const ltv_arm *arm, ltv_error *err)
{
    size_t n_channels = arm->n_channels, n_segments = arm->n_segments;
    program->channel_threshold = ltv_program_array(n_channels, sizeof *program->channel_threshold);
    program->segment_threshold =
        ltv_program_array(n_channels * n_segments, sizeof *program->segment_threshold);
    program->cac = ltv_program_array(n_channels, sizeof *program->cac);
    program->cac_spread = ltv_program_array(n_channels, sizeof *program->cac_spread);
    program->same_cac = ltv_program_array(n_channels, sizeof *program->same_cac);
    if (program->channel_threshold == NULL || program->segment_threshold == NULL ||
        program->cac == NULL || program->cac_spread == NULL || program->same_cac == NULL)
        return ltv_program_no_memory(arm->name, err);
    double share = 0;
    ltv_status status = LTV_OK;
    for (size_t c = 0; status == LTV_OK && c < n_channels; c++) {
        share += arm->channels[c].share;
        program->channel_threshold[c] = ltv_word_threshold(share);
        uint64_t *threshold = program->segment_threshold + c * n_segments;
        double within = 0;
        for (size_t s = 0; s < n_segments; s++) {
            within += ltv_arm_segment_share(arm, c, s);
            threshold[s] = ltv_word_threshold(within);
        }
        threshold[n_segments - 1] = UINT64_MAX; /* takes the rest, whatever the last bits */
        status = compile_cac(program, arm, c, err);
    }
    program->channel_threshold[n_channels - 1] = UINT64_MAX;
    return status;
}

static void fill_scalars(ltv_program *program, const ltv_scenario *scenario, const ltv_arm *arm)
{
    static const uint32_t months[LTV_CHECKPOINTS] = {12, 36, 60};
    *program =
        (ltv_program){.horizon = scenario->horizon,
                      .plain = ltv_arm_is_plain(arm),
                      .has_plain_ltv = !ltv_arm_is_plain(arm) && arm->orders.rate == 0 &&
                                       arm->n_price_changes == 0,
                      .involuntary = arm->involuntary_churn > 0,
                      .spend = arm->spend,
                      .spends_differ = arm->spend.kind != LTV_SPREAD_NONE,
                      .spend_follows_churn = arm->spend_churn_correlation != 0,
                      .spend_pearson = ltv_copula_pearson(arm->spend_churn_correlation),
                      .gross_margin = arm->gross_margin,
                      .quanta_per_unit = ltv_money_quanta_per_unit(scenario->currency_decimals),
                      .one_year = (uint32_t)ltv_periods_per_year(scenario->time_unit),
                      .n_segments = arm->n_segments,
                      .n_channels = arm->n_channels};
    for (int k = 0; k < LTV_CHECKPOINTS; k++) {
        uint32_t bills = ltv_periods_in_months(scenario->time_unit, months[k]);
        program->checkpoint[k] = bills <= scenario->horizon ? bills : 0;
    }
}

/* What risk signals look ahead at, also beyond the horizon. */
static ltv_status add_signals(ltv_program *program, const ltv_scenario *scenario,
                              const ltv_arm *arm, ltv_error *err)
{
    uint32_t longest_lead = 0;
    for (size_t k = 0; k < arm->n_interventions; k++) {
        const ltv_trigger *when = &arm->interventions[k].when;
        if (when->kind == LTV_WHEN_RISK_SIGNAL && when->periods > longest_lead)
            longest_lead = when->periods;
    }
    if (longest_lead == 0)
        return LTV_OK;
    uint32_t periods = program->horizon + longest_lead;
    program->signal_hazard = ltv_program_array(arm->n_segments, sizeof *program->signal_hazard);
    for (size_t s = 0; program->signal_hazard != NULL && s < arm->n_segments; s++) {
        double *hazard = ltv_program_array((size_t)periods + 1, sizeof *hazard);
        if (hazard == NULL)
            return ltv_program_no_memory(arm->name, err);
        compile_base_hazard(hazard, scenario, arm, s, periods);
        program->signal_hazard[s] = hazard;
    }
    return program->signal_hazard != NULL ? LTV_OK : ltv_program_no_memory(arm->name, err);
}

/* Everything of another arm's program but its programmes. */
static void borrow(ltv_program *program, const ltv_program *like)
{
    *program = *like;
    program->borrows = true;
    ltv_program_forget_interventions(program);
}

ltv_status ltv_program_init_like(ltv_program *program, const ltv_scenario *scenario,
                                 const ltv_arm *arm, const ltv_program *like, ltv_error *err)
{
    if (like->plain != ltv_arm_is_plain(arm)) /* so are other tables needed */
        return ltv_program_init(program, scenario, arm, err);
    borrow(program, like);
    ltv_status status = ltv_program_add_interventions(program, arm, err);
    return status == LTV_OK ? add_signals(program, scenario, arm, err) : status;
}

ltv_status ltv_program_init(ltv_program *program, const ltv_scenario *scenario, const ltv_arm *arm,
                            ltv_error *err)
{
    return ltv_program_init_draw(program, scenario, arm, NULL, err);
}

ltv_status ltv_program_init_draw(ltv_program *program, const ltv_scenario *scenario,
                                 const ltv_arm *arm, const ltv_program *mean, ltv_error *err)
{
    fill_scalars(program, scenario, arm);
    ltv_status status = compile_joining(program, arm, err);
    if (status == LTV_OK)
        status = ltv_program_add_offers(program, scenario, arm, mean, err);
    if (status == LTV_OK)
        status = compile_hazards(program, scenario, arm, err);
    if (status == LTV_OK)
        status = compile_kinds(program, scenario, arm, err);
    if (status == LTV_OK)
        status = ltv_program_add_interventions(program, arm, err);
    if (status == LTV_OK)
        status = add_signals(program, scenario, arm, err);
    return status;
}

bool ltv_program_has_cac(const ltv_program *program)
{
    for (size_t c = 0; c < program->n_channels; c++)
        if (program->cac[c] > 0)
            return true;
    return false;
}

static void free_kinds(ltv_program *program)
{
    for (size_t k = 0; k < program->n_kinds; k++) {
        ltv_kind *kind = &program->kinds[k];
        free(kind->voluntary);
        free(kind->involuntary);
        ltv_ladder_free(&kind->voluntary_ladder);
        ltv_ladder_free(&kind->involuntary_ladder);
        free(kind->discounted_margin);
        free(kind->discounted_service);
        free(kind->recurring);
        free(kind->margin);
    }
    free(program->kinds);
    free(program->kind_of);
}

static void free_own(ltv_program *program)
{
    free_kinds(program);
    ltv_program_free_offers(program);
    for (size_t s = 0; program->base_hazard != NULL && s < program->n_segments; s++)
        free(program->base_hazard[s]);
    free(program->base_hazard);
    free(program->retention_of);
    free(program->involuntary_hazard);
    free(program->segment_threshold);
    free(program->channel_threshold);
    free(program->cac);
    free(program->cac_spread);
    free(program->same_cac);
}

void ltv_program_free(ltv_program *program)
{
    ltv_program_free_interventions(program);
    if (!program->borrows)
        free_own(program);
    *program = (ltv_program){0};
}
