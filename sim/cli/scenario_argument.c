/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/scenario_argument.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/file_kind.h"

/* The scenario key that an option stands for; "" when the value names it itself (--set), NULL
 * for options that do not change the scenario. */
static const char *key_of(const ltv_option *option)
{
    if (strcmp(option->name, "set") == 0)
        return "";
    if (strcmp(option->name, "customers") == 0)
        return "experiment.customers=";
    if (strcmp(option->name, "draws") == 0)
        return "experiment.draws=";
    if (strcmp(option->name, "seed") == 0)
        return "experiment.seed=";
    return NULL;
}

static ltv_status collect_overrides(char ***overrides, size_t *n, const ltv_arguments *arguments,
                                    ltv_error *err)
{
    *n = 0;
    *overrides = calloc(arguments->n_options + 1, sizeof **overrides);
    if (*overrides == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < arguments->n_options; i++) {
        const char *key = key_of(arguments->options[i].option);
        if (key == NULL)
            continue;
        if (asprintf(&(*overrides)[*n], "%s%s", key, arguments->options[i].value) < 0)
            return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
        ++*n;
    }
    return LTV_OK;
}

static ltv_status read_standard_input(char **text, size_t *length, ltv_error *err)
{
    size_t capacity = 0;
    *text = NULL;
    *length = 0;
    do {
        if (*length == capacity) {
            capacity = capacity > 0 ? 2 * capacity : 65536;
            char *larger = realloc(*text, capacity);
            if (larger == NULL)
                return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
            *text = larger;
        }
        *length += fread(*text + *length, 1, capacity - *length, stdin);
    } while (!feof(stdin) && !ferror(stdin));
    if (ferror(stdin))
        return ltv_fail(err, LTV_ERR_READ_FAILED, "standard input could not be read: %s",
                        strerror(errno));
    return LTV_OK;
}

static ltv_status read_piped(ltv_scenario_file *file, size_t n, const char *const *overrides,
                             ltv_error *err)
{
    char *text;
    size_t length;
    ltv_status status = read_standard_input(&text, &length, err);
    if (status == LTV_OK)
        status = ltv_scenario_read_text(file, "-", text, length, n, overrides, err);
    free(text);
    return status;
}

/* A message about "--set experiment.seed=x" is about --seed for who wrote --seed x. */
static ltv_status name_as_typed(ltv_status status, const ltv_arguments *arguments, ltv_error *err)
{
    for (size_t i = 0; status == LTV_ERR_BAD_INPUT && i < arguments->n_options; i++) {
        const ltv_given_option *given = &arguments->options[i];
        const char *key = key_of(given->option);
        char *prefix = NULL;
        if (key == NULL || key[0] == '\0' ||
            asprintf(&prefix, "--set %s%s: ", key, given->value) < 0)
            continue;
        size_t length = strlen(prefix), key_length = strlen(key) - 1;
        const char *rest = err->message + length;
        if (strncmp(err->message, prefix, length) == 0) {
            char typed[sizeof err->message];
            rest +=
                strncmp(rest, key, key_length) == 0 && rest[key_length] == ':' ? key_length + 2 : 0;
            snprintf(typed, sizeof typed, "--%s %s: %s", given->option->name, given->value, rest);
            memcpy(err->message, typed, sizeof typed);
        }
        free(prefix);
    }
    return status;
}

static ltv_status refuse_results(const char *path, ltv_error *err)
{
    if (!ltv_file_is_hdf5(path))
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "%s is an HDF5 file, not a scenario; to look at results: ltvsim show %s", path,
                    path);
}

static void print_warnings(const ltv_scenario_file *file)
{
    for (size_t i = 0; i < file->n_warnings; i++)
        fprintf(stderr, "warning: %s\n", file->warnings[i]);
}

ltv_status ltv_scenario_argument_read(ltv_scenario_file *file, const ltv_arguments *arguments,
                                      ltv_error *err)
{
    const char *path = arguments->operands[0];
    char **overrides;
    size_t n;
    *file = (ltv_scenario_file){0};
    ltv_status status = collect_overrides(&overrides, &n, arguments, err);
    if (status == LTV_OK)
        status = refuse_results(path, err);
    if (status == LTV_OK && strcmp(path, "-") == 0)
        status = read_piped(file, n, (const char *const *)overrides, err);
    else if (status == LTV_OK)
        status = ltv_scenario_read(file, path, n, (const char *const *)overrides, err);
    for (size_t i = 0; overrides != NULL && i < n; i++)
        free(overrides[i]);
    free(overrides);
    if (status == LTV_OK)
        print_warnings(file);
    return name_as_typed(status, arguments, err);
}
