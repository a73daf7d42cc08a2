/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_HYBRID_ARM_H
#define LTV_SIM_HYBRID_ARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/scenario.h"

/* Arms made of two others: in some things like the one, in all else like the other. What two arms
 * can differ in is divided among drivers (the table at the top of hybrid_arm.c says who owns what;
 * docs/model.md, "Where a difference comes from"), and a hybrid takes all that a driver owns from
 * the same arm.
 *
 * Segments, channels, plans, add-ons and programmes are matched by name. One that a single arm has
 * comes with the driver that owns the list (segments and channels: mix; plans: expansion; add-ons:
 * cross_sell) and brings all that is its own, for the other arm has nothing to put in its place. A
 * programme of a single arm is there as soon as one driver that it acts on, or its costs, come
 * from that arm; it turns to the same customers as there and does nothing to the other drivers. */

typedef enum {
    LTV_DRIVER_PRICE,
    LTV_DRIVER_MARGIN,
    LTV_DRIVER_CHURN,
    LTV_DRIVER_EXPANSION,
    LTV_DRIVER_CROSS_SELL,
    LTV_DRIVER_ORDERS,
    LTV_DRIVER_MIX,
    LTV_DRIVER_SERVICE_COST,
    LTV_DRIVER_REACH,
    LTV_DRIVER_PROGRAMME_COST,
    LTV_DRIVERS
} ltv_driver;

/* "price", "programme_cost"; and in a sentence what of an arm it stands for. Static. */
const char *ltv_driver_name(ltv_driver driver);
const char *ltv_driver_meaning(ltv_driver driver);

/* Bit d: driver d. */
typedef uint32_t ltv_driver_set;

/* A programme of either arm; what it is in each of them. In an arm that does not have it, it is
 * one that turns to the same customers and does nothing. Its audience and moves are numbered by
 * the pair's lists of names. */
typedef struct {
    ltv_intervention in[2]; /* own their segments and channels; their phases are borrowed */
} ltv_programme_pair;

/* Names of the things of a kind that either arm has: those of the first, then the others. */
typedef struct {
    size_t n;
    const char **name; /* owned array of borrowed names */
} ltv_name_list;

/* Two arms to be mixed, of one scenario. */
typedef struct {
    const ltv_arm *arm[2];                   /* borrowed, with all that they own */
    ltv_driver_set differ;                   /* the drivers in which they differ */
    bool mixable;                            /* false: together they have too many programmes */
    ltv_name_list segments, channels, plans; /* of an arm without plans: one plan, named "" */
    size_t n_programmes;
    ltv_programme_pair *programmes; /* owned */
    size_t *order[2]; /* owned, [n_programmes]: the order in which they act, by either arm */
} ltv_arm_pair;

/* Fails with NO_MEMORY; *pair may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_arm_pair_init(ltv_arm_pair *pair, const ltv_arm *first,
                                          const ltv_arm *second, ltv_error *err);

void ltv_arm_pair_free(ltv_arm_pair *pair);

/* The drivers that hybrids of these arms must take from the same arm as this one, itself
 * included: such that a frailty for which something is not defined would meet what needs it. */
ltv_driver_set ltv_arm_pair_inseparable(const ltv_arm_pair *pair, ltv_driver driver);

/* Whether one arm has segments, channels, plans or add-ons of this driver that the other lacks. */
bool ltv_arm_pair_has_unmatched(const ltv_arm_pair *pair, ltv_driver driver);

/* The arm that has the things of these drivers from the second arm and all others from the first.
 * It borrows from both. Costs of acquisition and fixed costs of programmes, which are not in LTV,
 * may be of either. Fails with NO_MEMORY; *hybrid may be freed whatever is returned, with
 * ltv_hybrid_arm_free alone. Only of a pair that is mixable. */
LTV_MUST_USE ltv_status ltv_hybrid_arm_init(ltv_arm *hybrid, const ltv_arm_pair *pair,
                                            ltv_driver_set from_second, ltv_error *err);

void ltv_hybrid_arm_free(ltv_arm *hybrid);

#endif
