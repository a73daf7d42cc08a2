/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CROWD_PARTS_H
#define LTV_SIM_CROWD_PARTS_H

#include "sim/kernel/crowd.h"
#include "sim/kernel/hazards.h"
#include "sim/kernel/paths.h"

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

/* Clocks, one of each slot for each customer: [slot * LTV_BLOCK + i]. Of those that are not of
 * voluntary churn it is kept only when they fire, unless programmes change them. */
typedef struct {
    double *remaining, *times;        /* owned */
    uint32_t *table, *anchor, *fires; /* owned */
} ltv_crowd_clocks;

/* A clock that customers have when they join, by the address of its budget. */
typedef struct {
    ltv_lever lever;
    ltv_purpose purpose;
    uint32_t name;
    const double *cumulative; /* hazard at multiplier 1, at bills 0 ... horizon; borrowed */
    bool can_fire;
} ltv_first_clock;

/* Where the budget of a clock is read. */
typedef struct {
    uint32_t name;
    ltv_purpose purpose;
    uint32_t occurrence;
} ltv_clock_address;

/* The clock of a plan change. */
typedef struct {
    uint16_t fires;  /* 1 or 0 */
    uint16_t to;     /* the plan that comes then */
    uint32_t number; /* of the change */
    uint32_t table, name;
    ltv_purpose purpose;
    ltv_lever lever;
} ltv_change_clock;

/* Clocks to look at, one after the other; `customer` and what follows are the addresses of budgets
 * that are still to be read. */
typedef struct {
    size_t n;
    uint32_t *place, *table, *anchor;                 /* owned */
    double *times, *remaining;                        /* owned */
    uint32_t *customer, *name, *purpose, *occurrence; /* owned */
} ltv_clock_queue;

/* More are not made, so that they stay near the processor. */
enum { LTV_CROWD_LADDERS = 64, LTV_CROWD_RUNGS = 1 << 13 };

/* More are not made, so that they stay near the processor. */
enum { LTV_CROWD_COURSES = 128 };

/* A programme: [i]. LTV_NEVER: it does not run, or is not paid for. */
typedef struct {
    uint32_t began[LTV_BLOCK], changes[LTV_BLOCK], paid_from[LTV_BLOCK];
} ltv_crowd_programme;

struct ltv_crowd {
    const ltv_program *program; /* of this life, like all pointers that are not owned */
    const ltv_luck *luck;
    ltv_block *block;

    /* Worked out once for many blocks: hazards of all clocks of the program, one table after the
     * other, and its first clocks but that of voluntary churn. */
    uint64_t tables_number; /* ltv_program's; 0: none yet */
    size_t stride;          /* of a table */
    ltv_hazards hazards;    /* owned */
    double *first_churn;    /* owned, [kind * n_plans + plan]: multiplier of voluntary churn */
    bool reads_heads;       /* first clocks are looked at by their heads */
    ltv_first_clock *first; /* owned */
    /* Which ladder is for a first clock, a kind and a path. */
    size_t n_ladders;
    uint16_t ladder_of[LTV_CROWD_LADDERS]; /* [(clock * n_kinds + kind) * n_first_paths + path] */
    size_t n_first_paths;                  /* 1 unless all clocks walk on paths */
    ltv_ladder ladders[LTV_CROWD_LADDERS]; /* owned */
    double *rung_hazards; /* owned, [horizon + 2]: room for what a ladder is made of */

    /* Where it foresees what happens between changes (crowd_foreseen.c). Course: a kind, a plan and
     * a path. */
    bool foresees;
    uint64_t programmes_number; /* ltv_program's, whose paths they are */
    uint32_t n_paths;
    ltv_path paths[LTV_LEVERS][LTV_CROWD_PATHS];
    /* Of all of them: owned, [LTV_LEVERS * path_bills]; and as many for each programme that may
     * turn somebody. */
    size_t path_bills, most_turning;
    uint32_t *path_from;
    uint16_t *path_at;
    double *path_factors;
    size_t n_courses_made; /* ladders that have been asked for */
    bool course_made[LTV_CROWD_COURSES];
    ltv_ladder courses[LTV_CROWD_COURSES]; /* owned, [(kind * n_plans + plan) * n_paths + path] */
    const uint16_t *course_guide[LTV_CROWD_COURSES]; /* of its ladder, or one that says nothing */
    uint16_t course_of[LTV_BLOCK];                   /* whose members' they are when they join */
    uint32_t foreseen_from[LTV_BLOCK];               /* the bill of his last change, or 0 */

