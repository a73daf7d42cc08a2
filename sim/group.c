/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/group.h"

#include <stdlib.h>

ltv_group ltv_group_all(const ltv_program *program, const ltv_arm_tally *tally)
{
    return (ltv_group){.program = program,
                       .tally = tally,
                       .end_channel = program->n_channels,
                       .end_segment = program->n_segments};
}

ltv_group ltv_group_segment(const ltv_program *program, const ltv_arm_tally *tally, size_t segment)
{
    ltv_group group = ltv_group_all(program, tally);
    group.first_segment = segment;
    group.end_segment = segment + 1;
    return group;
}

ltv_group ltv_group_channel(const ltv_program *program, const ltv_arm_tally *tally, size_t channel)
{
    ltv_group group = ltv_group_all(program, tally);
    group.first_channel = channel;
    group.end_channel = channel + 1;
    return group;
}

/* Of all channels; else the group is one channel, of all segments. */
static bool has_all_channels(const ltv_group *group)
{
    return group->end_channel - group->first_channel == group->program->n_channels;
}

bool ltv_group_is_all(const ltv_group *group)
{
    return has_all_channels(group) &&
           group->end_segment - group->first_segment == group->program->n_segments;
}

static const ltv_cell_tally *cell_at(const ltv_group *group, size_t channel, size_t segment)
{
    return &group->tally->cells[channel * group->tally->n_segments + segment];
}

#define FOR_CELLS(group, c, s)                                                                     \
    for (size_t c = (group)->first_channel; c < (group)->end_channel; c++)                         \
        for (size_t s = (group)->first_segment; s < (group)->end_segment; s++)

ltv_moments ltv_group_moments(const ltv_group *group, ltv_figure figure)
{
    ltv_moments moments = {0};
    ltv_figure counted_as = group->tally->counted_as[figure];
    if (counted_as == LTV_FIGURES)
        return moments;
    FOR_CELLS(group, c, s)
    ltv_moments_merge(&moments, &cell_at(group, c, s)->of[counted_as]);
    return moments;
}

ltv_moments ltv_group_paid_ltv(const ltv_group *group)
{
    ltv_moments moments = {0};
    FOR_CELLS(group, c, s)
    {
        if (group->program->cac[c] > 0)
            ltv_moments_merge(&moments, &cell_at(group, c, s)->of[LTV_FIGURE_LTV]);
    }
    return moments;
}

int64_t ltv_group_size(const ltv_group *group)
{
    int64_t n = 0;
    FOR_CELLS(group, c, s)
    n += cell_at(group, c, s)->of[LTV_FIGURE_LTV].n;
    return n;
}

bool ltv_group_spread(const ltv_group *group, ltv_spread_tally *spread)
{
    ltv_spread_tally_init(spread);
    if (!has_all_channels(group))
        ltv_spread_tally_merge(spread, &group->tally->by_channel[group->first_channel]);
    else
        for (size_t s = group->first_segment; s < group->end_segment; s++)
            ltv_spread_tally_merge(spread, &group->tally->by_segment[s]);
    if (!ltv_program_has_cac(group->program)) {
        ltv_sketch_merge(&spread->net_ltv, &spread->ltv);
        spread->net_least = spread->least;
        spread->net_most = spread->most;
    }
    return !spread->ltv.out_of_memory && !spread->net_ltv.out_of_memory;
}

ltv_above_cac ltv_group_above_cac(const ltv_group *group)
{
    ltv_above_cac above = {0};
    FOR_CELLS(group, c, s)
    {
        const ltv_cell_tally *cell = cell_at(group, c, s);
        if (group->program->cac[c] == 0)
            continue;
        above.n += cell->of[LTV_FIGURE_LTV].n;
        above.at_least_cac += cell->at_least_cac;
        above.at_least_3_cac += cell->at_least_3_cac;
    }
    return above;
}

double ltv_group_mean_cac(const ltv_group *group)
{
    __int128 cost = 0;
    FOR_CELLS(group, c, s)
    cost += cell_at(group, c, s)->cac;
    int64_t n = ltv_group_size(group);
    return n > 0 ? (double)cost / (double)n : 0;
}

/* --- flows --- */

/* The flow tallies that make up the group: *n of them. */
static const ltv_flow_tally *tallies_of(const ltv_group *group, size_t *n)
{
    if (has_all_channels(group)) {
        *n = group->end_segment - group->first_segment;
        return group->tally->segment_flows + group->first_segment;
    }
    *n = 1;
    return group->tally->channel_flows + group->first_channel;
}

static __int128 change_at(const ltv_group *group, ltv_flow flow, uint32_t bill)
{
    size_t n;
    __int128 change = 0;
    const ltv_flow_tally *tallies = tallies_of(group, &n);
    for (size_t i = 0; i < n; i++)
        change += tallies[i].change[flow][bill];
    return change;
}

int64_t ltv_group_paying(const ltv_group *group, uint32_t bill)
{
    int64_t paying = 0;
    for (uint32_t u = 0; u <= bill; u++)
        paying += (int64_t)change_at(group, LTV_FLOW_PAYING, u);
    return paying;
}

static bool has_flow(const ltv_group *group, ltv_flow flow)
{
    return group->tally->segment_flows[0].change[flow] != NULL;
}

/* Flows that are in prices of bill 0. */
static bool follows_prices(ltv_flow flow)
{
    return flow == LTV_FLOW_RECURRING || flow == LTV_FLOW_REVENUE || flow == LTV_FLOW_MARGIN ||
           flow == LTV_FLOW_FORGONE;
}

bool ltv_group_flows(const ltv_group *group, ltv_flows *flows)
{
    size_t n = (size_t)group->program->horizon + 1;
    const double *price_index = group->program->price_index;
    *flows = (ltv_flows){{0}};
    double *all = calloc(LTV_FLOWS * n, sizeof *all);
    if (all == NULL)
        return false;
    for (ltv_flow f = 0; f < LTV_FLOWS; f++) {
        ltv_flow counted_as = f == LTV_FLOW_REVENUE && !has_flow(group, f) ? LTV_FLOW_RECURRING : f;
        __int128 sum = 0;
        flows->at[f] = all + f * n;
        if (!has_flow(group, counted_as))
            continue;
        for (uint32_t u = 0; u < n; u++) {
            sum += change_at(group, counted_as, u); /* whole numbers until here */
            flows->at[f][u] = (double)sum * (follows_prices(f) ? price_index[u] : 1);
        }
    }
    return true;
}

double ltv_flows_contribution(const ltv_flows *flows, const ltv_program *program, uint32_t bill)
{
    return flows->at[LTV_FLOW_MARGIN][bill] +
           flows->at[LTV_FLOW_ORDERS][bill] * program->gross_margin -
           flows->at[LTV_FLOW_SERVICE][bill];
}

void ltv_flows_free(ltv_flows *flows)
{
    free(flows->at[0]);
    *flows = (ltv_flows){{0}};
}
