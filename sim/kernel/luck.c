/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/luck.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "sim/kernel/vector/vector.h"

/* How many times a luck was filled: no two are taken for the same. */
static atomic_uint_fast64_t numbers;

/* Occurrence 0 of a purpose. */
static ltv_word_run run_of(const ltv_luck *luck, ltv_purpose purpose, uint32_t name)
{
    return (ltv_word_run){.stream = luck->stream,
                          .first_customer = luck->customer[0],
                          .n = luck->n,
                          .name = name,
                          .purpose = purpose};
}

/* The same of customers who are not consecutive: list by list of so many. */
typedef struct {
    uint32_t name[LTV_ADDRESSES_AT_ONCE], purpose[LTV_ADDRESSES_AT_ONCE],
        occurrence[LTV_ADDRESSES_AT_ONCE];
} room_for_addresses;

static ltv_address_list list_of(room_for_addresses *room, const ltv_luck *luck, ltv_purpose purpose,
                                uint32_t name, uint32_t from)
{
    uint32_t left = luck->n - from, n = left < LTV_ADDRESSES_AT_ONCE ? left : LTV_ADDRESSES_AT_ONCE;
    for (uint32_t i = 0; i < n; i++) {
        room->name[i] = name;
        room->purpose[i] = purpose;
        room->occurrence[i] = 0;
    }
    return (ltv_address_list){luck->stream,    n, luck->customer + from, room->name, room->purpose,
                              room->occurrence};
}

static void fill_words(const ltv_luck *luck, ltv_purpose purpose, uint32_t name, uint64_t *words)
{
    ltv_word_run run = run_of(luck, purpose, name);
    room_for_addresses room;
    if (!luck->scattered)
        ltv_vector_in_use->words(&run, words);
    for (uint32_t from = 0; luck->scattered && from < luck->n; from += LTV_ADDRESSES_AT_ONCE) {
        ltv_address_list list = list_of(&room, luck, purpose, name, from);
        ltv_vector_in_use->words_at(&list, words + from);
    }
}

static void fill_heads(const ltv_luck *luck, ltv_purpose purpose, uint32_t name, uint32_t *heads)
{
    ltv_word_run run = run_of(luck, purpose, name);
    uint64_t words[LTV_BLOCK];
    if (!luck->scattered) {
        ltv_vector_in_use->heads(&run, heads);
        return;
    }
    fill_words(luck, purpose, name, words);
    for (uint32_t i = 0; i < luck->n; i++)
        heads[i] = (uint32_t)(words[i] >> 32);
}

static void fill_budgets(const ltv_luck *luck, ltv_purpose purpose, uint32_t name, double *budgets)
{
    ltv_word_run run = run_of(luck, purpose, name);
    room_for_addresses room;
    if (!luck->scattered)
        ltv_vector_run_budgets(&run, budgets);
    for (uint32_t from = 0; luck->scattered && from < luck->n; from += LTV_ADDRESSES_AT_ONCE) {
        ltv_address_list list = list_of(&room, luck, purpose, name, from);
        ltv_vector_budgets_at(&list, budgets + from);
    }
}

