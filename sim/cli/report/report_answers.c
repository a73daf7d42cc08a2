/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/cli/page_sections.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"
#include "sim/cli/verdict.h"

static const struct {
    ltv_word word;
    const char *tone;
} verdicts[] = {
    [LTV_VERDICT_NO_DIFFERENCE] = {LTV_WORD_NO_DIFFERENCE, "open"},
    [LTV_VERDICT_TOO_CLOSE] = {LTV_WORD_TOO_CLOSE, "open"},
    [LTV_VERDICT_NO] = {LTV_WORD_NO, "no"},
    [LTV_VERDICT_LIKELY_NO] = {LTV_WORD_LIKELY_NO, "no"},
    [LTV_VERDICT_OPEN] = {LTV_WORD_OPEN, "open"},
    [LTV_VERDICT_LIKELY_YES] = {LTV_WORD_LIKELY_YES, "yes"},
    [LTV_VERDICT_YES] = {LTV_WORD_YES, "yes"},
};

static void add_item(ltv_report *r, json_t *items, json_t *question, json_t *verdict,
                     const char *tone, json_t *sentences)
{
    ltv_report_add(r, items,
                   json_pack("{s:o, s:o, s:s, s:o}", "question", question, "verdict", verdict,
                             "tone", tone, "sentences", sentences));
}

/* ---- What a customer is worth ------------------------------------------------------------- */

static json_t *worth_of(ltv_report *r, size_t arm)
{
    const ltv_page *p = &r->page;
    ltv_page_path group = ltv_page_arm(p, arm);
    ltv_formatted ltv = ltv_report_money(r, ltv_page_number(p, group.text, "/ltv@mean"));
    ltv_formatted horizon = ltv_report_periods(r, (double)p->horizon, 0);
    double ratio = ltv_page_metric(p, group.text, "ltv_cac");
    double payback = ltv_page_metric(p, group.text, "payback_survival");
    if (isnan(ratio))
        return LTV_SAY(r, WORTH, {"ltv", ltv.text}, {"horizon", horizon.text});
    if (isnan(payback))
        return LTV_SAY(r, WORTH_NO_PAYBACK, {"ltv", ltv.text}, {"horizon", horizon.text},
                       {"ratio", ltv_page_ratio(p, ratio).text});
    return LTV_SAY(r, WORTH_PAYBACK, {"ltv", ltv.text}, {"horizon", horizon.text},
                   {"ratio", ltv_page_ratio(p, ratio).text},
                   {"payback", ltv_report_payback(r, payback).text});
}

static void add_worth(ltv_report *r, json_t *items)
{
    for (size_t arm = 0; arm < r->page.n_arms && arm < LTV_REPORT_ARMS; arm++) {
        bool decided = ltv_page_has_decisions(&r->page);
        ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
        json_t *question = r->page.n_arms == 1 ? LTV_SAY(r, ASK_WORTH)
                                               : LTV_SAY(r, ASK_WORTH_IN, {"arm", name.text});
        if (arm == 0 || !decided)
            add_item(r, items, question, worth_of(r, arm), "plain", json_array());
        else
            json_decref(question);
    }
}

/* ---- Whether a programme pays ------------------------------------------------------------- */

static json_t *verdict_of(ltv_report *r, size_t contrast)
{
    ltv_verdict verdict = ltv_contrast_verdict(&r->page, contrast);
    double chance = ltv_contrast_chance_to_pay(&r->page, contrast);
    const char *word = ltv_report_word(r, verdicts[verdict].word);
    ltv_formatted gain = ltv_report_money_change(r, ltv_contrast_gain(&r->page, contrast));
    ltv_formatted cohort = ltv_format_count((int64_t)ltv_page_cohort_size(&r->page));
    bool whole = ltv_page_cohort_size(&r->page) > 0;
    json_t *per = whole ? LTV_SAY(r, OF_CUSTOMERS, {"n", cohort.text}) : LTV_SAY(r, PER_CUSTOMER);
    json_t *said = isnan(chance) || verdict == LTV_VERDICT_NO_DIFFERENCE
                       ? LTV_SAY(r, VERDICT, {"verdict", word}, {"gain", gain.text},
                                 {"per", json_string_value(per)})
                       : LTV_SAY(r, VERDICT_CHANCE, {"verdict", word}, {"gain", gain.text},
                                 {"per", json_string_value(per)},
                                 {"chance", ltv_page_share(&r->page, chance).text});
    json_decref(per);
    return said;
}

