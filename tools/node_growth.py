"""How the time of each node grows with its rows, for `python -m tools.bench`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ABOVE = 100
"""Milliseconds from which on the growth of a node counts."""
TIMES = 1.3
"""How much more than its rows the time of a node may grow."""
SHOWN = 50
"""Milliseconds at the largest size from which on a node is printed."""
NODES = """
select node_name, milliseconds, row_count
from run_results
where
    run_id = (select max(run_id) from run_results)
    and node_type in ('model', 'seed', 'test')
"""
SOURCES = """
select source_name || '.' || table_name, 0, sum(landed_count)
from ingest_files
where status = 'landed'
group by source_name, table_name
union all
select 'ingest.ingest_files', 0, sum(landed_count) from ingest_files
"""
"""Of the ledger all rows: a model that reads it may read what it lists."""


@dataclass(frozen=True)
class Node:
    """What a node took at one size, and how many rows its table has."""

    milliseconds: int
    rows: int | None


def last_build(ledger: Path) -> dict[str, Node]:
    """Return the nodes of the last build that a ledger knows, and what landed."""
    with closing(sqlite3.connect(ledger)) as db:
        found = [*db.execute(NODES), *db.execute(SOURCES)]
    return {name: Node(took, rows) for name, took, rows in found}


def growth(
    sizes: Mapping[int, Mapping[str, Node]], made_from: Mapping[str, list[str]]
) -> Iterator[tuple[str, int, int]]:
    """Give each node that grows faster than its rows, and from which size to which.

    Its rows are its own and those of the tables that it is made from.
    """
    for (small, before), (large, after) in pairwise(sorted(sizes.items())):
        for name in before.keys() & after.keys():
            rows = [_handled(name, nodes, made_from) for nodes in (before, after)]
            if not rows[0] or after[name].milliseconds <= ABOVE:
                continue
            allowed = TIMES * rows[1] / rows[0] * max(before[name].milliseconds, 1)
            if after[name].milliseconds > allowed:
                yield name, small, large


def lines(
    sizes: Mapping[int, Mapping[str, Node]], named: Mapping[str, str]
) -> Iterator[str]:
    """Give a line for each node that takes its time, the longest first."""
    last = sizes[max(sizes)]
    for name in sorted(last, key=lambda name: -last[name].milliseconds):
        if last[name].milliseconds < SHOWN and name not in named:
            continue
        known = (nodes.get(name) for _, nodes in sorted(sizes.items()))
        took = " ".join(f"{node.milliseconds if node else '-':>8}" for node in known)
        rows = last[name].rows
        count = "-" if rows is None else f"{rows:,}"
        yield f"{took} {count:>11}  {name}{named.get(name, '')}"


def _handled(
    name: str, nodes: Mapping[str, Node], made_from: Mapping[str, list[str]]
) -> int:
    own = nodes[name].rows or 0
    parents = dict.fromkeys(_tables(name, nodes, made_from))
    return own + sum(nodes[parent].rows or 0 for parent in parents)


def _tables(
    name: str, nodes: Mapping[str, Node], made_from: Mapping[str, list[str]]
) -> Iterator[str]:
    """Give the tables that a node reads, also through views."""
    for parent in made_from.get(name, ()):
        if parent not in nodes:
            continue
        if nodes[parent].rows is None:
            yield from _tables(parent, nodes, made_from)
        else:
            yield parent


def parents() -> dict[str, list[str]]:
    """Return by the name of each node what it is made from."""
    from scripts.run.build import load
    from scripts.run.plan import buildable

    manifest = load()
    if manifest is None:
        return {}
    nodes = buildable(manifest)
    names = {name: node.name for name, node in nodes.items()}
    names |= {i: f"{s.source_name}.{s.name}" for i, s in manifest.sources.items()}
    manifest.build_parent_and_child_maps()
    return {
        node.name: [names[i] for i in manifest.parent_map[name] if i in names]
        for name, node in nodes.items()
    }
