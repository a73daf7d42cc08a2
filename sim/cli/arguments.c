/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "sim/cli/terminal.h"
#include "sim/cli/text.h"

enum { MOST_OPTIONS = 32, HELP_COLUMNS = LTV_PAGE_COLUMNS - 1, FIRST_ID = 256 };

static const ltv_option help_option = {"help", 'h', NULL, "Print this help."};

/* The options of a command as getopt_long wants them. */
typedef struct {
    const ltv_option *option[MOST_OPTIONS]; /* option[i] has the id FIRST_ID + i */
    size_t n;
    struct option longs[MOST_OPTIONS + 1];
    char shorts[2 * MOST_OPTIONS + 2];
} getopt_tables;

static void add_option(getopt_tables *tables, const ltv_option *option)
{
    size_t i = tables->n++;
    int has_value = option->value != NULL ? required_argument : no_argument;
    tables->option[i] = option;
    tables->longs[i] = (struct option){option->name, has_value, NULL, FIRST_ID + (int)i};
    if (option->letter != 0) {
        size_t used = strlen(tables->shorts);
        tables->shorts[used] = option->letter;
        tables->shorts[used + 1] = option->value != NULL ? ':' : '\0';
    }
}

static void fill_tables(getopt_tables *tables, const ltv_command *command)
{
    *tables = (getopt_tables){.shorts = ":"};
    add_option(tables, &help_option);
    for (const ltv_option *o = command->options; o->name != NULL && tables->n < MOST_OPTIONS; o++)
        add_option(tables, o);
}

static const ltv_option *option_of(const getopt_tables *tables, int id)
{
    if (id >= FIRST_ID)
        return tables->option[id - FIRST_ID];
    for (size_t i = 0; i < tables->n; i++)
        if (tables->option[i]->letter == id)
            return tables->option[i];
    return NULL;
}

void ltv_suggest(char *buffer, size_t size, const char *word, size_t n,
                 const char *const *candidates)
{
    const char *nearest = ltv_nearest(word, n, candidates);
    buffer[0] = '\0';
    if (nearest != NULL)
        snprintf(buffer, size, " (did you mean '%s'?)", nearest);
}

static ltv_status fail_unknown(const getopt_tables *tables, const ltv_command *command,
                               const char *given, ltv_error *err)
{
    const char *names[MOST_OPTIONS];
    char word[80], nearest_option[96] = "";
    for (size_t i = 0; i < tables->n; i++)
        names[i] = tables->option[i]->name;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(given + 2, "="), given + 2);
    const char *nearest = ltv_nearest(word, tables->n, names);
    if (nearest != NULL)
        snprintf(nearest_option, sizeof nearest_option, " (did you mean --%s?)", nearest);
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s has no option --%s%s; see 'ltvsim %s --help'",
                    command->name, word, nearest_option, command->name);
}

/* What getopt_long complained about: it returned '?', and optopt says some more. */
static ltv_status fail_option(const getopt_tables *tables, const ltv_command *command,
                              char *const *argv, ltv_error *err)
{
    const ltv_option *known = option_of(tables, optopt);
    if (optopt == 0 && strncmp(argv[optind - 1], "--", 2) == 0)
        return fail_unknown(tables, command, argv[optind - 1], err);
    if (known != NULL)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "option --%s takes no value", known->name);
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s has no option -%c; see 'ltvsim %s --help'",
                    command->name, optopt, command->name);
}

static ltv_status take_option(ltv_arguments *arguments, const ltv_option *option, const char *value,
                              ltv_error *err)
{
    if (option == &help_option) {
        arguments->help = true;
        return LTV_OK;
    }
    if (option->help == NULL)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "option --%s is not in this version", option->name);
    arguments->options[arguments->n_options++] = (ltv_given_option){option, value};
    return LTV_OK;
}

static ltv_status check_operands(const ltv_arguments *arguments, ltv_error *err)
{
    const ltv_command *command = arguments->command;
    if (arguments->n_operands < command->least_operands)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "%s needs more arguments: ltvsim %s %s; see 'ltvsim %s --help'",
                        command->name, command->name, command->operands, command->name);
    if (arguments->n_operands > command->most_operands && command->most_operands == 1)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "%s takes only one %s, and '%s' is one too many; see 'ltvsim %s --help'",
                        command->name, command->operands, arguments->operands[1], command->name);
    if (arguments->n_operands > command->most_operands)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "%s cannot use the argument '%s'; see 'ltvsim %s --help'", command->name,
                        arguments->operands[command->most_operands], command->name);
    return LTV_OK;
}

