/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_BLOCK_H
#define LTV_SIM_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/kernel/bundles.h"
#include "sim/kernel/counted.h"
#include "sim/kernel/luck.h"
#include "sim/money.h"
#include "sim/program.h"

/* What becomes of a block of customers in one arm: the kernel writes it, the tally sums it up.
 * Money in quanta. */

/* A run of bills, all paid, between which a customer holds and pays the same. */
typedef struct {
    uint32_t from, to; /* bills from ... to - 1; to = horizon + 1: still active at the horizon */
    uint32_t add_ons;  /* bit a: holds add-on a */
    uint16_t plan;     /* 0 without plans */
    uint32_t kind;     /* of the program: he is one of those … */
    ltv_weight weight; /* … and pays so many times what they pay for each component */
    /* Undiscounted, of each of these bills, the first four at price index 1: times
     * program->price_index[u] for bill u. */
    ltv_money recurring; /* before price_off */
    ltv_money revenue;   /* after it; without orders */
    ltv_money margin;    /* gross margin of `revenue` */
    ltv_money forgone;   /* gross margin given away by price_off */
    ltv_money service;   /* service cost */
} ltv_stretch;

/* Programme costs, undiscounted: `amount` at each of the bills from ... to - 1 (contacts and
 * participants: one bill; per period: a run of them). Not beyond the horizon. */
typedef struct {
    uint32_t from, to;
    ltv_money amount;
} ltv_cost;

/* An order, undiscounted, dated at a bill below the horizon. */
typedef struct {
    uint32_t bill;
    ltv_money value;
} ltv_order;

/* Lists of all customers, one after the other: customer i's items are those from end[i - 1] (0
 * for the first customer) to end[i] - 1. */
typedef struct {
    size_t n, capacity;
    ltv_stretch *items; /* owned */
    size_t end[LTV_BLOCK];
} ltv_stretch_list;

typedef struct {
    size_t n, capacity;
    ltv_cost *items; /* owned */
    size_t end[LTV_BLOCK];
} ltv_cost_list;

typedef struct {
    size_t n, capacity;
    ltv_order *items; /* owned */
    size_t end[LTV_BLOCK];
} ltv_order_list;

/* Columns of the luck at hand (sim/kernel/luck.h), each NULL where the luck has no more room. */
typedef struct {
    double **derived; /* owned: both of the following */
    /* By kind: first budget of the voluntary clock, and the frailty given that budget. */
    double **voluntary, **frailty;
    const double **budgets; /* owned: all of the following */
    /* First budgets by plan change, add-on, intervention. */
    const double **change, **attach, **drop, **programme;
    const uint64_t **coins; /* owned: both of the following, by intervention */
    const uint64_t **reach, **uptake;
    /* Of those clocks that a crowd looks at by their heads (sim/kernel/crowd.h), if it does. */
    const uint32_t **heads;          /* owned */
    const uint64_t *voluntary_words; /* those of first clocks, where a crowd foresees by them */
    /* Levels that are drawn by inversion: of spend; of orders, their rate and (a gamma number that
     * the level is made of) their value. */
    double *spend, *order_rate, *order_level;
} ltv_kept_luck;

