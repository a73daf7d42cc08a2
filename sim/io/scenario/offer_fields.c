/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/field_rows.h"

#include "sim/scenario.h"

/* The part of the table of keys that is about what is offered: plans, add-ons, orders and price
 * changes. */

/* ---- rates of clocks --------------------------------------------------------------------- */

#define PROBABILITY_ROW(name, unit)                                                                \
    {                                                                                              \
        .key = name, SHARE, MEMBER(RATE, ltv_rate, probability), .highest = 1,                     \
        .highest_open = true, .for_unit = 1 + LTV_UNIT_##unit, .is_alternative = true,             \
        .meaning = "probability per period"                                                        \
    }

#define RATE_ROWS                                                                                  \
    PROBABILITY_ROW("daily", DAY), PROBABILITY_ROW("weekly", WEEK),                                \
        PROBABILITY_ROW("monthly", MONTH), PROBABILITY_ROW("quarterly", QUARTER),                  \
        PROBABILITY_ROW("yearly", YEAR),                                                           \
        {.key = "from",                                                                            \
         .kind = LTV_FIELD_COUNT,                                                                  \
         MEMBER(RATE, ltv_rate, from),                                                             \
         WHOLE(ltv_rate, from),                                                                    \
         .highest = LTV_MAX_HORIZON,                                                               \
         .meaning = "first period since joining in which it can happen; without it 0"},            \
        {.key = "until",                                                                           \
         .kind = LTV_FIELD_COUNT,                                                                  \
         MEMBER(RATE, ltv_rate, until),                                                            \
         WHOLE(ltv_rate, until),                                                                   \
         .lowest = 1,                                                                              \
         .highest = LTV_MAX_HORIZON,                                                               \
         .meaning = "first period since joining in which it cannot happen any more"},              \
    {                                                                                              \
        .key = "by_tenure", .kind = LTV_FIELD_SPIKES, ARRAY(RATE, ltv_rate, spikes, n_spikes),     \
        MULTIPLIER,                                                                                \
        .meaning = "multipliers of the hazard in single periods since joining, {11: 1.8}"          \
    }

static const ltv_field rate_fields[] = {RATE_ROWS};
static const ltv_block rate_block = {
    BLOCK(rate_fields, "rate", "how often something happens, in the scenario's own time unit"),
    .alternatives = "rate", .needs_an_alternative = true};

/* ---- plans ------------------------------------------------------------------------------- */

static const ltv_field plan_change_fields[] = {
    {.key = "to",
     .kind = LTV_FIELD_PLAN,
     .required = true,
     MEMBER(PLAN_CHANGE, ltv_plan_change, to),
     .meaning = "name of the plan that customers change to"},
    RATE_ROWS,
};
static const ltv_block plan_change_block = {
    BLOCK(plan_change_fields, "plan_change", "a way from one plan to another"),
    .alternatives = "rate", .needs_an_alternative = true};

static const ltv_field plan_fields[] = {
    {.key = "price",
     MONEY,
     .required = true,
     MEMBER(PLAN, ltv_plan, price),
     .meaning = "price of one period, in the currency, also under a term"},
    {.key = "starts",
     SHARE,
     .fallback = "0%",
     MEMBER(PLAN, ltv_plan, starts),
     .highest = 1,
     .meaning = "share of joining customers who begin with this plan"},
    {.key = "gross_margin",
     SHARE,
     MEMBER(PLAN, ltv_plan, margin),
     .highest = 1,
     .meaning = "gross margin of this plan instead of the general one"},
    {.key = "churn",
     CHURN_MULTIPLIER,
     MEMBER(PLAN, ltv_plan, churn),
     .meaning = "multiplier of the hazard of voluntary churn while the plan is held"},
    {.key = "term",
     .kind = LTV_FIELD_COUNT,
     MEMBER(PLAN, ltv_plan, term),
     WHOLE(ltv_plan, term),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "periods of a contract term, to the end of which those pay who want to leave; "
                "without it they leave at once"},
    {.key = "upgrade",
     .kind = LTV_FIELD_PLAN_CHANGES,
     .block = &plan_change_block,
     ARRAY(PLAN, ltv_plan, upgrades, n_upgrades),
     .meaning = "change to a better plan; a list for several"},
    {.key = "downgrade",
     .kind = LTV_FIELD_PLAN_CHANGES,
     .block = &plan_change_block,
     ARRAY(PLAN, ltv_plan, downgrades, n_downgrades),
     .meaning = "change to a smaller plan; a list for several"},
};
const ltv_block ltv_plan_block = {BLOCK(plan_fields, "plan", "what customers pay for, one each")};

