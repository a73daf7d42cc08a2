/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_TALLY_H
#define LTV_SIM_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/block.h"
#include "sim/moments.h"
#include "sim/outline.h"
#include "sim/program.h"
#include "sim/scenario.h"
#include "sim/sketch.h"

/* Counts and sums over simulated customers. Everything in here is a whole number, so tallies of
 * blocks merge to the same bits in any order. Money in quanta. */

/* What a customer amounts to: figures whose moments are kept for every channel and segment.
 * "..._both" is a sum of two others, for their covariance (see moments.h). */
typedef enum {
    LTV_FIGURE_LTV,
    LTV_FIGURE_NET_LTV, /* LTV minus his own CAC */
    LTV_FIGURE_LTV_BY,  /* + k: LTV of what is dated before bill program->checkpoint[k] */
    LTV_FIGURE_BILLS = LTV_FIGURE_LTV_BY + LTV_CHECKPOINTS, /* paid below the horizon */
    LTV_FIGURE_FIRST_REVENUE,                               /* of bill 0, orders included */
    LTV_FIGURE_FIRST_RECURRING,                             /* recurring revenue of bill 0 … */
    LTV_FIGURE_YEAR_RECURRING,                              /* … and one year on */
    LTV_FIGURE_RECURRING_BOTH,
    LTV_FIGURE_YEAR_CAPPED, /* the smaller of the two */
    LTV_FIGURE_CAPPED_BOTH, /* it and that of bill 0 */
    LTV_FIGURE_PROGRAMME_COST,
    LTV_FIGURE_ORDERS,       /* their number */
    LTV_FIGURE_BEYOND_PLAIN, /* LTV minus that of his plain life: what events do to it */
    LTV_FIGURES              /* number of figures */
} ltv_figure;

/* The customers of one channel and one segment. */
typedef struct {
    ltv_moments of[LTV_FIGURES];          /* see counted_as */
    int64_t at_least_cac, at_least_3_cac; /* customers with LTV >= their CAC, >= 3 CAC */
    __int128 cac;                         /* sum of their CAC */
} ltv_cell_tally;

/* Distributions that cannot be had from the cells. */
typedef struct {
    ltv_sketch ltv, net_ltv; /* net_ltv is unused while no channel has a CAC */
    ltv_money least, most;   /* of LTV; least > most while there is no customer */
    ltv_money net_least, net_most;
} ltv_spread_tally;

/* What flows with each bill, undiscounted; the amounts of stretches at price index 1. */
typedef enum {
    LTV_FLOW_PAYING,    /* customers who pay */
    LTV_FLOW_RECURRING, /* recurring revenue before price_off … */
    LTV_FLOW_REVENUE,   /* … and after it; without orders */
    LTV_FLOW_MARGIN,    /* gross margin of that */
    LTV_FLOW_FORGONE,   /* gross margin given away by price_off */
    LTV_FLOW_SERVICE,   /* service cost */
    LTV_FLOW_ORDERS,    /* value of orders */
    LTV_FLOW_COSTS,     /* contacts, participants and periods of programmes */
    LTV_FLOWS
} ltv_flow;

/* change[flow][u] is what comes with bill u minus what came with bill u - 1, summed over
 * customers. NULL where nothing of the kind can flow, or, for REVENUE, where it is RECURRING. */
typedef struct {
    __int128 *change[LTV_FLOWS]; /* owned, [horizon + 2] */
} ltv_flow_tally;

typedef struct {
    size_t n_segments, n_channels, n_components, n_interventions;
    uint32_t horizon;
    /* Figures that are the same for every customer are counted once: under which name, or
     * LTV_FIGURES for one that no customer of this program has. */
    ltv_figure counted_as[LTV_FIGURES];
    ltv_cell_tally *cells;        /* owned, [channel * n_segments + segment] */
    ltv_spread_tally *by_segment; /* owned, [n_segments] */
    ltv_spread_tally *by_channel; /* owned, [n_channels]; NULL with a single channel */
    ltv_flow_tally *segment_flows, *channel_flows; /* owned, likewise */
    /* Owned: customers who hold a component at bill u, as changes from bill to bill,
     * [component * (horizon + 2) + u]; NULL in a plain program. */
    int64_t *holders;
    /* Likewise, the recurring revenue that each component brings, before price_off and at price
     * index 1: the parts of a stretch are whole quanta and sum to the whole. */
    __int128 *recurring;
    int64_t *contacts, *participants; /* owned, [n_interventions] */
} ltv_arm_tally;

