# SPDX-License-Identifier: GPL-3.0-or-later
"""The workbook says what the results file says: every number in it is compared, bit by bit.

    test_workbook_numbers.py LTVSIM WRITE_RESULTS_FIXTURE

openpyxl reads the workbook, h5py the results. Blocks of cells carry, in a row that is folded away,
where in the results each of their columns is from ("/arms/today/metrics:value"); single numbers
have it beside them. Numbers that are neither must be formulas. Bins over draws are counted again from
the draws.
"""

import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom
import zipfile

try:
    import h5py
    import numpy as np
    import openpyxl
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
SINGLE = re.compile(r"^(/.*)(@|/metrics\[)([^/\]]+)\]?$")
BINS = re.compile(r"^bins of (/draws/.*): (\w+)$")
THINNED = re.compile(r"^Every (\d+)(st|nd|rd|th) draw")


def of_column(results, source):
    """The values that a column of a block is made of."""
    if source in results:
        return results[source][()]
    path, mark, rest = max(
        (source.rpartition(mark) for mark in ":["), key=lambda parts: len(parts[0])
    )  # fmt: skip
    if mark == "[":
        return results[path][:, int(rest[:-1])]
    return results[path][rest]


def of_single(results, source):
    path, mark, name = SINGLE.match(source).groups()
    if mark == "@":
        return results[path or "/"].attrs[name]
    return row_of(results[path + "/metrics"], name)["value"]


def row_of(table, name):
    return next(row for row in table[()] if row["name"].decode() == name)


def without_noise(results, group, figure):
    """A figure in each draw, pulled to the mean so far that the simulation's noise is out of it."""
    column = list(results[group]["metric_names"]).index(figure.encode())
    values = results[group]["metrics"][:, column]
    noise = np.mean(results[group]["metrics_noise"][:, column] ** 2)
    total = np.var(values, ddof=1)
    kept = 1 if 0 in (noise, total) else math.sqrt(max(total - noise, 0) / total)
    return values.mean() + kept * (values - values.mean())


def same(cell, value):
    """Whether the cell shows the value: text as it is, numbers exactly, nothing for NaN."""
    if isinstance(value, bytes):
        return (cell or "") == value.decode()
    if math.isnan(value):
        return cell is None
    if math.isinf(value):
        return cell == ("infinite" if value > 0 else "-infinite")
    return not isinstance(cell, str) and cell is not None and float(cell) == float(value)


LONG = "🎵長い名前の" * 3


