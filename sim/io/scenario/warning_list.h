/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WARNING_LIST_H
#define LTV_SIM_IO_WARNING_LIST_H

#include <stddef.h>

#include "base/error.h"

/* Sentences about what can be run but misleads, each said once. A zeroed list is empty. */
typedef struct {
    size_t n;
    char **lines; /* owned, and so is each of them */
} ltv_warning_list;

/* Adds the sentence unless it is there already. LTV_ERR_NO_MEMORY, without a message, when memory
 * is short. */
LTV_MUST_USE ltv_status ltv_warn(ltv_warning_list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Releases the sentences and clears. */
void ltv_warning_list_free(ltv_warning_list *list);

#endif
