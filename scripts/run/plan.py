"""Which nodes a run has to build, and why: those that something new concerns.

The rule takes too many rather than too few. A file of the project that is no model,
seed or test of its own (a macro, a declaration) may change any node: then all are
built, and what each relation was built from spares those that did not change
(decision 4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scripts.ingest import clock
from scripts.ingest.database import connect_to_look
from scripts.ingest.outcome import Outcome
from scripts.run.built import Built
from scripts.seeds import tracked
from scripts.settings import Settings

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

LEDGER = "ingest"
"""The source that every run adds to."""
BY_ROW = ("by_row", "by_row_of_all")
"""What a model's `meta` says of `ledger` if it looks up files of its rows alone, of one
source or of several. Of several, a source that has nothing new hides none that has."""
SHOWING = (LEDGER, "operations")
"""Folders of models that show the ledger to others."""
ALONE = re.compile(r"(models|seeds|tests/singular)/.*\.(sql|csv)")
"""Files that change one node and what is made from it."""
CLOCK = re.compile(
    r"\bcurrent_(date|time|timestamp)\b|\bnow\s*\(|'now'|\brun_started_at\b", re.I
)
ASKS = re.compile(
    r"\b(run_query|run_sql|statement)\b"
    r"|\badapter\s*\.\s*(?!dispatch|quote|\w+_sql_function)"
)
"""What makes the SQL of a node depend on rows."""
TESTS = ("test", "unit_test")
BUILT = ("model", "seed", "snapshot", *TESTS)


@dataclass
class News:
    """What is new since the last build."""

    everything: str = ""
    """Why all has to be built, if so."""
    tables: dict[tuple[str, str], str] = field(default_factory=dict)
    """Source and table → what happened to it."""
    sources: dict[str | None, str] = field(default_factory=dict)
    """Sources whose files the ledger knows more of; None: of no source."""
    paths: list[str] = field(default_factory=list)
    """Files of the project that changed one node each."""
    owed: dict[str, str] = field(default_factory=dict)
    clock: list[str] = field(default_factory=list)
    """Nodes that read the clock, if the day is another."""
    overdue: str = ""
    """Since when another delivery is overdue; that is only noted."""
    delivered: set[str] | None = None
    """Sources of which a file ever landed; None if that does not matter."""

    def __bool__(self) -> bool:
        return any(what for fact, what in vars(self).items() if fact != "delivered")

    def foresee(self, outcome: Outcome) -> None:
        """Add what a file would bring."""
        if outcome.status == "landed":
            what = _landed(outcome.landed)
            self.tables[str(outcome.source), str(outcome.table)] = what
            if self.delivered is not None:
                self.delivered.add(str(outcome.source))
        if outcome.status != "skipped" and not outcome.is_known:
            self.sources[outcome.source] = "new files"


def news(
    settings: Settings, built: Built, project: dict[str, str], everything: str = ""
) -> News:
    """Compare ledger and project with the last build."""
    found = News(everything, owed=dict(built.owed))
    if not built.project:
        found.everything = everything or "nothing is known of an earlier build"
    elif not everything:
        _compare(found, built.project, project)
    if built.clock and built.day != clock.now()[:10]:
        found.clock = built.clock
    if built.fresh_until and built.fresh_until <= clock.now():
        found.overdue = built.fresh_until
    _ask_ledger(found, settings, built)
    return found


def _compare(found: News, before: dict[str, str], now: dict[str, str]) -> None:
    changed = [name for name in before | now if before.get(name) != now.get(name)]
    for name in sorted(changed):
        if name in now and ALONE.fullmatch(name):
            found.paths.append(name)
        else:
            found.everything = f"{name} changed"


def newest(settings: Settings) -> tuple[int, str, int]:
    """Return number of the newest file, time of the newest amendment, files kept."""
    with closing(connect_to_look(settings.ledger)) as db:
        return db.execute(
            "select coalesce(max(file_id), 0), coalesce(max(amended_at), ''),"
            " count(archived_as) from ingest_files"
        ).fetchone()


def _ask_ledger(found: News, settings: Settings, built: Built) -> None:
    file_id, _, kept = newest(settings)
    if file_id < built.file_id:
        found.everything = "the ledger is another one"
    if kept != built.kept:
        found.sources[None] = "files archived"
    with closing(connect_to_look(settings.ledger)) as db:
        rows = db.execute(
            """
            select
                source_name,
                table_name,
                count(*) filter (where file_id > :file_id),
                coalesce(sum(landed_count) filter (where file_id > :file_id), 0),
                count(*) filter (where file_id > :file_id and status = 'landed'),
                count(*) filter (where amended_at > :amended_at)
            from ingest_files
            where file_id > :file_id or amended_at > :amended_at
            group by source_name, table_name
            order by source_name, table_name
            """,
            {"file_id": built.file_id, "amended_at": built.amended_at},
        ).fetchall()
        sources = "select distinct source_name from ingest_files where status"
        found.delivered = {name for (name,) in db.execute(f"{sources} = 'landed'")}
    for source, table, files, records, landed, amended in rows:
        if amended:
            found.tables[source, table] = "earlier rows amended"
            found.delivered = None  # what is built of it is another from there on
        if landed:
            found.tables[source, table] = _landed(records)
        found.sources[source] = _count(files, "new file") if files else "amended"


@dataclass
class Plan:
    """What dbt has to build: its nodes, each with a reason."""

    nodes: dict[str, str]
    """Unique id → why."""
    total: int
    """Nodes that the project has."""
    is_whole: bool
    """Whether all are to be built."""
    reasons: list[str]
    """What is new, most telling first."""

    def __str__(self) -> str:
        why = f": {self.reasons[0]}" if self.reasons else ""
        more = len(self.reasons) - 1
        why += f" (and {more} more)" if more > 0 else ""
        return f"{len(self.nodes)} of {self.total} nodes{why}"

    def lines(self) -> Iterator[str]:
        """Give each node with its reason."""
        for node, reason in self.nodes.items():
            kind, _, name = node.split(".", 2)
            yield f"{kind} {name}: {reason}"


def plan(manifest: Manifest, found: News) -> Plan:
    """Choose the nodes that something new concerns, and the tests of these."""
    nodes = buildable(manifest)
    if found.everything:
        why = dict.fromkeys(nodes, found.everything)
        return Plan(why, len(nodes), True, [found.everything])
    choice = _Choice(manifest, nodes, found.delivered)
    for (source, table), what in found.tables.items():
        choice.add_table(source, table, what)
    if found.sources:
        choice.add_ledger(found.sources)
    for path in found.paths:
        at = [name for name in nodes if tracked(nodes[name].original_file_path) == path]
        choice.add(dict.fromkeys(at, f"{path} changed"))
    choice.add(found.owed)
    choice.add(dict.fromkeys(found.clock, "the day has changed"))
    choice.add_tests()
    choice.leave_out_views()
    ordered = {name: choice.why[name] for name in nodes if name in choice.why}
    return Plan(ordered, len(nodes), len(ordered) == len(nodes), _reasons(found))


class _Choice:
    """Nodes to build, each with the first reason found."""

    def __init__(
        self, manifest: Manifest, nodes: dict[str, Any], delivered: set[str] | None
    ) -> None:
        manifest.build_parent_and_child_maps()
        self._empty = set() if delivered is None else _empty(nodes, delivered)
        self._manifest = manifest
        self._nodes, self._children = nodes, manifest.child_map
        self._sources = list(manifest.sources.values())
        self._anew: set[str] = set()
        """Nodes that more than new rows concerns."""
        self._landed: dict[str, str] = {}
        """Sources that got rows, as nodes."""
        self._shown: set[str] = set()
        """Nodes that read the ledger and show its news."""
        self.why: dict[str, str] = {}

    def add(self, starts: Mapping[str, str]) -> None:
        """Add nodes, each for its reason, and what is made from them."""
        for name, reason in starts.items():
            if name in self._nodes:
                self.why.setdefault(name, reason)
                self._anew |= {name, *self._add_below(name, reason, set())}

    def add_table(self, source: str | None, table: str, what: str) -> None:
        """Add what is made from a table of a source."""
        for declared in self._sources:
            if (declared.source_name, declared.name) == (source, table):
                reason = f"{source}/{table} has {what}"
                self._landed[declared.unique_id] = reason
                self._add_below(declared.unique_id, reason)

    def add_ledger(self, sources: Mapping[str | None, str]) -> None:
        """Add what reads the ledger, and what is made from it.

        A domain reads the rows of its own source; a model with `ledger: by_row` or
        `by_row_of_all` in its `meta` those of files that its other rows are of; the
        rest all.
        """
        domains = {s.source_name for s in self._sources} - {LEDGER}
        todo = [s.unique_id for s in self._sources if s.source_name == LEDGER]
        self._landed |= dict.fromkeys(todo, "shows this run")
        while todo:
            for name in self._children.get(todo.pop(), ()):
                if not self._is_made(name) or name in self._shown:
                    continue
                if self._nodes[name].config.meta.get("ledger") in BY_ROW:
                    continue
                domain = self._domain(name)
                reason = "shows this run"
                if domain in domains:
                    if domain not in sources:
                        continue
                    reason = f"{domain} has {sources[domain]}"
                self._shown.add(name)
                self.why.setdefault(name, reason)
                if domain in SHOWING:  # what reads it reads the ledger
                    todo.append(name)
                else:
                    self._add_below(name, reason)

    def _domain(self, name: str) -> str | None:
        fqn = self._nodes[name].fqn
        return fqn[2] if len(fqn) > 3 else None

    def add_tests(self) -> None:
        """Add the tests of what is chosen."""
        known = self._landed | self.why
        for name, node in self._nodes.items():
            if self._is_made(name):
                continue
            tested = [parent for parent in node.depends_on.nodes if parent in known]
            if tested:
                self.why.setdefault(name, known[tested[0]])

    def leave_out_views(self) -> None:
        """Leave out views that only new rows concern: they show these as they are."""
        if self._manifest.metadata.adapter_type == "spark_strict":
            return  # views are kept as tables there
        asking = _nodes_with(self._manifest, ASKS)
        for name in [*self.why]:
            is_view = getattr(self._nodes[name].config, "materialized", "") == "view"
            if is_view and name not in self._anew and name not in asking:
                del self.why[name]

    def _add_below(
        self, start: str, reason: str, empty: set[str] | None = None
    ) -> list[str]:
        """Add what is made from a node, but for what has no rows to be made from."""
        passed = self._empty if empty is None else empty
        listed = below([start], self._children, passed)
        found = [n for n in listed if self._is_made(n)]
        for name in found:
            self.why.setdefault(name, reason)
        return found

    def _is_made(self, name: str) -> bool:
        return name in self._nodes and self._nodes[name].resource_type not in TESTS


def hurried(
    manifest: Manifest, made: Plan, sources: Collection[str | None]
) -> list[str]:
    """Return the models of the sources' domains in a plan, and what they read."""
    nodes = buildable(manifest)
    wanted = [
        name
        for name in made.nodes
        if nodes[name].resource_type == "model"
        and len(nodes[name].fqn) > 3
        and nodes[name].fqn[2] in sources
    ]
    manifest.build_parent_and_child_maps()
    needed = {*wanted, *below(wanted, manifest.parent_map)}
    chosen = [name for name in made.nodes if name in needed]
    is_plain = all(nodes[name].resource_type == "model" for name in chosen)
    return chosen if is_plain else []  # seeds come first then, as in any build


