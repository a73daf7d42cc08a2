#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""script/telco_survival.py on made-up rows with known answers, and configs/telco.yaml on IBM's.

    test_telco_survival.py                the made-up rows
    test_telco_survival.py --sample       configs/telco.yaml is what the script makes of the file
                                          named by LTVSIM_TELCO_CSV; exits 77 (skipped) without it
"""

import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "script" / "telco_survival.py"
CONFIG = ROOT / "configs" / "telco.yaml"
SKIPPED = 77


def run_script(path):
    return subprocess.run(
        [sys.executable, SCRIPT, path], check=True, capture_output=True, text=True
    ).stdout


def numbers_of(scenario):
    """Share, price multiplier and survival list of each segment of the printed scenario."""
    segments = {}
    for block in re.split(r"\n(?=  \w+:\n)", scenario)[1:]:
        name = block.split(":")[0].strip()
        listed = re.search(r"\[(.*?)\]", block, re.S).group(1)
        segments[name] = {
            "share": float(re.search(r"share: ([\d.]+)%", block).group(1)) / 100,
            "price": float(re.search(r"price: x([\d.]+)", block).group(1)),
            "survival": [float(s) / 100 for s in re.findall(r"([\d.]+)%", listed)],
        }
    return segments


def survival_by_redistribution(customers, months):
    """Efron's redistribution to the right, which gives the Kaplan-Meier estimate by another route.

    Every customer holds the same mass. In the order of tenure, those who left first, one who
    left takes the mass away; one who is censored hands it in equal parts to all that follow.
    """
    ordered = sorted(customers, key=lambda c: (c[0], not c[1]))
    mass, gone = 1 / len(ordered), 0.0
    lost_by_month = [0.0] * (months + 1)
    for place, (bills, left) in enumerate(ordered):
        following = len(ordered) - place - 1
        if left:
            gone += mass
            lost_by_month[bills] += mass
        elif following:
            mass += mass / following
    survival, remaining = [], 1.0
    for lost in lost_by_month:
        remaining -= lost
        survival.append(remaining)
    return survival


class MadeUpRows(unittest.TestCase):
    ROWS = (
        # month-to-month: 1 of 4 leaves in month 1; one is censored after month 2; of the two
        # who are left in month 3 one leaves, the other is censored.
        [("Month-to-month", 1, "Yes", 30), ("Month-to-month", 2, "No", 30)]
        + [("Month-to-month", 3, "Yes", 30), ("Month-to-month", 3, "No", 30)]
        # one year: left and censored in the same month; the censored one was at risk in it.
        + [("One year", 2, "Yes", 60), ("One year", 2, "No", 60), ("One year", 3, "No", 60)]
        # two year: the one without a bill counts for share and charge, not for retention.
        + [("Two year", 0, "No", 90), ("Two year", 3, "Yes", 30), ("Two year", 3, "No", 30)]
    )

    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "rows.csv"
            with open(path, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["tenure", "Contract", "MonthlyCharges", "Churn"])
                writer.writerows((t, c, charge, left) for c, t, left, charge in self.ROWS)
            self.segments = numbers_of(run_script(path))

    def assert_survival(self, name, expected):
        for u, (found, wanted) in enumerate(zip(self.segments[name]["survival"], expected)):
            self.assertAlmostEqual(found, wanted, delta=5.1e-6, msg=f"{name}, bill {u}")
        self.assertEqual(len(self.segments[name]["survival"]), len(expected))

    def test_censored_customers_leave_the_risk_set_after_their_last_month(self):
        self.assert_survival("month_to_month", [1, 3 / 4, 3 / 4, 3 / 8])

    def test_a_customer_censored_in_the_month_of_a_loss_was_at_risk_in_it(self):
        self.assert_survival("one_year", [1, 1, 2 / 3, 2 / 3])

    def test_a_customer_without_a_bill_says_nothing_about_retention(self):
        self.assert_survival("two_year", [1, 1, 1, 1 / 2])

    def test_shares_sum_to_one_and_count_everybody(self):
        shares = [s["share"] for s in self.segments.values()]
        self.assertAlmostEqual(sum(shares), 1, delta=1e-12)
        self.assertEqual([round(s, 2) for s in shares], [0.4, 0.3, 0.3])

    def test_price_multipliers_are_relative_to_the_mean_charge_of_all(self):
        mean = sum(row[3] for row in self.ROWS) / len(self.ROWS)
        for name, charge in [("month_to_month", 30), ("one_year", 60), ("two_year", 50)]:
            self.assertAlmostEqual(self.segments[name]["price"], charge / mean, delta=5.1e-6)


class Sample(unittest.TestCase):
    def test_the_committed_scenario_is_what_the_script_prints(self):
        self.assertEqual(run_script(SAMPLE), CONFIG.read_text(encoding="utf-8"))

    def test_the_committed_curves_are_kaplan_meier_by_redistribution_too(self):
        groups = {}
        with open(SAMPLE, newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                if row["tenure"] != "0":
                    name = row["Contract"].lower().replace("-", "_").replace(" ", "_")
                    groups.setdefault(name, []).append((int(row["tenure"]), row["Churn"] == "Yes"))
        committed = numbers_of(CONFIG.read_text(encoding="utf-8"))
        self.assertEqual(sorted(committed), sorted(groups))
        for name, customers in groups.items():
            expected = survival_by_redistribution(customers, 72)
            found = committed[name]["survival"]
            self.assertEqual(len(found), 73)
            for u, (a, b) in enumerate(zip(found, expected)):
                self.assertAlmostEqual(a, b, delta=5.1e-6, msg=f"{name}, bill {u}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--sample"]:
        SAMPLE = os.environ.get("LTVSIM_TELCO_CSV")
        if not SAMPLE:
            print("skipped: LTVSIM_TELCO_CSV does not name IBM's telco sample")
            sys.exit(SKIPPED)
        unittest.main(argv=sys.argv[:1], defaultTest="Sample")
    unittest.main(defaultTest="MadeUpRows")
