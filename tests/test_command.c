/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <jansson.h>

#include "close.h"
#include "sim/cli/commands.h"
#include "sim/cli/terminal.h"
#include "sim/cli/text.h"
#include "sim/test_plan.h"

/* The command as its users meet it: a process with arguments, two streams and an exit code. Every
 * test runs in an empty folder of its own. */

enum { MOST_ARGUMENTS = 16, STREAM_SIZE = 1 << 21 };

typedef struct {
    int exit_code; /* -1: ended by a signal */
    char out[STREAM_SIZE], err[STREAM_SIZE];
} outcome;

static outcome result; /* of the last command; large, and the tests run one by one */

static const char music[] = "ltvsim: 1\n"
                            "title: Music streaming\n"
                            "currency: JPY\n"
                            "retention: {geometric: {churn: 3%}}\n"
                            "revenue: {price: 1000}\n"
                            "gross_margin: 80%\n"
                            "acquisition: {cac: 5000}\n";

/* ---- Running ------------------------------------------------------------------------------ */

static void read_back(const char *path, char *text)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, STREAM_SIZE - 1, file)] = '\0';
    fclose(file);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void redirect(int descriptor, const char *path, int flags)
{
    int file = open(path, flags, 0666);
    if (file < 0 || dup2(file, descriptor) < 0)
        _exit(125);
}

/* Starts the command; its streams go to files outside of the test's folder. */
static pid_t start(const char *const *arguments, const char *in, const char *out)
{
    char *argv[MOST_ARGUMENTS + 2] = {(char *)LTV_COMMAND};
    for (size_t i = 0; arguments[i] != NULL && i < MOST_ARGUMENTS; i++)
        argv[i + 1] = (char *)arguments[i];
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        redirect(STDIN_FILENO, in, O_RDONLY);
        redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
        redirect(STDERR_FILENO, "../err", O_WRONLY | O_CREAT | O_TRUNC);
        execv(LTV_COMMAND, argv);
        _exit(126);
    }
    return child;
}

static void finish(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    read_back("../err", result.err);
}

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void run_command(const char *const *arguments)
{
    finish(start(arguments, "/dev/null", "../out"));
    read_back("../out", result.out);
}

static void expect_done(const char *const *arguments)
{
    run_command(arguments);
    if (result.exit_code != 0)
        fail_msg("exit code %d: %s", result.exit_code, result.err);
    assert_string_equal(result.err, "");
}

static void expect_exit(const char *const *arguments, int exit_code, const char *message)
{
    run_command(arguments);
    if (result.exit_code != exit_code || strstr(result.err, message) == NULL)
        fail_msg("exit code %d instead of %d, or \"%s\" not in: %s", result.exit_code, exit_code,
                 message, result.err);
    /* One sentence on one line. */
    assert_ptr_equal(strchr(result.err, '\n'), result.err + strlen(result.err) - 1);
}

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* Files in the test's folder. */
static int n_files(void)
{
    int n = 0;
    DIR *folder = opendir(".");
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return n;
}

/* ---- Folders ------------------------------------------------------------------------------ */

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int set_up(void **state)
{
    static char folder[] = "/tmp/ltvsim-command-XXXXXX";
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    *state = mkdtemp(folder);
    if (*state == NULL || chdir(folder) != 0 || mkdir("here", 0777) != 0 || chdir("here") != 0)
        return -1;
    write_file("music.yaml", music);
    return setenv("LC_ALL", "C.UTF-8", 1);
}

