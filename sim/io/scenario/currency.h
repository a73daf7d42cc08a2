/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CURRENCY_H
#define LTV_SIM_IO_CURRENCY_H

#include <stdbool.h>

/* Codes of currencies by ISO 4217. */

/* Has the text the form of a code: three capital letters? New codes appear, so there is no list
 * of those in use. */
bool ltv_currency_is_code(const char *text);

/* Digits after the decimal point by ISO 4217 ("minor units"): 2 for most and for an unknown
 * code. `code` must have the form of one. */
int ltv_currency_decimals(const char *code);

#endif
