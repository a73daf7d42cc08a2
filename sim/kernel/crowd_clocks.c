/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

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

uint32_t ltv_crowd_empty_table(const ltv_crowd *crowd)
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

/* --- queues --- */

/* A queue that is full is looked at before its time. */
enum { QUEUE = LTV_BLOCK };

bool ltv_crowd_init_queue(ltv_clock_queue *queue)
{
    *queue = (ltv_clock_queue){.place = calloc(QUEUE, sizeof *queue->place),
                               .table = calloc(QUEUE, sizeof *queue->table),
                               .anchor = calloc(QUEUE, sizeof *queue->anchor),
                               .customer = calloc(QUEUE, sizeof *queue->customer),
                               .name = calloc(QUEUE, sizeof *queue->name),
                               .purpose = calloc(QUEUE, sizeof *queue->purpose),
                               .occurrence = calloc(QUEUE, sizeof *queue->occurrence),
                               .times = calloc(QUEUE, sizeof *queue->times),
                               .remaining = calloc(QUEUE, sizeof *queue->remaining)};
    return queue->place != NULL && queue->table != NULL && queue->anchor != NULL &&
           queue->customer != NULL && queue->name != NULL && queue->purpose != NULL &&
           queue->occurrence != NULL && queue->times != NULL && queue->remaining != NULL;
}

void ltv_crowd_free_queue(ltv_clock_queue *queue)
{
    free(queue->place);
    free(queue->table);
    free(queue->anchor);
    free(queue->customer);
    free(queue->name);
    free(queue->purpose);
    free(queue->occurrence);
    free(queue->times);
    free(queue->remaining);
}

/* When its clocks fire. */
static void look(ltv_crowd *crowd, ltv_clock_queue *queue)
{
    uint32_t fires[QUEUE];
    ltv_vector_in_use->fire(&(ltv_clock_batch){&crowd->hazards, queue->n, queue->table,
                                               queue->anchor, queue->times, queue->remaining,
                                               fires});
    for (size_t c = 0; c < queue->n; c++)
        crowd->clocks.fires[queue->place[c]] = fires[c];
    queue->n = 0;
}

/* What multiplies a clock whose budget has this purpose. */
static ltv_lever lever_of(uint32_t purpose)
{
    switch (purpose) {
    case LTV_PURPOSE_INVOLUNTARY_CHURN:
        return LTV_LEVER_INVOLUNTARY;
    case LTV_PURPOSE_UPGRADE:
        return LTV_LEVER_UPGRADE;
    case LTV_PURPOSE_DOWNGRADE:
        return LTV_LEVER_DOWNGRADE;
    case LTV_PURPOSE_ATTACH:
        return LTV_LEVER_ATTACH;
    default:
        return LTV_LEVER_DROP;
    }
}

/* Clocks that start go on their customers' paths until they fire; what stands in the queue is their
 * multipliers without programmes. */
static void walk(const ltv_crowd *crowd, ltv_clock_queue *queue)
{
    for (size_t c = 0; c < queue->n; c++) {
        const double *hazard = crowd->hazards.cumulative + queue->table[c] * crowd->stride;
        const ltv_path *path =
            ltv_crowd_path(crowd, lever_of(queue->purpose[c]), queue->place[c] % LTV_BLOCK);
        double steady = queue->times[c];
        uint32_t from = queue->anchor[c];
        double times = ltv_path_times(path, path->at[from], steady);
        ltv_stand stand = {.remaining = queue->remaining[c], .times = times, .anchor = from};
        ltv_path_go_until_it_fires(path, hazard, steady, from, &stand);
        queue->remaining[c] = stand.remaining;
        queue->times[c] = stand.times;
        queue->anchor[c] = stand.anchor;
    }
}

/* A clock that starts in a round has used up nothing when it ends, so that its budget can come
 * then, together with others. */
