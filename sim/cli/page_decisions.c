/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"
#include "sim/cli/verdict.h"

enum {
    MOST_BLOCKS = 3,      /* decisions told in full */
    MOST_LINES = 8,       /* further contrasts, a line each */
    MOST_BREAK_EVENS = 4, /* sentences of that kind in a block */
    MOST_CELLS = 4        /* named of those that gain, and of those that lose */
};

static ltv_page_name arm_of(const ltv_page *p, size_t contrast)
{
    return ltv_page_shown_name(p, ltv_page_contrast_arm(p, contrast));
}

static ltv_page_name against_of(const ltv_page *p, size_t contrast)
{
    return ltv_page_shown_name(p, ltv_page_contrast_against(p, contrast));
}

/* ---- The verdict -------------------------------------------------------------------------- */

static const char *const verdicts[] = {
    [LTV_VERDICT_NO_DIFFERENCE] = "It makes no difference",
    [LTV_VERDICT_TOO_CLOSE] = "Too close to call",
    [LTV_VERDICT_NO] = "No",
    [LTV_VERDICT_LIKELY_NO] = "Likely no",
    [LTV_VERDICT_OPEN] = "Open",
    [LTV_VERDICT_LIKELY_YES] = "Likely yes",
    [LTV_VERDICT_YES] = "Yes",
};

static void say_verdict(const ltv_page *p, size_t contrast, ltv_page_sentences *line)
{
    ltv_verdict verdict = ltv_contrast_verdict(p, contrast);
    double chance = ltv_contrast_chance_to_pay(p, contrast);
    ltv_page_say(line, "%s", verdicts[verdict]);
    if (verdict != LTV_VERDICT_NO_DIFFERENCE && !isnan(chance))
        ltv_page_say(line, ": P(ROI > 0) %s", ltv_page_share(p, chance).text);
}

static void ask(const ltv_page *p, size_t contrast, ltv_page_sentences *line)
{
    ltv_page_say(line, "Fund %s", arm_of(p, contrast).text);
    if (!ltv_contrast_is_against_baseline(p, contrast))
        ltv_page_say(line, " rather than %s", against_of(p, contrast).text);
    ltv_page_say(line, "?   ");
    say_verdict(p, contrast, line);
}

/* ---- What speaks for it and against ------------------------------------------------------- */

static void say_noise(const ltv_page *p, ltv_page_sentences *line, double noise)
{
    if (noise > 0)
        ltv_page_say(line, ", simulation noise %s (95 %%)", ltv_page_money_noise(p, noise).text);
}

static void say_gain(const ltv_page *p, size_t contrast, ltv_page_sentences *line)
{
    double size = ltv_page_cohort_size(p);
    if (size > 0)
        ltv_page_say(line, "Net gain of %s customers: ", ltv_format_count((int64_t)size).text);
    else
        ltv_page_say(line, "Net gain per customer: ");
    ltv_page_say(line, "%s",
                 ltv_format_money_change(&p->money, ltv_contrast_gain(p, contrast)).text);
    double limits[2];
    ltv_page_metric_limits(p, ltv_page_contrast(p, contrast).text, ltv_contrast_gain_metric(p),
                           limits);
    if (!isnan(limits[0]))
        ltv_page_say(line, ", 90 %% %s what we don't know",
                     ltv_format_money_interval(&p->money, limits[0], limits[1], 3).text);
    say_noise(p, line, ltv_contrast_gain_noise(p, contrast));
    ltv_page_say(line, ".");
}

static void say_payback(const ltv_page *p, const char *group, ltv_page_sentences *line)
{
    double bills = ltv_page_metric(p, group, "payback");
    ltv_formatted horizon = ltv_format_periods((double)p->horizon, 0, p->unit.text);
    if (isnan(bills))
        ltv_page_say(line, "; no payback in %s", horizon.text);
    else
        ltv_page_say(line, "; pays back %s%s", bills < 1 ? "" : "in ",
                     ltv_page_payback(p, bills).text);
}

/* Of the cohort where its size is known, like the net gain. */
static void say_cash(const ltv_page *p, const char *group, ltv_page_sentences *line)
{
    double cash = ltv_page_metric(p, group, "cash_needed");
    if (cash > 0)
        ltv_page_say(line, "; needs %s%s up front", ltv_page_money(p, cash).text,
                     ltv_page_cohort_size(p) > 0 ? "" : " per customer");
    else if (cash == 0)
        ltv_page_say(line, "; needs no money up front");
}

static void print_return(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences line = {""};
    ltv_page_path group = ltv_page_contrast(p, contrast);
    ltv_page_say(&line, "ROI %s", ltv_page_ratio(p, ltv_page_metric(p, group.text, "roi")).text);
    say_payback(p, group.text, &line);
    say_cash(p, group.text, &line);
    ltv_page_say(&line, ".");
    ltv_page_indented(p, line.text);
}

