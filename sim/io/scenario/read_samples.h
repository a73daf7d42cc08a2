/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_READ_SAMPLES_H
#define LTV_SIM_IO_READ_SAMPLES_H

#include "sim/io/scenario/walk.h"

/* {samples: {csv: FILE, column: NAME}} or {samples: {results: FILE, input: NAME}}: an uncertain
 * number whose values stand in a file; in the tree they then stand as {set: FILE, values: […]},
 * which can be written too. Inputs from the same file or set are columns of one sample set of
 * walk->inputs, so that they take the same row in each draw. */
LTV_MUST_USE ltv_status ltv_read_samples(ltv_walk *walk, const ltv_field *field,
                                         ltv_yaml_node *node, ltv_input *input);

#endif
