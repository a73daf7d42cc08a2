#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports as people get them: written by the command, opened in a browser without a network, and
what the charts show held against the results file, which h5py reads.

Usage: test_report_page.py LTVSIM NODE CHROMIUM SECONDS. Skipped (77) where one of them, the packages
of report/ or h5py are not there. SECONDS: how long the largest report may take."""

import base64
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

try:
    import h5py
    import numpy
except ImportError:
    print("skipped: h5py is not installed")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
LTVSIM, NODE, CHROMIUM, SECONDS = sys.argv[1:5]
MODULES = ROOT / "report" / "node_modules"

ODD_TITLE = 'Say "hi" & </script><script>alert(1)</script> \'é\' 😀 ' + "long " * 20 + "title"
ODD = """
ltvsim: 1
title: %s
currency: JPY
time: {unit: month, horizon: 24}
retention: {geometric: {churn: {ci90: [2%%, 4%%]}}}
revenue: {price: 120000}
add_ons: {"<i>サポート": {price: 8000, attach: {monthly: 2%%}}}
acquisition: {cac: 500000}
customers: {count: 5000}
segments:
  推奨者: {share: 30%%, churn: x0.5}
  "a 'quoted' <b>name": {share: 70%%}
interventions:
  導入支援: {when: {at_tenure: 0}, effect: {churn: {times: 0.8, for: 6}}, cost: {per_participant: 3000}}
arms:
  現状: []
  "<script> & a name that is rather long": [導入支援]