    /* When first clocks fire, [n_slots * LTV_BLOCK], for the arms after this one; of whom. */
    uint32_t *first_fires; /* owned */
    uint64_t first_luck;   /* the number of their luck; 0: there are none */

    size_t n_slots, first_change_slot, n_cells;
    ltv_crowd_clocks clocks;

    /* Who they are, where they stand: [i]. */
    uint64_t audience[LTV_BLOCK], running[LTV_BLOCK];
    const ltv_kind *kind[LTV_BLOCK];
    uint32_t add_ons[LTV_BLOCK];
    uint32_t bill[LTV_BLOCK];
    uint32_t due[LTV_BLOCK];     /* bill at which a programme next acts or changes */
    uint32_t soonest[LTV_BLOCK]; /* period in which a clock of an add-on or a plan change fires */
    uint32_t next_appointment[LTV_BLOCK];
    uint32_t term_began[LTV_BLOCK], leaves_after[LTV_BLOCK];
    uint16_t plan[LTV_BLOCK], first_plan[LTV_BLOCK];
    bool cured[LTV_BLOCK];
    double steady_churn[LTV_BLOCK]; /* multiplier before programmes; 0: cured */
    /* Owned, [n * LTV_BLOCK + i]: how often the clocks of plan n have started since he joined;
     * after all plans, for each add-on, how often the one that attaches it, and the one that drops
     * it. */
    uint16_t *times_taken;
    size_t n_taken;
    ltv_crowd_programme *programmes; /* owned, [n_interventions] */
    uint64_t known_programmes;       /* ltv_crowd_programmes */
    /* Some programme changes other hazards than voluntary churn: in rounds; or on paths, on which
     * all clocks walk then. */
    bool others_change, walks;
    bool has_terms, some_cured;

    /* Where customers are counted: what the first bills of each row are worth, at the places of its
     * holders (ltv_counted). */
    bool counts;
    uint32_t quiet;              /* bit a: add-on a concerns nothing that happens in a round */
    ltv_worth *worth;            /* owned */
    ltv_money *in_a_year;        /* owned: likewise, what of them he pays with the bill a year on */
    uint32_t row_stride;         /* ltv_counted's */
    uint32_t rows_of[LTV_BLOCK]; /* the place where those of his cell begin */
    uint32_t plan_since[LTV_BLOCK]; /* first bill with the plan he has */
    uint32_t *held_since; /* owned, [add-on * LTV_BLOCK + i]; of those that are not quiet */
    /* All that was held, but the last plans. */
    size_t n_holdings, holding_capacity;
    ltv_held *holdings; /* owned */

    /* Else logs: entry i is the first of customer i; for costs it is empty. */
    size_t n_held, held_capacity, n_costs, cost_capacity;
    ltv_held_entry *held;  /* owned */
    ltv_cost_entry *costs; /* owned */
    uint32_t last_held[LTV_BLOCK], last_cost[LTV_BLOCK];

    /* Who still lives, clocks to look at, and those to start. */
    uint32_t n_living, living[LTV_BLOCK];
    uint32_t n_members, member[LTV_BLOCK]; /* all of them, dead or alive */
    uint32_t ends_before[LTV_BLOCK];       /* the first bill he does not pay; horizon + 1: none */
    ltv_clock_queue queue, unread;         /* owned */
    /* Whose clock in a slot starts anew with their present bills, [slot * LTV_BLOCK + ...]. */
    uint32_t *n_starting, *starting; /* owned, by slot; of all plan changes, by the first one's */
    /* Of each place of each plan, [plan * n_change_slots + place]. */
    size_t n_change_slots;
    ltv_change_clock *change_clocks; /* owned */
};

