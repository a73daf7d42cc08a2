/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "sim/cli/commands.h"
#include "sim/cli/file_kind.h"
#include "sim/cli/text.h"
#include "sim/kernel/vector/vector.h"

static void print_general_help(FILE *out)
{
    fputs("ltvsim: what is a customer worth? Monte Carlo cohort simulation of customer\n"
          "lifetime value.\n"
          "\n"
          "Usage: ltvsim COMMAND [OPTIONS] ...\n"
          "\n"
          "Commands:\n",
          out);
    for (size_t i = 0; i < LTV_COMMANDS; i++)
        fprintf(out, "  %-11s %s\n", ltv_commands[i]->name, ltv_commands[i]->summary);
    fputs("\n"
          "Options:\n"
          "  -h, --help     Print this help; 'ltvsim help COMMAND' for a command's own.\n"
          "  -V, --version  Print the version.\n"
          "\n"
          "Example:\n"
          "  ltvsim run music.yaml     simulate, print the summary, write music.h5\n"
          "\n"
          "Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.\n",
          out);
}

static const ltv_command *find_command(const char *name)
{
    for (size_t i = 0; i < LTV_COMMANDS; i++)
        if (strcmp(ltv_commands[i]->name, name) == 0)
            return ltv_commands[i];
    return NULL;
}

static ltv_status fail_unknown_command(const char *name, ltv_error *err)
{
    const char *names[LTV_COMMANDS];
    char suggestion[64];
    if (ltv_file_is_hdf5(name) || ltv_name_ends_with(name, ".h5"))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "there is no command '%s' (did you mean 'ltvsim show %s'?)", name, name);
    if (ltv_name_ends_with(name, ".yaml") || ltv_name_ends_with(name, ".yml"))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "there is no command '%s' (did you mean 'ltvsim run %s'?)", name, name);
    for (size_t i = 0; i < LTV_COMMANDS; i++)
        names[i] = ltv_commands[i]->name;
    ltv_suggest(suggestion, sizeof suggestion, name, LTV_COMMANDS, names);
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "there is no %s '%s'%s; see 'ltvsim --help'",
                    name[0] == '-' ? "option" : "command", name, suggestion);
}

/* "FILE:LINE:COLUMN: …" stands alone, so that editors can jump there. */
static bool starts_with_position(const char *message, const ltv_arguments *arguments)
{
    if (arguments->n_operands == 0)
        return false;
    size_t length = strlen(arguments->operands[0]);
    return strncmp(message, arguments->operands[0], length) == 0 && message[length] == ':' &&
           isdigit((unsigned char)message[length + 1]);
}

/* The sentence on standard error. Control characters, which an input file may have smuggled into
 * it, must not reach the terminal. */
static void print_error(const ltv_error *err, const ltv_arguments *arguments)
{
    char message[sizeof err->message];
    ltv_text_clip(message, sizeof message, err->message, (int)sizeof message, true);
    fprintf(stderr, "%s%s\n", starts_with_position(message, arguments) ? "" : "ltvsim: ", message);
}

/* A reader that went away (`| head`) has all it wanted: no failure. */
static bool reader_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

/* What was printed has to arrive. */
static ltv_status finish_output(ltv_error *err)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if ((fflush(stdout) == 0 && !failed) || reader_is_gone())
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_WRITE_FAILED, "standard output could not be written%s%s",
                    errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
}

/* ltvsim help [COMMAND] */
static ltv_status help(const char *name, ltv_error *err)
{
    const ltv_command *command = name != NULL ? find_command(name) : NULL;
    if (name != NULL && command == NULL)
        return fail_unknown_command(name, err);
    if (command == NULL)
        print_general_help(stdout);
    else
        ltv_command_print_help(stdout, command);
    return LTV_OK;
}

static ltv_status dispatch(int argc, char **argv, ltv_arguments *arguments, ltv_error *err)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        print_general_help(stderr);
        return LTV_ERR_BAD_INPUT;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_general_help(stdout);
        return LTV_OK;
    }
    if (strcmp(word, "help") == 0)
        return help(argv[2], err);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        printf("ltvsim %s\n", LTV_VERSION);
        return LTV_OK;
    }
    const ltv_command *command = find_command(word);
    if (command == NULL)
        return fail_unknown_command(word, err);
    ltv_status status = ltv_arguments_parse(arguments, command, argc - 1, argv + 1, err);
    if (status == LTV_OK && arguments->help)
        ltv_command_print_help(stdout, command);
    else if (status == LTV_OK && (status = ltv_vector_check(err)) == LTV_OK)
        status = command->run(arguments, err);
    return status;
}

int main(int argc, char **argv)
{
    ltv_error err = {0};
    ltv_arguments arguments = {0};
    /* Characters by the user's locale; numbers stay as C reads and writes them. */
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off(); /* GSL would abort; we look at what its functions return */
    signal(SIGPIPE, SIG_IGN);
    ltv_status status = dispatch(argc, argv, &arguments, &err);
    ltv_status output = finish_output(&err);
    if (status == LTV_OK)
        status = output;
    if (err.code != LTV_OK)
        print_error(&err, &arguments);
    ltv_arguments_free(&arguments);
    return ltv_status_exit_code(status);
}
