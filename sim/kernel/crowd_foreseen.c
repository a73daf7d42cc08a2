/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* Between two changes of his plan, or of an add-on that matters, all that happens to a customer can
 * be foreseen: programmes come at their bills, and when he leaves is known. As long as he has not
 * changed anything the head of his first voluntary word says it, on the ladder of his course. Most
 * leave then, and there is nothing more to ask about them. The budgets of the others are worked
 * out, and they live from change to change. */

static const double *hazard_of(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->hazards.cumulative + crowd->block->segment[i] * crowd->stride;
}

/* The path of his voluntary clock. */
static const ltv_path *churn_path(const ltv_crowd *crowd, uint32_t i)
{
    return ltv_crowd_path(crowd, LTV_LEVER_CHURN, i);
}

/* --- budgets --- */

/* Budgets of the first voluntary words of some customers, no more than are read at once. */
static void read_budgets(const ltv_crowd *crowd, const uint32_t *of, uint32_t n, double *budget)
{
    enum { AT_ONCE = LTV_ADDRESSES_AT_ONCE };
    static const uint32_t first[AT_ONCE], unnamed[AT_ONCE];
    uint32_t customer[AT_ONCE], purpose[AT_ONCE];
    uint64_t word[AT_ONCE];
    const uint64_t *words = crowd->block->kept.voluntary_words;
    for (uint32_t j = 0; j < n; j++) {
        customer[j] = crowd->luck->customer[of[j]];
        purpose[j] = LTV_PURPOSE_VOLUNTARY_CHURN;
    }
    ltv_address_list list = {crowd->luck->stream, n, customer, unnamed, purpose, first};
    for (uint32_t j = 0; words != NULL && j < n; j++)
        word[j] = words[of[j]];
    if (words != NULL)
        ltv_vector_budgets_of(&list, word, budget);
    else
        ltv_vector_budgets_at(&list, budget);
}

/* Of n customers, on the scale of the base hazard. */
static void find_budgets(const ltv_crowd *crowd, const uint32_t *of, uint32_t n, double *budget)
{
    static const ltv_uniform unread = {.above = 0.5}; /* nobody draws a part of his frailty */
    const ltv_frailty *same = &crowd->program->kinds->frailty;
    double raw[LTV_BLOCK];
    for (uint32_t from = 0; from < n; from += LTV_ADDRESSES_AT_ONCE)
        read_budgets(crowd, of + from, ltv_earlier(n - from, LTV_ADDRESSES_AT_ONCE), raw + from);
    if (crowd->program->n_kinds == 1 && ltv_frailty_is_gamma(same))
        ltv_vector_in_use->gamma_hazards(raw, n, same->spread.cv, budget);
    else
        for (uint32_t j = 0; j < n; j++)
            budget[j] = ltv_frailty_budget(&crowd->kind[of[j]]->frailty, raw[j], unread);
}

/* --- when they leave --- */

/* Of one who joins. */
static double first_steady_churn(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->cured[i] ? 0 : crowd->first_churn[ltv_crowd_joined_as(crowd, i)];
}

/* Those whose heads do not say it. */
static void leave_exactly(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    double budget[LTV_BLOCK];
    const ltv_clock_queue queue = ltv_crowd_queue_for(crowd, n);
    find_budgets(crowd, of, n, budget);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        const ltv_path *path = churn_path(crowd, i);
        double steady = first_steady_churn(crowd, i);
        ltv_stand stand = ltv_path_begin(path, steady, budget[j]);
        ltv_path_go_until_it_fires(path, hazard_of(crowd, i), steady, 0, &stand);
        ltv_crowd_put(&queue, crowd->queue.n++, LTV_SLOT_VOLUNTARY, i, crowd->block->segment[i],
                      &stand);
    }
    ltv_crowd_look_at_queues(crowd);
}

void ltv_crowd_climb_ladders(const ltv_crowd *crowd, const uint64_t *words, const uint32_t *of,
                             uint32_t n, uint32_t bill[LTV_BLOCK])
{
    uint32_t mixed[LTV_BLOCK], n_mixed = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        bill[i] =
            crowd->course_guide[crowd->course_of[i]][words[i] >> (64 - LTV_LADDER_GUIDE_BITS)];
        mixed[n_mixed] = i;
        n_mixed += bill[i] / LTV_GUIDE_MIXED;
    }
    for (uint32_t m = 0; m < n_mixed; m++) {
        uint32_t i = mixed[m];
        bill[i] = ltv_ladder_climb(crowd->courses[crowd->course_of[i]].rungs,
                                   bill[i] - LTV_GUIDE_MIXED, (uint32_t)(words[i] >> 32));
    }
}

