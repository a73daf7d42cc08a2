/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_TEXT_H
#define LTV_SIM_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Text on a terminal: how wide UTF-8 is, cut to a width, broken into lines. Widths count
 * terminal columns: East Asian wide characters take two, combining marks none. They do not
 * depend on the locale, so that tables line up the same everywhere. */

/* Columns that the string takes. A byte that is not UTF-8 counts as one. */
int ltv_text_width(const char *text);

/* Copies `text` into buffer, cut to `columns` columns with an ellipsis (three dots unless utf8)
 * at the end where it had to be cut. Control characters become blanks. Returns buffer. */
char *ltv_text_clip(char *buffer, size_t size, const char *text, int columns, bool utf8);

/* Appends `text` to the string in buffer, as much of it as there is room for. */
void ltv_text_append(char *buffer, size_t size, const char *text);

/* Prints `text`, control characters as blanks. */
void ltv_text_print(FILE *out, const char *text);

/* Prints `text` in lines of at most `columns` columns, broken at blanks, but not
 * before a number or a per cent sign (a word that is longer stands alone). The first line follows
 * whatever was printed in its `at` columns; the others start with `indent` blanks. Ends with a
 * newline. */
void ltv_text_wrap(FILE *out, const char *text, int at, int indent, int columns);

/* Prints `n` blanks; nothing when n <= 0. */
void ltv_text_blanks(FILE *out, int n);

#endif
