"""Ingest the inbox and build the warehouse: `python -m scripts.run`."""

from __future__ import annotations

import sys

if __name__ == "__main__":  # what follows takes a second to load, at first three
    print("run: begun", file=sys.stderr, flush=True)

import argparse
import os
import sqlite3
from functools import partial

from scripts import settings, terminal
from scripts.alerts import send as alerts
from scripts.arguments import folder
from scripts.command import CommandError, Parser, command, fail
from scripts.explore import known
from scripts.ingest import IngestError, Summary, ingest, lock
from scripts.ingest.console import found, progress_bar, report
from scripts.ingest.inbox import check
from scripts.morning import write as morning
from scripts.printable import printable
from scripts.run import child
from scripts.run.acceptances import accepted_files
from scripts.run.build import UNPARSED, Build
from scripts.run.job import Job, choose, unbuilt
from scripts.run.plan import plan
from scripts.run.planned import Planner
from scripts.run.record import record
from scripts.run.summary import look, show, summary

BUILD_FAILED = 4
MEANINGS = {
    1: "some file was refused or is not whole; the others landed and were built",
    BUILD_FAILED: "the build failed; each table is as it was or as it should be",
}
"""What the last line says of an exit code. Whatever stops a run says so itself."""


@command("run")
def main(arguments: list[str] | None = None) -> int:
    """Run the main job and print its summary; return the exit code.

    0 all landed, 1 some file refused or cut (the rest landed and was built) and that
    is not accepted, 2 wrong usage, 3 lock or database not available, 4 build failed,
    130 interrupted.
    """
    options = _parser().parse_args(arguments)
    chosen = settings.load(options.target, options.db)
    # another engine is no database of the user's; qa and prod are
    target = options.target if chosen.engine == "sqlite" else None
    named = bool(options.db or target or os.environ.get("WAREHOUSE_DB"))
    if options.plan and (first := unbuilt(chosen, options.inbox, named)):
        print(first)
        return 0
    job = choose(chosen, options.inbox, named)
    terminal.show(job.note.splitlines(), sys.stderr, indent=0)
    check(job.inbox)  # before seconds go into loading dbt
    job.settings.export()
    everything = ("--full-refresh" if options.full_refresh else "") or (
        "--all" if options.all else ""
    )
    if options.plan:
        return _show_plan(job, everything)
    return _run(job, options.full_refresh, everything)


def _run(job: Job, full_refresh: bool, everything: str) -> int:
    failed: Exception | None = None
    with lock(job.settings.database), lock(job.settings.ledger):
        planner = Planner(job.settings)
        ingestion = child.start(partial(_ingest, job))
        try:
            # dbt takes seconds to load: it does so while files land, if any do
            if everything or planner.is_sure or ingestion.is_signalled():
                planner.load(ingestion.is_over)
                planner.start_engine()
            ingested = ingestion()
        except (IngestError, OSError, sqlite3.Error) as error:
            failed = error
        else:
            made = planner.build(everything, full_refresh)
            made.print_problems()  # above the summary, so that it stays in sight
            unseen = _tell(job, planner, ingested, made, full_refresh)
    if failed:  # sent without the lock: a channel may be slow
        alerts.after_failure(job.settings, failed)
        raise failed
    if unseen:
        print(f"run: {printable(str(unseen))}", file=sys.stderr)
    alerts.after_run(job.settings, made.failures)
    known.keep(job.settings, planner.manifest)
    accepted = accepted_files(job.settings) if ingested.exit_code else ()
    code = BUILD_FAILED if made.failures else ingested.exit_code_without(accepted)
    if code:
        terminal.show([f"run: exit code {code}: {MEANINGS[code]}"], sys.stderr)
    return code


def _tell(
    job: Job, planner: Planner, ingested: Summary, made: Build, full_refresh: bool
) -> Exception | None:
    """Keep the build in the ledger, print the summary.

    Returns what prevents it, if the build has failed: why that did counts more.
    """
    try:
        if planner.manifest or made.failures:
            facts = made.results, made.started_at, full_refresh
            record(job.settings, planner.manifest, *facts)
        is_new = bool(made.results or made.failures)
        with terminal.step("writing the page and the summary"):
            page = morning.write(job.settings, made.failures, is_new)
            known_before = {} if is_new else planner.built.summary
            found = known_before or look(job.settings, planner.built.marts)
            sections = summary(found, report(ingested), planner.said, page)
        show(sections)
        if job.settings.engine == "spark" and not known_before:
            planner.keep_summary(found)
    except (CommandError, OSError, sqlite3.Error) as error:
        if not made.failures:
            raise
        terminal.show(report(ingested))
        return error
    return None


def _show_plan(job: Job, everything: str) -> int:
    """Print which nodes a run would build, and why; write nothing."""
    planner = Planner(job.settings)
    found = planner.news(everything)
    for outcome in _ingest(job, dry_run=True).outcomes:
        found.foresee(outcome)
    if not found:
        print(f"0 of {planner.built.total} nodes: nothing is new")
        return 0
    planner.load()
    if planner.manifest is None:
        return fail("run", UNPARSED, BUILD_FAILED)
    made = plan(planner.manifest, found)
    for line in made.lines():
        print(line)
    print(made)
    return 0


def _ingest(job: Job, dry_run: bool = False) -> Summary:
    with progress_bar() as progress:
        return ingest(
            job.inbox,
            job.settings.database,
            lake=job.settings.lake,
            archive_to=job.settings.data if job.archive else None,
            dry_run=dry_run,
            logs=job.settings.logs,
            progress=progress,
            landed=child.signal,
            each=None if dry_run else found(),
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
    parser.add_argument(
        "--all",
        action="store_true",
        help="look at every node, also where nothing is new",
    )
    parser.add_argument(
        "--plan",
        action="store_true",
        help="only print which nodes would be built, and why",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
