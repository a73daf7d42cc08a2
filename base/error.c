/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

ltv_status ltv_fail(ltv_error *err, ltv_status code, const char *format, ...)
{
    if (err == NULL || err->code != LTV_OK)
        return code; /* the first failure is the cause; later ones are its echo */
    err->code = code;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    return code;
}

const char *ltv_status_text(ltv_status code)
{
    switch (code) {
    case LTV_OK:
        return "done";
#define X(name, number, text)                                                                      \
    case LTV_ERR_##name:                                                                           \
        return text;
        LTV_ERR_LIST(X)
#undef X
    }
    return "unknown status";
}

int ltv_status_exit_code(ltv_status code)
{
    switch (code) {
    case LTV_OK:
        return 0;
    case LTV_ERR_BAD_INPUT:
    case LTV_ERR_NOT_RESULTS: /* a wrong file was named */
    case LTV_ERR_NOT_FOUND:   /* or one that is not there */
    case LTV_ERR_OVERFLOW:    /* the scenario's amounts are too large */
        return 2;
    case LTV_ERR_INTERRUPTED:
        return 130;
    default:
        return 1;
    }
}