static int tear_down(void **state)
{
    if (chdir("/") != 0)
        return -1;
    return nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- run, show, export -------------------------------------------------------------------- */

static void run_prints_the_page_and_writes_the_file(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml"));
    assert_non_null(strstr(result.out, "A customer brings ¥"));
    assert_non_null(strstr(result.out, "Results: music.h5\n"));
    assert_true(exists("music.h5"));
    assert_int_equal(n_files(), 2);
}

static void show_prints_the_same_page_as_run(void **state)
{
    (void)state;
    static char page[STREAM_SIZE];
    write_file("arms.yaml", "ltvsim: 1\ncurrency: USD\ndiscount_rate: 10%\n"
                            "customers: {count: 3000}\n"
                            "retention: {weibull: {scale: 20, shape: 0.8}}\n"
                            "revenue: {price: 64.5, heterogeneity: {log_normal: {cv: 0.5}}}\n"
                            "service_cost: 3\n"
                            "segments: {推奨者: {share: 40%}, \"z, quoted\": {share: 60%}}\n"
                            "channels: {paid: {share: 50%, cac: 300}, free: {share: 50%, cac: 0}}\n"
                            "arms: {today: [], 値上げ: {set: {revenue.price: 70}}}\n");
    static const char *const scenarios[] = {"music.yaml", "arms.yaml"};
    for (size_t i = 0; i < 2; i++) {
        expect_done(ARGUMENTS("run", scenarios[i], "-o", "r.h5"));
        strcpy(page, result.out);
        expect_done(ARGUMENTS("show", "r.h5"));
        assert_string_equal(result.out, page);
        for (char *line = strtok(page, "\n"); line != NULL; line = strtok(NULL, "\n"))
            assert_in_range(ltv_text_width(line), 1, LTV_PAGE_COLUMNS);
    }
}

static void the_page_is_ascii_where_the_locale_is(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    expect_done(ARGUMENTS("run", "music.yaml"));
    for (const char *c = result.out; *c != '\0'; c++)
        assert_true((unsigned char)*c < 0x80);
}

static void nothing_but_errors_is_printed_when_quiet(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--quiet"));
    assert_string_equal(result.out, "");
    assert_true(exists("music.h5"));
}

static void json_is_one_document_that_parses(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--json"));
    json_error_t where;
    json_t *tree = json_loads(result.out, JSON_REJECT_DUPLICATES, &where);
    assert_non_null(tree);
    json_t *arm = json_object_get(json_object_get(tree, "arms"), "baseline");
    double mean = json_real_value(json_object_get(json_object_get(arm, "ltv"), "mean"));
    /* 26,667 less what the horizon of 120 months cuts off; 7 standard errors of 0.3 %. */
    assert_true(fabs(mean - 25977) < 550);
    json_decref(tree);
}

static void options_stand_for_keys_and_the_last_one_wins(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--set", "experiment.customers=10", "--customers",
                          "2,000", "--seed", "77", "--set", "title=Dear", "--threads", "1"));
    assert_non_null(strstr(result.out, "Dear\n"));
    assert_non_null(strstr(result.out, "2,000 customers simulated"));
    expect_done(ARGUMENTS("show", "music.h5", "scenario/effective"));
    assert_non_null(strstr(result.out, "seed: 77\n"));
    expect_done(ARGUMENTS("show", "music.h5", "provenance"));
    assert_non_null(strstr(result.out, "--seed 77 --set title=Dear --threads 1\n"));
}

static void a_run_until_it_is_precise_says_why_it_ended(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--customers", "1000", "--set",
                          "experiment.until={metric: arms.baseline.ltv, half_width: "
                          "{relative: 1%, absolute: 1}}"));
    assert_non_null(strstr(result.out, "Stopped: arms.baseline.ltv is known to within "));
    expect_done(ARGUMENTS("run", "music.yaml", "--customers", "1000", "--set",
                          "experiment.until={metric: arms.baseline.ltv, half_width: "
                          "{absolute: 1}, max_customers: 5000}"));
    assert_non_null(strstr(result.out, "5,000 customers simulated"));
    assert_non_null(strstr(result.out, "Warning: not as precise as asked for: after 5000 "));
    expect_exit(
        ARGUMENTS("check", "music.yaml", "--set",
                  "experiment.until={metric: arms.baseline.lvt, half_width: {absolute: 1}}"),
        2, "there is no figure lvt; did you mean ltv?");
}

static void the_results_do_not_depend_on_threads(void **state)
{
    (void)state;
    static char one[STREAM_SIZE]; /* enough customers for three threads */
    expect_done(ARGUMENTS("run", "music.yaml", "--customers", "9000000", "--threads", "1"));
    strcpy(one, result.out);
    expect_done(ARGUMENTS("run", "music.yaml", "--customers", "9000000", "--threads", "3"));
    assert_string_equal(result.out, one);
    static const char levels[] = "revenue.heterogeneity={gamma: {cv: 0.5}}"; /* not only counted */
    expect_done(ARGUMENTS("run", "music.yaml", "--set", levels, "--threads", "1"));
    strcpy(one, result.out);
    expect_done(ARGUMENTS("run", "music.yaml", "--set", levels, "--threads", "3"));
    assert_string_equal(result.out, one);
}

/* An arm whose customers are worth most may be the worst one, when all is paid for. */
static void what_is_left_after_all_costs_is_told(void **state)
{
    (void)state;
    write_file("costly.yaml",
               "ltvsim: 1\ncurrency: USD\ncustomers: {count: 1000}\n"
               "retention: {geometric: {churn: 4%}}\n"
               "revenue: {price: 30}\nacquisition: {cac: 50}\n"
               "interventions:\n"
               "  care: {when: {at_tenure: 0}, effect: {churn: {times: x0.9, for: 6}}, "
               "cost: {fixed: 500000}}\n"
               "arms:\n  today: []\n"
               "  care_and_price: {interventions: [care], set: {revenue.price: 31}}\n");
    expect_done(ARGUMENTS("run", "costly.yaml", "--customers", "1000"));
    assert_non_null(strstr(result.out, "care_and_price brings most: "));
    assert_non_null(strstr(result.out, "After CAC and fixed costs"));
    expect_done(ARGUMENTS("run", "costly.yaml", "--customers", "1000", "--set",
                          "interventions.care.cost.fixed=5"));
    assert_null(strstr(result.out, "After CAC"));
}

/* A price known to a ten-thousandth changes less than the noise of 256 customers a draw does; with
 * this seed their draws even seem to differ less than by noise. */
