/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_REFERENCE_ARM_H
#define LTV_TESTS_REFERENCE_ARM_H

#include "models/gamma_table.h"
#include "sim/address.h"
#include "sim/scenario.h"

/* What the slow twin reads for every customer of an arm, written out month by month. Hazards
 * are cumulative, [0 ... horizon], without the multiplier M. */
typedef struct {
    const ltv_scenario *scenario;
    const ltv_arm *arm;
    ltv_stream stream;
    /* Under a capacity, the probability of a contact by intervention and bill (0 ... horizon);
     * 1, or NULL as a whole or of an intervention: there is enough for all whom it reaches. */
    const double *const *contact_probability;
    double quanta_per_unit;
    double *discount;        /* by bill */
    double *price_index;     /* by bill */
    double **churn;          /* by segment: season, by_tenure and price response applied */
    double *failure;         /* of payments */
    double *expected_orders; /* of a mean customer in period u; not cumulative */
    ltv_gamma_table order_values;
    double *upgrade[LTV_MAX_PLANS][LTV_MAX_PLANS], *downgrade[LTV_MAX_PLANS][LTV_MAX_PLANS];
    double *attach[LTV_MAX_ADD_ONS], *drop[LTV_MAX_ADD_ONS];
    double *request[LTV_MAX_INTERVENTIONS]; /* bluffs or false alarms; NULL without any */
} reference_arm;

/* Borrows all that it is given. */
void reference_arm_init(reference_arm *tables, const ltv_scenario *scenario, const ltv_arm *arm,
                        const double *const *contact_probability);

void reference_arm_free(reference_arm *tables);

#endif
