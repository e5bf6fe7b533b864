"""Ingest and build as files arrive: `python -m scripts.watch`."""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import settings
from scripts.alerts import send as alerts
from scripts.command import command, fail
from scripts.ingest import IngestError, Summary, ingest, lock
from scripts.ingest.console import report
from scripts.ingest.inbox import check
from scripts.run.build import UNPARSED, Build, build, load
from scripts.run.job import Job, shown
from scripts.run.record import record
from scripts.warehouse import QueryError
from scripts.watch.arrivals import Arrivals

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

LOOK_MS = 300
"""A file that is the same at two looks has arrived."""


class Watcher:
    """Runs the main job for what arrives, one file or several at a time."""

    def __init__(self, job: Job, manifest: Manifest) -> None:
        self.job = job
        self._manifest = manifest
        self.arrivals = Arrivals(job.inbox)

    def watch(self, stop: threading.Event) -> None:
        """Work until told to stop; what is begun is finished."""
        from watchfiles import watch

        self.arrivals.look()
        time.sleep(LOOK_MS / 1000)
        arrived, _ = self.arrivals.look()
        self._round(arrived, is_first=True)
        changes = watch(
            self.job.inbox,
            stop_event=stop,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            debounce=LOOK_MS,
            raise_interrupt=False,
        )
        more = True
        for changed in changes:
            if changed or more:
                arrived, more = self.arrivals.look()
                if arrived:
                    more = not self._round(arrived) or more

    def _round(self, paths: list[Path], is_first: bool = False) -> bool:
        """Do the job for some files; return whether it was done.

        The first one asks what is not delivered, and builds everything.
        """
        start = time.monotonic()
        try:
            with lock(self.job.settings.database):
                summary = self._ingest(paths, is_first)
                self._say(report(summary))
                if is_first:
                    made = build(self._copy(), interruptible=False)
                else:
                    made = self._build_for(summary, start)
                self._finish(made)
        except IngestError as error:  # another run is at work: later
            print(f"watch: {error}", file=sys.stderr)
            return False
        except (OSError, sqlite3.Error, QueryError) as error:
            print(f"watch: {error}", file=sys.stderr)
            alerts.after_failure(self.job.settings, error)
        self.arrivals.done(paths)
        return True

    def _ingest(self, paths: list[Path], ask: bool) -> Summary:
        job = self.job
        return ingest(
            job.inbox,
            job.settings.database,
            lake=job.settings.lake,
            archive_to=job.settings.data if job.archive else None,
            logs=job.settings.logs,
            only=paths,
            ask=ask,
        )

    def _build_for(self, summary: Summary, start: float) -> Build:
        """Bring the files into the marts of their source, then do all the rest."""
        landed = sorted(
            {(o.source, o.table) for o in summary.outcomes if o.status == "landed"}
        )
        arrived = ["source:ingest+", *(f"source:{s}.{table}+" for s, table in landed)]
        first = ["+fct_ingest_files"] + [
            f"{arrival},{layer}.{source}"
            for source in sorted({source for source, _ in landed})
            for layer in ("staging", "intermediate", "marts")
            for arrival in arrived
        ]
        made = build(self._copy(), command="run", select=first, interruptible=False)
        self._say([f"in the marts after {time.monotonic() - start:.1f} s"])
        rest = build(self._copy(), select=arrived, interruptible=False)
        # of what is built twice, the log tells how it was made, not looked at again
        known = {result.node.unique_id for result in made.results}
        rest.results = [r for r in rest.results if r.node.unique_id not in known]
        made.add(rest)
        return made

    def _finish(self, made: Build) -> None:
        settings = self.job.settings
        record(settings, self._manifest, made.results, made.started_at)
        made.print_problems()
        alerts.after_run(settings, made.failures)

    def _copy(self) -> Manifest:
        # compiling changes the foreign keys in it, and not twice
        return self._manifest.deepcopy()

    @staticmethod
    def _say(lines: list[str]) -> None:
        for line in lines:
            print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


@command("watch")
def main(arguments: list[str] | None = None) -> int:
    """Watch until interrupted; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.watch",
        description="Ingest and build as files arrive in the inbox. Ctrl-C ends it "
        "when the run at work is done; twice, at once.",
    )
    parser.add_argument(
        "--inbox",
        type=Path,
        metavar="DIR",
        help="folder laid out as <source>/<file>, left as it is (default: "
        "data/inbox, whose files are archived)",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        import watchfiles  # noqa: F401 (to fail before anything is done)
    except ImportError:
        needs = "pip install -r requirements-watch.txt"
        return fail("watch", f"watchfiles is not installed: {needs}", 2)
    chosen = settings.load(options.target, options.db)
    inbox = (options.inbox or chosen.inbox).expanduser().resolve()
    if options.inbox is None:
        inbox.mkdir(parents=True, exist_ok=True)
    check(inbox)
    chosen.export()
    manifest = load()
    if manifest is None:
        return fail("watch", UNPARSED, 4)
    print(f"watching {shown(inbox)}, Ctrl-C ends it", flush=True)
    watcher = Watcher(Job(chosen, inbox, archive=options.inbox is None), manifest)
    watcher.watch(_stop_on_signal())
    print("stopped")
    return 0


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()

    def note(number: int, _: object) -> None:
        stop.set()
        print("stopping when the run at work is done; again: at once", file=sys.stderr)
        signal.signal(number, signal.default_int_handler)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return stop


if __name__ == "__main__":
    sys.exit(main())
