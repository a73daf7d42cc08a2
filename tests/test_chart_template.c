/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/cli/report/chart_template.h"

static const json_t *layers_of(const json_t *spec)
{
    return json_object_get(spec, "layer");
}

static void a_blank_is_filled_in_or_left_out(void **state)
{
    (void)state;
    json_t *values = json_pack("{s:s, s:[i]}", "title", "How \"many\"?", "points", 1);
    json_t *spec = ltv_chart_fill("lines", values);
    assert_non_null(spec);
    assert_string_equal(json_string_value(json_object_get(spec, "description")), "How \"many\"?");
    const json_t *datasets = json_object_get(spec, "datasets");
    assert_int_equal(json_array_size(json_object_get(datasets, "points")), 1);
    assert_null(json_object_get(datasets, "rules"));
    json_decref(spec);
    json_decref(values);
}

static void a_part_with_a_condition_is_there_only_where_it_holds(void **state)
{
    (void)state;
    json_t *values = json_object();
    json_t *plain = ltv_chart_fill("lines", values);
    json_object_set_new(values, "band", json_true());
    json_t *banded = ltv_chart_fill("lines", values);
    assert_int_equal(json_array_size(layers_of(banded)), json_array_size(layers_of(plain)) + 1);
    assert_null(json_object_get(json_array_get(layers_of(banded), 0), "$if"));
    json_decref(plain);
    json_decref(banded);
    json_decref(values);
}

static void null_is_a_value(void **state)
{
    (void)state;
    json_t *values = json_pack("{s:n}", "legend");
    json_t *spec = ltv_chart_fill("lines", values);
    json_t *line = json_array_get(layers_of(spec), json_array_size(layers_of(spec)) - 1);
    json_t *colour = json_object_get(json_object_get(line, "encoding"), "color");
    assert_true(json_is_null(json_object_get(colour, "legend")));
    json_decref(spec);
    json_decref(values);
}

static void all_charts_can_be_read(void **state)
{
    (void)state;
    static const char *const names[] = {"area",  "bars",    "heat",     "histogram",
                                        "lines", "tornado", "waterfall"};
    json_t *values = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_t *spec = ltv_chart_fill(names[i], values);
        assert_non_null(spec);
        assert_non_null(json_object_get(spec, "$schema"));
        json_decref(spec);
    }
    assert_null(ltv_chart_fill("pie", values));
    json_decref(values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blank_is_filled_in_or_left_out),
        cmocka_unit_test(a_part_with_a_condition_is_there_only_where_it_holds),
        cmocka_unit_test(null_is_a_value),
        cmocka_unit_test(all_charts_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
