/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/luck.h"

#include <math.h>
#include <string.h>

#include "sim/kernel/vector/vector.h"

/* Occurrence 0 of a purpose. */
static ltv_word_run run_of(const ltv_luck *luck, ltv_purpose purpose, uint32_t name)
{
    return (ltv_word_run){.stream = luck->stream,
                          .first_customer = luck->first_customer,
                          .n = luck->n,
                          .name = name,
                          .purpose = purpose};
}

static void fill_words(const ltv_luck *luck, ltv_purpose purpose, uint32_t name, uint64_t *words)
{
    ltv_word_run run = run_of(luck, purpose, name);
    ltv_vector_in_use->words(&run, words);
}

static void fill_budgets(const ltv_luck *luck, ltv_purpose purpose, uint32_t name, double *budgets)
{
    ltv_word_run run = run_of(luck, purpose, name);
    ltv_vector_run_budgets(&run, budgets);
}

static void fill_level(const ltv_luck *luck, ltv_purpose purpose, ltv_uniform *uniforms)
{
    uint64_t words[LTV_BLOCK];
    fill_words(luck, purpose, LTV_UNNAMED, words);
    for (uint32_t i = 0; i < luck->n; i++) {
        uint32_t deep = 0;
        if (__builtin_expect(ltv_word_needs_deep(words[i]), 0))
            deep = ltv_address_deep_word(luck->stream, luck->first_customer + i, LTV_UNNAMED,
                                         purpose, 0);
        uniforms[i] = ltv_uniform_of_word(words[i], deep);
    }
}

static void fill_levels(ltv_luck *luck)
{
    fill_level(luck, LTV_PURPOSE_FRAILTY, luck->frailty);
    fill_level(luck, LTV_PURPOSE_SPEND, luck->spend);
    fill_level(luck, LTV_PURPOSE_BETA_FRAILTY, luck->beta_frailty);
    fill_level(luck, LTV_PURPOSE_ACQUISITION, luck->acquisition);
}

void ltv_luck_fill(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs, uint32_t first_customer,
                   uint32_t n)
{
    luck->stream = stream;
    luck->first_customer = first_customer;
    luck->n = n;
    luck->n_kept = 0;
    if (needs.voluntary)
        fill_budgets(luck, LTV_PURPOSE_VOLUNTARY_CHURN, LTV_UNNAMED, luck->voluntary);
    if (needs.involuntary)
        fill_budgets(luck, LTV_PURPOSE_INVOLUNTARY_CHURN, LTV_UNNAMED, luck->involuntary);
    if (needs.channel)
        fill_words(luck, LTV_PURPOSE_CHANNEL, LTV_UNNAMED, luck->channel);
    if (needs.segment)
        fill_words(luck, LTV_PURPOSE_SEGMENT, LTV_UNNAMED, luck->segment);
    if (needs.starting_plan)
        fill_words(luck, LTV_PURPOSE_STARTING_PLAN, LTV_UNNAMED, luck->starting_plan);
    if (needs.cured)
        fill_words(luck, LTV_PURPOSE_CURED, LTV_UNNAMED, luck->cured);
    if (needs.levels)
        fill_levels(luck);
}

/* Whether the maps between budgets, ranks and frailties are the same. */
static bool are_alike(const ltv_frailty *a, const ltv_frailty *b)
{
    return a->spread.kind == b->spread.kind && a->spread.cv == b->spread.cv && a->beta == b->beta &&
           a->alpha == b->alpha && a->beta_shape == b->beta_shape;
}

/* The column of these, or one more, for which *is_new is set; NULL when there is no room. */
static ltv_luck_column *column_of(ltv_luck *luck, ltv_luck_kind kind, ltv_purpose purpose,
                                  uint32_t name, const ltv_frailty *frailty, bool *is_new)
{
    *is_new = false;
    for (size_t k = 0; k < luck->n_kept; k++) {
        ltv_luck_column *kept = &luck->kept[k];
        if (kept->kind == kind && kept->purpose == purpose && kept->name == name &&
            are_alike(&kept->frailty, frailty))
            return kept;
    }
    if (luck->n_kept == LTV_LUCK_KEPT)
        return NULL;
    ltv_luck_column *column = &luck->kept[luck->n_kept++];
    column->kind = kind;
    column->purpose = purpose;
    column->name = name;
    column->frailty = *frailty;
    *is_new = true;
    return column;
}

static const ltv_frailty no_frailty;

double *ltv_luck_column_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name,
                           const ltv_frailty *frailty)
{
    bool is_new;
    ltv_luck_column *column = column_of(luck, LTV_LUCK_DERIVED, purpose, name, frailty, &is_new);
    for (uint32_t i = 0; is_new && i < luck->n; i++)
        column->value[i] = NAN;
    return column != NULL ? column->value : NULL;
}

double *ltv_luck_hazards_of(ltv_luck *luck, const ltv_frailty *frailty)
{
    bool is_new;
    ltv_luck_column *column = column_of(luck, LTV_LUCK_DERIVED, LTV_PURPOSE_VOLUNTARY_CHURN,
                                        LTV_UNNAMED, frailty, &is_new);
    if (!is_new)
        return column != NULL ? column->value : NULL;
    if (ltv_frailty_is_constant(frailty))
        memcpy(column->value, luck->voluntary, luck->n * sizeof *column->value);
    else if (ltv_frailty_is_gamma(frailty))
        ltv_vector_in_use->gamma_hazards(luck->voluntary, luck->n, frailty->spread.cv,
                                         column->value);
    else
        for (uint32_t i = 0; i < luck->n; i++)
            column->value[i] = NAN;
    return column->value;
}

const double *ltv_luck_budgets_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name)
{
    bool is_new;
    ltv_luck_column *column =
        column_of(luck, LTV_LUCK_BUDGETS, purpose, name, &no_frailty, &is_new);
    if (is_new)
        fill_budgets(luck, purpose, name, column->value);
    return column != NULL ? column->value : NULL;
}

const uint64_t *ltv_luck_words_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name)
{
    bool is_new;
    ltv_luck_column *column = column_of(luck, LTV_LUCK_WORDS, purpose, name, &no_frailty, &is_new);
    if (is_new)
        fill_words(luck, purpose, name, column->word);
    return column != NULL ? column->word : NULL;
}

const uint32_t *ltv_luck_heads_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name)
{
    bool is_new;
    ltv_luck_column *column = column_of(luck, LTV_LUCK_HEADS, purpose, name, &no_frailty, &is_new);
    if (is_new) {
        ltv_word_run run = run_of(luck, purpose, name);
        ltv_vector_in_use->heads(&run, column->head);
    }
    return column != NULL ? column->head : NULL;
}

double ltv_luck_budget(const ltv_luck *luck, const double *column, uint32_t i, uint32_t name,
                       ltv_purpose purpose, uint32_t occurrence)
{
    if (occurrence == 0 && column != NULL)
        return column[i];
    return ltv_exponential_of_uniform(
        ltv_address_uniform(luck->stream, luck->first_customer + i, name, purpose, occurrence));
}

bool ltv_luck_falls_below(const ltv_luck *luck, const uint64_t *column, uint32_t i, uint32_t name,
                          ltv_purpose purpose, uint64_t threshold)
{
    if (threshold == UINT64_MAX)
        return true;
    uint64_t word =
        column != NULL ? column[i]
                       : ltv_address_word(luck->stream, luck->first_customer + i, name, purpose, 0);
    return word < threshold;
}
