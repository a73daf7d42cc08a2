/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/io/scenario/read_references.h"
#include "tests/walk_fixture.h"

/* A walk in an arm with the plans basic, pro and annual, and a segment that reads its starts. */
typedef struct {
    walk_fixture f;
    ltv_segment segment;
} plans_fixture;

static void init(plans_fixture *p)
{
    static const char *const names[] = {"basic", "pro", "annual"};
    walk_fixture_init(&p->f);
    p->segment = (ltv_segment){0};
    p->f.walk.target[LTV_IN_SEGMENT] = &p->segment;
    p->f.arm.plans = calloc(3, sizeof *p->f.arm.plans);
    assert_non_null(p->f.arm.plans);
    p->f.arm.n_plans = 3;
    for (size_t i = 0; i < 3; ++i)
        snprintf(p->f.arm.plans[i].name, LTV_NAME_SIZE, "%s", names[i]);
}

static void release(plans_fixture *p)
{
    free(p->segment.starts);
    walk_fixture_free(&p->f);
}

static const ltv_field starts = {.kind = LTV_FIELD_STARTS,
                                 .in = LTV_IN_SEGMENT,
                                 .offset = offsetof(ltv_segment, starts),
                                 .marks = LTV_MARK_PERCENT,
                                 .highest = 1};

static void a_name_is_found_or_the_nearest_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* NULL: it is the plan number `index` */
        uint32_t index;
    } cases[] = {
        {"basic", NULL, 0},
        {"annual", NULL, 2},
        {"anual", "there is no plan anual; did you mean annual?", 0},
        {"Pro", "there is no plan Pro; did you mean pro?", 0},
        {"enterprise", "there is no plan enterprise", 0},
        {"[pro]", "the name of a plan is due here, not a list", 0},
    };
    static const ltv_field to = {.in = LTV_IN_PLAN_CHANGE, .offset = offsetof(ltv_plan_change, to)};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        plans_fixture p;
        ltv_plan_change change = {.to = LTV_NOWHERE};
        init(&p);
        p.f.walk.target[LTV_IN_PLAN_CHANGE] = &change;
        ltv_status status =
            ltv_read_plan_name(&p.f.walk, &to, walk_fixture_parse(&p.f, cases[i].text));
        walk_fixture_expect(&p.f, status, cases[i].text, cases[i].message);
        assert_int_equal(change.to, cases[i].message == NULL ? cases[i].index : LTV_NOWHERE);
        release(&p);
    }
}

static void shares_stand_in_the_order_of_what_they_name(void **state)
{
    (void)state;
    plans_fixture p;
    init(&p);
    ltv_yaml_node *node = walk_fixture_parse(&p.f, "{annual: 25%, basic: 0.75}");
    walk_fixture_expect(&p.f, ltv_read_starts(&p.f.walk, &starts, node), "shares", NULL);
    assert_true(p.segment.starts[0] == 0.75 && p.segment.starts[1] == 0 &&
                p.segment.starts[2] == 0.25);
    release(&p);
}

static void shares_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text, *message;
    } cases[] = {
        {"unknown", "{basic: 50%, prp: 50%}", "here.prp: there is no plan prp; did you mean pro?"},
        {"too little", "{basic: 50%}", "here: the shares sum to 50%, but must sum to 100%"},
        {"too much", "{basic: 50%, pro: 60%}", "here: the shares sum to 110%"},
        {"negative", "{basic: 110%, pro: -10%}", "here.basic: 110% is out of range"},
        {"a number", "50%", "names with their values are due here, not a single value"},
        {"nobody", "{}", "names with their values are due here, not an empty block"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        plans_fixture p;
        init(&p);
        ltv_status status =
            ltv_read_starts(&p.f.walk, &starts, walk_fixture_parse(&p.f, cases[i].text));
        walk_fixture_expect(&p.f, status, cases[i].label, cases[i].message);
        release(&p);
    }
}

static void segments_that_nobody_declared_have_no_name(void **state)
{
    (void)state;
    static const ltv_field shares = {
        .in = LTV_IN_CHANNEL, .offset = offsetof(ltv_channel, segments), .highest = 1};
    for (int declared = 0; declared < 2; ++declared) {
        walk_fixture f;
        ltv_channel channel = {0};
        walk_fixture_init(&f);
        f.walk.target[LTV_IN_CHANNEL] = &channel;
        f.arm.segments = calloc(1, sizeof *f.arm.segments);
        assert_non_null(f.arm.segments);
        f.arm.segments[0] = (ltv_segment){.name = "all"};
        f.arm.n_segments = 1;
        f.arm.declared_segments = declared;
        ltv_status status =
            ltv_read_segment_shares(&f.walk, &shares, walk_fixture_parse(&f, "{all: 1}"));
        walk_fixture_expect(&f, status, "all",
                            declared ? NULL : "there is no segment all: there are no segments");
        free(channel.segments);
        walk_fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_found_or_the_nearest_is_told),
        cmocka_unit_test(shares_stand_in_the_order_of_what_they_name),
        cmocka_unit_test(shares_that_make_no_sense_are_refused),
        cmocka_unit_test(segments_that_nobody_declared_have_no_name),
    };
    return cmocka_run_group_tests_name("read_references", tests, NULL, NULL);
}
