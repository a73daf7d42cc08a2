/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/warnings.h"

#include <stdlib.h>
#include <string.h>

static const char *const warnings[][LTV_LANGUAGES] = {
#define X(english, japanese) {english, japanese},
    LTV_WARNINGS(X)
#undef X
};
enum { N_WARNINGS = sizeof warnings / sizeof *warnings };

/* ltvsim writes none that is longer; matching takes its time with what somebody else wrote. */
enum { LONGEST = 1024 };

/* ---- What stands where a pattern has blanks ----------------------------------------------- */

enum { MOST_BLANKS = 6, NAME_SIZE = 16 };

typedef struct {
    char name[NAME_SIZE];
    const char *at; /* borrowed */
    size_t length;
} filling;

typedef struct {
    size_t n;
    filling of[MOST_BLANKS];
} fillings;

/* The length of the name of a blank that begins at "{", 0 where none does: "{…}" is text. */
static size_t blank_at(const char *pattern)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    size_t length = pattern[0] == '{' ? strspn(pattern + 1, letters) : 0;
    return length > 0 && length < NAME_SIZE && pattern[1 + length] == '}' ? length : 0;
}

static const filling *find_filling(const fillings *all, const char *name, size_t length)
{
    for (size_t i = 0; i < all->n; i++)
        if (strlen(all->of[i].name) == length && strncmp(all->of[i].name, name, length) == 0)
            return &all->of[i];
    return NULL;
}

static bool matches(const char *pattern, const char *text, fillings *all);

/* A blank that stands there again is filled by the same; a new one by as little as will do. */
static bool matches_blank(const char *pattern, size_t name_length, const char *text, fillings *all)
{
    const char *name = pattern + 1, *rest = pattern + name_length + 2;
    const filling *known = find_filling(all, name, name_length);
    if (known != NULL)
        return strncmp(text, known->at, known->length) == 0 &&
               matches(rest, text + known->length, all);
    if (all->n == MOST_BLANKS)
        return false;
    filling *fresh = &all->of[all->n++];
    *fresh = (filling){.at = text};
    memcpy(fresh->name, name, name_length);
    for (size_t most = strlen(text); fresh->length < most;) {
        fresh->length++;
        if (matches(rest, text + fresh->length, all))
            return true;
    }
    all->n--;
    return false;
}

static bool matches(const char *pattern, const char *text, fillings *all)
{
    while (blank_at(pattern) == 0) {
        if (*pattern != *text)
            return false;
        if (*pattern == '\0')
            return true;
        pattern++;
        text++;
    }
    return matches_blank(pattern, blank_at(pattern), text, all);
}

/* ---- The warning -------------------------------------------------------------------------- */

static char *fill(const char *text, const fillings *all)
{
    char *values[MOST_BLANKS] = {NULL}, *filled = NULL;
    ltv_blank blanks[MOST_BLANKS + 1] = {{NULL, NULL}};
    bool has_memory = true;
    for (size_t i = 0; i < all->n; i++) {
        values[i] = strndup(all->of[i].at, all->of[i].length);
        has_memory &= values[i] != NULL;
        blanks[i] = (ltv_blank){all->of[i].name, values[i]};
    }
    if (has_memory)
        filled = ltv_fill_blanks(text, blanks);
    for (size_t i = 0; i < all->n; i++)
        free(values[i]);
    return filled;
}

ltv_said_warning ltv_say_warning(ltv_language language, const char *english)
{
    for (size_t i = 0; i < N_WARNINGS && strlen(english) <= LONGEST; i++) {
        fillings all = {0};
        if (matches(warnings[i][LTV_ENGLISH], english, &all))
            return (ltv_said_warning){fill(warnings[i][language], &all), language};
    }
    return (ltv_said_warning){strdup(english), LTV_ENGLISH};
}
