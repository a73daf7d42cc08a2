#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws of uncertain numbers, through the whole command and with somebody else's HDF5.

    test_draws.py LTVSIM
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from ltvsim_runs import ROOT, run_text

try:
    import h5py
    import numpy
except ImportError:
    sys.exit(77)

CONFIG = ROOT / "tests" / "good_scenarios" / "uncertain_numbers.yaml"

PLAIN = """
ltvsim: 1
currency: USD
time: {horizon: 24}
retention: {geometric: {churn: {ci90: [3%, 6%]}}}
revenue: {price: {uniform: [90, 110]}}
acquisition: {cac: 300}
experiment: {draws: 64, customers: 128}
"""


def exact(value):
    """Bytes of numbers; texts, which HDF5 keeps by reference, as they read. NaN equals NaN."""
    array = numpy.asarray(value)
    return repr(array.tolist()) if array.dtype.hasobject else array.tobytes()


def datasets(path):
    """Everything but /provenance and references between datasets, by name."""
    found = {}

    def visit(name, item):
        if name.startswith("provenance"):
            return
        found[name] = exact(item[()]) if isinstance(item, h5py.Dataset) else b""
        for key, value in item.attrs.items():
            if key not in ("DIMENSION_LIST", "REFERENCE_LIST"):
                found[f"{name}@{key}"] = exact(value)

    with h5py.File(path) as file:
        file.visititems(visit)
        for key, value in file.attrs.items():
            found[f"@{key}"] = exact(value)
    return found


