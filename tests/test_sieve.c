/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "foreseen_scenario.h"
#include "random_offers.h"
#include "same_tallies.h"
#include "scenario_fixture.h"
#include "sim/workroom.h"

/* What customers come to who are kept back and counted by class is what they come to when each of
 * them lives. */

enum { CUSTOMERS = 2 * LTV_BLOCK + 77, SCENARIOS = 600 };

typedef struct {
    ltv_tally tally;
    uint64_t looked_at, kept_back, with_add_on;
} outcome;

/* The first so many customers, in two lots, each of which is finished. */
static void simulate(outcome *of, const ltv_scenario *scenario, const ltv_program_set *set,
                     uint64_t customers)
{
    ltv_workroom room = {0};
    ltv_error err = {0};
    const ltv_stream stream = {.seed = scenario->seed, .draw = 3};
    const uint64_t lots[] = {0, customers - customers / 3, customers};
    *of = (outcome){.looked_at = 0};
    assert_int_equal(ltv_workroom_init(&room, set, &err), LTV_OK);
    assert_int_equal(ltv_tally_init(&of->tally, scenario, set->programs, &err), LTV_OK);
    assert_int_equal(ltv_tally_count_outlines(&of->tally, &err), LTV_OK);
    for (int lot = 0; lot < 2; lot++) {
        ltv_workroom_simulate(&room, set, stream, lots[lot], lots[lot + 1] - 1, &of->tally);
        ltv_workroom_simulate(&room, set, stream, lots[lot + 1] - 1, lots[lot + 1], &of->tally);
        of->looked_at += room.sieve.n_looked_at;
        of->kept_back += ltv_sieve_kept_back(&room.sieve);
        of->with_add_on += room.sieve.with_add_on.n_customers;
        ltv_workroom_finish(&room, set, &of->tally);
    }
    assert_int_equal(ltv_workroom_check(&of->tally, &err), LTV_OK);
    ltv_workroom_free(&room);
}

static void compare(const char *label, const ltv_tally *a, const ltv_tally *b)
{
    for (size_t arm = 0; arm < a->n_arms; arm++)
        assert_same_arm_tallies(label, &a->arms[arm], &b->arms[arm]);
    for (size_t c = 0; c < a->n_contrasts; c++) {
        assert_same_contrast_tallies(label, &a->contrasts[c], &b->contrasts[c]);
        assert_that(label, a->contrasts[c].deadweight == b->contrasts[c].deadweight);
    }
    size_t n_outlines = ltv_outline_of_contrast(a->n_arms, a->n_contrasts);
    assert_memory_equal(a->outlines, b->outlines, n_outlines * sizeof *a->outlines);
}

/* What a battery of scenarios met. */
typedef struct {
    int sifted, walks, plain, with_plans, with_cells, with_terms, with_cured;
    uint64_t looked_at, kept_back, with_add_on;
} met;

static void compare_ways(met *so_far, const char *label, const ltv_scenario *scenario,
                         uint64_t customers)
{
    ltv_program_set set = {0};
    ltv_error err = {0};
    outcome sifted, lived;
    assert_int_equal(ltv_program_set_init(&set, scenario, &err), LTV_OK);
    if (set.sifted) {
        const ltv_program *last = &set.programs[set.n - 1];
        simulate(&sifted, scenario, &set, customers);
        set.sifted = false;
        simulate(&lived, scenario, &set, customers);
        compare(label, &sifted.tally, &lived.tally);
        so_far->sifted++;
        so_far->looked_at += sifted.looked_at;
        so_far->kept_back += sifted.kept_back;
        so_far->with_add_on += sifted.with_add_on;
        so_far->plain += set.programs[0].plain;
        so_far->walks += ltv_crowd_changes_others(last) && last->n_changes + last->n_add_ons > 0;
        so_far->with_plans += last->n_plans > 1;
        so_far->with_cells += last->n_channels * last->n_segments > 1;
        for (size_t p = 0; p < last->n_plans; p++)
            so_far->with_terms += last->plans[p].term > 0;
        so_far->with_cured += last->kinds->cured_threshold > 0;
        ltv_tally_free(&sifted.tally);
        ltv_tally_free(&lived.tally);
    }
    ltv_program_set_free(&set);
}