class Workbook:
    """A workbook beside the results that it was made of."""

    def __init__(self, test, path, results):
        self.test, self.results = test, results
        self.book = openpyxl.load_workbook(path)
        self.seen = 0  # numbers compared

    def compare(self):
        for sheet in self.book:
            checked = set()
            rows = list(sheet.iter_rows())
            for r, row in enumerate(rows):
                self.compare_singles(sheet, row, checked)
                if sheet.row_dimensions[r + 1].hidden:
                    self.compare_block(sheet, rows, r, checked)
            for row in rows:
                for cell in row:
                    if isinstance(cell.value, (int, float)) and cell.coordinate not in checked:
                        raise AssertionError(f"{sheet.title}!{cell.coordinate}: from nowhere")
        return self.seen

    def fail_unless_same(self, sheet, cell, value, source):
        self.seen += not isinstance(value, bytes)
        if not same(cell.value, value):
            where = f"{sheet.title}!{cell.coordinate}"
            raise AssertionError(f"{where}: {cell.value!r} instead of {value!r} at {source}")

    def compare_singles(self, sheet, row, checked):
        for number, beside in zip(row, row[1:]):
            if not isinstance(number.value, (int, float)) or not isinstance(beside.value, str):
                continue
            if beside.value == "no change":
                self.test.assertEqual(number.value, 0)
            elif SINGLE.match(beside.value):
                self.fail_unless_same(
                    sheet, number, of_single(self.results, beside.value), beside.value
                )
            else:
                continue
            checked.add(number.coordinate)

    def compare_block(self, sheet, rows, r, checked):
        sources = [cell.value or "" for cell in rows[r]]
        if "name" in sources:
            self.compare_figures(sheet, rows, r, checked)
            return
        titles = (THINNED.match(str(rows[r - k][0].value)) for k in (2, 3) if r >= k)
        step = next((int(thinned.group(1)) for thinned in titles if thinned), 1)
        bins = BINS.match(sources[0])
        if bins:
            self.compare_bins(sheet, rows[r + 1 :], *bins.groups(), checked)
        for c, source in enumerate(sources):
            if not source.startswith("/"):
                continue
            values = of_column(self.results, source)[::step]
            for i, value in enumerate(values):
                cell = rows[r + 1 + i][c]
                self.fail_unless_same(sheet, cell, value, source)
                checked.add(cell.coordinate)

    def compare_bins(self, sheet, rows, group, figure, checked):
        """Edges equally far apart around all draws, the bins' centres, and the draws in each."""
        edges = [row[0].value for row in rows[: [row[0].value for row in rows].index(None)]]
        width = edges[1] - edges[0]
        draws = without_noise(self.results, group, figure)
        self.test.assertTrue(edges[0] <= draws.min() and draws.max() < edges[-1])
        self.test.assertLessEqual(len(edges), 25)
        for row, low, high in zip(rows, edges, edges[1:]):
            held = np.mean((draws >= low) & (draws < high))
            where = f"{sheet.title}!{row[2].coordinate}"
            self.test.assertAlmostEqual(high - low, width, delta=1e-9 * width, msg=where)
            self.test.assertEqual(row[1].value, (low + high) / 2, where)
            self.test.assertEqual(row[2].value, held, where)
            self.seen += 3
            checked.update(cell.coordinate for cell in row[:3])
        checked.add(rows[len(edges) - 1][0].coordinate)

    def compare_figures(self, sheet, rows, r, checked):
        """A block of chosen figures: rows are named, columns are of tables of metrics."""
        names = [cell.value for cell in rows[r]].index("name")
        for row in rows[r + 1 :]:
            if not row[names].value:
                break
            for c, head in enumerate(rows[r]):
                if c <= names or not head.value:
                    continue
                path, _, column = head.value.rpartition(":")
                table = self.results[path]
                known = row[names].value.encode() in list(table["name"])
                value = row_of(table, row[names].value)[column] if known else math.nan
                self.fail_unless_same(sheet, row[c], value, head.value)
                checked.add(row[c].coordinate)


class Chart:
    """What is written in a chart, what it is drawn from, and how far its axes go."""

    def __init__(self, text):
        texts = re.findall(r"<a:t>([^<]*)</a:t>", text)
        self.title, self.axes = texts[0], texts[1:]
        self.kind = re.search(r"<c:(\w+)Chart>", text).group(1)
        self.ranges = re.findall(r"<c:f>'?((?:[^'!<]|'')+)'?!([^<]+)</c:f>", text)
        self.names = re.findall(r"<c:tx><c:strRef><c:f>[^<]*</c:f><c:strCache>.*?<c:v>([^<]*)</c:v>", text)
        self.limits = [
            {end: float(value) for end, value in re.findall(r'<c:(min|max) val="([^"]+)"', scaling)}
            for scaling in re.findall(r"<c:scaling>(.*?)</c:scaling>", text)
        ]
        self.has_legend = "<c:legend>" in text
        self.formats = re.findall(r'<c:numFmt formatCode="([^"]*)"', text)


def charts_of(path):
    with zipfile.ZipFile(path) as parts:
        names = (name for name in parts.namelist() if name.startswith("xl/charts/chart"))
        return [Chart(parts.read(name).decode().replace("&gt;", ">")) for name in names]


