/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/classes.h"

#include <stdlib.h>

#include "sim/kernel/luck.h"

enum { TOGETHER = LTV_CLASSES_TOGETHER, TOGETHER_BITS = 2 };
_Static_assert(TOGETHER == 1 << TOGETHER_BITS, "a place is a line and which of its classes");
_Static_assert(sizeof(ltv_class_line) == 64, "a line of most processors' caches");

/* Memory that is 0 costs nothing before it is used; so it is not aligned where it is made. */
bool ltv_classes_init(ltv_classes *classes, uint32_t place_bits)
{
    enum { LINE = sizeof(ltv_class_line) };
    uint32_t places = (uint32_t)1 << place_bits, most = places / 4 * 3;
    *classes = (ltv_classes){.line_bits = place_bits - TOGETHER_BITS,
                             .room = calloc(places / TOGETHER + 1, LINE),
                             .occupied = calloc(most, sizeof *classes->occupied),
                             .most = most - LTV_BLOCK};
    char *room = classes->room;
    if (room == NULL || classes->occupied == NULL)
        return false;
    classes->lines = (ltv_class_line *)(room + LINE - (uintptr_t)room % LINE);
    return true;
}

void ltv_classes_free(ltv_classes *classes)
{
    free(classes->room);
    free(classes->occupied);
    *classes = (ltv_classes){0};
}

/* The line in which a class is looked for first. */
static inline uint32_t line_of(const ltv_classes *classes, uint64_t code)
{
    /* 2^64 over the golden ratio: codes that differ in a few digits go to places far apart. */
    return (uint32_t)(code * 0x9e3779b97f4a7c15 >> (64 - classes->line_bits));
}

/* Which of a line has this code, TOGETHER: none has it. Without a branch: nobody can foresee which
 * it is, but that no two of them have it. */
static inline uint32_t find(const ltv_class_line *line, uint64_t code)
{
    uint32_t found = TOGETHER;
    for (uint32_t c = 0; c < TOGETHER; c++)
        found -= (line->code[c] == code + 1) * (TOGETHER - c);
    return found;
}

static uint32_t first_free(const ltv_class_line *line)
{
    uint32_t c = 0;
    while (c < TOGETHER && line->code[c] != 0)
        c++;
    return c;
}

/* One whose class is not in its first line: in one of those after it, or the first of his class. */
static void count_elsewhere(ltv_classes *classes, uint32_t line, uint64_t code, uint32_t customer)
{
    uint32_t last = ((uint32_t)1 << classes->line_bits) - 1, c;
    ltv_class_line *at = &classes->lines[line];
    while ((c = find(at, code)) == TOGETHER && (c = first_free(at)) == TOGETHER) {
        line = (line + 1) & last;
        at = &classes->lines[line];
    }
    if (at->code[c] == 0) {
        at->code[c] = code + 1;
        at->times[c] = 0;
        at->customer[c] = customer;
        classes->occupied[classes->n++] = line * TOGETHER + c;
    }
    at->times[c]++;
}

void ltv_classes_count(ltv_classes *classes, const uint64_t *code, const uint32_t *customer,
                       uint32_t n)
{
    uint32_t line[LTV_BLOCK];
    for (uint32_t j = 0; j < n; j++) { /* all are on their way before the first is needed */
        line[j] = line_of(classes, code[j]);
        __builtin_prefetch(&classes->lines[line[j]], 1);
    }
    for (uint32_t j = 0; j < n; j++) {
        uint32_t c = find(&classes->lines[line[j]], code[j]);
        if (__builtin_expect(c < TOGETHER, 1))
            classes->lines[line[j]].times[c]++;
        else
            count_elsewhere(classes, line[j], code[j], customer[j]);
    }
    classes->n_customers += n;
}

uint32_t ltv_classes_take(ltv_classes *classes, uint32_t *customers, int64_t *times, uint32_t room)
{
    uint32_t n = 0;
    for (; classes->next < classes->n && n < room; classes->next++, n++) {
        uint32_t place = classes->occupied[classes->next], c = place % TOGETHER;
        ltv_class_line *line = &classes->lines[place / TOGETHER];
        customers[n] = line->customer[c];
        times[n] = line->times[c];
        line->code[c] = 0;
    }
    return n;
}

void ltv_classes_begin(ltv_classes *classes, bool pays)
{
    enum { SHORTEST_REST = 16, LONGEST_REST = 1 << 20 };
    if (pays || classes->next_rest == 0)
        classes->next_rest = SHORTEST_REST;
    if (!pays) {
        classes->rests_for = classes->next_rest + 1; /* this lot has not ended */
        classes->next_rest *= classes->next_rest < LONGEST_REST ? 2 : 1;
    }
    classes->n = classes->next = 0;
    classes->n_customers = 0;
}

void ltv_classes_end_lot(ltv_classes *classes)
{
    classes->rests_for -= classes->rests_for > 0;
}
