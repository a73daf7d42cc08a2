/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/report/warnings.h"
#include "sim/io/scenario/scenario_read.h"

static ltv_scenario_file scenario_of(const char *more)
{
    char text[2048];
    ltv_scenario_file file;
    ltv_error err = {0};
    snprintf(text, sizeof text,
             "ltvsim: 1\ncurrency: EUR\nretention: {geometric: {churn: 3%%}}\n%s", more);
    if (ltv_scenario_read_text(&file, "test.yaml", text, strlen(text), 0, NULL, &err) != LTV_OK)
        fail_msg("%s", err.message);
    return file;
}

static void check_said(const char *english, const char *expect, ltv_language language)
{
    ltv_said_warning said = ltv_say_warning(LTV_JAPANESE, english);
    assert_non_null(said.text);
    if (strcmp(said.text, expect) != 0 || said.language != language)
        fail_msg("\"%s\" is said as \"%s\"", english, said.text);
    free(said.text);
}

/* Every sentence that reading a scenario can warn with, and what it says in Japanese. */
static const struct {
    const char *scenario, *japanese;
} cases[] = {
    {"revenue: {price: 9}\nsegments: {low: {share: 50%, churn: x0.05}, rest: {share: 50%}}",
     "segments.low.churn: 0.05はchurnを0.05倍にする指定です。独自の解約率にするには retention "
     "を書いてください"},
    {"revenue: {price: 9}\nchannels: {ad: {share: 50%, cac: 1, churn: x20}, rest: {share: 50%, "
     "cac: 0}}",
     "channels.ad.churn: 20はchurnを20倍にする指定です"},
    {"revenue: {price: 9}\narms: {a: [offer]}\ninterventions: {offer: {when: {on_churn_intent: "
     "{accept: 20%}}}}",
     "interventions.offer: もともと残る顧客は誰もこのオファーを求めず、残った顧客のその後の解約率も"
     "他と変わらない前提のため、効果が実際より良く見えます。実態が分かる場合は on_churn_intent の "
     "bluff: {…} と effect: {churn: {times: 2, for: 6}} で指定してください"},
    {"revenue: {price: 9}\narms: {a: [offer]}\ninterventions: {offer: {when: {on_churn_intent: "
     "{accept: 20%}}, effect: {churn: {times: 2, for: 6}}}}",
     "interventions.offer: "
     "もともと残る顧客は誰もこのオファーを求めない前提のため、効果が実際より良く"
     "見えます。実態が分かる場合は on_churn_intent の bluff: {…} で指定してください"},
    {"revenue: {price: 9}\narms: {a: [offer]}\ninterventions: {offer: {when: {on_churn_intent: "
     "{accept: 20%, bluff: {monthly: 1%}}}}}",
     "interventions.offer: 残った顧客のその後の解約率が他と変わらない前提のため、効果が実際より良く"
     "見えます。実態が分かる場合は effect: {churn: {times: 2, for: 6}} で指定してください"},
    {"revenue: {price: 9}\ninterventions: {\"is in: no arm\": {when: {at_tenure: 0}, effect: "
     "{churn: "
     "{times: 0.9, for: 6}}}}",
     "interventions.is in: no arm: どの案にも含まれていないため、効果がありません。arms: {today: "
     "[], "
     "then: [is in: no arm]} のように案に加えてください"},
    {"revenue: {price: 9}\narms: {a: [導入]}\ninterventions: {導入: {when: {at_tenure: 0}, effect: "
     "{price_off: {rate: 10%, for: 3}}}}",
     "interventions.導入: ここでは price_off "
     "だけでは誰の行動も変わりません。解約率への効果（effect）を"
     "書き忘れていませんか？"},
    {"plans: {monthly: {price: 10, starts: 50%}, yearly: {price: 100, starts: 50%, term: 12}}",
     "plans.yearly.price: "
     "100は、契約期間のないどのプランの価格と比べても5倍を超えています。契約期間の"
     "あるプランの価格も、期間全体ではなく請求1回あたりです"},
    {"revenue: {price: 1.200}",
     "revenue.price: 1.200は1.2と読みます。点が桁区切りなら、1200または1,200と書いてください"},
    {"revenue: {price: {uniform: [8, 9]}}\nexperiment: {draws: 100}",
     "experiment.draws: 100の指定に対して128になります（sobolに必要な数です）"},
    {"revenue: {price: 9}\nexperiment: {draws: 100}",
     "experiment.draws: シナリオに不確実な数値がないため、効果がありません"},
};

static void every_warning_is_said_in_japanese(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario_file file = scenario_of(cases[i].scenario);
        if (file.n_warnings != 1)
            fail_msg("%zu warnings: %s", file.n_warnings, cases[i].scenario);
        check_said(file.warnings[0], cases[i].japanese, LTV_JAPANESE);
        ltv_scenario_file_free(&file);
    }
}

static size_t check_folder(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[1024];
        ltv_error err = {0};
        ltv_scenario_file file = {0};
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strstr(entry->d_name, ".yaml") == NULL)
            continue;
        assert_int_equal(ltv_scenario_read(&file, path, 0, NULL, &err), LTV_OK);
        for (size_t i = 0; i < file.n_warnings; i++, n++) {
            ltv_said_warning said = ltv_say_warning(LTV_JAPANESE, file.warnings[i]);
            if (said.language != LTV_JAPANESE)
                fail_msg("not known in Japanese: %s", file.warnings[i]);
            free(said.text);
        }
        ltv_scenario_file_free(&file);
    }
    closedir(dir);
    return n;
}

static void the_warnings_of_scenarios_at_hand_are_known(void **state)
{
    (void)state;
    assert_true(check_folder(LTV_SOURCE_DIR "/tests/good_scenarios") > 0);
    check_folder(LTV_SOURCE_DIR "/configs");
}

static void what_is_not_known_stays_as_it_is(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a sentence of a later version",
        "",
        "experiment.draws: has no effect, since no number in the scenario is uncertain. Or so",
        "segments.low.churn: 0.05 multiplies churn by 0.06",
        "interventions.: price_off alone changes nobody's behaviour here; did you leave out an "
        "effect on churn?",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_said(texts[i], texts[i], LTV_ENGLISH);
}

static void english_pages_say_what_the_file_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario_file file = scenario_of(cases[i].scenario);
        ltv_said_warning said = ltv_say_warning(LTV_ENGLISH, file.warnings[0]);
        assert_string_equal(said.text, file.warnings[0]);
        assert_int_equal(said.language, LTV_ENGLISH);
        free(said.text);
        ltv_scenario_file_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_warning_is_said_in_japanese),
        cmocka_unit_test(the_warnings_of_scenarios_at_hand_are_known),
        cmocka_unit_test(what_is_not_known_stays_as_it_is),
        cmocka_unit_test(english_pages_say_what_the_file_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
