/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "same_scenario.h"
#include "sim/io/scenario/scenario_read.h"

#define BAD_SCENARIOS  LTV_SOURCE_DIR "/tests/bad_scenarios"
#define GOOD_SCENARIOS LTV_SOURCE_DIR "/tests/good_scenarios"
#define CONFIGS        LTV_SOURCE_DIR "/configs"

static const char shortest[] = "ltvsim: 1\n"
                               "currency: JPY\n"
                               "retention: {geometric: {churn: 3%}}\n"
                               "revenue: {price: 1000}\n";

static void read_text(ltv_scenario_file *file, const char *name, const char *text, size_t n,
                      const char *const *overrides)
{
    ltv_error err = {0};
    if (ltv_scenario_read_text(file, name, text, strlen(text), n, overrides, &err) != LTV_OK) {
        print_error("%s\nin:\n%s\n", err.message, text);
        fail();
    }
}

static void read_good(ltv_scenario_file *file, const char *name)
{
    char path[512];
    ltv_error err = {0};
    snprintf(path, sizeof path, GOOD_SCENARIOS "/%s.yaml", name);
    if (ltv_scenario_read(file, path, 0, NULL, &err) != LTV_OK) {
        print_error("%s\n", err.message);
        fail();
    }
}

/* ---- good scenarios ---------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static size_t check_effective_of_folder(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[1024];
        ltv_error err = {0};
        ltv_scenario_file first, second;
        if (!ends_with(entry->d_name, ".yaml"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (ltv_scenario_read(&first, path, 0, NULL, &err) != LTV_OK) {
            print_error("%s\n", err.message);
            fail();
        }
        /* Another name in another folder: nothing may depend on where it stands. */
        read_text(&second, "/nowhere/else.yaml", first.effective, 0, NULL);
        assert_same_scenario(&first.scenario, &second.scenario);
        assert_string_equal(first.effective, second.effective);
        assert_int_equal(second.n_assumed, 0);
        ltv_scenario_file_free(&first);
        ltv_scenario_file_free(&second);
        ++n;
    }
    closedir(dir);
    return n;
}

static void the_effective_scenario_reads_back_the_same(void **state)
{
    (void)state;
    assert_true(check_effective_of_folder(GOOD_SCENARIOS) >= 10);
    assert_true(check_effective_of_folder(CONFIGS) >= 4);
}

static void defaults_are_filled_in_and_told(void **state)
{
    (void)state;
    static const char *const expected[] = {"title: shortest",
                                           "time.unit: month",
                                           "time.horizon: 120",
                                           "time.payment: advance",
                                           "time.fiscal_year_start: 1",
                                           "discount_rate: 0%",
                                           "retention.heterogeneity: none",
                                           "retention.cured: 0%",
                                           "involuntary_churn.monthly: 0%",
                                           "revenue.heterogeneity: none",
                                           "gross_margin: 100%",
                                           "service_cost: 0",
                                           "acquisition.cac: 0",
                                           "experiment.seed: 1",
                                           "experiment.customers: 100000",
                                           "arms.baseline: []"};
    ltv_scenario_file file;
    read_good(&file, "shortest");
    assert_int_equal(file.n_assumed, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < file.n_assumed; ++i)
        assert_string_equal(file.assumed[i], expected[i]);
    assert_string_equal(file.source, shortest);
    const ltv_scenario *s = &file.scenario;
    assert_string_equal(s->currency, "JPY");
    assert_int_equal(s->currency_decimals, 0);
    assert_int_equal(s->time_unit, LTV_UNIT_MONTH);
    assert_int_equal(s->horizon, 120);
    assert_int_equal(s->seed, 1);
    assert_int_equal(s->customers, 100000);
    assert_false(s->has_start);
    assert_int_equal(s->n_arms, 1);
    const ltv_arm *arm = &s->arms[0];
    assert_string_equal(arm->name, "baseline");
    assert_true(arm->retention.curve.parameter[0] == 0.03);
    assert_true(arm->price == 1000 && arm->gross_margin == 1);
    assert_false(arm->declared_segments || arm->declared_channels);
    assert_string_equal(arm->segments[0].name, "all");
    assert_true(arm->segments[0].share == 1 && arm->segments[0].times.on[LTV_LEVER_PRICE] == 1);
    assert_string_equal(arm->channels[0].name, "all");
    assert_true(arm->channels[0].share == 1 && arm->channels[0].cac == 0);
    ltv_scenario_file_free(&file);
}