/* ---- add-ons ----------------------------------------------------------------------------- */

static const ltv_field add_on_fields[] = {
    {.key = "price",
     MONEY,
     .required = true,
     MEMBER(ADD_ON, ltv_add_on, price),
     .meaning = "price of one period, in the currency"},
    {.key = "gross_margin",
     SHARE,
     MEMBER(ADD_ON, ltv_add_on, margin),
     .highest = 1,
     .meaning = "gross margin of this add-on instead of the general one"},
    {.key = "attach",
     .kind = LTV_FIELD_BLOCK,
     .block = &rate_block,
     .required = true,
     MEMBER(ADD_ON, ltv_add_on, attach),
     .enters = true,
     .target = LTV_IN_RATE,
     .meaning = "how often customers without the add-on take it"},
    {.key = "drop",
     .kind = LTV_FIELD_BLOCK,
     .block = &rate_block,
     .fallback = "none",
     .word = "none",
     MEMBER(ADD_ON, ltv_add_on, drop),
     .enters = true,
     .target = LTV_IN_RATE,
     .meaning = "how often customers with the add-on give it up, or none"},
    {.key = "churn",
     CHURN_MULTIPLIER,
     MEMBER(ADD_ON, ltv_add_on, churn),
     .meaning = "multiplier of the hazard of voluntary churn while the add-on is held"},
};
const ltv_block ltv_add_on_block = {
    BLOCK(add_on_fields, "add_on", "what customers may take besides what everybody pays")};

/* ---- orders ------------------------------------------------------------------------------ */

/* Two ways to say how the value of orders is distributed. What is read goes where what follows
 * from it will stand; ltv_read_order_value converts it. */
static const ltv_field order_value_fields[] = {
    {.key = "mean",
     MONEY,
     MEMBER(ARM, ltv_arm, orders.value_mean),
     .is_alternative = true,
     .meaning = "expected value of an order, in the currency"},
    {.key = "cv_within",
     SHARE,
     .needs = "mean",
     .fallback = "0",
     MEMBER(ARM, ltv_arm, orders.p),
     .highest = 100,
     .meaning = "coefficient of variation of the values of one customer's orders"},
    {.key = "cv_between",
     SHARE,
     .needs = "mean",
     .fallback = "0",
     MEMBER(ARM, ltv_arm, orders.q),
     .highest = 100,
     .meaning = "coefficient of variation of customers' mean order values"},
    {.key = "p",
     .kind = LTV_FIELD_NUMBER,
     MEMBER(ARM, ltv_arm, orders.p),
     .lowest_open = true,
     .highest = 1e6,
     .is_alternative = true,
     .meaning = "shape of the gamma distribution of one customer's order values"},
    {.key = "q",
     .kind = LTV_FIELD_NUMBER,
     .needs = "p",
     .required = true,
     MEMBER(ARM, ltv_arm, orders.q),
     .lowest = 1,
     .lowest_open = true,
     .highest = 1e6,
     .meaning = "shape of the gamma distribution of customers' rates"},
    {.key = "gamma",
     .kind = LTV_FIELD_NUMBER,
     .needs = "p",
     .required = true,
     MEMBER(ARM, ltv_arm, orders.value_mean),
     .lowest_open = true,
     .highest = 1e12,
     .meaning = "rate of the gamma distribution of customers' rates; the mean value of an order "
                "is p x gamma/(q - 1)"},
};
static const ltv_block order_value_block = {
    BLOCK(order_value_fields, "order_value", "what an order is worth"), .alternatives = "value",
    .needs_an_alternative = true, .usual_key = "mean"};

static const ltv_field order_heterogeneity_fields[] = {
    {.key = "gamma",
     .kind = LTV_FIELD_BLOCK,
     .block = &ltv_cv_block,
     .in = LTV_IN_SPREAD,
     .is_alternative = true,
     .chooses = true,
     .choice = LTV_SPREAD_GAMMA,
     .meaning = "gamma distributed over customers with mean 1"},
};
static const ltv_block order_heterogeneity_block = {
    BLOCK(order_heterogeneity_fields, "order_heterogeneity",
          "how the number of orders differs from customer to customer"),
    .alternatives = "distribution", .needs_an_alternative = true, .usual_key = "gamma"};