static void take_out_programmes(ltv_arm *arm, size_t n_left)
{
    while (arm->n_interventions > n_left)
        ltv_intervention_free(&arm->interventions[--arm->n_interventions]);
}

/* One to three arms: with all programmes, or with the first of them, or with none. */
static void make_scenario(ltv_scenario *scenario, uint64_t number)
{
    static const unsigned offers[] = {0, 1u << RANDOM_PLANS, 1u << RANDOM_ADD_ONS,
                                      1u << RANDOM_PLANS | 1u << RANDOM_TERMS};
    test_random random = {number + 5};
    random_scenario_init(scenario, number);
    ltv_arm *first = scenario->arms;
    first->spend = (ltv_spread){0};
    random_offers_add(scenario, first, &random,
                      offers[number % 4] | 1u << RANDOM_AT_TENURE | 1u << RANDOM_EFFECTS |
                          (number % 3 == 0 ? 1u << RANDOM_COSTS : 0));
    foreseen_scenario_make(first, number);
    for (size_t a = 0; number % 8 == 2 && a < first->n_add_ons; a++) {
        ltv_rate_free(&first->add_ons[a].drop);
        first->add_ons[a].drop = (ltv_rate){.probability = 0, .until = UINT32_MAX};
    }
    scenario->horizon = number % 40 == 7 ? 1 : scenario->horizon;
    if (number % 5 > 0)
        scenario_fixture_add_arm(scenario, "some");
    if (number % 5 > 2)
        scenario_fixture_add_arm(scenario, "none");
    /* The last arm has all, that of a single programme comes before or after that without. */
    for (size_t a = 0; a + 1 < scenario->n_arms; a++)
        take_out_programmes(&scenario->arms[a], (a + number / 5) % 2);
    if (scenario->n_arms > 2)
        scenario_fixture_add_contrast(scenario, 2, 1);
}

static void customers_come_to_the_same_as_when_each_of_them_lives(void **state)
{
    (void)state;
    met so_far = {0};
    for (uint64_t number = 0; number < SCENARIOS; number++) {
        ltv_scenario scenario;
        char label[40];
        snprintf(label, sizeof label, "random scenario %d", (int)number);
        make_scenario(&scenario, number);
        compare_ways(&so_far, label, &scenario, CUSTOMERS);
        ltv_scenario_free(&scenario);
    }
    print_message("%d of %d sifted: %d in which programmes change other clocks, %d with a plain "
                  "arm, %d with several plans, %d cells, %d plans "
                  "with terms, %d with cured; %.0f %% of customers kept back, %.2g %% with an "
                  "add-on\n",
                  so_far.sifted, SCENARIOS, so_far.walks, so_far.plain, so_far.with_plans,
                  so_far.with_cells, so_far.with_terms, so_far.with_cured,
                  100.0 * (double)so_far.kept_back / (double)so_far.looked_at,
                  100.0 * (double)so_far.with_add_on / (double)so_far.looked_at);
    assert_true(so_far.with_add_on > 500);
    assert_true(so_far.sifted > SCENARIOS / 3 && so_far.plain > 10 && so_far.with_plans > 20);
    assert_true(so_far.with_cells > 20 && so_far.with_terms > 10 && so_far.with_cured > 5);
    assert_true(so_far.walks > 20 && so_far.kept_back > so_far.looked_at / 4);
    assert_true(so_far.kept_back < so_far.looked_at * 9 / 10);
}

