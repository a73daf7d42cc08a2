/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/cli/report/margin.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/report/report_page.h"

/* ---- Looking into the model --------------------------------------------------------------- */

static ltv_report report_of(const ltv_document *doc, ltv_language language)
{
    ltv_report report;
    ltv_error err = {0};
    if (ltv_report_open(&report, doc, language, "", &err) != LTV_OK)
        fail_msg("%s", err.message);
    ltv_report_build(&report);
    assert_false(report.page.out_of_memory);
    return report;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const json_t *section(const ltv_report *report, const char *id)
{
    size_t i;
    json_t *item;
    json_array_foreach(report->sections, i,
                       item) if (strcmp(text_of(item, "id"), id) == 0) return item;
    return NULL;
}

/* The chart of that id in whatever section; NULL where there is none. */
static const json_t *chart(const ltv_report *report, const char *id)
{
    size_t i, j;
    json_t *item, *block;
    json_array_foreach(report->sections, i, item)
        json_array_foreach(json_object_get(item, "blocks"), j,
                           block) if (strcmp(text_of(block, "id"), id) == 0) return block;
    return NULL;
}

static const json_t *dataset(const json_t *chart, const char *name)
{
    return json_object_get(json_object_get(json_object_get(chart, "spec"), "datasets"), name);
}

static double real_of(const json_t *array, size_t i, const char *key)
{
    return json_number_value(json_object_get(json_array_get(array, i), key));
}

/* What every page needs, and an arm that holds nothing. */
static ltv_document bare_document(int64_t horizon)
{
    ltv_document doc = {0};
    ltv_node *root = ltv_document_group(&doc, "/");
    ltv_node_set_string(&doc, root, "title", "Bare");
    ltv_node_set_string(&doc, root, "currency", "CHF");
    ltv_node_set_string(&doc, root, "time_unit", "month");
    ltv_node_set_int64(&doc, root, "horizon", horizon);
    ltv_node_set_string(&doc, root, "baseline", "today");
    ltv_document_group(&doc, "/arms/today");
    return doc;
}

/* Whether the text stands anywhere in the model. */
static bool says(const ltv_report *report, const char *text)
{
    char *all = json_dumps(report->sections, JSON_COMPACT);
    assert_non_null(all);
    bool found = strstr(all, text) != NULL;
    free(all);
    return found;
}

/* ---- The fixture -------------------------------------------------------------------------- */

static void sections_come_in_their_order(void **state)
{
    (void)state;
    static const char *const ids[] = {"answer",    "figures", "distribution",
                                      "retention", "revenue", "contrasts",
                                      "bridge",    "groups",  "definitions"};
    ltv_document doc = fixture_document();
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    size_t at = 0, i;
    json_t *item;
    json_array_foreach(report.sections, i, item) if (at < sizeof ids / sizeof *ids &&
                                                     strcmp(text_of(item, "id"), ids[at]) == 0)
        at++;
    assert_int_equal(at, sizeof ids / sizeof *ids);
    assert_null(section(&report, "hurdles"));     /* nothing is uncertain */
    assert_null(section(&report, "sensitivity")); /* nor studied */
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void curves_hold_the_numbers_of_the_file(void **state)
{
    (void)state;
    static const double retention[] = {1.0, 0.97, 0.9409, 0.912673};
    ltv_document doc = fixture_document();
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *points = dataset(chart(&report, "retention-curve"), "points");
    assert_int_equal(json_array_size(points), 2 * (FIXTURE_HORIZON + 1));
    for (size_t u = 0; u <= FIXTURE_HORIZON; u++) {
        assert_true(real_of(points, u, "x") == (double)u);
        assert_true(real_of(points, u, "y") == retention[u]);
        assert_string_equal(text_of(json_array_get(points, u), "series"), FIXTURE_BASELINE);
    }
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void revenue_by_source_needs_two_sources(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double plan[2], add_on[2];
        size_t series; /* in the chart; 0: there is none */
    } cases[] = {
        {"a plan brings all", {100, 90}, {0, 0}, 0},
        {"a plan and what is left", {100, 80}, {0, 0}, 2},
        {"a plan and an add-on", {60, 50}, {40, 40}, 2},
        {"both and what is left", {50, 50}, {40, 40}, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_document doc = bare_document(2);
        const size_t extent[] = {2};
        const char *const whole[] = {"/arms/today/revenue", "/arms/today/recurring_revenue"};
        for (size_t w = 0; w < 2; w++)
            ltv_document_array(&doc, whole[w], 1, extent, (const double[]){100, 90});
        ltv_document_array(&doc, "/arms/today/plan_revenue/only", 1, extent, cases[i].plan);
        if (cases[i].add_on[0] > 0)
            ltv_document_array(&doc, "/arms/today/add_on_revenue/more", 1, extent, cases[i].add_on);
        ltv_report report = report_of(&doc, LTV_ENGLISH);
        const json_t *drawn = chart(&report, "revenue-by-source-0");
        assert_non_null(chart(&report, "revenue-joined"));
        if (json_array_size(dataset(drawn, "points")) != 2 * cases[i].series)
            fail_msg("%s: %zu points", cases[i].label, json_array_size(dataset(drawn, "points")));
        ltv_report_close(&report);
        ltv_document_free(&doc);
    }
}

static void a_waterfall_ends_at_the_whole(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *steps = dataset(chart(&report, "drivers-0"), "steps");
    size_t last = json_array_size(steps) - 1;
    assert_int_equal(last, 3);
    for (size_t i = 1; i < last; i++)
        assert_true(real_of(steps, i, "start") == real_of(steps, i - 1, "end"));
    assert_true(real_of(steps, last, "start") == 0);
    assert_true(fabs(real_of(steps, last, "end") - real_of(steps, last - 1, "end")) < 1e-9);
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

/* An arm whose customers bring what lies in bins of `width`, and three of a thousand far more. */
static void add_spread(ltv_document *doc, const char *arm, double width)
{
    char path[96];
    const int64_t counts[] = {600, 380, 10, 7, 3};
    const double edges[] = {0, width, 2 * width, 3 * width, 4 * width, 40 * width};
    snprintf(path, sizeof path, "/arms/%s/ltv", arm);
    ltv_node_set_real(doc, ltv_document_group(doc, path), "mean", width);
    snprintf(path, sizeof path, "/arms/%s/ltv/one_customer/histogram/edges", arm);
    ltv_document_array(doc, path, 1, (const size_t[]){6}, edges);
    snprintf(path, sizeof path, "/arms/%s/ltv/one_customer/histogram/counts", arm);
    ltv_document_array_int64(doc, path, 1, (const size_t[]){5}, counts);
}

/* Where the axis of a chart of customers ends. */
static double end_of_axis(const json_t *chart)
{
    const json_t *x = json_object_get(json_object_get(chart, "spec"), "layer");
    x = json_object_get(json_object_get(json_array_get(x, 0), "encoding"), "x");
    x = json_object_get(json_object_get(x, "scale"), "domain");
    return json_number_value(json_array_get(x, 1));
}

static void arms_share_an_axis_unless_it_would_press_one_of_them(void **state)
{
    (void)state;
    static const struct {
        double width; /* of the other arm's bins; 100 in the first's */
        double end[2];
        size_t bars[2];
        const char *beyond[2];
    } cases[] = {
        {100, {300, 300}, {3, 3}, {"1.0 % of customers", "1.0 % of customers"}},
        {150, {450, 450}, {4, 3}, {"0.3 % of customers", "1.0 % of customers"}},
        {250, {300, 750}, {3, 3}, {"1.0 % of customers", "1.0 % of customers"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_document doc = bare_document(12);
        add_spread(&doc, "today", 100);
        add_spread(&doc, "other", cases[i].width);
        ltv_report report = report_of(&doc, LTV_ENGLISH);
        for (size_t arm = 0; arm < 2; arm++) {
            const json_t *drawn = chart(&report, arm == 0 ? "ltv-0" : "ltv-1");
            assert_true(end_of_axis(drawn) == cases[i].end[arm]);
            assert_int_equal(json_array_size(dataset(drawn, "bars")), cases[i].bars[arm]);
            assert_non_null(strstr(text_of(drawn, "footer"), cases[i].beyond[arm]));
            assert_non_null(strstr(text_of(drawn, "footer"), "up to CHF"));
        }
        assert_int_equal(says(&report, "an axis of its own"), cases[i].end[0] != cases[i].end[1]);
        ltv_report_close(&report);
        ltv_document_free(&doc);
    }
}

static void those_who_stay_to_the_horizon_have_a_bar_that_is_seen(void **state)
{
    (void)state;
    ltv_document doc = bare_document(12);
    ltv_node_set_real(&doc, ltv_document_group(&doc, "/arms/today/ltv"), "mean", 20);
    ltv_document_array(&doc, "/arms/today/ltv/one_customer/histogram/edges", 1, (const size_t[]){5},
                       (const double[]){0, 10, 20, 30, 31});
    ltv_document_array_int64(&doc, "/arms/today/ltv/one_customer/histogram/counts", 1,
                             (const size_t[]){4}, (const int64_t[]){40, 20, 10, 30});
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *bars = dataset(chart(&report, "ltv-0"), "bars");
    assert_int_equal(json_array_size(bars), 3);
    assert_true(real_of(bars, 2, "from") == 20 && real_of(bars, 2, "to") == 31);
    assert_true(fabs(real_of(bars, 2, "share") - 0.4) < 1e-12);
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void a_change_for_nobody_is_not_drawn(void **state)
{
    (void)state;
    static const struct {
        double edges[3];
        bool drawn;
    } cases[] = {{{0, 4e-9, 9.5e-9}, false}, {{-1e-9, 0, 1e-9}, false}, {{-20, -10, 1e-9}, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_document doc = bare_document(12);
        ltv_document_group(&doc, "/arms/other");
        ltv_document_group(&doc, "/compare/other");
        ltv_node_set_real(&doc, ltv_document_group(&doc, "/compare/other/delta_ltv"), "mean", 0);
        ltv_document_array(&doc, "/compare/other/delta_ltv/one_customer/histogram/edges", 1,
                           (const size_t[]){3}, cases[i].edges);
        ltv_document_array_int64(&doc, "/compare/other/delta_ltv/one_customer/histogram/counts", 1,
                                 (const size_t[]){2}, (const int64_t[]){1000, 1});
        ltv_report report = report_of(&doc, LTV_ENGLISH);
        assert_int_equal(chart(&report, "delta-0") != NULL, cases[i].drawn);
        ltv_report_close(&report);
        ltv_document_free(&doc);
    }
}

static void an_only_plan_is_not_drawn(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 2; n++) {
        ltv_document doc = bare_document(2);
        const char *const plans[] = {"/arms/today/plans/a", "/arms/today/plans/b"};
        const double values[] = {0.5, 0.4};
        ltv_document_array(&doc, "/arms/today/revenue", 1, (const size_t[]){2}, values);
        ltv_document_array(&doc, "/arms/today/add_ons/a", 1, (const size_t[]){2}, values);
        for (size_t i = 0; i < n; i++)
            ltv_document_array(&doc, plans[i], 1, (const size_t[]){2}, values);
        ltv_report report = report_of(&doc, LTV_ENGLISH);
        assert_int_equal(chart(&report, "plans-0") != NULL, n > 1);
        assert_non_null(chart(&report, "add-ons-0"));
        assert_true(says(&report, "discounting, margin and CAC play no part"));
        ltv_report_close(&report);
        ltv_document_free(&doc);
    }
}

static void the_mean_is_in_the_picture_where_few_gain(void **state)
{
    (void)state;
    ltv_document doc = bare_document(12);
    ltv_document_group(&doc, "/arms/other");
    ltv_document_group(&doc, "/compare/other");
    ltv_node_set_real(&doc, ltv_document_group(&doc, "/compare/other/delta_ltv"), "mean", 2);
    ltv_document_array(&doc, "/compare/other/delta_ltv/one_customer/histogram/edges", 1,
                       (const size_t[]){4}, (const double[]){-20, -10, 1e-9, 500});
    ltv_document_array_int64(&doc, "/compare/other/delta_ltv/one_customer/histogram/counts", 1,
                             (const size_t[]){3}, (const int64_t[]){5, 990, 5});
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *drawn = chart(&report, "delta-0"), *marks = dataset(drawn, "marks");
    assert_int_equal(json_array_size(marks), 2);
    assert_true(real_of(marks, 0, "value") == 2 && end_of_axis(drawn) > 2);
    assert_non_null(strstr(text_of(drawn, "footer"), "0.5 % of customers beyond the picture"));
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

/* Texts that a template left unfilled begin with "$" and a small letter; amounts do not. */
static bool has_blank(const json_t *node)
{
    size_t i;
    const char *key, *text = json_string_value(node);
    json_t *value;
    if (text != NULL && text[0] == '$' && text[1] >= 'a' && text[1] <= 'z')
        return true;
    json_object_foreach((json_t *)node, key, value) if (has_blank(value)) return true;
    json_array_foreach(node, i, value) if (has_blank(value)) return true;
    return false;
}

static void every_chart_has_a_title_a_footer_and_a_table(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    for (int language = 0; language < LTV_LANGUAGES; language++) {
        ltv_report report = report_of(&doc, (ltv_language)language);
        size_t i, j, charts = 0;
        json_t *item, *block;
        json_array_foreach(report.sections, i, item)
            json_array_foreach(json_object_get(item, "blocks"), j, block)
        {
            if (strcmp(text_of(block, "type"), "chart") != 0)
                continue;
            charts++;
            const json_t *tables = json_object_get(block, "tables");
            const json_t *rows = json_object_get(json_array_get(tables, 0), "rows");
            if (text_of(block, "title")[0] == '\0' || text_of(block, "footer")[0] == '\0' ||
                json_array_size(rows) == 0 || has_blank(json_object_get(block, "spec")))
                fail_msg("chart %s is not whole", text_of(block, "id"));
        }
        assert_true(charts >= 8);
        ltv_report_close(&report);
    }
    ltv_document_free(&doc);
}

static void both_languages_tell_the_same(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    ltv_report english = report_of(&doc, LTV_ENGLISH), japanese = report_of(&doc, LTV_JAPANESE);
    assert_int_equal(json_array_size(english.sections), json_array_size(japanese.sections));
    for (size_t i = 0; i < json_array_size(english.sections); i++)
        assert_int_equal(
            json_array_size(json_object_get(json_array_get(english.sections, i), "blocks")),
            json_array_size(json_object_get(json_array_get(japanese.sections, i), "blocks")));
    assert_true(says(&english, "¥26,662") && !says(&english, "円"));
    assert_true(says(&japanese, "26,662円") && !says(&japanese, "¥"));
    assert_true(says(&japanese, "継続率") && says(&japanese, "顧客生涯価値"));
    ltv_report_close(&english);
    ltv_report_close(&japanese);
    ltv_document_free(&doc);
}

static void names_are_kept_as_they_are(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *items = json_object_get(
        json_array_get(json_object_get(section(&report, "answer"), "blocks"), 0), "items");
    assert_string_equal(text_of(json_array_get(items, 0), "question"),
                        "Fund " FIXTURE_OTHER_ARM "?");
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

/* ---- Odd files ---------------------------------------------------------------------------- */

static void a_file_that_lacks_nearly_all_still_has_a_page(void **state)
{
    (void)state;
    ltv_document doc = bare_document(12);
    ltv_document_group(&doc, "/arms/other");
    ltv_document_group(&doc, "/compare/other");
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    assert_non_null(section(&report, "answer"));
    assert_null(section(&report, "retention"));
    assert_null(section(&report, "distribution"));
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void add_payback(ltv_document *doc, const char *group, double cac)
{
    char path[96];
    snprintf(path, sizeof path, "%s/cumulative_discounted_contribution", group);
    ltv_document_array(doc, path, 1, (const size_t[]){2}, (const double[]){cac, 2 * cac});
    snprintf(path, sizeof path, "%s/metrics", group);
    ltv_node *metrics = ltv_document_table(doc, path, 1);
    ltv_node_column_string(doc, metrics, "name", (const char *const[]){"cac"});
    ltv_node_column_real(doc, metrics, "value", &cac);
}

static void each_curve_is_held_against_its_own_cac(void **state)
{
    (void)state;
    ltv_document doc = bare_document(2);
    add_payback(&doc, "/arms/today", 10);
    ltv_document_group(&doc, "/arms/without");
    add_payback(&doc, "/arms/other", 30);
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *drawn = chart(&report, "payback-0"), *rules = dataset(drawn, "rules");
    assert_int_equal(json_array_size(rules), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *point = json_array_get(dataset(drawn, "points"), 2 * i);
        assert_true(real_of(rules, i, "value") == json_number_value(json_object_get(point, "y")));
        assert_string_equal(text_of(json_array_get(rules, i), "series"), text_of(point, "series"));
    }
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

/* As paybacks do: "month 7" is after seven bills, the last of which is due six months on. */
static void payback_curves_count_bills_from_one(void **state)
{
    (void)state;
    ltv_document doc = bare_document(2);
    add_payback(&doc, "/arms/today", 10);
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *drawn = chart(&report, "payback-0");
    assert_true(real_of(dataset(drawn, "points"), 0, "x") == 1);
    assert_true(says(&report, "bills paid (one a month)"));
    assert_false(says(&report, "bills paid (months since joining)"));
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void each_arm_has_its_own_channels(void **state)
{
    (void)state;
    static const char *const channels[] = {"/arms/today/channels/a", "/arms/today/channels/b",
                                           "/arms/other/channels/b", "/arms/other/channels/c"};
    ltv_document doc = bare_document(2);
    add_payback(&doc, "/arms/today", 10);
    add_payback(&doc, "/arms/other", 10);
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        add_payback(&doc, channels[i], 10 + (double)i);
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    const json_t *points = dataset(chart(&report, "payback-1"), "points");
    assert_int_equal(json_array_size(points), 4);
    assert_string_equal(text_of(json_array_get(points, 2), "series"), "c");
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void what_is_not_a_number_leaves_a_gap(void **state)
{
    (void)state;
    static const char *const odd[] = {"/arms/today/plan_revenue/a", "/arms/today/plans/a",
                                      "/arms/today/segments/s/retention", "/arms/today/revenue",
                                      "/arms/today/cumulative_discounted_contribution"};
    ltv_document doc = bare_document(2);
    const double values[] = {NAN, 1, INFINITY};
    const char *const reason[] = {"spreadsheet", "churn"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        ltv_document_array(&doc, odd[i], 1, (const size_t[]){i == 2 ? 3 : 2}, values);
    ltv_document_array(&doc, "/arms/today/plan_revenue/b", 1, (const size_t[]){2}, values + 1);
    ltv_document_array(&doc, "/arms/today/plans/b", 1, (const size_t[]){2}, values + 1);
    ltv_node_set_real(&doc, ltv_document_group(&doc, "/arms/today/ltv"), "mean", NAN);
    ltv_node *bridge = ltv_document_table(&doc, "/arms/today/bridge", 2);
    ltv_node_column_string(&doc, bridge, "reason", reason);
    ltv_node_column_real(&doc, bridge, "amount", values + 1);
    ltv_document_array(&doc, "/arms/today/ltv/one_customer/histogram/edges", 1, (const size_t[]){4},
                       (const double[]){0, 10, 20, INFINITY});
    ltv_document_array_int64(&doc, "/arms/today/ltv/one_customer/histogram/counts", 1,
                             (const size_t[]){3}, (const int64_t[]){40, 20, 10});
    ltv_report report = report_of(&doc, LTV_ENGLISH);
    static const char *const drawn[] = {"revenue-by-source-0", "plans-0", "groups-heat",
                                        "revenue-joined", "bridge-0"};
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
        if (chart(&report, drawn[i]) == NULL)
            fail_msg("%s is not drawn", drawn[i]);
    const json_t *points = dataset(chart(&report, "plans-0"), "points");
    assert_true(json_is_null(json_object_get(json_array_get(points, 0), "y")));
    assert_int_equal(json_array_size(dataset(chart(&report, "bridge-0"), "steps")), 1);
    assert_null(chart(&report, "ltv-0"));
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void a_file_without_arms_is_refused(void **state)
{
    (void)state;
    ltv_document doc = {0};
    ltv_report report;
    ltv_error err = {0};
    ltv_document_group(&doc, "/");
    assert_int_equal(ltv_report_open(&report, &doc, LTV_ENGLISH, "", &err), LTV_ERR_NOT_RESULTS);
    ltv_report_close(&report);
    ltv_document_free(&doc);
}

static void text_that_is_no_utf8_or_has_controls_can_be_shown(void **state)
{
    (void)state;
    ltv_report report = {0};
    static const struct {
        const char *text, *expect;
    } cases[] = {{"a\033[31mb", "a [31mb"}, {"caf\xe9", "caf?"}, {"名前", "名前"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *text = ltv_report_text(&report, cases[i].text);
        assert_string_equal(json_string_value(text), cases[i].expect);
        json_decref(text);
    }
}

/* ---- Numbers ------------------------------------------------------------------------------ */

static void yen_are_written_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        double amount;
        const char *japanese, *english;
    } cases[] = {
        {0, "0円", "¥0"},
        {0.4, "0円", "¥0"},
        {26017.4, "26,017円", "¥26,017"},
        {-912345, "−912,345円", "−¥912,345"},
        {999999, "100万円", "¥999,999"},
        {1234567, "123.5万円", "¥1,234,567"},
        {99999999, "1億円", "¥99,999,999"},
        {1.2346e8, "1.235億円", "¥123,460,000"},
        {5.5e12, "5.5兆円", "¥5,500,000,000,000"},
        {NAN, "n/a", "n/a"},
    };
    ltv_report r = {.page.money = {.code = "JPY", .decimals = 0, .utf8 = true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        r.language = LTV_JAPANESE;
        assert_string_equal(ltv_report_money(&r, cases[i].amount).text, cases[i].japanese);
        r.language = LTV_ENGLISH;
        assert_string_equal(ltv_report_money(&r, cases[i].amount).text, cases[i].english);
    }
}

static void other_currencies_are_written_alike_in_both(void **state)
{
    (void)state;
    ltv_report r = {.language = LTV_JAPANESE,
                    .page.money = {.code = "USD", .decimals = 2, .utf8 = true}};
    assert_string_equal(ltv_report_money_change(&r, 12.5).text, "+$12.50");
    assert_string_equal(ltv_report_money_interval(&r, 1234, 5678).text, "[$1,234, $5,678]");
    assert_string_equal(ltv_report_money_quantile(&r, 188.23).text, "$188");
    static const char *const formats[] = {",.0f", ",.1f", ",.2f", ",.3f", ",.4f"};
    for (int decimals = 0; decimals <= 4; decimals++) {
        r.page.money.decimals = decimals;
        assert_string_equal(ltv_report_money_format(&r), formats[decimals]);
    }
    char *axis = ltv_report_money_axis(&r);
    assert_non_null(strstr(axis, "'$'"));
    free(axis);
}

static void times_are_written_in_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *payback, *periods;
    } cases[] = {
        {"month", "7か月目", "12か月"}, {"year", "7年目", "12年"}, {"week", "7週目", "12週"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_report r = {.language = LTV_JAPANESE};
        snprintf(r.page.unit.text, sizeof r.page.unit.text, "%s", cases[i].unit);
        assert_string_equal(ltv_report_payback(&r, 7).text, cases[i].payback);
        assert_string_equal(ltv_report_periods(&r, 12, 0).text, cases[i].periods);
    }
}

static void the_margin_comes_from_the_scenario_or_its_draws(void **state)
{
    (void)state;
    static const struct {
        const char *scenario, *expect;
    } cases[] = {
        {"ltvsim: 1\ngross_margin: 80%\n", "gross margin 80 %"},
        {"plans:\n  a:\n    gross_margin: 50%\ngross_margin: 62.5%\n",
         "gross margin 62.5 %, some offers their own"},
        {"gross_margin: 70%\narms:\n  B:\n    set:\n      gross_margin: 80%\n",
         "gross margin 70 %, some arms their own"},
        {"gross_margin: 70%\narms:\n  B:\n    set:\n      plans.a.gross_margin: 80%\n"
         "      gross_margin: 80%\n",
         "gross margin 70 %, some offers their own, some arms their own"},
        {"gross_margin: 70%\nsegments:\n  gross_margin:\n    share: 100%\n", "gross margin 70 %"},
        {"gross_margin:\n  beta:\n    mean: 78%\n", ""},
        {"ltvsim: 1\n", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_document doc = {0};
        ltv_report r = {.page.doc = &doc};
        ltv_document_text(&doc, "/scenario/effective", cases[i].scenario);
        assert_string_equal(ltv_report_margin(&r).text, cases[i].expect);
        ltv_document_free(&doc);
    }
    ltv_document doc = {0};
    ltv_report r = {.page.doc = &doc};
    ltv_document_array_string(&doc, "/draws/names", 1, (const char *const[]){"gross_margin"});
    ltv_document_array(&doc, "/draws/parameters", 2, (size_t[]){2, 1}, (double[]){0.7, 0.8});
    assert_string_equal(ltv_report_margin(&r).text, "gross margin 75 % on average over draws");
    ltv_document_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_come_in_their_order),
        cmocka_unit_test(curves_hold_the_numbers_of_the_file),
        cmocka_unit_test(revenue_by_source_needs_two_sources),
        cmocka_unit_test(arms_share_an_axis_unless_it_would_press_one_of_them),
        cmocka_unit_test(those_who_stay_to_the_horizon_have_a_bar_that_is_seen),
        cmocka_unit_test(a_change_for_nobody_is_not_drawn),
        cmocka_unit_test(an_only_plan_is_not_drawn),
        cmocka_unit_test(the_mean_is_in_the_picture_where_few_gain),
        cmocka_unit_test(a_waterfall_ends_at_the_whole),
        cmocka_unit_test(every_chart_has_a_title_a_footer_and_a_table),
        cmocka_unit_test(both_languages_tell_the_same),
        cmocka_unit_test(names_are_kept_as_they_are),
        cmocka_unit_test(a_file_that_lacks_nearly_all_still_has_a_page),
        cmocka_unit_test(each_curve_is_held_against_its_own_cac),
        cmocka_unit_test(payback_curves_count_bills_from_one),
        cmocka_unit_test(each_arm_has_its_own_channels),
        cmocka_unit_test(what_is_not_a_number_leaves_a_gap),
        cmocka_unit_test(a_file_without_arms_is_refused),
        cmocka_unit_test(text_that_is_no_utf8_or_has_controls_can_be_shown),
        cmocka_unit_test(yen_are_written_as_people_write_them),
        cmocka_unit_test(other_currencies_are_written_alike_in_both),
        cmocka_unit_test(times_are_written_in_their_unit),
        cmocka_unit_test(the_margin_comes_from_the_scenario_or_its_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
