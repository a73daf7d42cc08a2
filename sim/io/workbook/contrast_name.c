/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/contrast_name.h"

#include <stdio.h>

#include "sim/io/workbook/column.h"

/* Files of format 1.0 may hold arms against the baseline that do not name the two. */
ltv_contrast_arms ltv_contrast_arms_of(const ltv_book *book, size_t contrast)
{
    ltv_source group = ltv_source_join("/compare/", book->contrasts[contrast]);
    const char *arm = ltv_document_string(book->doc, ltv_source_join(group.text, "@arm").text);
    const char *against =
        ltv_document_string(book->doc, ltv_source_join(group.text, "@against").text);
    return (ltv_contrast_arms){.arm = arm != NULL ? arm : book->contrasts[contrast],
                               .against = against != NULL ? against : book->baseline};
}

ltv_contrast_name ltv_contrast_name_of(const ltv_book *book, size_t contrast)
{
    ltv_contrast_name name;
    ltv_contrast_arms arms = ltv_contrast_arms_of(book, contrast);
    snprintf(name.text, sizeof name.text, "%.120s vs %.120s", arms.arm, arms.against);
    return name;
}