/* A room to sift in. */
static void prepare(const ltv_scenario *scenario, ltv_program_set *set, ltv_workroom *room,
                    ltv_tally *tally)
{
    ltv_error err = {0};
    assert_int_equal(ltv_program_set_init(set, scenario, &err), LTV_OK);
    assert_true(set->sifted);
    assert_int_equal(ltv_workroom_init(room, set, &err), LTV_OK);
    assert_int_equal(ltv_tally_init(tally, scenario, set->programs, &err), LTV_OK);
    assert_int_equal(ltv_tally_count_outlines(tally, &err), LTV_OK);
}

/* An arm beside another one with two programmes that come again and again. */
static void make_scenario_of_many_classes(ltv_scenario *scenario, bool with_add_on)
{
    scenario_fixture_init(scenario, 0.01);
    scenario->horizon = 250;
    if (with_add_on)
        scenario_fixture_add_add_on(&scenario->arms[0], 3, 0.01, 0);
    scenario_fixture_add_arm(scenario, "more");
    scenario->arms[1].involuntary_churn = scenario->arms[0].involuntary_churn = 0.002;
    for (int k = 0; k < 2; k++) {
        char name[20];
        snprintf(name, sizeof name, "programme %d", k);
        ltv_intervention *programme = scenario_fixture_add_intervention(
            &scenario->arms[1], name,
            (ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 5 + (uint32_t)k});
        scenario_fixture_set_effect(programme, LTV_LEVER_CHURN, 0.7, 4);
        programme->reach = 0.5;
        programme->per_contact = 1;
    }
}

/* More than there is room for. Returns how many times the sieve was full. */
static int fill_again_and_again(const ltv_scenario *scenario, uint64_t customers, bool with_add_on)
{
    ltv_program_set set = {0};
    ltv_workroom room = {0};
    ltv_tally sifted = {0};
    outcome lived;
    int full = 0;
    uint32_t most_with_add_on = 0;
    const ltv_stream stream = {.seed = scenario->seed, .draw = 3};
    prepare(scenario, &set, &room, &sifted);
    for (uint64_t first = 0; first < customers; first += LTV_BLOCK) {
        assert_true(ltv_sieve_pays(&room.sieve));
        room.sieve.with_add_on.rests_for = 0; /* whether its classes pay or not */
        ltv_workroom_simulate(&room, &set, stream, first, first + LTV_BLOCK, &sifted);
        full += room.sieve.n_looked_at == 0;
        if (room.sieve.with_add_on.n > most_with_add_on)
            most_with_add_on = room.sieve.with_add_on.n;
    }
    assert_true((most_with_add_on + LTV_BLOCK > room.sieve.with_add_on.most) == with_add_on);
    ltv_workroom_finish(&room, &set, &sifted);
    set.sifted = false;
    simulate(&lived, scenario, &set, customers);
    compare("many classes", &sifted, &lived.tally);
    ltv_tally_free(&sifted);
    ltv_tally_free(&lived.tally);
    ltv_workroom_free(&room);
    ltv_program_set_free(&set);
    return full;
}

static void the_sieve_is_full_again_and_again(void **state)
{
    (void)state;
    enum { MANY = 400 * LTV_BLOCK, MANY_ADD_ONS = 180 * LTV_BLOCK };
    ltv_scenario scenario;
    make_scenario_of_many_classes(&scenario, false);
    int full = fill_again_and_again(&scenario, MANY, false);
    print_message("full %d times\n", full);
    assert_true(full >= 3);
    ltv_scenario_free(&scenario);
    make_scenario_of_many_classes(&scenario, true);
    scenario.arms[0].retention.curve.parameter[0] = scenario.arms[1].retention.curve.parameter[0] =
        0.003;
    full = fill_again_and_again(&scenario, MANY_ADD_ONS, true);
    print_message("with add-ons: full %d times\n", full);
    assert_true(full >= 1);
    ltv_scenario_free(&scenario);
}

static int higher_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Each bill's rung is laid on the head of some customer: all those pass, and live beside one
 * another in every arm, the first of which is plain. */
