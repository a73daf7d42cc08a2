/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/classes.h"

#include <stdlib.h>

#include "sim/kernel/luck.h"

bool ltv_classes_init(ltv_classes *classes, uint32_t place_bits)
{
    uint32_t places = (uint32_t)1 << place_bits, room = places / 4 * 3;
    *classes = (ltv_classes){.place_bits = place_bits,
                             .places = calloc(places, sizeof *classes->places),
                             .occupied = calloc(room, sizeof *classes->occupied),
                             .most = room - LTV_BLOCK};
    return classes->places != NULL && classes->occupied != NULL;
}

void ltv_classes_free(ltv_classes *classes)
{
    free(classes->places);
    free(classes->occupied);
    *classes = (ltv_classes){0};
}

/* The place of a class, or an empty one for it. */
static inline ltv_class *find(ltv_classes *classes, uint64_t code)
{
    /* 2^64 over the golden ratio: codes that differ in a few digits go to places far apart. */
    uint64_t place = code * 0x9e3779b97f4a7c15 >> (64 - classes->place_bits);
    uint64_t last = ((uint64_t)1 << classes->place_bits) - 1;
    while (classes->places[place].times > 0 && classes->places[place].code != code)
        place = (place + 1) & last;
    return &classes->places[place];
}

void ltv_classes_count(ltv_classes *classes, const uint64_t *code, const uint32_t *customer,
                       uint32_t n)
{
    uint32_t *occupied = classes->occupied + classes->n, n_new = 0;
    for (uint32_t j = 0; j < n; j++) {
        ltv_class *his = find(classes, code[j]);
        if (__builtin_expect(his->times == 0, 0)) {
            *his = (ltv_class){.code = code[j], .customer = customer[j]};
            occupied[n_new++] = (uint32_t)(his - classes->places);
        }
        his->times++;
    }
    classes->n += n_new;
    classes->n_customers += n;
}

uint32_t ltv_classes_take(ltv_classes *classes, uint32_t *customers, int64_t *times, uint32_t room)
{
    uint32_t n = 0;
    for (; classes->next < classes->n && n < room; classes->next++, n++) {
        ltv_class *next = &classes->places[classes->occupied[classes->next]];
        customers[n] = next->customer;
        times[n] = next->times;
        next->times = 0;
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
