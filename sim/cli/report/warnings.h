/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_WARNINGS_H
#define LTV_SIM_CLI_REPORT_WARNINGS_H

#include <stdbool.h>

#include "sim/cli/report/words.h"

/* A warning of a results file in another language. Files hold warnings as English sentences; those
 * that ltvsim writes are known by their pattern (LTV_WARNINGS in words_list.h). */
typedef struct {
    char *text;            /* owned; NULL without memory */
    ltv_language language; /* English where the sentence is not known: it stays as it is */
} ltv_said_warning;

/* To be freed by free(text). */
ltv_said_warning ltv_say_warning(ltv_language language, const char *english);

#endif
