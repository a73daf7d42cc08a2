/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/json_schema.h"

static void the_schema_is_text_of_its_own(void **state)
{
    (void)state;
    char *schema = ltv_scenario_json_schema();
    assert_non_null(schema);
    assert_non_null(strstr(schema, "https://json-schema.org/draft/2020-12/schema"));
    free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_is_text_of_its_own),
    };
    return cmocka_run_group_tests_name("json_schema", tests, NULL, NULL);
}