static void read_and_look(ltv_crowd *crowd)
{
    enum { AT_ONCE = LTV_ADDRESSES_AT_ONCE };
    ltv_clock_queue *unread = &crowd->unread;
    for (size_t from = 0; from < unread->n; from += AT_ONCE) {
        size_t n = unread->n - from < AT_ONCE ? unread->n - from : AT_ONCE;
        ltv_vector_budgets_at(&(ltv_address_list){crowd->luck->stream, n, unread->customer + from,
                                                  unread->name + from, unread->purpose + from,
                                                  unread->occurrence + from},
                              unread->remaining + from);
    }
    for (size_t c = 0; crowd->others_change && c < unread->n; c++)
        crowd->clocks.remaining[unread->place[c]] = unread->remaining[c];
    if (crowd->walks)
        walk(crowd, unread);
    look(crowd, unread);
}

void ltv_crowd_look_at_queues(ltv_crowd *crowd)
{
    read_and_look(crowd);
    look(crowd, &crowd->queue);
}

ltv_clock_queue ltv_crowd_queue_for(ltv_crowd *crowd, uint32_t n)
{
    if (crowd->queue.n + n > QUEUE)
        look(crowd, &crowd->queue);
    return crowd->queue;
}

/* --- clocks --- */

void ltv_crowd_set_clock(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                         double budget)
{
    size_t place = ltv_crowd_place(slot, i);
    crowd->clocks.table[place] = table;
    crowd->clocks.anchor[place] = crowd->bill[i];
    crowd->clocks.times[place] = times;
    crowd->clocks.remaining[place] = budget;
}

void ltv_crowd_start_clock(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                           double budget)
{
    if (crowd->others_change)
        ltv_crowd_set_clock(crowd, slot, i, table, times, budget);
    const ltv_clock_queue queue = ltv_crowd_queue_for(crowd, 1);
    ltv_crowd_put(&queue, crowd->queue.n++, slot, i, table,
                  &(ltv_stand){budget, times, crowd->bill[i]});
}

ltv_clock_queue ltv_crowd_unread_for(ltv_crowd *crowd, uint32_t n)
{
    if (crowd->unread.n + n > QUEUE)
        read_and_look(crowd);
    return crowd->unread;
}

void ltv_crowd_start_unread(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                            const ltv_clock_address *budget)
{
    const ltv_clock_queue unread = ltv_crowd_unread_for(crowd, 1);
    if (crowd->others_change)
        ltv_crowd_set_clock(crowd, slot, i, table, times, 1);
    ltv_crowd_put_unread(&unread, crowd->unread.n++, slot, i, crowd, table, times, budget);
}

void ltv_crowd_stop_clocks(ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n)
{
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    bool is_kept = crowd->others_change || slot == LTV_SLOT_VOLUNTARY;
    for (uint32_t j = 0; is_kept && j < n; j++)
        ltv_crowd_set_clock(crowd, slot, of[j], ltv_crowd_empty_table(crowd), 0, 1);
    for (uint32_t j = 0; j < n; j++)
        fires[of[j]] = LTV_NEVER;
}

void ltv_crowd_set_times(ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n,
                         const double times[LTV_BLOCK])
{
    const ltv_clock_queue queue = ltv_crowd_queue_for(crowd, n);
    const double *cumulative = crowd->hazards.cumulative;
    const uint32_t *tables = crowd->clocks.table + ltv_crowd_place(slot, 0), *bills = crowd->bill;
    uint32_t *anchors = crowd->clocks.anchor + ltv_crowd_place(slot, 0);
    double *present = crowd->clocks.times + ltv_crowd_place(slot, 0);
    double *remaining = crowd->clocks.remaining + ltv_crowd_place(slot, 0);
    uint32_t empty = ltv_crowd_empty_table(crowd);
    size_t stride = crowd->stride, queued = queue.n;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], table = tables[i], bill = bills[i];
        double before = present[i], now = times[i];
        if ((before == now) | (table == empty))
            continue;
        const double *hazard = cumulative + table * stride;
        /* What it has used up; one that had no multiplier nothing, however large the hazard. */
        double used = before * (hazard[bill] - hazard[anchors[i]]);
        double left = remaining[i] - (before > 0 ? used : 0);
        anchors[i] = bill;
        present[i] = now;
        remaining[i] = left;
        ltv_crowd_put(&queue, queued++, slot, i, table, &(ltv_stand){left, now, bill});
    }
    crowd->queue.n = queued;
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
