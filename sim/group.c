/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/group.h"

#include <math.h>

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

ltv_group ltv_group_in_channel(const ltv_group *group, size_t channel)
{
    ltv_group part = *group;
    part.first_channel = channel;
    part.end_channel = channel + 1;
    return part;
}

static const ltv_cell_tally *cell_at(const ltv_group *group, size_t channel, size_t segment)
{
    return &group->tally->cells[channel * group->tally->n_segments + segment];
}

#define FOR_CELLS(group, c, s)                                                                     \
    for (size_t c = (group)->first_channel; c < (group)->end_channel; c++)                         \
        for (size_t s = (group)->first_segment; s < (group)->end_segment; s++)

ltv_moments ltv_group_ltv(const ltv_group *group)
{
    ltv_moments moments = {0};
    FOR_CELLS(group, c, s)
    ltv_moments_merge(&moments, &cell_at(group, c, s)->ltv);
    return moments;
}

ltv_moments ltv_group_net_ltv(const ltv_group *group)
{
    ltv_moments moments = {0};
    FOR_CELLS(group, c, s)
    {
        ltv_moments net = ltv_moments_shifted(&cell_at(group, c, s)->ltv, group->program->cac[c]);
        ltv_moments_merge(&moments, &net);
    }
    return moments;
}

int64_t ltv_group_size(const ltv_group *group)
{
    int64_t n = 0;
    FOR_CELLS(group, c, s)
    n += cell_at(group, c, s)->ltv.n;
    return n;
}

bool ltv_group_spread(const ltv_group *group, ltv_spread_tally *spread)
{
    ltv_spread_tally_init(spread);
    bool one_channel = group->end_channel - group->first_channel < group->program->n_channels;
    if (one_channel)
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
        above.n += cell->ltv.n;
        above.at_least_cac += cell->at_least_cac;
        above.at_least_3_cac += cell->at_least_3_cac;
    }
    return above;
}

double ltv_group_mean_cac(const ltv_group *group)
{
    __int128 cost = 0;
    FOR_CELLS(group, c, s)
    cost += (__int128)group->program->cac[c] * cell_at(group, c, s)->ltv.n;
    int64_t n = ltv_group_size(group);
    return n > 0 ? (double)cost / (double)n : 0;
}

/* Customers, sum and sum of squares of the levels of spend of those of a cell who leave before
 * the bill. */
typedef struct {
    double n, sum, squares;
} spend_sums;

static spend_sums spend_of_leavers(const ltv_cell_tally *cell, uint32_t leaves_before)
{
    double n = (double)cell->leaves_before[leaves_before];
    if (cell->spend == NULL)
        return (spend_sums){n, n, n};
    return (spend_sums){n, (double)cell->spend[leaves_before] * 0x1p-24,
                        (double)cell->spend_squared[leaves_before] * 0x1p-48};
}

ltv_mean ltv_group_mean_of(const ltv_group *group, ltv_line_of *line, const void *context)
{
    /* Two passes: the variance is summed around the mean, so that nothing cancels. */
    double n = 0, sum = 0, squares = 0, mean = 0;
    for (int pass = 0; pass < 2; pass++) {
        FOR_CELLS(group, c, s)
        for (uint32_t u = 1; u <= group->program->horizon + 1; u++) {
            spend_sums spend = spend_of_leavers(cell_at(group, c, s), u);
            ltv_line of = line(context, group->program, s, u);
            double fixed = of.fixed - mean;
            if (pass == 0) {
                n += spend.n;
                sum += of.per_spend * spend.sum + of.fixed * spend.n;
            } else {
                squares += of.per_spend * of.per_spend * spend.squares +
                           2 * of.per_spend * fixed * spend.sum + fixed * fixed * spend.n;
            }
        }
        mean = n > 0 ? sum / n : NAN;
    }
    return (ltv_mean){mean, n > 1 ? sqrt(fmax(squares, 0) / (n - 1) / n) : NAN};
}

void ltv_group_paying(const ltv_group *group, size_t segment, double *paying, double *spend)
{
    /* Whole numbers until the last step: sums from the end backwards. */
    uint32_t horizon = group->program->horizon;
    int64_t count = 0;
    unsigned __int128 level = 0;
    for (uint32_t u = horizon + 1; u-- > 0;) {
        for (size_t c = group->first_channel; c < group->end_channel; c++) {
            const ltv_cell_tally *cell = cell_at(group, c, segment);
            count += cell->leaves_before[u + 1];
            if (cell->spend != NULL)
                level += cell->spend[u + 1];
        }
        paying[u] = (double)count;
        spend[u] = group->program->spends_differ ? (double)level * 0x1p-24 : (double)count;
    }
}