static void every_key_reaches_its_field(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "every_key");
    const ltv_scenario *s = &file.scenario;
    assert_string_equal(s->title, "Fund it? 継続: 97 %");
    assert_int_equal(s->currency_decimals, 3);
    assert_int_equal(s->horizon, 36);
    assert_true(s->has_start && s->start.year == 2027 && s->start.month == 4 && s->start.day == 15);
    assert_int_equal(s->payment, LTV_PAY_MID);
    assert_int_equal(s->fiscal_year_start, 4);
    assert_true(s->discount_rate_per_year == 0.1);
    assert_int_equal(s->cohort_size, 3000);
    assert_int_equal(s->seed, 20270401);
    assert_int_equal(s->customers, 1000000);
    assert_int_equal(s->n_arms, 4);
    assert_true(s->has_test && s->test.customers_to_come == 36000 && s->test.delay == 6);
    assert_true(s->test.customers_per_period == 3000 && s->test.share == 0.5);
    assert_true(s->test.cost_per_customer == 2 && s->test.fixed_cost == 1000);
    const ltv_arm *arm = &s->arms[0];
    const ltv_retention *r = &arm->retention;
    assert_int_equal(r->curve.kind, LTV_CURVE_WEIBULL);
    assert_true(r->curve.parameter[0] == 30 && r->curve.parameter[1] == 0.8);
    assert_true(r->heterogeneity.kind == LTV_SPREAD_GAMMA && r->heterogeneity.cv == 0.7);
    assert_true(r->cured == 0.05 && r->has_season && r->season[0] == 1.4 && r->season[7] == 1.2 &&
                r->season[11] == 1.3);
    assert_int_equal(r->n_spikes, 2);
    assert_true(r->spikes[0].period == 11 && r->spikes[0].times == 1.8);
    assert_true(r->spikes[1].period == 23 && r->spikes[1].times == 2);
    assert_true(arm->involuntary_churn == 0.009 && arm->price == 1234.5);
    assert_true(arm->spend.kind == LTV_SPREAD_LOG_NORMAL && arm->spend.cv == 0.5);
    assert_true(arm->spend_churn_correlation == -0.3);
    assert_true(arm->gross_margin == 0.8 && arm->service_cost == 35);
    assert_true(arm->declared_channels && arm->n_channels == 2);
    assert_string_equal(arm->channels[1].name, "paid");
    assert_true(arm->channels[1].share == 0.6 && arm->channels[1].cac == 900);
    assert_true(arm->channels[0].times.on[LTV_LEVER_CHURN] == 1 &&
                arm->channels[0].times.on[LTV_LEVER_INVOLUNTARY] == 1);
    assert_true(arm->channels[1].times.on[LTV_LEVER_CHURN] == 1.2 &&
                arm->channels[1].times.on[LTV_LEVER_INVOLUNTARY] == 0);
    assert_true(arm->declared_segments && arm->n_segments == 2);
    assert_string_equal(arm->segments[0].name, "推奨者");
    assert_true(arm->segments[0].times.on[LTV_LEVER_PRICE] == 1.1 &&
                arm->segments[0].service_cost == 40);
    assert_true(arm->segments[0].times.on[LTV_LEVER_CHURN] == 0.5 &&
                arm->segments[0].times.on[LTV_LEVER_INVOLUNTARY] == 2);
    assert_false(arm->segments[0].has_retention);
    assert_true(arm->segments[1].has_retention);
    assert_int_equal(arm->segments[1].retention.curve.kind, LTV_CURVE_LOG_NORMAL);
    assert_true(arm->segments[1].retention.curve.parameter[1] == 1.5);
    assert_string_equal(s->arms[2].name, "again today");
    assert_true(s->arms[3].price == 1300 && s->arms[3].segments[0].times.on[LTV_LEVER_PRICE] == 1);
    ltv_scenario_file_free(&file);
}

/* The programme of the arm `everything` with this name. */
static const ltv_intervention *programme(const ltv_scenario *s, const char *name)
{
    const ltv_arm *arm = &s->arms[2];
    for (size_t i = 0; i < arm->n_interventions; ++i)
        if (strcmp(arm->interventions[i].name, name) == 0)
            return &arm->interventions[i];
    fail_msg("no programme %s", name);
    return NULL;
}

static void every_part_of_a_programme_is_read(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "programmes");
    const ltv_scenario *s = &file.scenario;
    const ltv_intervention *p = programme(s, "onboarding");
    assert_true(!p->segments[0] && p->segments[1] && p->segments[2]);
    assert_true(!p->channels[0] && p->channels[1]);
    assert_true(p->plans == UINT32_MAX && p->n_phases == 0 && p->top_by_spend == 1);
    assert_true(p->reach == 0.9 && p->uptake == 0.6 && p->capacity == 20);
    assert_true(p->when.kind == LTV_WHEN_AT_TENURE && p->when.periods == 0);
    assert_int_equal(p->n_effects, 2);
    const ltv_effect *churn = &p->effects[0], *spend = &p->effects[1];
    assert_true(churn->lever == LTV_LEVER_CHURN && churn->times == 0.8 && churn->periods == 6);
    assert_true(churn->ramp == 2 && churn->fade_half_life == 6);
    assert_true(spend->lever == LTV_LEVER_SPEND && spend->times == 1.1);
    assert_true(spend->periods == LTV_FOR_EVER && spend->ramp == 0 && spend->fade_half_life == 0);
    assert_true(p->per_participant == 35 && p->fixed == 20000 && p->per_contact == 0);
    assert_true(p->to_segment == LTV_NOWHERE && p->to_plan == LTV_NOWHERE);
    p = programme(s, "save_offer");
    assert_true(p->when.kind == LTV_WHEN_CHURN_INTENT && p->when.probability == 0.3);
    assert_true(p->when.rate == 0.005 && p->segments == NULL && p->channels == NULL);
    assert_true(p->price_off == 0.2 && p->price_off_bills == 3 && p->effects[0].times == 2);
    assert_true(isinf(p->capacity) && p->reach == 1 && p->uptake == 1);
    p = programme(s, "dunning");
    assert_true(p->when.kind == LTV_WHEN_PAYMENT_FAILURE && p->when.probability == 0.48);
    assert_true(p->per_contact == 0.5 && p->n_effects == 0);
    p = programme(s, "win_back");
    assert_true(p->when.kind == LTV_WHEN_CHURN && p->when.probability == 0.04);
    assert_true(p->when.periods == 5 && p->effects[0].lever == LTV_LEVER_PRICE);
    p = programme(s, "early_warning");
    assert_true(p->when.kind == LTV_WHEN_RISK_SIGNAL && p->when.periods == 3);
    assert_true(p->when.probability == 0.7 && p->when.rate == 0.02 && p->top_by_spend == 0.04);
    assert_true(p->to_segment == 0 && p->fixed_per_period == 800);
    p = programme(s, "check_in");
    assert_true(p->when.kind == LTV_WHEN_EVERY && p->when.periods == 6 && p->per_period == 0.5);
    assert_true(p->effects[0].lever == LTV_LEVER_INVOLUNTARY && p->effects[0].times == 0);
    p = programme(s, "letter");
    assert_true(p->when.kind == LTV_WHEN_AT_TENURE && p->when.periods == 6);
    p = programme(s, "anniversary");
    assert_true(p->when.kind == LTV_WHEN_AT_TENURE && p->when.periods == 13);
    ltv_scenario_file_free(&file);
}

