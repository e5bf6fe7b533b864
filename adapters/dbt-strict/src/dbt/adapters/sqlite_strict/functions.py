"""SQL functions of a session, which SQLite itself does not have."""

from __future__ import annotations

import functools
import re
import sqlite3
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dbt.include.strict.functions import SqlFunction, behind

_RESULTS = 4096
"""How many results of a function are kept while a node runs."""
_LOOKED_UP = 20_000
"""Rows of the largest table that functions look up in a copy."""


@dataclass(eq=False)
class Function(SqlFunction):
    """One whose newest results are kept."""

    forget: Callable[[], None]


class Database(sqlite3.Connection):
    """A connection whose queries can call functions that are themselves SQL.

    A function is an expression over its arguments, `_1`, `_2` and so on.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open a database without functions of its own."""
        super().__init__(*args, **kwargs)
        self._defined: dict[str, Function] = {}
        self.beside = _Beside(":memory:", isolation_level=None)
        """Where functions are computed."""
        self.running: dict[str, sqlite3.Cursor] = {}
        """The queries that compute them."""

    def has_sql_function(self, name: str) -> bool:
        """Whether `name` was defined here."""
        return name in self._defined

    def define_sql_function(self, name: str, arguments: int, expression: str) -> None:
        """Add a function of so many arguments.

        Equal arguments give equal results as long as the tables that the expression
        reads stay as they are: the newest results are kept until `forget_results`. A
        small table is read as it was when the function was defined, such as a seed.

        Raises:
            sqlite3.Error: the expression is no SQL of this database.
        """
        names = [f"_{place}" for place in range(1, arguments + 1)]
        given = ", ".join(f"? as {name}" for name in names) or "1"
        alone = f"select {expression} from (select {given} limit -1 offset 0)"
        self.execute(f"explain {alone}", [None] * arguments)
        computed: Callable[..., Any]
        if self._holds_beside(alone, arguments):
            computed = _Endless(self, name, names, expression)
        else:
            computed = functools.partial(_alone, weakref.ref(self), alone)
        result = functools.lru_cache(_RESULTS)(computed)
        for connection in (self, self.beside):
            connection.create_function(name, arguments, result, deterministic=True)
        self._defined[name] = Function(name, arguments, expression, result.cache_clear)

    def sql_functions_behind(self, query: str) -> list[Function]:
        """Return the functions that a query calls, after those that they call.

        A query that stays as it is means something else when one of these changes.
        """
        return behind(query, self._defined)

    def forget_results(self) -> None:
        """Forget results, as tables may be others from now on."""
        for function in self._defined.values():
            function.forget()

    def _holds_beside(self, query: str, arguments: int) -> bool:
        """Whether a query runs beside, with copies of what it looks up in."""
        while True:
            try:
                self.beside.execute(f"explain {query}", [None] * arguments)
            except sqlite3.OperationalError as error:
                lacking = re.fullmatch(r"no such table: (?:main\.)?(\w+)", str(error))
                if not lacking or not self._copy_beside(lacking[1]):
                    return False
            else:
                return True

    def _copy_beside(self, table: str) -> bool:
        """Copy a small table with its indexes; False for any other relation."""
        made = self.execute(
            "select type, sql from sqlite_master where tbl_name = ?"
            " and type in ('table', 'index') and sql is not null order by type desc",
            [table],
        ).fetchall()
        if not made or made[0][0] != "table":
            return False
        found = self.execute(f'select * from "{table}" limit {_LOOKED_UP + 1}')
        rows = found.fetchall()
        if len(rows) > _LOOKED_UP:
            return False
        for _, sql in made:
            self.beside.execute(sql)
        marks = ", ".join("?" * len(found.description))
        self.beside.executemany(f'insert into "{table}" values ({marks})', rows)
        return True

    def close(self) -> None:
        """Close the database, and what functions are computed in."""
        self.running.clear()
        self.beside.close()
        super().close()


class _Beside(sqlite3.Connection):
    """A database in memory; other than its base it can be referred to weakly."""


class _Endless:
    """An expression computed by one query that never ends: a row for each call.

    To begin a query costs much where it has lists of constants: SQLite makes an index
    of each. The query fetches the arguments of its next row; whether there are any is
    its `turn`, for Python's cursor is a row ahead of who reads it.
    """

    def __init__(
        self, database: Database, name: str, names: list[str], text: str
    ) -> None:
        row = ", ".join([f"turn_of_{name}()", *(f"{name}{each}()" for each in names)])
        self._query = (
            f"with recursive rows_ ({', '.join(['turn_', *names])}) as ("
            f"select {row} union all select {row} from rows_) "
            f"select turn_, case when turn_ = 1 then ({text}) end from rows_"
        )
        self._name = name
        # a connection keeps its functions: one of them that kept the connection would
        # leave both open for ever
        self._database = weakref.ref(database)
        self._values: tuple[Any, ...] = ()
        self._is_due = False
        beside = database.beside
        beside.create_function(f"turn_of_{name}", 0, self._turn)
        for place, each in enumerate(names):
            beside.create_function(
                f"{name}{each}", 0, functools.partial(self._value, place)
            )

    def __call__(self, *values: Any) -> Any:
        """Compute the expression of these arguments."""
        database = _there(self._database)
        self._values, self._is_due = values, True
        try:
            if self._name not in database.running:
                database.running[self._name] = database.beside.execute(self._query)
            rows = database.running[self._name]
            return next(result for turn, result in rows if turn)
        except sqlite3.Error:
            database.running.pop(self._name, None)
            raise

    def _turn(self) -> int:
        is_due, self._is_due = self._is_due, False
        return int(is_due)

    def _value(self, place: int) -> Any:
        return self._values[place] if self._values else None


def _alone(database: weakref.ref[Database], query: str, *values: Any) -> Any:
    return _there(database).execute(query, values).fetchone()[0]


def _there(database: weakref.ref[Database]) -> Database:
    found = database()
    if found is None:  # not while its functions are called
        raise sqlite3.ProgrammingError("the database is closed")
    return found
