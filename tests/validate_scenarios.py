# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the JSON Schema of scenarios against scenario files, with a real validator.

validate_scenarios.py SCHEMA_PROGRAM good|bad FILE...

`good`: every file must be valid. `bad`: most of the files must be refused; a schema cannot see
that shares do not sum to 100%, that a plan is unknown or a key written twice, so some pass. Exits
77, for "skipped", where the validator is not installed.
"""
import datetime
import json
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

LEAST_SHARE_REFUSED = 2 / 3


def as_json(value, depth=0):
    """YAML's values as JSON would have them: text for dates, text for keys."""
    if depth > 64:
        raise ValueError("nested too deeply, or in a circle")
    if isinstance(value, dict):
        return {str(key): as_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item, depth + 1) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def faults(validator, path):
    """What the validator, or YAML before it, has to say against the file."""
    try:
        with open(path, encoding="utf-8") as file:
            scenario = as_json(yaml.safe_load(file))
    except (yaml.YAMLError, ValueError) as fault:
        return [str(fault)]
    return [fault.message for fault in validator.iter_errors(scenario)]


def main(schema_program, expectation, paths):
    text = subprocess.run([schema_program, "schema"], check=True, capture_output=True).stdout
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    refused = {path: found for path in paths if (found := faults(validator, path))}
    print(f"{len(refused)} of {len(paths)} files refused")
    if expectation == "good":
        for path, found in refused.items():
            print(f"{path}: {found[0]}")
        return 1 if refused or not paths else 0
    for path in paths:
        if path not in refused:
            print(f"not seen by the schema: {path}")
    return 0 if len(refused) >= LEAST_SHARE_REFUSED * len(paths) > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
