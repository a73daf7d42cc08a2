/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"

/* Courses: how voluntary churn goes on while nothing but programmes changes it. All of one kind and
 * plan whom the same programmes win follow the same one. */

/* Programmes that make a difference to courses, bit k. */
static uint64_t turning(const ltv_program *program)
{
    uint64_t turn = 0;
    for (size_t k = 0; k < program->n_interventions; k++)
        if (program->interventions[k].churn != NULL && program->interventions[k].held_for > 0)
            turn |= ltv_bit(k);
    return turn;
}

/* Courses that differ in nothing but whom programmes win have numbers one after the other, as many
 * as these; the first of them is that of those whom none wins. */
static size_t courses_of_plan(const ltv_program *program)
{
    return (size_t)1 << __builtin_popcountll(turning(program));
}

/* A period's cost ends when nobody looks. */
static bool pays_by_the_period(const ltv_program *program)
{
    for (size_t k = 0; k < program->n_interventions; k++)
        if (program->interventions[k].period_cost > 0)
            return true;
    return false;
}

static bool draws_frailties(const ltv_program *program)
{
    for (size_t k = 0; k < program->n_kinds; k++)
        if (program->kinds[k].draws_z)
            return true;
    return false;
}

bool ltv_crowd_foresees(const ltv_program *program)
{
    if (!ltv_crowd_reads_heads(program) || program->spend_follows_churn ||
        pays_by_the_period(program) || draws_frailties(program) ||
        __builtin_popcountll(turning(program)) > LTV_COURSE_PROGRAMMES)
        return false;
    size_t courses = program->n_kinds * program->n_plans * courses_of_plan(program);
    return courses <= LTV_CROWD_COURSES && courses * program->horizon <= LTV_CROWD_RUNGS;
}

/* --- making them --- */

/* Programmes as bits of a mask, from a number that has a bit for each of the mask's. */
static uint64_t picked_from(uint64_t mask, size_t number)
{
    uint64_t bits = 0;
    for (; mask != 0; mask &= mask - 1, number >>= 1)
        bits |= number & 1 ? mask & -mask : 0;
    return bits;
}

/* Programmes that have won somebody, and the bills with which they did so last. */
typedef struct {
    uint64_t won, running;
    size_t next_appointment;
    uint32_t began[LTV_MAX_INTERVENTIONS];
} winners;

static void go_on_to(winners *of, const ltv_program *program, uint32_t bill)
{
    size_t *next = &of->next_appointment;
    for (; *next < program->n_appointments && program->appointments[*next].bill <= bill; ++*next) {
        uint32_t k = program->appointments[*next].intervention;
        of->began[k] = program->appointments[*next].bill;
        of->running |= of->won & ltv_bit(k);
    }
}

/* As ltv_crowd_times. */
static double times_at(const winners *of, const ltv_program *program, double steady, uint32_t bill)
{
    for (uint64_t left = of->running; left != 0; left &= left - 1) {
        size_t k = ltv_first_of(left);
        steady *= program->interventions[k].churn[bill - of->began[k]];
    }
    return steady;
}

/* What of a budget has been used up at a bill since a step was taken; without a multiplier nothing,
 * however large the hazard. */
static double used_up(const ltv_course_step *step, const double *hazard, uint32_t bill)
{
    return step->times > 0 ? step->times * (hazard[bill] - hazard[step->from]) : 0;
}

/* Hazard by bill `u`, since the step, that a ladder is made of. */
static double reached_by(const ltv_course_step *step, const double *hazard, uint32_t u)
{
    bool certain = step->times > 0 && hazard[u] - hazard[step->from] >= LTV_CERTAIN;
    return certain ? INFINITY : used_up(step, hazard, u);
}

/* Its steps, and in the crowd's room the cumulative hazards of its ladder. */
static void follow(ltv_crowd *crowd, ltv_course *course, const ltv_kind *kind, double steady,
                   uint64_t won)
{
    const ltv_program *program = crowd->program;
    const double *hazard = crowd->hazards.cumulative + kind->segment * crowd->stride;
    bool frail = !ltv_frailty_is_constant(&kind->frailty);
    winners all = {.won = won};
    double before = 0, highest = 0;
    course->n_steps = 0;
    for (uint32_t u = 0; u < program->horizon; u++) {
        go_on_to(&all, program, u);
        double times = times_at(&all, program, steady, u);
        ltv_course_step *last = &course->steps[course->n_steps - (course->n_steps > 0)];
        if (course->n_steps == 0 || times != last->times) {
            before += course->n_steps > 0 ? used_up(last, hazard, u) : 0;
            last = &course->steps[course->n_steps++];
            *last = (ltv_course_step){.from = u, .times = times};
        }
        double reached = before + reached_by(last, hazard, u + 1);
        reached = frail ? ltv_frailty_marginal_hazard(&kind->frailty, reached) : reached;
        highest = reached > highest ? reached : highest;
        crowd->course[u + 1] = highest;
    }
    crowd->course[program->horizon + 1] = INFINITY;
}

