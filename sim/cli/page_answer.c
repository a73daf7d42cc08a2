/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>
#include <string.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

enum { MOST_NAMED = 5 /* arms in the answer */ };

static double ltv_of(const ltv_page *p, size_t arm)
{
    return ltv_page_number(p, ltv_page_arm(p, arm).text, "/ltv@mean");
}

static double ltv_cac_of(const ltv_page *p, size_t arm)
{
    return ltv_page_metric(p, ltv_page_arm(p, arm).text, "ltv_cac");
}

static ltv_formatted money_of(const ltv_page *p, size_t arm)
{
    return ltv_page_money(p, ltv_of(p, arm));
}

static ltv_formatted horizon_of(const ltv_page *p)
{
    return ltv_format_periods((double)p->horizon, 0, p->unit.text);
}

/* ---- One arm ------------------------------------------------------------------------------ */

/* What the first arm says by itself. */
static void answer_for_one_arm(const ltv_page *p, ltv_page_sentences *answer)
{
    double ratio = ltv_cac_of(p, 0);
    double payback = ltv_page_metric(p, ltv_page_arm(p, 0).text, "payback_survival");
    if (p->n_arms > 1)
        ltv_page_say(answer, "%s: ", ltv_page_shown_name(p, p->arms[0]).text);
    ltv_page_say(answer, "%s customer brings %s in %s", p->n_arms > 1 ? "a" : "A",
                 money_of(p, 0).text, horizon_of(p).text);
    if (isnan(ratio))
        ltv_page_say(answer, ".");
    else if (isnan(payback))
        ltv_page_say(answer, ", %s times the CAC; no payback in that time.",
                     ltv_page_ratio(p, ratio).text);
    else
        ltv_page_say(answer, ", %s times the CAC; payback in %s.", ltv_page_ratio(p, ratio).text,
                     ltv_page_payback(p, payback).text);
}

/* ---- Several arms ------------------------------------------------------------------------- */

/* The arm with the highest value; n_arms when none has one. */
static size_t highest(const ltv_page *p, double (*value_of)(const ltv_page *, size_t))
{
    size_t best = p->n_arms;
    double most = -INFINITY;
    for (size_t arm = 0; arm < p->n_arms; arm++)
        if (value_of(p, arm) > most) {
            most = value_of(p, arm);
            best = arm;
        }
    return best;
}

static bool all_bring_the_same(const ltv_page *p)
{
    for (size_t arm = 1; arm < p->n_arms; arm++)
        if (!(fabs(ltv_of(p, arm) - ltv_of(p, 0)) <= 1e-9 * fabs(ltv_of(p, 0))))
            return false;
    return true;
}

/* ", LTV/CAC 1.75 (below 3)"; nothing without a CAC. */
static void say_ratio(const ltv_page *p, ltv_page_sentences *answer, const char *before, size_t arm)
{
    double ratio = ltv_cac_of(p, arm);
    if (!isnan(ratio))
        ltv_page_say(answer, "%s%s%s", before, ltv_page_ratio(p, ratio).text,
                     ratio < 3 ? " (below 3)" : "");
}

static void say_leaders(const ltv_page *p, ltv_page_sentences *answer, size_t leader, size_t best)
{
    if (all_bring_the_same(p))
        ltv_page_say(answer, "All arms bring %s per customer in %s.", money_of(p, 0).text,
                     horizon_of(p).text);
    else
        ltv_page_say(answer, "%s brings most: %s per customer in %s",
                     ltv_page_shown_name(p, p->arms[leader]).text, money_of(p, leader).text,
                     horizon_of(p).text);
    if (!all_bring_the_same(p)) {
        say_ratio(p, answer,
                  leader == best ? ", and has the best LTV/CAC, " : ", at an LTV/CAC of ", leader);
        ltv_page_say(answer, ".");
    }
    if (best < p->n_arms && (best != leader || all_bring_the_same(p))) {
        ltv_page_say(answer, " Best LTV/CAC: %s with", ltv_page_shown_name(p, p->arms[best]).text);
        say_ratio(p, answer, " ", best);
        ltv_page_say(answer, ".");
    }
}

/* Where it is another arm of which most is left when all is paid for. */
static void say_what_is_left(const ltv_page *p, ltv_page_sentences *answer, size_t leader)
{
    size_t best;
    if (ltv_page_has_more_left(p, leader, &best))
        ltv_page_say(answer,
                     " After CAC and fixed costs of programmes %s brings most: %s (%s: %s).",
                     ltv_page_shown_name(p, p->arms[best]).text,
                     ltv_page_money(p, ltv_page_left(p, best)).text,
                     ltv_page_shown_name(p, p->arms[leader]).text,
                     ltv_page_money(p, ltv_page_left(p, leader)).text);
}

static void say_others(const ltv_page *p, ltv_page_sentences *answer, size_t leader, size_t best)
{
    for (size_t arm = 0; arm < p->n_arms && arm < MOST_NAMED; arm++) {
        if (arm == leader || arm == best || isnan(ltv_of(p, arm)))
            continue;
        ltv_page_say(answer, " %s: %s", ltv_page_shown_name(p, p->arms[arm]).text,
                     money_of(p, arm).text);
        say_ratio(p, answer, ", LTV/CAC ", arm);
        ltv_page_say(answer, ".");
    }
}

/* The arms whose difference from the baseline is no larger than its own noise. */
static void say_undecided(const ltv_page *p, ltv_page_sentences *answer)
{
    const char *separator = "";
    for (size_t arm = 1; arm < p->n_arms && arm < MOST_NAMED; arm++) {
        ltv_page_path delta =
            ltv_page_below(ltv_page_below("/compare/", p->arms[arm]).text, "/delta_ltv");
        double noise = ltv_page_noise(p, delta.text);
        if (!(noise > 0 && fabs(ltv_page_number(p, delta.text, "@mean")) <= noise))
            continue;
        if (separator[0] == '\0')
            ltv_page_say(answer, " Not told apart from %s by this run: ",
                         ltv_page_shown_name(p, p->arms[0]).text);
        ltv_page_say(answer, "%s%s", separator, ltv_page_shown_name(p, p->arms[arm]).text);
        separator = ", ";
    }
    if (separator[0] != '\0')
        ltv_page_say(answer, ".");
}

static void answer_for_arms(const ltv_page *p, ltv_page_sentences *answer)
{
    size_t leader = highest(p, ltv_of), best = highest(p, ltv_cac_of);
    if (leader == p->n_arms) {
        ltv_page_say(answer, "The results do not say what a customer brings.");
        return;
    }
    say_leaders(p, answer, leader, best);
    say_what_is_left(p, answer, leader);
    if (!all_bring_the_same(p)) {
        say_others(p, answer, leader, best);
        say_undecided(p, answer);
    }
}

void ltv_page_answer(const ltv_page *p)
{
    ltv_page_sentences answer = {""};
    bool decided = ltv_page_has_decisions(p);
    ltv_page_decisions(p);
    if (p->n_arms == 1 || decided)
        answer_for_one_arm(p, &answer);
    else
        answer_for_arms(p, &answer);
    fprintf(p->out, "\n%s", decided ? "" : ltv_bold(p->terminal));
    ltv_page_paragraph(p, answer.text);
    fprintf(p->out, "%s", decided ? "" : ltv_plain(p->terminal));
    ltv_page_other_contrasts(p);
}
