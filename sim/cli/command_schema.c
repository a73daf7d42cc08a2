/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/commands.h"
#include "sim/io/scenario/json_schema.h"

static const ltv_option options[] = {{.name = NULL}};

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    (void)arguments;
    char *schema = ltv_scenario_json_schema();
    if (schema == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    fputs(schema, stdout);
    free(schema);
    return LTV_OK;
}

const ltv_command ltv_command_schema = {
    .name = "schema",
    .operands = "",
    .summary = "Print the JSON Schema of scenario files, for editors",
    .description = "Prints the JSON Schema (draft 2020-12) of scenario files. An editor with YAML "
                   "support that is given this schema completes keys, shows what they mean and "
                   "underlines mistakes while you type.",
    .example = "ltvsim schema > ltvsim.schema.json",
    .options = options,
    .run = run,
};