static void limits_are_not_said_to_be_a_point(void **state)
{
    (void)state;
    write_file("known.yaml", "ltvsim: 1\ncurrency: USD\nretention: {geometric: {churn: 4%}}\n"
                             "revenue: {price: {ci90: [29.99, 30.01]}}\n"
                             "acquisition: {cac: 50}\n");
    expect_done(
        ARGUMENTS("run", "known.yaml", "--draws", "64", "--customers", "256", "--seed", "2"));
    const char *of_ltv = strstr(result.out, "what we don't know       below noise");
    assert_non_null(of_ltv);
    assert_non_null(strstr(of_ltv + 1, "what we don't know       below noise")); /* of LTV/CAC */
}

/* ---- decide ------------------------------------------------------------------------------- */

/* One bill of everybody, so the second arm brings what its price is above 100 more, N(2, 3^2). What
 * customers pay has a standard deviation of half the price. The margin of error is that of 1,024
 * Sobol draws and of the noise of 512 customers in each, 0.022 of the difference. */
static const char dearer[] =
    "ltvsim: 1\ncurrency: USD\ntime: {horizon: 1}\ncustomers: {count: 2000}\n"
    "retention: {geometric: {churn: 0}}\n"
    "revenue: {price: 100, heterogeneity: {gamma: {cv: 0.5}}}\n"
    "service_cost: {normal: {mean: 20, sd: 4}}\n"
    "arms: {today: [], dearer: {set: {revenue.price: {normal: {mean: 102, sd: 3}}}}}\n"
    "test: {customers_to_come: 1200000, monthly: 100000, share: 50%, delay: 1, fixed: 100}\n"
    "experiment: {draws: 1024, customers: 512}\n";

static json_t *decided_json(const char *const *arguments)
{
    expect_done(arguments);
    json_error_t where;
    json_t *tree = json_loads(result.out, JSON_REJECT_DUPLICATES, &where);
    assert_non_null(tree);
    return tree;
}

