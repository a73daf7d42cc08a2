/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SCENARIO_FIELDS_H
#define LTV_SIM_IO_SCENARIO_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/io/number.h"

/* The one table of every key that a scenario may have. The reader walks it, the JSON Schema is
 * made from it, and suggestions for misspelt keys come from it. A retention curve needs no row:
 * its rows are made from its model (models/curve.h). */

typedef enum {
    LTV_FIELD_NUMBER,         /* double */
    LTV_FIELD_COUNT,          /* whole number, stored in `width` bytes */
    LTV_FIELD_TEXT,           /* one line, char * */
    LTV_FIELD_CHOICE,         /* one of `choices`, stored as its index (an enum) */
    LTV_FIELD_VERSION,        /* the schema version, 1 */
    LTV_FIELD_CURRENCY,       /* ISO 4217 code */
    LTV_FIELD_DATE,           /* YYYY-MM or YYYY-MM-DD */
    LTV_FIELD_SEASON,         /* list of 12 multipliers */
    LTV_FIELD_SURVIVAL,       /* list of shares still active */
    LTV_FIELD_CHURN_LIST,     /* list of churn per period */
    LTV_FIELD_CSV,            /* file name; replaced by the list it holds before fields are read */
    LTV_FIELD_CSV_PART,       /* text that the CSV field reads */
    LTV_FIELD_SPIKES,         /* tenure: multiplier, …; into an array */
    LTV_FIELD_AMOUNT,         /* double, or keys of `block` for one that differs over customers */
    LTV_FIELD_PLAN,           /* name of a plan, stored as its index */
    LTV_FIELD_BILL_DATE,      /* date, stored as the number of the first bill from there on */
    LTV_FIELD_STARTS,         /* plan: share, …; an array of its own */
    LTV_FIELD_SEGMENT_SHARES, /* segment: share, …; an array of its own */
    LTV_FIELD_PHASES,         /* name: [from, until], …; into an array */
    LTV_FIELD_ORDER_VALUE,    /* keys of `block`, then converted */
    LTV_FIELD_PLAN_CHANGES,   /* keys of `block` or a list of such blocks; into an array */
    LTV_FIELD_PRICE_CHANGES,  /* likewise */
    LTV_FIELD_BLOCK,          /* keys of `block` */
    LTV_FIELD_SEGMENTS,       /* name: keys of `block`, … */
    LTV_FIELD_CHANNELS,       /* name: keys of `block`, … */
    LTV_FIELD_PLANS,          /* name: keys of `block`, … */
    LTV_FIELD_ADD_ONS,        /* name: keys of `block`, … */
    LTV_FIELD_INTERVENTIONS,  /* name: keys of `block`, … */
    LTV_FIELD_NAME,         /* of something that the scenario defines, found when an arm is read */
    LTV_FIELD_NAMES,        /* one such name, or a list of different ones */
    LTV_FIELD_ARMS,         /* name: nothing, a list of programmes or keys of `block`, … */
    LTV_FIELD_PROGRAMMES,   /* list of different names of interventions, perhaps empty */
    LTV_FIELD_SET,          /* path in the scenario: value, … */
    LTV_FIELD_COMPARE,      /* list of pairs of arms */
    LTV_FIELD_CORRELATIONS, /* list of [path, path, correlation] */
    LTV_FIELD_UNTIL,        /* keys of `block` or a list of such blocks; into the scenario */
    LTV_FIELD_RESERVED      /* a key of a later version */
} ltv_field_kind;

/* The struct that a field's `offset` counts in. */
typedef enum {
    LTV_IN_SCENARIO,
    LTV_IN_ARM,
    LTV_IN_RETENTION,
    LTV_IN_CURVE,
    LTV_IN_SPREAD,
    LTV_IN_SEGMENT,
    LTV_IN_CHANNEL,
    LTV_IN_PLAN,
    LTV_IN_PLAN_CHANGE,
    LTV_IN_ADD_ON,
    LTV_IN_RATE,
    LTV_IN_PRICE_CHANGE,
    LTV_IN_INTERVENTION,
    LTV_IN_TRIGGER,
    LTV_IN_EFFECT,
    LTV_IN_PRECISION,
    LTV_TARGETS
} ltv_field_target;

