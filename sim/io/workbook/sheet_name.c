/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/sheet_name.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/io/complain.h"

static const char forbidden[] = "[]:*?/\\'";
static const char ellipsis[] = "…";

/* Room that a character takes in a name: those beyond U+FFFF take two. */
static size_t units_of(uint32_t code)
{
    return code > 0xFFFF ? 2 : 1;
}

/* As much of `wanted` as fits `units`, without what is forbidden and without blanks at its ends.
 * Returns whether all of it did. */
static bool copy_allowed(ltv_sheet_name *name, const char *wanted, size_t units)
{
    size_t used = 0, size = 0, left = strlen(wanted);
    while (left > 0) {
        uint32_t code = 0;
        size_t length = ltv_utf8_next(wanted, left, &code);
        if (length == 0)
            break;
        bool blank = code <= ' ' || code == 0x7F || (code < 0x80 && strchr(forbidden, (int)code));
        if (used + units_of(code) > units)
            break;
        if (!blank)
            memcpy(name->text + size, wanted, length);
        else if (size > 0)
            name->text[size] = ' ';
        if (!blank || size > 0) {
            size += blank ? 1 : length;
            used += units_of(code);
        }
        wanted += length;
        left -= length;
    }
    while (size > 0 && name->text[size - 1] == ' ')
        size--;
    name->text[size] = '\0';
    return left == 0;
}

/* `wanted` and behind it `suffix`, cut between the two. */
static ltv_sheet_name fit(const char *wanted, const char *suffix)
{
    ltv_sheet_name name;
    size_t room = LTV_SHEET_NAME_UNITS - strlen(suffix);
    if (!copy_allowed(&name, wanted, room)) {
        copy_allowed(&name, wanted, room - 1);
        strcat(name.text, ellipsis);
    }
    if (name.text[0] == '\0' || strcasecmp(name.text, "history") == 0)
        strcpy(name.text, "Sheet");
    strcat(name.text, suffix);
    return name;
}

/* Excel compares names without regard to capitals; of other alphabets than ours, a number too many
 * would not hurt, but they have to be the same letter for that. */
static bool is_taken(const ltv_sheet_name *name, const ltv_sheet_name *taken, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(taken[i].text, name->text) == 0)
            return true;
    return false;
}

ltv_sheet_name ltv_sheet_name_make(const char *wanted, const ltv_sheet_name *taken, size_t n)
{
    ltv_sheet_name name = fit(wanted, "");
    for (unsigned number = 2; is_taken(&name, taken, n); number++) {
        char suffix[16];
        snprintf(suffix, sizeof suffix, " (%u)", number);
        name = fit(wanted, suffix);
    }
    return name;
}