void ltv_crowd_foresee_leaving(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    const uint64_t *words = crowd->block->kept.voluntary_words;
    uint32_t *leaves = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    uint32_t unsure[LTV_BLOCK], n_unsure = 0, horizon = crowd->program->horizon;
    ltv_crowd_make_courses(crowd, of, n);
    if (words == NULL) {
        leave_exactly(crowd, of, n);
    } else {
        ltv_crowd_climb_ladders(crowd, words, of, n, leaves);
        for (uint32_t j = 0; j < n; j++) {
            uint32_t i = of[j], bill = leaves[i];
            unsure[n_unsure] = i;
            n_unsure += bill == 0;
            leaves[i] = ltv_period_before(bill, horizon);
        }
        if (n_unsure > 0)
            leave_exactly(crowd, unsure, n_unsure);
    }
    for (uint32_t j = 0; crowd->some_cured && j < n; j++)
        if (crowd->cured[of[j]])
            leaves[of[j]] = LTV_NEVER;
}

/* --- from change to change --- */

/* What programmes do to n customers until they leave, or change something: those who do are
 * restless, and stand at the bills of their next changes, which are still to be made. Returns how
 * many they are. */
static uint32_t foresee(ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                        uint32_t restless[LTV_BLOCK])
{
    uint32_t n_restless = 0, horizon = crowd->program->horizon;
    ltv_crowd_give_notices(crowd, of, n);
    const uint32_t *involuntary = ltv_crowd_leaving(crowd, true);
    const uint32_t *voluntary = ltv_crowd_leaving(crowd, false);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], changes = crowd->soonest[i];
        uint32_t leaves = ltv_earlier(ltv_earlier(involuntary[i], voluntary[i]), horizon);
        restless[n_restless] = i;
        n_restless += changes < leaves;
        crowd->bill[i] = ltv_earlier(changes, leaves) + 1;
    }
    ltv_crowd_keep_appointments(crowd, of, n);
    return n_restless;
}

/* Voluntary clocks of those who are restless for the first time, as they began. */
static void begin(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    double budget[LTV_BLOCK];
    size_t first = ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    const ltv_crowd_clocks *clocks = &crowd->clocks;
    find_budgets(crowd, of, n, budget);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        bool leaves = crowd->has_terms && crowd->leaves_after[i] != LTV_NEVER;
        crowd->steady_churn[i] = first_steady_churn(crowd, i);
        ltv_stand stand = ltv_path_begin(churn_path(crowd, i), crowd->steady_churn[i], budget[j]);
        clocks->remaining[first + i] = stand.remaining;
        clocks->times[first + i] = stand.times;
        clocks->anchor[first + i] = stand.anchor;
        clocks->table[first + i] = leaves ? ltv_crowd_empty_table(crowd) : crowd->block->segment[i];
    }
}

/* One who has given notice has no voluntary clock any more. */
static bool has_voluntary_clock(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->clocks.table[ltv_crowd_place(LTV_SLOT_VOLUNTARY, i)] !=
           ltv_crowd_empty_table(crowd);
}

/* Those of some customers who have one. */
static uint32_t find_who_has_a_clock(const ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                                     uint32_t list[LTV_BLOCK])
{
    uint32_t found = 0;
    for (uint32_t j = 0; j < n; j++) {
        list[found] = of[j];
        found += has_voluntary_clock(crowd, of[j]);
    }
    return found;
}

/* Where voluntary clocks stand, and where they are looked at. */
typedef struct {
    ltv_crowd *crowd;
    uint32_t *anchors;
    double *remaining, *times;
    ltv_clock_queue queue;
    size_t queued;
} voluntary_clocks;

static inline ltv_stand stand_of(const voluntary_clocks *clocks, uint32_t i)
{
    return (ltv_stand){clocks->remaining[i], clocks->times[i], clocks->anchors[i]};
}

static inline void set_stand(const voluntary_clocks *clocks, uint32_t i, const ltv_stand *stand)
{
    clocks->remaining[i] = stand->remaining;
    clocks->times[i] = stand->times;
    clocks->anchors[i] = stand->anchor;
}

static inline void put(voluntary_clocks *clocks, uint32_t i, const ltv_stand *stand)
{
    ltv_crowd_put(&clocks->queue, clocks->queued++, LTV_SLOT_VOLUNTARY, i,
                  clocks->crowd->block->segment[i], stand);
}

/* From where it stood to the present bill, with which another multiplier follows steady_before;
 * then until it fires. */
