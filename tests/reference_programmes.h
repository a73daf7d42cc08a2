/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_REFERENCE_PROGRAMMES_H
#define LTV_TESTS_REFERENCE_PROGRAMMES_H

#include "reference_customer.h"

/* Inside the slow twin: what programmes do to a customer (docs/model.md, sections 6 and 9). */

/* All that is due at a bill that he pays, before he pays it. */
void meet_programmes(person *p, uint32_t bill);

/* Whether one of the programmes against churn intents or payment failures keeps him, in whom the
 * clock fired in period u. It acts at bill u + 1. */
bool is_saved(person *p, ltv_trigger_kind event, uint32_t u);

/* The clocks of bluffs and false alarms: started at a bill; one period of them. */
void start_bluff_clocks(person *p, uint32_t bill);
void start_false_alarm_clocks(person *p);
void make_requests(person *p, uint32_t u);

/* An upgrade clock moved him in this period. */
void notice_upgrade(person *p);

/* He left in period u: what would have acted at bill u + 1 does not. */
void forget_events(person *p, uint32_t u);

/* Win-back: who may still bring him back, after he left in period u; one period u of trying. */
void open_win_back(person *p, uint32_t u);
void try_win_back(person *p, uint32_t u);

#endif