/* What differs between two arms for one customer. */
typedef enum {
    LTV_DELTA_LTV,
    LTV_DELTA_COST, /* programme cost */
    LTV_DELTA_BOTH, /* their sum: value before programme cost */
    LTV_DELTAS
} ltv_delta;

/* An arm minus another, customer by customer. */
typedef struct {
    size_t arm, against; /* indices of arms */
    size_t n_cells;
    ltv_moments (*cells)[LTV_DELTAS]; /* owned, [channel * n_segments + segment] of `arm` */
    ltv_sketch distribution;          /* of the difference of LTV */
    ltv_money least, most;
    /* Bit k: the arm's programme k is not one of the other's. */
    uint64_t own_programmes;
    /* Of customers whom one of those contacts: pays one year after the first contact, 1, 0 or
     * -1; all others 0. Empty without such a programme, or with a horizon below a year. */
    ltv_moments saved;
    /* Of those contacted, whether that year ends within the horizon. */
    int64_t followed, not_followed;
    ltv_moments pays_one_year_on; /* after joining, likewise */
    ltv_moments saves;            /* cancellations and payment failures averted */
    /* Added programme cost of customers who pay as many bills and are worth the same before
     * programme cost in both arms. */
    __int128 deadweight;
} ltv_contrast_tally;

typedef struct ltv_tally_room ltv_tally_room;

typedef struct {
    size_t n_arms, n_contrasts;
    ltv_arm_tally *arms;           /* owned */
    ltv_contrast_tally *contrasts; /* owned; those of the scenario */
    ltv_tally_room *room; /* owned: what is worked out of one block; NULL before the first one */
    /* Owned: LTV and net LTV of each arm, then the difference of each contrast; NULL unless asked
     * for (ltv_tally_count_outlines). */
    ltv_outline *outlines;
    bool overflow;      /* an amount was too large: the tally is void */
    bool out_of_memory; /* likewise, a block could not be written */
} ltv_tally;

/* An empty tally for the arms and contrasts of a scenario; programs[a] is that of arm a. Fails
 * with NO_MEMORY; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_tally_init(ltv_tally *tally, const ltv_scenario *scenario,
                                       const ltv_program *programs, ltv_error *err);

/* Counts outlines of distributions too, from the first block on: for tallies of one draw of
 * several. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_tally_count_outlines(ltv_tally *tally, ltv_error *err);

/* The place in outlines of an arm's LTV, of its net LTV, and of a contrast. */
static inline size_t ltv_outline_of_arm(size_t arm, bool net)
{
    return 2 * arm + net;
}
static inline size_t ltv_outline_of_contrast(size_t n_arms, size_t contrast)
{
    return 2 * n_arms + contrast;
}

/* Adds one block; blocks[a] is what became of the same customers in arm a. Customers may stand
 * for several (block->times), in every arm for as many. */
void ltv_tally_add(ltv_tally *tally, const ltv_program *programs, const ltv_block *blocks);

/* Adds `from`, which must be a tally for the same scenario. */
void ltv_tally_merge(ltv_tally *into, const ltv_tally *from);

/* Exchanges the distributions of two tallies for the same scenario, and the room to work in, but no
 * other counts: so a tally of one draw counts into those of all draws, which are large and wanted
 * only once. */
void ltv_tally_swap_large(ltv_tally *a, ltv_tally *b);

/* True when a block or a counter could not be allocated on the way. */
bool ltv_tally_out_of_memory(const ltv_tally *tally);

void ltv_tally_free(ltv_tally *tally);

/* An empty ltv_spread_tally, and the sum of two. */
void ltv_spread_tally_init(ltv_spread_tally *spread);
void ltv_spread_tally_merge(ltv_spread_tally *into, const ltv_spread_tally *from);
void ltv_spread_tally_free(ltv_spread_tally *spread);

#endif
