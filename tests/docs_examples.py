#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what the documentation shows.

    docs_examples.py LTVSIM FILE.md...

Each file gets a folder of its own with `configs/` in it, and its fenced blocks are taken in order:

```console  lines after "$ " are run by bash with ltvsim in the path and must succeed (or end with
            N after ```console exit=N). Lines below a command are its output and are compared:
            "…" stands for any text, on a line of its own for any lines.
```yaml     is a scenario: `ltvsim check` must accept it. Top-level keys that an excerpt lacks are
            completed. A first line "# name.yaml" makes it a file for the commands that follow.
```python   is run.
```sh       set-up that cannot run inside a test: its scripts, presets and programs must exist.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPLETION = {
    "ltvsim": "ltvsim: 1",
    "currency": "currency: JPY",
    "retention": "retention: {geometric: {churn: 3%}}",
    "revenue": "revenue: {price: 1000}",
}
BUILD_PROGRAMS = {"cmake", "ctest", "git", "cd"}


class Wrong(Exception):
    pass


def blocks_of(text):
    """(language and options, lines, number of the first line) of each fenced block."""
    for match in re.finditer(r"^```(\S.*)\n((?:.*\n)*?)```$", text, re.M):
        line = text.count("\n", 0, match.start()) + 1
        yield match.group(1).split(), match.group(2).splitlines(), line


def commands_of(lines):
    """(command, output lines) of a console block; a backslash continues a command."""
    commands = []
    for line in lines:
        if line.startswith("$ "):
            commands.append([line[2:], []])
        elif commands and commands[-1][0].endswith("\\") and not commands[-1][1]:
            commands[-1][0] += "\n" + line
        elif commands:
            commands[-1][1].append(line)
        else:
            raise Wrong("a console block begins with a command")
    return commands


def pattern_of(expected):
    parts = []
    for line in expected:
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.rstrip().split("…"))) + r" *\n")
    return re.compile("".join(parts))


def run(command, folder, environment, exit_code):
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
    )  # fmt: skip
    if done.returncode != exit_code:
        raise Wrong(f"{command[-1]}\nends with {done.returncode}, not {exit_code}:\n{done.stdout}")
    return done.stdout


def check_console(info, lines, folder, environment):
    exit_code = int(dict(option.split("=") for option in info[1:]).get("exit", 0))
    for command, expected in commands_of(lines):
        output = run(["bash", "-c", command], folder, environment, exit_code)
        if expected and not pattern_of(expected).fullmatch(output.rstrip("\n") + "\n"):
            raise Wrong(f"$ {command}\nprints something else:\n{output}")


def completed(lines):
    present = {line.split(":")[0] for line in lines if re.match(r"\w+:", line)}
    if "plans" in present:
        present.add("revenue")  # plans have prices
    return [text for key, text in COMPLETION.items() if key not in present] + lines


def check_yaml(lines, folder, environment):
    named = re.fullmatch(r"# (\S+\.yaml)", lines[0])
    path = folder / (named.group(1) if named else "excerpt.yaml")
    path.write_text("\n".join(completed(lines)) + "\n", encoding="utf-8")
    run(["ltvsim", "check", str(path)], folder, environment, 0)


def check_set_up(lines):
    with open(ROOT / "CMakePresets.json", encoding="utf-8") as file:
        presets = {preset["name"] for preset in json.load(file)["configurePresets"]}
    for line in lines:
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] not in BUILD_PROGRAMS and not os.access(ROOT / words[0], os.X_OK):
            raise Wrong(f"there is no {words[0]}")
        if "--preset" in words and words[words.index("--preset") + 1] not in presets:
            raise Wrong(f"there is no such preset: {line}")


def check_file(path, ltvsim):
    """Number of blocks checked, and what is wrong."""
    checked, wrong = 0, []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "configs").symlink_to(ROOT / "configs")
        environment = {
            "PATH": f"{ltvsim.parent}:{os.environ['PATH']}", "HOME": str(folder),
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80",
        }  # fmt: skip
        for info, lines, line in blocks_of(path.read_text(encoding="utf-8")):
            try:
                if info[0] == "console":
                    check_console(info, lines, folder, environment)
                elif info[0] == "yaml":
                    check_yaml(lines, folder, environment)
                elif info[0] == "python":
                    run([sys.executable, "-c", "\n".join(lines)], folder, environment, 0)
                elif info[0] == "sh":
                    check_set_up(lines)
                elif info[0] != "text":
                    raise Wrong(f"a block of kind '{info[0]}', which nobody checks")
                checked += 1
            except Wrong as what:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {what}")
    return checked, wrong


def main():
    ltvsim, wrong = pathlib.Path(sys.argv[1]).resolve(), []
    for name in sys.argv[2:]:
        path = pathlib.Path(name).resolve()
        checked, failures = check_file(path, ltvsim)
        print(f"{path.relative_to(ROOT)}: {checked} blocks fine, {len(failures)} wrong")
        wrong += failures
    print("\n\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