static void print_deadweight(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences line = {""};
    double share = ltv_page_metric(p, ltv_page_contrast(p, contrast).text, "deadweight");
    if (!(share > 0))
        return;
    ltv_page_say(&line, "Deadweight: %s of the cost goes to customers whom it does not change.",
                 ltv_page_share(p, share).text);
    ltv_page_indented(p, line.text);
}

/* ---- Break-even --------------------------------------------------------------------------- */

static const char break_even[] = "break_even_";

/* The rows break_even_<intervention> whose note tells about it, as "pays if it cuts churn by ...";
 * returns their number. */
static size_t find_break_evens(const ltv_node *metrics, size_t rows[MOST_BREAK_EVENS])
{
    size_t n = 0;
    const ltv_values *names = ltv_node_column(metrics, "name");
    const ltv_values *notes = ltv_node_column(metrics, "note");
    for (size_t i = 0; names != NULL && notes != NULL && i < metrics->n_rows; i++)
        if (n < MOST_BREAK_EVENS &&
            strncmp(names->string[i], break_even, strlen(break_even)) == 0 &&
            notes->string[i][0] != '\0' && strncmp(notes->string[i], "not applicable", 14) != 0)
            rows[n++] = i;
    return n;
}

/* Whether the arm has several programmes, each of which is judged by what it adds to the rest. */
static bool has_a_rest(const ltv_page *p, size_t contrast)
{
    static const char contacts[] = "contacts_"; /* a figure of each programme of the arm */
    ltv_page_path arm = ltv_page_below("/arms/", ltv_page_contrast_arm(p, contrast));
    const ltv_node *metrics = ltv_document_find(p->doc, ltv_page_below(arm.text, "/metrics").text);
    const ltv_values *names = ltv_node_column(metrics, "name");
    size_t n = 0;
    for (size_t i = 0; names != NULL && i < metrics->n_rows; i++)
        n += strncmp(names->string[i], contacts, strlen(contacts)) == 0;
    return n > 1;
}

static void print_break_evens(const ltv_page *p, size_t contrast)
{
    size_t rows[MOST_BREAK_EVENS];
    const ltv_node *metrics = ltv_document_find(
        p->doc, ltv_page_below(ltv_page_contrast(p, contrast).text, "/metrics").text);
    size_t n = find_break_evens(metrics, rows);
    for (size_t i = 0; i < n; i++) {
        ltv_page_sentences line = {""};
        const char *name = ltv_node_column(metrics, "name")->string[rows[i]] + strlen(break_even);
        const char *note = ltv_node_column(metrics, "note")->string[rows[i]];
        if (has_a_rest(p, contrast))
            ltv_page_say(&line, "%s, on top of the rest: %s.", ltv_page_shown_name(p, name).text,
                         note);
        else
            ltv_page_say(&line, "%c%s.", toupper((unsigned char)note[0]), note + 1);
        ltv_page_indented(p, line.text);
    }
}

/* ---- Who gains ---------------------------------------------------------------------------- */

static double real_at(const ltv_node *table, const char *column, size_t row)
{
    const ltv_values *values = ltv_node_column(table, column);
    return values != NULL && values->real != NULL ? values->real[row] : NAN;
}

/* What the table is sorted by: ROI where the cell has one. */
static const char *measure_of(const ltv_node *gains, size_t row)
{
    return isnan(real_at(gains, "roi", row)) ? "delta_ltv" : "roi";
}

/* 1 or -1 where the cell gains or loses beyond simulation noise, else 0. */
static int sign_of_cell(const ltv_page *p, const ltv_node *gains, size_t row)
{
    const char *measure = measure_of(gains, row);
    ltv_page_path error = ltv_page_below(measure, "_mc_standard_error");
    double value = real_at(gains, measure, row);
    double noise = ltv_page_t_95(p) * real_at(gains, error.text, row);
    return value > noise ? 1 : value < -noise ? -1 : 0;
}

static bool has_groups(const ltv_page *p, const char *arm, const char *kind)
{
    ltv_page_path group = ltv_page_below(ltv_page_below("/arms/", arm).text, kind);
    return ltv_document_find(p->doc, group.text) != NULL;
}

