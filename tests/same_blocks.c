/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "same_blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"

#define SAME_COLUMN(label, n, x, y) assert_that(label, memcmp(x, y, (n) * sizeof *(x)) == 0)
/* Field by field: there are gaps between them. */
static bool same_stretch(const ltv_stretch *a, const ltv_stretch *b)
{
    return a->from == b->from && a->to == b->to && a->add_ons == b->add_ons && a->plan == b->plan &&
           a->kind == b->kind && a->weight == b->weight && a->recurring == b->recurring &&
           a->revenue == b->revenue && a->margin == b->margin && a->forgone == b->forgone &&
           a->service == b->service;
}

static bool same_cost(const ltv_cost *a, const ltv_cost *b)
{
    return a->from == b->from && a->to == b->to && a->amount == b->amount;
}

static bool same_order(const ltv_order *a, const ltv_order *b)
{
    return a->bill == b->bill && a->value == b->value;
}

/* Items of customer i in a list, and where they begin. */
#define ITEMS(block, list, i) ((block)->list.end[i] - FIRST(block, list, i))
#define FIRST(block, list, i) ((i) > 0 ? (block)->list.end[(i)-1] : 0)

#define SAME_ITEMS(label, list, same, i)                                                           \
    do {                                                                                           \
        assert_that(label, ITEMS(a, list, i) == ITEMS(b, list, i));                                \
        for (size_t item = 0; item < ITEMS(a, list, i); item++)                                    \
            assert_that(label, same(&a->list.items[FIRST(a, list, i) + item],                      \
                                    &b->list.items[FIRST(b, list, i) + item]));                    \
    } while (0)

static size_t count_costs(const ltv_block *block, uint32_t i, const ltv_cost *like)
{
    size_t n = 0;
    for (size_t c = FIRST(block, costs, i); c < block->costs.end[i]; c++)
        n += same_cost(&block->costs.items[c], like);
    return n;
}

/* In any order: that of a period is known when it is over, or when it is looked for. */
static void assert_same_costs(const char *label, const ltv_block *a, const ltv_block *b, uint32_t i)
{
    assert_that(label, ITEMS(a, costs, i) == ITEMS(b, costs, i));
    for (size_t c = FIRST(a, costs, i); c < a->costs.end[i]; c++) {
        const ltv_cost *cost = &a->costs.items[c];
        assert_that(label, count_costs(a, i, cost) == count_costs(b, i, cost));
    }
}

/* Everybody of a block, counted. */
static ltv_counted count_all(const ltv_block *block, const ltv_program *program)
{
    ltv_counted all;
    assert_true(ltv_counted_init(&all, program));
    size_t n_holders = ltv_counted_rows(&all) * all.stride, n_costs = all.n_cells * all.stride;
    if (all.n_components == 0)
        return all;
    memcpy(all.holders, block->counted.holders, n_holders * sizeof *all.holders);
    memcpy(all.costs, block->counted.costs, n_costs * sizeof *all.costs);
    for (uint32_t i = 0; i < block->n; i++) {
        size_t n, cell = block->channel[i] * program->n_segments + block->segment[i];
        const ltv_stretch *stretch = ltv_block_stretches(block, i, &n);
        for (size_t s = 0; s < n; s++, stretch++) {
            uint32_t held = 1u << stretch->plan | stretch->add_ons << program->n_plans;
            for (size_t c = 0; c < all.n_components; c++) {
                int32_t *row = all.holders + (cell * all.n_components + c) * all.stride;
                row[stretch->from] += held >> c & 1;
                row[stretch->to] -= held >> c & 1;
            }
        }
        for (size_t c = FIRST(block, costs, i); c < block->costs.end[i]; c++)
            ltv_counted_add_cost(&all, cell, block->costs.items[c].from, block->costs.items[c].to,
                                 block->costs.items[c].amount);
    }
    return all;
}

