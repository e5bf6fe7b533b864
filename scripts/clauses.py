"""Queries with optional clauses: `[[ and owner_id = :owner ]]`.

A clause is left out unless there is a value for each name in it. Values are bound by
the database and never written into the SQL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CLAUSE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
NAME = re.compile(r"(?<![\w:]):([a-z]\w*)")

Values = Mapping[str, Any]


def bound(query: str, values: Values) -> tuple[str, dict[str, Any]]:
    """Return the SQL for the values that there are, and what is to be bound in it.

    >>> bound("select 1 [[ where a = :a ]][[ limit :b ]]", {"a": 5})
    ('select 1  where a = :a ', {'a': 5})
    """
    used: dict[str, Any] = {}

    def chosen(clause: re.Match[str]) -> str:
        found = NAME.findall(clause[1])
        if not all(name in values for name in found):
            return ""
        used.update((name, values[name]) for name in found)
        return clause[1]

    return CLAUSE.sub(chosen, query), used


def whole(query: str) -> str:
    """Return the SQL without any of its clauses."""
    return bound(query, {})[0]


def names_in(query: str) -> set[str]:
    """Return the names that the clauses of a query can take."""
    return {name for clause in CLAUSE.findall(query) for name in NAME.findall(clause)}


def problem_of(query: str, known: set[str]) -> str | None:
    """Return what is wrong with the clauses of a query; None if nothing is."""
    rest = CLAUSE.sub("", query)
    if "[[" in rest or "]]" in rest:
        return "a clause is not closed by ]]"
    for clause in CLAUSE.findall(query):
        if "[[" in clause:
            return "a clause stands inside another"
        if not NAME.search(clause):
            return f"the clause [[{clause}]] names no filter"
    if unknown := sorted(names_in(query) - known):
        return f":{unknown[0]} is no filter"
    return None
