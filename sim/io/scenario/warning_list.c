/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/warning_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ltv_status ltv_warn(ltv_warning_list *list, const char *format, ...)
{
    char text[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < list->n; ++i)
        if (strcmp(list->lines[i], text) == 0)
            return LTV_OK;
    char **more = realloc(list->lines, (list->n + 1) * sizeof *more);
    if (more == NULL)
        return LTV_ERR_NO_MEMORY;
    list->lines = more;
    more[list->n] = strdup(text);
    if (more[list->n] == NULL)
        return LTV_ERR_NO_MEMORY;
    ++list->n;
    return LTV_OK;
}

void ltv_warning_list_free(ltv_warning_list *list)
{
    for (size_t i = 0; i < list->n; ++i)
        free(list->lines[i]);
    free(list->lines);
    *list = (ltv_warning_list){0};
}
