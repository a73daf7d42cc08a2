/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_KEYS_H
#define LTV_SIM_IO_SCENARIO_KEYS_H

#include "sim/io/complain.h"
#include "sim/io/scenario/scenario_fields.h"
#include "sim/scenario.h"

/* The keys of the table in messages for people. */

enum { LTV_KEY_LIST_SIZE = 384 };

/* The keys that may be written in the block: "unit, horizon, start". Both lists are cut off at
 * the size. */
void ltv_list_keys(const ltv_block *block, char list[LTV_KEY_LIST_SIZE]);

/* Those of them that exclude each other. */
void ltv_list_alternatives(const ltv_block *block, char list[LTV_KEY_LIST_SIZE]);

enum { LTV_EXAMPLE_SIZE = 256 };

/* What someone who wrote `key: value` with a plain value instead of the block most probably
 * means: "retention: {geometric: {churn: 3%}}". False when there is no good guess. */
bool ltv_write_example(const ltv_block *block, const char *key, const char *value,
                       ltv_time_unit unit, char example[LTV_EXAMPLE_SIZE]);

/* Says that the block has no such key: it comes in a later version, is misspelt, or belongs
 * elsewhere. `path` includes the key. */
LTV_MUST_USE ltv_status ltv_refuse_key(const ltv_block *block, const char *key,
                                       const ltv_place *place, const char *path, ltv_error *err);

#endif