static inline void bring_forward(voluntary_clocks *clocks, uint32_t i, double steady_before)
{
    const ltv_crowd *crowd = clocks->crowd;
    const ltv_path *path = churn_path(crowd, i);
    const double *hazard = hazard_of(crowd, i);
    double steady = crowd->steady_churn[i];
    uint32_t bill = crowd->bill[i];
    ltv_stand stand = stand_of(clocks, i);
    ltv_path_go(path, hazard, steady_before, crowd->foreseen_from[i], bill, &stand);
    ltv_path_enter(path, hazard, steady, bill, &stand);
    set_stand(clocks, i, &stand);
    ltv_path_go_until_it_fires(path, hazard, steady, bill, &stand);
    put(clocks, i, &stand);
}

/* Likewise where no programme that won him turns it: his path is a single step. */
static inline void bring_straight_forward(voluntary_clocks *clocks, uint32_t i)
{
    const ltv_crowd *crowd = clocks->crowd;
    ltv_stand stand = stand_of(clocks, i);
    ltv_stand_turn(&stand, hazard_of(crowd, i), crowd->steady_churn[i], crowd->bill[i]);
    set_stand(clocks, i, &stand);
    put(clocks, i, &stand);
}

/* Those for whom no step of their paths is left come first: who is like the one before him needs no
 * guess. */
static void put_settled_first(const ltv_crowd *crowd, uint32_t of[LTV_BLOCK], uint32_t n)
{
    uint32_t others[LTV_BLOCK], n_settled = 0, n_others = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        const ltv_path *path = churn_path(crowd, i);
        uint32_t is_settled = path->at[crowd->bill[i]] + 1u == path->n_steps;
        of[n_settled] = others[n_others] = i;
        n_settled += is_settled;
        n_others += 1 - is_settled;
    }
    memcpy(of + n_settled, others, n_others * sizeof *of);
}

/* Brings voluntary clocks forward, to be looked at with the queues. */
static void go_on(ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                  const double steady_before[LTV_BLOCK])
{
    size_t first = ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    voluntary_clocks clocks = {.crowd = crowd,
                               .anchors = crowd->clocks.anchor + first,
                               .remaining = crowd->clocks.remaining + first,
                               .times = crowd->clocks.times + first,
                               .queue = ltv_crowd_queue_for(crowd, n)};
    uint32_t list[LTV_BLOCK], winding[LTV_BLOCK], straight[LTV_BLOCK];
    uint32_t n_winding = 0, n_straight = 0;
    clocks.queued = clocks.queue.n;
    if (crowd->has_terms) {
        n = find_who_has_a_clock(crowd, of, n, list);
        of = list;
    }
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], winds = churn_path(crowd, i)->n_factors != 0;
        winding[n_winding] = straight[n_straight] = i;
        n_winding += winds;
        n_straight += 1 - winds;
    }
    for (uint32_t j = 0; j < n_straight; j++)
        bring_straight_forward(&clocks, straight[j]);
    put_settled_first(crowd, winding, n_winding);
    for (uint32_t j = 0; j < n_winding; j++)
        bring_forward(&clocks, winding[j], steady_before[winding[j]]);
    crowd->queue.n = clocks.queued;
}

/* Those who change something make their changes, and it is foreseen what comes of them. */
static uint32_t change(ltv_crowd *crowd, uint32_t restless[LTV_BLOCK], uint32_t n)
{
    uint32_t list[LTV_BLOCK], n_left = 0;
    double steady_before[LTV_BLOCK];
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = restless[j];
        steady_before[i] = crowd->steady_churn[i];
        list[n_left] = i;
        n_left += crowd->bill[i] < crowd->program->horizon;
    }
    ltv_crowd_change(crowd, restless, n);
    ltv_crowd_start_clocks(crowd);
    go_on(crowd, list, n_left, steady_before);
    for (uint32_t j = 0; j < n; j++)
        crowd->foreseen_from[restless[j]] = crowd->bill[restless[j]];
    ltv_crowd_look_at_queues(crowd);
    ltv_crowd_find_soonest(crowd, list, n_left);
    return foresee(crowd, list, n_left, restless);
}

void ltv_crowd_live_foreseen(ltv_crowd *crowd)
{
    uint32_t list[LTV_BLOCK], n = ltv_crowd_turn_courses(crowd, list);
    ltv_crowd_foresee_leaving(crowd, list, n);
    if (crowd->walks)
        ltv_crowd_turn_first(crowd, list, n);
    ltv_crowd_find_everybodys_soonest(crowd, crowd->block->n);
    memset(crowd->foreseen_from, 0, crowd->block->n * sizeof *crowd->foreseen_from);
    n = foresee(crowd, crowd->member, crowd->n_members, list);
    begin(crowd, list, n);
    while (n > 0)
        n = change(crowd, list, n);
}
