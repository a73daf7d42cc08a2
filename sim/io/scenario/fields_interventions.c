/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/fields_interventions.h"

#include "sim/io/scenario/field_rows.h"
#include "sim/scenario.h"

/* ---- who --------------------------------------------------------------------------------- */

#define NAMES_ROW(name, what)                                                                      \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_NAMES, .in = LTV_IN_INTERVENTION, .meaning = what           \
    }

static const ltv_field who_fields[] = {
    NAMES_ROW("segments", "segments in which customers joined; by default all"),
    NAMES_ROW("channels", "channels through which customers came; by default all"),
    NAMES_ROW("plans", "plans that customers hold when it acts; by default all"),
    NAMES_ROW("phases", "phases in which it acts; by default all"),
    {.key = "top_by_spend",
     SHARE,
     MEMBER(INTERVENTION, ltv_intervention, top_by_spend),
     .lowest_open = true,
     .highest = 1,
     .highest_open = true,
     .zero_hint = "nobody would be in the audience, so leave the programme out",
     .meaning = "only the share of customers who spend most"},
    {.key = "reach",
     SHARE,
     .fallback = "100%",
     MEMBER(INTERVENTION, ltv_intervention, reach),
     .lowest_open = true,
     .highest = 1,
     .zero_hint = "nobody would be contacted, so leave the programme out",
     .meaning = "share of the audience that is contacted"},
    {.key = "uptake",
     SHARE,
     .fallback = "100%",
     MEMBER(INTERVENTION, ltv_intervention, uptake),
     .highest = 1,
     .meaning = "share of the contacted who take part"},
};
static const ltv_block who_block = {BLOCK(who_fields, "who", "the audience of a programme")};

/* ---- when -------------------------------------------------------------------------------- */

#define BLUFF_ROW(name, unit)                                                                      \
    {                                                                                              \
        .key = name, SHARE, .fallback = "0%", MEMBER(TRIGGER, ltv_trigger, rate), .highest = 1,    \
        .highest_open = true, .for_unit = 1 + LTV_UNIT_##unit, .is_alternative = true,             \
        .meaning = "probability per period that a customer who would stay asks for the offer"      \
    }

static const ltv_field bluff_fields[] = {
    BLUFF_ROW("daily", DAY),         BLUFF_ROW("weekly", WEEK), BLUFF_ROW("monthly", MONTH),
    BLUFF_ROW("quarterly", QUARTER), BLUFF_ROW("yearly", YEAR),
};
static const ltv_block bluff_block = {
    BLOCK(bluff_fields, "bluff",
          "customers who would stay but ask for the offer, in the scenario's own time unit"),
    .alternatives = "rate"};

static const ltv_field churn_intent_fields[] = {
    {.key = "accept",
     SHARE,
     .required = true,
     MEMBER(TRIGGER, ltv_trigger, probability),
     .highest = 1,
     .meaning = "probability that a customer who wants to leave accepts the offer and stays"},
    {.key = "bluff",
     .kind = LTV_FIELD_BLOCK,
     .block = &bluff_block,
     .fallback = "{}",
     .in = LTV_IN_TRIGGER,
     .meaning = "customers who would stay but ask for the offer, and get it too"},
};
static const ltv_block churn_intent_block = {
    BLOCK(churn_intent_fields, "on_churn_intent", "an offer to customers who want to leave"),
    .usual_key = "accept", .usual_value = "30%"};

static const ltv_field payment_failure_fields[] = {
    {.key = "recover",
     SHARE,
     .required = true,
     MEMBER(TRIGGER, ltv_trigger, probability),
     .highest = 1,
     .meaning = "probability that the payment is recovered and the customer stays"},
};
static const ltv_block payment_failure_block = {
    BLOCK(payment_failure_fields, "on_payment_failure", "recovery of failed payments"),
    .usual_key = "recover", .usual_value = "48%"};

static const ltv_field win_back_fields[] = {
    {.key = "probability",
     SHARE,
     .required = true,
     MEMBER(TRIGGER, ltv_trigger, probability),
     .highest = 1,
     .meaning = "probability to return in each period after leaving"},
    {.key = "for",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(TRIGGER, ltv_trigger, periods),
     WHOLE(ltv_trigger, periods),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "number of periods after leaving in which customers may return"},
};
static const ltv_block win_back_block = {
    BLOCK(win_back_fields, "on_churn", "winning back customers who left"),
    .usual_key = "probability", .usual_rest = "for: 6", .usual_value = "2%"};

static const ltv_field risk_signal_fields[] = {
    {.key = "lead",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(TRIGGER, ltv_trigger, periods),
     WHOLE(ltv_trigger, periods),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "number of periods by which the signal can foresee that a customer wants to leave"},
    {.key = "recall",
     SHARE,
     .required = true,
     MEMBER(TRIGGER, ltv_trigger, probability),
     .highest = 1,
     .meaning = "share of the customers who are about to leave that the signal sees"},
    {.key = "false_alarm",
     SHARE,
     .fallback = "0%",
     MEMBER(TRIGGER, ltv_trigger, rate),
     .highest = 1,
     .highest_open = true,
     .meaning = "probability per period that the signal takes any customer for one"},
};
static const ltv_block risk_signal_block = {
    BLOCK(risk_signal_fields, "on_risk_signal", "an early warning that customers may leave")};