/* Its ladder may be the same as in a draw before. Without memory for one no head says anything. */
static void make_course(ltv_crowd *crowd, size_t number)
{
    static const uint16_t nothing[LTV_LADDER_GUIDE];
    const ltv_program *program = crowd->program;
    size_t joined = number / courses_of_plan(program);
    ltv_course *course = &crowd->courses[number];
    course->steps = crowd->course_steps + number * program->horizon;
    follow(crowd, course, &program->kinds[joined / program->n_plans], crowd->first_churn[joined],
           picked_from(turning(program), number % courses_of_plan(program)));
    bool speaks = ltv_ladder_set(&course->ladder, crowd->course, program->horizon + 1);
    crowd->course_guide[number] = speaks ? course->ladder.guide : nothing;
    crowd->courses_made |= ltv_bit(number);
}

void ltv_crowd_make_courses(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint64_t asked = 0;
    for (uint32_t j = 0; j < n; j++)
        asked |= ltv_bit(crowd->course_of[of[j]]);
    for (asked &= ~crowd->courses_made; asked != 0; asked &= asked - 1)
        make_course(crowd, (size_t)__builtin_ctzll(asked));
}

/* --- who follows which --- */

void ltv_crowd_choose_courses(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    uint32_t width = (uint32_t)courses_of_plan(program), n = crowd->block->n;
    uint32_t of_kind = (uint32_t)program->n_plans * width;
    for (uint32_t i = 0; i < n; i++)
        crowd->course_of[i] = (uint16_t)(crowd->plan[i] * width);
    for (uint32_t i = 0; program->n_kinds > 1 && i < n; i++)
        crowd->course_of[i] =
            (uint16_t)(crowd->course_of[i] + (crowd->kind[i] - program->kinds) * of_kind);
}

/* Lets those turn to another course whom programme k wins, which has this bit in their numbers. */
static void turn(ltv_crowd *crowd, size_t k, uint16_t bit, uint16_t turns[LTV_BLOCK])
{
    uint32_t plans = crowd->program->definitions[k].plans;
    uint32_t n = crowd->block->n;
    uint8_t wins[LTV_BLOCK];
    ltv_crowd_judge_uptake(crowd, k, wins);
    for (uint32_t i = 0; i < n; i++)
        wins[i] &= (uint8_t)(crowd->audience[i] >> k & 1);
    for (uint32_t i = 0; plans != UINT32_MAX && i < n; i++)
        wins[i] &= (uint8_t)(plans >> crowd->plan[i] & 1);
    for (uint32_t i = 0; i < n; i++)
        turns[i] |= (uint16_t)(wins[i] * bit);
}

uint32_t ltv_crowd_turn_courses(ltv_crowd *crowd, uint32_t turned[LTV_BLOCK])
{
    uint16_t turns[LTV_BLOCK] = {0}, bit = 1;
    uint32_t n_turned = 0;
    for (uint64_t left = turning(crowd->program); left != 0; left &= left - 1) {
        turn(crowd, ltv_first_of(left), bit, turns);
        bit = (uint16_t)(bit << 1);
    }
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        crowd->course_of[i] |= turns[i];
        turned[n_turned] = i;
        n_turned += turns[i] != 0;
    }
    return n_turned;
}

double ltv_crowd_steady_churn(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->first_churn[crowd->course_of[i] / courses_of_plan(crowd->program)];
}

/* --- a clock that follows one --- */

ltv_stand ltv_course_stand(const ltv_course *course, const double *hazard, double budget,
                           uint32_t bill)
{
    ltv_stand stand = {course->steps[0], budget};
    for (size_t s = 1; s < course->n_steps && course->steps[s].from < bill; s++) {
        stand.remaining -= used_up(&stand.step, hazard, course->steps[s].from);
        stand.step = course->steps[s];
    }
    return stand;
}

uint32_t ltv_course_fires(const ltv_course *course, const double *hazard, double budget,
                          uint32_t horizon)
{
    ltv_stand stand = {course->steps[0], budget};
    for (uint32_t u = 0, s = 1; u < horizon; u++) {
        if (s < course->n_steps && course->steps[s].from == u) {
            stand.remaining -= used_up(&stand.step, hazard, u);
            stand.step = course->steps[s++];
        }
        if (stand.step.times > 0 &&
            ltv_clock_has_fired(stand.step.times, hazard[u + 1] - hazard[stand.step.from],
                                stand.remaining))
            return u;
    }
    return LTV_NEVER;
}
