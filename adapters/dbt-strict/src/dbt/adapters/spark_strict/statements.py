"""What kind a statement is, and what Spark is given for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from dbt.adapters.spark_strict import dialect, steps
from sqlglot import exp

KNOWN = re.compile(r"_build_state|ingest_(batches|files|rejects)\b")
"""Tables in the file of what is known."""

_TEMPORARY = re.compile(
    r"\s*create\s+(?:or\s+replace\s+)?temp(?:orary)?\s+table\s+(\w+)\s+as\b", re.I
)
_ADDED = re.compile(r"\s*insert\s+into\s+(\w+)\s*\(([^()]*)\)\s*(?=select\b)", re.I)
_QUERY = re.compile(r"[\s(]*(with|select|values|insert|delete|update)\b", re.I)
_DROPPED = re.compile(r"\s*drop\s+table\s+(?:if\s+exists\s+)?temp\.(\w+)\s*$", re.I)
_COMMENT = re.compile(r"\A(\s*/\*.*?\*/|\s*--(?! spark\b)[^\n]*\n)+", re.S)


@dataclass
class Statement:
    """A statement, read."""

    sql: str
    tree: exp.Expression | None = None
    temporary: str | None = None
    """The name of a temporary table that it makes."""
    is_state: bool = False
    """Whether it is about what is known of relations and deliveries alone."""

    def written(
        self, known: Callable[[str], Any], prefix: str = "_step"
    ) -> tuple[list[tuple[str, str, str | None]], str]:
        """Return the statement for Spark, and steps before it.

        `known` answers queries for one value. A step is the name that its rows are kept
        under, which begins with `prefix`, its query, and what is found in rounds.
        """
        if self.tree is None:
            return [], self.sql
        for node in list(self.tree.find_all(exp.Subquery, exp.Exists)):
            tables = {table.name for table in node.find_all(exp.Table)}
            if tables != {"_build_state"}:
                continue
            query = node.this.sql("sqlite")
            if isinstance(node, exp.Exists):
                node.replace(exp.convert(bool(known(f"select exists ({query})"))))
            else:
                node.replace(exp.convert(known(query)))
        before, tree = steps.parted(self.tree, prefix)
        made = [
            (
                step.name,
                dialect.written(step.query),
                dialect.written(step.again) if step.again else None,
            )
            for step in before
        ]
        return made, dialect.written(tree)


def read(sql: str) -> Statement:
    """Read a statement, in DuckDB's dialect unless it begins with `-- spark`."""
    sql = _COMMENT.sub("", sql).strip().rstrip(";")
    if sql.startswith("-- spark"):
        return Statement(sql.removeprefix("-- spark").strip())
    if re.match(r"create\s+table\s+if\s+not\s+exists\s+_build_state", sql):
        return Statement(sql, is_state=True)
    dropped = _DROPPED.match(sql)
    if dropped:
        return Statement(f"drop view if exists {dropped.group(1)}")
    made = _TEMPORARY.match(sql)
    query = sql[made.end() :] if made else sql
    if not (made or _QUERY.match(sql)):
        return Statement(sql)
    if not made and KNOWN.search(query) and _is_state(query):
        return Statement(sql, is_state=True)
    tree = dialect.parsed(query)
    return Statement(sql, tree, made.group(1) if made else None)


def appended(sql: str, temporary: Set[str]) -> str:
    """Return a statement that adds rows to a temporary table as one that makes it.

    What is no such statement stays as it is.
    """
    added = _ADDED.match(_COMMENT.sub("", sql))
    if not added or added[1] not in temporary:
        return sql
    rows = _COMMENT.sub("", sql)[added.end() :]
    return (
        f"create temp table {added[1]} as select {added[2]} from {added[1]}"
        f" union all select * from ({rows}) as _added"
    )


def _is_state(query: str) -> bool:
    if re.match(
        r"\s*(insert\s+into|update|delete\s+from)\s+_build_state\b", query, re.I
    ):
        return True
    tree = dialect.parsed(query)
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = {table.name for table in tree.find_all(exp.Table)} - named
    return bool(tables) and all(map(KNOWN.fullmatch, tables))