static const ltv_block upgrade_block = {.name = "on_upgrade",
                                        .meaning = "after an upgrade, nothing more to say"};

#define BILL_ROW(name, trigger, least, what)                                                       \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_COUNT, MEMBER(TRIGGER, ltv_trigger, periods),               \
        WHOLE(ltv_trigger, periods), .is_periods = true, .lowest = least,                          \
        .highest = LTV_MAX_HORIZON, .is_alternative = true, .chooses = true, .choice = trigger,    \
        .meaning = what                                                                            \
    }
#define EVENT_ROW(name, trigger, of, what)                                                         \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_BLOCK, .block = of, .in = LTV_IN_TRIGGER,                   \
        .is_alternative = true, .chooses = true, .choice = trigger, .meaning = what                \
    }

static const ltv_field when_fields[] = {
    BILL_ROW("at_tenure", LTV_WHEN_AT_TENURE, 0, "at the bill so many periods after joining"),
    BILL_ROW("every", LTV_WHEN_EVERY, 1, "every so many periods: {every: 6} is at bills 6, 12, …"),
    BILL_ROW("before_renewal", LTV_WHEN_BEFORE_RENEWAL, 1,
             "at the bill so many periods before a contract term ends"),
    {.key = "at_period",
     .kind = LTV_FIELD_BILL_DATE,
     MEMBER(TRIGGER, ltv_trigger, periods),
     .is_alternative = true,
     .chooses = true,
     .choice = LTV_WHEN_AT_TENURE,
     .meaning = "at the first bill from this date on, YYYY-MM or YYYY-MM-DD"},
    EVENT_ROW("on_churn_intent", LTV_WHEN_CHURN_INTENT, &churn_intent_block,
              "when a customer wants to leave: a save offer"),
    EVENT_ROW("on_payment_failure", LTV_WHEN_PAYMENT_FAILURE, &payment_failure_block,
              "when a payment has failed: dunning"),
    EVENT_ROW("on_churn", LTV_WHEN_CHURN, &win_back_block, "after a customer left: win-back"),
    EVENT_ROW("on_upgrade", LTV_WHEN_UPGRADE, &upgrade_block,
              "at the bill after a customer upgraded; written `when: on_upgrade`"),
    EVENT_ROW("on_risk_signal", LTV_WHEN_RISK_SIGNAL, &risk_signal_block,
              "when an early-warning score says that a customer may leave"),
};
static const ltv_block when_block = {BLOCK(when_fields, "when", "what makes a programme act"),
                                     .alternatives = "trigger", .needs_an_alternative = true,
                                     .usual_key = "at_tenure"};

/* ---- effect ------------------------------------------------------------------------------ */

static const ltv_field lever_fields[] = {
    {.key = "times",
     .kind = LTV_FIELD_NUMBER,
     .required = true,
     MULTIPLIER,
     MEMBER(EFFECT, ltv_effect, times),
     .meaning = "multiplier while the effect lasts: x0.8 takes a fifth off"},
    {.key = "for",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(EFFECT, ltv_effect, periods),
     WHOLE(ltv_effect, periods),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .word = "ever",
     .meaning = "number of periods that the effect lasts; for: ever if it never ends"},
    {.key = "ramp",
     .kind = LTV_FIELD_COUNT,
     MEMBER(EFFECT, ltv_effect, ramp),
     WHOLE(ltv_effect, ramp),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .zero_hint = "leave it out for an effect that is there at once",
     .meaning = "number of periods in which the effect builds up, part of `for`"},
    {.key = "fade_half_life",
     .kind = LTV_FIELD_NUMBER,
     MEMBER(EFFECT, ltv_effect, fade_half_life),
     .lowest_open = true,
     .highest = 1e6,
     .zero_hint = "leave it out for an effect that ends at once",
     .meaning = "periods in which what is left of the effect halves after `for`"},
};
static const ltv_block lever_block = {
    BLOCK(lever_fields, "effect_on_lever", "a multiplier and how long it lasts"),
    .usual_key = "times", .usual_rest = "for: 6"};

#define LEVER_ROW(lever, name, what)                                                               \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_BLOCK, .block = &lever_block,                               \
        MEMBER(INTERVENTION, ltv_intervention, effects[lever]), .enters = true,                    \
        .target = LTV_IN_EFFECT, .chooses = true, .choice = lever, .meaning = "effect on " what    \
    }

