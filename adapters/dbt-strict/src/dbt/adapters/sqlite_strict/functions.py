"""SQL functions of a session, which SQLite itself does not have."""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_RESULTS = 4096
"""How many results of a function are kept while a node runs."""


@dataclass(frozen=True)
class _Function:
    expression: str
    forget: Callable[[], None]


class Database(sqlite3.Connection):
    """A connection whose queries can call functions that are themselves SQL.

    A function is an expression over its arguments, `?1`, `?2` and so on. It is run on
    this connection, so it sees its tables, within the same transaction.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open a database without functions of its own."""
        super().__init__(*args, **kwargs)
        self._defined: dict[str, _Function] = {}

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
        self._defined[name] = _Function(expression, result.cache_clear)

    def sql_functions_behind(self, query: str) -> list[str]:
        """Return the expressions of the functions that a query calls, and they in turn.

        A query that stays as it is means something else when one of these changes.
        """
        found: dict[str, str] = {}
        left = [query]
        while left:
            called = dict.fromkeys(re.findall(r"\b(\w+)\(", left.pop()))
            for name in called:
                if name in self._defined and name not in found:
                    found[name] = self._defined[name].expression
                    left.append(found[name])
        return [f"{name}: {found[name]}" for name in sorted(found)]

    def forget_results(self) -> None:
        """Forget results, as tables may be others from now on."""
        for function in self._defined.values():
            function.forget()