static void assert_same_counts(const char *label, const ltv_block *a, const ltv_block *b,
                               const ltv_program *program)
{
    ltv_counted x = count_all(a, program), y = count_all(b, program);
    size_t n_holders = ltv_counted_rows(&x) * x.stride, n_costs = x.n_cells * x.stride;
    if (x.n_components > 0) {
        SAME_COLUMN(label, n_holders, x.holders, y.holders);
        SAME_COLUMN(label, n_costs, x.costs, y.costs);
    }
    ltv_counted_free(&x);
    ltv_counted_free(&y);
}

/* The stretches of one who is counted elsewhere: without a gap, at the prices of all. */
static void assert_countable(const char *label, const ltv_block *listed, uint32_t i,
                             uint32_t pays_before, const ltv_program *program)
{
    size_t n;
    const ltv_stretch *stretch = ltv_block_stretches(listed, i, &n);
    const ltv_kind *kind =
        &program->kinds[program->kind_of[listed->channel[i] * program->n_segments +
                                         listed->segment[i]]];
    assert_that(label, n > 0 && stretch[n - 1].to == pays_before);
    for (size_t s = 0; s < n; s++, stretch++) {
        ltv_money recurring =
            ltv_bundle_sum(program, kind->recurring, 1, stretch->plan, stretch->add_ons);
        ltv_money margin =
            ltv_bundle_sum(program, kind->margin, 1, stretch->plan, stretch->add_ons);
        assert_that(label, s == 0 || stretch->from == stretch[-1].to);
        assert_that(label, stretch->recurring == recurring && stretch->revenue == recurring &&
                               stretch->margin == margin && stretch->forgone == 0 &&
                               stretch->service == kind->service);
    }
}

void assert_same_blocks(const char *label, const ltv_block *a, const ltv_block *b,
                        const ltv_program *program)
{
    assert_int_equal(a->n, b->n);
    assert_that(label, a->overflow == b->overflow && a->out_of_memory == b->out_of_memory);
    SAME_COLUMN(label, a->n, a->channel, b->channel);
    SAME_COLUMN(label, a->n, a->segment, b->segment);
    SAME_COLUMN(label, a->n, a->cac, b->cac);
    SAME_COLUMN(label, a->n, a->bills, b->bills);
    SAME_COLUMN(label, a->n, a->spend, b->spend);
    SAME_COLUMN(label, a->n, a->ltv, b->ltv);
    SAME_COLUMN(label, a->n, a->programme_cost, b->programme_cost);
    SAME_COLUMN(label, a->n, a->saves, b->saves);
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        SAME_COLUMN(label, a->n, a->ltv_by[k], b->ltv_by[k]);
    for (uint32_t i = 0; program->has_plain_ltv && i < a->n; i++)
        assert_that(label, a->plain_ltv[i] == b->plain_ltv[i]);
    for (size_t k = 0; k < program->n_interventions; k++) {
        assert_that(label, a->contacts[k] == b->contacts[k]);
        assert_that(label, a->participants[k] == b->participants[k]);
        SAME_COLUMN(label, a->n, a->first_contact + k * LTV_BLOCK,
                    b->first_contact + k * LTV_BLOCK);
    }
    SAME_COLUMN(label, a->n, a->first_recurring, b->first_recurring);
    SAME_COLUMN(label, a->n, a->first_revenue, b->first_revenue);
    SAME_COLUMN(label, a->n, a->year_recurring, b->year_recurring);
    SAME_COLUMN(label, a->n, a->pays_one_year_on, b->pays_one_year_on);
    assert_same_counts(label, a, b, program);
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t of_a = a->pays_before[i], of_b = b->pays_before[i];
        SAME_ITEMS(label, orders, same_order, i);
        if (of_a == 0 && of_b == 0) {
            SAME_ITEMS(label, stretches, same_stretch, i);
            assert_same_costs(label, a, b, i);
        } else if (of_a > 0 && of_b > 0) {
            assert_that(label, of_a == of_b);
        } else {
            assert_countable(label, of_a > 0 ? b : a, i, of_a > 0 ? of_a : of_b, program);
        }
    }
}
