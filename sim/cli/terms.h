/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_TERMS_H
#define LTV_SIM_CLI_TERMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/cli/format.h"
#include "sim/cli/terminal.h"

/* What no amount means anything without. Strings are borrowed. */
typedef struct {
    const char *title;
    const char *currency; /* ISO 4217 code */
    const char *unit;     /* "month" */
    int64_t horizon;      /* periods */
    double discount_rate_per_year;
    bool discount_is_uncertain; /* the rate is the mean of what it may be */
    const char *payment;        /* "advance", "mid" or "arrears" */
} ltv_terms;

/* Prints the title and, on a second line, currency, horizon, discounting and `more` (may be "").
 */
void ltv_terms_print(FILE *out, const ltv_terms *terms, const char *more,
                     const ltv_terminal *terminal);

/* "100,000 customers", "1,024 draws of 5,000 customers": what a run simulates in each arm; "as many
 * customers as tell them apart" for LTV_CUSTOMERS_AUTO. */
ltv_formatted ltv_terms_simulated(int64_t draws, uint64_t customers);

#endif