static const ltv_field price_off_fields[] = {
    {.key = "rate",
     SHARE,
     .required = true,
     MEMBER(INTERVENTION, ltv_intervention, price_off),
     .lowest_open = true,
     .highest = 1,
     .zero_hint = "leave price_off out",
     .meaning = "share taken off the recurring bill"},
    {.key = "for",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(INTERVENTION, ltv_intervention, price_off_bills),
     WHOLE(ltv_intervention, price_off_bills),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "number of bills with the discount"},
};
static const ltv_block price_off_block = {
    BLOCK(price_off_fields, "price_off", "a discount on the recurring bill, a programme cost"),
    .usual_key = "rate", .usual_rest = "for: 3"};

static const ltv_field move_fields[] = {
    {.key = "to",
     .kind = LTV_FIELD_NAME,
     .required = true,
     .in = LTV_IN_INTERVENTION,
     .meaning = "name of where the customer moves"},
};
static const ltv_block move_block = {BLOCK(move_fields, "move", "a move for good"),
                                     .usual_key = "to"};

#define MOVE_ROW(name, what)                                                                       \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_BLOCK, .block = &move_block, .in = LTV_IN_INTERVENTION,     \
        .meaning = "move to another " what                                                         \
    }

static const ltv_field effect_fields[] = {
    LEVER_ROW(LTV_LEVER_CHURN, "churn", "the hazard of voluntary churn"),
    LEVER_ROW(LTV_LEVER_INVOLUNTARY, "involuntary", "the hazard of failed payments"),
    LEVER_ROW(LTV_LEVER_UPGRADE, "upgrade", "the hazard of upgrades"),
    LEVER_ROW(LTV_LEVER_DOWNGRADE, "downgrade", "the hazard of downgrades"),
    LEVER_ROW(LTV_LEVER_ATTACH, "attach", "the hazard of taking an add-on"),
    LEVER_ROW(LTV_LEVER_DROP, "drop", "the hazard of dropping an add-on"),
    LEVER_ROW(LTV_LEVER_ORDERS, "orders", "the number of orders"),
    LEVER_ROW(LTV_LEVER_PRICE, "price", "the price of plans and add-ons"),
    LEVER_ROW(LTV_LEVER_SPEND, "spend", "recurring revenue"),
    {.key = "price_off",
     .kind = LTV_FIELD_BLOCK,
     .block = &price_off_block,
     .in = LTV_IN_INTERVENTION,
     .meaning = "a discount on the recurring bill, a programme cost"},
    MOVE_ROW("segment", "segment"),
    MOVE_ROW("plan", "plan"),
};
static const ltv_block effect_block = {
    BLOCK(effect_fields, "effect", "what a programme changes for those who take part")};

/* ---- cost, and the whole ----------------------------------------------------------------- */

#define COST_ROW(name, what)                                                                       \
    {                                                                                              \
        .key = #name, MONEY, .fallback = "0", MEMBER(INTERVENTION, ltv_intervention, name),        \
        .meaning = what ", in the currency"                                                        \
    }

static const ltv_field cost_fields[] = {
    COST_ROW(per_contact, "cost of each contact"),
    COST_ROW(per_participant, "cost of each customer who takes part, each time"),
    COST_ROW(per_period, "cost per customer and period while an effect is held"),
    COST_ROW(fixed, "cost of the programme as a whole, once"),
    COST_ROW(fixed_per_period, "cost of the programme as a whole, in every period"),
};
static const ltv_block cost_block = {BLOCK(cost_fields, "cost", "what a programme costs"),
                                     .usual_key = "per_contact"};

static const ltv_field intervention_fields[] = {
    {.key = "who",
     .kind = LTV_FIELD_BLOCK,
     .block = &who_block,
     .fallback = "{}",
     .in = LTV_IN_INTERVENTION,
     .meaning = "whom the programme reaches; by default everybody"},
    {.key = "when",
     .kind = LTV_FIELD_BLOCK,
     .block = &when_block,
     .required = true,
     .word = "on_upgrade",
     MEMBER(INTERVENTION, ltv_intervention, when),
     .enters = true,
     .target = LTV_IN_TRIGGER,
     .meaning = "what makes the programme act"},
    {.key = "effect",
     .kind = LTV_FIELD_BLOCK,
     .block = &effect_block,
     .in = LTV_IN_INTERVENTION,
     .meaning = "what it changes for those who take part"},
    {.key = "cost",
     .kind = LTV_FIELD_BLOCK,
     .block = &cost_block,
     .fallback = "{}",
     .in = LTV_IN_INTERVENTION,
     .meaning = "what the programme costs"},
    {.key = "capacity",
     .kind = LTV_FIELD_NUMBER,
     MEMBER(INTERVENTION, ltv_intervention, capacity),
     .lowest_open = true,
     .highest = 1e9,
     .zero_hint = "nobody would be contacted, so leave the programme out",
     .meaning = "largest number of contacts per period and 1,000 joined customers; by default "
                "there is no limit"},
};
const ltv_block ltv_intervention_block = {BLOCK(intervention_fields, "intervention",
                                                "a programme: whom it reaches, when, what it "
                                                "changes and what it costs")};