static void heads_on_many_rungs_pass(void **state)
{
    (void)state;
    enum { RUNGS = 20 };
    met so_far = {0};
    ltv_scenario scenario;
    double survival[RUNGS + 1] = {1};
    const ltv_stream stream = {.seed = 1, .draw = 3};
    for (uint32_t u = 0; u < RUNGS; u++)
        survival[u + 1] = (double)ltv_address_word(stream, 41 * u + 7, LTV_UNNAMED,
                                                   LTV_PURPOSE_VOLUNTARY_CHURN, 0) *
                          0x1p-64;
    qsort(survival, RUNGS + 1, sizeof *survival, higher_first);
    scenario_fixture_init(&scenario, 0.03);
    scenario.arms[0].involuntary_churn = 0.01;
    scenario_fixture_set_table(&scenario.arms[0].retention, RUNGS + 1, survival, 5);
    scenario_fixture_add_arm(&scenario, "more");
    ltv_intervention *programme = scenario_fixture_add_intervention(
        &scenario.arms[1], "p", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 9});
    scenario_fixture_set_effect(programme, LTV_LEVER_CHURN, 0.5, 5);
    programme->per_contact = 2;
    compare_ways(&so_far, "many rungs", &scenario, CUSTOMERS);
    assert_int_equal(so_far.plain, 1);
    assert_true(so_far.looked_at - so_far.kept_back >= RUNGS);
    ltv_scenario_free(&scenario);
}

/* A head of customer i at the rung of bill 2 of a constant hazard, or so many beside it: the
 * probability of a period. */
static double probability_beside(uint32_t i, uint32_t name, ltv_purpose purpose, int beside)
{
    uint64_t word = ltv_address_word((ltv_stream){.seed = 1, .draw = 3}, i, name, purpose, 0);
    return 1 - sqrt(((double)word * 0x1p-32 + beside) * 0x1p-32);
}

static void set_turning_programme(ltv_arm *arm)
{
    ltv_intervention *programme = scenario_fixture_add_intervention(
        arm, "p", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 3});
    scenario_fixture_set_effect(programme, LTV_LEVER_CHURN, 0.5, 5);
}

/* The rung of bill 2 is laid on and beside the heads of some customers. */
static void a_head_on_a_rung_passes(void **state)
{
    (void)state;
    met so_far = {0};
    for (uint32_t i = 0; i < 12; i++)
        for (int beside = -3; beside <= 3; beside++) {
            ltv_scenario scenario;
            char label[60];
            snprintf(label, sizeof label, "customer %u, %d beside his head", i, beside);
            scenario_fixture_init(
                &scenario, probability_beside(i, LTV_UNNAMED, LTV_PURPOSE_VOLUNTARY_CHURN, beside));
            set_turning_programme(&scenario.arms[0]);
            compare_ways(&so_far, label, &scenario, 20);
            ltv_scenario_free(&scenario);
        }
    assert_int_equal(so_far.sifted, 12 * 7);
    assert_true(so_far.kept_back < so_far.looked_at); /* some have passed */
}

/* --- add-ons --- */

static void so_does_one_on_a_rung_of_an_add_on(void **state)
{
    (void)state;
    met so_far = {0};
    uint32_t name = ltv_address_name("extra");
    for (uint32_t i = 0; i < 12; i++)
        for (int beside = -3; beside <= 3; beside++) {
            ltv_scenario scenario;
            char label[60];
            double attach = probability_beside(i, name, LTV_PURPOSE_ATTACH, beside);
            snprintf(label, sizeof label, "customer %u, %d beside his add-on's head", i, beside);
            scenario_fixture_init(&scenario, 0.01);
            ltv_add_on *extra = scenario_fixture_add_add_on(&scenario.arms[0], 7, attach, 0);
            snprintf(extra->name, sizeof extra->name, "extra");
            set_turning_programme(&scenario.arms[0]);
            compare_ways(&so_far, label, &scenario, 20);
            ltv_scenario_free(&scenario);
        }
    assert_int_equal(so_far.sifted, 12 * 7);
    assert_true(so_far.with_add_on > 12 * 7 * 10);
    assert_true(so_far.kept_back < so_far.looked_at);
}

