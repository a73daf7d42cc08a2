/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_LIFE_H
#define LTV_SIM_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/kernel/block.h"
#include "sim/kernel/luck.h"
#include "sim/kernel/subscription.h"
#include "sim/program.h"

/* The life of one customer from event to event (docs/model.md). Nothing is done for a month in
 * which nothing happens: clocks say in which period they fire next as long as their multiplier
 * stays, and what a stretch of equal bills is worth is a difference of two prefix sums.
 *
 * The life stops at bills. At a bill the programmes act that are due there; then it jumps to the
 * next period in which a clock fires, or to the next bill at which something is due. */

/* A clock that runs: it fires in the first period f >= anchor in which
 * times x (hazard[f + 1] - hazard[anchor]) reaches what remained of its budget at the anchor.
 * When that is, is found out only as far ahead as somebody asks: most clocks never fire, because
 * another one comes first. */
typedef struct {
    const double *hazard; /* [horizon + 2], see program.h; NULL: does not run */
    double remaining;
    double times;
    uint32_t anchor;
    uint32_t fires;  /* the period in which it fires while `times` stays; LTV_NEVER: … */
    uint32_t looked; /* … in no period before this one, as far as was looked */
} ltv_clock;

/* A programme in a customer's life. */
typedef struct {
    uint32_t began;         /* acting bill of the running profile; LTV_NEVER: none runs */
    uint32_t changes;       /* next bill at which its multipliers, price_off or holding change,
                             * or a bill gone by, when it was one at which only churn did */
    uint32_t paid_from;     /* first bill of the run of period costs; LTV_NEVER: none runs */
    uint32_t opportunities; /* CONTACT words used */
    uint32_t attempts;      /* SUCCESS words used */
    ltv_clock clock;        /* of bluffs or false alarms, while he is in the audience */
    uint32_t clock_budgets; /* budgets that it had */
} ltv_participation;

typedef struct {
    const ltv_program *program;
    const ltv_luck *luck;
    ltv_block *block; /* what becomes of him goes here … */
    uint32_t i;       /* … at this index, which is also that of his luck */

    /* Who he is. */
    uint16_t channel, joining_segment;
    double spend;         /* level */
    uint64_t in_audience; /* bit k: programme k is for the likes of him, as far as joining says */
    double z;             /* frailty, as if he were not cured; NAN while nobody asked */
    bool has_rank;
    ltv_uniform frailty_rank; /* rank of his frailty; once somebody asked */
    double order_rate;        /* personal level of his rate of orders */
    double order_value;       /* expected value of his orders, quanta */

    /* Where he stands. */
    uint32_t bill; /* the bill at hand; only while active */
    bool active;
    bool cured;
    uint16_t segment, plan; /* in force */
    uint32_t add_ons;       /* bit a: holds it */
    uint32_t term_began;
    uint32_t leaves_after; /* period of a departure that waits for the end of a term */
    uint32_t away_since;   /* while not active: the period in which he left … */
    uint32_t next_try;     /* … the next one in which he may be won back, LTV_NEVER … */
    uint64_t windows;      /* … and by which programmes: bit k */
    const ltv_kind *kind;
    uint64_t running;         /* bit k: programme k's profile runs */
    uint64_t acts, is_served; /* bit k: takes hold, or is offered, at the next bill */
    uint64_t signal_read;     /* bit k: the risk signal has looked at him */
    uint64_t flagged;
    size_t next_appointment;
    uint32_t next_due; /* the next bill at which something is due for him, see ltv_life_next_due */
    uint32_t next_event; /* the next period in which a clock fires or a departure is due; if that
                          * is not before next_due, LTV_NEVER or any such period */

    uint32_t voluntary_budgets, involuntary_budgets;
    uint32_t order_number, extra_number; /* of the next one */
    double order_times;                  /* beside those he joined with, where these are above 1 */

    /* What he holds since some bill, if he pays; and in which segment. */
    bool subscribed;
    uint16_t subscribed_segment;
    ltv_subscription subscription;

    /* What is set before it is read, or never. */
    ltv_clock voluntary, involuntary;
    /* His orders come at his rate, times what he joined with multiplies it by where that is
     * above 1; beside that, each one is placed with the multiplier for its probability where it is
     * below 1, and one above 1 brings extra orders, from a clock of their own. So a programme adds
     * and takes away orders, and all others stay as they are. */
    ltv_clock orders, extra_orders;
    ltv_words order_words; /* luck of the next order that is not an extra one */

    ltv_participation programme[]; /* of each intervention of the program */
    /* And then, so much of it as the program has (below): the clocks of add-ons; how many budgets
     * plan changes had, those that attach add-ons, and those that drop them; the clocks of plan
     * changes. */
} ltv_life;

/* Of each add-on: attach while not held, drop while held. */
static inline ltv_clock *ltv_life_add_ons(const ltv_life *life)
{
    return (ltv_clock *)(life->programme + life->program->n_interventions);
}

static inline uint32_t *ltv_life_change_budgets(const ltv_life *life)
{
    return (uint32_t *)(ltv_life_add_ons(life) + life->program->n_add_ons);
}

static inline uint32_t *ltv_life_attach_budgets(const ltv_life *life)
{
    return ltv_life_change_budgets(life) + life->program->n_changes;
}

static inline uint32_t *ltv_life_drop_budgets(const ltv_life *life)
{
    return ltv_life_attach_budgets(life) + life->program->n_add_ons;
}

/* How many budgets are counted, rounded up so that clocks may follow. */
static inline size_t ltv_life_n_budgets(const ltv_program *program)
{
    return (program->n_changes + 2 * program->n_add_ons + 1) / 2 * 2;
}

/* Those of the present plan. */
static inline ltv_clock *ltv_life_changes(const ltv_life *life)
{
    return (ltv_clock *)(void *)(ltv_life_change_budgets(life) + ltv_life_n_budgets(life->program));
}

/* Bytes of a life under this program, on whose numbers of programmes, add-ons and plan changes its
 * size depends. */
size_t ltv_life_size(const ltv_program *program);

/* What the kernel found out already about a customer who joins. */
typedef struct {
    uint16_t plan;
    double spend;           /* level */
    ltv_uniform spend_rank; /* its rank */
} ltv_newcomer;

/* Begins the life of customer i of a block whose channel, segment, CAC and level of spend are
 * there. `life` has ltv_life_size bytes; what it held does not matter. */
void ltv_life_begin(ltv_life *life, ltv_block *block, const ltv_program *program,
                    const ltv_luck *luck, uint32_t i, const ltv_newcomer *newcomer);

/* The bill at which the next thing acts; LTV_NEVER when nothing more happens. */
uint32_t ltv_life_next(const ltv_life *life);

/* Lives on until the next thing would act at bill `until` or later. */
void ltv_life_advance(ltv_life *life, uint32_t until);

/* Writes down what is left to be: he stays as he is until the horizon. */
void ltv_life_end(ltv_life *life);

#endif