experiment: {draws: 32, customers: 256}
"""


def ltvsim(*arguments):
    return subprocess.run([LTVSIM, *map(str, arguments)], capture_output=True, text=True)


def must(*arguments):
    done = ltvsim(*arguments)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.stderr}")
    return done.stdout


def look(pages):
    """What the browser says about each page."""
    job = {"browser": CHROMIUM, "modules": str(MODULES), "pages": pages}
    done = subprocess.run(
        [NODE, ROOT / "tests" / "report_in_browser.mjs"], input=json.dumps(job),
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(f"the browser failed: {done.stderr}")
    return json.loads(done.stdout)


def attribute(node, name):
    value = node.attrs[name]
    return value.decode() if isinstance(value, bytes) else value


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def column(rows, key):
    return [row[key] for row in rows]


class Page(unittest.TestCase):
    """Made once: results of three scenarios, their reports, and what the browser sees of them."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        few = ["--customers", 500, "-q"]
        (cls.folder / "odd.yaml").write_text(ODD % json.dumps(ODD_TITLE), encoding="utf-8")
        # The file of ltvsim sensitivity holds a run and a tornado.
        must("sensitivity", ROOT / "configs/retention_roi.yaml", "--base", 32, "--customers", 64,
             "--set", "experiment.draws=64", "--set", "experiment.customers=500", "-q",
             "-o", cls.folder / "roi.h5")  # fmt: skip
        must("run", ROOT / "configs/music_streaming.yaml", *few, "-o", cls.folder / "music.h5")
        must("run", ROOT / "configs/online_shop.yaml", *few, "-o", cls.folder / "shop.h5")
        must("run", cls.folder / "odd.yaml", "-q", "-o", cls.folder / "odd.h5")
        jobs = []
        for name in ("roi.en", "roi.ja", "music.en", "shop.en", "odd.en", "odd.ja"):
            results, language = name.split(".")
            page = cls.folder / f"{name}.html"
            must("report", cls.folder / f"{results}.h5", "--lang", language, "-o", page)
            jobs.append({"file": str(page), "name": name})
        for name, more in (("dark", {"dark": True, "axe": "closed"}), ("phone", {"width": 390})):
            for of in ("roi.en", "odd.ja"):
                jobs.append({"file": str(cls.folder / f"{of}.html"), "name": f"{of}.{name}", **more})
        for job in jobs:
            if job["name"] in ("roi.en", "odd.ja"):
                job["pdf"] = job["file"] + ".pdf"
            if job["name"] in ("music.en", "odd.ja"):
                job["axe"] = "open"
                job["save"] = "ltv-0"
        cls.jobs = jobs
        cls.seen = dict(zip(column(jobs, "name"), look(jobs)))
        cls.results = {n: h5py.File(cls.folder / f"{n}.h5") for n in ("roi", "music", "shop", "odd")}

    @classmethod
    def tearDownClass(cls):
        for file in cls.results.values():
            file.close()

    def near(self, shown, expected):
        numpy.testing.assert_allclose(
            numpy.array(shown, float), numpy.array(expected, float), rtol=1e-8, atol=1e-9
        )

    # ---- the page ----

    def test_nothing_goes_wrong_and_nothing_is_fetched(self):
        for name, page in self.seen.items():
            self.assertEqual(page["complaints"], [], name)
            self.assertEqual(page["requests"], [], name)

    def test_every_chart_is_drawn_and_has_its_footer_and_table(self):
        for name, page in self.seen.items():
            self.assertGreaterEqual(len(page["charts"]), 6, name)
            for chart in page["charts"].values():
                self.assertGreater(sum(chart["drawn"].values()), 0, chart["title"])
                self.assertGreater(chart["rows"], 0, chart["title"])
                self.assertTrue(chart["footer"] and chart["title"])
                self.assertGreater(chart["width"], 200, chart["title"])

    def test_no_text_of_a_chart_is_cut_off(self):
        for name, page in self.seen.items():
            self.assertEqual(page["cutOff"], [], name)
            self.assertEqual(page.get("printed", {}).get("cutOff", []), [], f"{name} printed")

    def test_languages_are_what_was_asked_for(self):
        self.assertEqual(self.seen["roi.en"]["language"], "en")
        page = self.seen["roi.ja"]
        self.assertEqual(page["language"], "ja")
        for word in ("解約", "継続率", "顧客生涯価値", "結論"):
            self.assertIn(word, page["text"])
        self.assertIn("万円", self.seen["odd.ja"]["text"])
        self.assertNotIn("円", self.seen["roi.en"]["text"])

    def test_dark_pages_have_light_ink(self):
        def brightness(colour):
            return sum(map(int, re.findall(r"\d+", colour)[:3]))

        for name in ("roi.en.dark", "odd.ja.dark"):
            self.assertLess(brightness(self.seen[name]["paper"]), 150)
            self.assertGreater(brightness(self.seen[name]["ink"]), 600)
        self.assertGreater(brightness(self.seen["roi.en"]["paper"]), 700)

    def test_a_phone_does_not_scroll_sideways(self):
        for name in ("roi.en.phone", "odd.ja.phone"):
            self.assertLessEqual(self.seen[name]["scroll"], 390)
            for chart in self.seen[name]["charts"].values():
                self.assertLessEqual(chart["width"], 390)

    def test_axe_finds_no_serious_fault(self):
        for name, page in self.seen.items():
            serious = [f for f in page.get("faults", []) if f["impact"] in ("serious", "critical")]
            self.assertEqual(serious, [], name)

    def test_pages_print(self):
        for job in self.jobs:
            if "pdf" in job:
                pdf = pathlib.Path(job["pdf"]).read_bytes()
                self.assertTrue(pdf.startswith(b"%PDF"))
                pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
                self.assertGreaterEqual(pages, 2)
                # Six charts a page, and six pages for all else and for what has to be kept together.
                charts = len(self.seen[job["name"]]["charts"])
                self.assertLessEqual(pages, charts / 6 + 6, job["name"])

    def test_paper_has_two_charts_in_a_row_and_tables_that_were_opened(self):
        for name in ("roi.en", "odd.ja"):
            printed = self.seen[name]["printed"]
            left, right = printed["rows"][1:]
            self.assertEqual(left["top"], right["top"])
            self.assertLess(left["right"], right["left"])
            self.assertLessEqual(right["right"], printed["page"] + left["left"])
            self.assertEqual((printed["opened"], printed["folded"], printed["menus"]), (1, 0, 0))
            self.assertEqual(printed["width"], printed["widthAfter"])

    def test_headline_figures_are_those_of_show(self):
        shown = must("show", self.folder / "roi.h5")
        cells = self.seen["roi.en"]["cells"]
        line = next(row for row in shown.splitlines() if row.strip().startswith("LTV per customer"))
        for amount in re.findall(r"\$[\d,.]+", line):
            self.assertIn(amount, cells)
        for figure in ("P(ROI > 0)",):
            for share in re.findall(re.escape(figure) + r" ([\d.]+ %)", shown):
                self.assertIn(share, self.seen["roi.en"]["text"])

    # ---- the charts against the file ----

    def points(self, page, chart, series):
        chart = self.seen[page]["charts"][chart]
        return [p for p in chart["data"]["points"] if p["series"] == series]

    def check_curve(self, page, chart, series, curve, first=0, limits=None):
        points = self.points(page, chart, series)
        self.assertGreater(len(points), 2)
        at = [int(p["x"]) - first for p in points]
        self.assertEqual(at[-1], len(curve) - 1)
        self.near(column(points, "y"), numpy.array(curve)[at])
        if limits is not None:
            self.near([[p["low"], p["high"]] for p in points], numpy.array(limits)[at])

    def test_distributions_are_those_of_the_file(self):
        for name in ("roi", "music", "shop"):
            for i, arm in enumerate(self.results[name]["arms"]):
                histogram = self.results[name][f"arms/{arm}/ltv/one_customer/histogram"]
                edges, counts = histogram["edges"][:], histogram["counts"][:]
                chart = self.seen[f"{name}.en"]["charts"].get(f"ltv-{self.order(name).index(arm)}")
                bars = chart["data"]["bars"]
                self.assertGreater(len(bars), 10)
                self.assertEqual(chart["drawn"]["mark-rect"], len(bars))
                at, to = ([int(numpy.argmin(abs(edges - b[end]))) for b in bars] for end in ("from", "to"))
                self.near(column(bars, "from"), edges[at])
                self.near(column(bars, "to"), edges[to])
                self.near(column(bars, "share"), [counts[a:b].sum() / counts.sum() for a, b in zip(at, to)])
                widths = edges[to] - edges[at]
                self.assertGreater(min(widths), 0.4 * max(widths))
                beyond = 1 - sum(column(bars, "share"))
                self.assertLessEqual(beyond, 0.01)
                said = re.search(r"([\d.]+) % of customers beyond the picture, up to \S", chart["footer"])
                self.assertEqual(said is not None, beyond > 1e-9)
                if said is not None:
                    self.assertLess(abs(float(said[1]) - 100 * beyond), 0.051)

    def order(self, name):
        """Arms as the page has them: the baseline first."""
        file = self.results[name]
        baseline = attribute(file, "baseline")
        shown = [p["series"] for p in self.seen[f"{name}.en"]["charts"]["retention-curve"]["data"]["points"]]
        order = list(dict.fromkeys(shown))
        self.assertEqual(order[0], baseline)
        self.assertEqual(sorted(order), sorted(file["arms"]))
        return order

    def test_quantiles_and_cac_are_marked(self):
        arm = self.results["music"]["arms/baseline"]
        marks = self.seen["music.en"]["charts"]["ltv-0"]["data"]["marks"]
        quantiles = {round(q["p"], 2): q["value"] for q in arm["ltv/one_customer/quantiles"][:]}
        self.near(
            column(marks, "value"),
            [quantiles[0.1], quantiles[0.5], quantiles[0.9], arm["ltv"].attrs["mean"], 5000],
        )

    def test_curves_are_those_of_the_file(self):
        for name in ("roi", "music", "shop"):
            for arm in self.results[name]["arms"]:
                group = self.results[name][f"arms/{arm}"]
                limits = group.get("retention_u90")
                self.check_curve(f"{name}.en", "retention-curve", arm, group["retention"], 0, limits)
                self.check_curve(f"{name}.en", "revenue-joined", arm, group["revenue"], 0,
                                 group.get("revenue_u90"))  # fmt: skip
        lines = self.seen["roi.en"]["charts"]["retention-curve"]["drawn"]
        self.assertEqual(lines["mark-line"], 4)
        self.assertEqual(lines["mark-area"], 4)

    def test_payback_is_by_channel_against_its_cac(self):
        for i, arm in enumerate(self.order("roi")):
            channels = self.results["roi"][f"arms/{arm}/channels"]
            for channel in channels:
                curve = channels[channel]["cumulative_discounted_contribution"]
                self.check_curve("roi.en", f"payback-{i}", channel, curve, 1)
            metrics = {text(m["name"]): m["value"] for m in channels["paid/metrics"][:]}
            rules = self.seen["roi.en"]["charts"][f"payback-{i}"]["data"]["rules"]
            self.assertEqual(column(rules, "series"), ["paid"])
            self.near(column(rules, "value"), [metrics["cac"]])

    def test_plans_and_add_ons_are_those_of_the_file(self):
        arm = self.results["roi"]["arms/today"]
        for plan in arm["plans"]:
            self.check_curve("roi.en", "plans-0", plan, arm["plans"][plan])
        for add_on in arm["add_ons"]:
            self.check_curve("roi.en", "add-ons-0", add_on, arm["add_ons"][add_on])

    def sources_of(self, name, arm):
        """What each source of recurring revenue brings, as the page names it."""
        group = self.results[name]["arms"][arm]
        plans, add_ons = group.get("plan_revenue", {}), group.get("add_on_revenue", {})
        sources = {plan: plans[plan][:] for plan in plans}
        sources |= {f"+ {add_on}": add_ons[add_on][:] for add_on in add_ons}
        if not plans:
            sources["base price"] = group["recurring_revenue"][:] - sum(sources.values())
        return sources

    def test_revenue_is_drawn_by_what_brings_it(self):
        drawn = 0
        for name in ("roi", "odd"):
            charts = self.seen[f"{name}.en"]["charts"]
            for i, arm in enumerate(self.order(name)):
                chart = charts.get(f"revenue-by-source-{i}")
                if chart is None:
                    continue
                drawn += 1
                sources = self.sources_of(name, arm)
                points = chart["data"]["points"]
                self.assertEqual({p["series"] for p in points}, set(sources))
                self.assertEqual(chart["drawn"]["mark-area"], len(sources))
                for source, curve in sources.items():
                    self.check_curve(f"{name}.en", f"revenue-by-source-{i}", source, curve)
                whole = self.results[name][f"arms/{arm}/recurring_revenue"]
                for x in {p["x"] for p in points}:
                    self.near(sum(p["y"] for p in points if p["x"] == x), whole[int(x)])
        self.assertEqual(drawn, 4)  # of each file the baseline and the arm that brings most

    def test_revenue_from_one_source_is_not_drawn_by_source(self):
        for name in ("music.en", "shop.en"):
            self.assertIn("revenue-joined", self.seen[name]["charts"])
            self.assertNotIn("revenue-by-source-0", self.seen[name]["charts"])

    def contrasts(self):
        """Names as the page has them, with the groups of the file."""
        for name, group in self.results["roi"]["compare"].items():
            yield f"{attribute(group, 'arm')} against {attribute(group, 'against')}", name, group

    def chart_titled(self, page, title):
        return next(c for c in self.seen[page]["charts"].values() if c["title"] == title)

    def test_gains_hurdles_and_drivers_are_those_of_the_file(self):
        for shown, _, group in self.contrasts():
            self.check_curve("roi.en", "gain-curve", shown, group["cumulative_gain"], 1,
                             group["cumulative_gain_u90"])  # fmt: skip
            if "roi_hurdles" in group:
                points = self.points("roi.en", "hurdle-curve", shown)
                self.near(column(points, "x"), group["roi_hurdles"]["hurdle"])
                self.near(column(points, "y"), group["roi_hurdles"]["probability"])
            steps = self.chart_titled("roi.en", f"Change of LTV by driver: {shown}")["data"]["steps"]
            amounts = [a for a in group["drivers"]["amount"] if abs(a) >= 0.005]
            self.near(column(steps, "amount"), [*amounts, group["delta_ltv"].attrs["mean"]])

    def test_distributions_over_draws_agree_with_the_probabilities(self):
        for shown, name, group in self.contrasts():
            metrics = {text(m["name"]): m["value"] for m in group["metrics"][:]}
            bars = self.chart_titled("roi.en", f"Change of LTV: {shown}")["data"]["bars"]
            self.assertAlmostEqual(sum(column(bars, "share")), 1, 9)
            middle = sum(b["share"] * (b["from"] + b["to"]) / 2 for b in bars)
            self.assertLess(abs(middle - metrics["delta_ltv"]), bars[0]["to"] - bars[0]["from"])
            if numpy.isnan(metrics.get("roi", numpy.nan)):
                continue
            bars = self.chart_titled("roi.en", f"ROI: {shown}")["data"]["bars"]
            above = sum(b["share"] for b in bars if b["from"] >= -1e-9)
            self.assertAlmostEqual(above, metrics["p_roi_above_0"], 9)

    def test_the_tornado_is_that_of_the_file(self):
        table = self.results["roi"]["sensitivity/arms.today.ltv/tornado"][:]
        base = self.results["roi"]["sensitivity/arms.today.ltv"].attrs["at_medians"]
        bars = self.chart_titled("roi.en", "Tornado: LTV of today")["data"]["bars"]
        shown = {(b["input"], b["end"]): b["value"] for b in bars}
        for row in table:
            moved = row["at_p10"] != base or row["at_p90"] != base
            for end, key in (("10th", "at_p10"), ("90th", "at_p90")):
                name = (text(row["input"]), f"input at its {end} percentile")
                self.assertEqual(name in shown, moved)
                if moved:
                    self.near([shown[name]], [row[key]])

    def test_the_bridge_starts_at_the_spreadsheet_and_ends_at_the_mean(self):
        for name in ("roi", "music"):
            arm = self.results[name]["arms"][attribute(self.results[name], "baseline")]
            steps = self.seen[f"{name}.en"]["charts"]["bridge-0"]["data"]["steps"]
            self.near([steps[0]["end"]], [arm["bridge"]["amount"][0]])
            self.near([steps[-1]["end"]], [arm["ltv"].attrs["mean"]])

    def test_groups_are_those_of_the_file(self):
        arm = self.results["roi"]["arms/today"]
        cells = self.seen["roi.en"]["charts"]["groups-heat"]["data"]["cells"]
        for cell in cells:
            for kind in ("segments", "channels"):
                if cell["group"] in arm[kind]:
                    expected = arm[kind][cell["group"]]["retention"][int(cell["x"])]
                    self.near([cell["value"]], [expected])
        self.assertEqual({c["group"] for c in cells}, {"all customers", *arm["segments"], *arm["channels"]})

    def test_the_kinds_of_plus_minus_are_named_and_apart(self):
        charts = self.seen["roi.en"]["charts"]
        self.assertIn("parameters", charts["retention-curve"]["spread"])
        self.assertIn("customer spread", self.seen["music.en"]["charts"]["ltv-0"]["spread"])
        self.assertEqual(self.seen["music.en"]["charts"]["retention-curve"]["spread"], "")
        for name, chart in charts.items():
            is_paid = name.startswith("revenue")
            discounting = "undiscounted" if is_paid else "discounted at 10 % a year"
            self.assertIn(f"60 months · {discounting} · gross margin", chart["footer"])

    # ---- odd input ----

    def test_odd_titles_and_names_are_shown_as_they_are(self):
        for name in ("odd.en", "odd.ja"):
            page = self.seen[name]
            self.assertEqual(page["title"], ODD_TITLE)
            self.assertEqual(page["heading"], ODD_TITLE)
            self.assertIn("<script> & a name that is rather long", page["text"])
            self.assertIn("推奨者", page["text"])
            groups = column(page["charts"]["groups-heat"]["data"]["cells"], "group")
            self.assertIn("a 'quoted' <b>name", groups)

    def changed(self, name, change):
        """A copy of a results file, changed by h5py."""
        path = self.folder / name
        shutil.copy(self.folder / "odd.h5", path)
        with h5py.File(path, "r+") as file:
            change(file)
        return path

    def refused(self, path, fragment, code=2):
        page = self.folder / "refused.html"
        done = ltvsim("report", path, "-o", page)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(fragment, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1)
        self.assertFalse(page.exists())

    def test_warnings_speak_the_language_of_the_page(self):
        known = "interventions.x: is in no arm, so it has no effect; list it in one, such as arms: {today: [], then: [x]}"
        unknown = "a <sentence> of a later version"

        def change(file):
            del file["scenario/warnings"]
            file["scenario/warnings"] = f"{known}\n{unknown}"

        results = self.changed("warned.h5", change)
        pages = [{"file": str(self.folder / f"warned.{language}.html")} for language in ("en", "ja")]
        for page, language in zip(pages, ("en", "ja")):
            must("report", results, "--lang", language, "-o", page["file"])
        english, japanese = column(look(pages), "warnings")
        self.assertEqual(english, [[f"Warning: {known}", ""], [f"Warning: {unknown}", ""]])
        self.assertEqual(japanese[1], [f"注意: {unknown}", "en"])
        self.assertEqual(japanese[0][1], "")
        self.assertIn("どの案にも含まれていない", japanese[0][0])

    def test_a_newer_minor_version_is_read_and_a_major_one_refused(self):
        def to(version):
            def change(file):
                file.attrs["format_version"] = version
                file["arms"].create_group("現状/hologram")["depth"] = [1, 2, 3]
                file["novelties"] = "later"

            return change

        newer = self.folder / "newer.html"
        must("report", self.changed("newer.h5", to("1.99")), "-o", newer)
        page = look([{"file": str(newer)}])[0]
        self.assertEqual(page["complaints"], [])
        self.assertEqual(page["charts"].keys(), self.seen["odd.en"]["charts"].keys())
        self.refused(self.changed("major.h5", to("2.0")), "2.0")

    def test_files_that_are_no_whole_results_are_refused(self):
        whole = (self.folder / "odd.h5").read_bytes()
        for name, length in (("half", len(whole) // 2), ("nearly", len(whole) - 4096), ("none", 0)):
            cut = self.folder / f"{name}.h5"
            cut.write_bytes(whole[:length])
            self.refused(cut, str(cut), ltvsim("show", cut).returncode)
        with h5py.File(self.folder / "foreign.h5", "w") as file:
            file["weather"] = [1.0, 2.0]
        self.refused(self.folder / "foreign.h5", "foreign.h5")
        (self.folder / "text.h5").write_text("LTV,CAC\n", encoding="utf-8")
        self.refused(self.folder / "text.h5", "text.h5")
        self.refused(self.folder / "missing.h5", "missing.h5", ltvsim("show", self.folder / "missing.h5").returncode)

    def test_options_are_checked_before_anything_is_written(self):
        file = self.folder / "odd.h5"
        for options, fragment in (
            ([], "-o FILE.html"),
            (["-o", self.folder / "x.pdf"], ".html"),
            (["-o", self.folder / "x.html", "--lang", "fr"], "'fr'"),
            (["-o", self.folder / "no/such/x.html"], "no/such"),
        ):
            done = ltvsim("report", file, *options)
            self.assertIn(done.returncode, (1, 2))
            self.assertIn(fragment, done.stderr)
        self.assertFalse((self.folder / "x.html").exists())

    # ---- saving a chart ----

    WORDS = {
        "music.en": ("Save this chart", "Save as SVG", "Save as PNG", "Save the source (Vega-Lite)"),
        "odd.ja": ("グラフを保存", "SVG で保存", "PNG で保存", "ソースを保存（Vega-Lite）"),
    }

    def test_a_keyboard_works_the_menu_of_a_chart(self):
        for name, (_, *buttons) in self.WORDS.items():
            saved = self.seen[name]["saved"]
            self.assertEqual(saved["opener"]["tag"], "SUMMARY")
            self.assertEqual(saved["opener"]["outline"], "3px solid")
            self.assertTrue(saved["openBySpace"])
            self.assertFalse(saved["openAfterEscape"])
            self.assertEqual(saved["afterEscape"]["tag"], "SUMMARY")
            self.assertEqual(saved["afterSaving"]["tag"], "SUMMARY")
            self.assertFalse(saved["openWhenLeft"])
            pressed = [file["on"] for file in saved["files"].values()]
            self.assertEqual(column(pressed, "text"), buttons)
            self.assertEqual(set(column(pressed, "outline")), {"3px solid"})

    def test_a_screen_reader_hears_which_chart_a_menu_saves(self):
        for name, (actions, *buttons) in self.WORDS.items():
            saved = self.seen[name]["saved"]
            title = self.seen[name]["charts"]["ltv-0"]["title"]
            self.assertIn(f"{actions}: {title}", saved["closed"])
            for button in buttons:
                self.assertNotIn(button, saved["closed"])
                self.assertIn(f"button \"{button}\"", saved["open"])

    def test_what_is_saved_carries_title_and_footer(self):
        for name in self.WORDS:
            chart = self.seen[name]["charts"]["ltv-0"]
            files = self.seen[name]["saved"]["files"]
            self.assertEqual(list(files), ["ltv-0.svg", "ltv-0.png", "ltv-0.json"])
            svg, png, source = (base64.b64decode(file["content"]) for file in files.values())
            words = " ".join(xml.etree.ElementTree.fromstring(svg).itertext()).replace("\u00a0", " ")
            for line in (chart["title"], chart["spread"], chart["footer"]):
                self.assertIn(line, words)
            self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
            width, height = struct.unpack(">II", png[16:24])
            drawn = xml.etree.ElementTree.fromstring(svg)
            self.assertEqual((width, height), (2 * int(drawn.get("width")), 2 * int(drawn.get("height"))))
            source = json.loads(source)
            self.assertEqual(" ".join(source["title"]["text"]), chart["title"])
            notes = " ".join(source["title"]["subtitle"]).replace("\u00a0", " ")
            self.assertEqual(notes, f"{chart['spread']} {chart['footer']}")
            self.assertEqual(len(source["datasets"]["bars"]), len(chart["data"]["bars"]))
            self.near(column(source["datasets"]["bars"], "share"), column(chart["data"]["bars"], "share"))

    # ---- several files, slides, size ----

    def test_several_files_follow_each_other(self):
        page = self.folder / "both.html"
        must("report", self.folder / "music.h5", self.folder / "roi.h5", "-o", page)
        seen = look([{"file": str(page), "axe": "closed"}])[0]
        self.assertEqual(seen["complaints"], [])
        self.assertEqual(
            list(seen["charts"]),
            [*self.seen["music.en"]["charts"], *("r2-" + c for c in self.seen["roi.en"]["charts"])],
        )
        self.assertEqual([f for f in seen["faults"] if f["impact"] in ("serious", "critical")], [])

    def test_the_results_are_not_replaced_by_their_page(self):
        results = self.folder / "same.html"
        shutil.copy(self.folder / "music.h5", results)
        kept = results.read_bytes()
        done = ltvsim("report", self.folder / "music.h5", results, "-o", results)
        self.assertEqual(done.returncode, 2)
        self.assertIn("would overwrite the results themselves", done.stderr)
        self.assertEqual(results.read_bytes(), kept)

    def test_charts_are_written_for_slides(self):
        folder = self.folder / "slides" / "deep"
        must("report", self.folder / "odd.h5", "--lang", "ja", "--svg", folder)
        self.assertEqual(
            sorted(p.stem for p in folder.iterdir()), sorted(self.seen["odd.ja"]["charts"])
        )
        for path in folder.iterdir():
            root = xml.etree.ElementTree.parse(path).getroot()
            self.assertTrue(root.tag.endswith("svg"))
            words = " ".join(root.itertext())
            chart = self.seen["odd.ja"]["charts"][path.stem]
            self.assertIn(chart["title"], words)
            self.assertIn(chart["footer"], words)
            self.assertLess(float(root.get("width")), 960)  # long notes and titles are broken
        done = ltvsim("report", self.folder / "odd.h5", "--svg", next(folder.iterdir()))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("a file has that name", done.stderr)

    def test_many_draws_make_a_small_page_quickly(self):
        results, page = self.folder / "large.h5", self.folder / "large.html"
        must("run", ROOT / "configs/retention_roi.yaml", "--draws", 1024, "--customers", 64, "-q",
             "-o", results)  # fmt: skip
        start = time.monotonic()
        must("report", results, "-o", page)
        took = time.monotonic() - start
        size = page.stat().st_size
        print(f"4 arms x 1,024 draws: {size / 1e6:.2f} MB in {took:.2f} s")
        self.assertLess(size, 3e6)
        self.assertLess(took, float(SECONDS))


if __name__ == "__main__":
    for need in (NODE, CHROMIUM):
        if not shutil.which(need):
            print(f"skipped: {need} is not there")
            sys.exit(77)
    if not (MODULES / "playwright-core").is_dir():
        print("skipped: the packages of report/ are not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=1)
