/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_ARGUMENTS_H
#define LTV_SIM_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* Subcommands and their options as tables, from which parsing, --help and suggestions are
 * made. */

typedef struct {
    const char *name;  /* long name without the dashes */
    char letter;       /* short name, 0 without one */
    const char *value; /* what its value is called in the help; NULL for a flag */
    const char *help;  /* one or two sentences; NULL: known, but not in this version */
} ltv_option;

typedef struct ltv_arguments ltv_arguments;

typedef struct {
    const char *name;
    const char *operands; /* as in the usage line: "RESULTS [TABLE]" */
    size_t least_operands, most_operands;
    const char *summary;       /* for the list of commands; no full stop */
    const char *description;   /* for its own --help: whole sentences */
    const char *example;       /* one command line; NULL without one */
    const ltv_option *options; /* ends with an entry whose name is NULL */
    ltv_status (*run)(const ltv_arguments *arguments, ltv_error *err);
} ltv_command;

typedef struct {
    const ltv_option *option;
    const char *value; /* borrowed from argv; NULL for a flag */
} ltv_given_option;

/* A parsed command line. Strings are borrowed from argv. */
struct ltv_arguments {
    const ltv_command *command;
    bool help;   /* --help was given: nothing else has been checked */
    char *typed; /* owned: the command line as it could be typed again */
    size_t n_options;
    ltv_given_option *options; /* owned, in the order given */
    size_t n_operands;
    char **operands; /* borrowed: the end of argv, which parsing reorders */
};

/* Parses argv[1 ...] (argv[0] is the subcommand's name). Fails with LTV_ERR_BAD_INPUT for an
 * unknown option (suggesting the nearest), one of a later version, a missing or unwanted
 * value, and a wrong number of operands. *arguments may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_arguments_parse(ltv_arguments *arguments, const ltv_command *command,
                                            int argc, char **argv, ltv_error *err);

/* The value of the last option of that name; NULL when it was not given. */
const char *ltv_arguments_value(const ltv_arguments *arguments, const char *name);

/* Whether the flag (or option) was given. */
bool ltv_arguments_has(const ltv_arguments *arguments, const char *name);

/* The whole number that option `name` gives, in *value (left alone when it was not given). */
LTV_MUST_USE ltv_status ltv_arguments_integer(const ltv_arguments *arguments, const char *name,
                                              long lowest, long highest, long *value,
                                              ltv_error *err);

void ltv_arguments_free(ltv_arguments *arguments);

/* Prints the --help of one subcommand, at most 79 columns wide. */
void ltv_command_print_help(FILE *out, const ltv_command *command);

/* Prints "did you mean" names into buffer: "" or " (did you mean 'run'?)". */
void ltv_suggest(char *buffer, size_t size, const char *word, size_t n,
                 const char *const *candidates);

#endif
