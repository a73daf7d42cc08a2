/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_JSON_SCHEMA_H
#define LTV_SIM_IO_JSON_SCHEMA_H

/* The JSON Schema (draft 2020-12) of scenario files, made from the table that the reader uses.
 * Returns an owned string (free()), NULL when memory is short. */
char *ltv_scenario_json_schema(void);

#endif
