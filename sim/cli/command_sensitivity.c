/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/commands.h"
#include "sim/cli/output_path.h"
#include "sim/cli/page_sensitivity.h"
#include "sim/cli/running.h"
#include "sim/cli/scenario_argument.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/results/json_results.h"
#include "sim/io/results/provenance.h"
#include "sim/io/results/results_build.h"
#include "sim/sensitivity_study.h"

enum { MOST_THREADS = 1024 };

static const ltv_option options[] = {
    {"metric", 'm', "FIGURE",
     "Look at this figure, as in arms.today.ltv_cac, arms.today.segments.high.ltv or "
     "compare.care.roi. May be given several times. Without it: LTV of the baseline and the net "
     "gain of each comparison."},
    {"base", 0, "N",
     "Use N base points, a power of two; each costs one point more than there are "
     "inputs, and one more. 256 without it."},
    {"customers", 0, "N", "Simulate N customers per arm at each point. 256 without it."},
    LTV_OPTION_SET,
    {"seed", 0, "N", "Use the seed N (experiment.seed)."},
    {"output", 'o', "FILE",
     "Run the scenario as ltvsim run does, too, and write the results of both to FILE. Without it "
     "nothing is written."},
    {"threads", 0, "N",
     "Compute on N threads; one per processor without it. The results do not depend on it."},
    {"quiet", 'q', NULL, "Print nothing but errors."},
    {"json", 0, NULL, "Print the results as JSON instead of the page."},
    {.name = NULL},
};

/* The values of --metric; NULL without memory. */
static const char **metrics_of(const ltv_arguments *arguments, size_t *n)
{
    const char **metrics = calloc(arguments->n_options + 1, sizeof *metrics);
    *n = 0;
    for (size_t i = 0; metrics != NULL && i < arguments->n_options; i++)
        if (strcmp(arguments->options[i].option->name, "metric") == 0)
            metrics[(*n)++] = arguments->options[i].value;
    return metrics;
}

static uint64_t customers_of(const ltv_arguments *arguments, const ltv_scenario *scenario)
{
    bool said = ltv_arguments_has(arguments, "customers");
    return said && scenario->customers != LTV_CUSTOMERS_AUTO ? scenario->customers
                                                             : LTV_STUDY_CUSTOMERS;
}

/* Threads that points are shared out to, for the record. */
static int threads_of(const ltv_scenario *scenario, const ltv_sensitivity_study *study,
                      long threads)
{
    ltv_scenario points = *scenario; /* borrows */
    points.customers = LTV_CUSTOMERS_AUTO;
    points.draws = (uint32_t)study->n_points;
    return ltv_simulate_threads(&points, (int)threads);
}

