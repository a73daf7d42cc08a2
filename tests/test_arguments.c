/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/arguments.h"
#include "sim/cli/text.h"

static const ltv_option options[] = {
    {"output", 'o', "FILE", "Where to write."},
    {"set", 0, "PATH=VALUE", "Change a key; may be given several times, the last one wins."},
    {"threads", 0, "N", "How many."},
    {"quiet", 'q', NULL, "Be quiet."},
    {"draws", 0, "N", NULL},
    {.name = NULL},
};

static const ltv_command command = {
    .name = "run",
    .operands = "SCENARIO [TABLE]",
    .least_operands = 1,
    .most_operands = 2,
    .summary = "Run it",
    .description = "Runs it.",
    .options = options,
};

enum { MOST_WORDS = 8 };

typedef struct {
    ltv_arguments arguments;
    ltv_error err;
    ltv_status status;
    char words[MOST_WORDS][64];
    char *argv[MOST_WORDS + 1];
} parsed;

/* Parses "run" and the words up to the first NULL. */
static void parse(parsed *p, const char *const *words)
{
    int argc = 0;
    memset(p, 0, sizeof *p);
    strcpy(p->words[argc], "run");
    p->argv[argc] = p->words[argc];
    for (argc = 1; words[argc - 1] != NULL; argc++) {
        strcpy(p->words[argc], words[argc - 1]);
        p->argv[argc] = p->words[argc];
    }
    p->status = ltv_arguments_parse(&p->arguments, &command, argc, p->argv, &p->err);
}

static void options_and_operands_come_in_any_order(void **state)
{
    (void)state;
    parsed p;
    parse(&p,
          (const char *const[]){"a.yaml", "--set", "x=1", "-o", "f.h5", "--set=y=2", "-q", NULL});
    assert_int_equal(p.status, LTV_OK);
    assert_int_equal(p.arguments.n_operands, 1);
    assert_string_equal(p.arguments.operands[0], "a.yaml");
    assert_int_equal(p.arguments.n_options, 4);
    assert_string_equal(p.arguments.options[0].value, "x=1");
    assert_string_equal(p.arguments.options[2].value, "y=2");
    assert_string_equal(ltv_arguments_value(&p.arguments, "set"), "y=2");
    assert_string_equal(ltv_arguments_value(&p.arguments, "output"), "f.h5");
    assert_true(ltv_arguments_has(&p.arguments, "quiet"));
    assert_false(ltv_arguments_has(&p.arguments, "threads"));
    ltv_arguments_free(&p.arguments);
    ltv_arguments_free(&p.arguments);
}

static void the_command_line_is_kept_so_that_it_can_be_typed_again(void **state)
{
    (void)state;
    parsed p;
    parse(&p, (const char *const[]){"my plan.yaml", "--set", "title=it's", NULL});
    assert_string_equal(p.arguments.typed, "ltvsim run 'my plan.yaml' --set 'title=it'\\''s'");
    ltv_arguments_free(&p.arguments);
}

static void everything_after_two_dashes_is_an_operand(void **state)
{
    (void)state;
    parsed p;
    parse(&p, (const char *const[]){"--", "--set", NULL});
    assert_int_equal(p.status, LTV_OK);
    assert_string_equal(p.arguments.operands[0], "--set");
    ltv_arguments_free(&p.arguments);
}

static void help_is_answered_before_anything_is_checked(void **state)
{
    (void)state;
    parsed p;
    parse(&p, (const char *const[]){"--help", NULL});
    assert_int_equal(p.status, LTV_OK);
    assert_true(p.arguments.help);
    ltv_arguments_free(&p.arguments);
}

static void mistakes_are_bad_input_and_say_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *words[4];
        const char *expected;
    } cases[] = {
        {"a slip in an option", {"--outptu", "x", "a", NULL}, "did you mean --output?"},
        {"an option of another program",
         {"--frobnicate", "a", NULL},
         "run has no option --frobnicate; see 'ltvsim run --help'"},
        {"an unknown letter", {"-x", "a", NULL}, "run has no option -x"},
        {"a missing value", {"a", "--output", NULL}, "--output needs a value (FILE)"},
        {"a missing value of a letter", {"a", "-o", NULL}, "--output needs a value (FILE)"},
        {"a value for a flag", {"--quiet=yes", "a", NULL}, "--quiet takes no value"},
        {"a later version's option", {"--draws", "3", "a", NULL}, "--draws is not in this version"},
        {"no operand", {NULL}, "ltvsim run SCENARIO [TABLE]"},
        {"too many operands", {"a", "b", "c", NULL}, "cannot use the argument 'c'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parsed p;
        print_message("%s\n", cases[i].label);
        parse(&p, cases[i].words);
        assert_int_equal(p.status, LTV_ERR_BAD_INPUT);
        assert_non_null(strstr(p.err.message, cases[i].expected));
        ltv_arguments_free(&p.arguments);
    }
}

static void numbers_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ltv_status status;
        long value;
    } cases[] = {
        {"1", LTV_OK, 1},
        {"64", LTV_OK, 64},
        {"0", LTV_ERR_BAD_INPUT, 0},
        {"65", LTV_ERR_BAD_INPUT, 0},
        {"-1", LTV_ERR_BAD_INPUT, 0},
        {"two", LTV_ERR_BAD_INPUT, 0},
        {"2x", LTV_ERR_BAD_INPUT, 0},
        {"", LTV_ERR_BAD_INPUT, 0},
        {"99999999999999999999", LTV_ERR_BAD_INPUT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parsed p;
        long value = 0;
        parse(&p, (const char *const[]){"a", "--threads", cases[i].text, NULL});
        assert_int_equal(ltv_arguments_integer(&p.arguments, "threads", 1, 64, &value, &p.err),
                         cases[i].status);
        assert_int_equal(value, cases[i].value);
        ltv_arguments_free(&p.arguments);
    }
}

static void help_lists_every_option_of_this_version(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    ltv_command_print_help(out, &command);
    fclose(out);
    assert_non_null(strstr(text, "Usage: ltvsim run [OPTIONS] SCENARIO [TABLE]"));
    assert_non_null(strstr(text, "-o, --output FILE"));
    assert_non_null(strstr(text, "-h, --help"));
    assert_null(strstr(text, "--draws"));
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(ltv_text_width(line) < 80);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_come_in_any_order),
        cmocka_unit_test(the_command_line_is_kept_so_that_it_can_be_typed_again),
        cmocka_unit_test(everything_after_two_dashes_is_an_operand),
        cmocka_unit_test(help_is_answered_before_anything_is_checked),
        cmocka_unit_test(mistakes_are_bad_input_and_say_what_to_do),
        cmocka_unit_test(numbers_are_checked),
        cmocka_unit_test(help_lists_every_option_of_this_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
