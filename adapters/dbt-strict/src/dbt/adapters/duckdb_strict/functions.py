"""SQL functions of a session: DuckDB's macros, in the temporary schema."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dbt.adapters.duckdb_strict.lambdas import has_subquery, with_lambdas
from dbt.include.strict import functions
from dbt.include.strict.functions import SqlFunction


@dataclass(eq=False)
class Macro(SqlFunction):
    """One as DuckDB is given it."""

    has_lambdas: bool
    """Whether subqueries may become lambda functions: those that it calls have none."""

    @cached_property
    def body(self) -> str:
        """What a query gets for a call."""
        return with_lambdas(self.expression) if self.has_lambdas else self.expression

    @property
    def statement(self) -> str:
        """What makes it a macro of a connection."""
        names = ", ".join(f"_{place}" for place in range(1, self.arguments + 1))
        return f"create or replace temp macro {self.name}({names}) as ({self.body})"


Known = dict[str, Macro]
"""What the connections of one run have in common: each after those that it calls."""


class Functions:
    """The functions of one connection, which no other connection sees."""

    def __init__(self, cursor: Any, known: Known | None = None) -> None:
        self._cursor = cursor
        self._known: Known = {} if known is None else known
        self._defined: Known = {}

    def has_sql_function(self, name: str) -> bool:
        """Whether a function of that name was defined, here or for another one."""
        if name in self._known:
            for made in functions.behind(f"{name}()", dict(self._known)):
                self._add(made)
        return name in self._defined

    def define_sql_function(self, name: str, arguments: int, expression: str) -> None:
        """Add a function.

        Raises:
            duckdb.Error: the expression is no SQL of this database.
        """
        behind = self.sql_functions_behind(expression)
        has_lambdas = not any(has_subquery(made.body) for made in behind)
        made = Macro(name, arguments, expression, has_lambdas)
        self._defined.pop(name, None)
        self._add(made)
        self._known[name] = made

    def sql_functions_behind(self, query: str) -> list[Macro]:
        """Return the functions that a query calls, after those that they call."""
        return functions.behind(query, self._defined)

    def _add(self, made: Macro) -> None:
        if made.name not in self._defined:
            self._cursor.execute(made.statement)
            self._defined[made.name] = made
