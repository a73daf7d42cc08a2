/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_WORDS_H
#define LTV_SIM_CLI_REPORT_WORDS_H

#include <stddef.h>

#include "base/error.h"
#include "sim/cli/report/words_list.h"

/* What a report says, in each language: whole sentences with blanks, and what things are called.
 * All of it stands in words_list.h. */

typedef enum { LTV_ENGLISH, LTV_JAPANESE, LTV_LANGUAGES } ltv_language;

typedef enum {
#define X(name, english, japanese) LTV_WORD_##name,
    LTV_WORDS(X)
#undef X
        LTV_N_WORDS
} ltv_word;

/* "en", "ja". */
const char *ltv_language_code(ltv_language language);

/* Finds the language of that code; fails with LTV_ERR_BAD_INPUT. */
LTV_MUST_USE ltv_status ltv_language_find(ltv_language *language, const char *code, ltv_error *err);

/* The text, with its {blanks}. */
const char *ltv_word_text(ltv_language language, ltv_word word);

/* What a figure, driver or reason of that name in the results file is called. One that is not in
 * the list is called by its name, into buffer, with blanks for underscores. */
const char *ltv_term_text(ltv_language language, const char *name, char *buffer, size_t size);

/* What it means, where the list has that in this language, else NULL: in English the file says. */
const char *ltv_term_meaning(ltv_language language, const char *name);

/* What stands in for a {blank}. */
typedef struct {
    const char *name, *value;
} ltv_blank;

/* The text with each {name} replaced by its value; `blanks` ends with a NULL name. Owned; NULL
 * without memory. A blank without a value stays as it is. */
char *ltv_fill_blanks(const char *text, const ltv_blank *blanks);

#endif
