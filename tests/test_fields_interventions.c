/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/intervention.h"
#include "sim/io/scenario/fields_interventions.h"

static void every_lever_has_its_row_and_its_slot(void **state)
{
    (void)state;
    const ltv_block *effect = ltv_block_field(&ltv_intervention_block, "effect")->block;
    for (int lever = 0; lever < LTV_LEVERS; ++lever) {
        const ltv_field *row = ltv_block_field(effect, ltv_lever_name((ltv_lever)lever));
        assert_non_null(row);
        assert_true(row->chooses && row->choice == lever);
        assert_int_equal(row->offset,
                         offsetof(ltv_intervention, effects) + (size_t)lever * sizeof(ltv_effect));
    }
}

static void every_trigger_has_a_row(void **state)
{
    (void)state;
    const ltv_block *when = ltv_block_field(&ltv_intervention_block, "when")->block;
    for (int kind = LTV_WHEN_AT_TENURE; kind <= LTV_WHEN_RISK_SIGNAL; ++kind) {
        size_t rows = 0;
        for (size_t i = 0; i < when->n_fields; ++i)
            rows += when->fields[i].chooses && when->fields[i].choice == kind;
        assert_int_equal(rows, kind == LTV_WHEN_AT_TENURE ? 2 : 1); /* a tenure or a date */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lever_has_its_row_and_its_slot),
        cmocka_unit_test(every_trigger_has_a_row),
    };
    return cmocka_run_group_tests_name("fields_interventions", tests, NULL, NULL);
}
