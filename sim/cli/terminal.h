/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_TERMINAL_H
#define LTV_SIM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum { LTV_PAGE_COLUMNS = 80 }; /* what every page fits into */

/* How to write to one stream. */
typedef struct {
    bool utf8;   /* else plain ASCII for everything that the program adds itself */
    bool colour; /* bold and colour sequences are welcome */
} ltv_terminal;

/* What `stream` can show: UTF-8 by the locale (setlocale must have been called), colour only on
 * a terminal that is not dumb and without NO_COLOR in the environment. */
ltv_terminal ltv_terminal_detect(FILE *stream);

/* The one of the two that the terminal can show. */
const char *ltv_glyph(const ltv_terminal *terminal, const char *utf8, const char *ascii);

/* Sequences that start and end emphasis; "" without colour. */
const char *ltv_bold(const ltv_terminal *terminal);
const char *ltv_dim(const ltv_terminal *terminal);
const char *ltv_plain(const ltv_terminal *terminal);

#endif
