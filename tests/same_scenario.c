/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "same_scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_same(a, b, member)                                                                  \
    do {                                                                                           \
        if (memcmp(&(a)->member, &(b)->member, sizeof(a)->member) != 0) {                          \
            print_error("%s differs\n", #member);                                                  \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

static void assert_same_bytes(const void *a, const void *b, size_t size)
{
    if (size > 0)
        assert_memory_equal(a, b, size);
}

static void assert_same_spikes(size_t n, const ltv_tenure_spike *a, const ltv_tenure_spike *b)
{
    for (size_t i = 0; i < n; ++i) {
        assert_same(&a[i], &b[i], period);
        assert_same(&a[i], &b[i], times);
    }
}

static void assert_same_retention(const ltv_retention *a, const ltv_retention *b)
{
    assert_same(a, b, curve.kind);
    assert_same(a, b, curve.parameter);
    assert_same(a, b, curve.table_size);
    assert_same(a, b, curve.hold);
    assert_same(a, b, curve.stop);
    assert_same_bytes(a->curve.survival, b->curve.survival,
                      a->curve.table_size * sizeof *a->curve.survival);
    assert_same(a, b, heterogeneity.kind);
    assert_same(a, b, heterogeneity.cv);
    assert_same(a, b, cured);
    assert_same(a, b, has_season);
    assert_same(a, b, season);
    assert_same(a, b, n_spikes);
    assert_same_spikes(a->n_spikes, a->spikes, b->spikes);
}

static void assert_same_rate(const ltv_rate *a, const ltv_rate *b)
{
    assert_same(a, b, probability);
    assert_same(a, b, from);
    assert_same(a, b, until);
    assert_same(a, b, n_spikes);
    assert_same_spikes(a->n_spikes, a->spikes, b->spikes);
}

static void assert_same_changes(size_t n, const ltv_plan_change *a, const ltv_plan_change *b)
{
    for (size_t i = 0; i < n; ++i) {
        assert_same(&a[i], &b[i], to);
        assert_same_rate(&a[i].rate, &b[i].rate);
    }
}

static void assert_same_plan(const ltv_plan *a, const ltv_plan *b)
{
    assert_same_bytes(a->name, b->name, sizeof a->name);
    assert_same(a, b, price);
    assert_same(a, b, starts);
    assert_same(a, b, margin);
    assert_same(a, b, churn);
    assert_same(a, b, term);
    assert_same(a, b, n_upgrades);
    assert_same(a, b, n_downgrades);
    assert_same_changes(a->n_upgrades, a->upgrades, b->upgrades);
    assert_same_changes(a->n_downgrades, a->downgrades, b->downgrades);
}

static void assert_same_orders(const ltv_orders *a, const ltv_orders *b)
{
    assert_same(a, b, rate);
    assert_same(a, b, first_order_certain);
    assert_same(a, b, heterogeneity.kind);
    assert_same(a, b, heterogeneity.cv);
    assert_same(a, b, value_mean);
    assert_same(a, b, p);
    assert_same(a, b, q);
    assert_same(a, b, has_season);
    assert_same(a, b, season);
}

static void assert_same_offers(const ltv_arm *a, const ltv_arm *b)
{
    assert_same(a, b, n_plans);
    for (size_t i = 0; i < a->n_plans; ++i)
        assert_same_plan(&a->plans[i], &b->plans[i]);
    assert_same(a, b, n_add_ons);
    for (size_t i = 0; i < a->n_add_ons; ++i) {
        const ltv_add_on *x = &a->add_ons[i], *y = &b->add_ons[i];
        assert_same(x, y, name);
        assert_same(x, y, price);
        assert_same(x, y, margin);
        assert_same(x, y, churn);
        assert_same_rate(&x->attach, &y->attach);
        assert_same_rate(&x->drop, &y->drop);
    }
    assert_same_orders(&a->orders, &b->orders);
    assert_same(a, b, n_price_changes);
    for (size_t i = 0; i < a->n_price_changes; ++i) {
        const ltv_price_change *x = &a->price_changes[i], *y = &b->price_changes[i];
        assert_same(x, y, bill);
        assert_same(x, y, times);
        assert_same(x, y, churn_times);
        assert_same(x, y, churn_for);
    }
}

/* `n` shares, or NULL in both. */
static void assert_same_shares(size_t n, const double *a, const double *b)
{
    assert_true((a == NULL) == (b == NULL));
    if (a != NULL)
        assert_same_bytes(a, b, n * sizeof *a);
}

static void assert_same_flags(const bool *a, const bool *b, size_t n)
{
    assert_true((a == NULL) == (b == NULL));
    if (a != NULL)
        assert_same_bytes(a, b, n * sizeof *a);
}

