"""SQL functions of a session, which SQLite itself does not have."""

from __future__ import annotations

import functools
import hashlib
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_RESULTS = 4096
"""How many results of a function are kept while a node runs."""


@dataclass(frozen=True)
class SqlFunction:
    """An expression over so many arguments."""

    name: str
    arguments: int
    expression: str
    called: frozenset[str]
    """Names of functions that it may call."""
    forget: Callable[[], None]

    @functools.cached_property
    def definition(self) -> str:
        """Another text for every other function."""
        digest = hashlib.md5(self.expression.encode(), usedforsecurity=False)
        return f"{self.name}: {digest.hexdigest()}"


class Database(sqlite3.Connection):
    """A connection whose queries can call functions that are themselves SQL.

    A function is an expression over its arguments, `?1`, `?2` and so on. It is run on
    this connection, so it sees its tables, within the same transaction.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open a database without functions of its own."""
        super().__init__(*args, **kwargs)
        self._defined: dict[str, SqlFunction] = {}

    def has_sql_function(self, name: str) -> bool:
        """Whether `name` was defined here."""
        return name in self._defined

    def define_sql_function(self, name: str, arguments: int, expression: str) -> None:
        """Add a function of so many arguments.

        Equal arguments give equal results as long as the tables that the expression
        reads stay as they are: the newest results are kept until `forget_results`.

        Raises:
            sqlite3.Error: the expression is no SQL of this database.
        """
        query = f"select {expression}"
        self.execute(f"explain {query}", [None] * arguments)

        @functools.lru_cache(_RESULTS)
        def result(*values: Any) -> Any:
            return self.execute(query, values).fetchone()[0]

        self.create_function(name, arguments, result, deterministic=True)
        self._defined[name] = SqlFunction(
            name, arguments, expression, _called(expression), result.cache_clear
        )

    def sql_functions_behind(self, query: str) -> list[SqlFunction]:
        """Return the functions that a query calls, after those that they call.

        A query that stays as it is means something else when one of these changes.
        """
        found: set[str] = set()
        left = set(_called(query) & self._defined.keys())
        while left:
            name = left.pop()
            found.add(name)
            left |= (self._defined[name].called & self._defined.keys()) - found
        # as they were defined
        return [self._defined[name] for name in self._defined if name in found]

    def forget_results(self) -> None:
        """Forget results, as tables may be others from now on."""
        for function in self._defined.values():
            function.forget()


def _called(query: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b\w+(?=\()", query))