/* Add-ons that stay, that go, that change churn, or on which a programme acts: of the first alone
 * is somebody kept back who takes them up. */
static void who_takes_up_an_add_on_comes_to_the_same(void **state)
{
    (void)state;
    enum { VARIANTS = 48 };
    met so_far = {0}, none = {0};
    for (uint32_t variant = 0; variant < VARIANTS; variant++) {
        ltv_scenario scenario;
        char label[40];
        bool goes = variant % 2 == 1, changes_churn = variant % 4 == 2, turns = variant % 8 == 7;
        snprintf(label, sizeof label, "variant %u", variant);
        scenario_fixture_init(&scenario, 0.02 + 0.002 * variant);
        ltv_arm *arm = &scenario.arms[0];
        arm->involuntary_churn = 0.01 * (variant % 3);
        scenario.horizon = 10 + variant;
        if (variant % 3 == 0)
            scenario_fixture_set_plans(arm, 2, (const double[]){10, 25},
                                       (const double[]){0.6, 0.4});
        if (variant % 4 > 1) {
            scenario_fixture_set_segments(arm, 2, (const double[]){0.4, 0.6},
                                          (const double[]){1, 1.7});
            arm->segments[1].times.on[LTV_LEVER_ATTACH] = 2;
        }
        scenario_fixture_add_add_on(arm, 4, 0.03, goes ? 0.1 : 0);
        scenario_fixture_add_add_on(arm, 6, 0.02, 0)->churn = changes_churn ? 0.7 : 1;
        for (uint32_t more = 0; more < variant / 6 + (variant % 5 == 0); more++)
            scenario_fixture_add_add_on(arm, 9 + more, 0.005, 0);
        set_turning_programme(arm);
        arm->interventions[0].reach = 0.5;
        if (turns)
            scenario_fixture_set_effect(&arm->interventions[0], LTV_LEVER_ATTACH, 3, 5);
        if (variant % 6 > 1)
            scenario_fixture_add_arm(&scenario, "none");
        if (variant % 6 > 3)
            take_out_programmes(&scenario.arms[0], 0);
        compare_ways(turns ? &none : &so_far, label, &scenario, 5 * LTV_BLOCK);
        ltv_scenario_free(&scenario);
    }
    print_message("%.3g %% of customers kept back, %.3g %% of all with an add-on\n",
                  100.0 * (double)so_far.kept_back / (double)so_far.looked_at,
                  100.0 * (double)so_far.with_add_on / (double)so_far.looked_at);
    assert_int_equal(so_far.sifted + none.sifted, VARIANTS);
    assert_true(so_far.with_add_on > so_far.looked_at / 20);
    assert_int_equal(none.with_add_on, 0);
}

/* Idle customers are told apart by up to 63 bits, and coins here come in pairs: 3 for a bill, 3 for
 * the one of a plain life, and one for each coin. An add-on takes 6 more. */
static void without_a_digit_for_it_an_add_on_passes(void **state)
{
    (void)state;
    static const int all[] = {62 - 3 - 3 - 6, 62 - 3 - 3 - 4, 62 - 3 - 3};
    for (int t = 0; t < 3; t++) {
        int coins = all[t];
        met so_far = {0};
        ltv_scenario scenario;
        char label[40];
        snprintf(label, sizeof label, "%d coins", coins);
        scenario_fixture_init(&scenario, 0.1);
        scenario.horizon = 6;
        scenario_fixture_add_add_on(&scenario.arms[0], 4, 0.2, 0);
        set_turning_programme(&scenario.arms[0]);
        for (int c = 0; c < coins; c += 2) {
            char name[20];
            snprintf(name, sizeof name, "mail %d", c);
            ltv_intervention *mail = scenario_fixture_add_intervention(
                &scenario.arms[0], name, (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 5});
            mail->reach = mail->uptake = 0.999;
            mail->per_contact = 1;
        }
        compare_ways(&so_far, label, &scenario, CUSTOMERS);
        assert_int_equal(so_far.sifted, 1);
        assert_true((so_far.with_add_on > 0) == (t == 0));
        ltv_scenario_free(&scenario);
    }
}