static void assert_same_effects(const ltv_intervention *a, const ltv_intervention *b)
{
    assert_same(a, b, n_effects);
    for (size_t i = 0; i < a->n_effects; ++i) {
        assert_same(a, b, effects[i].lever);
        assert_same(a, b, effects[i].times);
        assert_same(a, b, effects[i].periods);
        assert_same(a, b, effects[i].ramp);
        assert_same(a, b, effects[i].fade_half_life);
    }
    assert_same(a, b, price_off);
    assert_same(a, b, price_off_bills);
    assert_same(a, b, to_segment);
    assert_same(a, b, to_plan);
}

static void assert_same_intervention(const ltv_arm *arm, const ltv_intervention *a,
                                     const ltv_intervention *b)
{
    assert_string_equal(a->name, b->name);
    assert_same_flags(a->segments, b->segments, arm->n_segments);
    assert_same_flags(a->channels, b->channels, arm->n_channels);
    assert_same(a, b, plans);
    assert_same(a, b, n_phases);
    for (size_t i = 0; i < a->n_phases; ++i) {
        assert_string_equal(a->phases[i].name, b->phases[i].name);
        assert_same(a, b, phases[i].from);
        assert_same(a, b, phases[i].until);
    }
    assert_same(a, b, top_by_spend);
    assert_same(a, b, reach);
    assert_same(a, b, uptake);
    assert_same(a, b, when.kind);
    assert_same(a, b, when.periods);
    assert_same(a, b, when.probability);
    assert_same(a, b, when.rate);
    assert_same_effects(a, b);
    assert_same(a, b, per_contact);
    assert_same(a, b, per_participant);
    assert_same(a, b, per_period);
    assert_same(a, b, fixed);
    assert_same(a, b, fixed_per_period);
    assert_same(a, b, capacity);
}

static void assert_same_interventions(const ltv_arm *a, const ltv_arm *b)
{
    assert_same(a, b, overrides);
    assert_same(a, b, n_interventions);
    for (size_t i = 0; i < a->n_interventions; ++i)
        assert_same_intervention(a, &a->interventions[i], &b->interventions[i]);
}

void assert_same_arm(const ltv_arm *a, const ltv_arm *b)
{
    assert_same(a, b, name);
    assert_same(a, b, has_retention);
    assert_same_retention(&a->retention, &b->retention);
    assert_same(a, b, involuntary_churn);
    assert_same(a, b, price);
    assert_same(a, b, spend.kind);
    assert_same(a, b, spend.cv);
    assert_same(a, b, spend_churn_correlation);
    assert_same(a, b, gross_margin);
    assert_same(a, b, service_cost);
    assert_same(a, b, declared_segments);
    assert_same(a, b, declared_channels);
    assert_same(a, b, n_segments);
    assert_same(a, b, n_channels);
    assert_same_offers(a, b);
    for (size_t i = 0; i < a->n_segments; ++i) {
        const ltv_segment *s = &a->segments[i], *t = &b->segments[i];
        assert_same(s, t, name);
        assert_same(s, t, share);
        assert_same(s, t, times);
        assert_same_shares(a->n_plans, s->starts, t->starts);
        assert_same(s, t, service_cost);
        assert_same(s, t, has_retention);
        assert_same_retention(&s->retention, &t->retention);
    }
    for (size_t i = 0; i < a->n_channels; ++i) {
        const ltv_channel *c = &a->channels[i], *d = &b->channels[i];
        assert_same(c, d, name);
        assert_same(c, d, share);
        assert_same(c, d, cac);
        assert_same(c, d, cac_spread.kind);
        assert_same(c, d, cac_spread.cv);
        assert_same(c, d, times);
        assert_same_shares(a->n_segments, c->segments, d->segments);
    }
}

void assert_same_scenario(const ltv_scenario *a, const ltv_scenario *b)
{
    assert_string_equal(a->title, b->title);
    assert_same(a, b, currency);
    assert_same(a, b, currency_decimals);
    assert_same(a, b, time_unit);
    assert_same(a, b, horizon);
    assert_same(a, b, payment);
    assert_same(a, b, has_start);
    assert_same(a, b, start);
    assert_same(a, b, fiscal_year_start);
    assert_same(a, b, discount_rate_per_year);
    assert_same(a, b, cohort_size);
    assert_same(a, b, seed);
    assert_same(a, b, customers);
    assert_same(a, b, n_phases);
    for (size_t i = 0; i < a->n_phases; ++i) {
        assert_same(&a->phases[i], &b->phases[i], name);
        assert_same(&a->phases[i], &b->phases[i], from);
        assert_same(&a->phases[i], &b->phases[i], until);
    }
    assert_same(a, b, n_arms);
    for (size_t i = 0; i < a->n_arms; ++i) {
        assert_same_arm(&a->arms[i], &b->arms[i]);
        assert_same_interventions(&a->arms[i], &b->arms[i]);
    }
    assert_same(a, b, n_contrasts);
    for (size_t i = 0; i < a->n_contrasts; ++i) {
        assert_same(a, b, contrasts[i].arm);
        assert_same(a, b, contrasts[i].against);
    }
}
