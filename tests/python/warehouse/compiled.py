"""Keeps the SQL that models are compiled to from build to build of a test process.

It is the same in every build of one parsed project, see test_compiled; making
it takes half of the time of a small build. A check of what identity resolution has
learned is compiled where it is due, so that is made each time. The graph of all nodes
is kept, too: making it takes a twentieth of such a build. The files of SQL that
dbt would write twice for each node, half a megabyte for some, are not written: no test
here reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dbt.adapters.duckdb_strict import DuckDB_StrictAdapter
from dbt.adapters.duckdb_strict.functions import Functions
from dbt.adapters.factory import get_adapter
from dbt.adapters.sqlite_strict.functions import Database
from dbt.adapters.sqlite_strict.impl import SQLite_StrictAdapter
from dbt.compilation import Compiler
from dbt.contracts.graph.nodes import ParsedNode
from dbt.graph import Graph
from networkx import DiGraph

Kept = dict[str, Any]
"""The code and the common table expressions of each node, by its unique id; the
functions that it calls; nodes and edges of the graphs, with the edges of tests and
without."""


def _session(compiler: Compiler) -> Database | Functions | None:
    """Return what has the functions of a node that is compiled, if it can have any."""
    adapter = get_adapter(compiler.config)
    if isinstance(adapter, DuckDB_StrictAdapter):
        return adapter._functions()
    if not isinstance(adapter, SQLite_StrictAdapter):
        return None
    return adapter.connections.get_thread_connection().handle


def _functions_of(compiler: Compiler, code: str) -> list[tuple[str, int, str]]:
    session = _session(compiler)
    found = session.sql_functions_behind(code) if session else []
    return [(each.name, each.arguments, each.expression) for each in found]


def _define(compiler: Compiler, functions: list[tuple[str, int, str]]) -> None:
    session = _session(compiler) if functions else None
    for function in functions:
        if session and not session.has_sql_function(function[0]):
            session.define_sql_function(*function)


@contextmanager
def compiled_once(kept: Kept) -> Iterator[None]:
    """Take from `kept` what models and data tests were compiled to, and add to it.

    In the end foreign keys are again as they were parsed, for the next build.
    """
    anew, linked = Compiler._compile_code, Compiler.compile
    keys: list[tuple[Any, Any]] = []
    functions = kept.setdefault("functions", {})

    def once(self: Compiler, node: Any, *arguments: Any, **named: Any) -> Any:
        is_kept = node.resource_type in ("model", "test")
        if not is_kept or node.name.endswith("__learned"):
            return anew(self, node, *arguments, **named)
        keys.extend((key, key.to) for key in getattr(node, "all_constraints", ()))
        if node.unique_id not in kept:
            made = anew(self, node, *arguments, **named)
            kept[node.unique_id] = made.compiled_code, list(made.extra_ctes)
            functions[node.unique_id] = _functions_of(self, made.compiled_code)
            return made
        _define(self, functions[node.unique_id])
        raw = node.raw_code
        # text without Jinja is its own code, and needs no context; the tables that
        # foreign keys refer to are still looked up
        node.raw_code, node.extra_ctes = kept[node.unique_id]
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(self, "_create_node_context", lambda *_: {})
                return anew(self, node, *arguments, **named)
        finally:
            node.raw_code = raw

    def link(self: Compiler, manifest: Any, **how: Any) -> Graph:
        name = f"graph {sorted(how)}"
        if name not in kept:
            made = linked(self, manifest, **how).graph
            kept[name] = list(made.nodes), list(made.edges(data=True))
        graph = DiGraph()
        graph.add_nodes_from(kept[name][0])
        graph.add_edges_from(kept[name][1])
        return Graph(graph)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiler, "_compile_code", once)
        patch.setattr(Compiler, "compile", link)
        patch.setattr(ParsedNode, "write_node", lambda *_: "")
        try:
            yield
        finally:
            for key, to in reversed(keys):
                key.to = to
