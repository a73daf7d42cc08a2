# SPDX-License-Identifier: GPL-3.0-or-later
"""What the notebooks share: run ltvsim, and read its results file with h5py into pandas.

    results = run("../configs/music_streaming.yaml", "--customers", 100_000)
    results.metrics("/arms/baseline").value["ltv_cac"]
    results.curve("/arms/baseline/retention").plot()

Paths are those of docs/results.md. The command is found in $LTVSIM, in the search path, or in
build/release/bin, where script/demo puts it.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

import h5py
import pandas as pd

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONFIGS = ROOT / "configs"
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="ltvsim-notebook-"))  # results go here


def command():
    """The ltvsim that runs."""
    built = ROOT / "build" / "release" / "bin" / "ltvsim"
    found = os.environ.get("LTVSIM") or shutil.which("ltvsim") or (built if built.exists() else None)
    if found is None:
        raise FileNotFoundError("no ltvsim: run script/demo, or set LTVSIM to its path")
    return str(found)


def dose(full, small):
    """How much to simulate: `full`, or `small` where the notebooks are only tried (in tests)."""
    return small if os.environ.get("LTVSIM_NOTEBOOK_DOSE") == "small" else full


def ltvsim(*words):
    """Runs a command and gives what it prints."""
    done = subprocess.run([command(), *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def run(scenario, *options, command="run", name=None):
    """Simulates a scenario (the path of a file, or its text) and opens the results."""
    path = pathlib.Path(str(scenario)) if "\n" not in str(scenario) else None
    if path is None:
        path = SCRATCH / f"{name or 'scenario'}.yaml"
        path.write_text(scenario, encoding="utf-8")
    output = SCRATCH / f"{name or path.stem}.h5"
    ltvsim(command, path, "-q", "-o", output, *options)
    return Results(output)


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


class Results:
    """A results file, opened for reading."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.file = h5py.File(path, "r")
        attributes = self.file.attrs
        self.currency, self.unit = attributes["currency"], attributes["time_unit"]
        self.horizon, self.baseline = int(attributes["horizon"]), attributes["baseline"]

    @property
    def arms(self):
        """Names of the arms, the baseline first."""
        return [self.baseline] + [arm for arm in self.file["arms"] if arm != self.baseline]

    @property
    def terms(self):
        """What every amount is meant in; the footer of a chart."""
        rate = self.file.attrs["discount_rate_per_year"]
        discount = f"discounted at {100 * rate:.3g} % a year" if rate > 0 else "not discounted"
        return f"{self.currency}, {self.horizon} {self.unit}s, {discount}"

    def attribute(self, path, name):
        return self.file[path].attrs[name]

    def table(self, path):
        """A table, as it stands in the file."""
        frame = pd.DataFrame.from_records(self.file[path][()])
        return frame.applymap(_text)

    def metrics(self, group):
        """The figures of an arm or a contrast, by name."""
        return self.table(f"{group}/metrics").set_index("name")

    def curve(self, path):
        """A curve over tenure, by period or bill."""
        values = self.file[path]
        axis = "period" if len(values) == self.horizon + 1 else "bill"
        return pd.Series(values[()], index=pd.Index(self.file[axis][()], name=axis))

    def revenue_by_source(self, arm):
        """Recurring revenue by bill, a column for each plan and add-on of the arm."""
        folders = (self.file.get(f"arms/{arm}/{kind}_revenue", {}) for kind in ("plan", "add_on"))
        return pd.DataFrame(
            {name: self.curve(part.name) for folder in folders for name, part in folder.items()}
        )

    def limits(self, path):
        """The limits of a curve over draws: what we don't know, 90 %."""
        values = self.file[f"{path}_u90"][()]
        return pd.DataFrame(values, columns=["lower", "upper"], index=self.curve(path).index)

    def histogram(self, group):
        """Edges and counts of the histogram over customers, e.g. of "/arms/today/ltv"."""
        place = self.file[f"{group}/one_customer/histogram"]
        return place["edges"][()], place["counts"][()]

    def inputs(self):
        """The uncertain inputs, a row for each draw."""
        names = [_text(name) for name in self.file["draws/names"]]
        return pd.DataFrame(self.file["draws/parameters"][()], columns=names)

    def draws(self, name):
        """What each draw says of an arm or a pair ("care|today"): its figures, a row for each draw;
        the simulation's noise is in them."""
        place = self.file[f"draws/{name}"]
        names = [_text(metric) for metric in place["metric_names"]]
        return pd.DataFrame(place["metrics"][()], columns=names)

    def noise_of_draws(self, name):
        """The Monte Carlo standard errors of those."""
        place = self.file[f"draws/{name}"]
        names = [_text(metric) for metric in place["metric_names"]]
        return pd.DataFrame(place["metrics_noise"][()], columns=names)


def without_noise(values, noise):
    """Figures of draws, drawn towards their mean so that their variance is that of the truth: the
    simulation's noise is taken out (docs/model.md, section 8)."""
    mean, variance = values.mean(), values.var()
    truth = max(variance - (noise**2).mean(), 0)
    return mean + (values - mean) * (truth / variance) ** 0.5