static void programmes_act_on_what_is_offered(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "programmes_on_offers");
    const ltv_intervention *p = file.scenario.arms[1].interventions;
    assert_int_equal(file.scenario.arms[1].n_interventions, 5);
    assert_true(p[0].when.kind == LTV_WHEN_BEFORE_RENEWAL && p[0].when.periods == 1);
    assert_int_equal(p[0].plans, 1 << 2);
    assert_true(p[1].when.kind == LTV_WHEN_UPGRADE && p[1].to_segment == 0);
    assert_true(p[2].when.kind == LTV_WHEN_UPGRADE && p[2].plans == UINT32_MAX);
    assert_int_equal(p[2].effects[0].lever, LTV_LEVER_DOWNGRADE);
    assert_int_equal(p[3].plans, 1 << 0 | 1 << 1);
    assert_int_equal(p[3].n_phases, 1);
    assert_string_equal(p[3].phases[0].name, "adoption");
    assert_true(p[3].phases[0].from == 3 && p[3].phases[0].until == 12);
    assert_true(p[3].n_effects == 4 && p[3].effects[0].lever == LTV_LEVER_UPGRADE);
    assert_true(p[4].to_plan == 2 && p[4].to_segment == LTV_NOWHERE);
    assert_true(file.scenario.arms[2].plans[2].price == 90 && file.scenario.arms[2].overrides == 3);
    ltv_scenario_file_free(&file);
}

static void an_arm_has_the_programmes_that_it_lists(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "programmes");
    const ltv_scenario *s = &file.scenario;
    assert_int_equal(s->n_arms, 6);
    assert_true(s->arms[0].n_interventions == 0 && s->arms[1].n_interventions == 1);
    assert_int_equal(s->arms[2].n_interventions, 8);
    assert_string_equal(s->arms[2].interventions[0].name, "letter");
    assert_string_equal(s->arms[2].interventions[7].name, "onboarding");
    for (size_t i = 0; i < s->n_arms; ++i)
        assert_int_equal(s->arms[i].overrides != 0, i >= 4); /* more than programmes differ */
    const ltv_intervention *cheaper = &s->arms[3].interventions[0];
    assert_true(cheaper->fixed == 10000 && cheaper->per_participant == 35);
    assert_true(!cheaper->segments[0] && !cheaper->segments[1] && cheaper->segments[2]);
    const ltv_intervention *other_mix = &s->arms[5].interventions[0];
    assert_true(!other_mix->segments[0] && other_mix->segments[1]);
    ltv_scenario_file_free(&file);
}

