/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_TERMS_H
#define LTV_SIM_CLI_TERMS_H

#include <stdint.h>
#include <stdio.h>

#include "sim/cli/terminal.h"

/* What no amount means anything without. Strings are borrowed. */
typedef struct {
    const char *title;
    const char *currency; /* ISO 4217 code */
    const char *unit;     /* "month" */
    int64_t horizon;      /* periods */
    double discount_rate_per_year;
    const char *payment; /* "advance", "mid" or "arrears" */
} ltv_terms;

/* Prints the title and, on a second line, currency, horizon, discounting and `more` (may be "").
 */
void ltv_terms_print(FILE *out, const ltv_terms *terms, const char *more,
                     const ltv_terminal *terminal);

#endif
