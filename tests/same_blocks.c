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
           a->recurring == b->recurring && a->revenue == b->revenue && a->margin == b->margin &&
           a->forgone == b->forgone && a->service == b->service;
}

static bool same_cost(const ltv_cost *a, const ltv_cost *b)
{
    return a->from == b->from && a->to == b->to && a->amount == b->amount;
}

static bool same_order(const ltv_order *a, const ltv_order *b)
{
    return a->bill == b->bill && a->value == b->value;
}

#define SAME_LIST(label, list, same)                                                               \
    do {                                                                                           \
        assert_that(label, a->list.n == b->list.n);                                                \
        SAME_COLUMN(label, a->n, a->list.end, b->list.end);                                        \
        for (size_t item = 0; item < a->list.n; item++)                                            \
            assert_that(label, same(&a->list.items[item], &b->list.items[item]));                  \
    } while (0)

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
    SAME_LIST(label, stretches, same_stretch);
    SAME_LIST(label, costs, same_cost);
    SAME_LIST(label, orders, same_order);
}