static void say_gain(ltv_report *r, size_t contrast, json_t *sentences)
{
    double limits[2];
    ltv_page_path group = ltv_page_contrast(&r->page, contrast);
    ltv_page_metric_limits(&r->page, group.text, ltv_contrast_gain_metric(&r->page), limits);
    double noise = ltv_contrast_gain_noise(&r->page, contrast);
    if (!isnan(limits[0]))
        ltv_report_add(
            r, sentences,
            LTV_SAY(r, GAIN_LIMITS,
                    {"limits", ltv_report_money_interval(r, limits[0], limits[1]).text}));
    if (noise > 0)
        ltv_report_add(r, sentences,
                       LTV_SAY(r, GAIN_NOISE, {"noise", ltv_report_money_noise(r, noise).text}));
}

static void say_return(ltv_report *r, size_t contrast, json_t *sentences)
{
    const ltv_page *p = &r->page;
    ltv_page_path group = ltv_page_contrast(p, contrast);
    double payback = ltv_page_metric(p, group.text, "payback");
    double cash = ltv_page_metric(p, group.text, "cash_needed");
    ltv_formatted roi = ltv_page_ratio(p, ltv_page_metric(p, group.text, "roi"));
    ltv_formatted horizon = ltv_report_periods(r, (double)p->horizon, 0);
    ltv_report_add(r, sentences,
                   isnan(payback)
                       ? LTV_SAY(r, ROI_NO_PAYBACK, {"roi", roi.text}, {"horizon", horizon.text})
                   : payback < 1 ? LTV_SAY(r, ROI_AT_ONCE, {"roi", roi.text})
                                 : LTV_SAY(r, ROI_PAYBACK, {"roi", roi.text},
                                           {"payback", ltv_report_payback(r, payback).text}));
    if (cash > 0)
        ltv_report_add(r, sentences, LTV_SAY(r, CASH, {"cash", ltv_report_money(r, cash).text}));
}

static void say_deadweight(ltv_report *r, size_t contrast, json_t *sentences)
{
    ltv_page_path group = ltv_page_contrast(&r->page, contrast);
    double share = ltv_page_metric(&r->page, group.text, "deadweight");
    if (share > 0)
        ltv_report_add(r, sentences,
                       LTV_SAY(r, DEADWEIGHT, {"share", ltv_page_share(&r->page, share).text}));
}

/* How much of its effect a programme could lose. In English the results say it. */
static void say_break_evens(ltv_report *r, size_t contrast, json_t *sentences)
{
    static const char prefix[] = "break_even_";
    ltv_page_path group = ltv_page_contrast(&r->page, contrast);
    const ltv_node *metrics = ltv_report_find_table(r, group.text, "/metrics");
    for (size_t row = 0; metrics != NULL && row < metrics->n_rows; row++) {
        const char *name = ltv_report_text_at(metrics, "name", row);
        const char *note = ltv_report_text_at(metrics, "note", row);
        double value = ltv_report_real_at(metrics, "value", row);
        if (strncmp(name, prefix, strlen(prefix)) != 0 || isnan(value) || note[0] == '\0')
            continue;
        ltv_report_name shown = ltv_report_shown(name + strlen(prefix));
        bool is_ratio = strcmp(ltv_report_text_at(metrics, "unit", row), "ratio") == 0;
        ltv_report_add(r, sentences,
                       is_ratio ? LTV_SAY(r, BREAK_EVEN, {"name", shown.text}, {"note", note},
                                          {"value", ltv_format_significant(value, 3, true).text})
                                : LTV_SAY(r, BREAK_EVEN_SHARE, {"name", shown.text}, {"note", note},
                                          {"share", ltv_format_rate(value).text}));
    }
}