static ltv_status make_study(ltv_sensitivity_study *study, ltv_provenance *provenance,
                             const ltv_scenario_file *file, const ltv_arguments *arguments,
                             long threads, long n_base, ltv_error *err)
{
    ltv_running running;
    size_t n;
    const char **metrics = metrics_of(arguments, &n);
    if (metrics == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    ltv_simulate_options how =
        ltv_running_start(&running, threads, ltv_arguments_has(arguments, "quiet"));
    ltv_study_plan plan = {.scenario = &file->scenario,
                           .n_base = (uint32_t)n_base,
                           .customers = customers_of(arguments, &file->scenario),
                           .n_figures = n,
                           .figures = metrics,
                           .options = &how};
    ltv_status status = ltv_sensitivity_study_init(study, &plan, err);
    provenance->wall_seconds = ltv_running_end(&running);
    provenance->threads = threads_of(&file->scenario, study, threads);
    free(metrics);
    return status;
}

/* The scenario's own run, for a file that holds everything. */
static ltv_status make_run(ltv_document *doc, ltv_provenance *provenance,
                           const ltv_scenario_file *file, const ltv_arguments *arguments,
                           long threads, ltv_error *err)
{
    ltv_running running;
    ltv_estimate estimate = {0};
    ltv_simulate_options how =
        ltv_running_start(&running, threads, ltv_arguments_has(arguments, "quiet"));
    ltv_status status = ltv_simulate(&estimate, &file->scenario, &how, err);
    provenance->wall_seconds += ltv_running_end(&running);
    if (status == LTV_OK)
        status = ltv_results_build(doc, &estimate, file, provenance, err);
    ltv_estimate_free(&estimate);
    return status;
}

static ltv_status make_results(ltv_document *doc, const ltv_scenario_file *file, const char *output,
                               const ltv_arguments *arguments, long threads, long n_base,
                               ltv_error *err)
{
    ltv_sensitivity_study study = {0};
    ltv_provenance provenance;
    ltv_provenance_init(&provenance);
    provenance.command = arguments->typed;
    ltv_status status = make_study(&study, &provenance, file, arguments, threads, n_base, err);
    if (status == LTV_OK && output == NULL)
        status = ltv_results_build_study(doc, &study, file, &provenance, err);
    else if (status == LTV_OK)
        status = make_run(doc, &provenance, file, arguments, threads, err);
    if (status == LTV_OK && output != NULL)
        status = ltv_results_add_study(doc, &study, file, err);
    ltv_sensitivity_study_free(&study);
    return status;
}

static ltv_status print_results(const ltv_document *doc, const char *output,
                                const ltv_arguments *arguments, ltv_error *err)
{
    char *text;
    ltv_terminal terminal = ltv_terminal_detect(stdout);
    if (ltv_arguments_has(arguments, "quiet"))
        return LTV_OK;
    if (!ltv_arguments_has(arguments, "json"))
        return ltv_page_sensitivity(stdout, doc, output, &terminal, err);
    ltv_status status = ltv_json_results(&text, doc, err);
    if (status == LTV_OK)
        fputs(text, stdout);
    free(text);
    return status;
}

static ltv_status study_scenario(const ltv_scenario_file *file, const char *output,
                                 const ltv_arguments *arguments, long threads, long n_base,
                                 ltv_error *err)
{
    ltv_document doc = {0};
    ltv_running_catch_interrupts();
    ltv_status status = make_results(&doc, file, output, arguments, threads, n_base, err);
    if (status == LTV_OK)
        status = ltv_running_check(err);
    if (status == LTV_OK && output != NULL)
        status = ltv_hdf5_write(&doc, output, err);
    if (status == LTV_OK)
        status = print_results(&doc, output, arguments, err);
    ltv_document_free(&doc);
    return status;
}

/* The file that -o names, which is written only when asked for. */
static ltv_status output_of(char **output, const ltv_arguments *arguments, ltv_error *err)
{
    const char *given = ltv_arguments_value(arguments, "output");
    *output = NULL;
    if (given == NULL)
        return LTV_OK;
    ltv_status status = ltv_output_path(output, given, arguments->operands[0], err);
    return status == LTV_OK ? ltv_output_check(*output, arguments->operands[0], err) : status;
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    char *output = NULL;
    long threads = 0, n_base = LTV_STUDY_BASE;
    ltv_scenario_file file = {0};
    ltv_status status = ltv_arguments_integer(arguments, "threads", 1, MOST_THREADS, &threads, err);
    if (status == LTV_OK)
        status = ltv_arguments_integer(arguments, "base", LTV_STUDY_LEAST_BASE, LTV_STUDY_MOST_BASE,
                                       &n_base, err);
    if (status == LTV_OK && ltv_arguments_has(arguments, "quiet") &&
        ltv_arguments_has(arguments, "json"))
        status = ltv_fail(err, LTV_ERR_BAD_INPUT, "--quiet and --json exclude each other");
    if (status == LTV_OK)
        status = ltv_scenario_argument_read(&file, arguments, err);
    if (status == LTV_OK)
        status = output_of(&output, arguments, err);
    if (status == LTV_OK)
        status = study_scenario(&file, output, arguments, threads, n_base, err);
    ltv_scenario_file_free(&file);
    free(output);
    return status;
}

const ltv_command ltv_command_sensitivity = {
    .name = "sensitivity",
    .operands = "SCENARIO",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Say which uncertain numbers matter most",
    .description =
        "Simulates the same customers with the same luck at many values of the scenario's "
        "uncertain numbers and prints what moves its figures: a tornado (each number alone at its "
        "10th and 90th percentile), Sobol indices (the share of what we don't know that is due to "
        "it) and rank correlations. SCENARIO is a YAML file, or - for standard input.",
    .example = "ltvsim sensitivity programmes.yaml --metric compare.care.roi",
    .options = options,
    .run = run,
};
