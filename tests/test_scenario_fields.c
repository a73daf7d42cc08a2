/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/curve.h"
#include "sim/io/scenario/scenario_fields.h"

/* Calls visit for every field of the table. */
static size_t walk(const ltv_block *block, void (*visit)(const ltv_block *, const ltv_field *))
{
    size_t n = 0;
    for (size_t i = 0; i < block->n_fields; ++i) {
        const ltv_field *field = &block->fields[i];
        visit(block, field);
        ++n;
        if (field->block != NULL)
            n += walk(field->block, visit);
    }
    return n;
}

static void check_row(const ltv_block *block, const ltv_field *field)
{
    assert_non_null(block->name);
    assert_non_null(block->meaning);
    assert_ptr_equal(ltv_block_field(block, field->key), field); /* no key twice */
    if (field->kind == LTV_FIELD_RESERVED)
        return;
    assert_non_null(field->meaning);
    assert_true(field->required + (field->fallback != NULL) <= 1);
    assert_true(!field->is_alternative || block->alternatives != NULL);
    assert_true(field->needs == NULL || ltv_block_field(block, field->needs) != NULL);
    if (field->kind == LTV_FIELD_NUMBER || field->kind == LTV_FIELD_COUNT)
        assert_true(field->lowest < field->highest);
    if (field->kind == LTV_FIELD_COUNT)
        assert_true(field->width == 8 || (field->width == 4 && field->highest <= UINT32_MAX));
}

static void every_row_is_whole(void **state)
{
    (void)state;
    assert_true(walk(ltv_scenario_fields(), check_row) > 100);
}

static void every_curve_model_has_its_rows(void **state)
{
    (void)state;
    const ltv_block *retention = ltv_block_field(ltv_scenario_fields(), "retention")->block;
    for (int kind = 0; kind < LTV_CURVE_KINDS; ++kind) {
        const ltv_curve_model *model = ltv_curve_model_of((ltv_curve_kind)kind);
        const ltv_field *curve = ltv_block_field(retention, model->name);
        assert_non_null(curve);
        assert_true(curve->is_alternative && curve->choice == kind);
        for (size_t i = 0; i < model->n_parameters; ++i) {
            const ltv_field *row = ltv_block_field(curve->block, model->parameter[i].name);
            assert_non_null(row);
            assert_true(row->lowest == model->parameter[i].lowest);
            assert_true(row->highest == model->parameter[i].highest);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(every_curve_model_has_its_rows),
    };
    return cmocka_run_group_tests_name("scenario_fields", tests, NULL, NULL);
}
