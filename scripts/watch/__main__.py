"""Ingest and build as files arrive, or decisions: `python -m scripts.watch`."""

from __future__ import annotations

import signal
import sqlite3
import sys
import threading
import time
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import settings, terminal
from scripts.alerts import send as alerts
from scripts.arguments import folder
from scripts.command import CommandError, Parser, command, fail
from scripts.discreet import hidden
from scripts.ingest import Summary, ingest, lock
from scripts.ingest.console import report
from scripts.ingest.errors import BusyError
from scripts.ingest.inbox import check
from scripts.morning import write as morning
from scripts.printable import printable
from scripts.run.build import UNPARSED, Build, load
from scripts.run.job import Job
from scripts.run.planned import Planner
from scripts.run.record import record
from scripts.watch.arrivals import Arrivals
from scripts.watch.own import OwnSeeds

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0
"""Seconds until what failed is tried again, at first and at most."""
LOOK_MS = 300
"""A file that is the same at two looks has arrived."""
LOOK_ANYWAY = 5.0
"""Seconds after which the inbox is looked at, whatever the system has reported: it may
lie on a network, or be another folder of its name by now."""


class Watcher:
    """Runs the main job for what arrives, one file or several at a time."""

    def __init__(self, job: Job, manifest: Manifest) -> None:
        self.job = job
        self._manifest = manifest
        self._project: dict[str, str] = {}
        """What the manifest was parsed from."""
        self.arrivals = Arrivals(job.inbox)
        self.own = OwnSeeds()
        self._has_new_lines = False
        """Whether the user's own lines are not those that dbt reads."""
        self._has_begun = False
        self._is_owing = False
        """Whether something could not be done, or was not made well."""
        self._tries = Tries()
        self._said = ""
        self._failures: list[str] = []

    def watch(self, stop: threading.Event) -> None:
        """Work until `stop` is set; what is begun is finished."""
        from watchfiles import watch

        self.arrivals.look()
        time.sleep(LOOK_MS / 1000)
        changes = watch(
            self.job.inbox,
            stop_event=stop,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            debounce=LOOK_MS,
            raise_interrupt=False,
        )
        more, next_look = True, time.monotonic() + LOOK_ANYWAY
        for changed in chain([True], changes):
            start = time.monotonic()
            if is_new := self.own.look():
                self.own.done()
                self._has_new_lines = True
            is_due = changed or more or start >= next_look or is_new
            if not (is_due or self._has_more):
                continue
            arrived, more = self.arrivals.look()
            took = time.monotonic() - start  # a folder of very many files takes longer
            next_look = start + max(LOOK_ANYWAY, 100 * took)
            is_asked = arrived or self._has_more
            if is_asked and (is_new or self._tries.may_try(arrived)):
                self._round(arrived)
                more = True  # what came meanwhile is not reported yet
            if stop.is_set():
                return

    @property
    def _has_more(self) -> bool:
        """Whether there is something to do without any new file."""
        return self._is_owing or self._has_new_lines or not self._has_begun

    def _round(self, paths: list[Path]) -> bool:
        """Do the job for some files; return whether it was done.

        The first one fetches from connectors too. What could not be done is
        tried again.
        """
        made = Build()
        try:
            with lock(self.job.settings.database):
                if self._has_new_lines:
                    self.own.done()
                    self.job.settings.export()
                    self._has_new_lines = False
                made, self._is_owing = self._work(paths)
                self._keep(made)
                is_new = bool(made.results or made.failures)
                morning.write(self.job.settings, made.failures, is_new)
            problem = None
        except BusyError as error:  # another run is at work: as soon as it is done
            self._complain(error)
            return False
        except (CommandError, OSError, sqlite3.Error) as error:
            self._complain(error)
            problem, self._is_owing = error, True
        is_done = problem is None and bool(made.results or not made.failures)
        if is_done:
            self._has_begun, self._said = True, ""
            self.arrivals.done(paths)
        self._tries.note(paths, is_done and not self._is_owing)
        if made.failures != self._failures or not made.failures:
            made.print_problems()
        self._failures = made.failures
        # without the lock, for a channel may be slow
        if problem is None or made.failures:
            alerts.after_run(self.job.settings, made.failures)
        else:
            alerts.after_failure(self.job.settings, problem)
        return is_done

    def _work(self, paths: list[Path]) -> tuple[Build, bool]:
        """Do the job; return what was built, and whether anything is owed."""
        start = time.monotonic()
        is_first = not self._has_begun
        planner = Planner(self.job.settings)
        landed: set[str | None] = set()
        if paths or is_first:
            summary = self._ingest(paths, is_first)
            landed = {o.source for o in summary.outcomes if o.status == "landed"}
            self._say(report(summary))
        if self._project not in ({}, planner.project):
            self._manifest = load() or self._manifest
        self._project = planner.project
        # compiling changes the foreign keys in it, and not twice
        planner.manifest = self._manifest.deepcopy()
        made = planner.build(first=landed, reached=partial(self._say_reached, start))
        return made, bool(planner.built.owed)

    def _keep(self, made: Build) -> None:
        """Add the build to the ledger."""
        settings = self.job.settings
        try:
            record(settings, self._manifest, made.results, made.started_at)
        except (CommandError, OSError, sqlite3.Error):
            if not made.failures:  # else why the build failed counts more
                raise

    def _complain(self, error: Exception) -> None:
        """Say once what prevents a round."""
        if self._said != (text := f"watch: {printable(hidden(str(error)))}"):
            print(text, file=sys.stderr)
        self._said = text

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

    def _say_reached(self, start: float) -> None:
        self._say([f"in the marts after {time.monotonic() - start:.1f} s"])

    @staticmethod
    def _say(lines: list[str]) -> None:
        now = time.strftime("%H:%M:%S")
        terminal.show([f"{now}  {line}" for line in lines], indent=len(now) + 2)


class Tries:
    """When to try again what could not be done, without new files."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE
        self._next = 0.0
        self._paths: list[Path] = []

    def may_try(self, paths: list[Path]) -> bool:
        """Whether it is time, or there are other files than at the last try."""
        return paths != self._paths or time.monotonic() >= self._next

    def note(self, paths: list[Path], is_well: bool) -> None:
        """Take note of a try."""
        self._paths = [] if is_well else paths
        self._next = 0.0 if is_well else time.monotonic() + self._pause
        self._pause = FIRST_PAUSE if is_well else min(2 * self._pause, LONGEST_PAUSE)


@command("watch")
def main(arguments: list[str] | None = None) -> int:
    """Watch until interrupted; return the exit code."""
    parser = Parser(
        prog="python -m scripts.watch",
        description="Ingest and build as files arrive in the inbox. Ctrl-C ends it "
        "when the run at work is done; twice, at once.",
    )
    parser.add_argument(
        "--inbox",
        type=folder,
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
    chosen.choose()
    own = OwnSeeds()
    chosen.export()
    manifest = load()
    if manifest is None:
        return fail("watch", UNPARSED, 4)
    print(f"watching {settings.shown(inbox)}, Ctrl-C ends it", flush=True)
    watcher = Watcher(Job(chosen, inbox, archive=options.inbox is None), manifest)
    watcher.own = own  # as it was before it was read
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
