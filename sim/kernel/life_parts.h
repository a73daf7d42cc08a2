/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_LIFE_PARTS_H
#define LTV_SIM_LIFE_PARTS_H

#include "sim/kernel/life.h"

/* What the parts of a life ask of each other; only for life*.c. */

/* --- life.c: clocks and state --- */

/* Gives a clock a budget that counts from this bill on; multiplier 1 until clocks are next set. */
void ltv_clock_start(ltv_clock *clock, const double *hazard, double budget, uint32_t bill);

/* Looks for the period in which it fires, in those before `until`, at most the horizon. Returns
 * that period, or one found before, or LTV_NEVER. */
uint32_t ltv_clock_look(ltv_clock *clock, uint32_t until);

/* Uses up its budget until this bill at the multiplier that it has. */
void ltv_clock_settle(ltv_clock *clock, uint32_t bill);

/* Goes on at this bill with what is left of a budget that was settled when the clock paused. */
void ltv_clock_resume(ltv_clock *clock, uint32_t bill);

/* Has fired in this period and goes on from its anchor, its budget having been raised. */
void ltv_clock_go_on(ltv_clock *clock, uint32_t period);

void ltv_clock_stop(ltv_clock *clock);

/* Goes on with this multiplier from this bill on. */
void ltv_clock_set_times(ltv_clock *clock, double times, uint32_t bill);

/* Moves from the present bill on. A move to where he is does nothing. */
void ltv_life_move_to_plan(ltv_life *life, uint16_t plan);
void ltv_life_move_to_segment(ltv_life *life, uint16_t segment);

/* Multipliers in force at a bill when programmes go on as they run at it. */
ltv_multipliers ltv_life_multipliers(const ltv_life *life, uint32_t bill);

/* --- life_programmes.c --- */

void ltv_life_judge_audiences(ltv_life *life, ltv_uniform spend_rank);

/* Programmes of this kind try, in order, to keep a customer who leaves in this period. */
bool ltv_life_is_saved(ltv_life *life, ltv_trigger_kind kind, uint32_t period);

/* All that programmes do at the present bill, in their order. */
void ltv_life_act(ltv_life *life);

/* Offers all programmes of this kind at the next bill. */
void ltv_life_queue(ltv_life *life, ltv_trigger_kind kind);

/* Clocks of bluffs and false alarms: from a bill on; in a period. */
void ltv_life_start_programme_clocks(ltv_life *life, uint32_t bill);
void ltv_life_fire_programme_clocks(ltv_life *life, uint32_t period);

/* The bill after the present one at which a programme is next due or changes something else than
 * voluntary churn. */
uint32_t ltv_life_next_due(const ltv_life *life);

/* The next bill at which a running programme changes voluntary churn, or changes at all. */
uint32_t ltv_life_next_change(const ltv_life *life, uint32_t bill);

/* He left in this period: opens the windows in which he can be won back. True if there is one. */
bool ltv_life_open_windows(ltv_life *life, uint32_t period);

/* One period of being away. True when he comes back at the next bill. */
bool ltv_life_is_won_back(ltv_life *life, uint32_t period);

/* --- life_money.c --- */

/* Opens, goes on with, or changes the stretch at the present bill. */
void ltv_life_pay(ltv_life *life);

/* Ends the open stretch before this bill. */
void ltv_life_stop_paying(ltv_life *life, uint32_t bill);

/* Cost of a programme at a bill: nothing beyond the horizon. */
void ltv_life_charge_contact(ltv_life *life, uint32_t programme, uint32_t bill);
void ltv_life_charge_participant(ltv_life *life, uint32_t programme, uint32_t bill);

/* Period costs of a programme run from the present bill on; end before a bill. */
void ltv_life_run_period_cost(ltv_life *life, uint32_t programme);
void ltv_life_stop_period_cost(ltv_life *life, uint32_t programme, uint32_t bill);

void ltv_life_begin_orders(ltv_life *life);
void ltv_life_order(ltv_life *life, uint32_t period);

#endif
