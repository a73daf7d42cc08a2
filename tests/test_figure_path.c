/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario_fixture.h"
#include "sim/draw_table.h"
#include "sim/figure_path.h"
#include "sim/simulate.h"

static ltv_scenario scenario;
static ltv_estimate estimate;
static ltv_figure_list list;

static int simulate(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    assert_int_equal(ltv_simulate(&estimate, &scenario, NULL, NULL), LTV_OK);
    assert_int_equal(ltv_figure_list_init(&list, &estimate, NULL), LTV_OK);
    return 0;
}

static int release(void **state)
{
    (void)state;
    ltv_figure_list_free(&list);
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
    return 0;
}

static const ltv_metric *metric_named(const ltv_metric *metrics, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}

static void expect(const char *path, const ltv_metric *metric, size_t owner)
{
    const ltv_named_figure *figure = NULL;
    ltv_error err = {0};
    assert_non_null(metric);
    if (ltv_figure_find(&figure, &list, path, &err) != LTV_OK)
        fail_msg("%s: %s", path, err.message);
    assert_ptr_equal(figure->metric, metric);
    assert_int_equal(figure->owner, owner);
}

static void a_path_leads_to_its_figure_and_owner(void **state)
{
    (void)state;
    const ltv_arm_estimate *arm = &estimate.arms[1];
    const ltv_group_estimate *segment = &arm->segments[1], *channel = &arm->channels[2];
    const ltv_contrast_estimate *last = &estimate.contrasts[estimate.n_contrasts - 1];
    expect("arms.offer.ltv", metric_named(arm->all.metrics, arm->all.n_metrics, "ltv"),
           ltv_draw_table_owner(&estimate, &arm->all, NULL));
    expect("arms.offer.segments.segment 1.ltv_cac",
           metric_named(segment->metrics, segment->n_metrics, "ltv_cac"),
           ltv_draw_table_owner(&estimate, segment, NULL));
    expect("arms.offer.channels.channel 2.arpu",
           metric_named(channel->metrics, channel->n_metrics, "arpu"),
           ltv_draw_table_owner(&estimate, channel, NULL));
    expect("compare.all.roi",
           metric_named(estimate.contrasts[1].metrics, estimate.contrasts[1].n_metrics, "roi"),
           ltv_draw_table_owner(&estimate, NULL, &estimate.contrasts[1]));
    expect("compare.all|offer.net_gain", metric_named(last->metrics, last->n_metrics, "net_gain"),
           ltv_draw_table_owner(&estimate, NULL, last));
}

static void every_figure_has_a_path_of_its_own(void **state)
{
    (void)state;
    size_t figures = 0;
    for (size_t a = 0; a < estimate.n_arms; a++)
        figures += estimate.arms[a].all.n_metrics;
    assert_true(list.n > figures);
    for (size_t i = 0; i < list.n; i++)
        assert_ptr_equal(ltv_figure_known(&list, list.items[i].path), &list.items[i]);
}

static void an_unknown_figure_is_answered_with_what_there_is(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says[4];
    } cases[] = {
        {"arms.offer.ltvcac",
         {"'arms.offer.ltvcac'", "did you mean 'arms.offer.ltv_cac'?", "arms.offer has ",
          "those of arms.baseline, "}},
        {"compare.al.roi", {"did you mean 'compare.all.roi'?", "compare.all has ", "roi"}},
        {"x", {"there is no figure 'x'; ", "arms.baseline has ", "ltv, "}},
        {"", {"there is no figure ''; "}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        ltv_error err = {0};
        const ltv_named_figure *figure = list.items;
        assert_int_equal(ltv_figure_find(&figure, &list, cases[c].path, &err), LTV_ERR_BAD_INPUT);
        assert_null(figure);
        for (size_t i = 0; i < 4 && cases[c].says[i] != NULL; i++)
            if (strstr(err.message, cases[c].says[i]) == NULL)
                fail_msg("\"%s\" is not in: %s", cases[c].says[i], err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_its_figure_and_owner),
        cmocka_unit_test(every_figure_has_a_path_of_its_own),
        cmocka_unit_test(an_unknown_figure_is_answered_with_what_there_is),
    };
    return cmocka_run_group_tests(tests, simulate, release);
}
