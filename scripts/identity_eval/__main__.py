"""Judge the identity component on labelled records: see `--help`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from scripts.identity_eval import component, metrics
from scripts.identity_eval.records import InputError, read_fields, read_records


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    started = time.perf_counter()
    try:
        fields = read_fields(options.fields)
        columns, rows = read_records(options.csv, fields, options.truth)
        with tempfile.TemporaryDirectory(prefix="identity_eval") as name:
            folder = options.keep or Path(name)
            folder.mkdir(exist_ok=True)
            database = folder / "labelled.db"
            component.land(database, columns, rows)
            component.build(folder, database, fields.of(columns))
            figures = metrics.measure(database)
    except (InputError, component.BuildError) as error:
        print(f"identity_eval: {error}", file=sys.stderr)
        return 2
    figures["seconds"] = round(time.perf_counter() - started, 1)
    figures["peak_mb"] = metrics.peak_megabytes()
    print(json.dumps(figures))
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m scripts.identity_eval")
    parser.add_argument("--csv", type=Path, required=True)
    parser.add_argument("--fields", type=Path, required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--keep", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