static void arms_are_compared_with_the_baseline_and_as_asked(void **state)
{
    (void)state;
    static const ltv_contrast expected[] = {{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {2, 1}, {3, 1}};
    ltv_scenario_file file;
    read_good(&file, "programmes");
    const ltv_scenario *s = &file.scenario;
    assert_int_equal(s->n_contrasts, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < s->n_contrasts; ++i) {
        assert_int_equal(s->contrasts[i].arm, expected[i].arm);
        assert_int_equal(s->contrasts[i].against, expected[i].against);
    }
    ltv_scenario_file_free(&file);
    read_good(&file, "shortest");
    assert_int_equal(file.scenario.n_contrasts, 0);
    ltv_scenario_file_free(&file);
}

static void what_a_programme_leaves_out_is_assumed(void **state)
{
    (void)state;
    static const char *const overrides[] = {
        "interventions={a: {when: {on_churn_intent: {accept: 1}}}}", "arms={x: [a]}"};
    static const char *const expected[] = {"interventions.a.who.reach: 100%",
                                           "interventions.a.who.uptake: 100%",
                                           "interventions.a.when.on_churn_intent.bluff.monthly: 0%",
                                           "interventions.a.cost.per_contact: 0",
                                           "interventions.a.cost.per_participant: 0",
                                           "interventions.a.cost.per_period: 0",
                                           "interventions.a.cost.fixed: 0",
                                           "interventions.a.cost.fixed_per_period: 0"};
    ltv_scenario_file file;
    read_text(&file, "x.yaml", shortest, 2, overrides);
    size_t n = sizeof expected / sizeof *expected;
    assert_true(file.n_assumed > n);
    for (size_t i = 0; i < n; ++i)
        assert_string_equal(file.assumed[file.n_assumed - n + i], expected[i]);
    assert_int_equal(file.n_warnings, 1);
    assert_non_null(strstr(file.warnings[0], "interventions.a: nobody asks for it"));
    ltv_scenario_file_free(&file);
}

/* What can be run but misleads, told for the text with these overrides. */
static void expect_warnings(const char *text, const char *const *overrides, size_t n_overrides,
                            const char *const *expected, size_t n)
{
    ltv_scenario_file file;
    read_text(&file, "x.yaml", text, n_overrides, overrides);
    for (size_t i = 0; i < file.n_warnings && i < n; ++i)
        if (strncmp(file.warnings[i], expected[i], strlen(expected[i])) != 0) {
            print_error("%s\nexpected: %s\n", file.warnings[i], expected[i]);
            fail();
        }
    assert_int_equal(file.n_warnings, n);
    ltv_scenario_file_free(&file);
}

static void a_programme_in_no_arm_is_a_warning(void **state)
{
    (void)state;
    static const char *const overrides[] = {
        "interventions={a: {when: {at_tenure: 3}, cost: {per_contact: 1}}, "
        "b: {when: {at_tenure: 3}, cost: {per_contact: 1}}}",
        "arms={today: [], then: [a]}"};
    static const char *const expected[] = {
        "interventions.b: is in no arm, so it has no effect; list it in one, such as arms: "
        "{today: [], then: [b]}"};
    expect_warnings(shortest, overrides, 2, expected, 1);
    static const char *const without_arms[] = {
        "interventions.a: is in no arm, so it has no effect",
        "interventions.b: is in no arm, so it has no effect"};
    expect_warnings(shortest, overrides, 1, without_arms, 2);
}

static void thousands_written_with_a_point_are_a_warning(void **state)
{
    (void)state;
    static const char *const overrides[] = {"currency=USD", "revenue.price=15.000",
                                            "service_cost=0.125",
                                            "arms={today: , then: {set: {service_cost: 1.250}}}"};
    static const char *const expected[] = {
        "revenue.price: 15.000 is 15; if the point is to part thousands, write 15000 or 15,000",
        "service_cost: 1.250 is 1.25; if the point is to part thousands, write 1250 or 1,250"};
    expect_warnings(shortest, overrides, 4, expected, 2);
    static const char *const fine[] = {"currency=KWD", "revenue.price=15.000"};
    expect_warnings(shortest, fine, 2, NULL, 0);
}

static void a_multiplier_far_from_1_is_a_warning(void **state)
{
    (void)state;
    static const char *const overrides[] = {
        "segments={small: {share: 50%, churn: 0.035, spend: x20}, other: {share: 50%, churn: x10}}",
        "add_ons={tv: {price: 3, attach: {monthly: 1%}, churn: x0.05}}",
        "interventions={a: {when: {at_tenure: 3}, effect: {churn: {times: 0.02, for: 6}, "
        "orders: {times: 0, for: 6}}}}",
        "revenue.orders={monthly: 1, value: {mean: 10}}", "arms={today: [], then: [a]}"};
    static const char *const expected[] = {
        "segments.small.churn: 0.035 multiplies churn by 0.035; for a churn of its own write a "
        "retention block",
        "segments.small.spend: 20 multiplies spend by 20",
        "add_ons.tv.churn: 0.05 multiplies churn by 0.05",
        "interventions.a.effect.churn: 0.02 multiplies churn by 0.02"};
    expect_warnings(shortest, overrides, 5, expected, 4);
}

static void a_discount_that_changes_nothing_is_a_warning(void **state)
{
    (void)state;
    const char *overrides[] = {
        "interventions={a: {when: {at_tenure: 3}, effect: {price_off: {rate: 20%, for: 3}}}}",
        "arms={today: [], then: [a]}"};
    static const char *const expected[] = {
        "interventions.a: price_off alone changes nobody's behaviour here; did you leave out an "
        "effect on churn?"};
    expect_warnings(shortest, overrides, 2, expected, 1);
    overrides[0] = "interventions={a: {when: {at_tenure: 3}, effect: {price_off: {rate: 20%, for: "
                   "3}, churn: {times: 0.8, for: 3}}}}";
    expect_warnings(shortest, overrides, 2, NULL, 0);
    overrides[0] = "interventions={a: {when: {on_churn: {probability: 2%, for: 3}}, effect: "
                   "{price_off: {rate: 20%, for: 3}}}}";
    expect_warnings(shortest, overrides, 2, NULL, 0);
}

static void a_price_per_term_is_a_warning(void **state)
{
    (void)state;
    static const char text[] = "ltvsim: 1\ncurrency: JPY\nretention: {geometric: {churn: 3%}}\n"
                               "plans:\n  free: {price: 0, starts: 20%}\n"
                               "  monthly: {price: 10, starts: 50%}\n"
                               "  yearly: {price: 51, starts: 30%, term: 12}\n";
    static const char *const fair[] = {"plans.yearly.price=50"};
    static const char *const expected[] = {
        "plans.yearly.price: 51 is more than 5 times the price of every plan without a term; a "
        "term's price is per bill, not per term"};
    expect_warnings(text, NULL, 0, expected, 1);
    expect_warnings(text, fair, 1, NULL, 0);
}

static void every_curve_is_read(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "curves_of_segments");
    const ltv_arm *arm = &file.scenario.arms[0];
    assert_false(arm->has_retention);
    for (int kind = 0; kind < LTV_CURVE_KINDS; ++kind) {
        assert_int_equal(arm->segments[kind].retention.curve.kind, kind);
        assert_string_equal(arm->segments[kind].name,
                            ltv_curve_model_of((ltv_curve_kind)kind)->name);
    }
    const ltv_curve *table = &arm->segments[7].retention.curve;
    assert_true(table->stop && table->table_size == 5 && table->survival[1] == 0.631);
    const ltv_curve *churn = &arm->segments[8].retention.curve;
    assert_true(!churn->stop && churn->table_size == 4 && churn->hold == 2);
    assert_true(churn->survival[0] == 1 && churn->survival[1] == 1 - 0.369);
    const ltv_curve *csv = &arm->segments[9].retention.curve;
    assert_true(csv->table_size == 6 && csv->hold == 5 && csv->survival[1] == 1 - 0.369);
    ltv_scenario_file_free(&file);
}

/* ---- what is offered --------------------------------------------------------------------- */