static void add_decision(ltv_report *r, size_t contrast, json_t *items)
{
    ltv_report_name arm = ltv_report_shown(ltv_page_contrast_arm(&r->page, contrast));
    ltv_report_name against = ltv_report_shown(ltv_page_contrast_against(&r->page, contrast));
    json_t *question =
        ltv_contrast_is_against_baseline(&r->page, contrast)
            ? LTV_SAY(r, ASK_FUND, {"arm", arm.text})
            : LTV_SAY(r, ASK_FUND_RATHER, {"arm", arm.text}, {"against", against.text});
    json_t *sentences = json_array();
    say_return(r, contrast, sentences);
    say_gain(r, contrast, sentences);
    say_deadweight(r, contrast, sentences);
    say_break_evens(r, contrast, sentences);
    add_item(r, items, question, verdict_of(r, contrast),
             verdicts[ltv_contrast_verdict(&r->page, contrast)].tone, sentences);
}

/* Those that matter most first. */
static void add_decisions(ltv_report *r, json_t *items)
{
    const ltv_page *p = &r->page;
    for (size_t rank = 0; rank < p->n_contrasts && rank < LTV_REPORT_CONTRASTS; rank++)
        for (size_t i = 0; i < p->n_contrasts; i++) {
            size_t before = 0;
            for (size_t j = 0; j < p->n_contrasts; j++)
                before +=
                    j != i && ltv_contrast_is_decision(p, j) && ltv_contrast_matters_more(p, j, i);
            if (ltv_contrast_is_decision(p, i) && before == rank)
                add_decision(r, i, items);
        }
}

/* ---- What else differs -------------------------------------------------------------------- */

/* Arms that differ in more than programmes: what they bring more. */
static void add_difference(ltv_report *r, size_t contrast, json_t *items)
{
    const ltv_page *p = &r->page;
    ltv_page_path delta = ltv_page_below(ltv_page_contrast(p, contrast).text, "/delta_ltv");
    double change = ltv_page_number(p, delta.text, "@mean"), noise = ltv_page_noise(p, delta.text);
    double low = ltv_page_number(p, delta.text, "@u90_lower");
    double high = ltv_page_number(p, delta.text, "@u90_upper");
    ltv_report_name arm = ltv_report_shown(ltv_page_contrast_arm(p, contrast));
    ltv_report_name against = ltv_report_shown(ltv_page_contrast_against(p, contrast));
    json_t *sentences = json_array();
    if (!isnan(low))
        ltv_report_add(
            r, sentences,
            LTV_SAY(r, GAIN_LIMITS, {"limits", ltv_report_money_interval(r, low, high).text}));
    if (noise > 0)
        ltv_report_add(r, sentences,
                       LTV_SAY(r, GAIN_NOISE, {"noise", ltv_report_money_noise(r, noise).text}));
    bool told_apart = fabs(change) > noise;
    add_item(r, items, LTV_SAY(r, ASK_DIFFERENCE, {"arm", arm.text}, {"against", against.text}),
             LTV_SAY(r, DIFFERENCE, {"change", ltv_report_money_change(r, change).text}),
             !told_apart  ? "open"
             : change > 0 ? "yes"
                          : "no",
             sentences);
}

static void add_differences(ltv_report *r, json_t *items)
{
    const ltv_page *p = &r->page;
    for (size_t i = 0; i < p->n_contrasts && i < LTV_REPORT_CONTRASTS; i++) {
        ltv_page_path delta = ltv_page_below(ltv_page_contrast(p, i).text, "/delta_ltv");
        if (!ltv_contrast_is_decision(p, i) && !isnan(ltv_page_number(p, delta.text, "@mean")))
            add_difference(r, i, items);
    }
}

