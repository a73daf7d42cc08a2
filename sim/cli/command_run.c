/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/cli/commands.h"
#include "sim/cli/output_path.h"
#include "sim/cli/progress.h"
#include "sim/cli/scenario_argument.h"
#include "sim/cli/summary.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/results/json_results.h"
#include "sim/io/results/provenance.h"
#include "sim/io/results/results_build.h"
#include "sim/simulate.h"

enum { MOST_THREADS = 1024 };

static const ltv_option options[] = {
    {"output", 'o', "FILE",
     "Write the results to FILE. Without it: the scenario's name ending in "
     ".h5, in the current folder. An existing results file is replaced."},
    LTV_OPTION_SET,
    {"customers", 0, "N",
     "Simulate N customers per arm, in each draw of uncertain numbers "
     "(experiment.customers)."},
    {"draws", 0, "N", "Take N draws of the uncertain numbers (experiment.draws)."},
    {"seed", 0, "N", "Use the seed N (experiment.seed)."},
    {"threads", 0, "N",
     "Compute on N threads; one per processor without it. The results do not "
     "depend on it."},
    {"quiet", 'q', NULL, "Print nothing but errors."},
    {"json", 0, NULL, "Print the results as JSON instead of the summary."},
    {"samples", 0, "N", NULL},
    {.name = NULL},
};

/* Set by SIGINT and SIGTERM. */
static volatile sig_atomic_t interrupted;

static void remember_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* The first signal stops the run cleanly; SA_RESETHAND lets a second one stop it at once. */
static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = remember_interrupt, .sa_flags = SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static ltv_status check_interrupt(ltv_error *err)
{
    if (!interrupted)
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
}

static bool show_progress(void *context, uint64_t customers_done, uint64_t customers)
{
    ltv_progress_update(context, customers_done, customers);
    return !interrupted;
}

static void show_look(void *context, const ltv_precision_look *look)
{
    ltv_progress_wait(context, look->binding->metric, look->half_width, look->allowed);
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* Simulates with a line of progress, and keeps what the run itself knows for the record. */
static ltv_status simulate(ltv_estimate *estimate, ltv_provenance *provenance,
                           const ltv_scenario *scenario, long threads, bool quiet, ltv_error *err)
{
    ltv_progress progress;
    struct timespec start;
    ltv_simulate_options how = {
        .threads = (int)threads,
        .progress = show_progress,
        .looked = show_look,
        .progress_context = &progress,
    };
    ltv_progress_init(&progress, stderr, quiet);
    clock_gettime(CLOCK_MONOTONIC, &start);
    ltv_status status = ltv_simulate(estimate, scenario, &how, err);
    ltv_progress_clear(&progress);
    provenance->wall_seconds = seconds_since(&start);
    provenance->threads = ltv_simulate_threads(scenario, (int)threads);
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
                                const ltv_arguments *arguments, ltv_error *err)
{
    ltv_terminal terminal = ltv_terminal_detect(stdout);
    if (ltv_arguments_has(arguments, "quiet"))
        return LTV_OK;
    if (ltv_arguments_has(arguments, "json"))
        return print_json(doc, err);
    return ltv_summary_print(stdout, doc, output, &terminal, err);
}

static ltv_status run_scenario(const ltv_scenario_file *file, const char *output,
                               const ltv_arguments *arguments, long threads, ltv_error *err)
{
    ltv_document doc = {0};
    catch_interrupts();
    ltv_status status = make_results(&doc, file, arguments, threads, err);
    if (status == LTV_OK)
        status = check_interrupt(err);
    if (status == LTV_OK)
        status = ltv_hdf5_write(&doc, output, err);
    if (status == LTV_OK)
        status = print_results(&doc, output, arguments, err);
    ltv_document_free(&doc);
    return status;
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
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
    if (status == LTV_OK)
        status = ltv_output_check(output, arguments->operands[0], err);
    if (status == LTV_OK)
        status = run_scenario(&file, output, arguments, threads, err);
    ltv_scenario_file_free(&file);
    free(output);
    return status;
}

const ltv_command ltv_command_run = {
    .name = "run",
    .operands = "SCENARIO",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Simulate a scenario, print the summary, write the results file",
    .description = "Simulates the scenario, prints what it says on one page and writes everything "
                   "to a results file (HDF5), whole or not at all. SCENARIO is a YAML file, or - "
                   "for standard input.",
    .example = "ltvsim run music.yaml --set revenue.price=1200 -o dearer.h5",
    .options = options,
    .run = run,
};