/* The words of a command line, quoted for a shell where they need it. NULL when memory is
 * short. */
static char *join_words(int argc, char *const *argv)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./,:=+@%";
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    fputs("ltvsim", out);
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (*word != '\0' && word[strspn(word, plain)] == '\0') {
            fprintf(out, " %s", word);
            continue;
        }
        fputs(" '", out);
        for (; *word != '\0'; word++)
            fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
        fputc('\'', out);
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

ltv_status ltv_arguments_parse(ltv_arguments *arguments, const ltv_command *command, int argc,
                               char **argv, ltv_error *err)
{
    getopt_tables tables;
    fill_tables(&tables, command);
    *arguments = (ltv_arguments){.command = command};
    arguments->options = calloc((size_t)argc + 1, sizeof *arguments->options);
    arguments->typed = join_words(argc, argv);
    if (arguments->options == NULL || arguments->typed == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    optind = 0; /* glibc: start anew, forgetting the state of an earlier parse */
    opterr = 0;
    int id;
    while ((id = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        if (id == '?')
            return fail_option(&tables, command, argv, err);
        if (id == ':')
            return ltv_fail(err, LTV_ERR_BAD_INPUT, "option --%s needs a value (%s)",
                            option_of(&tables, optopt)->name, option_of(&tables, optopt)->value);
        ltv_status status = take_option(arguments, option_of(&tables, id), optarg, err);
        if (status != LTV_OK || arguments->help)
            return status;
    }
    arguments->n_operands = (size_t)(argc - optind);
    arguments->operands = argv + optind;
    return check_operands(arguments, err);
}

const char *ltv_arguments_value(const ltv_arguments *arguments, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < arguments->n_options; i++)
        if (strcmp(arguments->options[i].option->name, name) == 0)
            value = arguments->options[i].value;
    return value;
}

bool ltv_arguments_has(const ltv_arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->n_options; i++)
        if (strcmp(arguments->options[i].option->name, name) == 0)
            return true;
    return false;
}

ltv_status ltv_arguments_integer(const ltv_arguments *arguments, const char *name, long lowest,
                                 long highest, long *value, ltv_error *err)
{
    const char *text = ltv_arguments_value(arguments, name);
    if (text == NULL)
        return LTV_OK;
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    bool is_number = text[strspn(text, "0123456789")] == '\0' && *text != '\0' && errno == 0;
    if (!is_number || number < lowest || number > highest)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "option --%s must be a whole number from %ld to %ld, not '%s'", name,
                        lowest, highest, text);
    *value = number;
    return LTV_OK;
}

void ltv_arguments_free(ltv_arguments *arguments)
{
    free(arguments->options);
    free(arguments->typed);
    *arguments = (ltv_arguments){0};
}

static void print_option(FILE *out, const ltv_option *option)
{
    enum { INDENT = 26 };
    char head[64];
    char letter[8] = "    ";
    if (option->letter != 0)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(head, sizeof head, "  %s--%s%s%s", letter, option->name,
             option->value != NULL ? " " : "", option->value != NULL ? option->value : "");
    int printed = fprintf(out, "%s", head);
    if (printed > INDENT - 2) {
        fputc('\n', out);
        printed = 0;
    }
    ltv_text_blanks(out, INDENT - printed);
    ltv_text_wrap(out, option->help, INDENT, INDENT, HELP_COLUMNS);
}

void ltv_command_print_help(FILE *out, const ltv_command *command)
{
    bool has_options = command->options[0].name != NULL;
    fprintf(out, "Usage: ltvsim %s%s%s%s\n\n", command->name, has_options ? " [OPTIONS]" : "",
            command->operands[0] != '\0' ? " " : "", command->operands);
    ltv_text_wrap(out, command->description, 0, 0, HELP_COLUMNS);
    fputs("\nOptions:\n", out);
    for (const ltv_option *option = command->options; option->name != NULL; option++)
        if (option->help != NULL)
            print_option(out, option);
    print_option(out, &help_option);
    if (command->example != NULL)
        fprintf(out, "\nExample:\n  %s\n", command->example);
}
