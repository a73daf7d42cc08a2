/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CROWD_PARTS_H
#define LTV_SIM_CROWD_PARTS_H

#include "sim/kernel/crowd.h"

/* The columns of a crowd, and what its parts ask of each other; only for crowd*.c. */

/* No entry of a log. */
#define LTV_NO_ENTRY UINT32_MAX

/* From this bill on he holds this. */
typedef struct {
    uint32_t from;
    uint32_t add_ons;
    uint32_t next; /* entry of the same customer, LTV_NO_ENTRY after the last */
    uint16_t plan;
} ltv_held_entry;

typedef struct {
    ltv_cost cost;
    uint32_t next;
} ltv_cost_entry;

/* Clocks, one of each slot for each customer: [slot * LTV_BLOCK + i]. */
typedef struct {
    double *remaining, *times;        /* owned */
    uint32_t *table, *anchor, *fires; /* owned */
} ltv_crowd_clocks;

/* A programme: [i]. LTV_NEVER: it does not run, or is not paid for. */
typedef struct {
    uint32_t began[LTV_BLOCK], changes[LTV_BLOCK], paid_from[LTV_BLOCK];
} ltv_crowd_programme;

struct ltv_crowd {
    const ltv_program *program; /* of this life, like all pointers that are not owned */
    const ltv_luck *luck;
    ltv_block *block;

    /* Hazards of all clocks of the program, one table after the other; copied once for many blocks.
     */
    uint64_t hazards_number; /* ltv_program's; 0: none yet */
    size_t stride;           /* of a table */
    double *hazards;         /* owned */

    size_t n_slots, first_change_slot;
    ltv_crowd_clocks clocks;

    /* Who they are, where they stand: [i]. */
    uint64_t audience[LTV_BLOCK], running[LTV_BLOCK];
    const ltv_kind *kind[LTV_BLOCK];
    uint32_t add_ons[LTV_BLOCK];
    uint32_t bill[LTV_BLOCK];
    uint32_t due[LTV_BLOCK]; /* bill at which a programme next acts or changes */
    uint32_t next_appointment[LTV_BLOCK];
    uint32_t term_began[LTV_BLOCK], leaves_after[LTV_BLOCK];
    uint16_t plan[LTV_BLOCK];
    bool cured[LTV_BLOCK];
    /* Owned: how many budgets clock n read after joining: [n * LTV_BLOCK + i]. Plan changes come
     * first, then what attaches and drops add-ons. */
    uint16_t *budgets;
    size_t n_budgets, first_attach, first_drop;
    ltv_crowd_programme *programmes;   /* owned, [n_interventions] */
    bool any_programme, others_change; /* … some changes other hazards than voluntary churn */
    bool has_terms;

    /* Logs: entry i is the first of customer i; for costs it is empty. */
    size_t n_held, held_capacity, n_costs, cost_capacity;
    ltv_held_entry *held;  /* owned */
    ltv_cost_entry *costs; /* owned */
    uint32_t last_held[LTV_BLOCK], last_cost[LTV_BLOCK];
    uint32_t ends_before[LTV_BLOCK]; /* the first bill he does not pay; horizon + 1: none */

    /* Who still lives; and clocks to look at, by their place in the columns. */
    uint32_t n_living, living[LTV_BLOCK];
    size_t n_queued;
    uint32_t *queue; /* owned, [2 * n_slots * LTV_BLOCK] */
};

enum { LTV_SLOT_VOLUNTARY, LTV_SLOT_INVOLUNTARY, LTV_SLOT_ADD_ONS };

/* --- crowd.c --- */

/* Without memory it sets the block's flag. */
void ltv_crowd_add_cost(ltv_crowd *crowd, uint32_t i, ltv_cost cost);

/* --- crowd_programmes.c --- */

/* Whom programmes are for and reach, and when the first one is due. */
void ltv_crowd_judge_audiences(ltv_crowd *crowd, const ltv_crowd_list *list);

/* All that programmes do to customer i at his present bill. */
void ltv_crowd_act(ltv_crowd *crowd, uint32_t i);

/* The bill after the present one at which a programme is next due or changes something. */
uint32_t ltv_crowd_next_due(const ltv_crowd *crowd, uint32_t i);

/* The multiplier that running programmes have on a lever at his present bill, times `times`. */
double ltv_crowd_times(const ltv_crowd *crowd, uint32_t i, ltv_lever lever, double times);

/* Customer i pays nothing more from this bill on: ends what is paid by the period. */
void ltv_crowd_stop_programmes(ltv_crowd *crowd, uint32_t i, uint32_t bill);

#endif