/* Defaults that depend on the rest of the scenario. */
typedef enum {
    LTV_DEFAULT_FIXED, /* `fallback`, if there is one */
    LTV_DEFAULT_TITLE,
    LTV_DEFAULT_HORIZON,
    LTV_DEFAULT_HOLD
} ltv_default_rule;

typedef struct ltv_block ltv_block;

typedef struct {
    const char *key;
    ltv_field_kind kind;
    const char *meaning; /* with its unit */
    bool required;
    const char *fallback; /* default, as YAML text; NULL without one */
    ltv_default_rule rule;

    /* Where the value goes. */
    ltv_field_target in;
    size_t offset;
    size_t width;          /* COUNT: bytes of the target; CHOICE: of a bool, else an enum's */
    size_t count_offset;   /* arrays: size_t in `in`, length of the array at `offset` */
    size_t present_offset; /* bool in `in` set to true when the key is there; 0 for none */

    /* NUMBER, COUNT and the multipliers and shares of lists. */
    double lowest, highest;
    bool lowest_open, highest_open, not_zero;
    unsigned marks;        /* ltv_number_marks */
    bool is_complement;    /* 1 minus the value is stored */
    const char *zero_hint; /* where 0 is out of range: what to do instead; NULL for none. SEASON:
                            * what twelve zeros mean */
    const char *high_hint; /* the same where the value is above the range */
    bool is_periods;       /* COUNT: of the scenario's time unit */
    int per_unit;          /* NUMBER: 1 + the ltv_time_unit of a rate, which is converted to the
                            * scenario's; 0: none */

    const char *const *choices; /* CHOICE: ends with NULL */

    /* BLOCK and everything else of which the kind says "keys of `block`" */
    const ltv_block *block;
    bool enters;             /* the block's fields count in the struct … */
    ltv_field_target target; /* … of this kind that lies at `offset` of `in` */
    bool chooses;            /* being written sets the enum at offset 0 of the entered struct … */
    int choice;              /* … or, without `enters`, of `in`, to this */
    const char *word;        /* a word allowed instead of the block: "none", "stop". A key of the
                              * block that is written the same is what the word chooses. Instead
                              * of a COUNT: the largest number, "ever" */
    size_t word_offset;      /* bool in `in` that the word sets; 0 for none */

    const char *needs;   /* only beside this key, and dropped together with it; `required` and
                          * `fallback` hold beside it only */
    bool is_alternative; /* at most one of the block's alternatives may be written */
    int for_unit;        /* 1 + the ltv_time_unit with which the key may be used; 0: any */
    bool settable;       /* top level: an arm may override it */
} ltv_field;

struct ltv_block {
    const char *name;    /* in the JSON Schema */
    const char *meaning; /* of the block as a whole */
    size_t n_fields;
    const ltv_field *fields;
    const char *alternatives;  /* what they are together, "retention curve"; NULL without any */
    bool needs_an_alternative; /* exactly one, not at most one */
    const char *usual_key;     /* what a plain value instead of the block means; NULL if nothing */
    const char *usual_rest;  /* what else is due beside it, by example: "for: 6"; NULL if nothing */
    const char *usual_value; /* its value by example, for who writes none; NULL if nothing */
};

/* True when the value is a mapping from names that the user gives to blocks of keys. */
bool ltv_field_has_names(ltv_field_kind kind);

/* The top level of a scenario. */
const ltv_block *ltv_scenario_fields(void);

/* NULL when the block has no such key. */
const ltv_field *ltv_block_field(const ltv_block *block, const char *key);

/* Is this a word that introduces an uncertain number ("ci90")? */
bool ltv_is_distribution_word(const char *key);

/* The one of those words that may have been meant; NULL: none is near. */
const char *ltv_nearest_distribution_word(const char *key);

/* Bytes of a title, a file name and the like; results files hold them in small attributes. */
enum { LTV_MAX_TEXT = 1000 };

/* The only text that `ltvsim:` may have. */
#define LTV_SCENARIO_VERSION "1"

#endif
