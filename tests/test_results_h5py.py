# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a results file with h5py, knowing nothing but the contract: paths, units and descriptions,
dimension scales, and what NeXus-aware viewers need to plot by themselves.

    test_results_h5py.py WRITE_RESULTS_FIXTURE
"""

import math
import os
import subprocess
import sys
import tempfile
import unittest

try:
    import h5py
except ImportError:
    print("skipped: this Python has no h5py")
    sys.exit(77)

BASELINE, OTHER = "今日", '5 % "off", from: @now'
CURVES = ["recurring_revenue", "revenue", "contribution", "cumulative_contribution",
          "cumulative_discounted_contribution", "programme_cost"]
PLAN, PAIR = '年額, "pro"', f"{BASELINE}|{OTHER}"
GAIN_COLUMNS = ("segment", "channel", "share", "n", "delta_ltv", "delta_ltv_mc_standard_error",
                "programme_cost", "roi", "roi_mc_standard_error")
METRIC_COLUMNS = ("name", "value", "mc_standard_error", "unit", "note", "meaning")


def groups_of(node):
    """The group and all groups below it."""
    yield node
    for child in node.values():
        if isinstance(child, h5py.Group):
            yield from groups_of(child)


class ResultsFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = os.path.join(cls.folder.name, "results.h5")
        subprocess.run([WRITER, path], check=True)
        cls.file = h5py.File(path, "r")

    @classmethod
    def tearDownClass(cls):
        cls.file.close()
        cls.folder.cleanup()

    def check_value(self, path):
        group = self.file[path]
        for name in ("n", "draws", "mean", "standard_error"):
            self.assertIn(name, group.attrs, path)
        one = group["one_customer"]
        for name in ("sd", "min", "max"):
            self.assertIn(name, one.attrs, path)
        quantiles = one["quantiles"]
        self.assertEqual(quantiles.dtype.names, ("p", "value", "mc95_lower", "mc95_upper"))
        self.assertEqual([round(100 * p) for p in quantiles["p"]],
                         [1, 5, 10, 25, 50, 75, 90, 95, 99])
        histogram = one["histogram"]
        self.assertEqual(len(histogram["edges"]), len(histogram["counts"]) + 1)
        self.assertEqual(histogram["counts"].dtype, "int64")
        self.assertEqual(sum(histogram["counts"]), group.attrs["n"])
        variance = group["variance"]
        self.assertEqual(variance.shape, (1,))
        for name in ("customer", "parameter", "monte_carlo"):
            self.assertIn(name, variance.dtype.names)
        self.assertTrue(math.isnan(variance[0]["parameter"]))
        self.assertNotIn("mean_over_draws", group)

    def check_customers(self, path):
        group = self.file[path]
        horizon = self.file.attrs["horizon"]
        self.assertEqual(group["retention"].shape, (horizon + 1,))
        self.assertEqual(group["metrics"].dtype.names, METRIC_COLUMNS)
        self.assertIn("share", group.attrs)
        for curve in CURVES:
            self.assertEqual(group[curve].shape, (horizon,))
        for value in ("ltv", "net_ltv"):
            self.check_value(f"{path}/{value}")
            self.assertEqual(group[value]["by_period"].shape, (horizon,))

    def test_root_says_what_the_file_is(self):
        attributes = self.file.attrs
        self.assertEqual(attributes["format"], "ltvsim-results")
        self.assertEqual(attributes["format_version"], "1.0")
        self.assertEqual(attributes["title"], '音楽 "streaming"')
        self.assertEqual(attributes["currency"], "JPY")
        self.assertEqual(attributes["currency_decimals"], 0)
        self.assertEqual(attributes["time_unit"], "month")
        self.assertEqual(attributes["baseline"], BASELINE)
        self.assertEqual(attributes["complete"], 1)
        self.assertEqual(attributes["seed"], 2**53)

    def test_scenario_and_provenance_are_inside(self):
        for name in ("source", "effective", "assumed"):
            self.assertTrue(self.file["scenario"][name].asstr()[()])
        for name in ("version", "revision", "compiler", "flags", "simd", "threads", "ranks", "gsl",
                     "hdf5", "started", "wall_seconds", "command", "repro_scope"):
            self.assertIn(name, self.file["provenance"].attrs)

    def test_arms_and_groups_hold_the_contract(self):
        self.assertEqual(list(self.file["arms"]), [BASELINE, OTHER])
        for arm in self.file["arms"]:
            path = f"/arms/{arm}"
            self.check_customers(path)
            self.assertEqual(self.file[path]["bridge"].dtype.names,
                             ("reason", "amount", "running", "meaning"))
            for kind in ("segments", "channels"):
                for name in self.file[path][kind]:
                    self.check_customers(f"{path}/{kind}/{name}")
            self.assertEqual(list(self.file[path]["plans"]), [PLAN, "basic"])
            self.assertEqual(list(self.file[path]["plans"][PLAN]), [0.25, 0.375, 0.4375])
            self.assertEqual(list(self.file[path]["add_ons"]), ["analytics"])

    def test_contrasts_hold_the_contract(self):
        self.assertEqual(list(self.file["compare"]), [OTHER, PAIR])
        for name in self.file["compare"]:
            self.check_value(f"/compare/{name}/delta_ltv")
        delta = self.file[f"/compare/{OTHER}/delta_ltv"]
        self.assertEqual(delta.attrs["against"], BASELINE)
        self.assertEqual(self.file[f"/compare/{OTHER}/metrics"].dtype.names, METRIC_COLUMNS)
        pair = self.file[f"/compare/{PAIR}"].attrs
        self.assertEqual((pair["arm"], pair["against"]), (BASELINE, OTHER))

    def test_a_contrast_says_who_gains(self):
        contrast = self.file[f"/compare/{OTHER}"]
        self.assertTrue(contrast.attrs["advice"].startswith("Aim it at 推奨者"))
        gains = contrast["who_gains"]
        self.assertEqual(gains.dtype.names, GAIN_COLUMNS)
        self.assertEqual(gains["n"].dtype, "int64")
        self.assertEqual([s.decode() for s in gains["segment"]], ["推奨者", 'say "hi", twice'])
        self.assertEqual(gains["roi"][0], 2.5)
        self.assertTrue(math.isnan(gains["roi"][1]))
        self.assertEqual(list(contrast["delta_retention"]), [0, 0.015625, 0.03125, 0])
        self.assertEqual(list(contrast["cumulative_gain"]), [-42.5, -10, 338.5])

    def test_metrics_read_as_written(self):
        metrics = {row["name"].decode(): row for row in self.file[f"/arms/{BASELINE}/metrics"][()]}
        self.assertEqual(metrics["ltv_cac"]["value"], 5.3333333333333330)
        self.assertEqual(metrics["arpu"]["unit"].decode(), "JPY")
        self.assertTrue(math.isnan(metrics["payback_survival"]["value"]))
        self.assertEqual(metrics["payback_survival"]["note"].decode(), "not within the horizon")

    def test_every_dataset_has_units_and_a_description(self):
        seen = []

        def visit(path, node):
            self.assertTrue(node.attrs["description"].strip(), path)
            if isinstance(node, h5py.Dataset):
                self.assertTrue(node.attrs["units"].strip(), path)
                seen.append(path)

        self.file.visititems(visit)
        self.assertGreater(len(seen), 100)
        self.assertEqual(self.file["period"].attrs["units"], "month")
        self.assertEqual(self.file[f"/arms/{BASELINE}/revenue"].attrs["units"], "JPY")

    def test_silx_finds_the_default_plots(self):
        try:
            from silx.io import nxdata
        except ImportError:
            self.skipTest("this Python has no silx")
        histogram = nxdata.get_default(self.file)
        self.assertEqual(histogram.group.name, f"/arms/{BASELINE}/ltv/one_customer/histogram")
        self.assertEqual((histogram.signal_name, histogram.axes_names), ("counts", ["centers"]))
        plots = [group for group in groups_of(self.file) if group.attrs.get("NX_class") == "NXdata"]
        self.assertGreater(len(plots), 20)
        for group in plots:
            self.assertTrue(nxdata.NXdata(group).is_valid, group.name)

    def test_curves_carry_their_scale(self):
        for group in groups_of(self.file["arms"]):
            if "retention" not in group:
                continue
            self.assertEqual(group["retention"].dims[0].keys(), ["period"])
            self.assertEqual(group["retention"].dims[0]["period"], self.file["period"])
            for curve in CURVES + ["ltv/by_period", "net_ltv/by_period"]:
                self.assertEqual(group[curve].dims[0].keys(), ["bill"])
                self.assertEqual(group[curve].dims[0][0], self.file["bill"])
        contrast = self.file[f"/compare/{OTHER}"]
        self.assertEqual(contrast["delta_retention"].dims[0].keys(), ["period"])
        self.assertEqual(contrast["cumulative_gain"].dims[0].keys(), ["bill"])
        self.assertEqual(self.file[f"/arms/{BASELINE}/plans/{PLAN}"].dims[0].keys(), ["bill"])
        self.assertTrue(h5py.h5ds.is_scale(self.file["period"].id))
        self.assertTrue(h5py.h5ds.is_scale(self.file["bill"].id))
        self.assertEqual(list(self.file["period"]), [0, 1, 2, 3])
        self.assertEqual(list(self.file["bill"]), [0, 1, 2])

    def test_plot_groups_are_complete(self):
        plots = [g for g in groups_of(self.file["/"]) if g.attrs.get("NX_class") == "NXdata"]
        self.assertGreater(len(plots), 20)
        for group in plots:
            signal = group[group.attrs["signal"]]
            axes = group.attrs["axes"]
            self.assertEqual(len(axes), signal.ndim, group.name)
            for axis, length in zip(axes, signal.shape):
                self.assertEqual(group[axis].shape, (length,), group.name)

    def test_the_default_plot_is_the_histogram_of_the_baseline(self):
        self.assertEqual(self.file.attrs["NX_class"], "NXroot")
        entry = self.file[self.file.attrs["default"]]
        self.assertEqual(entry.attrs["NX_class"], "NXentry")
        plot = entry[entry.attrs["default"]]
        self.assertEqual(plot.attrs["NX_class"], "NXdata")
        self.assertEqual(plot.name, f"/arms/{BASELINE}/ltv/one_customer/histogram")


if __name__ == "__main__":
    WRITER = sys.argv.pop(1)
    unittest.main()
