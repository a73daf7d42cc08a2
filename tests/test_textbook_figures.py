#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios in configs/ give the figures that their comments name.

    test_textbook_figures.py LTVSIM

Simulated figures must lie within 5.2 of their standard errors, which a right program misses with
probability 2e-7, for all comparisons here below 1e-6 together. The seed is fixed.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from test_telco_survival import CONFIG as TELCO, ROOT, numbers_of

CUSTOMERS = 10_000_000
STANDARD_ERRORS = 5.2


def run(name):
    with tempfile.TemporaryDirectory() as folder:
        printed = subprocess.run(
            [LTVSIM, "run", ROOT / "configs" / f"{name}.yaml", "--json",
             "--customers", str(CUSTOMERS), "-o", f"{folder}/{name}.h5"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    return json.loads(printed)["arms"]


class TextbookFigures(unittest.TestCase):
    def assert_simulated(self, found, standard_error, expected):
        self.assertGreater(standard_error, 0)
        self.assertLess(abs(found - expected) / standard_error, STANDARD_ERRORS)

    def assert_figures(self, arm, ltv, ltv_cac, payback):
        self.assert_simulated(arm["ltv"]["mean"], arm["ltv"]["standard_error"], ltv)
        ratio = arm["metrics"]["ltv_cac"]
        self.assert_simulated(ratio["value"], ratio["mc_standard_error"], ltv_cac)
        self.assertEqual(arm["metrics"]["payback_simple"]["value"], payback)
        self.assertAlmostEqual(arm["metrics"]["closed_form_ltv"]["value"], ltv, delta=1e-9 * ltv)

    def test_music_streaming_is_worth_800_over_3_percent(self):
        arm = run("music_streaming")["baseline"]
        self.assert_figures(arm, 800 / 0.03, 800 / 0.03 / 5000, 7)

    def test_a_phone_app_with_95_percent_continuation_is_worth_4200(self):
        ltv = run("phone_app")["baseline"]["ltv"]
        self.assert_simulated(ltv["mean"], ltv["standard_error"], 4200)

    def test_business_b_is_the_better_investment(self):
        arms = run("invest_a_or_b")
        self.assert_figures(arms["A"], 14000, 1.75, 12)
        self.assert_figures(arms["B"], 20000, 20000 / 3000, 8)

    def test_telco_customers_bring_what_their_survival_tables_add_up_to(self):
        text = TELCO.read_text(encoding="utf-8")
        price = float(re.search(r"^revenue: {price: ([\d.]+)}", text, re.M).group(1))
        horizon = int(re.search(r"horizon: (\d+)", text).group(1))
        rate = float(re.search(r"^discount_rate: ([\d.]+)%", text, re.M).group(1)) / 100
        expected = sum(
            segment["share"] * segment["price"] * price * survival * (1 + rate) ** (-u / 12)
            for segment in numbers_of(text).values()
            for u, survival in enumerate(segment["survival"][:horizon])
        )
        ltv = run("telco")["baseline"]["ltv"]
        self.assert_simulated(ltv["mean"], ltv["standard_error"], expected)


if __name__ == "__main__":
    LTVSIM = sys.argv.pop(1)
    unittest.main()