static double number_in(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void decide_puts_a_price_on_knowing_and_testing(void **state)
{
    (void)state;
    write_file("dearer.yaml", dearer);
    json_t *tree = decided_json(ARGUMENTS("decide", "dearer.yaml", "--json"));
    const json_t *decisions = json_object_get(tree, "decisions");
    const json_t *arm = json_array_get(json_object_get(decisions, "arms"), 1);
    const json_t *inputs = json_object_get(decisions, "evppi");
    const json_t *contrast = json_object_get(json_object_get(tree, "compare"), "dearer");
    const json_t *test = json_object_get(contrast, "test_first"), *row;
    double evpi = number_in(decisions, "evpi"),
           evppi = number_in(json_array_get(inputs, 0), "evppi");
    assert_close("EVPI", evpi, ltv_normal_opportunity_loss(2, 3), 0.012);
    assert_close("of the cohort", number_in(decisions, "evpi_total"), 2000 * evpi, 1e-12);
    assert_close("value", number_in(arm, "expected_value"), 82, 0.005);
    assert_close("P(best)", number_in(arm, "p_best"), 0.7475, 0.01);
    assert_string_equal(json_string_value(json_object_get(json_array_get(inputs, 0), "input")),
                        "arms.dearer.set.revenue.price");
    assert_true(evppi <= evpi && evppi > 0.98 * evpi);
    assert_within("service cost", number_in(json_array_get(inputs, 1), "evppi"), 0, 0.01 * evpi);
    size_t i, told = 0;
    json_array_foreach(json_object_get(test, "sizes"), i, row)
    {
        double v = 0.25 * (100 * 100 + 102 * 102 + 9) / number_in(row, "per_group");
        double theory = ltv_evsi_normal(2, 3, v), evsi = number_in(row, "evsi");
        assert_true(evsi <= evppi &&
                    number_in(row, "net_benefit") <= number_in(test, "net_benefit"));
        if (theory < 0.05) /* the tails of the draws end */
            continue;
        assert_close("EVSI", evsi, theory, 0.03);
        assert_close("normal", number_in(row, "evsi_normal"), theory, 0.03);
        told++;
    }
    assert_true(told > 10 && number_in(test, "net_benefit") > 0);
    json_decref(tree);
}

static void decisions_do_not_depend_on_threads(void **state)
{
    (void)state;
    char *text[2];
    write_file("dearer.yaml", dearer);
    for (int i = 0; i < 2; i++) {
        json_t *tree = decided_json(ARGUMENTS("decide", "dearer.yaml", "--json", "--draws", "64",
                                              "--threads", i == 0 ? "1" : "2"));
        json_object_del(tree, "provenance");
        text[i] = json_dumps(tree, JSON_SORT_KEYS);
        json_decref(tree);
    }
    assert_string_equal(text[0], text[1]);
    free(text[0]);
    free(text[1]);
}

static void decide_says_first_what_to_choose(void **state)
{
    (void)state;
    write_file("dearer.yaml", dearer);
    expect_done(ARGUMENTS("decide", "dearer.yaml", "--draws", "256"));
    assert_non_null(strstr(result.out, "Choose dearer: it is expected to bring $2.0"));
    assert_non_null(strstr(result.out, "Knowing every input exactly would be worth at most $0.4"));
    assert_non_null(strstr(result.out, "Test dearer first? Yes: 2 × "));
    assert_true(exists("dearer.h5"));
    for (char *line = strtok(result.out, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_in_range(ltv_text_width(line), 1, LTV_PAGE_COLUMNS);
}

static void decide_refuses_where_there_is_nothing_to_decide(void **state)
{
    (void)state;
    expect_exit(ARGUMENTS("decide", "music.yaml"), 2, "a single arm");
    expect_exit(ARGUMENTS("decide", "music.yaml", "--set", "arms={a: [], b: []}"), 2,
                "no input is uncertain");
    assert_int_equal(n_files(), 1);
}

static void a_scenario_can_come_through_a_pipe(void **state)
{
    (void)state;
    finish(start(ARGUMENTS("run", "-", "-o", "piped.h5"), "music.yaml", "../out"));
    assert_int_equal(result.exit_code, 0);
    assert_true(exists("piped.h5"));
    expect_exit(ARGUMENTS("run", "-"), 2, "-o FILE");
}

static void parts_of_a_file_can_be_shown(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--quiet"));
    expect_done(ARGUMENTS("show", "music.h5", "arms/baseline/metrics"));
    assert_non_null(strstr(result.out, "ltv_cac "));
    expect_done(ARGUMENTS("show", "music.h5", "--list"));
    assert_non_null(strstr(result.out, "arms/baseline/retention\n"));
    expect_done(ARGUMENTS("show", "music.h5", "scenario/source"));
    assert_string_equal(result.out, music);
    expect_exit(ARGUMENTS("show", "music.h5", "arms/baseline/metrcs"), 2,
                "did you mean arms/baseline/metrics?");
    expect_exit(ARGUMENTS("show", "music.h5", "metrics"), 2, "did you mean arms/baseline/metrics?");
    expect_exit(ARGUMENTS("show", "music.yaml"), 2, "music.yaml");
    expect_exit(ARGUMENTS("run", "music.h5", "-o", "x.h5"), 2, "ltvsim show music.h5");
    expect_exit(ARGUMENTS("music.h5"), 2, "did you mean 'ltvsim show music.h5'?");
    expect_exit(ARGUMENTS("show", "absent.h5"), 2, "absent.h5");
}

static void export_writes_csv(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--quiet"));
    expect_done(ARGUMENTS("export", "music.h5", "--csv", "tables"));
    assert_non_null(strstr(result.out, "files written"));
    assert_true(exists("tables/arms.baseline.metrics.csv"));
    write_file("tables/arms.other.metrics.csv", "of another run\n");
    run_command(ARGUMENTS("export", "music.h5", "--csv", "tables"));
    assert_int_equal(result.exit_code, 0);
    assert_non_null(strstr(result.err, "warning: tables: 1 CSV file of something else in it"));
    expect_exit(ARGUMENTS("export", "music.h5"), 2, "--csv DIR");
}

static void export_writes_a_workbook(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--quiet"));
    expect_done(ARGUMENTS("export", "music.h5", "--xlsx", "music.xlsx", "--csv", "tables"));
    assert_non_null(strstr(result.out, "music.xlsx written\n"));
    assert_true(exists("music.xlsx"));
    assert_true(exists("tables/arms.baseline.metrics.csv"));
    expect_exit(ARGUMENTS("export", "music.h5", "--xlsx", "missing/t.xlsx"), 1, "does not exist");
    expect_exit(ARGUMENTS("export", "music.yaml", "--xlsx", "t.xlsx"), 2, "music.yaml");
    assert_false(exists("t.xlsx"));
    expect_exit(ARGUMENTS("export", "music.h5", "--xlsx", "music.h5"), 2, "end in .xlsx");
    expect_done(ARGUMENTS("show", "music.h5")); /* it is still there */
}

/* ---- sensitivity --------------------------------------------------------------------------- */

/* LTV is 24 times price x margin: of its variance, price alone has 0.278, margin 0.667 (see
 * tests/test_sensitivity_study.c). */
static const char product[] = "ltvsim: 1\ntitle: Product\ncurrency: USD\ntime: {horizon: 24}\n"
                              "discount_rate: 0%\nretention: {geometric: {churn: 0%}}\n"
                              "revenue: {price: {uniform: [50, 150]}}\n"
                              "gross_margin: {beta: {alpha: 2, beta: 2}}\n"
                              "acquisition: {cac: {uniform: [300, 500]}}\n";

static void sensitivity_answers_first_and_writes_nothing(void **state)
{
    (void)state;
    write_file("product.yaml", product);
    expect_done(ARGUMENTS("sensitivity", "product.yaml", "--base", "256", "--customers", "1"));
    const char *answer = strstr(result.out, "LTV of baseline depends most on gross_margin: ");
    assert_non_null(answer);
    assert_true(answer < strstr(result.out, "at P10"));
    assert_non_null(strstr(result.out, "1,392 points of 1 customer\n"));
    assert_non_null(strstr(result.out, "[low, high]"));
    assert_int_equal(n_files(), 2); /* the scenarios */
    for (char *line = strtok(result.out, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(ltv_text_width(line) <= LTV_PAGE_COLUMNS);
}

static const json_t *row_of(const json_t *table, const char *input)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)table, i,
                       row) if (strcmp(json_string_value(json_object_get(row, "input")), input) ==
                                0) return row;
    fail_msg("%s is not there", input);
    return NULL;
}

static double number_of(const json_t *table, const char *input, const char *column)
{
    return json_number_value(json_object_get(row_of(table, input), column));
}

static void sensitivity_is_right_in_json_and_on_any_threads(void **state)
{
    (void)state;
    static char first[STREAM_SIZE];
    write_file("product.yaml", product);
    for (int threads = 1; threads <= 2; threads++) {
        expect_done(ARGUMENTS("sensitivity", "product.yaml", "--base", "256", "--customers", "1",
                              "--json", "--threads", threads == 1 ? "1" : "2"));
        json_t *root = json_loads(result.out, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(root);
        json_t *all = json_object_get(root, "sensitivity");
        const json_t *figure = json_object_get(all, "arms.baseline.ltv");
        const json_t *indices = json_object_get(figure, "indices");
        const json_t *tornado = json_object_get(figure, "tornado");
        /* 6 standard deviations over seeds, 0.024 (test_sensitivity_study.c). */
        assert_true(fabs(number_of(indices, "revenue.price", "first") - 0.278) < 0.144);
        assert_true(fabs(number_of(indices, "gross_margin", "first") - 0.667) < 0.144);
        assert_true(number_of(indices, "acquisition.cac", "total") == 0);
        assert_true(fabs(number_of(tornado, "revenue.price", "at_p90") - 24 * 140 * 0.5) < 1e-6);
        assert_true(fabs(number_of(tornado, "revenue.price", "swing") - 24 * 80 * 0.5) < 1e-6);
        char *text = json_dumps(all, JSON_SORT_KEYS);
        if (threads == 1)
            snprintf(first, sizeof first, "%s", text);
        else
            assert_string_equal(text, first);
        free(text);
        json_decref(root);
    }
}

static void a_file_of_sensitivity_holds_the_run_too(void **state)
{
    (void)state;
    write_file("product.yaml", product);
    expect_done(ARGUMENTS("sensitivity", "product.yaml", "--base", "32", "--customers", "10",
                          "--set", "experiment.draws=64", "-o", "both.h5"));
    assert_non_null(strstr(result.out, "Results: both.h5\n"));
    expect_done(ARGUMENTS("show", "both.h5"));
    assert_non_null(strstr(result.out, "Biggest driver of LTV: gross_margin (rank correlation 0."));
    expect_done(ARGUMENTS("show", "both.h5", "sensitivity/arms.baseline.ltv/tornado"));
    assert_non_null(strstr(result.out, "revenue.price"));
}

static void what_sensitivity_cannot_answer_is_bad_input(void **state)
{
    (void)state;
    write_file("product.yaml", product);
    expect_exit(ARGUMENTS("sensitivity", "music.yaml"), 2, "no input of the scenario is uncertain");
    expect_exit(ARGUMENTS("sensitivity", "product.yaml", "--metric", "arms.baseline.lvt"), 2,
                "did you mean 'arms.baseline.ltv'?");
    expect_exit(ARGUMENTS("sensitivity", "product.yaml", "--base", "1"), 2, "--base");
    expect_exit(ARGUMENTS("sensitivity", "product.yaml", "--base", "48"), 2, "power of two");
    expect_exit(ARGUMENTS("sensitivity", "product.yaml", "--quiet", "--json"), 2, "exclude");
    assert_int_equal(n_files(), 2);
}

/* ---- explain, check, schema --------------------------------------------------------------- */

static void explain_writes_nothing_and_knows_the_closed_forms(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("explain", "music.yaml", "--set", "involuntary_churn.monthly=1%"));
    assert_non_null(strstr(result.out, "a geometric curve that loses 3 % in the first month"));
    assert_non_null(strstr(result.out, "3.97 %"));  /* 1 - 0.97 x 0.99 */
    assert_non_null(strstr(result.out, "¥20,151")); /* 800 / 0.0397 */
    assert_non_null(strstr(result.out, "month 7"));
    assert_non_null(strstr(result.out, "horizon: 120\n"));
    assert_int_equal(n_files(), 1);
}

static void check_says_fine_or_what_is_wrong(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("check", "music.yaml"));
    assert_string_equal(result.out, "music.yaml: fine\n"
                                    "Music streaming: JPY, 120 months, 1 arm, 100,000 customers\n");
    write_file("bad.yaml", "ltvsim: 1\ncurency: JPY\n");
    expect_exit(ARGUMENTS("check", "bad.yaml"), 2, "bad.yaml:2:1: ");
    assert_string_equal(result.out, "");
}

static void what_misleads_is_told_beside_the_output(void **state)
{
    (void)state;
    static const char warning[] = "warning: interventions.offer: nobody asks for it";
    write_file("offer.yaml", "ltvsim: 1\ncurrency: JPY\nretention: {geometric: {churn: 3%}}\n"
                             "revenue: {price: 1000}\n"
                             "interventions: {offer: {when: {on_churn_intent: {accept: 30%}}}}\n"
                             "arms: {today: [], then: [offer]}\n");
    expect_exit(ARGUMENTS("check", "offer.yaml"), 0, warning);
    assert_null(strstr(result.out, "warning"));
    expect_exit(ARGUMENTS("explain", "offer.yaml"), 0, warning);
}

static void schema_is_json(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("schema"));
    json_t *schema = json_loads(result.out, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(schema);
    assert_non_null(json_object_get(schema, "properties"));
    json_decref(schema);
}

/* ---- Mistakes ----------------------------------------------------------------------------- */

/* "# expect: LINE:COLUMN fragment", the first line of each bad scenario. */
static void read_expectation(const char *path, char *position, char *fragment)
{
    static char text[STREAM_SIZE];
    int line, column, used = 0;
    read_back(path, text);
    if (sscanf(text, "# expect: %d:%d %n", &line, &column, &used) != 2)
        fail_msg("%s does not say what is expected", path);
    snprintf(position, 600, "%s:%d:%d: ", path, line, column);
    snprintf(fragment, 600, "%.*s", (int)strcspn(text + used, "\n"), text + used);
}

static void every_bad_scenario_is_refused_at_its_place(void **state)
{
    (void)state;
    struct dirent **entries;
    int n = scandir(LTV_SOURCE_DIR "/tests/bad_scenarios", &entries, NULL, alphasort), tried = 0;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        char path[512], position[600], fragment[600];
        size_t length = strlen(entries[i]->d_name);
        if (length > 5 && strcmp(entries[i]->d_name + length - 5, ".yaml") == 0) {
            snprintf(path, sizeof path, LTV_SOURCE_DIR "/tests/bad_scenarios/%.200s",
                     entries[i]->d_name);
            read_expectation(path, position, fragment);
            expect_exit(ARGUMENTS("run", path), 2, fragment);
            if (strncmp(result.err, position, strlen(position)) != 0)
                fail_msg("not at %s but: %s", position, result.err);
            assert_string_equal(result.out, "");
            tried++;
        }
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(n_files(), 1);
    assert_true(tried >= 100);
}

static void files_that_are_no_scenarios_are_refused(void **state)
{
    (void)state;
    write_file("empty.yaml", "");
    write_file("binary.yaml", "\x89HDF\r\n\x1a\n");
    assert_int_equal(mkdir("folder.yaml", 0777), 0);
    static const char *const paths[] = {"empty.yaml",  "binary.yaml", "folder.yaml",
                                        "absent.yaml", "/dev/null",   "music.yaml/x"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        expect_exit(ARGUMENTS("run", paths[i], "-o", "x.h5"), 2, paths[i]);
    assert_false(exists("x.h5"));
}

static void mistakes_on_the_command_line_are_bad_input(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[6];
        const char *message;
    } cases[] = {
        {{"rnu", "music.yaml"}, "did you mean 'run'?"},
        {{"frobnicate"}, "see 'ltvsim --help'"},
        {{"--frobnicate"}, "there is no option '--frobnicate'"},
        {{"run"}, "ltvsim run SCENARIO"},
        {{"music.yaml"}, "did you mean 'ltvsim run music.yaml'?"},
        {{"help", "rnu"}, "did you mean 'run'?"},
        {{"run", "music.yaml", "other.yaml"}, "only one SCENARIO, and 'other.yaml'"},
        {{"run", "music.yaml", "--custmers", "3"}, "did you mean --customers?"},
        {{"run", "music.yaml", "--customers", "many"}, "ltvsim: --customers many: \"many\""},
        {{"run", "music.yaml", "--customers", "0"}, "ltvsim: --customers 0: "},
        {{"run", "music.yaml", "--threads", "0"}, "from 1 to"},
        {{"run", "music.yaml", "--seed", "-1"}, "ltvsim: --seed -1: "},
        {{"run", "music.yaml", "--set", "experiment.seed=x"}, "--set experiment.seed=x: "},
        {{"run", "music.yaml", "--set", "title"}, "--set title"},
        {{"run", "music.yaml", "--set", "segmnts.a=1"}, "did you mean segments?"},
        {{"run", "music.yaml", "--draws", "1"},
         "--draws 1: 1 is out of range: allowed is at least 2"},
        {{"run", "music.yaml", "--samples", "8"}, "not in this version"},
        {{"run", "music.yaml", "--quiet", "--json"}, "exclude each other"},
        {{"run", "music.yaml", "-o", "music.yaml"}, "overwrite the scenario"},
        {{"run", "music.yaml", "-o", "../here/music.yaml"}, "overwrite the scenario"},
        {{"run", "music.yaml", "-o", "-"}, "--json"},
        {{"run", "music.yaml", "-o", "t.csv"}, "export results.h5 --csv"},
        {{"run", "music.yaml", "-o", "t.XLSX"}, "export results.h5 --csv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_exit(cases[i].arguments, 2, cases[i].message);
    assert_int_equal(n_files(), 1);
    read_back("music.yaml", result.out);
    assert_string_equal(result.out, music);
}

static void nothing_but_results_is_overwritten(void **state)
{
    (void)state;
    write_file("survival.txt", "period,survival\n0,1\n");
    expect_exit(ARGUMENTS("run", "music.yaml", "-o", "survival.txt"), 2,
                "survival.txt exists and is not a results file; ltvsim does not overwrite it");
    read_back("survival.txt", result.out);
    assert_string_equal(result.out, "period,survival\n0,1\n");
    write_file("empty.h5", "");
    expect_done(ARGUMENTS("run", "music.yaml", "-q", "-o", "empty.h5"));
    expect_done(ARGUMENTS("run", "music.yaml", "-q", "-o", "empty.h5"));
}

static void changes_stand_on_the_page(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("run", "music.yaml", "--set", "retention.geometric.churn=2%"));
    assert_non_null(strstr(result.out, "\nChanged: retention.geometric.churn = 2%\n"));
}

static void a_message_cannot_write_to_the_terminal(void **state)
{
    (void)state;
    run_command(ARGUMENTS("\x1b[31mred"));
    assert_int_equal(result.exit_code, 2);
    assert_null(strchr(result.err, '\x1b'));
}

/* ---- What the world does to a run --------------------------------------------------------- */

static void an_unwritable_place_is_found_before_the_run(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder.h5", 0777), 0);
    static const char *const paths[] = {"absent/x.h5", "folder.h5", "music.yaml/x.h5",
                                        "/proc/x.h5"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        time_t began = time(NULL);
        expect_exit(ARGUMENTS("run", "music.yaml", "--customers", "4e9", "-o", paths[i]), 1,
                    paths[i]);
        assert_true(time(NULL) - began < 5);
    }
}

/* An earlier results file, whose bytes a run that fails must leave as they are. */
static size_t earlier_results(char *bytes)
{
    expect_done(ARGUMENTS("run", "music.yaml", "--quiet", "--customers", "10"));
    FILE *file = fopen("music.h5", "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, STREAM_SIZE, file);
    fclose(file);
    assert_in_range(n, 1, STREAM_SIZE - 1);
    return n;
}

static void expect_earlier_results(const char *bytes, size_t n)
{
    FILE *file = fopen("music.h5", "rb");
    assert_non_null(file);
    assert_int_equal(fread(result.out, 1, STREAM_SIZE, file), n);
    fclose(file);
    assert_memory_equal(result.out, bytes, n);
    assert_int_equal(n_files(), 2);
}

static void interrupted(int signal_number)
{
    static char before[STREAM_SIZE];
    size_t n = earlier_results(before);
    pid_t child =
        start(ARGUMENTS("run", "music.yaml", "--customers", "4e9"), "/dev/null", "../out");
    nanosleep(&(struct timespec){.tv_nsec = 700000000}, NULL);
    kill(child, signal_number);
    finish(child);
    assert_int_equal(result.exit_code, 130);
    assert_non_null(strstr(result.err, "interrupted"));
    expect_earlier_results(before, n);
}

static void an_interrupt_stops_cleanly_and_writes_nothing(void **state)
{
    (void)state;
    interrupted(SIGINT);
    interrupted(SIGTERM);
}

static void output_that_does_not_arrive_is_a_failure(void **state)
{
    (void)state;
    const char *const *const lines[] = {ARGUMENTS("run", "music.yaml"), ARGUMENTS("schema"),
                                        ARGUMENTS("--help"), ARGUMENTS("check", "music.yaml")};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        finish(start(lines[i], "/dev/null", "/dev/full"));
        assert_int_equal(result.exit_code, 1);
        assert_non_null(strstr(result.err, "standard output could not be written"));
    }
}

static void a_reader_that_stops_early_is_not_a_failure(void **state)
{
    (void)state;
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    close(pipe_ends[0]);
    pid_t child = fork();
    if (child == 0) {
        redirect(STDERR_FILENO, "../err", O_WRONLY | O_CREAT | O_TRUNC);
        if (dup2(pipe_ends[1], STDOUT_FILENO) < 0)
            _exit(125);
        execl(LTV_COMMAND, "ltvsim", "schema", (char *)NULL);
        _exit(126);
    }
    close(pipe_ends[1]);
    finish(child);
    assert_int_equal(result.exit_code, 0);
    assert_string_equal(result.err, "");
}

static void a_full_quota_leaves_the_old_file(void **state)
{
    (void)state;
    static char old[STREAM_SIZE];
    size_t n = earlier_results(old);
    struct rlimit before, small = {.rlim_cur = 4096};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    run_command(ARGUMENTS("run", "music.yaml", "--quiet"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(result.exit_code, 1);
    assert_non_null(strstr(result.err, "music.h5"));
    expect_earlier_results(old, n);
}

/* ---- Help --------------------------------------------------------------------------------- */

static void help_fits_the_page(void)
{
    for (char *line = strtok(result.out, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(ltv_text_width(line) < LTV_PAGE_COLUMNS);
}

static void every_command_has_help_within_the_page(void **state)
{
    (void)state;
    expect_done(ARGUMENTS("--help"));
    for (size_t i = 0; i < LTV_COMMANDS; i++)
        assert_non_null(strstr(result.out, ltv_commands[i]->name));
    help_fits_the_page();
    for (size_t i = 0; i < LTV_COMMANDS; i++) {
        expect_done(ARGUMENTS(ltv_commands[i]->name, "--help"));
        help_fits_the_page();
    }
    static char help[STREAM_SIZE];
    expect_done(ARGUMENTS("run", "--help"));
    strcpy(help, result.out);
    expect_done(ARGUMENTS("help", "run"));
    assert_string_equal(result.out, help);
    expect_done(ARGUMENTS("help"));
    assert_non_null(strstr(result.out, "Commands:"));
    run_command((const char *const[]){NULL});
    assert_int_equal(result.exit_code, 2);
    expect_done(ARGUMENTS("--version"));
    assert_string_equal(result.out, "ltvsim " LTV_VERSION "\n");
}

/* Removes the backslashes with which roff wants its dashes. */
static void strip_backslashes(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != '\\')
            *to++ = *from;
    *to = '\0';
}

static void the_manual_and_the_completion_know_every_option(void **state)
{
    (void)state;
    static char manual[STREAM_SIZE], completion[STREAM_SIZE];
    read_back(LTV_SOURCE_DIR "/docs/ltvsim.1", manual);
    read_back(LTV_SOURCE_DIR "/script/ltvsim.bash", completion);
    strip_backslashes(manual);
    assert_non_null(strstr(manual, LTV_VERSION));
    for (size_t i = 0; i < LTV_COMMANDS; i++) {
        assert_non_null(strstr(manual, ltv_commands[i]->name));
        assert_non_null(strstr(completion, ltv_commands[i]->name));
        for (const ltv_option *option = ltv_commands[i]->options; option->name != NULL; option++) {
            char text[64];
            snprintf(text, sizeof text, "--%s", option->name);
            bool known = option->help != NULL;
            if (known != (strstr(manual, text) != NULL) ||
                known != (strstr(completion, text) != NULL))
                fail_msg("%s of %s", text, ltv_commands[i]->name);
        }
    }
}

#define CLAIM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(run_prints_the_page_and_writes_the_file),
        CLAIM(show_prints_the_same_page_as_run),
        CLAIM(the_page_is_ascii_where_the_locale_is),
        CLAIM(nothing_but_errors_is_printed_when_quiet),
        CLAIM(json_is_one_document_that_parses),
        CLAIM(options_stand_for_keys_and_the_last_one_wins),
        CLAIM(a_run_until_it_is_precise_says_why_it_ended),
        CLAIM(the_results_do_not_depend_on_threads),
        CLAIM(what_is_left_after_all_costs_is_told),
        CLAIM(limits_are_not_said_to_be_a_point),
        CLAIM(decide_puts_a_price_on_knowing_and_testing),
        CLAIM(decisions_do_not_depend_on_threads),
        CLAIM(decide_says_first_what_to_choose),
        CLAIM(decide_refuses_where_there_is_nothing_to_decide),
        CLAIM(a_scenario_can_come_through_a_pipe),
        CLAIM(parts_of_a_file_can_be_shown),
        CLAIM(export_writes_csv),
        CLAIM(export_writes_a_workbook),
        CLAIM(sensitivity_answers_first_and_writes_nothing),
        CLAIM(sensitivity_is_right_in_json_and_on_any_threads),
        CLAIM(a_file_of_sensitivity_holds_the_run_too),
        CLAIM(what_sensitivity_cannot_answer_is_bad_input),
        CLAIM(explain_writes_nothing_and_knows_the_closed_forms),
        CLAIM(check_says_fine_or_what_is_wrong),
        CLAIM(what_misleads_is_told_beside_the_output),
        CLAIM(schema_is_json),
        CLAIM(every_bad_scenario_is_refused_at_its_place),
        CLAIM(files_that_are_no_scenarios_are_refused),
        CLAIM(mistakes_on_the_command_line_are_bad_input),
        CLAIM(nothing_but_results_is_overwritten),
        CLAIM(changes_stand_on_the_page),
        CLAIM(a_message_cannot_write_to_the_terminal),
        CLAIM(an_unwritable_place_is_found_before_the_run),
        CLAIM(an_interrupt_stops_cleanly_and_writes_nothing),
        CLAIM(output_that_does_not_arrive_is_a_failure),
        CLAIM(a_reader_that_stops_early_is_not_a_failure),
        CLAIM(a_full_quota_leaves_the_old_file),
        CLAIM(every_command_has_help_within_the_page),
        CLAIM(the_manual_and_the_completion_know_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
