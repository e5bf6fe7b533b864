"""Judge the identity component on labelled records: see `--help`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from scripts.command import command
from scripts.run import child
from tools.identity_eval import metrics, project
from tools.identity_eval.doubts import SAMPLE, doubts, read_as
from tools.identity_eval.records import InputError, read_fields, records

Figures = dict[str, Any]


@command("identity_eval")
def main(arguments: list[str] | None = None) -> int:
    """Print the figures as a table and as JSON; return the exit code."""
    options = _parser().parse_args(arguments)
    started = time.perf_counter()
    fields = read_fields(options.fields)
    rest = records(options.csv, fields, options.truth)
    first = list(islice(rest, SAMPLE))
    for doubt in doubts(fields, first):
        print(f"warning: {doubt}", file=sys.stderr)
    fields = read_as(fields, first)
    rows = chain(first, rest)
    with tempfile.TemporaryDirectory(prefix="identity_eval_") as name:
        folder = options.keep or Path(name)
        made = project.make(folder, options.target, fields)
        project.build(made, child.start(partial(project.land, made, rows)))
        figures = metrics.measure(made.connect)
    figures["seconds"] = round(time.perf_counter() - started, 1)
    figures["peak_mb"] = metrics.peak_megabytes()
    print(metrics.table(figures))
    if options.pool:
        every = pool(options.pool, options.csv.stem, figures)
        together = metrics.pooled(each["calibration"] for each in every.values())
        print("\n".join(["", f"of {', '.join(every)}:", *metrics.shares(together)]))
    print(json.dumps(figures))
    return 0


def pool(path: Path, name: str, figures: Figures) -> dict[str, Figures]:
    """Add the figures of a set to those kept in a file, and return all of them."""
    try:
        kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
        kept[name] = figures
        path.write_text(json.dumps(kept), "utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{path}: not what --pool writes") from None
    return kept


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.identity_eval",
        description="Run labelled records through the identity component.",
        epilog="FIELDS names the column of ids and, as {name, kind}, those compared.",
    )
    parser.add_argument("--csv", type=Path, required=True, help="the records")
    parser.add_argument("--fields", type=Path, required=True, help="YAML of fields")
    parser.add_argument("--truth", required=True, help="column that says who is who")
    parser.add_argument("--target", choices=("sqlite", "duckdb"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="folder for database and SQL")
    parser.add_argument(
        "--pool", type=Path, help="JSON of the sets judged so far, printed together"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
