"""Runs dbt in this process, with its console output cut down to what is wrong."""

from __future__ import annotations

import gc
import signal
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

from scripts import terminal
from scripts.ingest import clock
from scripts.run import parsed
from scripts.run.messages import one_line
from scripts.run.plan import BUILT
from scripts.settings import PROJECT

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest


WRONG = ("error", "fail", "runtime error")
MOST = 12
"""Lines about what went wrong of each kind, if one more would not do."""


@dataclass
class Build:
    """What a `dbt build` made: relations by layer folder, and what went wrong."""

    marts: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    skipped: int = 0
    results: list[Any] = field(default_factory=list)
    """dbt's own, one per node."""
    started_at: str = field(default_factory=clock.now)

    def add(self, other: Build) -> None:
        """Take over what another step of the same run made."""
        self.marts += other.marts
        self.failures += other.failures
        self.warnings += other.warnings
        self.skipped += other.skipped
        self.results += other.results

    def forget_all_but(self, names: Collection[str]) -> None:
        """Leave out the nodes that another step of the run will build again."""
        self.results = [r for r in self.results if r.node.unique_id in names]
        self.failures, self.skipped = [], 0

    def print_problems(self) -> None:
        """Print what went wrong to stderr, failures first: a line for each of some."""
        lines = [f"build failed: {failure}" for failure in _some(self.failures)]
        if self.skipped:
            lines.append(f"build failed: {self.skipped} more skipped therefore")
        lines += [f"warning: {warning}" for warning in _some(self.warnings)]
        terminal.show(lines, sys.stderr)


def _some(lines: list[str]) -> list[str]:
    if len(lines) <= MOST + 1:
        return lines
    return [*lines[:MOST], f"and {len(lines) - MOST:,} more: fct_test_results"]


UNPARSED = "the project cannot be parsed: dbt parse says why"
"""What a command says that load() gives nothing."""

QUIET = ["--log-level", "none", "--no-write-json"]


def load(project: Mapping[str, str] | None = None) -> Manifest | None:
    """Import dbt and parse the project; None if that fails, for build() to say.

    `project` are its fingerprints: what was parsed of just these is taken as it is.
    """
    # what is loaded stays to the end: looking through it for garbage takes a tenth of
    # a second each time
    gc.disable()
    try:
        # costs a second, so it is paid while files are landing, not before
        from mashumaro.config import BaseConfig

        BaseConfig.lazy_compilation = True  # as that of dbt's own classes is
        from scripts import dbt_core

        manifest: Any
        facts = parsed.find(project) if project else None
        if facts:
            manifest = dbt_core.manifest_of(facts)
        else:
            gc.enable()
            parsed.forget_stale()
            manifest = dbt_core.run(["parse", *QUIET]).result
            if project and manifest:
                parsed.keep(project, dbt_core.facts_of(manifest))
        gc.freeze()
    finally:
        gc.enable()
    return cast("Manifest | None", manifest)


def build(
    manifest: Manifest | None,
    full_refresh: bool = False,
    *,
    command: str = "build",
    select: Iterable[str] = (),
    indirect: str = "eager",
    interruptible: bool = True,
) -> Build:
    """Run dbt with the exported settings; a failed node raises nothing.

    `select` names nodes as dbt does, `indirect` which tests come with them; none
    are all. `interruptible`: an interrupt
    ends it, and is raised at its end.
    """
    from scripts import dbt_core

    arguments = [command, *QUIET]
    if command == "build":  # dbt counts exposures too, which are nothing to build
        arguments += [word for kind in BUILT for word in ("--resource-type", kind)]
        arguments.append("--use-fast-test-edges")  # the same order from fewer edges
    if select:
        arguments += ["--select", *select, "--indirect-selection", indirect]
    if full_refresh:
        arguments.append("--full-refresh")
    made = Build()
    guard = _interrupts_kept() if interruptible else nullcontext()
    with _Progress() as progress, guard:
        outcome = dbt_core.run(arguments, manifest, [progress], writes_sql=False)
    dbt_core.close_connections(not outcome.success)
    if outcome.exception is not None:
        made.failures.append(one_line(outcome.exception))
    made.results = list(getattr(outcome.result, "results", None) or [])
    for result in made.results:
        _note(made, result)
        if result.status in WRONG:  # to look into, as the SQL of others is not
            dbt_core.write_sql(result.node, PROJECT)
    return made


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end too, if dbt has swallowed one."""
    came = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            raise KeyboardInterrupt


def _note(made: Build, result: Any) -> None:
    node = result.node
    name = f"{node.resource_type} {node.name}"
    if result.status in WRONG:
        made.failures.append(f"{name}: {one_line(result.message)}")
    elif result.status == "warn":
        made.warnings.append(f"{name}: {one_line(result.message)}")
    elif result.status == "skipped":
        made.skipped += 1
    if node.resource_type == "model" and "marts" in node.fqn:
        made.marts.append(node.name)


def say(step: str) -> None:
    """Print what a run is at, on stderr; a terminal has a bar instead."""
    if not terminal.columns(sys.stderr):
        print(step, file=sys.stderr, flush=True)


SECONDS = 5
"""Between two lines about a build where there is no terminal."""


ENDS = {
    *(f"Log{kind}Result" for kind in ("Model", "Node", "Seed", "Snapshot", "Test")),
    *("LogSkipBecauseError", "SkippingDetails"),
}
"""The events of which one says that a node is done with. Another for all of them holds
all that is known of it, and takes longest to make."""


class _Progress:
    """A bar over dbt's nodes, fed by its events; some lines if there is no terminal."""

    def __init__(self) -> None:
        self._bar = terminal.bar("Building")
        self._said = time.monotonic()
        self._done = 0

    def __enter__(self) -> _Progress:
        self._tell = self._bar.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self._bar.__exit__(*problem)

    def __call__(self, event: Any) -> None:
        if event.info.name == "LogStartLine":
            step = f"node {self._done + 1:,} of {event.data.total:,}"
            label = f"{step}: {event.data.description}"
            if self._tell:
                self._tell(self._done, event.data.total, label)
            elif time.monotonic() >= self._said + SECONDS:
                self._said = time.monotonic()
                print(label, file=sys.stderr, flush=True)
        elif event.info.name in ENDS:
            self._done += 1