def _reasons(found: News) -> list[str]:
    tables = [f"{s}/{t} has {what}" for (s, t), what in found.tables.items()]
    landed = {source for source, _ in found.tables}
    files = [
        f"{source or 'outside of sources'}: {what}"
        for source, what in found.sources.items()
        if source not in landed
    ]
    paths = [f"{path} changed" for path in found.paths]
    owed = [f"{_count(len(found.owed), 'node')} failed last time"] if found.owed else []
    day = ["the day has changed"] if found.clock else []
    late = ["a delivery is overdue"] if found.overdue else []
    return tables + files + paths + owed + day + late


def buildable(manifest: Manifest) -> dict[str, Any]:
    """Return what `dbt build` builds, by unique id."""
    found = {**manifest.nodes, **manifest.unit_tests}
    return {
        name: node
        for name, node in found.items()
        if node.resource_type in BUILT
        and node.config.enabled
        and getattr(node.config, "materialized", "") != "ephemeral"
    }


def clock_nodes(manifest: Manifest) -> list[str]:
    """Return the nodes whose SQL, or a macro in it, reads the clock."""
    return _nodes_with(manifest, CLOCK)


def _nodes_with(manifest: Manifest, what: re.Pattern[str]) -> list[str]:
    """Return the nodes in whose SQL, or in a macro of it, something occurs."""
    from scripts.dbt_core import own_packages

    # those of dbt itself stamp what they make; no model's rows come of it
    dbt = own_packages(manifest)
    having = {
        name
        for name, macro in manifest.macros.items()
        if macro.package_name not in dbt and what.search(macro.macro_sql)
    }
    callers: dict[str, list[str]] = {}
    for name, macro in manifest.macros.items():
        for called in macro.depends_on.macros:
            callers.setdefault(called, []).append(name)
    having |= set(below(having, callers))
    return [
        name
        for name, node in buildable(manifest).items()
        if what.search(getattr(node, "raw_code", "") or "")
        or having.intersection(node.depends_on.macros)
    ]


def _empty(nodes: dict[str, Any], delivered: set[str]) -> set[str]:
    """Return the nodes that have rows of sources alone to which nobody delivered."""
    return {
        name
        for name, node in nodes.items()
        if (sources := node.config.meta.get("rows_of"))
        and not delivered.intersection(sources)
    }


def below(
    starts: Iterable[str],
    children: dict[str, list[str]],
    passed: Collection[str] = (),
) -> dict[str, None]:
    """Return all that is made from `starts`, without them, in order.

    What is `passed` is left out, with what is made from it alone.
    """
    found: dict[str, None] = {}
    todo = list(starts)
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in found and child not in passed:
                found[child] = None
                todo.append(child)
    return found


def _landed(records: int) -> str:
    """How many rows there are to look at; some may say what is known."""
    return _count(records, "landed row")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
