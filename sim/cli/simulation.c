/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/simulation.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/output_path.h"
#include "sim/cli/running.h"
#include "sim/cli/scenario_argument.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/results/json_results.h"
#include "sim/io/results/provenance.h"
#include "sim/io/results/results_build.h"
#include "sim/simulate.h"

enum { MOST_THREADS = 1024 };

/* Simulates with a line of progress, and keeps what the run itself knows for the record. */
static ltv_status simulate(ltv_estimate *estimate, ltv_provenance *provenance,
                           const ltv_scenario *scenario, long threads, bool quiet, ltv_error *err)
{
    ltv_running running;
    ltv_simulate_options how = ltv_running_start(&running, threads, quiet);
    ltv_status status = ltv_simulate(estimate, scenario, &how, err);
    provenance->wall_seconds = ltv_running_end(&running);
    provenance->threads = estimate->threads;
    return status;
}

static ltv_status make_results(ltv_document *doc, const ltv_scenario_file *file,
                               const ltv_arguments *arguments, long threads, ltv_error *err)
{
    ltv_estimate estimate = {0};
    ltv_provenance provenance;
    ltv_provenance_init(&provenance);
    provenance.command = arguments->typed;
    ltv_status status = simulate(&estimate, &provenance, &file->scenario, threads,
                                 ltv_arguments_has(arguments, "quiet"), err);
    if (status == LTV_OK)
        status = ltv_results_build(doc, &estimate, file, &provenance, err);
    ltv_estimate_free(&estimate);
    return status;
}

static ltv_status print_json(const ltv_document *doc, ltv_error *err)
{
    char *text;
    ltv_status status = ltv_json_results(&text, doc, err);
    if (status == LTV_OK)
        fputs(text, stdout);
    free(text);
    return status;
}

static ltv_status print_results(const ltv_document *doc, const char *output,
                                const ltv_arguments *arguments, ltv_page_printer *print,
                                ltv_error *err)
{
    ltv_terminal terminal = ltv_terminal_detect(stdout);
    if (ltv_arguments_has(arguments, "quiet"))
        return LTV_OK;
    if (ltv_arguments_has(arguments, "json"))
        return print_json(doc, err);
    return print(stdout, doc, output, &terminal, err);
}

static ltv_status run_scenario(const ltv_scenario_file *file, const char *output,
                               const ltv_arguments *arguments, long threads,
                               ltv_page_printer *print, ltv_error *err)
{
    ltv_document doc = {0};
    ltv_running_catch_interrupts();
    ltv_status status = make_results(&doc, file, arguments, threads, err);
    if (status == LTV_OK)
        status = ltv_running_check(err);
    if (status == LTV_OK)
        status = ltv_hdf5_write(&doc, output, err);
    if (status == LTV_OK)
        status = print_results(&doc, output, arguments, print, err);
    ltv_document_free(&doc);
    return status;
}

ltv_status ltv_simulation_run(const ltv_arguments *arguments, ltv_scenario_judge *judge,
                              ltv_page_printer *print, ltv_error *err)
{
    char *output = NULL;
    long threads = 0;
    ltv_scenario_file file = {0};
    ltv_status status = ltv_arguments_integer(arguments, "threads", 1, MOST_THREADS, &threads, err);
    if (status == LTV_OK && ltv_arguments_has(arguments, "quiet") &&
        ltv_arguments_has(arguments, "json"))
        status = ltv_fail(err, LTV_ERR_BAD_INPUT, "--quiet and --json exclude each other");
    if (status == LTV_OK)
        status = ltv_output_path(&output, ltv_arguments_value(arguments, "output"),
                                 arguments->operands[0], err);
    if (status == LTV_OK)
        status = ltv_scenario_argument_read(&file, arguments, err);
    if (status == LTV_OK && judge != NULL)
        status = judge(&file.scenario, err);
    if (status == LTV_OK)
        status = ltv_output_check(output, arguments->operands[0], err);
    if (status == LTV_OK)
        status = run_scenario(&file, output, arguments, threads, print, err);
    ltv_scenario_file_free(&file);
    free(output);
    return status;
}
