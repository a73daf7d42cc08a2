# SPDX-License-Identifier: GPL-3.0-or-later
"""The notebooks run from top to bottom, their cross-checks included, and are kept without outputs.

    test_notebooks.py LTVSIM

They are run with small doses; what they write goes to a temporary folder. A check that a right program fails by chance would need five
standard errors or more; the seeds are fixed.
"""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

NEEDED = ("nbconvert", "ipykernel", "h5py", "pandas", "matplotlib", "openpyxl")
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "notebooks"

for missing in (name for name in NEEDED if importlib.util.find_spec(name) is None):
    print(f"skipped: this Python has no {missing}")
    sys.exit(77)


class Notebooks(unittest.TestCase):
    def execute(self, name):
        with tempfile.TemporaryDirectory() as scratch:
            environment = {
                **os.environ,
                "LTVSIM": str(pathlib.Path(LTVSIM).resolve()),
                "LTVSIM_NOTEBOOK_DOSE": "small",
                "TMPDIR": scratch,  # where results go
                "HOME": scratch,
                "MPLCONFIGDIR": scratch,
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            }
            done = subprocess.run(
                [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute",
                 "--output-dir", scratch, FOLDER / name],
                env=environment, capture_output=True, text=True,
            )  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])
            executed = json.loads((pathlib.Path(scratch) / name).read_text(encoding="utf-8"))
        kinds = [
            kind
            for cell in executed["cells"]
            for output in cell.get("outputs", [])
            for kind in output.get("data", {})
        ]
        self.assertGreaterEqual(kinds.count("image/png"), 1)

    def test_01_forecast(self):
        self.execute("01_forecast.ipynb")

    def test_02_retention_roi(self):
        self.execute("02_retention_roi.ipynb")

    def test_03_investor_deck(self):
        self.execute("03_investor_deck.ipynb")

    def test_04_spreadsheet_vs_simulation(self):
        self.execute("04_spreadsheet_vs_simulation.ipynb")

    def test_all_are_run_and_kept_without_outputs(self):
        names = sorted(path.name for path in FOLDER.glob("*.ipynb"))
        tests = [name for name in dir(self) if name.startswith("test_0")]
        self.assertEqual([f"test_{name[: -len('.ipynb')]}" for name in names], tests)
        for name in names:
            notebook = json.loads((FOLDER / name).read_text(encoding="utf-8"))
            for cell in notebook["cells"]:
                self.assertFalse(cell.get("outputs"), name)
                self.assertIsNone(cell.get("execution_count"), name)


if __name__ == "__main__":
    LTVSIM = sys.argv.pop(1)
    unittest.main()
