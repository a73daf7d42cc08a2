/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_READ_H
#define LTV_SIM_IO_SCENARIO_READ_H

#include "base/error.h"
#include "sim/scenario.h"

/* What reading a scenario file yields. */
typedef struct {
    /* Its `worlds` belong to the file and read the file's text again for each draw: a scenario with
     * uncertain inputs must not outlive the file. */
    ltv_scenario scenario;
    char *source;    /* owned: the file's bytes as given, NUL-terminated */
    char *effective; /* owned: YAML with every default, override and the seed filled in, CSV
                      * columns replaced by their numbers; reading it gives the same scenario */
    size_t n_assumed;
    char **assumed; /* owned: one line per default that was assumed, e.g. "time.horizon: 120" */
    size_t n_warnings;
    char **warnings; /* owned: one line per thing that can be run but misleads */
    char *overrides; /* owned: one line per override, in order, e.g. "revenue.price: 1200",
                      * without a newline after the last; "" without any */
} ltv_scenario_file;

/* Reads the scenario at `path`, after applying `overrides` ("PATH=VALUE", in order; the last
 * one wins; blanks around = are allowed). Fails with LTV_ERR_BAD_INPUT for anything wrong with what
 * the file or an override says or a file that cannot be opened, with the sentence FILE:LINE:COLUMN:
 * PATH: what is wrong with which value, what is allowed (lines and columns count from 1; an
 * override is called "--set PATH=VALUE" instead of a position). *file may be freed whatever is
 * returned. */
LTV_MUST_USE ltv_status ltv_scenario_read(ltv_scenario_file *file, const char *path,
                                          size_t n_overrides, const char *const *overrides,
                                          ltv_error *err);

/* The same from text in memory. `name` stands for the file in messages; relative CSV paths are
 * taken from the folder of `name`. */
LTV_MUST_USE ltv_status ltv_scenario_read_text(ltv_scenario_file *file, const char *name,
                                               const char *text, size_t length, size_t n_overrides,
                                               const char *const *overrides, ltv_error *err);

void ltv_scenario_file_free(ltv_scenario_file *file);

#endif