typedef struct {
    uint32_t n;
    /* Borrowed; how many such customers each one stands for, in all below 2^31; NULL: 1. Only for
     * plain programs, and where a crowd foresees and counts. */
    const int64_t *times;
    uint16_t channel[LTV_BLOCK];
    uint16_t segment[LTV_BLOCK]; /* the one he joined with */
    ltv_money cac[LTV_BLOCK];    /* his own */
    uint32_t bills[LTV_BLOCK];   /* paid below the horizon: the lifetime T */
    ltv_weight spend[LTV_BLOCK]; /* level of spend; LTV_WEIGHT_ONE without differences */
    ltv_money ltv[LTV_BLOCK];    /* discounted contribution minus programme costs */
    /* What he would be worth if nothing happened to him after joining but that he leaves; only
     * where the program says that the expectation of it is known, or is plain. */
    ltv_money plain_ltv[LTV_BLOCK];
    ltv_money programme_cost[LTV_BLOCK]; /* discounted: contacts, participants, periods, forgone */
    /* LTV of what is dated before bill program->checkpoint[k]. */
    ltv_money ltv_by[LTV_CHECKPOINTS][LTV_BLOCK];
    uint32_t saves[LTV_BLOCK]; /* churn intents and payment failures that a programme averted */
    /* Of the recurring revenue of bill 0 and of the bill one year on, 0 where he does not pay that
     * one; at price index 1. Of bill 0 also after price_off. Without orders. */
    ltv_money first_recurring[LTV_BLOCK], first_revenue[LTV_BLOCK], year_recurring[LTV_BLOCK];
    bool pays_one_year_on[LTV_BLOCK]; /* false where that is beyond the horizon */
    /* Of a customer who is counted and has no items in the lists: the first bill that he does not
     * pay, horizon + 1: none. 0: he is listed. */
    uint32_t pays_before[LTV_BLOCK];
    bool is_copied[LTV_BLOCK]; /* from another block: this one */
    const void *copied_from;   /* only to be compared with; NULL: none */
    ltv_counted counted;
    ltv_stretch_list stretches;
    ltv_cost_list costs;
    ltv_order_list orders;
    /* Owned, [intervention * LTV_BLOCK + i]: bill of the customer's first contact, LTV_NEVER. */
    uint32_t *first_contact;
    void *life;              /* owned: room for one ltv_life */
    struct ltv_crowd *crowd; /* owned: room for those who live together */
    ltv_bundles bundles;
    ltv_kept_luck kept;
    /* Borrowed, [intervention * (horizon + 1) + bill]: where opportunities of programmes with a
     * capacity are counted; NULL: they are not. */
    int64_t *eligible;
    /* Owned, [intervention]: contacts and participants of all customers of the block. */
    int64_t *contacts, *participants;
    bool overflow;      /* an amount was too large: the block is void */
    bool out_of_memory; /* likewise, a list could not grow */
} ltv_block;

/* An empty block for customers of this program. Fails with NO_MEMORY; may be freed whatever is
 * returned. */
LTV_MUST_USE ltv_status ltv_block_init(ltv_block *block, const ltv_program *program,
                                       ltv_error *err);

void ltv_block_free(ltv_block *block);

/* Empties it for n customers. */
void ltv_block_clear(ltv_block *block, const ltv_program *program, uint32_t n);

/* Finds the columns of this luck for the events of the program. */
void ltv_block_keep_luck(ltv_block *block, const ltv_program *program, ltv_luck *luck);

/* Append to the lists of the customer at hand; out of memory sets the flag. Items of customers
 * come in order; close_customer(i) ends those of customer i, who is listed, and skip_customer(i)
 * passes over one who is counted. */
void ltv_block_add_stretch(ltv_block *block, const ltv_stretch *stretch);
void ltv_block_add_cost(ltv_block *block, ltv_cost cost);
void ltv_block_add_order(ltv_block *block, ltv_order order);
void ltv_block_close_customer(ltv_block *block, const ltv_program *program, uint32_t i);
void ltv_block_skip_customer(ltv_block *block, uint32_t i);
void ltv_block_skip_all(ltv_block *block); /* nobody of the block has items */

/* Customer i, who is next, lives as in another block, of the same customers in an arm in which the
 * same happens to him and none of whose programmes acts on him. */
void ltv_block_copy_customer(ltv_block *block, const ltv_block *from, uint32_t i);

/* The same for n customers who have no items in its lists. */
void ltv_block_copy_counted(ltv_block *block, const ltv_block *from, const uint32_t *of,
                            uint32_t n);

/* The cell that customer i joined: those of one channel and one segment. */
static inline size_t ltv_block_cell(const ltv_block *block, const ltv_program *program, uint32_t i)
{
    return block->channel[i] * program->n_segments + block->segment[i];
}

/* The stretches of customer i: *n of them, none if he is counted. Borrowed. */
static inline const ltv_stretch *ltv_block_stretches(const ltv_block *block, uint32_t i, size_t *n)
{
    size_t first = i > 0 ? block->stretches.end[i - 1] : 0;
    *n = block->stretches.end[i] - first;
    return block->stretches.items + first;
}

/* How many customers he stands for. */
static inline int64_t ltv_block_times(const ltv_block *block, uint32_t i)
{
    return block->times != NULL ? block->times[i] : 1;
}

/* Whether customer i pays this bill (0 ... horizon). */
bool ltv_block_pays(const ltv_block *block, uint32_t i, uint32_t bill);

#endif
