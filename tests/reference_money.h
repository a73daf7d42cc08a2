/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_REFERENCE_MONEY_H
#define LTV_TESTS_REFERENCE_MONEY_H

#include "reference_customer.h"

/* Inside the slow twin: what a customer pays and costs (docs/model.md, section 5). */

/* He pays this bill with all that he holds. */
void pay_bill(person *p, uint32_t bill);

/* A cost of a programme for him, in major units, dated at a bill below the horizon. */
void pay_programme(person *p, uint32_t bill, double amount);

/* Costs of programmes that hold him at this bill, which he pays. */
void pay_period_costs(person *p, uint32_t bill);

/* The orders of period u, dated at bill u, which he pays. */
void place_orders(person *p, uint32_t u);

/* All months done: what they were worth. */
void value_customer(person *p);

#endif
