/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/vector/vector.h"

/* Paths (sim/kernel/paths.h) and courses: all of one kind and plan on a path follow the same
 * course, which has a ladder. */

uint64_t ltv_crowd_turning(const ltv_program *program)
{
    uint64_t turn = 0;
    for (size_t k = 0; k < program->n_interventions; k++)
        if (program->definitions[k].n_effects > 0 && program->interventions[k].held_for > 0)
            turn |= ltv_bit(k);
    return turn;
}

size_t ltv_crowd_n_paths(const ltv_program *program)
{
    return (size_t)1 << __builtin_popcountll(ltv_crowd_turning(program));
}

/* What happens between two changes would not follow from whom programmes win: whom a programme is
 * for depends on his plan. */
static bool is_unforeseeable(const ltv_program *program, size_t k)
{
    uint64_t all = ((uint64_t)1 << program->n_plans) - 1;
    return (ltv_crowd_turning(program) >> k & 1) && (program->definitions[k].plans & all) != all;
}

static bool some_are_unforeseeable(const ltv_program *program)
{
    for (size_t k = 0; k < program->n_interventions; k++)
        if (is_unforeseeable(program, k))
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

bool ltv_crowd_has_paths(const ltv_program *program)
{
    if (!ltv_crowd_all_come_by_themselves(program) || program->spend_follows_churn ||
        some_are_unforeseeable(program) || draws_frailties(program) ||
        __builtin_popcountll(ltv_crowd_turning(program)) > LTV_COURSE_PROGRAMMES)
        return false;
    size_t courses = program->n_kinds * program->n_plans * ltv_crowd_n_paths(program);
    return courses <= LTV_CROWD_COURSES && courses * program->horizon <= LTV_CROWD_RUNGS;
}

bool ltv_crowd_foresees(const ltv_program *program)
{
    return ltv_crowd_has_ladders(program) && ltv_crowd_has_paths(program);
}

/* --- paths --- */

/* Programmes as bits of a mask, from a number that has a bit for each of the mask's. */
static uint64_t picked_from(uint64_t mask, size_t number)
{
    uint64_t bits = 0;
    for (; mask != 0; mask &= mask - 1, number >>= 1)
        bits |= number & 1 ? mask & -mask : 0;
    return bits;
}

/* Programmes that have won somebody and act on a lever, and the bills with which they began to do
 * so last. */
typedef struct {
    uint64_t acting, running;
    size_t next_appointment;
    uint32_t began[LTV_MAX_INTERVENTIONS];
} winners;

static void go_on_to(winners *of, const ltv_program *program, uint32_t bill)
{
    size_t *next = &of->next_appointment;
    for (; *next < program->n_appointments && program->appointments[*next].bill <= bill; ++*next) {
        uint32_t k = program->appointments[*next].intervention;
        of->began[k] = program->appointments[*next].bill;
        of->running |= of->acting & ltv_bit(k);
    }
}

/* Those of some programmes that multiply a lever by something. */
static uint64_t acting_on(const ltv_program *program, ltv_lever lever, uint64_t programmes)
{
    uint64_t acting = 0;
    for (; programmes != 0; programmes &= programmes - 1) {
        const double *multiplier = ltv_crowd_multiplier(program, ltv_first_of(programmes), lever);
        for (uint32_t u = 0; multiplier != NULL && u <= program->horizon; u++)
            acting |= multiplier[u] != 1 ? programmes & -programmes : 0;
    }
    return acting;
}

/* What each of them multiplies it by, in their order, as one step more. */
static void find_factors(ltv_path *path, const winners *of, const ltv_program *program,
                         ltv_lever lever, uint32_t bill)
{
    double *factor = path->factor + path->n_steps * path->n_factors;
    for (uint64_t left = of->acting; left != 0; left &= left - 1) {
        size_t k = ltv_first_of(left);
        bool runs = of->running >> k & 1;
        *factor++ = runs ? ltv_crowd_multiplier(program, k, lever)[bill - of->began[k]] : 1;
    }
}

/* Whether the step after the last one is like it. */
static bool stays(const ltv_path *path)
{
    const double *here = path->factor + path->n_steps * path->n_factors;
    return memcmp(here, here - path->n_factors, path->n_factors * sizeof *here) == 0;
}

static void follow_path(ltv_path *path, const ltv_program *program, ltv_lever lever,
                        uint64_t acting)
{
    winners all = {.acting = acting};
    path->n_steps = 0;
    path->n_factors = (size_t)__builtin_popcountll(all.acting);
    for (uint32_t u = 0; u < program->horizon; u++) {
        go_on_to(&all, program, u);
        find_factors(path, &all, program, lever, u);
        if (u == 0 || !stays(path))
            path->from[path->n_steps++] = u;
        path->at[u] = (uint16_t)(path->n_steps - 1);
    }
}

void ltv_crowd_prepare_paths(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    crowd->n_paths = (uint32_t)ltv_crowd_n_paths(program);
    uint64_t turning = ltv_crowd_turning(program);
    for (ltv_lever lever = 0; lever < LTV_LEVERS; lever++) {
        uint64_t acting = acting_on(program, lever, turning);
        for (size_t p = 0; p < crowd->n_paths; p++) {
            size_t first = lever * crowd->path_bills + p * program->horizon;
            ltv_path *path = &crowd->paths[lever][p];
            *path = (ltv_path){.from = crowd->path_from + first,
                               .at = crowd->path_at + first,
                               .factor = crowd->path_factors + first * crowd->most_turning};
            follow_path(path, program, lever, acting & picked_from(turning, p));
        }
    }
}

/* --- courses --- */

void ltv_crowd_follow_path(ltv_crowd *crowd, const ltv_path *path, const double *hazard,
                           double steady)
{
    uint32_t horizon = crowd->program->horizon;
    ltv_stand stand = ltv_path_begin(path, steady, 0);
    double highest = 0;
    for (uint32_t u = 0, s = 1; u < horizon; u++) {
        if (s < path->n_steps && path->from[s] == u)
            ltv_stand_turn(&stand, hazard, ltv_path_times(path, s++, steady), u);
        double reached = ltv_stand_used_up(&stand, hazard, u + 1) - stand.remaining;
        if (stand.times > 0 && hazard[u + 1] - hazard[stand.anchor] >= LTV_CERTAIN)
            reached = INFINITY;
        highest = reached > highest ? reached : highest;
        crowd->rung_hazards[u + 1] = highest;
    }
    crowd->rung_hazards[horizon + 1] = INFINITY;
}

/* A frailty out of what a path came to. */
static void integrate(ltv_crowd *crowd, const ltv_frailty *frailty)
{
    double highest = 0;
    for (uint32_t u = 1; !ltv_frailty_is_constant(frailty) && u <= crowd->program->horizon; u++) {
        double reached = ltv_frailty_marginal_hazard(frailty, crowd->rung_hazards[u]);
        highest = reached > highest ? reached : highest;
        crowd->rung_hazards[u] = highest;
    }
}

/* Its ladder may be the same as in a draw before. Without memory for one no head says anything. */
static void make_course(ltv_crowd *crowd, size_t number)
{
    const ltv_program *program = crowd->program;
    size_t joined = number / crowd->n_paths;
    const ltv_kind *kind = &program->kinds[joined / program->n_plans];
    ltv_ladder *ladder = &crowd->courses[number];
    ltv_crowd_follow_path(crowd, &crowd->paths[LTV_LEVER_CHURN][number % crowd->n_paths],
                          crowd->hazards.cumulative + kind->segment * crowd->stride,
                          crowd->first_churn[joined]);
    integrate(crowd, &kind->frailty);
    bool speaks = ltv_ladder_set(ladder, crowd->rung_hazards, program->horizon + 1);
    crowd->course_guide[number] = speaks ? ladder->guide : ltv_ladder_silent.guide;
    crowd->course_made[number] = true;
    crowd->n_courses_made++;
}

void ltv_crowd_make_courses(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    size_t all = crowd->program->n_kinds * crowd->program->n_plans * crowd->n_paths;
    for (uint32_t j = 0; crowd->n_courses_made < all && j < n; j++)
        if (!crowd->course_made[crowd->course_of[of[j]]])
            make_course(crowd, crowd->course_of[of[j]]);
}

void ltv_crowd_forget_courses(ltv_crowd *crowd)
{
    crowd->n_courses_made = 0;
    memset(crowd->course_made, 0, sizeof crowd->course_made);
}

/* --- who follows which --- */

void ltv_crowd_choose_courses(ltv_crowd *crowd)
{
    uint32_t n = crowd->block->n, n_plans = (uint32_t)crowd->program->n_plans;
    for (uint32_t i = 0; i < n; i++)
        crowd->course_of[i] = (uint16_t)(crowd->plan[i] * crowd->n_paths);
    for (uint32_t i = 0; crowd->program->n_kinds > 1 && i < n; i++)
        crowd->course_of[i] =
            (uint16_t)(crowd->course_of[i] +
                       (crowd->kind[i] - crowd->program->kinds) * n_plans * crowd->n_paths);
}

/* Lets those turn to another path whom programme k wins, which has this bit in their numbers. */
static void turn(ltv_crowd *crowd, size_t k, uint16_t bit, uint16_t turns[LTV_BLOCK])
{
    uint32_t n = crowd->block->n;
    uint8_t wins[LTV_BLOCK];
    ltv_crowd_judge_uptake(crowd, k, wins);
    for (uint32_t i = 0; i < n; i++)
        wins[i] &= (uint8_t)(crowd->audience[i] >> k & 1);
    for (uint32_t i = 0; i < n; i++)
        turns[i] |= (uint16_t)(wins[i] * bit);
}

/* Others than the members keep theirs. */
static void leave_out_others(const ltv_crowd *crowd, uint16_t turns[LTV_BLOCK])
{
    uint16_t is_member[LTV_BLOCK] = {0}; /* all bits, or none */
    for (uint32_t m = 0; m < crowd->n_members; m++)
        is_member[crowd->member[m]] = UINT16_MAX;
    for (uint32_t i = 0; i < crowd->block->n; i++)
        turns[i] &= is_member[i];
}

uint32_t ltv_crowd_turn_courses(ltv_crowd *crowd, uint32_t turned[LTV_BLOCK])
{
    uint16_t turns[LTV_BLOCK] = {0}, bit = 1;
    uint8_t is_turned[LTV_BLOCK];
    uint32_t n = crowd->block->n;
    for (uint64_t left = ltv_crowd_turning(crowd->program); left != 0; left &= left - 1) {
        turn(crowd, ltv_first_of(left), bit, turns);
        bit = (uint16_t)(bit << 1);
    }
    if (crowd->n_members < n)
        leave_out_others(crowd, turns);
    for (uint32_t i = 0; i < n; i++) {
        crowd->course_of[i] |= turns[i];
        is_turned[i] = turns[i] != 0;
    }
    return ltv_vector_in_use->find(is_turned, n, turned);
}