class Draws(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_to(self, name, scenario, *options, **environment):
        path = pathlib.Path(self.folder.name) / name
        done = subprocess.run(
            [LTVSIM, "run", scenario, "--quiet", "-o", path, *map(str, options)],
            capture_output=True, text=True, env={**os.environ, **environment},
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def write(self, name, text):
        path = pathlib.Path(self.folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_any_number_of_threads_writes_the_same(self):
        text = CONFIG.read_text(encoding="utf-8")
        self.assertIn("draws: 32, customers: 64", text)
        text = text.replace("posterior.csv", str(CONFIG.parent / "posterior.csv"))
        auto = self.write("auto.yaml", text.replace("customers: 64", "customers: auto"))
        for scenario, more in ((CONFIG, (2, 3, 5, 40)), (auto, (3,))):
            alone = datasets(self.run_to("1.h5", scenario, "--threads", 1))
            for threads in more:
                other = datasets(self.run_to("n.h5", scenario, "--threads", threads))
                differ = [k for k in alone if alone[k] != other.get(k) and "source" not in k]
                self.assertEqual(differ, [], f"{threads} threads")
                self.assertEqual(set(alone), set(other))

    def test_any_level_of_processors_writes_the_same(self):
        refused = subprocess.run([LTVSIM, "check", CONFIG], capture_output=True, text=True,
                                 env={**os.environ, "LTVSIM_SIMD": "none"})  # fmt: skip
        self.assertEqual(refused.returncode, 2)
        levels = refused.stderr.split("it has ")[1].strip().split(", ")
        certain = ROOT / "configs" / "saas_growth.yaml"
        others = [(s, {"LTVSIM_SIMD": level}) for s in (CONFIG, certain) for level in levels]
        # The C library's own choice, too, where no input is drawn by its functions.
        others.append((certain, {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"}))
        best = {s: datasets(self.run_to("best.h5", s, "--customers", 64)) for s in (CONFIG, certain)}
        for scenario, other in others:
            again = datasets(self.run_to("n.h5", scenario, "--customers", 64, **other))
            differ = [k for k in again if again[k] != best[scenario].get(k)]
            self.assertEqual(differ, [], str(other))

    def test_the_effective_scenario_gives_the_same(self):
        path = self.run_to("first.h5", CONFIG, "--set", "experiment.customers=auto")
        with h5py.File(path) as file:
            effective = file["scenario/effective"][()].decode()
        first = datasets(path)
        again = datasets(self.run_to("again.h5", self.write("again.yaml", effective)))
        self.assertEqual(first["scenario/effective"], again["scenario/effective"])
        given = re.compile(r"scenario/(source|overrides|assumed)|scenario@|warnings")
        differ = [k for k in first if first[k] != again.get(k) and not given.match(k)]
        self.assertEqual(differ, [])

    def test_revenue_is_split_at_the_prices_of_each_draw(self):
        """Nobody leaves, and one half has either plan. Where the dear plan is cheap, prices are four
        times as high from month 6 on, so that it brings (100 + 40) / 2 a customer then, and not
        its part of the list prices, (100 + 10) / 130. A half of 32,000 customers is further than
        3 % from that with a chance of 8e-8."""
        self.write("joint.csv", "dear,times\n100,1\n10,4\n")
        scenario = self.write(
            "split.yaml",
            """
            ltvsim: 1
            currency: USD
            time: {horizon: 12}
            retention: {geometric: {churn: 0%}}
            plans:
              plain: {price: 20, starts: 50%}
              dear: {price: {samples: {csv: joint.csv, column: dear}}, starts: 50%}
            price_change:
              {at_tenure: 6, times: {samples: {csv: joint.csv, column: times}}, churn: {times: 1, for: 1}}
            experiment: {draws: 64, customers: 1000}
            """,
        )
        with h5py.File(self.run_to("split.h5", scenario)) as file:
            arm = file["arms/baseline"]
            parts = {name: arm["plan_revenue"][name][()] for name in ("plain", "dear")}
            recurring = arm["recurring_revenue"][()]
        for name, before, after in (("plain", 20, (20 + 80) / 2), ("dear", 55, (100 + 40) / 2)):
            numpy.testing.assert_allclose(parts[name][:6], before / 2, rtol=0.03)
            numpy.testing.assert_allclose(parts[name][6:], after / 2, rtol=0.03)
        numpy.testing.assert_allclose(sum(parts.values()), recurring, rtol=1e-12)

    def test_a_draw_can_be_read_from_its_row(self):
        path = self.run_to("draws.h5", self.write("plain.yaml", PLAIN))
        with h5py.File(path) as file:
            names = [name.decode() for name in file["draws/names"][()]]
            values = file["draws/parameters"][()]
            metrics = [name.decode() for name in file["draws/baseline/metric_names"][()]]
            rows = file["draws/baseline/metrics"][()]
            noise = file["draws/baseline/metrics_noise"][()]
            mean = file["draws/baseline/mean_ltv"][()]
            ltv = file["arms/baseline/ltv"].attrs["mean"]
        self.assertEqual(names, ["retention.geometric.churn", "revenue.price"])
        self.assertEqual(values.shape, (64, 2))
        self.assertEqual(rows.shape, (64, len(metrics)))
        numpy.testing.assert_array_equal(rows[:, metrics.index("ltv")], mean)
        numpy.testing.assert_allclose(mean.mean(), ltv, rtol=1e-12)
        stay = 1 - values[:, [0]]
        expected = values[:, 1] * (stay ** numpy.arange(24)).sum(axis=1)
        numpy.testing.assert_allclose(rows[:, metrics.index("expected_ltv")], expected, rtol=1e-9)
        z = (mean - expected) / noise[:, metrics.index("ltv")]
        self.assertLess(abs(z).max(), 6)

    def test_inputs_of_a_programme_that_no_arm_has_change_nothing(self):
        idle = (
            "interventions: {idle: {when: {at_tenure: 1}, effect: {churn: {times: "
            "%s, for: 3}}, cost: {per_contact: 1}}, "
            "used: {when: {at_tenure: 0}, cost: {per_contact: 1}}}\n"
            "arms: {today: [], later: [used]}\n"
        )
        fixed, uncertain = (
            run_text(LTVSIM, PLAIN + idle % times) for times in ("0.9", "{ci90: [0.8, 1]}")
        )
        self.assertEqual(uncertain["n_draws"], 64)
        self.assertEqual(len(uncertain["draws"]["names"]), 3)
        for group in ("arms", "compare"):
            self.assertEqual(fixed[group], uncertain[group])

    def test_nothing_is_written_of_a_draw_that_is_no_scenario(self):
        shares = "{samples: {set: s, values: [0%, 100%]}}"
        text = PLAIN + f"segments: {{a: {{share: {shares}}}, b: {{share: {shares}}}}}\n"
        scenario = self.write("bad.yaml", text)
        said = set()
        for threads in (1, 2, 5):
            done = subprocess.run(
                [LTVSIM, "run", scenario, "-o", f"{self.folder.name}/bad.h5",
                 "--threads", str(threads)],
                capture_output=True, text=True,
            )  # fmt: skip
            self.assertEqual(done.returncode, 2)
            said.add(done.stderr)
        self.assertEqual(len(said), 1)
        self.assertRegex(said.pop(), r"shares are all 0 \(in draw \d+ of 64, where retention")
        self.assertFalse((pathlib.Path(self.folder.name) / "bad.h5").exists())


if __name__ == "__main__":
    LTVSIM = sys.argv.pop(1)
    unittest.main()