static void assert_rate(const ltv_rate *rate, double probability, uint32_t from, uint32_t until,
                        size_t n_spikes)
{
    assert_true(rate->probability == probability);
    assert_int_equal(rate->from, from);
    assert_int_equal(rate->until, until);
    assert_int_equal(rate->n_spikes, n_spikes);
}

static void plans_and_add_ons_are_read(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "offers");
    const ltv_arm *arm = &file.scenario.arms[0];
    assert_int_equal(arm->n_plans, 4);
    const ltv_plan *basic = &arm->plans[0], *upper = &arm->plans[1];
    assert_true(arm->price == 0 && basic->price == 100 && basic->starts == 0.8);
    assert_true(basic->margin == 0.8 && basic->churn == 1 && basic->term == 0);
    assert_int_equal(basic->n_upgrades, 2);
    assert_int_equal(basic->upgrades[0].to, 1);
    assert_rate(&basic->upgrades[0].rate, 0.012, 3, 24, 2);
    assert_int_equal(basic->upgrades[0].rate.spikes[0].period, 6);
    assert_true(basic->upgrades[0].rate.spikes[1].times == 2);
    assert_int_equal(basic->upgrades[1].to, 2);
    assert_rate(&basic->upgrades[1].rate, 0.005, 0, UINT32_MAX, 0);
    assert_int_equal(basic->n_downgrades, 0);
    assert_string_equal(upper->name, "上級");
    assert_true(upper->price == 1250 && upper->margin == 0.7 && upper->churn == 0.7);
    assert_int_equal(upper->n_downgrades, 1);
    assert_int_equal(upper->downgrades[0].to, 0);
    assert_int_equal(arm->plans[2].term, 12);
    assert_int_equal(arm->n_add_ons, 2);
    const ltv_add_on *analytics = &arm->add_ons[0], *support = &arm->add_ons[1];
    assert_true(analytics->price == 40 && analytics->margin == 0.8 && analytics->churn == 0.85);
    assert_rate(&analytics->attach, 0.01, 3, UINT32_MAX, 1);
    assert_rate(&analytics->drop, 0.02, 0, 36, 0);
    assert_true(support->margin == 0.2 && support->churn == 1);
    assert_rate(&support->drop, 0, 0, UINT32_MAX, 0);
    ltv_scenario_file_free(&file);
}

static void orders_and_price_changes_are_read(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "offers");
    const ltv_arm *arm = &file.scenario.arms[0];
    const ltv_orders *orders = &arm->orders;
    assert_true(orders->rate == 2.4 / 12 && !orders->first_order_certain);
    assert_int_equal(orders->heterogeneity.kind, LTV_SPREAD_GAMMA);
    assert_true(orders->heterogeneity.cv == 1.1 && orders->value_mean == 35);
    assert_true(orders->p == 4 && orders->q == 6);
    assert_true(orders->has_season && orders->season[0] == 1.4 && orders->season[11] == 2);
    assert_int_equal(arm->n_price_changes, 2);
    assert_int_equal(arm->price_changes[0].bill, 3);
    assert_true(arm->price_changes[0].times == 0.5 && arm->price_changes[0].churn_times == 1);
    assert_int_equal(arm->price_changes[0].churn_for, 0);
    assert_int_equal(arm->price_changes[1].bill, 6);
    assert_true(arm->price_changes[1].times == 1.1 && arm->price_changes[1].churn_times == 1.5);
    assert_int_equal(arm->price_changes[1].churn_for, 3);
    assert_int_equal(file.scenario.n_phases, 3);
    assert_string_equal(file.scenario.phases[1].name, "first year");
    assert_int_equal(file.scenario.phases[1].until, 12);
    assert_int_equal(file.scenario.phases[2].from, 12);
    ltv_scenario_file_free(&file);
}

static void segments_and_channels_differ_in_every_lever(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "offers");
    const ltv_arm *arm = &file.scenario.arms[0];
    static const ltv_multipliers loyal = {{0.5, 0.9, 2, 0.5, 3, 0.2, 1.5, 1.1, 1.2}};
    static const ltv_multipliers paid = {{1.2, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7}};
    static const double starts[] = {0.6, 0, 0, 0.4}, shares[] = {0.8, 0, 0.2};
    assert_memory_equal(&arm->segments[0].times, &loyal, sizeof loyal);
    assert_null(arm->segments[0].starts);
    assert_memory_equal(arm->segments[1].starts, starts, sizeof starts);
    assert_true(arm->segments[2].share == 0); /* only the paid channel brings them */
    assert_memory_equal(&arm->channels[1].times, &paid, sizeof paid);
    assert_null(arm->channels[0].segments);
    assert_memory_equal(arm->channels[1].segments, shares, sizeof shares);
    assert_true(arm->channels[1].cac == 900 && arm->channels[1].cac_spread.cv == 0.5);
    assert_int_equal(arm->channels[1].cac_spread.kind, LTV_SPREAD_LOG_NORMAL);
    assert_int_equal(arm->channels[0].cac_spread.kind, LTV_SPREAD_NONE);
    ltv_scenario_file_free(&file);
}

static void an_arm_may_offer_something_else(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "offers");
    const ltv_arm *arm = &file.scenario.arms[1];
    assert_true(arm->plans[0].price == 110 && arm->plans[0].margin == 0.6);
    assert_true(arm->plans[1].margin == 0.7); /* its own */
    assert_int_equal(arm->plans[0].n_upgrades, 1);
    assert_int_equal(arm->plans[0].upgrades[0].to, 2);
    assert_int_equal(arm->n_price_changes, 1);
    assert_true(arm->add_ons[1].attach.probability == 0.01);
    assert_true(arm->add_ons[1].drop.probability == 0.02 && arm->add_ons[1].margin == 0.2);
    assert_true(arm->segments[1].starts[0] == 1 && arm->segments[1].starts[3] == 0);
    assert_true(arm->channels[1].cac == 100 && arm->channels[1].cac_spread.kind == LTV_SPREAD_NONE);
    assert_true(arm->orders.rate == 1 && arm->orders.p == 6.25 && arm->orders.q == 3.74);
    assert_true(arm->orders.value_mean == 6.25 * 15.44 / (3.74 - 1));
    ltv_scenario_file_free(&file);
}

