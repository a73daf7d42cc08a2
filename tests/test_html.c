/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/report/html.h"

static const char evil[] = "</script><script>alert(\"1\")</script> & 'é😀'";

static char *page_in(const char *language, const json_t *sections, const char *title)
{
    char *page = NULL;
    size_t size;
    const ltv_html_frame frame = {.language = language,
                                  .title = title,
                                  .style = "p{}",
                                  .style_length = 3,
                                  .script = "draw()",
                                  .script_length = 6,
                                  .skip = "Skip",
                                  .contents = "Contents",
                                  .show_table = "Table",
                                  .no_script = "No script",
                                  .actions = "Save",
                                  .save_svg = "SVG",
                                  .save_png = "PNG",
                                  .save_source = "Source",
                                  .footer = "Made"};
    const ltv_html_part part = {title, "terms", NULL, sections};
    FILE *out = open_memstream(&page, &size);
    assert_non_null(out);
    assert_true(ltv_html_write(out, &frame, 1, &part));
    assert_int_equal(fclose(out), 0);
    return page;
}

static char *page_of(const json_t *sections, const char *title)
{
    return page_in("en", sections, title);
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        n++;
    return n;
}

static json_t *section_with(json_t *block)
{
    return json_pack("[{s:s, s:s, s:[o]}]", "id", "one", "title", evil, "blocks", block);
}

static void no_text_of_a_file_becomes_markup(void **state)
{
    (void)state;
    json_t *chart = json_pack(
        "{s:s, s:s, s:s, s:s, s:{s:s}, s:[{s:s, s:s, s:[{s:s, s:b}], s:[[s]]}]}", "type", "chart",
        "id", "c", "title", evil, "footer", evil, "spec", "description", evil, "tables", "type",
        "table", "caption", evil, "columns", "title", evil, "number", 0, "rows", evil);
    json_t *sections = section_with(chart);
    char *page = page_of(sections, evil);
    assert_int_equal(count(page, "alert(\"1\")"), 0);
    assert_int_equal(count(page, "<script>"), 1);  /* ours */
    assert_int_equal(count(page, "</script>"), 2); /* and the specification's */
    assert_non_null(strstr(page, "\\u003c/script>"));
    assert_non_null(strstr(page, "&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)"));
    assert_non_null(strstr(page, "&amp; &#39;é😀&#39;"));
    free(page);
    json_decref(sections);
}

static void a_cell_of_two_lines_says_the_second_small(void **state)
{
    (void)state;
    json_t *table = json_pack("{s:s, s:s, s:[{s:s, s:b}, {s:s, s:b}], s:[[s, s]]}", "type", "table",
                              "caption", "All", "columns", "title", "Arm", "number", 0, "title",
                              "LTV", "number", 1, "rows", "today", "5 %\n[$4, $6]");
    json_t *sections = section_with(table);
    char *page = page_of(sections, "t");
    assert_non_null(strstr(page, "<th scope=\"row\">today</th>"));
    assert_non_null(strstr(page, "<td class=\"n\">5&nbsp;%<small>[$4, $6]</small></td>"));
    free(page);
    json_decref(sections);
}

static void charts_that_follow_each_other_share_a_row(void **state)
{
    (void)state;
    json_t *blocks =
        json_pack("[{s:s, s:s, s:{}}, {s:s, s:s, s:{}}, {s:s, s:s}, {s:s, s:s, s:{}}]", "type",
                  "chart", "id", "a", "spec", "type", "chart", "id", "b", "spec", "type", "text",
                  "text", "between", "type", "chart", "id", "c", "spec");
    json_t *sections =
        json_pack("[{s:s, s:s, s:o}]", "id", "one", "title", "One", "blocks", blocks);
    char *page = page_of(sections, "t");
    assert_int_equal(count(page, "<div class=\"charts\">"), 2);
    const char *between = strstr(page, "between"), *second = strstr(page, "id=\"b\"");
    assert_true(strstr(second, "</div>\n<p>between") != NULL && second < between);
    free(page);
    json_decref(sections);
}

static void sentences_stand_as_their_language_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *language, *expect;
    } cases[] = {{"en", "<dd>One. Two.</dd>"}, {"ja", "<dd>One.Two.</dd>"}};
    json_t *answers =
        json_pack("{s:s, s:[{s:s, s:s, s:s, s:[s, s]}]}", "type", "answers", "items", "question",
                  "Q", "verdict", "V", "tone", "yes", "sentences", "One.", "Two.");
    json_t *sections = section_with(answers);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *page = page_in(cases[i].language, sections, "t");
        assert_non_null(strstr(page, cases[i].expect));
        free(page);
    }
    json_decref(sections);
}

static void lines_do_not_break_within_an_amount(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expect;
    } cases[] = {
        {"±$5, −¥5", "±&NoBreak;$5, −&NoBreak;¥5"},
        {"± shown, −5 and ±", "± shown, −5 and ±"},
        {"5 % of", "5&nbsp;% of"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *written = NULL;
        size_t size;
        FILE *out = open_memstream(&written, &size);
        assert_non_null(out);
        ltv_html_text(out, cases[i].text);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(written, cases[i].expect);
        free(written);
    }
}

static void a_page_fetches_nothing(void **state)
{
    (void)state;
    json_t *sections = json_array();
    char *page = page_of(sections, "t");
    assert_non_null(strstr(page, "default-src 'none'"));
    assert_null(strstr(page, " src="));
    assert_null(strstr(page, "<link"));
    free(page);
    json_decref(sections);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_of_a_file_becomes_markup),
        cmocka_unit_test(a_cell_of_two_lines_says_the_second_small),
        cmocka_unit_test(charts_that_follow_each_other_share_a_row),
        cmocka_unit_test(sentences_stand_as_their_language_has_them),
        cmocka_unit_test(lines_do_not_break_within_an_amount),
        cmocka_unit_test(a_page_fetches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
