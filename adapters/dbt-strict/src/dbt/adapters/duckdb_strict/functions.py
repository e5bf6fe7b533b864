"""SQL functions of a session: DuckDB's macros, in the temporary schema."""

from __future__ import annotations

from typing import Any

from dbt.include.strict.functions import SqlFunction, behind


class Functions:
    """The functions of one connection, which no other connection sees."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._defined: dict[str, SqlFunction] = {}

    def has_sql_function(self, name: str) -> bool:
        """Whether a function of that name was defined here."""
        return name in self._defined

    def define_sql_function(self, name: str, arguments: int, expression: str) -> None:
        """Add a function.

        Raises:
            duckdb.Error: the expression is no SQL of this database.
        """
        names = ", ".join(f"_{place}" for place in range(1, arguments + 1))
        self._cursor.execute(
            f"create or replace temp macro {name}({names}) as ({expression})"
        )
        self._defined[name] = SqlFunction(name, arguments, expression)

    def sql_functions_behind(self, query: str) -> list[SqlFunction]:
        """Return the functions that a query calls, after those that they call."""
        return behind(query, self._defined)