static void an_arm_may_add_whole_blocks(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "arms_add_offers");
    const ltv_arm *arms = file.scenario.arms;
    assert_true(ltv_arm_is_plain(&arms[0]) && arms[0].price == 10);
    assert_true(arms[0].channels[0].cac == 7 && arms[0].channels[0].cac_spread.cv == 1);
    assert_true(arms[1].n_plans == 2 && arms[1].price == 0);
    assert_true(arms[2].n_add_ons == 1 && arms[2].price == 10);
    assert_true(arms[3].orders.rate == 52. / 4 && arms[3].price == 0);
    assert_true(arms[3].orders.first_order_certain && isinf(arms[3].orders.p) &&
                isinf(arms[3].orders.q));
    assert_true(arms[4].orders.rate == 0.1 * (365. / 4) && arms[4].price == 10);
    assert_true(arms[4].orders.value_mean == 10);
    assert_int_equal(arms[5].n_price_changes, 2);
    assert_int_equal(arms[5].price_changes[0].bill, 2);
    assert_true(arms[5].price_changes[0].times == 1.1 && arms[5].price_changes[1].times == 1.2);
    ltv_scenario_file_free(&file);
}

static void a_continuation_rate_is_the_same_as_its_churn(void **state)
{
    (void)state;
    static const char *const rates[][2] = {
        {"retention.geometric.continuation=97%", "retention.geometric.churn=3%"},
        {"retention.geometric.continuation=0.97", "retention.geometric.churn=0.03"},
        {"retention.geometric.continuation=99.99%", "retention.geometric.churn=0.01%"},
        {"retention.geometric.continuation=100%", "retention.geometric.churn=0"},
    };
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
        ltv_scenario_file a, b;
        read_text(&a, "x.yaml", shortest, 1, &rates[i][0]);
        read_text(&b, "x.yaml", shortest, 1, &rates[i][1]);
        assert_same_scenario(&a.scenario, &b.scenario);
        ltv_scenario_file_free(&a);
        ltv_scenario_file_free(&b);
    }
}

static void the_horizon_is_ten_years_by_default(void **state)
{
    (void)state;
    static const struct {
        const char *override;
        uint32_t horizon;
    } cases[] = {
        {"time.unit=day", 3650},   {"time.unit=week", 520}, {"time.unit=month", 120},
        {"time.unit=quarter", 40}, {"time.unit=year", 10},  {"experiment.horizon=7", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_scenario_file file;
        read_text(&file, "x.yaml", shortest, 1, &cases[i].override);
        assert_int_equal(file.scenario.horizon, cases[i].horizon);
        ltv_scenario_file_free(&file);
    }
}

/* ---- arms and overrides ------------------------------------------------------------------ */

static void an_arm_differs_only_in_what_it_sets(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "every_key");
    ltv_arm *arms = file.scenario.arms;
    for (size_t i = 1; i < 3; ++i) {
        memcpy(arms[i].name, arms[0].name, sizeof arms[i].name);
        assert_same_arm(&arms[i], &arms[0]);
    }
    memcpy(arms[3].name, arms[0].name, sizeof arms[3].name);
    arms[3].price = arms[0].price;
    arms[3].segments[0].times.on[LTV_LEVER_PRICE] = arms[0].segments[0].times.on[LTV_LEVER_PRICE];
    assert_same_arm(&arms[3], &arms[0]);
    ltv_scenario_file_free(&file);
}

static void a_whole_alternative_takes_the_place_of_the_other(void **state)
{
    (void)state;
    ltv_scenario_file file;
    read_good(&file, "arms_replace_alternatives");
    const ltv_arm *arms = file.scenario.arms;
    assert_int_equal(file.scenario.n_arms, 9);
    assert_true(arms[0].channels[0].cac == 5 && !arms[0].declared_channels);
    assert_true(arms[1].channels[0].cac == 3 && arms[1].declared_channels);
    assert_int_equal(arms[2].retention.curve.kind, LTV_CURVE_GEOMETRIC);
    assert_true(arms[2].retention.curve.parameter[0] == 0.03);
    assert_int_equal(arms[3].retention.curve.kind, LTV_CURVE_BETA_GEOMETRIC);
    assert_int_equal(arms[0].retention.curve.hold, 4);
    assert_int_equal(arms[4].retention.curve.hold, 2);
    assert_int_equal(arms[5].retention.curve.table_size, 3);
    assert_true(arms[6].retention.heterogeneity.cv == 0.5 && arms[6].retention.n_spikes == 1);
    assert_int_equal(arms[7].n_segments, 2);
    assert_true(arms[8].price == 12 && arms[8].spend.cv == 1);
    assert_non_null(strstr(file.effective, "      retention.table.survival: [1, 0.8, 0.7]\n"
                                           "      retention.table.after.hold: 2\n"));
    ltv_scenario_file_free(&file);
}

