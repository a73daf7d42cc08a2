/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/luck.h"

#include <math.h>

enum { GROUP_CLOCKS = 0, GROUP_MEMBERSHIP = 1, GROUP_LEVELS = 2 };

/* The lanes below are those of the purposes' numbers. */
_Static_assert(LTV_PURPOSE_VOLUNTARY_CHURN / LTV_LANES == GROUP_CLOCKS &&
                   LTV_PURPOSE_INVOLUNTARY_CHURN / LTV_LANES == GROUP_CLOCKS &&
                   LTV_PURPOSE_CHANNEL / LTV_LANES == GROUP_MEMBERSHIP &&
                   LTV_PURPOSE_SEGMENT / LTV_LANES == GROUP_MEMBERSHIP &&
                   LTV_PURPOSE_STARTING_PLAN / LTV_LANES == GROUP_MEMBERSHIP &&
                   LTV_PURPOSE_CURED / LTV_LANES == GROUP_MEMBERSHIP &&
                   LTV_PURPOSE_FRAILTY / LTV_LANES == GROUP_LEVELS &&
                   LTV_PURPOSE_SPEND / LTV_LANES == GROUP_LEVELS &&
                   LTV_PURPOSE_BETA_FRAILTY / LTV_LANES == GROUP_LEVELS &&
                   LTV_PURPOSE_ACQUISITION / LTV_LANES == GROUP_LEVELS,
               "purposes that are filled together share a group");

/* The uniform number of one purpose of customer first + i, its word read already. */
static ltv_uniform refined(const ltv_luck *luck, uint32_t i, const ltv_words *words,
                           ltv_purpose purpose)
{
    uint64_t word = words->lane[purpose % LTV_LANES];
    uint32_t deep = 0;
    if (__builtin_expect(ltv_word_needs_deep(word), 0))
        deep =
            ltv_address_deep_word(luck->stream, luck->first_customer + i, LTV_UNNAMED, purpose, 0);
    return ltv_uniform_of_word(word, deep);
}

static ltv_words words_at(const ltv_luck *luck, uint32_t i, uint32_t group)
{
    return ltv_address_words(luck->stream, luck->first_customer + i, LTV_UNNAMED, group, 0);
}

static void fill_clocks(ltv_luck *luck, bool involuntary)
{
    for (uint32_t i = 0; i < luck->n; i++) {
        ltv_words words = words_at(luck, i, GROUP_CLOCKS);
        luck->voluntary[i] =
            ltv_exponential_of_uniform(refined(luck, i, &words, LTV_PURPOSE_VOLUNTARY_CHURN));
        if (involuntary)
            luck->involuntary[i] =
                ltv_exponential_of_uniform(refined(luck, i, &words, LTV_PURPOSE_INVOLUNTARY_CHURN));
    }
}

static void fill_membership(ltv_luck *luck)
{
    for (uint32_t i = 0; i < luck->n; i++) {
        ltv_words words = words_at(luck, i, GROUP_MEMBERSHIP);
        luck->channel[i] = words.lane[LTV_PURPOSE_CHANNEL % LTV_LANES];
        luck->segment[i] = words.lane[LTV_PURPOSE_SEGMENT % LTV_LANES];
        luck->starting_plan[i] = words.lane[LTV_PURPOSE_STARTING_PLAN % LTV_LANES];
        luck->cured[i] = words.lane[LTV_PURPOSE_CURED % LTV_LANES];
    }
}

static void fill_levels(ltv_luck *luck)
{
    for (uint32_t i = 0; i < luck->n; i++) {
        ltv_words words = words_at(luck, i, GROUP_LEVELS);
        luck->frailty[i] = refined(luck, i, &words, LTV_PURPOSE_FRAILTY);
        luck->spend[i] = refined(luck, i, &words, LTV_PURPOSE_SPEND);
        luck->beta_frailty[i] = refined(luck, i, &words, LTV_PURPOSE_BETA_FRAILTY);
        luck->acquisition[i] = refined(luck, i, &words, LTV_PURPOSE_ACQUISITION);
    }
}

void ltv_luck_fill(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs, uint32_t first_customer,
                   uint32_t n)
{
    luck->stream = stream;
    luck->first_customer = first_customer;
    luck->n = n;
    luck->n_kept = 0;
    fill_clocks(luck, needs.involuntary);
    if (needs.membership)
        fill_membership(luck);
    if (needs.levels)
        fill_levels(luck);
}

/* Whether the maps between budgets, ranks and frailties are the same. */
static bool are_alike(const ltv_frailty *a, const ltv_frailty *b)
{
    return a->spread.kind == b->spread.kind && a->spread.cv == b->spread.cv && a->beta == b->beta &&
           a->alpha == b->alpha && a->beta_shape == b->beta_shape;
}

double *ltv_luck_column_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name,
                           const ltv_frailty *frailty)
{
    for (size_t k = 0; k < luck->n_kept; k++) {
        ltv_luck_column *kept = &luck->kept[k];
        if (kept->purpose == purpose && kept->name == name && are_alike(&kept->frailty, frailty))
            return kept->value;
    }
    if (luck->n_kept == LTV_LUCK_KEPT)
        return NULL;
    ltv_luck_column *column = &luck->kept[luck->n_kept++];
    column->purpose = purpose;
    column->name = name;
    column->frailty = *frailty;
    for (uint32_t i = 0; i < luck->n; i++)
        column->value[i] = NAN;
    return column->value;
}
