/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/vector/vector.h"

/* --- tables --- */

/* Those of segments come first, then that of failing payments, two of each add-on, those of plan
 * changes and, the last one, an empty one. */
uint32_t ltv_crowd_involuntary_table(const ltv_crowd *crowd)
{
    return (uint32_t)crowd->program->n_segments;
}

uint32_t ltv_crowd_add_on_table(const ltv_crowd *crowd, size_t a, bool held)
{
    return (uint32_t)(crowd->program->n_segments + 1 + 2 * a + held);
}

uint32_t ltv_crowd_change_table(const ltv_crowd *crowd, size_t number)
{
    const ltv_program *program = crowd->program;
    return (uint32_t)(program->n_segments + 1 + 2 * program->n_add_ons + number);
}

static uint32_t empty_table(const ltv_crowd *crowd)
{
    return ltv_crowd_change_table(crowd, crowd->program->n_changes);
}

size_t ltv_crowd_n_tables(const ltv_program *program)
{
    return program->n_segments + 1 + 2 * program->n_add_ons + program->n_changes + 1;
}

void ltv_crowd_copy_hazards(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    ltv_hazards *hazards = &crowd->hazards;
    for (size_t s = 0; s < program->n_segments; s++)
        ltv_hazards_set(hazards, s, program->base_hazard[s]);
    ltv_hazards_set(hazards, ltv_crowd_involuntary_table(crowd), program->involuntary_hazard);
    for (size_t a = 0; a < program->n_add_ons; a++) {
        const ltv_add_on_program *add_on = &program->add_ons[a];
        ltv_hazards_set(hazards, ltv_crowd_add_on_table(crowd, a, false),
                        add_on->attach.cumulative);
        ltv_hazards_set(hazards, ltv_crowd_add_on_table(crowd, a, true), add_on->drop.cumulative);
    }
    for (size_t c = 0; c < program->n_changes; c++)
        ltv_hazards_set(hazards, ltv_crowd_change_table(crowd, c),
                        program->changes[c].clock.cumulative);
}

/* --- clocks --- */

void ltv_crowd_start_clock(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                           double budget)
{
    size_t place = ltv_crowd_place(slot, i);
    crowd->clocks.table[place] = table;
    crowd->clocks.anchor[place] = crowd->bill[i];
    crowd->clocks.times[place] = times;
    crowd->clocks.remaining[place] = budget;
}

void ltv_crowd_start_later(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                           const ltv_clock_address *budget)
{
    ltv_crowd_start_clock(crowd, slot, i, table, times, 1);
    if (crowd->bill[i] == crowd->program->horizon)
        return;
    crowd->unread[crowd->n_unread] = (uint32_t)ltv_crowd_place(slot, i);
    crowd->address[crowd->n_unread++] = *budget;
    ltv_crowd_look_later(crowd, slot, i);
}

void ltv_crowd_stop_clock(ltv_crowd *crowd, size_t slot, uint32_t i)
{
    ltv_crowd_start_clock(crowd, slot, i, empty_table(crowd), 0, 1);
    crowd->clocks.fires[ltv_crowd_place(slot, i)] = LTV_NEVER;
}

void ltv_crowd_look_later(ltv_crowd *crowd, size_t slot, uint32_t i)
{
    if (crowd->bill[i] < crowd->program->horizon)
        crowd->queue[crowd->n_queued++] = (uint32_t)ltv_crowd_place(slot, i);
}

void ltv_crowd_set_times(ltv_crowd *crowd, size_t slot, uint32_t i, double times)
{
    ltv_crowd_clocks *clocks = &crowd->clocks;
    size_t place = ltv_crowd_place(slot, i);
    if (clocks->times[place] == times || clocks->table[place] == empty_table(crowd))
        return;
    const double *hazard = crowd->hazards.cumulative + clocks->table[place] * crowd->stride;
    uint32_t bill = crowd->bill[i];
    if (clocks->times[place] > 0)
        clocks->remaining[place] -=
            clocks->times[place] * (hazard[bill] - hazard[clocks->anchor[place]]);
    clocks->anchor[place] = bill;
    clocks->times[place] = times;
    ltv_crowd_look_later(crowd, slot, i);
}

void ltv_crowd_look_at_slot(ltv_crowd *crowd, size_t slot, uint32_t n)
{
    size_t first = ltv_crowd_place(slot, 0);
    const ltv_crowd_clocks *clocks = &crowd->clocks;
    ltv_vector_in_use->fire(&(ltv_clock_batch){.hazards = &crowd->hazards,
                                               .n = n,
                                               .table = clocks->table + first,
                                               .anchor = clocks->anchor + first,
                                               .times = clocks->times + first,
                                               .remaining = clocks->remaining + first,
                                               .fires = clocks->fires + first});
}

/* A clock that starts in a round has used up nothing when it ends, so that its budget can come
 * then, together with others. */
static void read_budgets(ltv_crowd *crowd)
{
    enum { AT_ONCE = LTV_ADDRESSES_AT_ONCE };
    uint32_t customer[AT_ONCE], name[AT_ONCE], purpose[AT_ONCE], occurrence[AT_ONCE];
    double budgets[AT_ONCE];
    for (size_t from = 0; from < crowd->n_unread; from += AT_ONCE) {
        size_t left = crowd->n_unread - from, n = left < AT_ONCE ? left : AT_ONCE;
        for (size_t c = 0; c < n; c++) {
            const ltv_clock_address *at = &crowd->address[from + c];
            customer[c] = crowd->luck->first_customer + crowd->unread[from + c] % LTV_BLOCK;
            name[c] = at->name;
            purpose[c] = at->purpose;
            occurrence[c] = at->occurrence;
        }
        ltv_vector_budgets_at(
            &(ltv_address_list){crowd->luck->stream, n, customer, name, purpose, occurrence},
            budgets);
        for (size_t c = 0; c < n; c++)
            crowd->clocks.remaining[crowd->unread[from + c]] = budgets[c];
    }
    crowd->n_unread = 0;
}

void ltv_crowd_look_at_queue(ltv_crowd *crowd)
{
    read_budgets(crowd);
    enum { AT_ONCE = 512 };
    uint32_t table[AT_ONCE], anchor[AT_ONCE], fires[AT_ONCE];
    double times[AT_ONCE], remaining[AT_ONCE];
    const ltv_crowd_clocks *clocks = &crowd->clocks;
    for (size_t from = 0; from < crowd->n_queued; from += AT_ONCE) {
        size_t left = crowd->n_queued - from, n = left < AT_ONCE ? left : AT_ONCE;
        const uint32_t *place = crowd->queue + from;
        for (size_t c = 0; c < n; c++) {
            table[c] = clocks->table[place[c]];
            anchor[c] = clocks->anchor[place[c]];
            times[c] = clocks->times[place[c]];
            remaining[c] = clocks->remaining[place[c]];
        }
        ltv_vector_in_use->fire(
            &(ltv_clock_batch){&crowd->hazards, n, table, anchor, times, remaining, fires});
        for (size_t c = 0; c < n; c++)
            clocks->fires[place[c]] = fires[c];
    }
    crowd->n_queued = 0;
}