static void the_last_override_wins(void **state)
{
    (void)state;
    static const char *const overrides[] = {"revenue.price=7",
                                            "revenue={price: 8}",
                                            "revenue.price=\"1,009\"",
                                            "title=\"=\"",
                                            "experiment.customers=10",
                                            "arms={x: [], y: []}",
                                            "arms.y.set.revenue.price=3",
                                            "segments={s: {share: 100%}}",
                                            "segments.s.price=x2"};
    ltv_scenario_file file;
    read_text(&file, "x.yaml", shortest, sizeof overrides / sizeof overrides[0], overrides);
    const ltv_scenario *s = &file.scenario;
    assert_string_equal(s->title, "=");
    assert_int_equal(s->customers, 10);
    assert_int_equal(s->n_arms, 2);
    assert_true(s->arms[0].price == 1009 && s->arms[1].price == 3);
    assert_true(s->arms[0].segments[0].times.on[LTV_LEVER_PRICE] == 2);
    ltv_scenario_file again;
    read_text(&again, "y.yaml", file.effective, 0, NULL);
    assert_same_scenario(s, &again.scenario);
    ltv_scenario_file_free(&again);
    ltv_scenario_file_free(&file);
}

static void overrides_are_kept_as_lines_in_their_order(void **state)
{
    (void)state;
    static const char *const overrides[] = {"revenue.price = 1200", " gross_margin=80% ",
                                            "retention={geometric:\n  {churn: 2%}}\n", "title=a  b",
                                            "revenue.price=1300"};
    ltv_scenario_file file;
    read_text(&file, "x.yaml", shortest, 0, NULL);
    assert_string_equal(file.overrides, "");
    ltv_scenario_file_free(&file);
    read_text(&file, "x.yaml", shortest, 5, overrides);
    assert_string_equal(file.overrides, "revenue.price: 1200\n"
                                        "gross_margin: 80%\n"
                                        "retention: {geometric:   {churn: 2%}}\n"
                                        "title: a  b\n"
                                        "revenue.price: 1300");
    assert_true(file.scenario.arms[0].price == 1300);
    assert_true(file.scenario.arms[0].gross_margin == 0.8);
    ltv_scenario_file_free(&file);
}

static void a_table_that_says_nothing_of_after_is_told(void **state)
{
    (void)state;
    ltv_scenario_file file;
    bool found = false;
    read_text(&file, "x.yaml",
              "ltvsim: 1\ncurrency: JPY\nretention: {table: {churn: [9%, 8%]}}\n"
              "revenue: {price: 1000}\n",
              0, NULL);
    for (size_t i = 0; i < file.n_assumed; ++i)
        found |= strcmp(file.assumed[i], "retention.table.after.hold: 2") == 0;
    assert_true(found);
    ltv_scenario_file_free(&file);
}

static void bad_overrides_are_told_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *override, *message;
    } cases[] = {
        {"revenue.price",
         "--set revenue.price: '=' is missing; write PATH=VALUE, such as revenue.price=1200"},
        {"=3", "--set =3: not a path"},
        {".=3", "--set .=3: .: not a path"},
        {"revenue.=3", "--set revenue.=3: revenue.: not a path"},
        {"revenue.prise=3",
         "--set revenue.prise=3: revenue.prise: unknown key; did you mean price?"},
        {"correlations=3",
         "--set correlations=3: correlations: a list in brackets is due here, not a single value"},
        {"revenue.price.x=3",
         "--set revenue.price.x=3: revenue.price.x: there is nothing inside price"},
        {"revenue.price=", "--set revenue.price=: revenue.price: has no value"},
        {"revenue.price=-1", "--set revenue.price=-1: revenue.price: -1 is out of range"},
        {"revenue.price=[1", "--set revenue.price=[1: the bracket [ opened here is not closed"},
        {"title=a: b: c", "--set title=a: b: c: a second colon"},
        {"segments.x.share=1",
         "--set segments.x.share=1: segments.x.share: there is nothing named x"},
        {"retention.weibull.scale=3",
         "--set retention.weibull.scale=3: retention: geometric and weibull exclude each other"},
        {"arms.x.set.revenue.price=3",
         "--set arms.x.set.revenue.price=3: arms.x.set.revenue.price: there is nothing named x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_scenario_file file;
        ltv_error err = {0};
        assert_int_equal(ltv_scenario_read_text(&file, "x.yaml", shortest, strlen(shortest), 1,
                                                &cases[i].override, &err),
                         LTV_ERR_BAD_INPUT);
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0) {
            print_error("%s\nexpected: %s\n", err.message, cases[i].message);
            fail();
        }
        ltv_scenario_file_free(&file);
    }
}

/* ---- bad scenarios ----------------------------------------------------------------------- */

/* The first line of a bad scenario says what is expected of it:
 *     # expect: LINE:COLUMN part of the sentence */
static void check_bad_scenario(const char *name)
{
    char path[1024], line[512] = "", where[1200];
    unsigned expected_line = 0, expected_column = 0;
    int fragment = 0;
    snprintf(path, sizeof path, BAD_SCENARIOS "/%s", name);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_non_null(fgets(line, sizeof line, stream));
    fclose(stream);
    line[strcspn(line, "\n")] = '\0';
    assert_int_equal(
        sscanf(line, "# expect: %u:%u %n", &expected_line, &expected_column, &fragment), 2);

    ltv_scenario_file file;
    ltv_error err = {0};
    ltv_status status = ltv_scenario_read(&file, path, 0, NULL, &err);
    snprintf(where, sizeof where, "%s:%u:%u: ", path, expected_line, expected_column);
    if (status != LTV_ERR_BAD_INPUT || strncmp(err.message, where, strlen(where)) != 0 ||
        fragment == 0 || line[fragment] == '\0' || strstr(err.message, line + fragment) == NULL) {
        print_error("%s\n    %s\n    %s\n", name, line, err.message);
        fail();
    }
    assert_null(strchr(err.message, '\n'));
    assert_null(file.source);
    assert_null(file.effective);
    ltv_scenario_file_free(&file);
}