/* "mid x paid"; segment or channel alone where the other is not declared. */
static void say_name_of_cell(const ltv_page *p, size_t contrast, const ltv_node *gains, size_t row,
                             ltv_page_sentences *line)
{
    const char *arm = ltv_page_contrast_arm(p, contrast);
    const ltv_values *segments = ltv_node_column(gains, "segment");
    const ltv_values *channels = ltv_node_column(gains, "channel");
    bool by_segment = segments != NULL && has_groups(p, arm, "/segments");
    bool by_channel = channels != NULL && has_groups(p, arm, "/channels");
    if (by_segment)
        ltv_page_say(line, "%s", ltv_page_shown_name(p, segments->string[row]).text);
    if (by_segment && by_channel)
        ltv_page_say(line, " %s ", ltv_glyph(p->terminal, "×", "x"));
    if (by_channel)
        ltv_page_say(line, "%s", ltv_page_shown_name(p, channels->string[row]).text);
}

static ltv_formatted gain_of_cell(const ltv_page *p, const ltv_node *gains, size_t row)
{
    return ltv_format_money_change(&p->money, real_at(gains, "delta_ltv", row));
}

/* "Best: mid x paid, ROI 1.90." */
static void say_cell(const ltv_page *p, size_t contrast, const ltv_node *gains, size_t row,
                     const char *what, ltv_page_sentences *line)
{
    ltv_page_say(line, "%s%s: ", line->text[0] != '\0' ? " " : "", what);
    say_name_of_cell(p, contrast, gains, row, line);
    if (strcmp(measure_of(gains, row), "roi") == 0)
        ltv_page_say(line, ", ROI %s.", ltv_page_ratio(p, real_at(gains, "roi", row)).text);
    else
        ltv_page_say(line, ", LTV %s.", gain_of_cell(p, gains, row).text);
}

/* The table of a contrast whose arm has segments or channels to tell apart; else NULL. */
static const ltv_node *gains_of(const ltv_page *p, size_t contrast)
{
    const char *arm = ltv_page_contrast_arm(p, contrast);
    const ltv_node *gains = ltv_document_find(
        p->doc, ltv_page_below(ltv_page_contrast(p, contrast).text, "/who_gains").text);
    bool groups = has_groups(p, arm, "/segments") || has_groups(p, arm, "/channels");
    bool usable = groups && gains != NULL && gains->kind == LTV_NODE_TABLE && gains->n_rows > 0;
    return usable ? gains : NULL;
}

/* The best cell and the worst, as far as they are told apart from nothing. */
static void print_who_gains(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences line = {""};
    ltv_page_path group = ltv_page_contrast(p, contrast);
    const ltv_node *gains = gains_of(p, contrast);
    if (gains == NULL)
        return;
    size_t worst = gains->n_rows - 1;
    while (worst > 0 && sign_of_cell(p, gains, worst) >= 0)
        worst--;
    if (sign_of_cell(p, gains, 0) > 0)
        say_cell(p, contrast, gains, 0, "Best", &line);
    if (sign_of_cell(p, gains, worst) < 0)
        say_cell(p, contrast, gains, worst, "Loses", &line);
    if (line.text[0] == '\0')
        return;
    if (fabs(ltv_page_metric(p, group.text, "fixed_cost")) > 0)
        ltv_page_say(&line, " Fixed costs are not in these.");
    ltv_page_indented(p, line.text);
}

static void print_advice(const ltv_page *p, size_t contrast)
{
    ltv_page_path group = ltv_page_contrast(p, contrast);
    const char *advice = ltv_document_string(p->doc, ltv_page_below(group.text, "@advice").text);
    if (advice != NULL && advice[0] != '\0')
        ltv_page_indented(p, advice);
}

static size_t count_sign(const ltv_page *p, const ltv_node *gains, int sign)
{
    size_t n = 0;
    for (size_t row = 0; row < gains->n_rows; row++)
        n += sign_of_cell(p, gains, row) == sign;
    return n;
}

/* "loyal +$158 and normal +$84": those of this sign, the best or the worst first. */
static void say_cells(const ltv_page *p, size_t contrast, const ltv_node *gains, int sign,
                      ltv_page_sentences *line)
{
    size_t n = count_sign(p, gains, sign), named = 0;
    for (size_t i = 0; i < gains->n_rows && named < MOST_CELLS; i++) {
        size_t row = sign > 0 ? i : gains->n_rows - 1 - i;
        if (sign_of_cell(p, gains, row) != sign)
            continue;
        ltv_page_say(line, "%s", named == 0 ? "" : named + 1 == n ? " and " : ", ");
        say_name_of_cell(p, contrast, gains, row, line);
        ltv_page_say(line, " %s", gain_of_cell(p, gains, row).text);
        named++;
    }
    if (named < n)
        ltv_page_say(line, " and %zu other%s", n - named, n - named == 1 ? "" : "s");
}

/* Whether a contrast is good for some and bad for others. */
static bool takes_sides(const ltv_page *p, size_t contrast)
{
    const ltv_node *gains = gains_of(p, contrast);
    return gains != NULL && count_sign(p, gains, 1) > 0 && count_sign(p, gains, -1) > 0;
}

