/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/bundles.h"

#include <stdlib.h>
#include <string.h>

/* More than this would not stay near the processor; but those of one bundle must not fall on one
 * another. */
enum { MOST_PLACES = 1 << 12 };

bool ltv_bundles_init(ltv_bundles *kept, const ltv_program *program)
{
    /* As many kinds as there can be: another draw's program may tell more of them apart. */
    uint64_t kinds = program->n_channels * program->n_segments;
    uint64_t all = (kinds * program->n_plans << program->n_add_ons) * (program->horizon + 1);
    *kept = (ltv_bundles){.places = 1};
    while (kept->places < all && (kept->places < MOST_PLACES || kept->places <= program->horizon))
        kept->places *= 2;
    kept->number = calloc(kept->places, sizeof *kept->number);
    kept->value = calloc(kept->places, sizeof *kept->value);
    return kept->number != NULL && kept->value != NULL;
}

void ltv_bundles_free(ltv_bundles *kept)
{
    free(kept->number);
    free(kept->value);
    *kept = (ltv_bundles){0};
}

void ltv_bundles_keep_for(ltv_bundles *kept, const ltv_program *program)
{
    if (kept->tables_number != program->tables_number)
        memset(kept->number, 0, kept->places * sizeof *kept->number);
    kept->tables_number = program->tables_number;
}

void ltv_bundle_work_out(ltv_valued_bills *value, const ltv_program *program, const ltv_kind *kind,
                         uint16_t plan, uint32_t add_ons, uint32_t bills)
{
    for (int k = 0; k < LTV_VALUED; k++) {
        uint32_t until = bills;
        if (k < LTV_CHECKPOINTS && program->checkpoint[k] < bills)
            until = program->checkpoint[k];
        value->margin[k] = ltv_bundle_sum(program, kind->discounted_margin + until,
                                          (size_t)program->horizon + 1, plan, add_ons);
        value->service[k] = kind->discounted_service[until];
    }
}
