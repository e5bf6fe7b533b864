"""Try what the warehouse promises: `python -m tools.torture`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from scripts import settings
from scripts.run import child
from scripts.settings import PROJECT
from tools.torture import damage, fuzz, histories, kills, plans, upgrade
from tools.torture.place import TARGETS, Place
from tools.torture.report import Report, Results, Row, table

GROUPS = {
    "kills": kills.torture,
    "damage": damage.torture,
    "fuzz": fuzz.torture,
    "swell": fuzz.swell,
    "histories": histories.torture,
    "plans": plans.torture,
    "upgrade": upgrade.torture,
}


def main(arguments: list[str] | None = None) -> int:
    """Try everything chosen; return 1 if anything failed."""
    options = _parser().parse_args(arguments)
    work = options.keep or Path(tempfile.mkdtemp(prefix="torture-"))
    targets = [options.target] if options.target else list(TARGETS)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = f"{datetime.now(timezone.utc):%Y-%m-%dT%H%M%S}-{os.getpid()}"
    results = options.results or settings.load().data / "torture"
    answers = [
        child.start(
            partial(_torture, options, engine, work / engine, file.with_suffix(".txt"))
        )
        for engine in targets
        for file in [results / f"{began}-{engine}"]
    ]
    rows: list[Row] = []
    for answer in answers:
        try:
            rows += answer()
        except KeyboardInterrupt:  # they end, too, and say how far they came
            rows += answer()
    print("\n".join(table(rows)))
    print(f"the same in {results / began}-*.txt")
    if not options.keep:
        shutil.rmtree(work, ignore_errors=True)
    return int(any(row.failed for row in rows))


def _torture(
    options: argparse.Namespace, engine: str, work: Path, file: Path
) -> list[Row]:
    work = work.resolve()
    title = f"{engine}, seed {options.seed}, commit {_commit()}"
    results = Results(file.resolve(), title)
    work.mkdir(parents=True, exist_ok=True)
    place = Place(work / "place", engine, work / "target")
    os.environ.update(place.environment)
    os.environ["DBT_PROJECT_DIR"] = os.environ["DBT_PROFILES_DIR"] = str(PROJECT)
    os.chdir(PROJECT)
    for name in options.only or GROUPS:
        report = Report(name, engine, results)
        counted = {"count": options.count} if options.count else {}
        try:
            GROUPS[name](report, place, work, options.seed, **counted)
        except KeyboardInterrupt:
            print(f"{name} {engine}: interrupted", file=sys.stderr)
            results.save("interrupted")
            return results.rows
        results.save()
    results.save("finished")
    return results.rows


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.torture",
        description="Kill, fill and damage warehouses in temporary folders, and "
        "compare each with one that was left in peace. Ctrl-C ends it with what "
        "it has found so far.",
        epilog="exit codes: 0 every promise was kept; 1 some was not",
    )
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, metavar="GROUP", help=", ".join(GROUPS)
    )
    parser.add_argument(
        "--count", type=int, metavar="N", help="how often, instead of each group's own"
    )
    parser.add_argument("--seed", type=int, default=0, help="equal seeds, equal trials")
    parser.add_argument("--target", choices=TARGETS, help="one engine instead of both")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="work here, and leave it"
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="DIR",
        help="where the table is kept as it grows (default: data/torture)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
