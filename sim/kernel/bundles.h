/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_BUNDLES_H
#define LTV_SIM_BUNDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/money.h"
#include "sim/program.h"

/* What customers of one kind pay for a bundle: a plan, and the add-ons that are held with it. Its
 * sums over components are the same for all who hold it, and are kept. */

/* Bills are valued up to each checkpoint and, in the last place, all of them. */
enum { LTV_VALUED_ALL = LTV_CHECKPOINTS, LTV_VALUED };

/* What the first bills of a bundle, so many, are worth, discounted: those of them before each
 * checkpoint, and all. What bills from ... to - 1 are worth is a difference of two of these. */
typedef struct {
    ltv_money margin[LTV_VALUED]; /* at spend 1 */
    ltv_money service[LTV_VALUED];
} ltv_valued_bills;

/* Those that were asked for, each in the place that its number falls on, until another comes. */
typedef struct {
    uint64_t tables_number;  /* of the program that they are of; 0: none */
    size_t places;           /* a power of two, above the horizon */
    uint64_t *number;        /* owned; whose value is there; 0: nobody's */
    ltv_valued_bills *value; /* owned */
} ltv_bundles;

/* Room for those of programs like this one. False when memory is short; may be freed either way. */
bool ltv_bundles_init(ltv_bundles *kept, const ltv_program *program);

/* Safe on a zeroed struct. */
void ltv_bundles_free(ltv_bundles *kept);

/* Empties it where what it keeps is another program's. */
void ltv_bundles_keep_for(ltv_bundles *kept, const ltv_program *program);

/* The sum of what its components have, from an array by component. */
static inline ltv_money ltv_bundle_sum(const ltv_program *program, const ltv_money *of_component,
                                       size_t stride, uint16_t plan, uint32_t add_ons)
{
    ltv_money sum = of_component[plan * stride];
    for (uint32_t held = add_ons; held != 0; held &= held - 1)
        sum += of_component[(program->n_plans + (size_t)__builtin_ctz(held)) * stride];
    return sum;
}

/* Works out what is missing at a place. */
void ltv_bundle_work_out(ltv_valued_bills *value, const ltv_program *program, const ltv_kind *kind,
                         uint16_t plan, uint32_t add_ons, uint32_t bills);

/* The value of the first `bills` bills, 0 ... horizon, of a bundle of this kind of customers; bit a
 * of `add_ons`: with add-on a. Of the program that it keeps them for. Valid until another bundle is
 * asked for. */
static inline const ltv_valued_bills *ltv_bundle_value(ltv_bundles *kept,
                                                       const ltv_program *program,
                                                       const ltv_kind *kind, uint16_t plan,
                                                       uint32_t add_ons, uint32_t bills)
{
    uint64_t kind_number = (uint64_t)(kind - program->kinds);
    uint64_t bundle = (kind_number * program->n_plans + plan) << program->n_add_ons | add_ons;
    uint64_t number = bundle * (program->horizon + 1) + bills + 1;
    size_t place = number & (kept->places - 1);
    if (__builtin_expect(kept->number[place] != number, 0))
        ltv_bundle_work_out(&kept->value[place], program, kind, plan, add_ons, bills);
    kept->number[place] = number;
    return &kept->value[place];
}

#endif
