/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/currency.h"

#include <string.h>

bool ltv_currency_is_code(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

int ltv_currency_decimals(const char *code)
{
    static const struct {
        int decimals;
        const char *codes;
    } exceptions[] = {
        {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
        {3, "BHD IQD JOD KWD LYD OMR TND"},
        {4, "CLF UYW"},
    };
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; ++i)
        if (strstr(exceptions[i].codes, code) != NULL)
            return exceptions[i].decimals;
    return 2;
}
