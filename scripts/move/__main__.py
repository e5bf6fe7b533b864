"""Move a warehouse to another engine: `python -m scripts.move --from … --to …`."""

from __future__ import annotations

import argparse
import os
import sys

from scripts import settings
from scripts.arguments import place
from scripts.command import command, fail
from scripts.ingest import lock
from scripts.morning import write as morning
from scripts.move.copy import move
from scripts.run.build import UNPARSED
from scripts.run.planned import Planner
from scripts.run.record import record

BUILD_FAILED = 4


@command("move")
def main(arguments: list[str] | None = None) -> int:
    """Move ledger and bronze, build the target; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.move",
        description="Copy what was delivered, and what is known of it, from one target "
        "to another, and build that. The source stays as it is.",
    )
    names = "target of profiles.yml"
    parser.add_argument(
        "--from", dest="source", required=True, metavar="NAME", help=names
    )
    parser.add_argument(
        "--to", dest="target", required=True, metavar="NAME", help=names
    )
    for option in ("--from-db", "--to-db"):
        parser.add_argument(
            option,
            type=place,
            metavar="FILE",
            help="database, instead of the one of the target",
        )
    parser.add_argument(
        "--no-build", action="store_true", help="leave the build to the next run"
    )
    options = parser.parse_args(arguments)
    source = _settings(options.source, options.from_db)
    target = _settings(options.target, options.to_db)
    source.choose()
    counts = move(source, target)
    rows = sum(counts.values())
    bronze = sum(n for name, n in counts.items() if name.startswith("bronze_"))
    said = f"{bronze:,} delivered rows, {rows - bronze:,} of the ledger"
    if not counts:
        said = f"reads the lake {target.lake}, too"
    print(f"{target.database}: {said}")
    return 0 if options.no_build else _build(target)


def _settings(target: str, database: str | None) -> settings.Settings:
    """Return the settings of a target; what names another's database does not count."""
    if target != (os.environ.get("WAREHOUSE_TARGET") or "dev"):
        for name in ("DB", "LAKE", "TABLES"):
            os.environ[f"WAREHOUSE_{name}"] = ""
    return settings.load(target, database)


def _build(target: settings.Settings) -> int:
    target.export()
    with lock(target.database):
        planner = Planner(target)
        made = planner.build("--all")
        made.print_problems()
        if planner.manifest is None:
            return fail("move", UNPARSED, BUILD_FAILED)
        record(target, planner.manifest, made.results, made.started_at, False)
        page = morning.write(target, made.failures)
    print(f"Built     {planner.said}")
    if page:
        print(f"Page      {page}")
    return BUILD_FAILED if made.failures else 0


if __name__ == "__main__":
    sys.exit(main())
