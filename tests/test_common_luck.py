#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arms face the same customers with the same luck, in the scenario that shows programmes.

    test_common_luck.py LTVSIM

How much that brings: with luck of their own the variance of the difference of two arms would be
the sum of theirs. And how far it goes: what one arm does can be seen in no other's figures.
"""

import sys
import unittest

from ltvsim_runs import ROOT, run_file, run_text

CONFIG = ROOT / "configs" / "retention_roi.yaml"
LEAST_ONBOARDING = 100
# The middle of what is uncertain there: luck shows with the inputs known.
CERTAIN = [f"--set={path}={value}" for path, value in {
    "retention.weibull.scale": 29.7, "gross_margin": "78%", "channels.paid.cac": 900,
    "interventions.onboarding.effect.churn.times": 0.79,
    "interventions.save_offer.when.on_churn_intent.accept": "30%",
    "interventions.dunning.when.on_payment_failure.recover": "48%",
}.items()] + ["--set=correlations=[]", "--set=experiment.customers=100000"]  # fmt: skip


def variance(value):
    return value["one_customer"]["sd"] ** 2


class CommonLuck(unittest.TestCase):
    def test_a_difference_of_arms_varies_far_less_than_two_cohorts(self):
        results = run_file(LTVSIM, CONFIG, "--customers", 50_000, *CERTAIN)
        ratios = {}
        print(f"\n{'contrast':<24}{'var(a) + var(b)':>18}{'var(a - b)':>14}{'ratio':>9}")
        for name, contrast in results["compare"].items():
            arms = (results["arms"][contrast[side]] for side in ("arm", "against"))
            apart = sum(variance(arm["ltv"]) for arm in arms)
            common = variance(contrast["delta_ltv"])
            ratios[name] = apart / common
            print(f"{name:<24}{apart:>18,.0f}{common:>14,.0f}{ratios[name]:>9.1f}")
        self.assertGreater(ratios["onboarding"], LEAST_ONBOARDING)
        for name, ratio in ratios.items():
            self.assertGreater(ratio, 1, name)

    def test_an_arm_more_changes_no_figure_of_the_others(self):
        text = CONFIG.read_text(encoding="utf-8")
        more = text
        for before, added in (
            ("  onboarding:\n    who:", "  letter:\n"
             "    when: {every: 2}\n"
             "    effect: {churn: {times: 0.5, for: 3}, upgrade: {times: 3, for: ever}}\n"
             "    cost: {per_contact: 1, fixed: 100}\n"
             "    capacity: 50\n"),
            ("  onboarding: [onboarding]\n", "  letter: {interventions: [letter, dunning],"
             " set: {involuntary_churn.monthly: 2%, segments.low.upgrade: x3}}\n"),
        ):  # fmt: skip
            self.assertEqual(more.count(before), 1)
            more = more.replace(before, added + before)
        less, more = (run_text(LTVSIM, t, "--customers", 20_000, *CERTAIN) for t in (text, more))
        for group in ("arms", "compare"):
            self.assertEqual(set(more[group]) - set(less[group]), {"letter"})
            for name, figures in less[group].items():
                self.assertEqual(figures, more[group][name], f"{group}: {name}")
        self.assertNotEqual(more["compare"]["letter"]["delta_ltv"]["mean"], 0)


if __name__ == "__main__":
    LTVSIM = sys.argv.pop(1)
    unittest.main()