/* --- where it rests --- */

/* Lots of a few customers, nearly each of a class of his own. */
static void it_rests_where_it_does_not_pay(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program_set set = {0};
    ltv_workroom room = {0};
    ltv_tally tally = {0};
    scenario_fixture_init(&scenario, 0.03);
    ltv_intervention *programme = scenario_fixture_add_intervention(
        &scenario.arms[0], "p", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 1});
    programme->reach = 0.5;
    programme->per_contact = 1;
    prepare(&scenario, &set, &room, &tally);
    int sifted = 0;
    for (int lot = 0; lot < 60; lot++) {
        sifted += ltv_sieve_pays(&room.sieve);
        ltv_workroom_simulate(&room, &set, (ltv_stream){.draw = (uint32_t)lot}, 0, 30, &tally);
        ltv_workroom_finish(&room, &set, &tally);
    }
    assert_int_equal(sifted, 3); /* lots 0, 17 and 50 */
    assert_int_equal(tally.arms[0].cells->of[LTV_FIGURE_LTV].n, 60 * 30);
    ltv_tally_free(&tally);
    ltv_workroom_free(&room);
    ltv_program_set_free(&set);
    ltv_scenario_free(&scenario);
}

/* Each customer who takes up an add-on is of a class of his own, while idle ones are many of each:
 * from the second lot on only these are kept back. */
static void add_ons_rest_where_they_do_not_pay(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program_set set = {0};
    ltv_workroom room = {0};
    ltv_tally tally = {0};
    scenario_fixture_init(&scenario, 0.03);
    scenario.horizon = 120;
    scenario_fixture_add_add_on(&scenario.arms[0], 4, 0.01, 0);
    set_turning_programme(&scenario.arms[0]);
    prepare(&scenario, &set, &room, &tally);
    int sifted = 0, with_add_on = 0;
    for (int lot = 0; lot < 60; lot++) {
        ltv_workroom_simulate(&room, &set, (ltv_stream){.draw = (uint32_t)lot}, 0, 2000, &tally);
        sifted += room.sieve.idle.n_customers > 0;
        with_add_on += room.sieve.with_add_on.n_customers > 0;
        ltv_workroom_finish(&room, &set, &tally);
    }
    assert_int_equal(sifted, 60);
    assert_int_equal(with_add_on, 3); /* lots 0, 17 and 50 */
    /* And where they do, they go on. */
    ltv_workroom_simulate(&room, &set, (ltv_stream){.draw = 60}, 0, 200000, &tally);
    for (int lot = 0; lot < 70; lot++)
        ltv_workroom_finish(&room, &set, &tally);
    for (int lot = 0; lot < 2; lot++) {
        ltv_workroom_simulate(&room, &set, (ltv_stream){.draw = 61}, 0, 200000, &tally);
        assert_true(room.sieve.with_add_on.n_customers > 2 * room.sieve.with_add_on.n);
        ltv_workroom_finish(&room, &set, &tally);
    }
    ltv_tally_free(&tally);
    ltv_workroom_free(&room);
    ltv_program_set_free(&set);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_come_to_the_same_as_when_each_of_them_lives),
        cmocka_unit_test(the_sieve_is_full_again_and_again),
        cmocka_unit_test(heads_on_many_rungs_pass),
        cmocka_unit_test(a_head_on_a_rung_passes),
        cmocka_unit_test(so_does_one_on_a_rung_of_an_add_on),
        cmocka_unit_test(who_takes_up_an_add_on_comes_to_the_same),
        cmocka_unit_test(without_a_digit_for_it_an_add_on_passes),
        cmocka_unit_test(it_rests_where_it_does_not_pay),
        cmocka_unit_test(add_ons_rest_where_they_do_not_pay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
