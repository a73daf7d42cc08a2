/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_RESULTS_BUILD_H
#define LTV_SIM_IO_RESULTS_BUILD_H

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/io/results/document.h"
#include "sim/io/results/provenance.h"
#include "sim/io/scenario/scenario_read.h"
#include "sim/sensitivity_study.h"

/* Makes the results document of a run, as sim/io/results/results_schema.h declares it: every
 * dataset with `units` (in the scenario's own currency and period) and `description`. *doc is
 * overwritten and may be freed whatever is returned. Fails with LTV_ERR_NO_MEMORY, or LTV_ERR_BUG
 * when something would be added that the schema does not declare. */
LTV_MUST_USE ltv_status ltv_results_build(ltv_document *doc, const ltv_estimate *estimate,
                                          const ltv_scenario_file *file,
                                          const ltv_provenance *provenance, ltv_error *err);

/* The document of a study without a run: what was asked, how it was made, /sensitivity. Fails
 * likewise. */
LTV_MUST_USE ltv_status ltv_results_build_study(ltv_document *doc,
                                                const ltv_sensitivity_study *study,
                                                const ltv_scenario_file *file,
                                                const ltv_provenance *provenance, ltv_error *err);

/* Adds a study's /sensitivity to the document of a run of the same scenario. Fails likewise. */
LTV_MUST_USE ltv_status ltv_results_add_study(ltv_document *doc, const ltv_sensitivity_study *study,
                                              const ltv_scenario_file *file, ltv_error *err);

#endif
