"""Builds what something new concerns, and keeps what was built from what."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scripts.ingest import clock
from scripts.run import acceptances, decisions
from scripts.run import plan as plans
from scripts.run.build import Build, build, load, say
from scripts.run.built import Built, lift_watermarks
from scripts.run.plan import News, Plan
from scripts.run.project import fingerprints
from scripts.run.record import fresh_until
from scripts.settings import PROJECT, Settings, holds
from scripts.terminal import step

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

MARK = "DBT_ENV_CUSTOM_ENV_PLANNED"
"""Shows the hook `forget_build` that a build is one of ours; dbt hands it on."""
TAG = "planned"
"""By which dbt selects them; naming each would cost as much as a model does."""
WRONG = ("error", "fail", "runtime error", "skipped")


class Planner:
    """One run's look at what is new, under the lock.

    Made before ingestion, so that a file of the project that is changed meanwhile
    is new to the next run.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.project = fingerprints(settings)
        self.manifest: Manifest | None = None
        self.built = Built.read(settings)
        self.said = ""
        """What was built and why, in one line."""

    @property
    def is_sure(self) -> bool:
        """Whether something has to be built, whatever ingestion lands."""
        return bool(self.built.owed) or self.is_changed

    @property
    def is_changed(self) -> bool:
        """Whether the project is another than at the last build."""
        return self.built.project != self.project

    def load(self, is_seen: Callable[[], bool] = lambda: True) -> None:
        """Load dbt and the project, if that was not done.

        `is_seen`: whether ingestion has left the terminal to it.
        """
        if not self.manifest:
            with step("loading dbt and the project", is_seen):
                self.manifest = load(self.project)

    def start_engine(self) -> None:
        """Begin to start what the build will wait for, while files land."""
        if self.manifest and self._settings.engine == "spark":
            from scripts import dbt_core

            dbt_core.start_spark(PROJECT)

    def news(self, everything: str = "") -> News:
        """Return what is new; `everything` says why all is to be built, if so."""
        return plans.news(self._settings, self.built, self.project, everything)

    def build(
        self,
        everything: str = "",
        full_refresh: bool = False,
        *,
        first: Collection[str | None] = (),
        reached: Callable[[], None] | None = None,
    ) -> Build:
        """Build what is new and what comes of it, by one `dbt build`.

        `first` names sources whose marts are made before anything else, tests
        included; `reached` is called then.
        """
        found = self.news(everything)
        if not found:
            self.said = f"0 of {self.built.total} nodes: nothing is new"
            return Build()
        self.load()
        if self.manifest is None:
            return build(None)  # which says why
        plan = self._begin(self.manifest, found)
        say(f"building and testing {self.said}")
        made, names = Build(), list(plan.nodes)
        hurried = plans.hurried(self.manifest, plan, first) if reached else []
        with ours():
            if reached and hurried:
                # compiling changes the foreign keys in a manifest, and not twice
                made.add(_build(self.manifest.deepcopy(), hurried, command="run"))
                reached()
                well = {r.node.unique_id for r in made.results if not _is_wrong(r)}
                names = [name for name in names if name not in well]
                made.forget_all_but(well)
            if names and plan.is_whole and not hurried:
                made.add(build(self.manifest, full_refresh))
            elif names:
                made.add(_build(self.manifest, names))
        self._end(self.manifest, made)
        for seed in (decisions, acceptances):
            made.warnings = seed.explained(self._settings, made.warnings)
        return made

    def keep_summary(self, found: dict[str, list[str]]) -> None:
        """Note what the summary says of the warehouse, until the next build."""
        self.built.summary = found
        self.built.write(self._settings)

    def _begin(self, manifest: Manifest, found: News) -> Plan:
        """Make the plan and note it, for the case that its build does not end."""
        plan = plans.plan(manifest, found)
        file_id, amended_at, kept = plans.newest(self._settings)
        nodes = plans.buildable(manifest)
        if plan.nodes and not plan.is_whole:  # without any, no file is new
            aliases = {nodes[name].alias for name in plan.nodes}
            lift_watermarks(self._settings, file_id, aliases)
        self.built = Built(
            project=self.project,
            file_id=file_id,
            amended_at=amended_at,
            kept=kept,
            day=clock.now()[:10],
            fresh_until=self.built.fresh_until,
            owed=dict.fromkeys(plan.nodes, "its last build did not end"),
            clock=plans.clock_nodes(manifest) if self.is_changed else self.built.clock,
            marts=[n.name for n in nodes.values() if n.fqn[1] == "marts"],
            total=plan.total,
        )
        if holds(self._settings.database):
            self.built.write(self._settings)
        self.said = str(plan)
        return plan

    def _end(self, manifest: Manifest, made: Build) -> None:
        """Note what was built well, what is owed, and what will be overdue when."""
        owed = self.built.owed
        for result in made.results:
            owed.pop(result.node.unique_id, None)
            if _is_wrong(result):
                owed[result.node.unique_id] = "failed last time"
        self.built.fresh_until = fresh_until(self._settings, manifest)
        if holds(self._settings.database):
            self.built.write(self._settings)


def _build(manifest: Manifest, names: list[str], **options: Any) -> Build:
    nodes = plans.buildable(manifest)
    for name in names:
        nodes[name].tags.append(TAG)
    return build(manifest, select=[f"tag:{TAG}"], indirect="empty", **options)


def _is_wrong(result: Any) -> bool:
    return str(result.status) in WRONG


@contextmanager
def ours() -> Iterator[None]:
    """Let dbt know that the build is planned here."""
    os.environ[MARK] = "1"
    try:
        yield
    finally:
        del os.environ[MARK]
