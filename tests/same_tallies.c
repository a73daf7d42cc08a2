/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "same_tallies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"

static bool same_moments(const ltv_moments *a, const ltv_moments *b)
{
    return a->n == b->n && a->sum == b->sum && a->squares_low == b->squares_low &&
           a->squares_high == b->squares_high;
}

static bool same_sketch(const ltv_sketch *a, const ltv_sketch *b)
{
    static const ltv_sketch_counter none[LTV_SKETCH_ROW];
    for (int negative = 0; negative < 2; negative++)
        for (int row = 0; row < LTV_SKETCH_ROWS; row++) {
            const ltv_sketch_counter *x = a->rows[negative][row], *y = b->rows[negative][row];
            if (memcmp(x != NULL ? x : none, y != NULL ? y : none, sizeof none) != 0)
                return false;
        }
    return true;
}

static void assert_same_flows(const char *label, const ltv_flow_tally *a, const ltv_flow_tally *b,
                              uint32_t horizon)
{
    for (int f = 0; f < LTV_FLOWS; f++) {
        assert_that(label, (a->change[f] == NULL) == (b->change[f] == NULL));
        for (uint32_t u = 0; a->change[f] != NULL && u <= horizon + 1; u++)
            assert_that(label, a->change[f][u] == b->change[f][u]);
    }
}

static void assert_same_holdings(const char *label, const ltv_arm_tally *a, const ltv_arm_tally *b)
{
    size_t n = a->n_components * ((size_t)a->horizon + 2);
    for (size_t h = 0; a->holders != NULL && h < n; h++) {
        assert_that(label, a->holders[h] == b->holders[h] && a->recurring[h] == b->recurring[h]);
    }
}

void assert_same_arm_tallies(const char *label, const ltv_arm_tally *a, const ltv_arm_tally *b)
{
    for (size_t c = 0; c < a->n_channels * a->n_segments; c++) {
        const ltv_cell_tally *x = &a->cells[c], *y = &b->cells[c];
        for (int f = 0; f < LTV_FIGURES; f++)
            assert_that(label, same_moments(&x->of[f], &y->of[f]));
        assert_that(label, x->at_least_cac == y->at_least_cac && x->cac == y->cac);
        assert_that(label, x->at_least_3_cac == y->at_least_3_cac);
    }
    for (size_t s = 0; s < a->n_segments; s++) {
        const ltv_spread_tally *x = &a->by_segment[s], *y = &b->by_segment[s];
        assert_that(label, same_sketch(&x->ltv, &y->ltv) && same_sketch(&x->net_ltv, &y->net_ltv));
        assert_that(label, x->least == y->least && x->most == y->most);
        assert_same_flows(label, &a->segment_flows[s], &b->segment_flows[s], a->horizon);
    }
    for (size_t c = 0; a->channel_flows != NULL && c < a->n_channels; c++)
        assert_same_flows(label, &a->channel_flows[c], &b->channel_flows[c], a->horizon);
    assert_same_holdings(label, a, b);
    for (size_t k = 0; k < a->n_interventions; k++)
        assert_that(label,
                    a->contacts[k] == b->contacts[k] && a->participants[k] == b->participants[k]);
}

void assert_same_contrast_tallies(const char *label, const ltv_contrast_tally *a,
                                  const ltv_contrast_tally *b)
{
    for (size_t c = 0; c < a->n_cells; c++)
        for (int delta = 0; delta < LTV_DELTAS; delta++)
            assert_that(label, same_moments(&a->cells[c][delta], &b->cells[c][delta]));
    assert_that(label, same_sketch(&a->distribution, &b->distribution));
    assert_that(label, a->least == b->least && a->most == b->most);
    assert_that(label, same_moments(&a->saved, &b->saved));
    assert_that(label, same_moments(&a->pays_one_year_on, &b->pays_one_year_on));
    assert_that(label, same_moments(&a->saves, &b->saves));
    assert_that(label, a->followed == b->followed && a->not_followed == b->not_followed);
}