/* ---- Which arm ---------------------------------------------------------------------------- */

static size_t arm_with_most(const ltv_page *p)
{
    size_t best = 0;
    for (size_t arm = 1; arm < p->n_arms; arm++)
        if (ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv@mean") >
            ltv_page_number(p, ltv_page_arm(p, best).text, "/ltv@mean"))
            best = arm;
    return best;
}

/* Which arm brings most, and which does when all is paid for. */
static json_t *say_most(ltv_report *r)
{
    const ltv_page *p = &r->page;
    size_t most = arm_with_most(p), best;
    ltv_report_name name = ltv_report_shown(p->arms[most]);
    ltv_formatted ltv =
        ltv_report_money(r, ltv_page_number(p, ltv_page_arm(p, most).text, "/ltv@mean"));
    if (!ltv_page_has_more_left(p, most, &best))
        return LTV_SAY(r, MOST, {"arm", name.text}, {"ltv", ltv.text});
    ltv_report_name other = ltv_report_shown(p->arms[best]);
    return LTV_SAY(r, MOST_LEFT, {"arm", name.text}, {"ltv", ltv.text}, {"best", other.text},
                   {"left", ltv_report_money(r, ltv_page_left(p, best)).text});
}

static void add_best(ltv_report *r, json_t *items)
{
    const ltv_page *p = &r->page;
    const char *best = ltv_document_string(p->doc, "/decisions@best");
    const ltv_node *arms = ltv_report_find_table(r, "/decisions", "/arms");
    ptrdiff_t row = arms != NULL && best != NULL ? ltv_node_row(arms, "arm", best) : -1;
    double chance = row >= 0 ? ltv_report_real_at(arms, "p_best", (size_t)row) : NAN;
    if (p->n_arms < 2)
        return;
    if (isnan(chance)) {
        add_item(r, items, LTV_SAY(r, ASK_BEST), say_most(r), "plain", json_array());
        return;
    }
    ltv_report_name name = ltv_report_shown(best);
    ltv_formatted ltv =
        ltv_report_money(r, ltv_page_number(p, ltv_page_below("/arms/", best).text, "/ltv@mean"));
    add_item(r, items, LTV_SAY(r, ASK_BEST),
             LTV_SAY(r, BEST, {"arm", name.text}, {"ltv", ltv.text},
                     {"chance", ltv_page_share(p, chance).text}),
             "plain", json_array());
}

/* ---- Whether to test first ---------------------------------------------------------------- */

static void add_tests(ltv_report *r, json_t *items)
{
    const ltv_page *p = &r->page;
    for (size_t i = 0; i < p->n_contrasts && i < LTV_REPORT_CONTRASTS; i++) {
        ltv_page_path test = ltv_page_below(ltv_page_contrast(p, i).text, "/test_first");
        double size = ltv_page_number(p, test.text, "@per_group");
        double benefit = ltv_page_number(p, test.text, "@net_benefit");
        ltv_report_name arm = ltv_report_shown(ltv_page_contrast_arm(p, i));
        if (isnan(size))
            continue;
        add_item(r, items, LTV_SAY(r, ASK_TEST, {"arm", arm.text}),
                 size > 0 ? LTV_SAY(r, TEST_PAYS, {"n", ltv_format_count((int64_t)size).text},
                                    {"benefit", ltv_report_money(r, benefit).text})
                          : LTV_SAY(r, TEST_DOES_NOT_PAY),
                 size > 0 ? "yes" : "no", json_array());
    }
}

void ltv_report_answers(ltv_report *r)
{
    json_t *blocks = ltv_report_section(r, "answer", LTV_SAY(r, SECTION_ANSWER));
    json_t *items = json_array();
    add_decisions(r, items);
    add_best(r, items);
    add_differences(r, items);
    add_tests(r, items);
    add_worth(r, items);
    ltv_report_add(r, blocks, json_pack("{s:s, s:o}", "type", "answers", "items", items));
}
