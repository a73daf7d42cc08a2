/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/output_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/cli/file_kind.h"
#include "sim/io/results/atomic_file.h"
#include "sim/io/results/hdf5_file.h"

/* music/plan.yaml -> plan.h5; an owned string, NULL when memory is short. */
static char *default_output(const char *scenario_path)
{
    const char *slash = strrchr(scenario_path, '/');
    const char *base = slash != NULL ? slash + 1 : scenario_path;
    const char *dot = strrchr(base, '.');
    int length = dot != NULL && dot != base ? (int)(dot - base) : (int)strlen(base);
    char *output;
    return asprintf(&output, "%.*s.h5", length, base) < 0 ? NULL : output;
}

static ltv_status check_name(const char *given, ltv_error *err)
{
    if (strcmp(given, "-") == 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "-o - is not a file: results cannot go to standard output; --json prints "
                        "them there");
    if (ltv_name_ends_with(given, ".csv") || ltv_name_ends_with(given, ".xlsx"))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "-o %s: results are an HDF5 file, such as results.h5; for tables, then use "
                        "'ltvsim export results.h5 --csv DIR' or --xlsx FILE",
                        given);
    return LTV_OK;
}

ltv_status ltv_output_path(char **output, const char *given, const char *scenario_path,
                           ltv_error *err)
{
    *output = NULL;
    if (given == NULL && strcmp(scenario_path, "-") == 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "a scenario from standard input has no name: say where to write the "
                        "results with -o FILE");
    ltv_status status = given != NULL ? check_name(given, err) : LTV_OK;
    if (status != LTV_OK)
        return status;
    *output = given != NULL ? strdup(given) : default_output(scenario_path);
    return *output != NULL ? LTV_OK : ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
}

static ltv_status refuse_scenario(const char *output, const char *scenario_path, ltv_error *err)
{
    if (!ltv_is_same_file(output, scenario_path))
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "%s: the results would overwrite the scenario itself; choose another file "
                    "with -o",
                    output);
}

/* Somebody's data, spreadsheet or text must not be lost to a slip of the keyboard. */
static ltv_status refuse_other_file(const char *output, ltv_error *err)
{
    ltv_error why = {0};
    ltv_status status = ltv_hdf5_check(output, &why);
    if (status == LTV_OK)
        return LTV_OK;
    if (status == LTV_ERR_NO_MEMORY)
        return ltv_fail(err, status, "%s", why.message);
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "%s exists and is not a results file; ltvsim does not overwrite it", output);
}

ltv_status ltv_output_check(const char *output, const char *scenario_path, ltv_error *err)
{
    struct stat there;
    ltv_status status = LTV_OK;
    if (stat(output, &there) == 0) {
        status = refuse_scenario(output, scenario_path, err);
        if (status == LTV_OK && S_ISREG(there.st_mode) && there.st_size > 0)
            status = refuse_other_file(output, err);
    }
    return status == LTV_OK ? ltv_atomic_check(output, err) : status;
}

ltv_status ltv_output_spares_results(const char *option, const char *output, const char *what,
                                     const char *results, ltv_error *err)
{
    if (!ltv_is_same_file(output, results))
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s %s: the %s would overwrite the results themselves",
                    option, output, what);
}