static void each_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    size_t n = 0;
    DIR *dir = opendir(BAD_SCENARIOS);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (!ends_with(entry->d_name, ".yaml"))
            continue;
        check_bad_scenario(entry->d_name);
        ++n;
    }
    closedir(dir);
    assert_true(n >= 150);
}

static void assert_bad_text(const char *text, size_t length, const char *message)
{
    ltv_scenario_file file;
    ltv_error err = {0};
    assert_int_equal(ltv_scenario_read_text(&file, "x.yaml", text, length, 0, NULL, &err),
                     LTV_ERR_BAD_INPUT);
    if (strncmp(err.message, message, strlen(message)) != 0) {
        print_error("%s\nexpected: %s\n", err.message, message);
        fail();
    }
    ltv_scenario_file_free(&file);
}

static void texts_that_are_no_scenario_are_refused(void **state)
{
    (void)state;
    static const char elf[] = "\x7F"
                              "ELF\x02\x01\x01\0\0\0";
    assert_bad_text("", 0, "x.yaml: the file is empty; a scenario begins with ltvsim: 1");
    assert_bad_text("\n# nothing\n", 11, "x.yaml: the file is empty");
    assert_bad_text("~\n", 2, "x.yaml: the file is empty");
    assert_bad_text("---\n...\n", 8, "x.yaml: the file is empty");
    assert_bad_text(elf, sizeof elf - 1, "x.yaml:1:1: the file has a control character here");
    assert_bad_text("\211HDF\r\n\032\n\0\0", 10, "x.yaml: this is an HDF5 file, not a scenario");
    assert_bad_text("PK\003\004", 4, "x.yaml: this is an Excel workbook or another ZIP archive");
    assert_bad_text("%PDF-1.7", 8, "x.yaml: this is a PDF document, not a scenario");
    assert_bad_text("ltvsim: 1\0", 10, "x.yaml:1:10: the file has a control character");
}

static void assert_unreadable(const char *path, const char *fragment)
{
    ltv_scenario_file file;
    ltv_error err = {0};
    assert_int_equal(ltv_scenario_read(&file, path, 0, NULL, &err), LTV_ERR_BAD_INPUT);
    if (strncmp(err.message, path, strlen(path)) != 0 || strstr(err.message, fragment) == NULL) {
        print_error("%s\nexpected: %s\n", err.message, fragment);
        fail();
    }
    ltv_scenario_file_free(&file);
}

static void files_that_cannot_be_read_are_told(void **state)
{
    (void)state;
    assert_unreadable(LTV_SOURCE_DIR, "cannot read the file: it is a folder");
    assert_unreadable("/no/such/file.yaml",
                      "/no/such/file.yaml: cannot open the file: No such file or directory");
    assert_unreadable("/dev/zero", "is larger than 16 MiB");
    if (geteuid() == 0)
        return; /* nothing is unreadable to root */
    char path[] = "/tmp/ltvsim-unreadable-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(fchmod(file, 0), 0);
    close(file);
    assert_unreadable(path, "Permission denied");
    unlink(path);
}

static void a_long_file_name_leaves_room_for_the_sentence(void **state)
{
    (void)state;
    char name[4096];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ltv_scenario_file file;
    ltv_error err = {0};
    assert_int_equal(ltv_scenario_read_text(&file, name, "a: 1", 4, 0, NULL, &err),
                     LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "unknown key"));
    ltv_scenario_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_effective_scenario_reads_back_the_same),
        cmocka_unit_test(defaults_are_filled_in_and_told),
        cmocka_unit_test(every_key_reaches_its_field),
        cmocka_unit_test(every_part_of_a_programme_is_read),
        cmocka_unit_test(programmes_act_on_what_is_offered),
        cmocka_unit_test(an_arm_has_the_programmes_that_it_lists),
        cmocka_unit_test(arms_are_compared_with_the_baseline_and_as_asked),
        cmocka_unit_test(what_a_programme_leaves_out_is_assumed),
        cmocka_unit_test(a_programme_in_no_arm_is_a_warning),
        cmocka_unit_test(thousands_written_with_a_point_are_a_warning),
        cmocka_unit_test(a_multiplier_far_from_1_is_a_warning),
        cmocka_unit_test(a_discount_that_changes_nothing_is_a_warning),
        cmocka_unit_test(a_price_per_term_is_a_warning),
        cmocka_unit_test(every_curve_is_read),
        cmocka_unit_test(plans_and_add_ons_are_read),
        cmocka_unit_test(orders_and_price_changes_are_read),
        cmocka_unit_test(segments_and_channels_differ_in_every_lever),
        cmocka_unit_test(an_arm_may_offer_something_else),
        cmocka_unit_test(an_arm_may_add_whole_blocks),
        cmocka_unit_test(a_continuation_rate_is_the_same_as_its_churn),
        cmocka_unit_test(the_horizon_is_ten_years_by_default),
        cmocka_unit_test(an_arm_differs_only_in_what_it_sets),
        cmocka_unit_test(a_whole_alternative_takes_the_place_of_the_other),
        cmocka_unit_test(the_last_override_wins),
        cmocka_unit_test(overrides_are_kept_as_lines_in_their_order),
        cmocka_unit_test(a_table_that_says_nothing_of_after_is_told),
        cmocka_unit_test(bad_overrides_are_told_by_name),
        cmocka_unit_test(each_mistake_is_told_with_its_place),
        cmocka_unit_test(texts_that_are_no_scenario_are_refused),
        cmocka_unit_test(files_that_cannot_be_read_are_told),
        cmocka_unit_test(a_long_file_name_leaves_room_for_the_sentence),
    };
    return cmocka_run_group_tests_name("scenario_read", tests, NULL, NULL);
}
