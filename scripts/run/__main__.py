"""Ingest the inbox and build the warehouse: `python -m scripts.run`."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from functools import partial
from typing import TYPE_CHECKING

from scripts import settings
from scripts.alerts import send as alerts
from scripts.arguments import folder
from scripts.command import CommandError, Parser, command
from scripts.ingest import IngestError, Summary, ingest, lock
from scripts.ingest.console import progress_bar, report
from scripts.ingest.inbox import check
from scripts.printable import printable
from scripts.run import child
from scripts.run.build import Build, build, load
from scripts.run.job import Job, choose
from scripts.run.record import record
from scripts.run.summary import summary

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

BUILD_FAILED = 4


@command("run")
def main(arguments: list[str] | None = None) -> int:
    """Run the main job and print its summary; return the exit code.

    0 all landed, 1 some file refused or cut (the rest landed and was built), 2 wrong
    usage, 3 lock or database not available, 4 build failed, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    chosen = settings.load(options.target, options.db)
    # another engine is no database of the user's; qa and prod are
    target = options.target if chosen.engine == "sqlite" else None
    named = bool(options.db or target or os.environ.get("WAREHOUSE_DB"))
    return _run(choose(chosen, options.inbox, named), options.full_refresh)


def _run(job: Job, full_refresh: bool) -> int:
    if job.note:
        print(job.note, file=sys.stderr)
    check(job.inbox)  # before seconds go into loading dbt
    job.settings.export()
    database = job.settings.database
    failed: Exception | None = None
    with lock(database):
        ingestion = child.start(partial(_ingest, job))
        manifest = load()
        try:
            ingested = ingestion()
        except (IngestError, OSError, sqlite3.Error) as error:
            failed = error
        else:
            made = build(manifest, full_refresh)
            unseen = _tell(job, manifest, ingested, made, full_refresh)
    if failed:  # told without the lock: a channel may be slow
        alerts.after_failure(job.settings, failed)
        raise failed
    made.print_problems()
    if unseen:
        print(f"run: {printable(str(unseen))}", file=sys.stderr)
    alerts.after_run(job.settings, made.failures)
    return BUILD_FAILED if made.failures else ingested.exit_code


def _tell(
    job: Job,
    manifest: Manifest | None,
    ingested: Summary,
    made: Build,
    full_refresh: bool,
) -> Exception | None:
    """Keep the build in the ledger, print the summary.

    Returns what prevents it, if the build has failed: why that did counts more.
    """
    try:
        record(job.settings, manifest, made.results, made.started_at, full_refresh)
        print(summary(job.settings, report(ingested), made.marts))
    except (CommandError, OSError, sqlite3.Error) as error:
        if not made.failures:
            raise
        for line in report(ingested):
            print(line)
        return error
    return None


def _ingest(job: Job) -> Summary:
    with progress_bar() as progress:
        return ingest(
            job.inbox,
            job.settings.database,
            lake=job.settings.lake,
            archive_to=job.settings.data if job.archive else None,
            logs=job.settings.logs,
            progress=progress,
        )


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m scripts.run",
        description="Ingest the inbox, build the warehouse, print a summary.",
        epilog="exit codes: 0 all landed; 1 some file refused or not whole, the others "
        "landed and were built; 2 wrong usage; 3 lock or database not available; "
        "4 build failed",
    )
    parser.add_argument(
        "--inbox",
        type=folder,
        metavar="DIR",
        help="folder laid out as <source>/<file>, left as it is (default: "
        "data/inbox, whose files are archived; samples if that is empty)",
    )
    settings.add_options(parser)
    parser.add_argument(
        "--full-refresh",
        action="store_true",
        help="build everything anew instead of only what has changed",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