class WorkbookNumbers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def export(self, results, name="book.xlsx"):
        path = self.folder / name
        done = subprocess.run([LTVSIM, "export", results, "--xlsx", path], check=True, capture_output=True)
        self.assertEqual(done.stderr, b"")
        return path

    def compare(self, results):
        path = self.export(results)
        with h5py.File(results) as file:
            return Workbook(self, path, file).compare(), openpyxl.load_workbook(path)

    def run_config(self, command, name, *options):
        results = self.folder / f"{name}.h5"
        scenario = ROOT / "configs" / f"{name}.yaml"
        subprocess.run([LTVSIM, command, scenario, "-q", "-o", results, *options],
                       check=True, stderr=subprocess.DEVNULL)  # fmt: skip
        return results

    def test_all_numbers_of_programmes_under_uncertainty(self):
        seen, book = self.compare(
            self.run_config("sensitivity", "retention_roi", "--base", "32", "--customers", "32",
                            "--set", "experiment.draws=64", "--set", "experiment.customers=200",
                            "--set", "test={customers_to_come: 24000, monthly: 1000, delay: 6}")
        )  # fmt: skip
        self.assertGreater(seen, 8000)
        self.check_distributions(book["everything vs today"])
        for name in ("Summary", "LTV", "Retention", "Payback", "Revenue and plans",
                     "onboarding vs today", "everything vs onboarding", "Drivers", "Decisions",
                     "Sensitivity", "Draws", "Definitions"):  # fmt: skip
            self.assertIn(name, book.sheetnames)

    def check_distributions(self, sheet):
        """Bins of a contrast over draws are there, written as money and as a ratio, in per cent;
        their parts sum up to P(ROI > 0)."""
        titles = [str(cell.value) for cell in sheet["A"]]
        change = titles.index("Mean change of LTV over draws") + 5
        roi = next(i for i, t in enumerate(titles) if "P(ROI > 0) is" in t) + 5
        self.assertEqual(sheet.cell(change, 1).number_format, "[$$-409]#,##0.00")
        self.assertEqual(sheet.cell(roi, 1).number_format, "0.00")
        self.assertEqual(sheet.cell(roi, 3).number_format, "0.0%")
        said = sheet.cell(titles.index("P(ROI > 0)") + 1, 2).value
        self.assertEqual(titles[roi - 5], f"ROI over draws: P(ROI > 0) is {100 * said:.1f} %")
        above, row = 0, roi
        while sheet.cell(row, 2).value is not None:
            self.assertEqual(sheet.cell(row, 5).value, f"=IF($B${row}<$F${roi},0,$C${row})")
            above += sheet.cell(row, 3).value if sheet.cell(row, 2).value > 0 else 0
            row += 1
        self.assertAlmostEqual(above, said, 9)
        self.assertGreater(row - roi, 8)

    def test_all_numbers_of_two_certain_arms_in_yen(self):
        seen, book = self.compare(
            self.run_config("run", "invest_a_or_b", "--customers", "2000", "--set", "time.horizon=60")
        )
        self.assertGreater(seen, 1000)
        for name in ("Decisions", "Sensitivity", "Draws"):
            self.assertNotIn(name, book.sheetnames)  # nothing is uncertain
        charts = {chart.title: chart for chart in charts_of(self.folder / "book.xlsx")}
        self.assertEqual(charts["When the CAC comes back"].names, ["A", "B", "CAC, A", "CAC, B"])
        formats = {cell.number_format for row in book["Summary"].iter_rows() for cell in row}
        self.assertIn("[$¥-411]#,##0", formats)
        self.assertFalse([f for f in formats if "¥" in f and "." in f])

    def test_draws_are_thinned_where_there_are_very_many(self):
        results = self.run_config("run", "retention_roi", "--draws", "32", "--customers", "20")
        with h5py.File(results, "r+") as file:
            values = np.tile(file["draws/parameters"][()], (300, 1)) + np.arange(9600)[:, None]
            del file["draws/parameters"]
            file["draws/parameters"] = values
        seen, book = self.compare(results)
        self.assertEqual(book["Draws"]["A5"].value, "Every 3rd draw, beginning with the first")
        self.assertGreater(seen, 6 * 3200)

    def test_names_in_japanese_with_quotes_and_signs(self):
        results = self.folder / "fixture.h5"
        subprocess.run([FIXTURE, results], check=True)
        seen, book = self.compare(results)
        self.assertGreater(seen, 200)
        contrast = next(name for name in book.sheetnames if "vs" in name)
        self.assertLessEqual(len(contrast), 31)
        self.assertEqual(book[contrast]["A1"].value, '5 % "off", from: @now vs 今日')

    def test_what_begins_like_a_formula_stays_text(self):
        scenario = self.folder / "odd.yaml"
        scenario.write_text(
            f"ltvsim: 1\ntitle: =1+1\ncurrency: JPY\ntime: {{horizon: 3}}\n"
            f"retention: {{geometric: {{churn: 3%}}}}\nrevenue: {{price: 1000}}\n"
            f"arms: {{'=SUM(A1)': [], {LONG}a: {{set: {{revenue.price: 2}}}},"
            f" {LONG}B: {{set: {{revenue.price: 3}}}}, {LONG}b: {{set: {{revenue.price: 4}}}}}}\n",
            encoding="utf-8",
        )
        results = self.folder / "odd.h5"
        subprocess.run([LTVSIM, "run", scenario, "-q", "--customers", "500", "-o", results], check=True)
        _, book = self.compare(results)
        self.assertEqual(book["Summary"]["A1"].value, "=1+1")
        self.assertEqual(book["Summary"]["A1"].data_type, "s")
        self.assertEqual(len(set(name.lower() for name in book.sheetnames)), len(book.sheetnames))

    def test_a_file_of_a_newer_minor_version_is_exported(self):
        results = self.run_config("run", "music_streaming", "--customers", "500")
        with h5py.File(results, "r+") as file:
            file.attrs["format_version"] = "1.99"
            file["arms/baseline/from_the_future"] = [1.5, 2.5]
            file.create_group("arms/baseline/another").attrs["answer"] = 42
        seen, _ = self.compare(results)
        self.assertGreater(seen, 1000)

    def test_what_is_not_a_results_file_is_refused(self):
        foreign = self.folder / "foreign.h5"
        with h5py.File(foreign, "w") as file:
            file["x"] = [1, 2, 3]
        cut = self.folder / "cut.h5"
        cut.write_bytes(
            self.run_config("run", "music_streaming", "--customers", "500").read_bytes()[:5000]
        )
        for path, code in ((foreign, 2), (cut, 1)):
            done = subprocess.run([LTVSIM, "export", path, "--xlsx", self.folder / "no.xlsx"],
                                  capture_output=True, text=True)  # fmt: skip
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertFalse((self.folder / "no.xlsx").exists())

    def test_results_are_not_overwritten_by_their_workbook(self):
        results = self.run_config("run", "music_streaming", "--customers", "500")
        named = results.rename(self.folder / "results.xlsx")
        before = named.read_bytes()
        done = subprocess.run([LTVSIM, "export", named, "--xlsx", named], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("would overwrite the results themselves", done.stderr)
        self.assertEqual(named.read_bytes(), before)

    def test_names_too_long_for_a_title_are_cut_between_characters(self):
        results = self.run_config("run", "retention_roi", "--draws", "32", "--customers", "20",
                                  "--set", "experiment.seed=9007199254740991")  # fmt: skip
        name = "顧客維持プログラム" * 9
        with h5py.File(results, "r+") as file:
            for group in ("arms", "draws"):
                file[group].move("onboarding", name)
            file["compare/onboarding"].attrs["arm"] = name
        path = self.export(results)
        with zipfile.ZipFile(path) as parts:
            for part in parts.namelist():
                text = parts.read(part).decode()  # valid UTF-8
                self.assertNotIn("\ufffd", text, part)
                self.assertEqual(xml.dom.minidom.parseString(text.encode()).nodeType, 9, part)
        titles = [chart.title for chart in charts_of(path)]
        self.assertTrue(any(name[:20] in title for title in titles))
        terms = openpyxl.load_workbook(path)["Definitions"]
        seed = next(row[1].value for row in terms.iter_rows() if str(row[0].value).startswith("Seed"))
        self.assertEqual(seed, "9007199254740991")  # Excel shows 15 digits of a number

    def test_the_same_results_give_the_same_bytes(self):
        results = self.run_config("run", "music_streaming", "--customers", "1000")
        one, two = self.export(results, "one.xlsx"), self.export(results, "two.xlsx")
        self.assertEqual(one.read_bytes(), two.read_bytes())

    def test_every_chart_reads_cells_that_are_there(self):
        results = self.run_config("run", "retention_roi", "--draws", "32", "--customers", "100")
        path = self.export(results)
        book = openpyxl.load_workbook(path)
        n = 0
        charts = charts_of(path)
        for chart in charts:
            self.assertGreater(len(chart.ranges), 1, chart.title)
            for sheet, cells in chart.ranges:
                found = book[sheet][cells.replace("$", "")]
                rows = found if isinstance(found, tuple) else ((found,),)
                self.assertTrue(
                    any(cell.value is not None for row in rows for cell in row), f"{sheet}!{cells}"
                )
                n += 1
        self.assertGreater(len(charts), 30)
        self.assertGreater(n, 200)
        self.check_terms(charts)

    def check_terms(self, charts):
        """Each chart says what its amounts are meant in; revenue by bill is not discounted."""
        money, plain = "(USD, 60 months, discounted at 10 % a year)", "(USD, 60 months, not discounted)"
        by_bill = ("Revenue by", "Recurring revenue", "Contribution by", "Who holds")
        n_sums = 0
        for chart in charts:
            undiscounted = chart.title.startswith(by_bill)
            terms = "(60 months)" if "Who still pays" in chart.title else plain if undiscounted else money
            self.assertTrue(any(axis.endswith(terms) for axis in chart.axes), (chart.title, chart.axes))
            if chart.title.startswith(("When the CAC comes back", "Less CAC", "Gain so far")):
                self.assertTrue(any(axis.startswith("bill (the first is 0)") for axis in chart.axes))
                n_sums += 1
        self.assertGreater(n_sums, 2)

    def test_axes_show_what_there_is_to_see(self):
        charts = {chart.title: chart for chart in charts_of(self.export(
            self.run_config("run", "music_streaming", "--customers", "20000")))}  # fmt: skip
        retention = charts["Who still pays"]
        self.assertIn("periods since joining, up to 192 of 600 (600 months)", retention.axes)
        self.assertIn({"min": 0, "max": 192}, retention.limits)
        self.assertIn({"min": 0, "max": 1}, retention.limits)
        bridge = next(chart for title, chart in charts.items() if title.startswith("From the"))
        self.assertIn({"min": 0}, bridge.limits)  # columns of totals are as long as they say
        customers = charts["LTV of one customer: baseline"]
        self.assertTrue(any("; more than that: " in axis for axis in customers.axes))
        with h5py.File(self.folder / "music_streaming.h5") as file:
            bins = len(file["arms/baseline/ltv/one_customer/histogram/counts"])
        rows = [int(row) for row in re.findall(r"\$(\d+)", customers.ranges[-1][1])]
        self.assertEqual(rows[1] - rows[0], bins - 2)  # the last bin is wider than the others

    def test_charts_fill_the_room_above_the_first_block(self):
        for name, options in (("retention_roi", ["--draws", "32"]), ("saas_growth", []),
                              ("online_shop", []), ("invest_a_or_b", ["--set", "time.horizon=60"])):  # fmt: skip
            path = self.export(self.run_config("run", name, "--customers", "300", *options))
            for sheet in openpyxl.load_workbook(path).worksheets[1:]:
                first = next(row[0].row for row in sheet.iter_rows(min_row=4) if any(c.value for c in row))
                rows_of_charts = (len(sheet._charts) + 1) // 2
                self.assertEqual(first, 5 + 20 * rows_of_charts, f"{name}: {sheet.title}")

    def test_what_says_nothing_is_not_drawn(self):
        path = self.export(self.run_config("run", "saas_growth", "--customers", "500"))
        charts = [chart for chart in charts_of(path)]
        titles = [chart.title for chart in charts]
        self.assertIn("Recurring revenue by plan and add-on: wider", titles)
        self.assertIn("Who holds which plan: wider", titles)
        for title in titles:
            self.assertNotIn("plan: one_plan", title)  # there is a single one
            self.assertNotIn("add-on: one_plan", title)
            self.assertNotIn("Who gains", title)  # there is a single group
        texts = [cell.value for cell in openpyxl.load_workbook(path)["Revenue and plans"]["A"]]
        said = "one_plan has one plan, starter: whoever pays holds it, and it brings all recurring revenue."
        self.assertTrue(said in texts)
        held = next(chart for chart in charts if chart.title == "Who holds which add-on: wider")
        self.assertTrue(held.has_legend and held.names == ["reporting"])
        stack = next(chart for chart in charts if chart.title == "Who holds which plan: wider")
        self.assertIn({"min": 0, "max": 1}, stack.limits)

    def test_customers_for_whom_nothing_changes_do_not_lose(self):
        results = self.run_config("run", "online_shop", "--customers", "5000")
        sheet = openpyxl.load_workbook(self.export(results), data_only=True)["personalisation vs today"]
        title = [c.row for c in sheet["A"] if c.value == "Change of LTV of one customer"][-1]
        with h5py.File(results) as file:
            bins = file["compare/personalisation/delta_ltv/one_customer/histogram"]
            edges, counts = bins["edges"][()], bins["counts"][()]
        holds = next(i for i in range(len(counts)) if edges[i] <= 0 < edges[i + 1])
        self.assertLess((edges[holds] + edges[holds + 1]) / 2, 0)  # by its centre it would lose
        for i, n in enumerate(counts):
            loses = sheet.cell(title + 3 + i, 4).value
            self.assertEqual(loses, 0 if i >= holds else n)

    def test_a_shop_without_recurring_revenue_has_no_chart_of_it(self):
        path = self.export(self.run_config("run", "online_shop", "--customers", "500"))
        charts = {chart.title: chart for chart in charts_of(path)}
        self.assertIn("Revenue by bill", charts)
        self.assertNotIn("Recurring revenue by bill", charts)
        self.assertIn("[$$-409]#,##0", charts["Revenue by bill"].formats)  # up to 45 dollars
        self.assertIn("[$$-409]#,##0.00", charts["Who gains: change of LTV"].formats)  # up to 2

    def test_customers_who_cost_nothing_have_no_cac_in_charts(self):
        scenario = self.folder / "free.yaml"
        scenario.write_text(
            "ltvsim: 1\ntitle: Free\ncurrency: USD\ntime: {horizon: 12}\n"
            "retention: {geometric: {churn: 3%}}\nrevenue: {price: 10}\n"
            "add_ons: {storage: {price: 4, attach: {monthly: 0.2%}}}\n", encoding="utf-8"
        )  # fmt: skip
        results = self.folder / "free.h5"
        subprocess.run([LTVSIM, "run", scenario, "-q", "--customers", "500", "-o", results], check=True)
        charts = {chart.title: chart for chart in charts_of(self.export(results))}
        self.assertEqual(charts["LTV"].names, ["LTV per customer"])
        self.assertEqual(charts["Contribution so far"].names, ["baseline"])
        few = charts["Who holds which add-on: baseline"]  # at most 2 %
        self.assertIn("0.0%", few.formats)
        self.assertIn("0%", charts["Who still pays"].formats)

    def test_add_ons_stand_on_the_base_price(self):
        scenario = self.folder / "add_ons.yaml"
        scenario.write_text(
            "ltvsim: 1\ntitle: Add-ons\ncurrency: USD\ntime: {horizon: 24}\n"
            "retention: {geometric: {churn: 3%}}\nrevenue: {price: 10}\n"
            "add_ons: {storage: {price: 4, attach: {monthly: 5%}}, support: {price: 6, attach: {monthly: 2%}}}\n",
            encoding="utf-8",
        )
        results = self.folder / "add_ons.h5"
        subprocess.run([LTVSIM, "run", scenario, "-q", "--customers", "500", "-o", results], check=True)
        self.compare(results)
        path = self.folder / "book.xlsx"
        sheet = openpyxl.load_workbook(path, data_only=True)["Revenue and plans"]
        heading = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "base price")
        with h5py.File(results) as file:
            arm = file["arms/baseline"]
            for u in range(24):
                rest = arm["recurring_revenue"][u] - sum(a[u] for a in arm["add_on_revenue"].values())
                shown = sheet.cell(heading.row + 2 + u, heading.column).value
                self.assertAlmostEqual(shown, rest, 9)
                self.assertAlmostEqual(rest, 10 * arm["retention"][u], 9)
        stack = next(c for c in charts_of(path) if c.title.startswith("Recurring revenue by plan"))
        self.assertEqual(stack.names, ["base price", "storage", "support"])

    def test_kinds_that_stand_close_are_said_in_short(self):
        path = self.export(self.run_config("run", "retention_roi", "--draws", "32", "--customers", "100"))
        sheet = openpyxl.load_workbook(path)["everything vs today"]
        figures = next(cell.row for cell in sheet["A"] if cell.value == "Figures")
        said = [cell.value for cell in sheet[figures + 1] if cell.value]
        self.assertEqual(said, ["Monte Carlo error", "What we don't know: over draws (limits: 90 %)"])

    def test_libreoffice_opens_it(self):
        office = shutil.which("soffice")
        if office is None:
            self.skipTest("LibreOffice is not installed")
        path = self.export(self.run_config("run", "music_streaming", "--customers", "1000"))
        subprocess.run(
            [office, f"-env:UserInstallation=file://{self.folder}/profile", "--headless",
             "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
             "--outdir", self.folder / "csv", path],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        text = next((self.folder / "csv").glob("*.csv")).read_text(encoding="utf-8")
        self.assertIn("LTV per customer", text)
        self.assertNotIn("Err:", text)


if __name__ == "__main__":
    FIXTURE = sys.argv.pop(2)
    LTVSIM = sys.argv.pop(1)
    unittest.main()