/* "Gains with loyal +$158; loses with shaky −$115." */
static void say_sides(const ltv_page *p, size_t contrast, const char *gains_with,
                      ltv_page_sentences *line)
{
    const ltv_node *gains = gains_of(p, contrast);
    ltv_page_say(line, " %s ", gains_with);
    say_cells(p, contrast, gains, 1, line);
    ltv_page_say(line, "; loses with ");
    say_cells(p, contrast, gains, -1, line);
    ltv_page_say(line, ".");
}

/* ---- Contrasts ---------------------------------------------------------------------------- */

static void print_question(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences line = {""};
    ask(p, contrast, &line);
    fprintf(p->out, "\n%s", ltv_bold(p->terminal));
    ltv_text_print(p->out, line.text);
    fprintf(p->out, "%s\n", ltv_plain(p->terminal));
}

static void print_block(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences gain = {""};
    print_question(p, contrast);
    say_gain(p, contrast, &gain);
    ltv_page_indented(p, gain.text);
    print_return(p, contrast);
    print_deadweight(p, contrast);
    print_break_evens(p, contrast);
    print_who_gains(p, contrast);
    print_advice(p, contrast);
}

/* "Fund all? Yes: net gain +$84,000, ROI 0.70." */
static void print_short_decision(const ltv_page *p, size_t contrast)
{
    ltv_page_sentences line = {""};
    ltv_page_path group = ltv_page_contrast(p, contrast);
    ask(p, contrast, &line);
    ltv_page_say(&line, ": net gain %s, ROI %s.",
                 ltv_format_money_change(&p->money, ltv_contrast_gain(p, contrast)).text,
                 ltv_page_ratio(p, ltv_page_metric(p, group.text, "roi")).text);
    ltv_page_paragraph(p, line.text);
}

/* "dearer against today: LTV +$12.00 per customer, simulation noise ±$1.00 (95 %). Gains with loyal
 * +$158; loses with shaky −$115." Of one that is told elsewhere only who gains and who loses. */
static void print_difference(const ltv_page *p, size_t contrast, bool told)
{
    ltv_page_sentences line = {""};
    ltv_page_path delta = ltv_page_below(ltv_page_contrast(p, contrast).text, "/delta_ltv");
    ltv_page_say(&line, "%s against %s", arm_of(p, contrast).text, against_of(p, contrast).text);
    if (!told) {
        double change = ltv_page_number(p, delta.text, "@mean");
        ltv_page_say(&line, ": LTV %s per customer",
                     ltv_format_money_change(&p->money, change).text);
        say_noise(p, &line, ltv_page_noise(p, delta.text));
        ltv_page_say(&line, ".");
    }
    if (takes_sides(p, contrast))
        say_sides(p, contrast, told ? "gains with" : "Gains with", &line);
    ltv_page_paragraph(p, line.text);
}

bool ltv_page_has_decisions(const ltv_page *p)
{
    for (size_t i = 0; i < p->n_contrasts; i++)
        if (ltv_contrast_is_decision(p, i))
            return true;
    return false;
}

/* Whether a contrast is one of those told in full. */
static bool is_in_full(const ltv_page *p, size_t contrast)
{
    size_t before = 0;
    for (size_t i = 0; i < p->n_contrasts; i++)
        before += i != contrast && ltv_contrast_is_decision(p, i) &&
                  ltv_contrast_matters_more(p, i, contrast);
    return ltv_contrast_is_decision(p, contrast) && before < MOST_BLOCKS;
}

void ltv_page_decisions(const ltv_page *p)
{
    for (size_t i = 0; i < p->n_contrasts; i++)
        if (is_in_full(p, i))
            print_block(p, i);
}

void ltv_page_other_contrasts(const ltv_page *p)
{
    size_t lines = 0, short_ones = 0;
    bool decided = ltv_page_has_decisions(p);
    for (size_t i = 0; i < p->n_contrasts; i++) {
        bool decision = ltv_contrast_is_decision(p, i);
        if (is_in_full(p, i))
            continue;
        /* The answer and the table of figures tell it. */
        bool told = !decided && ltv_contrast_is_against_baseline(p, i);
        if (told && !takes_sides(p, i))
            continue;
        if (lines++ >= MOST_LINES)
            continue;
        short_ones += decision;
        if (decision)
            print_short_decision(p, i);
        else
            print_difference(p, i, told);
    }
    if (lines > MOST_LINES)
        fprintf(p->out, "and %zu more contrasts\n", lines - MOST_LINES);
    if (short_ones > 0 || lines > MOST_LINES)
        fprintf(p->out, "More about each: ltvsim show FILE compare/NAME/metrics\n");
}