static inline uint32_t ltv_earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The period in which a clock fires that has fired by this bill, 0: it is not known; without a
 * branch. */
static inline uint32_t ltv_period_before(uint32_t bill, uint32_t horizon)
{
    return (bill - 1) | -(uint32_t)(bill > horizon); /* LTV_NEVER has all bits */
}

/* Programmes as bits. */
static inline uint64_t ltv_bit(size_t k)
{
    return (uint64_t)1 << k;
}

static inline uint32_t ltv_first_of(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

enum { LTV_SLOT_VOLUNTARY, LTV_SLOT_INVOLUNTARY, LTV_SLOT_ADD_ONS };

static inline size_t ltv_crowd_place(size_t slot, uint32_t i)
{
    return slot * LTV_BLOCK + i;
}

/* --- crowd_clocks.c --- */

/* Which table these go by; voluntary churn by that of the segment. */
uint32_t ltv_crowd_involuntary_table(const ltv_crowd *crowd);
uint32_t ltv_crowd_add_on_table(const ltv_crowd *crowd, size_t a, bool held);
uint32_t ltv_crowd_change_table(const ltv_crowd *crowd, size_t number);
uint32_t ltv_crowd_empty_table(const ltv_crowd *crowd); /* without any hazard */

size_t ltv_crowd_n_tables(const ltv_program *program);
void ltv_crowd_copy_hazards(ltv_crowd *crowd);

/* Room for some clocks. False when memory is short; may be freed either way. */
bool ltv_crowd_init_queue(ltv_clock_queue *queue);
void ltv_crowd_free_queue(ltv_clock_queue *queue);

/* Sets the clock of a slot, going from customer i's present bill on. It is not looked at. */
void ltv_crowd_set_clock(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                         double budget);

/* The same below the horizon, and it is looked at with the queues. */
void ltv_crowd_start_clock(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                           double budget);

/* The same; its budget is read then, too. */
void ltv_crowd_start_unread(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                            const ltv_clock_address *budget);

/* The queue of those with room for n <= LTV_BLOCK more; puts one at a place of it. */
ltv_clock_queue ltv_crowd_unread_for(ltv_crowd *crowd, uint32_t n);

static inline void ltv_crowd_put_unread(const ltv_clock_queue *unread, size_t at, size_t slot,
                                        uint32_t i, const ltv_crowd *crowd, uint32_t table,
                                        double times, const ltv_clock_address *budget)
{
    unread->place[at] = (uint32_t)ltv_crowd_place(slot, i);
    unread->table[at] = table;
    unread->anchor[at] = crowd->bill[i];
    unread->times[at] = times;
    unread->customer[at] = crowd->luck->customer[i];
    unread->name[at] = budget->name;
    unread->purpose[at] = budget->purpose;
    unread->occurrence[at] = budget->occurrence;
}

/* They never fire, until others are started. */
void ltv_crowd_stop_clocks(ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n);

/* Clocks of n customers in a slot go on with these multipliers, times[i], from their present bills
 * on, below the horizon; those that had another one are looked at with the queues. */
void ltv_crowd_set_times(ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n,
                         const double times[LTV_BLOCK]);

/* The queue of clocks that stand somewhere with room for n <= LTV_BLOCK more; puts one at a place
 * of it. */
ltv_clock_queue ltv_crowd_queue_for(ltv_crowd *crowd, uint32_t n);

static inline void ltv_crowd_put(const ltv_clock_queue *queue, size_t at, size_t slot, uint32_t i,
                                 uint32_t table, const ltv_stand *stand)
{
    queue->place[at] = (uint32_t)ltv_crowd_place(slot, i);
    queue->table[at] = table;
    queue->anchor[at] = stand->anchor;
    queue->times[at] = stand->times;
    queue->remaining[at] = stand->remaining;
}

/* When the clocks of the first n customers in a slot fire; those in the queues, which are empty
 * then. */
void ltv_crowd_look_at_slot(ltv_crowd *crowd, size_t slot, uint32_t n);
void ltv_crowd_look_at_queues(ltv_crowd *crowd);

/* --- crowd_first.c --- */

/* First clocks by number: that of involuntary churn, those that attach each add-on, all plan
 * changes. */
enum { LTV_FIRST_INVOLUNTARY, LTV_FIRST_ATTACH };

/* No clock, or one that never fires. */
enum { LTV_NO_CLOCK = UINT16_MAX };

/* The first clocks of a slot: the same of everybody, or by the plan that he joined with. */
typedef struct {
    size_t n_plans; /* 1: the same of everybody */
    uint16_t number[LTV_MAX_PLANS];
} ltv_slot_clocks;

ltv_slot_clocks ltv_crowd_first_clocks(const ltv_crowd *crowd, size_t slot);

static inline uint16_t ltv_crowd_first_number(const ltv_crowd *crowd, const ltv_slot_clocks *clocks,
                                              uint32_t i)
{
    return clocks->number[clocks->n_plans > 1 ? crowd->plan[i] : 0];
}

/* What is the same for all blocks. A ladder for which memory is short is done without. */
void ltv_crowd_prepare_first(ltv_crowd *crowd);

/* Starts everybody's first clocks and looks at them, or at what another arm's crowd found out:
 * whether it did so. */
bool ltv_crowd_start_first(ltv_crowd *crowd, const ltv_crowd *other);

/* Starts one whose head does not say when it fires, or whose heads there was no room for. */
void ltv_crowd_start_exactly(ltv_crowd *crowd, size_t slot, uint32_t i, uint16_t number);

/* --- crowd_heads.c --- */

/* Whether what programmes do to first clocks is known beforehand, and the ladders for that stay
 * near the processor. */
bool ltv_crowd_has_ladders(const ltv_program *program);

void ltv_crowd_prepare_ladders(ltv_crowd *crowd);

/* When everybody's clocks of a slot fire if no programme comes. */
void ltv_crowd_start_by_heads(ltv_crowd *crowd, size_t slot);

/* Where all clocks walk on paths, when those of some customers fire who were turned to another path
 * since they were started. */
void ltv_crowd_turn_first(ltv_crowd *crowd, const uint32_t *of, uint32_t n);

/* The bills by which the first involuntary clocks of everybody fire if no programme comes, horizon
 * + 1: they don't; 0: their heads do not say. Then, those of some on their paths. */
void ltv_crowd_find_failures(const ltv_crowd *crowd, uint32_t bill[LTV_BLOCK]);
void ltv_crowd_turn_failures(const ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                             uint32_t bill[LTV_BLOCK]);

/* Starts the clocks of a slot for plan changes that some customers have with their present plans,
 * from their present bills on, by their heads. Leaves those who had that plan before (whose
 * occurrence[i] is not 0), and those whose heads do not say when it fires; returns how many. */
uint32_t ltv_crowd_start_changes_by_heads(ltv_crowd *crowd, size_t slot, const uint32_t *of,
                                          uint32_t n, const uint32_t occurrence[LTV_BLOCK],
                                          uint32_t left[LTV_BLOCK]);

/* Sets a bit of those whose clock of an add-on or a plan change, in this slot, may fire by this
 * bill, 0 ... horizon; where there is no room to know it, LTV_EVENT_MORE. */
void ltv_crowd_mark(const ltv_crowd *crowd, size_t slot, const uint32_t by[LTV_BLOCK], uint8_t bit,
                    uint8_t marks[LTV_BLOCK]);

/* --- crowd_courses.c --- */

/* What is the same for all blocks. */
void ltv_crowd_prepare_paths(ltv_crowd *crowd);

/* Programmes that turn those whom they win to another path, bit k; and how many paths there are.
 * Path 0 is that of those whom none wins. */
uint64_t ltv_crowd_turning(const ltv_program *program);
size_t ltv_crowd_n_paths(const ltv_program *program);

/* Whether all that programmes do between two changes follows from whom they win. */
bool ltv_crowd_has_paths(const ltv_program *program);

/* The cumulative hazards, 1 ... horizon + 1, that a clock comes to on a path, into rung_hazards;
 * `hazard`: at multiplier 1. */
void ltv_crowd_follow_path(ltv_crowd *crowd, const ltv_path *path, const double *hazard,
                           double steady);

/* The courses that everybody follows as if no programme won him; then, of those members whom some
 * win. Returns how many these are. */
void ltv_crowd_choose_courses(ltv_crowd *crowd);
uint32_t ltv_crowd_turn_courses(ltv_crowd *crowd, uint32_t turned[LTV_BLOCK]);

/* Makes the ladders of those that n customers follow, unless they are there; all are to be made
 * anew. */
void ltv_crowd_make_courses(ltv_crowd *crowd, const uint32_t *of, uint32_t n);
void ltv_crowd_forget_courses(ltv_crowd *crowd);

/* The path of one who follows a course, of which there are a power of two; and what is left of its
 * number: kind * n_plans + his first plan. */
static inline uint32_t ltv_crowd_path_number(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->course_of[i] & (crowd->n_paths - 1);
}

static inline const ltv_path *ltv_crowd_path(const ltv_crowd *crowd, ltv_lever lever, uint32_t i)
{
    return &crowd->paths[lever][ltv_crowd_path_number(crowd, i)];
}

static inline uint32_t ltv_crowd_joined_as(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->course_of[i] >> __builtin_ctz(crowd->n_paths);
}

/* --- crowd_foreseen.c --- */

/* The first bills that customers do not pay as long as they follow their courses, as the heads of
 * their voluntary words say it; 0: they don't. */
void ltv_crowd_climb_ladders(const ltv_crowd *crowd, const uint64_t *words, const uint32_t *of,
                             uint32_t n, uint32_t bill[LTV_BLOCK]);

/* The periods in which first voluntary clocks of n customers fire as long as they follow their
 * courses. */
void ltv_crowd_foresee_leaving(ltv_crowd *crowd, const uint32_t *of, uint32_t n);

/* All lives, from change to change. */
void ltv_crowd_live_foreseen(ltv_crowd *crowd);

/* --- crowd_counted.c --- */

/* What is the same for all blocks: whether customers are counted, and what rows are worth. */
void ltv_crowd_prepare_counting(ltv_crowd *crowd);

/* Everybody holds his first plan. */
void ltv_crowd_take_first_rows(ltv_crowd *crowd, uint32_t n);

/* What the members would be worth if nothing happened to them but that they leave, as their first
 * clocks say: the first of these columns of periods. */
void ltv_crowd_value_plain_lives(const ltv_crowd *crowd, const uint32_t *voluntary,
                                 const uint32_t *involuntary);

/* --- crowd_changes.c --- */

/* Add-ons that change nothing but what is paid, bit a: when they come and go is not asked before it
 * is known how long somebody lives. */
uint32_t ltv_crowd_quiet_add_ons(const ltv_program *program);

static inline bool ltv_crowd_is_quiet(const ltv_crowd *crowd, size_t a)
{
    return crowd->quiet >> a & 1;
}

/* What is the same for all blocks. */
void ltv_crowd_prepare_changes(ltv_crowd *crowd);

/* What clocks that fired before their present bills do to the plans and the add-ons of n customers;
 * not to those that are quiet. Clocks that follow from that are started afterwards. */
void ltv_crowd_change(ltv_crowd *crowd, const uint32_t *of, uint32_t n);
void ltv_crowd_start_clocks(ltv_crowd *crowd);

/* Counted is what everybody held, but his last plan; nobody lives any more. */
void ltv_crowd_end_holdings(ltv_crowd *crowd);

/* --- crowd_rounds.c --- */

/* Those of n customers whose voluntary clock fires before anything else happens will leave at the
 * end of their terms, if there are any; until then they go on. */
void ltv_crowd_give_notices(ltv_crowd *crowd, const uint32_t *of, uint32_t n);

/* The periods in which everybody leaves, as far as is known: the earlier of two columns. */
const uint32_t *ltv_crowd_leaving(const ltv_crowd *crowd, bool involuntarily);

/* When the first clock of an add-on or a plan change fires, of some and of the first n. */
void ltv_crowd_find_soonest(ltv_crowd *crowd, const uint32_t *of, uint32_t n);
void ltv_crowd_find_everybodys_soonest(ltv_crowd *crowd, uint32_t n);

/* All rounds of those who live. */
void ltv_crowd_live_all_rounds(ltv_crowd *crowd);

/* --- crowd.c --- */

/* Whether some plan has contract terms. */
bool ltv_crowd_has_terms(const ltv_program *program);

/* What a crowd has to have worked out of a program, and who its customers are. */
void ltv_crowd_prepare(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                       const ltv_luck *luck, const ltv_crowd_list *list);

/* Entries of a size with twice the room. NULL, and the block's flag is set, without memory: they
 * stay as they are. */
void *ltv_crowd_more_room(ltv_crowd *crowd, void *entries, size_t *capacity, size_t size);

/* Room for n <= LTV_BLOCK holdings more. Without memory the block's flag is set, and all that was
 * noted is given up: that makes room, too. */
void ltv_crowd_make_more_room_to_hold(ltv_crowd *crowd);

static inline void ltv_crowd_make_room_to_hold(ltv_crowd *crowd, size_t n)
{
    if (__builtin_expect(crowd->n_holdings + n > crowd->holding_capacity, 0))
        ltv_crowd_make_more_room_to_hold(crowd);
}

/* Customer i, who held a component between two bills. */
static inline ltv_held ltv_crowd_holding(const ltv_crowd *crowd, uint32_t i, uint32_t component,
                                         uint32_t from, uint32_t to)
{
    uint32_t row = crowd->rows_of[i] + component * crowd->row_stride;
    return (ltv_held){i, row + from, row + to};
}

/* Notes it. */
static inline void ltv_crowd_hold(ltv_crowd *crowd, uint32_t i, size_t component, uint32_t from,
                                  uint32_t to)
{
    ltv_crowd_make_room_to_hold(crowd, 1);
    crowd->holdings[crowd->n_holdings++] =
        ltv_crowd_holding(crowd, i, (uint32_t)component, from, to);
}

/* Without memory it sets the block's flag. */
void ltv_crowd_add_cost(ltv_crowd *crowd, uint32_t i, ltv_cost cost);

/* --- crowd_audiences.c --- */

/* Whether all programmes are known; whether all come by themselves and do nothing but change
 * hazards. */
bool ltv_crowd_knows_all_programmes(const ltv_program *program);
bool ltv_crowd_all_come_by_themselves(const ltv_program *program);

/* Whom programmes are for and reach and, unless that is foreseen, when the first one is due. */
void ltv_crowd_judge_audiences(ltv_crowd *crowd, const ltv_crowd_list *list);

/* Who takes part in programme k whenever he is asked, 1 or 0 each. */
void ltv_crowd_judge_uptake(const ltv_crowd *crowd, size_t k, uint8_t takes_part[LTV_BLOCK]);

/* Passes over appointments of other people. */
void ltv_crowd_skip_appointments(ltv_crowd *crowd, uint32_t i);

/* The bill of an appointment, also of the one after the last. */
static inline uint32_t ltv_crowd_appointment(const ltv_program *program, uint32_t appointment)
{
    return appointment < program->n_appointments ? program->appointments[appointment].bill
                                                 : LTV_NEVER;
}

/* --- crowd_programmes.c --- */

/* All that programmes do to n customers from the bills with which it is foreseen to those before
 * their present ones. */
void ltv_crowd_keep_appointments(ltv_crowd *crowd, const uint32_t *of, uint32_t n);

/* All that programmes do to n customers at their present bills, and when they are due again. */
void ltv_crowd_act(ltv_crowd *crowd, const uint32_t *of, uint32_t n);

/* What programme k multiplies a lever by, [bills since the trigger]; NULL: nothing. */
const double *ltv_crowd_multiplier(const ltv_program *program, size_t k, ltv_lever lever);

/* The multiplier that running programmes have on a lever at his present bill, times `times`. */
double ltv_crowd_times(const ltv_crowd *crowd, uint32_t i, ltv_lever lever, double times);

/* Ends what is paid by the period, when nobody lives any more. */
void ltv_crowd_stop_programmes(ltv_crowd *crowd);

#endif