#define ORDERS_ROW(name, unit)                                                                     \
    {                                                                                              \
        .key = name, .kind = LTV_FIELD_NUMBER, MEMBER(ARM, ltv_arm, orders.rate),                  \
        .lowest_open = true, .highest = 1e6, .per_unit = 1 + LTV_UNIT_##unit,                      \
        .is_alternative = true, .zero_hint = "without orders, leave the block out",                \
        .meaning = "expected orders of an active customer in this time"                            \
    }

static const ltv_field orders_fields[] = {
    ORDERS_ROW("daily", DAY),
    ORDERS_ROW("weekly", WEEK),
    ORDERS_ROW("monthly", MONTH),
    ORDERS_ROW("quarterly", QUARTER),
    ORDERS_ROW("yearly", YEAR),
    {.key = "first_order",
     .kind = LTV_FIELD_CHOICE,
     .fallback = "certain",
     MEMBER(ARM, ltv_arm, orders.first_order_certain),
     WHOLE(ltv_arm, orders.first_order_certain),
     .choices = (const char *const[]){"none", "certain", NULL},
     .meaning =
         "certain, as by default: everybody orders once at joining, besides the rate; or none"},
    {.key = "heterogeneity",
     .kind = LTV_FIELD_BLOCK,
     .block = &order_heterogeneity_block,
     .fallback = "none",
     .word = "none",
     MEMBER(ARM, ltv_arm, orders.heterogeneity),
     .enters = true,
     .target = LTV_IN_SPREAD,
     .meaning = "how the number of orders differs from customer to customer, or none"},
    {.key = "value",
     .kind = LTV_FIELD_ORDER_VALUE,
     .block = &order_value_block,
     .required = true,
     .in = LTV_IN_ARM,
     .meaning = "what an order is worth"},
    {.key = "season",
     .kind = LTV_FIELD_SEASON,
     MEMBER(ARM, ltv_arm, orders.season),
     .present_offset = offsetof(ltv_arm, orders.has_season),
     MULTIPLIER,
     .zero_hint = "nobody ever orders; leave the orders out instead",
     .meaning = "12 multipliers of the number of orders, January to December"},
};
const ltv_block ltv_orders_block = {
    BLOCK(orders_fields, "orders", "single purchases, in any number per period"),
    .alternatives = "rate of orders", .needs_an_alternative = true};

/* ---- price changes ----------------------------------------------------------------------- */

static const ltv_field price_response_fields[] = {
    {.key = "times",
     .kind = LTV_FIELD_NUMBER,
     .required = true,
     MULTIPLIER,
     MEMBER(PRICE_CHANGE, ltv_price_change, churn_times),
     .meaning = "multiplier of the hazard of voluntary churn"},
    {.key = "for",
     .kind = LTV_FIELD_COUNT,
     .required = true,
     MEMBER(PRICE_CHANGE, ltv_price_change, churn_for),
     WHOLE(ltv_price_change, churn_for),
     .is_periods = true,
     .lowest = 1,
     .highest = LTV_MAX_HORIZON,
     .meaning = "periods, beginning with that of the changed bill"},
};
static const ltv_block price_response_block = {
    BLOCK(price_response_fields, "price_response", "how churn answers to a price change")};

static const ltv_field price_change_fields[] = {
    {.key = "at_tenure",
     .kind = LTV_FIELD_COUNT,
     MEMBER(PRICE_CHANGE, ltv_price_change, bill),
     WHOLE(ltv_price_change, bill),
     .highest = LTV_MAX_HORIZON - 1,
     .is_alternative = true,
     .meaning = "first bill at the new price, counted from 0 at joining"},
    {.key = "at_period",
     .kind = LTV_FIELD_BILL_DATE,
     MEMBER(PRICE_CHANGE, ltv_price_change, bill),
     .is_alternative = true,
     .meaning = "date from which bills are at the new price, YYYY-MM or YYYY-MM-DD; needs "
                "time.start"},
    {.key = "times",
     .kind = LTV_FIELD_NUMBER,
     .required = true,
     MULTIPLIER,
     MEMBER(PRICE_CHANGE, ltv_price_change, times),
     .meaning = "multiplier of all recurring prices, x1.1 for 10% more"},
    {.key = "churn",
     .kind = LTV_FIELD_BLOCK,
     .block = &price_response_block,
     .in = LTV_IN_PRICE_CHANGE,
     .meaning = "how churn answers to the change"},
};
const ltv_block ltv_price_change_block = {
    BLOCK(price_change_fields, "price_change", "prices are multiplied from a bill on"),
    .alternatives = "time of the change", .needs_an_alternative = true};