static void fill_level(const ltv_luck *luck, ltv_purpose purpose, ltv_uniform *uniforms)
{
    uint64_t words[LTV_BLOCK];
    fill_words(luck, purpose, LTV_UNNAMED, words);
    for (uint32_t i = 0; i < luck->n; i++) {
        uint32_t deep = 0;
        if (__builtin_expect(ltv_word_needs_deep(words[i]), 0))
            deep = ltv_address_deep_word(luck->stream, luck->customer[i], LTV_UNNAMED, purpose, 0);
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

void ltv_luck_read(ltv_luck *luck, ltv_luck_needs needs)
{
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

/* What is needed of customers whose numbers are there. */
static void fill(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs, uint32_t n)
{
    luck->stream = stream;
    luck->number = atomic_fetch_add(&numbers, 1) + 1;
    luck->n = n;
    luck->n_kept = 0;
    ltv_luck_read(luck, needs);
}

void ltv_luck_fill(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs, uint32_t first_customer,
                   uint32_t n)
{
    luck->scattered = false;
    for (uint32_t i = 0; i < n; i++)
        luck->customer[i] = first_customer + i;
    fill(luck, stream, needs, n);
}

void ltv_luck_fill_some(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs,
                        const uint32_t *customers, uint32_t n)
{
    luck->scattered = true;
    memcpy(luck->customer, customers, n * sizeof *customers);
    fill(luck, stream, needs, n);
}

void ltv_luck_empty(ltv_luck *luck)
{
    luck->number = atomic_fetch_add(&numbers, 1) + 1;
    luck->n = 0;
    luck->n_kept = 0;
    luck->scattered = true;
}

/* Entries of[0 ... n - 1] of a column, so many at a time: else counting them would take most of the
 * time. */
static inline void gather(void *to, const void *from, size_t size, const uint32_t *of, uint32_t n)
{
    enum { AT_A_TIME = 8 };
    uint32_t j = 0;
    for (; j + AT_A_TIME <= n; j += AT_A_TIME)
        for (uint32_t k = j; k < j + AT_A_TIME; k++)
            memcpy((char *)to + k * size, (const char *)from + of[k] * size, size);
    for (; j < n; j++)
        memcpy((char *)to + j * size, (const char *)from + of[j] * size, size);
}

static bool is_same_column(const ltv_luck_column *a, const ltv_luck_column *b)
{
    return a->kind == b->kind && a->purpose == b->purpose && a->name == b->name;
}

static void add_column(ltv_luck_column *to, const ltv_luck_column *from, uint32_t at,
                       const uint32_t *of, uint32_t n)
{
    if (from->kind == LTV_LUCK_WORDS)
        gather(to->word + at, from->word, sizeof *to->word, of, n);
    else if (from->kind == LTV_LUCK_HEADS)
        gather(to->head + at, from->head, sizeof *to->head, of, n);
    else
        gather(to->value + at, from->value, sizeof *to->value, of, n);
}

/* What is kept of another luck: the columns that both have, in their order. */
static void add_columns(ltv_luck *luck, const ltv_luck *from, const uint32_t *of, uint32_t n)
{
    size_t kept = 0, most = luck->n > 0 ? luck->n_kept : LTV_LUCK_KEPT;
    for (size_t k = 0; k < from->n_kept && kept < most; k++) {
        const ltv_luck_column *column = &from->kept[k];
        ltv_luck_column *to = &luck->kept[kept];
        if (column->kind == LTV_LUCK_DERIVED)
            continue;
        if (luck->n > 0 && !is_same_column(to, column))
            break;
        to->kind = column->kind;
        to->purpose = column->purpose;
        to->name = column->name;
        to->frailty = column->frailty;
        add_column(to, column, luck->n, of, n);
        kept++;
    }
    luck->n_kept = kept;
}

void ltv_luck_add(ltv_luck *luck, const ltv_luck *from, ltv_luck_needs needs, const uint32_t *of,
                  uint32_t n)
{
    uint32_t at = luck->n;
    luck->stream = from->stream;
    luck->number = atomic_fetch_add(&numbers, 1) + 1;
    luck->scattered = true;
    add_columns(luck, from, of, n);
    gather(luck->customer + at, from->customer, sizeof *luck->customer, of, n);
    if (needs.voluntary)
        gather(luck->voluntary + at, from->voluntary, sizeof *luck->voluntary, of, n);
    if (needs.involuntary)
        gather(luck->involuntary + at, from->involuntary, sizeof *luck->involuntary, of, n);
    if (needs.channel)
        gather(luck->channel + at, from->channel, sizeof *luck->channel, of, n);
    if (needs.segment)
        gather(luck->segment + at, from->segment, sizeof *luck->segment, of, n);
    if (needs.starting_plan)
        gather(luck->starting_plan + at, from->starting_plan, sizeof *luck->starting_plan, of, n);
    if (needs.cured)
        gather(luck->cured + at, from->cured, sizeof *luck->cured, of, n);
    luck->n += n;
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
    if (is_new)
        fill_heads(luck, purpose, name, column->head);
    return column != NULL ? column->head : NULL;
}

double ltv_luck_budget(const ltv_luck *luck, const double *column, uint32_t i, uint32_t name,
                       ltv_purpose purpose, uint32_t occurrence)
{
    if (occurrence == 0 && column != NULL)
        return column[i];
    return ltv_exponential_of_uniform(
        ltv_address_uniform(luck->stream, luck->customer[i], name, purpose, occurrence));
}

bool ltv_luck_falls_below(const ltv_luck *luck, const uint64_t *column, uint32_t i, uint32_t name,
                          ltv_purpose purpose, uint64_t threshold)
{
    if (threshold == UINT64_MAX)
        return true;
    uint64_t word = column != NULL
                        ? column[i]
                        : ltv_address_word(luck->stream, luck->customer[i], name, purpose, 0);
    return word < threshold;
}
