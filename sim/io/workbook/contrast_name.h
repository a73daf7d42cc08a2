/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_CONTRAST_NAME_H
#define LTV_SIM_IO_WORKBOOK_CONTRAST_NAME_H

#include "sim/io/workbook/book.h"

/* The two arms of a contrast; borrowed from the book. */
typedef struct {
    const char *arm, *against;
} ltv_contrast_arms;
ltv_contrast_arms ltv_contrast_arms_of(const ltv_book *book, size_t contrast);

typedef struct {
    char text[256];
} ltv_contrast_name;

/* "onboarding vs today". */
ltv_contrast_name ltv_contrast_name_of(const ltv_book *book, size_t contrast);

#endif
